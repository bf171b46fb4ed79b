// The sentence above the picture: what the step did and, at the end, why the run ended.

import { elementIn } from "./dom.js";
import { message } from "./messages.js";
import { isTouchScreen } from "./theme.js";

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
 * Why a run ended, where the sentence of its last step does not say it.
 * @param {Pick<Run, "ending">} run
 */
const endingText = ({ ending: { reason, sentence } }) => (reason === "converged" ? "" : sentence);

/**
 * The sentences of a run that may need the most room.
 * @param {Run} run
 */
export function longestSentences(run) {
  const last = run.steps.length - 1;
  const sentences = run.steps.map(({ sentence }, i) => (i < last ? sentence : `${sentence} ${endingText(run)}`.trim()));
  return sentences.sort((a, b) => b.length - a.length).slice(0, MEASURED);
}

/** @implements {PlayerPart} */
export class StepSentence {
  /** @type {Run | null} */
  #run = null;
  #index = 0;
  #isPlacing = false;
  /** @type {number | null} the width for which there is enough height */
  #width = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    element.innerHTML = '<b class="km-step-chip"></b> <span></span> <em></em>';
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
    this.#index = index;
    if (!this.#run) return;
    const { steps } = this.#run;
    this.say(...splitHeading(steps[index].sentence));
    this.heading.dataset.accent = steps[index].phase;
    this.ending.textContent = index === steps.length - 1 ? endingText(this.#run) : "";
  }

  /**
   * Say something else until the next step is shown.
   * @param {string} heading
   * @param {string} text
   */
  say(heading, text) {
    this.heading.dataset.accent = "";
    this.heading.textContent = heading;
    this.text.textContent = text;
    this.ending.textContent = "";
  }

  /**
   * Say what to do while centers are placed; null once none is any more.
   * @param {{ number: number, k: number } | null} center the center to place
   */
  showPlacing(center) {
    if (center) {
      const text = message("choices.placing", { ...center, is_touch: isTouchScreen() });
      this.say(...splitHeading(text));
    } else if (this.#isPlacing) this.show(this.#index);
    this.#isPlacing = Boolean(center);
  }

  /** Keep enough height for the longest sentence of the run, so that nothing below moves from step to step. */
  #reserveHeight() {
    const { clientWidth } = this.element;
    if (!this.#run || clientWidth === this.#width) return;
    this.#width = clientWidth;
    // Measured on a copy, since a screen reader would read aloud whatever the element holds.
    const copy = /** @type {HTMLElement} */ (this.element.cloneNode());
    copy.style.cssText = `position: absolute; visibility: hidden; min-height: 0; width: ${clientWidth}px`;
    this.element.after(copy);
    const chip = document.createElement("b");
    chip.className = "km-step-chip";
    chip.dataset.accent = "assign"; // with the room around it
    const heights = longestSentences(this.#run).map((sentence) => {
      const [heading, text] = splitHeading(sentence);
      chip.textContent = heading;
      copy.replaceChildren(chip, ` ${text}`);
      return copy.offsetHeight;
    });
    copy.remove();
    this.element.style.minHeight = `${Math.max(...heights)}px`;
  }
}
