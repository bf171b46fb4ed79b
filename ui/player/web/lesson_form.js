// The teacher's form: what a link adds for a class.

import { elementIn, escapeHtml, queryIn } from "./dom.js";
import { message } from "./messages.js";
import { STATES } from "./share_link.js";

/** @import { LessonFacts, LinkFacts } from "./wire.d.ts" */
/** @import { Lesson, SettingState } from "./share_link.js" */

export const lessonTemplate = () => `
<details>
  <summary>${message("share.for_teachers")}</summary>
  <form>
    <p>${message("share.form_note")}</p>
    <label>${message("share.lesson_title")} <input name="title" autocomplete="off"></label>
    <label>${message("share.question")} <textarea name="question" rows="2"></textarea></label>
    <p class="km-length-note" role="status"></p>
    <label class="km-checkbox"><input type="checkbox" name="predict">${message("share.predict")}</label>
    <fieldset>
      <legend>${message("share.settings")}</legend>
      <div class="km-controls"></div>
    </fieldset>
    <button type="button" class="km-button km-clear">${message("share.clear")}</button>
  </form>
</details>`;

/**
 * @param {string} name
 * @param {string} title
 * @param {[string, string][]} options values and their texts
 */
const chooser = (name, title, options) =>
  `<label>${escapeHtml(title)} <select name="${name}">${options
    .map(([value, text]) => `<option value="${value}">${text}</option>`)
    .join("")}</select></label>`;

/** @type {() => [string, string][]} */
const stateOptions = () => STATES.map((state) => [state, message("share.state", { state })]);

export class LessonForm {
  /** @type {HTMLSelectElement[]} */
  #selects = [];
  /** @type {LinkFacts["maxLengths"]} */
  #maxLengths = { title: 0, question: 0 };
  /** The lesson of the page's link, as text. */
  #lesson = "";

  /**
   * @param {HTMLElement} dialog that holds the template
   * @param {() => void} onChange
   */
  constructor(dialog, onChange) {
    this.details = queryIn(dialog, "details", HTMLDetailsElement);
    this.form = queryIn(dialog, "form", HTMLFormElement);
    this.title = queryIn(this.form, "[name=title]", HTMLInputElement);
    this.question = queryIn(this.form, "[name=question]", HTMLTextAreaElement);
    this.predict = queryIn(this.form, "[name=predict]", HTMLInputElement);
    this.note = elementIn(this.form, ".km-length-note");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLSelectElement && target === this.everything) this.#setAll(target.value);
      onChange();
    });
    elementIn(this.form, ".km-clear").addEventListener("click", () => {
      this.#fill({ title: "", question: "", locked: [], hidden: [] }, false);
      onChange();
    });
  }

  /** The choice for all settings, once the form is built. @returns {HTMLSelectElement | null} */
  get everything() {
    return this.form.querySelector("[name=everything]");
  }

  /**
   * Show the lesson of the page's link, unless it is the one that was shown before.
   * @param {LinkFacts} facts
   * @param {boolean} predicts whether "Predict" is on
   */
  show({ controls, maxLengths, lesson }, predicts) {
    if (!this.#selects.length) this.#build(controls, maxLengths);
    const text = JSON.stringify(lesson);
    if (text === this.#lesson) return;
    this.#lesson = text;
    this.#fill(lesson, predicts);
    this.details.open = Object.values(lesson).some(({ length }) => length > 0);
  }

  /**
   * @param {LinkFacts["controls"]} controls names and titles
   * @param {LinkFacts["maxLengths"]} maxLengths
   */
  #build(controls, maxLengths) {
    const all = chooser("everything", message("share.everything"), [["", message("share.as_set")], ...stateOptions()]);
    const each = Object.entries(controls).map(([name, title]) => chooser(name, title, stateOptions()));
    const place = elementIn(this.form, ".km-controls");
    place.innerHTML = all + each.join("");
    this.#selects = [...place.querySelectorAll("select")].slice(1);
    this.#maxLengths = maxLengths;
    this.title.maxLength = maxLengths.title;
    this.question.maxLength = maxLengths.question;
  }

  /** @param {string} state "" leaves everything as it is */
  #setAll(state) {
    for (const select of this.#selects) select.value = state || select.value;
  }

  /**
   * @param {LessonFacts} lesson
   * @param {boolean} predicts
   */
  #fill({ title, question, locked, hidden }, predicts) {
    this.title.value = title;
    this.question.value = question;
    this.predict.checked = predicts;
    for (const select of this.#selects) {
      select.value = locked.includes(select.name) ? "locked" : hidden.includes(select.name) ? "hidden" : "free";
    }
  }

  /** Say which texts are full, and whether all settings are in the same state. */
  showState() {
    const fields = /** @type {const} */ (["title", "question"]);
    const full = fields.filter((field) => this[field].value.length >= this.#maxLengths[field]);
    const notes = full.map((field) => message("share.full", { field, max: this.#maxLengths[field] }));
    this.note.textContent = notes.join(" ");
    const states = new Set(this.#selects.map(({ value }) => value));
    if (this.everything) this.everything.value = states.size === 1 ? [...states][0] : "";
  }

  /** @returns {Lesson} */
  get lesson() {
    const states = this.#selects.map(({ name, value }) => [name, /** @type {SettingState} */ (value)]);
    const [title, question] = [this.title, this.question].map(({ value }) => value.trim());
    return { title, question, predict: this.predict.checked, states: Object.fromEntries(states) };
  }
}
