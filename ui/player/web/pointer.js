// Pointers in the picture: where they are in the data, and what follows a press.

/** @import { Axes, Place, PlayerContext } from "./types.d.ts" */

/** A place in pixels of the stage, and the same in the data. @typedef {{ pixels: Place, data: Place }} PointerPlace */

/** What the keys do to a place: columns and rows, upwards. @type {Record<string, Place>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Round to the five digits that a link holds. @param {number} value */
export const rounded = (value) => Number(value.toPrecision(5));

/**
 * @param {Place} from
 * @param {Place} to
 */
export const pixelsBetween = (from, to) => Math.hypot(from[0] - to[0], from[1] - to[1]);

/**
 * Return the nearest place in view.
 * @param {Pick<Axes, "view">} axes
 * @param {Place} place
 * @returns {Place}
 */
export function clampToView({ view }, [x, y]) {
  const clamp = (/** @type {number} */ value, /** @type {[number, number]} */ [low, high]) =>
    rounded(Math.min(high, Math.max(low, value)));
  return [clamp(x, view.x), clamp(y, view.y)];
}

/**
 * Return where a pointer is; the place in the data is in view.
 * @param {Pick<PlayerContext, "stage" | "picture">} player
 * @param {MouseEvent} event
 * @returns {PointerPlace}
 */
export function placeOf({ stage, picture }, event) {
  const box = stage.getBoundingClientRect();
  const axes = picture.axes();
  /** @type {Place} */
  const pixels = [event.clientX - box.left, event.clientY - box.top];
  return { pixels, data: clampToView(axes, axes.toData(...pixels)) };
}

/**
 * Return the direction of an arrow key; no direction for any other.
 * @param {string} key
 */
export const directionOf = (key) => DIRECTIONS[key] ?? [0, 0];

/** A place as text. @param {Place} place */
export const placeText = ([x, y]) => `${rounded(x)}, ${rounded(y)}`;

/**
 * Follow a pointer from its press until it is released.
 * @param {PointerEvent} event the press
 * @param {Element} target gets all events of the pointer until then
 * @param {(event: PointerEvent) => void} onMove
 * @param {(isComplete: boolean) => void} onEnd is told false where Escape or the browser ended it
 */
export function followPointer(event, target, onMove, onEnd) {
  event.preventDefault();
  target.setPointerCapture(event.pointerId);
  const stop = new AbortController();
  const { signal } = stop;
  const end = (/** @type {boolean} */ isComplete) => {
    stop.abort();
    onEnd(isComplete);
  };
  target.addEventListener("pointermove", (move) => onMove(/** @type {PointerEvent} */ (move)), { signal });
  target.addEventListener("pointerup", () => end(true), { signal });
  target.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", (key) => key.key === "Escape" && end(false), { signal });
}
