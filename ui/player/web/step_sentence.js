// The sentence above the picture: what the step did and, at the end, why the run ended.

import { elementIn } from "./dom.js";

/** @import { PlayerPart, Run, Theme } from "./types.d.ts" */

const MEASURED = 3; // of the longest sentences; which of them is highest depends on where lines break

/**
 * A sentence's heading, up to its colon, and the rest.
 * @param {string} sentence
 * @returns {[heading: string, text: string]}
 */
export function splitHeading(sentence) {
  const end = sentence.indexOf(":") + 1;
  return [sentence.slice(0, end), sentence.slice(end).trim()];
}

/**
 * The sentences of a run that may need the most room.
 * @param {Run} run
 */
export function longestSentences({ steps, ending }) {
  const sentences = steps.map(({ sentence }, i) =>
    i + 1 < steps.length ? sentence : `${sentence} ${ending.sentence}`,
  );
  return sentences.sort((a, b) => b.length - a.length).slice(0, MEASURED);
}

/** @implements {PlayerPart} */
export class StepSentence {
  /** @type {Run | null} */
  #run = null;
  /** @type {number | null} the width for which there is enough height */
  #width = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    element.innerHTML = "<b></b> <span></span> <em></em>";
    this.element = element;
    this.heading = elementIn(element, "b");
    this.text = elementIn(element, "span");
    this.ending = elementIn(element, "em");
    this.resizing = new ResizeObserver(() => this.#reserveHeight());
    this.resizing.observe(element);
  }

  destroy() {
    this.resizing.disconnect();
  }

  /**
   * @param {Run} run
   * @param {Theme} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.#run = run;
    this.#width = null;
    this.#reserveHeight();
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    if (!this.#run) return;
    const { steps, ending } = this.#run;
    this.say(...splitHeading(steps[index].sentence));
    this.ending.textContent = index === steps.length - 1 ? ending.sentence : "";
  }

  /**
   * Say something else until the next step is shown.
   * @param {string} heading
   * @param {string} text
   */
  say(heading, text) {
    this.heading.textContent = heading;
    this.text.textContent = text;
    this.ending.textContent = "";
  }

  /** Keep enough height for the longest sentence of the run, so that nothing below moves from step to step. */
  #reserveHeight() {
    const { clientWidth } = this.element;
    if (!this.#run || clientWidth === this.#width) return;
    this.#width = clientWidth;
    // Measured on a copy, since a screen reader would read aloud whatever the element holds.
    const copy = /** @type {HTMLElement} */ (this.element.cloneNode());
    for (const name of ["role", "aria-live"]) copy.removeAttribute(name);
    copy.style.cssText = `position: absolute; visibility: hidden; min-height: 0; width: ${clientWidth}px`;
    this.element.after(copy);
    const heights = longestSentences(this.#run).map((sentence) => {
      copy.textContent = sentence;
      return copy.offsetHeight;
    });
    copy.remove();
    this.element.style.minHeight = `${Math.max(...heights)}px`;
  }
}
