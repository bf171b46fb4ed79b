// The settings panel: a field for each setting that Python names, and the row of datasets as pictures.

import { escapeHtml } from "../../player/web/dom.js";
import { message } from "../../player/web/messages.js";

/**
 * A field as Python sends it: a choice where it has options, and otherwise a number.
 * @typedef {object} Field
 * @property {string} name
 * @property {string} title
 * @property {string} help
 * @property {string} value
 * @property {[value: string, title: string, summary: string][]} options
 * @property {number} [low]
 * @property {number} [high]
 * @property {number} [step]
 * @property {boolean} isSeed
 * @property {boolean} isLocked
 */

const MOST_SLIDER_STEPS = 500; // with more, a slider is too coarse
const NEW_SEEDS = 10_000; // short enough to read out to a class

/** @param {Field} field */
const disabled = ({ isLocked }) => (isLocked ? " disabled" : "");

/** @param {Field} field */
function choiceHtml(field) {
  const options = field.options.map(
    ([value, title]) =>
      `<option value="${value}"${value === field.value ? " selected" : ""}>${escapeHtml(title)}</option>`,
  );
  const summary = field.options.find(([value]) => value === field.value)?.[2] ?? "";
  return (
    `<label>${escapeHtml(field.title)} <select name="${field.name}"${disabled(field)}>${options.join("")}</select></label>` +
    `<p class="edition-help">${escapeHtml(summary)}</p>`
  );
}

/** @param {Field} field */
function numberHtml(field) {
  const { name, title, value, low = 0, high = 0, step = 1 } = field;
  const bounds = `min="${low}" max="${high}" step="${step}" value="${value}"${disabled(field)}`;
  const number = `<input type="number" name="${name}" ${bounds} aria-label="${escapeHtml(title)}">`;
  const isSlider = !field.isSeed && (high - low) / step <= MOST_SLIDER_STEPS;
  const slider = isSlider ? `<input type="range" name="${name}" ${bounds} aria-label="${escapeHtml(title)}">` : "";
  const dice = field.isSeed
    ? `<button type="button" class="km-button" data-seed="${name}"${disabled(field)}>${message("browser.new_seed")}</button>`
    : "";
  return `<span class="edition-title">${escapeHtml(title)}</span><span class="edition-number">${slider}${number}${dice}</span>`;
}

/** @param {Field} field the choice of a dataset */
const stripHtml = (field) =>
  field.options
    .map(
      ([value, title]) =>
        `<label class="edition-dataset" data-dataset="${value}"><input type="radio" name="${field.name}" ` +
        `value="${value}"${value === field.value ? " checked" : ""}${disabled(field)}><span>${escapeHtml(title)}</span></label>`,
    )
    .join("");

export class Panel {
  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} strip
   * @param {(name: string, value: string) => void} onChoose
   */
  constructor(panel, strip, onChoose) {
    this.panel = panel;
    this.strip = strip;
    this.onChoose = onChoose;
    for (const element of [panel, strip]) {
      element.addEventListener("change", ({ target }) => this.#take(target));
    }
    panel.addEventListener("input", ({ target }) => this.#mirror(target));
    panel.addEventListener("click", ({ target }) => {
      const name = target instanceof HTMLElement ? target.closest("[data-seed]")?.getAttribute("data-seed") : null;
      if (name) onChoose(name, String(Math.floor(Math.random() * NEW_SEEDS)));
    });
  }

  /** @param {Field[]} fields */
  show(fields) {
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement && this.panel.contains(activeElement) ? activeElement : null;
    const selector =
      focused && `${focused.localName}[name="${focused.getAttribute("name")}"][type="${focused.getAttribute("type")}"]`;
    const datasets = fields.find(({ name }) => name === "data");
    const entries = fields.filter((field) => field !== datasets);
    this.panel.innerHTML = entries
      .map(
        (field) => `<div class="edition-field">${field.options.length ? choiceHtml(field) : numberHtml(field)}</div>`,
      )
      .join("");
    if (selector) {
      /** @type {HTMLElement | null} */ (this.panel.querySelector(selector))?.focus({ preventScroll: true });
    }
    this.#showDatasets(datasets);
  }

  /** The row stays while only the choice in it changes, so that it keeps its place and the focus. @param {Field} [field] */
  #showDatasets(field) {
    this.strip.hidden = !field;
    if (!field) return;
    if (!this.strip.firstElementChild) this.strip.innerHTML = stripHtml(field);
    for (const radio of this.strip.querySelectorAll("input")) {
      radio.checked = radio.value === field.value;
      radio.disabled = field.isLocked;
    }
  }

  /** @param {EventTarget | null} target */
  #take(target) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    if (target.value !== "") this.onChoose(target.name, target.value);
  }

  /** A slider and the number beside it say the same. @param {EventTarget | null} target */
  #mirror(target) {
    if (!(target instanceof HTMLInputElement)) return;
    for (const input of this.panel.querySelectorAll(`input[name="${target.name}"]`)) {
      if (input !== target) /** @type {HTMLInputElement} */ (input).value = target.value;
    }
  }
}
