// Widgets above the pictures of a comparison: what differs in each further run, and comparisons worth a click.

import { escapeHtml } from "./dom.js";
import { message } from "./messages.js";
import { encodeVariants, NOTHING, unusedChoices, withAddition, withField, withoutRun, withValue } from "./variants.js";

/** @import { VariantChoice, ComparisonSession } from "./wire.d.ts" */
/** @import { Change, Variant } from "./variants.js" */

const DICE = `<svg viewBox="0 0 24 24" aria-hidden="true"><path fill-rule="evenodd" d="M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2
  2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 3.400a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200zm4 4a1.600 1.600 0 1 0 0 3.200
  1.600 1.600 0 0 0 0-3.200zm4 4a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200z"/></svg>`;

/**
 * @param {(readonly [string | number, string])[]} options values with their titles
 * @param {string | number | null} current
 */
const optionTags = (options, current) =>
  options
    .map(([value, title]) => {
      const selected = String(value) === String(current) ? " selected" : "";
      return `<option value="${value}"${selected}>${escapeHtml(title)}</option>`;
    })
    .join("");

/**
 * A small button of a run.
 * @param {{ action: string, run: number, id: string, change?: number, label: string, title: string, content: string }} button
 */
const smallButton = ({ action, run, id, change, label, title, content }) =>
  `<button type="button" class="km-button kc-small" data-action-variant="${action}" data-run="${run}" ` +
  `${change === undefined ? "" : `data-change="${change}" `}data-id="${id}" aria-label="${label}" title="${title}">` +
  `${content}</button>`;

export class VariantEditor {
  /** What is shown, as text. */
  #state = "";
  /** @type {Variant[]} */
  #variants = [];
  /** @type {ComparisonSession | null} */
  #session = null;

  /**
   * @param {HTMLElement} root
   * @param {(text: string) => void} onChange takes the text of the variants that a person chose
   */
  constructor(root, onChange) {
    this.root = root;
    this.onChange = onChange;
    this.toolbar = /** @type {HTMLElement} */ (root.querySelector(".kc-suggestions"));
    root.addEventListener("change", ({ target }) => this.#handleChange(/** @type {HTMLInputElement} */ (target)));
    root.addEventListener("click", ({ target }) => {
      /** @type {HTMLElement | null} */
      const button = target instanceof Element ? target.closest("[data-action-variant]") : null;
      if (button) this.#handleClick(button.dataset);
    });
  }

  /**
   * Show what Python knows. What is shown already stays as it is, because it may have the focus.
   * @param {ComparisonSession} session
   */
  show(session) {
    const { variants, choices, suggestions } = session;
    const state = JSON.stringify([variants, choices, suggestions]);
    if (state === this.#state) return;
    this.#state = state;
    this.#session = session;
    this.#variants = variants;
    this.#draw();
  }

  /** @returns {VariantChoice[]} */
  get #choices() {
    return this.#session?.choices ?? [];
  }

  // --- Drawing

  #draw() {
    const { activeElement } = document;
    const focused =
      activeElement instanceof HTMLElement && this.root.contains(activeElement) && activeElement.dataset.id;
    this.#drawSuggestions();
    this.root.querySelectorAll(".kc-settings").forEach((place, run) => {
      place.innerHTML =
        run === 0 ? `<span class="kc-change">${message("compare.as_in_sidebar")}</span>` : this.#variantHtml(run);
    });
    const again = focused && this.root.querySelector(`[data-id="${focused}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  #drawSuggestions() {
    const now = encodeVariants(this.#variants);
    const buttons = (this.#session?.suggestions ?? []).map(
      ({ title, variants }, i) =>
        `<button type="button" class="km-button" data-action-variant="suggestion" data-suggestion="${i}" ` +
        `data-id="suggestion${i}" aria-pressed="${variants === now}">${escapeHtml(title)}</button>`,
    );
    const canAdd = this.#choices.length > 0 && this.#variants.length + 1 < (this.#session?.maxRuns ?? 0);
    if (canAdd) {
      buttons.push(
        `<button type="button" class="km-button" data-action-variant="add" data-id="add">` +
          `${message("compare.add_run")}</button>`,
      );
    }
    this.toolbar.innerHTML = buttons.join("");
    this.toolbar.hidden = !buttons.length;
  }

  /** The widgets of a further run. @param {number} run */
  #variantHtml(run) {
    const variant = this.#variants[run - 1];
    /** @type {Variant} */
    const changes = variant.length ? variant : [[NOTHING, null]];
    const rows = changes.map((change, i) => this.#changeHtml(run, i, change));
    const values = { run: run + 1 };
    const buttons = [];
    if (variant.length && unusedChoices(this.#choices, variant).length) {
      const [label, title] = [message("compare.add_change_of", values), message("compare.add_change")];
      buttons.push(smallButton({ action: "more", run, id: `${run}.more`, label, title, content: "+" }));
    }
    if (this.#choices.length && this.#variants.length > 1) {
      const [label, title] = [message("compare.remove_run_number", values), message("compare.remove_run")];
      buttons.push(smallButton({ action: "remove", run, id: `${run}.remove`, label, title, content: "×" }));
    }
    return `${rows.join("")}<span class="kc-more">${buttons.join("")}</span>`;
  }

  /**
   * @param {number} run
   * @param {number} i
   * @param {Change} change
   */
  #changeHtml(run, i, [field, value, label = ""]) {
    const choice = this.#choices.find((candidate) => candidate.field === field);
    // A setting that a link locks is only named.
    if (!choice && field !== NOTHING) return `<span class="kc-change">${escapeHtml(label)}</span>`;
    if (!this.#choices.length) return `<span class="kc-change">${message("compare.nothing_differs")}</span>`;
    const unused = unusedChoices(this.#choices, this.#variants[run - 1]);
    const fields = [...(choice ? [choice] : []), ...unused].map(({ field: name, title }) => [name, title]);
    const options = /** @type {[string, string][]} */ ([...fields, [NOTHING, message("compare.nothing")]]);
    const select =
      `<select data-run="${run}" data-change="${i}" data-part="field" data-id="${run}.${i}.field" ` +
      `aria-label="${message("compare.change_of", { run: run + 1 })}">${optionTags(options, field)}</select>`;
    return `<span class="kc-change">${select}${choice ? this.#valueHtml(run, i, choice, value) : ""}</span>`;
  }

  /**
   * @param {number} run
   * @param {number} i
   * @param {VariantChoice} choice
   * @param {string | number | null} value
   */
  #valueHtml(run, i, { title, options }, value) {
    const label = message("compare.value_of", { setting: title, run: run + 1 });
    const attributes = `data-run="${run}" data-change="${i}" data-part="value" data-id="${run}.${i}.value" aria-label="${escapeHtml(label)}"`;
    if (options.length) return `<select ${attributes}>${optionTags(options, value)}</select>`;
    const dice = smallButton({
      action: "dice",
      run,
      change: i,
      id: `${run}.${i}.dice`,
      label: message("compare.other_seed_of", { run: run + 1 }),
      title: message("compare.other_seed"),
      content: DICE,
    });
    return `<input type="number" min="0" step="1" inputmode="numeric" value="${value}" ${attributes}>${dice}`;
  }

  // --- What a person does

  #newSeed() {
    return Math.floor(Math.random() * (this.#session?.newSeeds ?? 0));
  }

  /** @param {HTMLInputElement} widget */
  #handleChange({ dataset, value, validity }) {
    const { part } = dataset;
    if (!part || !validity.valid || value === "") return;
    const [at, change] = [Number(dataset.run) - 1, Number(dataset.change)];
    const variants =
      part === "value"
        ? withValue(this.#variants, at, change, value)
        : withField(this.#variants, this.#choices, at, change, value);
    this.onChange(encodeVariants(variants));
  }

  /** @param {DOMStringMap} dataset of the button */
  #handleClick({ actionVariant: action, suggestion, run, change }) {
    const at = Number(run) - 1;
    if (action === "suggestion") this.onChange(this.#session?.suggestions[Number(suggestion)].variants ?? "");
    else if (action === "remove") this.onChange(encodeVariants(withoutRun(this.#variants, at)));
    else if (action === "dice") {
      this.onChange(encodeVariants(withValue(this.#variants, at, Number(change), this.#newSeed())));
    } else {
      this.onChange(
        encodeVariants(
          withAddition(this.#variants, this.#choices, action === "add" ? null : at, () => this.#newSeed()),
        ),
      );
    }
  }
}
