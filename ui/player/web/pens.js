// Pens that draw, erase, and move points, with a pointer or the arrow keys. A stroke is only drawn here; at its end,
// Python computes the run on the points that it leaves.

import { message } from "./messages.js";
import { clampToView, directionOf, followPointer, pixelsBetween, placeOf, placeText } from "./pointer.js";

/** @import { PlayerSession } from "./wire.d.ts" */
/** @import { Place, PlayerContext, PlayerPart, Run } from "./types.d.ts" */
/** @import { PointerPlace } from "./pointer.js" */

/** @typedef {"add" | "erase" | "shift" | "place"} PenName */
/** A point under the pen. @typedef {{ index: number, pixels: Place, distance: number }} Hit */
/** One place of a stroke: `data` where the pen was, `index` of a point that it hit. @typedef {{ pixels: Place, data?: Place, index?: number }} Mark */

export const PEN_ICONS = {
  add: "M12 5v14M5 12h14",
  erase: "M6 6l12 12M18 6L6 18",
  shift: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
};

const BRUSH_PIXELS = 12; // how near a point must be to be erased or picked up
const PLACED_PIXELS = 9; // radius of a center that was placed
const SPACING_PIXELS = 10; // between the points of a stroke
const KEY_PIXELS = { fine: 2, coarse: 12 };

/**
 * Return the points under a pen, the nearest first.
 * @param {Pick<Run, "points" | "n">} run
 * @param {(x: number, y: number) => Place} toPixels
 * @param {Place} pen in pixels
 * @returns {Hit[]}
 */
export function pointsUnder({ points, n }, toPixels, pen) {
  const hits = [];
  for (let index = 0; index < n; index++) {
    const pixels = toPixels(points[2 * index], points[2 * index + 1]);
    const distance = pixelsBetween(pixels, pen);
    if (distance <= BRUSH_PIXELS) hits.push({ index, pixels, distance });
  }
  return hits.sort((a, b) => a.distance - b.distance);
}

/**
 * Add a place to a drawn stroke, unless it is too close to the last one or there is no room for another point.
 * @param {Mark[]} stroke
 * @param {PointerPlace} place
 * @param {number} room
 */
export function extendStroke(stroke, place, room) {
  const last = stroke.at(-1);
  const isFar = !last || pixelsBetween(place.pixels, last.pixels) >= SPACING_PIXELS;
  return isFar && stroke.length < Math.max(1, room) ? [...stroke, place] : stroke;
}

/**
 * Add points to an erasing stroke, each once.
 * @param {Mark[]} stroke
 * @param {Hit[]} hits
 */
export function extendErasing(stroke, hits) {
  const indices = new Set(stroke.map(({ index }) => index));
  return [...stroke, ...hits.filter(({ index }) => !indices.has(index))];
}

/** @implements {PlayerPart} */
export class Pens {
  /**
   * @param {PlayerContext} player
   * @param {{ onEdit: (edit: object, landing?: number | null) => void, onChange: (pen: PenName | null) => void, say: (text: string) => void }} options
   *   what an edit, another pen, and a sentence for screen readers are given to
   */
  constructor(player, { onEdit, onChange, say }) {
    this.player = player;
    this.onEdit = onEdit;
    /** The centers that were placed so far. @type {PointerPlace[]} */
    this.placed = [];
    this.onChange = onChange;
    this.say = say;
    /** @type {PenName | null} */
    this.pen = null;
    /** @type {Mark[]} */
    this.stroke = [];
    /** The point that the pen carries. @type {Hit | null} */
    this.carried = null;
    /** Where the keyboard holds the pen, in pixels. @type {Place} */
    this.cursor = [0, 0];
    this.overlay = /** @type {HTMLElement} */ (player.find(".km-drawing-overlay"));
    this.marks = /** @type {SVGElement} */ (player.find(".km-strokes"));
    this.overlay.addEventListener("pointerdown", (event) => this.beginStroke(event));
    this.overlay.addEventListener("keydown", (event) => this.handleKey(event));
  }

  /** @param {PlayerSession} session */
  setSession({ pointsLeft }) {
    this.pointsLeft = pointsLeft;
    this.drawStroke([]); // what was drawn is part of the run now, or was refused
  }

  setRun() {
    this.drawStroke([]);
  }

  show() {}

  dismiss() {
    if (!this.pen) return false;
    this.take(null);
    return true;
  }

  /**
   * Take a pen, or with null put it down.
   * @param {PenName | null} pen
   * @param {boolean} byKey whether the keyboard took it: then the picture gets the focus
   */
  take(pen, byKey = false) {
    this.pen = pen;
    this.placed = [];
    this.player.pause();
    this.onChange(pen);
    this.overlay.hidden = !pen;
    this.drawStroke([]);
    if (!pen) return;
    this.overlay.dataset.pen = pen;
    this.overlay.setAttribute("aria-label", message("edits.overlay", { pen }));
    const { area } = this.player.picture.axes();
    this.cursor = [area.x + area.width / 2, area.y + area.height / 2];
    if (byKey) this.overlay.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  beginStroke(event) {
    if (event.button !== 0) return;
    this.stroke = [];
    this.carried = null;
    this.touch(placeOf(this.player, event));
    const onMove = (/** @type {PointerEvent} */ move) => this.touch(placeOf(this.player, move));
    followPointer(event, this.overlay, onMove, (isComplete) => this.endStroke(isComplete));
  }

  /** The pen is at a place: show what it does there. @param {PointerPlace} place */
  touch(place) {
    const hits = () => pointsUnder(this.player.run, this.player.picture.axes().toPixels, place.pixels);
    if (this.pen === "add") this.stroke = extendStroke(this.stroke, place, this.pointsLeft ?? 0);
    else if (this.pen === "erase") this.stroke = extendErasing(this.stroke, hits());
    else if (this.pen === "place") this.stroke = [...this.placed, place];
    else {
      this.carried ??= hits()[0] ?? null;
      this.stroke = this.carried ? [this.carried, place] : [];
    }
    this.drawStroke(this.stroke);
  }

  /** @param {boolean} isComplete */
  endStroke(isComplete) {
    const { stroke, carried, pen } = this;
    this.stroke = [];
    if (pen === "place") this.endPlacing(isComplete ? stroke.at(-1) : undefined);
    else if (!isComplete || !stroke.length) this.drawStroke([]);
    else if (pen === "add") this.onEdit({ kind: "add", places: stroke.map(({ data }) => data) });
    else if (pen === "erase") this.onEdit({ kind: "erase", indices: stroke.map(({ index }) => index) });
    else if (carried) this.onEdit({ kind: "shift", index: carried.index, place: stroke.at(-1)?.data });
  }

  /**
   * Keep a placed center; the last one completes the starting centers.
   * @param {Mark | undefined} center
   */
  endPlacing(center) {
    if (center?.data) this.placed.push(/** @type {PointerPlace} */ (center));
    this.drawStroke(this.placed);
    if (this.placed.length < this.player.run.k) return this.onChange(this.pen);
    this.onEdit({ kind: "place", places: this.placed.map(({ data }) => data) }, 0);
    this.take(null);
  }

  /**
   * @param {Mark[]} stroke
   * @param {Place | null} cursor
   */
  drawStroke(stroke, cursor = null) {
    const circle = (/** @type {Place} */ [x, y], /** @type {number} */ radius, /** @type {string | null} */ kind) =>
      `<circle cx="${x}" cy="${y}" r="${radius}" class="km-${kind}"/>`;
    const circles = stroke.map(({ pixels }) => circle(pixels, this.pen === "place" ? PLACED_PIXELS : 4, this.pen));
    if (cursor) circles.push(circle(cursor, BRUSH_PIXELS, "cursor"));
    this.marks.innerHTML = circles.join("");
    this.say(stroke.length ? message("edits.under_pen", { pen: this.pen ?? "add", count: stroke.length }) : "");
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (event.key.startsWith("Arrow")) this.steer(event);
    else if (event.key === "Enter") this.press();
    else return;
    event.preventDefault();
    this.drawStroke(this.stroke, this.cursor);
    const pressed = this.pen === "shift" && this.carried ? "carry" : (this.pen ?? "none");
    const place = placeText(this.placeOfCursor().data);
    this.say(message("edits.pen_at", { action: event.key === "Enter" ? pressed : "none", place }));
  }

  /** @param {KeyboardEvent} event */
  steer({ key, shiftKey }) {
    const [dx, dy] = directionOf(key);
    const pixels = shiftKey ? KEY_PIXELS.fine : KEY_PIXELS.coarse;
    this.cursor = [this.cursor[0] + dx * pixels, this.cursor[1] - dy * pixels];
    if (this.carried) this.touch(this.placeOfCursor());
  }

  /** @returns {PointerPlace} */
  placeOfCursor() {
    const axes = this.player.picture.axes();
    return { pixels: this.cursor, data: clampToView(axes, axes.toData(...this.cursor)) };
  }

  /** Enter is the pen's press; the pen that moves a point puts it down with a second one. */
  press() {
    const isCarrying = this.pen === "shift" && this.carried;
    if (!isCarrying) [this.stroke, this.carried] = [[], null];
    this.touch(this.placeOfCursor());
    if (this.pen !== "shift" || isCarrying) {
      this.endStroke(true);
      this.carried = null;
    }
  }
}
