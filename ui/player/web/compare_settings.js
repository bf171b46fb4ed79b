// How each further run of a comparison differs from the first one: widgets above its picture, suggested comparisons
// above all, and their text for the server, in the grammar of ui/analyses/compare/variants.py.

import { escapeHtml } from "./dom.js";
import { message } from "./messages.js";

/** @import { ComparisonSession } from "./wire.d.ts" */

/** @typedef {string | number | null} Value */
/** @typedef {[field: string, value: Value, text?: string]} Change `text` says what a locked setting is */
/** @typedef {Change[]} Variant how a further run differs from the first */
/** @typedef {{field: string, title: string, first: Value, options: [Value, string][]}} Choice no options: a number */
/** @typedef {{title: string, ways: string}} Suggestion */

const MOST_RUNS = 4;
const NOTHING = "nothing";
const NEW_SEEDS = 10_000; // short enough to read out to a class

const DICE = `<svg viewBox="0 0 24 24" aria-hidden="true"><path fill-rule="evenodd" d="M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2
  2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 3.400a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200zm4 4a1.600 1.600 0 1 0 0 3.200
  1.600 1.600 0 0 0 0-3.200zm4 4a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200z"/></svg>`;

const randomSeed = () => Math.floor(Math.random() * NEW_SEEDS);

/**
 * @param {Choice} choice
 * @returns {Change}
 */
const newChange = ({ field, first }) => [field, field === "seed" ? randomSeed() : first];

/**
 * Variants as a link has them.
 * @param {Variant[]} variants
 */
export const encodeVariants = (variants) =>
  variants.map((variant) => variant.map(([field, value]) => `${field}:${value}`).join(";") || "same").join("|");

/**
 * @param {[Value, string][]} known
 * @param {Value} chosen
 */
const optionsHtml = (known, chosen) =>
  known
    .map(([value, text]) => {
      const selected = String(value) === String(chosen) ? " selected" : "";
      return `<option value="${value}"${selected}>${escapeHtml(text)}</option>`;
    })
    .join("");

/**
 * A small button that acts on a run.
 * @param {{action: string, run: number, change?: number}} target
 * @param {{label: string, title: string}} words
 * @param {string} content
 */
function smallButton({ action, run, change }, { label, title }, content) {
  const id = change === undefined ? `${run}.${action}` : `${run}.${change}.${action}`;
  const place = change === undefined ? "" : ` data-change="${change}"`;
  return (
    `<button type="button" class="km-button kc-small" data-way="${action}" data-run="${run}"${place}` +
    ` data-id="${id}" aria-label="${label}" title="${title}">${content}</button>`
  );
}

/** The widgets of a comparison. */
export class Ways {
  #root;
  #send;
  #toolbar;
  /** What is drawn, as text. */
  #drawn = "";
  /** @type {Variant[]} */
  #variants = [];
  /** @type {Choice[]} */
  #choices = [];
  /** @type {Suggestion[]} */
  #suggestions = [];

  /**
   * @param {HTMLElement} root
   * @param {(text: string) => void} send is given the variants as a link has them, when a person changed them
   */
  constructor(root, send) {
    this.#root = root;
    this.#send = send;
    this.#toolbar = /** @type {HTMLElement} */ (root.querySelector(".kc-suggestions"));
    root.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) this.#change(target);
    });
    root.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-way]") : null;
      if (button instanceof HTMLElement) this.#press(button);
    });
  }

  /**
   * Show what the server knows, but do not touch what shows it already: it may have the focus.
   * @param {Pick<ComparisonSession, "ways" | "choices" | "ideas">} session
   */
  show({ ways, choices, ideas }) {
    const state = JSON.stringify([ways, choices, ideas]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.#variants = /** @type {Variant[]} */ (/** @type {unknown} */ (ways));
    this.#choices = /** @type {Choice[]} */ (/** @type {unknown} */ (choices));
    this.#suggestions = /** @type {Suggestion[]} */ (/** @type {unknown} */ (ideas));
    this.#draw();
  }

  // --- Drawing

  #draw() {
    const { activeElement } = document;
    const isInside = activeElement instanceof HTMLElement && this.#root.contains(activeElement);
    const focused = isInside ? activeElement.dataset.id : null;
    this.#drawSuggestions();
    this.#root.querySelectorAll(".kc-settings").forEach((place, run) => {
      place.innerHTML =
        run === 0 ? `<span class="kc-change">${message("compare.as_in_sidebar")}</span>` : this.#variantHtml(run);
    });
    const next = focused ? this.#root.querySelector(`[data-id="${focused}"]`) : null;
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }

  #drawSuggestions() {
    const now = encodeVariants(this.#variants);
    const buttons = this.#suggestions.map(
      ({ title, ways }, i) =>
        `<button type="button" class="km-button" data-way="idea" data-idea="${i}" data-id="idea${i}"` +
        ` aria-pressed="${ways === now}">${escapeHtml(title)}</button>`,
    );
    if (this.#choices.length > 0 && this.#variants.length + 1 < MOST_RUNS) {
      buttons.push(
        `<button type="button" class="km-button" data-way="add" data-id="add">${message("compare.add_run")}</button>`,
      );
    }
    this.#toolbar.innerHTML = buttons.join("");
    this.#toolbar.hidden = !buttons.length;
  }

  /**
   * The widgets of a further run: what differs and its value, and buttons for another difference and to remove the run.
   * @param {number} run from 0, which is the first
   */
  #variantHtml(run) {
    const variant = this.#variants[run - 1];
    /** @type {Variant} */
    const changes = variant.length ? variant : [[NOTHING, null]];
    const rows = changes.map((change, i) => this.#changeHtml(run, i, change));
    const number = { run: run + 1 };
    const buttons = [];
    if (variant.length && this.#unused(variant).length) {
      const words = { label: message("compare.add_change_of", number), title: message("compare.add_change") };
      buttons.push(smallButton({ action: "more", run }, words, "+"));
    }
    if (this.#choices.length && this.#variants.length > 1) {
      const words = { label: message("compare.remove_run_number", number), title: message("compare.remove_run") };
      buttons.push(smallButton({ action: "remove", run }, words, "×"));
    }
    return `${rows.join("")}<span class="kc-more">${buttons.join("")}</span>`;
  }

  /** @param {string | undefined} field */
  #choice(field) {
    return this.#choices.find((choice) => choice.field === field);
  }

  /**
   * The settings in which a run does not differ yet.
   * @param {Variant} variant
   */
  #unused(variant) {
    return this.#choices.filter(({ field }) => !variant.some(([used]) => used === field));
  }

  /**
   * @param {number} run
   * @param {number} i
   * @param {Change} change
   */
  #changeHtml(run, i, [field, value, text]) {
    const choice = this.#choice(field);
    // A setting that a lesson link locks is shown and can't be changed.
    if (!choice && field !== NOTHING) return `<span class="kc-change">${escapeHtml(text ?? "")}</span>`;
    if (!this.#choices.length) return `<span class="kc-change">${message("compare.nothing_differs")}</span>`;
    const fields = [...(choice ? [choice] : []), ...this.#unused(this.#variants[run - 1])];
    /** @type {[Value, string][]} */
    const known = [
      ...fields.map(({ field: name, title }) => /** @type {[Value, string]} */ ([name, title])),
      [NOTHING, message("compare.nothing")],
    ];
    return (
      `<span class="kc-change"><select data-run="${run}" data-change="${i}" data-part="field"` +
      ` data-id="${run}.${i}.field" aria-label="${message("compare.change_of", { run: run + 1 })}">` +
      `${optionsHtml(known, field)}</select>${choice ? this.#valueHtml(run, i, choice, value) : ""}</span>`
    );
  }

  /**
   * @param {number} run
   * @param {number} i
   * @param {Choice} choice
   * @param {Value} value
   */
  #valueHtml(run, i, { title, options }, value) {
    const label = escapeHtml(message("compare.value_of", { setting: title, run: run + 1 }));
    const attributes =
      `data-run="${run}" data-change="${i}" data-part="value" data-id="${run}.${i}.value"` + ` aria-label="${label}"`;
    if (options.length) return `<select ${attributes}>${optionsHtml(options, value)}</select>`;
    const words = {
      label: message("compare.other_seed_of", { run: run + 1 }),
      title: message("compare.other_seed"),
    };
    return (
      `<input type="number" min="0" step="1" inputmode="numeric" value="${value}" ${attributes}>` +
      smallButton({ action: "dice", run, change: i }, words, DICE)
    );
  }

  // --- What a person changes

  /** @param {HTMLInputElement | HTMLSelectElement} field */
  #change({ dataset: { run, change, part }, value, validity }) {
    if (!part) return;
    const variants = structuredClone(this.#variants);
    const variant = variants[Number(run) - 1];
    const at = Number(change);
    if (part === "value") {
      if (!validity.valid || value === "") return;
      variant[at][1] = value;
    } else if (value === NOTHING) {
      variant.splice(at, 1);
    } else {
      variant[at] = [value, this.#choice(value)?.first ?? null];
    }
    this.#send(encodeVariants(variants));
  }

  /** @param {HTMLElement} button */
  #press({ dataset: { way: action, idea, run, change } }) {
    if (action === "idea") {
      this.#send(this.#suggestions[Number(idea)].ways);
      return;
    }
    const variants = structuredClone(this.#variants);
    const variant = variants[Number(run) - 1];
    if (action === "remove") variants.splice(Number(run) - 1, 1);
    if (action === "dice") variant[Number(change)][1] = randomSeed();
    if (action === "add") variants.push([newChange(this.#choices[0])]);
    if (action === "more") variant.push(newChange(this.#unused(variant)[0]));
    this.#send(encodeVariants(variants));
  }
}
