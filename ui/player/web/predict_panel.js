// The panel of Predict mode: the question, the controls that answer it, and what the answer scored.

import { countAt, shareOf } from "./count_scale.js";
import { elementIn, queryIn } from "./dom.js";
import { message } from "./messages.js";

/** @import { Answer, Question } from "./predict_questions.js" */

/**
 * @typedef {object} Handlers
 * @property {(answer: Answer) => void} answer
 * @property {() => void} start
 * @property {() => void} skip
 * @property {(byKey: boolean) => void} retry
 * @property {(byKey: boolean) => void} stop
 * @property {() => string} share the sentence that shares the score
 */

const template = () => `
<section class="km-predict" aria-label="${message("predict.predict")}" hidden>
  <form tabindex="-1" novalidate hidden>
    <p class="km-question" id="km-predict-question"></p>
    <p class="km-hint" data-spoken></p>
    <div class="km-answer"></div>
  </form>
  <div class="km-reveal">
    <p class="km-result" data-spoken></p>
    <div class="km-scale" aria-hidden="true"><i class="km-scale-guess"></i><i class="km-scale-truth"></i></div>
    <button type="button" class="km-button" data-start hidden></button>
    <button type="button" class="km-button" data-copy hidden>${message("predict.copy_score")}</button>
    <button type="button" class="km-button" data-again>${message("predict.try_again")}</button>
    <button type="button" class="km-button" data-leave>${message("predict.stop_predicting")}</button>
    <span class="km-score"></span>
    <p class="km-copy-note" data-spoken></p>
  </div>
</section>`;

const numberControls = () => `
<label>${message("predict.points")} <input type="number" min="0" step="1" inputmode="numeric" autocomplete="off" aria-describedby="km-predict-question"></label>
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
    if (choice) this.handlers.answer(this.#question?.choices?.[Number(choice)].value ?? null);
    else if (target.closest("[data-start]")) this.handlers.start();
    else if (target.closest("[data-skip]")) this.handlers.skip();
    else if (target.closest("[data-again]")) this.handlers.retry(byKey);
    else if (target.closest("[data-leave]")) this.handlers.stop(byKey);
    else if (target.closest("[data-copy]")) this.#copyScore();
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

  /** Next was pressed at the open question: answer it with the number in the field, or say what is missing. */
  answerOrExplain() {
    const field = this.element.querySelector("[type=number]");
    if (field instanceof HTMLInputElement && field.value !== "") return this.#submitNumber();
    this.find(".km-hint").textContent = message("predict.answer_first", { input: this.#question?.input ?? "" });
  }

  /** The number in the field; null where there is none that answers the question. */
  get number() {
    const { field } = this;
    const max = this.#question?.max ?? 0;
    const count = field instanceof HTMLInputElement && field.value !== "" ? Number(field.value) : NaN;
    return Number.isInteger(count) && count >= 0 && count <= max ? count : null;
  }

  #submitNumber() {
    const field = queryIn(this.element, "[type=number]", HTMLInputElement);
    const max = this.#question?.max ?? 0;
    if (this.number !== null) return this.handlers.answer(this.number);
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
    this.find(".km-copy-note").textContent = "";
  }

  /**
   * Offer the next question.
   * @param {boolean} isOffered
   * @param {boolean} isFirst before it, the card holds little else
   */
  offerQuestion(isOffered, isFirst) {
    const button = this.find("[data-start]");
    button.hidden = !isOffered;
    button.textContent = message("predict.start", { is_first: isFirst });
    this.element.dataset.idle = String(isOffered && isFirst);
  }

  /** @param {boolean} isOffered */
  offerCopy(isOffered) {
    this.find("[data-copy]").hidden = !isOffered;
  }

  async #copyScore() {
    const sentence = this.handlers.share();
    const note = this.find(".km-copy-note");
    try {
      await navigator.clipboard.writeText(sentence);
      note.textContent = message("predict.score_copied");
    } catch {
      // Without HTTPS, and in some frames, a page may not write to the clipboard.
      note.textContent = message("predict.copy_failed", { sentence });
    }
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
