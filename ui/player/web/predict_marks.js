// What Predict mode draws in the picture: the crosshair that places a guess, and the guess beside the answer.

import { elementIn, queryIn, setAttributes } from "./dom.js";
import { message } from "./messages.js";

/** @import { Picture } from "./picture.js" */
/** @import { Marks } from "./predict_questions.js" */
/** @import { Place } from "./types.d.ts" */

// In pixels
const KEY_STEP = { fine: 10, coarse: 50 }; // how far an arrow key moves the crosshair, without and with Shift
const RING_RADIUS = 19;
const LABEL_WIDTH = 90;

const DIRECTIONS = /** @type {Record<string, Place>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});
const PLACES = /** @type {const} */ (["target", "guess", "choice", "truth"]);

const TEMPLATE = `
<div class="km-crosshair" tabindex="0" role="application" hidden>
  <svg aria-hidden="true"><g><path d="M-22 0H-6M6 0H22M0 -22V-6M0 6V22"/><circle r="12"/></g></svg>
</div>
<svg class="km-answer-marks" aria-hidden="true">
  <circle class="km-target" r="${RING_RADIUS}"/>
  <line class="km-guess-error"/>
  <circle class="km-truth" r="${RING_RADIUS}"/>
  <g class="km-guess"><circle r="${RING_RADIUS - 6}"/><path d="M-5 0H5M0 -5V5"/></g>
  <circle class="km-choice" r="${RING_RADIUS + 5}"/>
  <text></text>
</svg>
<span class="km-crosshair-status km-spoken-only" data-spoken></span>`;

export class AnswerMarks {
  /** @type {Marks} */
  #marks = {};
  /** @type {Place | null} where the crosshair is, in the data */
  #aim = null;
  #isMoved = false;
  #isFollowing = false;

  /**
   * @param {HTMLElement} stage the picture's element
   * @param {Picture} picture
   * @param {(place: Place) => void} onPlace takes a placed guess, in the data
   */
  constructor(stage, picture, onPlace) {
    this.stage = stage;
    this.picture = picture;
    this.onPlace = onPlace;
    stage.insertAdjacentHTML("beforeend", TEMPLATE);
    this.crosshair = elementIn(stage, ".km-crosshair");
    this.cross = queryIn(this.crosshair, "g", SVGElement);
    this.layer = queryIn(stage, ".km-answer-marks", SVGElement);
    this.status = elementIn(stage, ".km-crosshair-status");
    this.crosshair.addEventListener("click", (event) => this.onPlace(this.#placeOf(event)));
    this.crosshair.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Redraw when the picture is moved, zoomed, or resized. */
  followPlot() {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    this.picture.onChange(() => this.#draw());
  }

  /** @param {MouseEvent} event */
  #placeOf({ clientX, clientY }) {
    const { left, top } = this.stage.getBoundingClientRect();
    return this.picture.axes().toData(clientX - left, clientY - top);
  }

  /**
   * Let the visitor choose a place.
   * @param {Place} from where the crosshair begins, in the data
   * @param {string} label
   */
  startAiming(from, label) {
    this.#aim = from;
    this.#isMoved = false;
    this.crosshair.hidden = false;
    this.crosshair.setAttribute("aria-label", label);
    // An image has no parts that could be operated.
    this.stage.setAttribute("role", "group");
    this.#draw();
  }

  stopAiming() {
    this.#aim = null;
    this.crosshair.hidden = true;
    this.status.textContent = "";
    this.stage.setAttribute("role", "img");
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const direction = DIRECTIONS[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      // The key that asked for the question must not answer it too.
      if (this.#aim && this.#isMoved && !event.repeat) this.onPlace(this.#aim);
    } else if (direction && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.#moveCrosshair(direction, event.shiftKey ? KEY_STEP.coarse : KEY_STEP.fine);
    }
  }

  /**
   * @param {Place} direction
   * @param {number} pixels
   */
  #moveCrosshair([dx, dy], pixels) {
    if (!this.#aim) return;
    const { toPixels, toData, area } = this.picture.axes();
    const [left, top] = toPixels(...this.#aim);
    const x = clamp(left + pixels * dx, area.x, area.x + area.width);
    const y = clamp(top + pixels * dy, area.y, area.y + area.height);
    this.#aim = toData(x, y);
    this.#isMoved = true;
    const [across, up] = this.#aim;
    this.status.textContent = message("predict.crosshair_place", { x: across, y: up });
    this.#draw();
  }

  /**
   * Draw the marks of a question or its answer, in place of those before.
   * @param {Marks} marks
   */
  show(marks) {
    this.#marks = marks;
    this.#draw();
  }

  #draw() {
    if (!this.picture.isDrawn) return;
    const { toPixels } = this.picture.axes();
    const place = (/** @type {SVGElement} */ element, /** @type {Place | null | undefined} */ at) => {
      element.style.display = at ? "" : "none";
      if (!at) return;
      const [left, top] = toPixels(...at);
      element.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)})`);
    };
    place(this.cross, this.#aim);
    for (const name of PLACES) place(queryIn(this.layer, `.km-${name}`, SVGElement), this.#marks[name]);
    const { guess, truth, label = "" } = this.#marks;
    this.#drawLine(guess && truth ? [toPixels(...guess), toPixels(...truth)] : null, label);
  }

  /**
   * Draw a line from the guess to the truth, with a label at the guess.
   * @param {[from: Place, to: Place] | null} ends in pixels
   * @param {string} label
   */
  #drawLine(ends, label) {
    const line = queryIn(this.layer, ".km-guess-error", SVGElement);
    const text = queryIn(this.layer, "text", SVGElement);
    line.style.display = text.style.display = ends ? "" : "none";
    if (!ends) return;
    const [[x1, y1], [x2, y2]] = ends;
    setAttributes(line, { x1, y1, x2, y2 });
    const isRight = isLabelRight(x1, x2, this.stage.getBoundingClientRect().width);
    setAttributes(text, {
      x: x1 + (isRight ? RING_RADIUS : -RING_RADIUS),
      y: y1,
      "text-anchor": isRight ? "start" : "end",
    });
    text.textContent = label;
  }
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Whether the label stands to the right of the guess: away from the truth, so that it covers neither, unless the
 * picture ends there.
 * @param {number} guess
 * @param {number} truth
 * @param {number} width of the picture; all in pixels
 */
export const isLabelRight = (guess, truth, width) =>
  guess >= truth ? guess < width - LABEL_WIDTH : guess < LABEL_WIDTH;
