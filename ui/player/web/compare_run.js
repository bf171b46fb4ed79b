// One run of a comparison: its picture, its sentence, and its cost.

import { lineSample } from "./compare_costs.js";
import { LAYERS } from "./controls.js";
import { message } from "./messages.js";
import { Picture } from "./picture.js";
import { inThePicture } from "./sentences.js";
import { StepSentence } from "./step_sentence.js";

/** @import { Plotly } from "./plotly.d.ts" */
/** @import { Motion, Run, Theme } from "./types.d.ts" */

const template = () => `
<div class="kc-head"><h2></h2><div class="kc-settings"></div></div>
<div class="km-stage" role="img">${LAYERS}<span class="kc-end-badge" aria-hidden="true">${message("compare.ended")}</span></div>
<div class="kc-foot"><span class="kc-facts"></span><a class="kc-open" title="${message("compare.open_title")}">${message("compare.open")}</a></div>
<p class="kc-sentence"></p>`;

export class CompareRun {
  /** @type {Run | null} */
  #run = null;

  /**
   * @param {HTMLElement} parent
   * @param {number} number of the run, from 1
   * @param {{ Plotly: Plotly, hidden: Set<string>, costAt: (index: number) => string | null }} options `costAt` returns
   *   this run's cost at a step as text, null where there is none
   */
  constructor(parent, number, { Plotly, hidden, costAt }) {
    this.number = number;
    this.costAt = costAt;
    const name = message("compare.run", { run: number });
    this.section = document.createElement("section");
    this.section.className = "kc-run";
    this.section.setAttribute("aria-label", name);
    this.section.innerHTML = template();
    parent.append(this.section);
    this.find("h2").innerHTML = `${lineSample(number)} ${name}`;
    this.stage = this.find(".km-stage");
    this.picture = new Picture(this.stage, Plotly, { hidden, movable: false });
    this.sentence = new StepSentence(this.find(".kc-sentence"));
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  find(selector) {
    return /** @type {HTMLElement} */ (this.section.querySelector(selector));
  }

  destroy() {
    this.picture.destroy();
    this.sentence.destroy();
    this.section.remove();
  }

  /** @returns {Run} */
  get run() {
    return /** @type {Run} */ (this.#run);
  }

  get last() {
    return this.run.steps.length - 1;
  }

  /**
   * The run's own step at a step of the comparison: a shorter run stays at its end.
   * @param {number} index
   */
  ownStep(index) {
    return Math.min(index, this.last);
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   * @param {number} index
   */
  async setRun(run, theme, index) {
    this.#run = run;
    await this.picture.setRun(run, theme, this.ownStep(index));
    this.sentence.setRun(run, theme, this.ownStep(index));
    this.#describe(index);
  }

  /**
   * @param {number} index
   * @param {Motion} motion
   */
  show(index, motion) {
    this.sentence.show(this.ownStep(index));
    this.#describe(index);
    return this.picture.show(this.ownStep(index), { ...motion, animate: motion.animate && index <= this.last });
  }

  /** @param {number} index */
  #describe(index) {
    const { run } = this;
    const hasEnded = index > this.last;
    const step = run.steps[this.ownStep(index)];
    if (hasEnded) this.sentence.say(message("compare.ended_heading", { step: this.last }), run.ending.sentence);
    this.section.dataset.ended = String(hasEnded);
    const cost = this.costAt(index) ?? "";
    const state = step.cost === null ? "none" : hasEnded ? "ended" : step.changed ? "reassigned" : "cost";
    this.find(".kc-facts").textContent = message("compare.facts", { state, cost, count: step.reassigned });
    const picture = inThePicture(run, step);
    this.stage.setAttribute("aria-label", message("compare.picture", { run: this.number, picture }));
  }

  /** What a screen reader says of this step. */
  get spoken() {
    const sentence = this.find(".kc-sentence").textContent ?? "";
    return message("compare.spoken", { run: this.number, sentence });
  }
}
