// The panel of Predict mode: the question, the controls that answer it, and what the answer scored.

import { countAt, shareOf } from "./count_scale.js";
import { elementIn, queryIn } from "./dom.js";
import { message } from "./messages.js";

/** @import { Question } from "./predict_questions.js" */

/**
 * @typedef {object} Handlers
 * @property {(answer: any) => void} answer
 * @property {() => void} skip
 * @property {(byKey: boolean) => void} retry
 * @property {(byKey: boolean) => void} stop
 */

const template = () => `
<section class="km-predict" aria-label="${message("predict.predict")}" hidden>
  <span class="km-score"></span>
  <form tabindex="-1" novalidate hidden>
    <p class="km-question" aria-hidden="true"></p>
    <p class="km-hint"></p>
    <div class="km-answer"></div>
  </form>
  <div class="km-reveal">
    <p class="km-result" role="status"></p>
    <div class="km-scale" aria-hidden="true"><i class="km-scale-guess"></i><i class="km-scale-truth"></i></div>
    <button type="button" class="km-button" data-again>${message("predict.try_again")}</button>
    <button type="button" class="km-button" data-leave>${message("predict.stop_predicting")}</button>
  </div>
</section>`;

const numberControls = () => `
<label>${message("predict.points")} <input type="number" min="0" step="1" inputmode="numeric" autocomplete="off"></label>
<input type="range" min="0" max="1" step="0.005" value="0" aria-label="${message("predict.points_slider")}">
<button type="submit" class="km-button">${message("predict.answer")}</button>`;

/** @type {(choice: {label: string}, index: number) => string} */
const choiceButton = ({ label }, index) =>
  `<button type="button" class="km-button" data-choice="${index}">${label}</button>`;

const skipButton = () =>
  `<button type="button" class="km-button" data-skip title="${message("predict.skip_title")}">` +
  `${message("predict.skip")}</button>`;

export class PredictPanel {
  /** @type {Question | null} */
  #question = null;

  /**
   * @param {Element} main the panel comes after it
   * @param {Handlers} handlers
   */
  constructor(main, handlers) {
    main.insertAdjacentHTML("afterend", template());
    this.element = /** @type {HTMLElement} */ (main.nextElementSibling);
    this.form = queryIn(this.element, "form", HTMLFormElement);
    this.handlers = handlers;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submitNumber();
    });
    this.element.addEventListener("click", (event) => this.#press(event));
  }

  /** @param {string} selector */
  find(selector) {
    return elementIn(this.element, selector);
  }

  /** @param {MouseEvent} event */
  #press({ target, detail }) {
    // A double click on Next must not answer a question that scrolled under the pointer.
    if (detail > 1 || !(target instanceof Element)) return;
    const byKey = detail === 0;
    const choice = target.closest("[data-choice]")?.getAttribute("data-choice");
    if (choice) this.handlers.answer(this.#question?.choices?.[Number(choice)].value);
    else if (target.closest("[data-skip]")) this.handlers.skip();
    else if (target.closest("[data-again]")) this.handlers.retry(byKey);
    else if (target.closest("[data-leave]")) this.handlers.stop(byKey);
  }

  // --- The question

  /**
   * @param {Question} question
   * @param {string} hint
   */
  ask(question, hint) {
    this.#question = question;
    const { input, choices = [], max = 0 } = question;
    this.form.setAttribute("aria-label", question.text);
    this.find(".km-question").textContent = question.text;
    this.find(".km-hint").textContent = hint;
    const controls = input === "number" ? numberControls() : choices.map(choiceButton).join("");
    this.find(".km-answer").innerHTML = controls + skipButton();
    if (input === "number") this.#linkNumber(max);
  }

  /** The field of a number, on the question that has one. */
  get field() {
    return this.element.querySelector("[type=number]");
  }

  /**
   * Keep the field and the slider in step.
   * @param {number} max
   */
  #linkNumber(max) {
    const field = queryIn(this.element, "[type=number]", HTMLInputElement);
    const slider = queryIn(this.element, "[type=range]", HTMLInputElement);
    field.max = String(max);
    field.placeholder = message("predict.number_range", { max });
    slider.setAttribute("aria-valuetext", message("predict.nothing_chosen"));
    const describe = () =>
      slider.setAttribute("aria-valuetext", message("predict.chosen", { count: Math.round(Number(field.value)) }));
    slider.addEventListener("input", () => {
      field.value = String(countAt(Number(slider.value), max));
      describe();
    });
    field.addEventListener("input", () => {
      slider.value = String(shareOf(Math.max(0, Number(field.value)), max));
      describe();
    });
  }

  #submitNumber() {
    const field = queryIn(this.element, "[type=number]", HTMLInputElement);
    const max = this.#question?.max ?? 0;
    const count = field.value === "" ? NaN : Number(field.value);
    if (Number.isInteger(count) && count >= 0 && count <= max) return this.handlers.answer(count);
    this.find(".km-hint").textContent = message("predict.number_needed", { max });
    field.setAttribute("aria-invalid", "true");
    field.focus({ preventScroll: true });
  }

  // --- The result

  /**
   * Show the score of the run so far; "" for none.
   * @param {string} score
   */
  showScore(score) {
    this.find(".km-score").textContent = score;
  }

  /**
   * @param {string[]} sentences
   * @param {boolean} isLast whether this is the last step
   */
  showResult(sentences, isLast) {
    const spans = sentences.map((text) => Object.assign(document.createElement("span"), { textContent: text }));
    this.find(".km-result").replaceChildren(...spans);
    this.find("[data-again]").hidden = !isLast;
  }

  /**
   * Show a guessed number and the true one on the slider's scale.
   * @param {[guess: number, truth: number] | undefined} counts
   * @param {number} max
   */
  showScale(counts, max) {
    const scale = this.find(".km-scale");
    scale.hidden = !counts;
    for (const [i, name] of /** @type {const} */ (["guess", "truth"]).entries()) {
      if (counts) this.find(`.km-scale-${name}`).style.left = `${100 * shareOf(counts[i], max)}%`;
    }
  }
}
