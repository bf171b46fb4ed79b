// Predict mode: ask one short question before each step, then show the answer beside the guess.
//
// People learn from watching an algorithm if they predict what it does (Hundhausen et al. 2002; Naps et al. 2003).

import { centerAt } from "./center_geometry.js";
import { takeFocus } from "./keys.js";
import { message } from "./messages.js";
import { keepBest } from "./predict_best.js";
import { storedGuesses, storeGuesses } from "./predict_memory.js";
import { AnswerMarks } from "./predict_marks.js";
import { PredictPanel } from "./predict_panel.js";
import { chooseQuestion } from "./predict_questions.js";
import { MAX_SCORE, sumUp } from "./predict_scores.js";
import { isTouchScreen } from "./theme.js";

/** @import { Answer, Judgment, Question } from "./predict_questions.js" */
/** @import { Result } from "./predict_scores.js" */
/** @import { PlayerContext, PlayerPart, Run, Theme } from "./types.d.ts" */

const READ_MILLISECONDS = 2200; // how much longer Play shows a result before the next question
const BUTTON_ROWS = { few: 2, many: 3 }; // of the answers to choose from
const MANY_CLUSTERS = 9;

/**
 * The parts that Predict mode changes: one says the question, the other must not give the answer away.
 * @typedef {object} Parts
 * @property {{say(name: string, text: string): void, show(index: number): void}} sentence
 * @property {{conceal(on: boolean, index: number): Promise<void>}} cost
 */

/**
 * @typedef {object} OpenQuestion
 * @property {number} index the step that is shown
 * @property {Question} question
 * @property {(goesOn: boolean) => void} resolve
 * @property {Element | null} focusBefore
 * @property {boolean} isExplained whether it said what is missing
 */

/** @typedef {{index: number, question: Question, judgment: Judgment | null}} Reveal of the step at index */

/** @implements {PlayerPart} */
export class Predict {
  /** @type {Run | null} */
  #run = null;
  /** @type {OpenQuestion | null} */
  #open = null;
  /** @type {Reveal | null} the answer to show with the step that comes next */
  #pending = null;
  /** @type {Reveal | null} */
  #revealed = null;
  /** @type {Map<number, Result>} by step */
  #results = new Map();
  #round = 0;
  #reached = 0;

  /**
   * @param {PlayerContext} player
   * @param {Parts} parts
   */
  constructor(player, parts) {
    this.player = player;
    this.parts = parts;
    this.button = this.#makeButton();
    this.panel = new PredictPanel(player.find(".km-main"), {
      answer: (answer) => this.#answer(answer),
      start: () => this.#askNext(),
      skip: () => this.#close(true),
      retry: (byKey) => this.#retry(byKey),
      stop: (byKey) => this.#stop(byKey),
      share: () => sharedScore([...this.#results.values()], location.href),
    });
    this.marks = new AnswerMarks(player.stage, player.picture, (place) => this.#answer(place));
    this.isOn = this.#isOnInView();
    parts.cost.conceal(this.isOn, 0);
  }

  #makeButton() {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "km-button km-tool", title: message("predict.predict_title") });
    button.textContent = message("predict.predict");
    button.addEventListener("click", () => {
      this.player.pause();
      this.#turn(!this.isOn);
      // On a phone the button is below the picture, which the questions are about.
      if (this.isOn) this.player.stage.scrollIntoView({ block: "nearest" });
    });
    this.player.find(".km-tools").append(button);
    return button;
  }

  #isOnInView() {
    return this.player.view.get("mode") === "predict";
  }

  // --- As a part of the player

  destroy() {
    this.#withdraw();
  }

  restoreView() {
    return this.#turn(this.#isOnInView());
  }

  /**
   * @param {Run} run
   * @param {Theme} _theme
   * @param {number} index
   */
  async setRun(run, _theme, index) {
    this.#withdraw();
    if (this.#run?.id !== run.id) {
      const { round = 0, reached = index, results = [] } = storedGuesses(run.id);
      this.#round = round;
      this.#results = new Map(results);
      this.#reached = Math.max(reached, index);
      this.#revealed = null;
    }
    this.#run = run;
    const rows = run.k < MANY_CLUSTERS ? BUTTON_ROWS.few : BUTTON_ROWS.many;
    this.panel.element.style.setProperty("--km-rows", String(rows));
    this.marks.followPlot();
    await this.#turn(this.isOn);
  }

  /** @param {number} index */
  show(index) {
    this.#withdraw();
    this.#reached = Math.max(this.#reached, index);
    this.#revealed = this.#pending?.index === index ? this.#pending : null;
    this.#pending = null;
    if (this.#revealed) {
      const { question, judgment } = this.#revealed;
      this.#results.set(index, { topic: question.topic, score: judgment?.score ?? null });
      this.#storeGuesses();
    }
    this.#display();
  }

  /** While predicting, later steps cannot be looked up. */
  get lastVisible() {
    return this.isOn ? this.#reached : Infinity;
  }

  /**
   * Ask, and hold the player until there is an answer.
   * @param {number} index
   * @returns {Promise<boolean>} false if the question is withdrawn instead
   */
  async beforeAdvance(index) {
    const run = this.#run;
    // A center that the visitor moved is no news to them.
    if (!run || !this.isOn || this.#results.has(index + 1) || run.steps[index + 1].phase === "move") return true;
    if (this.#open?.index === index) return this.#holdAgain(this.#open);
    if (this.player.playing && this.#revealed?.judgment) await this.player.wait(READ_MILLISECONDS);
    const question = this.isOn ? chooseQuestion(run, index, this.#round) : null;
    return question ? this.#ask(index, question) : true;
  }

  /** Skip the question, on Escape. */
  dismiss() {
    if (!this.#open) return false;
    this.#close(true);
    return true;
  }

  // --- The mode

  /** @param {boolean} isOn */
  async #turn(isOn) {
    this.#withdraw();
    if (isOn && !this.isOn) this.#reached = this.player.index;
    this.isOn = isOn;
    this.player.view.set("mode", isOn ? "predict" : null);
    this.button.setAttribute("aria-pressed", String(isOn));
    this.player.root.dataset.predict = String(isOn);
    if (!isOn) this.#revealed = null;
    this.#display();
    this.player.showControls();
    await this.parts.cost.conceal(isOn, this.player.index);
  }

  /** @param {boolean} byKey whether the keyboard pressed a button that is now gone: the focus goes to another one */
  async #stop(byKey) {
    await this.#turn(false);
    if (byKey) takeFocus(this.button);
  }

  /** @param {boolean} byKey as for #stop */
  async #retry(byKey) {
    this.#round += 1; // which asks other questions
    this.#results = new Map();
    this.#reached = 0;
    this.#storeGuesses();
    await this.player.goBy(0);
    if (byKey) takeFocus(this.player.find('[data-action="next"]'));
  }

  #storeGuesses() {
    if (this.#run) {
      storeGuesses(this.#run.id, { round: this.#round, reached: this.#reached, results: [...this.#results] });
    }
  }

  // --- A question

  /** Go on as Next does. On a phone the picture, which the question is about, may have been scrolled away. */
  #askNext() {
    this.player.stage.scrollIntoView({ block: "nearest" });
    this.player.find('[data-action="next"]').click();
  }

  /**
   * @param {number} index
   * @param {Question} question
   */
  #ask(index, question) {
    const hint = this.#hintOf(question);
    this.panel.ask(question, hint);
    // A place is chosen in the picture; any other question stands beside its answers.
    const text = question.input === "place" ? question.text : message("predict.your_turn");
    this.parts.sentence.say(message("predict.prefix"), text);
    if (question.from) {
      this.marks.startAiming(question.from, message("predict.crosshair", { question: question.text, hint }));
    }
    const focusBefore = document.activeElement;
    const open = { index, question, resolve: () => {}, focusBefore, isExplained: false };
    this.#open = open;
    this.#display();
    return this.#hold(open);
  }

  /**
   * Next or Play was pressed at an open question: it holds the newer request, and takes a number that was typed. The
   * first time without an answer it says what is missing; the second time it skips, so that a remote gets on.
   * @param {OpenQuestion} open
   */
  #holdAgain(open) {
    open.resolve(false);
    const isAnswered = this.#hold(open);
    if (open.isExplained && this.panel.number === null) this.#close(true);
    else this.panel.answerOrExplain();
    open.isExplained = true;
    return isAnswered;
  }

  /**
   * Wait for the open question.
   * @param {OpenQuestion} open
   * @returns {Promise<boolean>} true once it is answered or skipped
   */
  #hold(open) {
    this.#focusQuestion(open.question);
    return new Promise((resolve) => (open.resolve = resolve));
  }

  /** @param {Question} question */
  #hintOf({ input, hint }) {
    return input === "place" && !isTouchScreen() ? message("predict.with_keys", { hint }) : hint;
  }

  /** @param {Answer} answer */
  #answer(answer) {
    if (this.#open) this.#close(true, this.#open.question.judge(answer));
  }

  /** Close the open question without an answer; the step that waited for it is not shown. */
  #withdraw() {
    this.#close(false);
  }

  /**
   * @param {boolean} goesOn
   * @param {Judgment | null} judgment
   */
  #close(goesOn, judgment = null) {
    if (!this.#open) return;
    const { index, question, resolve, focusBefore } = this.#open;
    this.#open = null;
    this.#pending = goesOn ? { index: index + 1, question, judgment } : null;
    this.#returnFocus(focusBefore); // first, since an element that is hidden has already lost the focus
    this.marks.stopAiming();
    if (goesOn) {
      // The next step brings its own sentence and result, so a screen reader must not read the old ones again.
      this.panel.form.hidden = true;
      delete this.player.root.dataset.asking;
    } else {
      this.parts.sentence.show(this.player.index);
      this.#display();
    }
    resolve(goesOn);
  }

  // --- Focus

  /** @param {Question} question */
  #focusQuestion({ input }) {
    // On a touch screen, a field that takes the focus brings up the keyboard, over the picture.
    const field = isTouchScreen() ? null : this.panel.field;
    const isPlace = input === "place";
    takeFocus(isPlace ? this.marks.crosshair : (field ?? this.panel.form));
    (isPlace ? this.player.stage : this.panel.element).scrollIntoView({ block: "nearest" });
  }

  /** @param {Element | null} before what had the focus before the question */
  #returnFocus(before) {
    const { activeElement } = document;
    if (!this.panel.element.contains(activeElement) && activeElement !== this.marks.crosshair) return;
    takeFocus(this.player.root);
    if (before !== document.body && before?.isConnected) takeFocus(before);
  }

  // --- Display

  #display() {
    const question = this.#open?.question;
    const revealed = question ? null : this.#revealed;
    this.panel.element.hidden = !this.isOn;
    this.panel.form.hidden = !question;
    this.panel.find(".km-reveal").hidden = Boolean(question);
    if (question) this.player.root.dataset.asking = question.kind;
    else delete this.player.root.dataset.asking;
    this.#displayResult(revealed);
    this.marks.show(revealed?.judgment?.marks ?? { target: this.#targetOf(question) });
  }

  /** @param {Reveal | null} revealed */
  #displayResult(revealed) {
    const isLast = this.player.index + 1 === this.#run?.steps.length;
    const { percent } = sumUp([...this.#results.values()]);
    this.panel.showScore(percent === null ? "" : message("predict.score", { percent }));
    this.panel.showResult(this.#sentences(revealed, isLast), isLast);
    this.panel.offerQuestion(this.isOn && !this.#open && !isLast, !this.#results.size);
    this.panel.offerCopy(isLast && percent !== null);
    this.panel.showScale(revealed?.judgment?.counts, revealed?.question.max ?? 0);
  }

  /**
   * @param {Reveal | null} revealed
   * @param {boolean} isLast
   */
  #sentences(revealed, isLast) {
    const results = [...this.#results.values()];
    const sentences = [];
    if (revealed) sentences.push(resultText(revealed.judgment));
    if (isLast && results.length) sentences.push(summaryText(results, this.#run?.id ?? ""));
    if (sentences.length) return sentences;
    if (isLast) return [message("predict.run_over")];
    return [message(results.length ? "predict.no_question" : "predict.idle")];
  }

  /** @param {Question | undefined} question */
  #targetOf(question) {
    if (!this.#run || question?.cluster === undefined) return null;
    return centerAt(this.#run.steps[this.player.index].centers, question.cluster);
  }
}

/** @param {Judgment | null} judgment null where the question was skipped */
const resultText = (judgment) =>
  judgment
    ? message("predict.scored", { result: judgment.text, score: judgment.score, max: MAX_SCORE })
    : message("predict.skipped");

/**
 * Sum up a run, and keep its score if it is the best one.
 * @param {Result[]} results
 * @param {string} run
 */
export function summaryText(results, run) {
  const { best: topic, answered, skipped, percent } = sumUp(results);
  if (percent === null) return message("predict.all_skipped");
  const best = keepBest(run, percent);
  const sentences = [
    message("predict.summary", { answered, skipped, percent }),
    message("predict.best_score", { is_new: best === percent, percent: best }),
  ];
  if (topic) sentences.push(message("predict.best", { topic }));
  return sentences.join(" ");
}

/**
 * Return the sentence that shares a score, with a link to the same run from its start.
 * @param {Result[]} results
 * @param {string} address of the page
 */
export function sharedScore(results, address) {
  const { answered, percent } = sumUp(results);
  const url = new URL(address);
  url.searchParams.delete("step");
  url.searchParams.set("mode", "predict");
  return message("predict.shared_score", { answered, percent: percent ?? 0, link: url.href });
}
