// The teacher's form: what a link adds for a class.

import { elementIn, escapeHtml, queryIn } from "./dom.js";
import { message } from "./messages.js";
import { STATES } from "./share_link.js";

/** @import { LessonFacts, LinkFacts, PresentationFacts } from "./wire.d.ts" */
/** @import { Lesson, SettingState } from "./share_link.js" */

/** @param {string} kind */
const paperButton = (kind) =>
  `<button type="button" class="km-button" data-paper="${kind}">${message("downloads.paper", { kind })}</button>`;

const presenterTemplate = () => `
<fieldset>
  <legend>${message("presenter.view")}</legend>
  <p>${message("share.presenter_note")}</p>
  <label>${message("share.notes")} <textarea name="notes" rows="3"></textarea></label>
  <label>${message("share.minutes")} <input name="minutes" type="number" min="1" step="1" inputmode="numeric"></label>
  <div class="km-share-buttons">
    <button type="button" class="km-button km-present">${message("presenter.view")}</button>
    <button type="button" class="km-button km-copy-presenter">${message("share.copy_presenter")}</button>
  </div>
  <p class="km-presenter-status" role="status"></p>
</fieldset>`;

/** All that a teacher looks for: the link for the class, what is printed, and the view for the projector. */
export const lessonTemplate = () => `
<details class="km-teachers">
  <summary>${message("share.for_teachers")}</summary>
  <form>
    <fieldset>
      <legend>${message("share.lesson_link")}</legend>
      <p>${message("share.form_note")}</p>
      <label>${message("share.lesson_title")} <input name="title" autocomplete="off"></label>
      <label>${message("share.question")} <textarea name="question" rows="2"></textarea></label>
      <p class="km-length-note" role="status"></p>
      <label class="km-checkbox"><input type="checkbox" name="predict">${message("share.predict")}</label>
      <label class="km-checkbox km-from-start"><input type="checkbox" name="start" checked>${message("share.from_start")}</label>
      <details class="km-locks">
        <summary>${message("share.settings")}</summary>
        <p>${message("share.locks_note")}</p>
        <div class="km-controls"></div>
      </details>
      <div class="km-share-buttons">
        <button type="button" class="km-button km-copy-lesson">${message("share.copy_lesson")}</button>
      </div>
      <p class="km-lesson-status" role="status"></p>
    </fieldset>
    <fieldset>
      <legend>${message("share.paper")}</legend>
      <p>${message("share.paper_note")}</p>
      <div class="km-share-buttons">${["worksheet", "answers"].map(paperButton).join("")}</div>
      <p class="km-paper-status" role="status"></p>
    </fieldset>
    ${presenterTemplate()}
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
  #maxLengths = { title: 0, question: 0, notes: 0, minutes: 0 };
  /** The lesson of the page's link, as text. */
  #lesson = "";

  /**
   * @param {HTMLElement} dialog that holds the template
   * @param {() => void} onChange
   */
  constructor(dialog, onChange) {
    this.details = queryIn(dialog, ".km-teachers", HTMLDetailsElement);
    this.locks = queryIn(dialog, ".km-locks", HTMLDetailsElement);
    this.form = queryIn(dialog, "form", HTMLFormElement);
    this.title = queryIn(this.form, "[name=title]", HTMLInputElement);
    this.question = queryIn(this.form, "[name=question]", HTMLTextAreaElement);
    this.notes = queryIn(this.form, "[name=notes]", HTMLTextAreaElement);
    this.minutes = queryIn(this.form, "[name=minutes]", HTMLInputElement);
    this.predict = queryIn(this.form, "[name=predict]", HTMLInputElement);
    this.fromStart = queryIn(this.form, "[name=start]", HTMLInputElement);
    this.note = elementIn(this.form, ".km-length-note");
    // What opens is below what was seen; in a closed dialog, nothing scrolls.
    this.details.addEventListener("toggle", () => this.details.open && this.details.scrollIntoView());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLSelectElement && target === this.everything) this.#setAll(target.value);
      onChange();
    });
    elementIn(this.form, ".km-clear").addEventListener("click", () => {
      this.#fill({ title: "", question: "", locked: [], hidden: [] }, false);
      this.fillPresentation({ minutes: 0, notes: "" });
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
    this.locks.open = lesson.locked.length + lesson.hidden.length > 0;
    this.details.open = Object.values(lesson).some(({ length }) => length > 0);
  }

  /**
   * @param {LinkFacts["controls"]} controls names and titles
   * @param {LinkFacts["maxLengths"]} maxLengths
   */
  #build(controls, maxLengths) {
    const all = chooser("everything", message("share.everything"), [["", message("share.as_set")], ...stateOptions()]);
    const choosers = Object.entries(controls).map(([name, title]) => chooser(name, title, stateOptions()));
    const place = elementIn(this.form, ".km-controls");
    place.innerHTML = all + choosers.join("");
    this.#selects = [...place.querySelectorAll("select")].slice(1);
    this.#maxLengths = maxLengths;
    this.title.maxLength = maxLengths.title;
    this.question.maxLength = maxLengths.question;
    this.notes.maxLength = maxLengths.notes;
    this.minutes.max = String(maxLengths.minutes);
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
    this.fromStart.checked = true;
    for (const select of this.#selects) {
      select.value = locked.includes(select.name) ? "locked" : hidden.includes(select.name) ? "hidden" : "free";
    }
  }

  /**
   * Show what the page's link says to the presenter.
   * @param {PresentationFacts} presentation
   */
  fillPresentation({ minutes, notes }) {
    this.notes.value = notes;
    this.minutes.value = minutes ? String(minutes) : "";
  }

  /** Say which texts are full, and whether all settings are in the same state. */
  showState() {
    elementIn(this.form, ".km-from-start").hidden = !this.predict.checked;
    const fields = /** @type {const} */ (["title", "question", "notes"]);
    const full = fields.filter((field) => this[field].value.length >= this.#maxLengths[field]);
    const notes = full.map((field) => message("share.full", { field, max: this.#maxLengths[field] }));
    if (!this.minutes.checkValidity()) notes.push(message("share.minutes_range", { max: this.#maxLengths.minutes }));
    this.note.textContent = notes.join(" ");
    const states = new Set(this.#selects.map(({ value }) => value));
    if (this.everything) this.everything.value = states.size === 1 ? [...states][0] : "";
  }

  /** What a presenter's link holds; minutes that are out of range are left out. */
  get presentation() {
    const minutes = this.minutes.checkValidity() ? this.minutes.value : "";
    return { notes: this.notes.value.trim(), minutes };
  }

  /** @returns {Lesson} */
  get lesson() {
    const states = this.#selects.map(({ name, value }) => [name, /** @type {SettingState} */ (value)]);
    const [title, question] = [this.title, this.question].map(({ value }) => value.trim());
    const [predict, fromStart] = [this.predict.checked, this.fromStart.checked];
    return { title, question, predict, fromStart, states: Object.fromEntries(states) };
  }
}
