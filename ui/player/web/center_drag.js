// Dragging a center, with a pointer or the arrow keys. The picture follows at once, from what the browser knows; on
// release, Python computes the run that goes on from there.

import { comparableDistance } from "./center_geometry.js";
import { message } from "./messages.js";
import { lookOf } from "./shapes.js";
import { clampToView, directionOf, followPointer, pixelsBetween, placeOf, placeText } from "./pointer.js";

/** @import { PlayerSession } from "./wire.d.ts" */
/** @import { Place, PlayerContext, PlayerPart, Run } from "./types.d.ts" */

const CLICK_PIXELS = 4; // a press that moves no farther is a click
const MAX_RECOLORED = 20_000; // more points than this keep their colors until Python answers
const KEY_STEP = { fine: 0.01, coarse: 0.05 }; // shares of the view, without and with Shift

/**
 * Return the labels of the next assign: the nearest center of every point, ties to the lowest index.
 * @param {Pick<Run, "points" | "n" | "rule">} run
 * @param {Float32Array} centers
 * @param {boolean[]} active
 */
export function nextLabels({ points, n, rule }, centers, active) {
  const labels = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let least = Infinity;
    for (let j = 0; j < active.length; j++) {
      if (!active[j]) continue;
      const [dx, dy] = [points[2 * i] - centers[2 * j], points[2 * i + 1] - centers[2 * j + 1]];
      const distance = comparableDistance(dx, dy, rule.metric);
      if (distance < least) [least, labels[i]] = [distance, j];
    }
  }
  return labels;
}

/**
 * Return why no center can be dragged at a half-step, as a sentence; "" where one can.
 * @param {PlayerSession} session
 * @param {Pick<Run, "features">} run
 * @param {number} index
 */
export function dragRefusal({ offline, locked }, { features }, index) {
  // Before the first half-step, a drag places the starting centers.
  const locksStart = index === 0 && locked.includes("init");
  const reason = offline ? "saved" : features > 2 ? "projection" : locked.includes("centers") ? "centers" : "";
  return reason || locksStart ? message("edits.fixed_centers", { reason: reason || "init" }) : "";
}

/** A center that is being dragged. @typedef {{ cluster: number, centers: Float32Array, place: Place | null, frame: number | null }} Held */

/** @implements {PlayerPart} */
export class CenterDrag {
  /**
   * @param {PlayerContext} player
   * @param {{ onPick: (cluster: number) => void, onDrop: (edit: object, landing: number | null) => void,
   *   say: (text: string) => void }} options what a click, a drop, and a sentence for screen readers are given to
   */
  constructor(player, { onPick, onDrop, say }) {
    this.player = player;
    this.onPick = onPick;
    this.onDrop = onDrop;
    this.say = say;
    /** @type {Held | null} */
    this.drag = null;
    /** The cluster whose mark gets the focus back, once it is created again. @type {string | undefined} */
    this.focused = undefined;
    this.listen();
  }

  listen() {
    const over = /** @type {SVGElement} */ (this.player.find(".km-centers-layer"));
    over.addEventListener("pointerdown", (event) => this.grab(event));
    // A finger on a center drags it instead of the page; touch-action cannot say so for a part of an SVG.
    over.addEventListener("touchstart", (event) => this.canDrag && event.preventDefault(), { passive: false });
    over.addEventListener("keydown", (event) => this.handleKey(event));
    // Not on the layer itself: a browser makes an SVG focusable that listens to focus events.
    this.player.stage.addEventListener("focusout", (event) => this.markOf(event) && this.drop());
  }

  /** @param {PlayerSession} session */
  setSession(session) {
    const isRefused = this.session && session.refusals !== this.session.refusals;
    this.session = session;
    if (!this.run) return;
    this.describeCenters();
    if (isRefused) this.takeBack();
  }

  /** @param {Run} run */
  setRun(run) {
    this.run = run;
    this.putBack();
    this.describeCenters();
    const mark = this.player.root.querySelector(`.km-center[data-cluster="${this.focused}"]`);
    if (mark instanceof SVGElement) mark.focus({ preventScroll: true });
    this.focused = undefined;
  }

  show() {
    this.describeCenters();
  }

  /** Show the centers where they are: Python refused an edit that the picture shows already. */
  takeBack() {
    this.focused = undefined;
    this.player.go(this.player.index);
  }

  dismiss() {
    if (!this.drag) return false;
    this.putBack();
    return true;
  }

  get refusal() {
    return this.session && this.run ? dragRefusal(this.session, this.run, this.player.index) : "";
  }

  get canDrag() {
    return !this.refusal && !this.player.isStill;
  }

  describeCenters() {
    const { refusal } = this;
    const { run } = this.player;
    const { name: rule } = run.rule;
    const { centers } = this.player.step;
    this.player.stage.classList.toggle("km-draggable", this.canDrag);
    this.player.root.querySelectorAll(".km-center").forEach((mark, j) => {
      const place = placeText([centers[2 * j], centers[2 * j + 1]]);
      const kind = this.player.isStill ? "still" : refusal ? "fixed" : "free";
      const label = message("edits.center", { rule, number: j + 1, look: lookOf(run, j, 1), place, kind, refusal });
      for (const [name, value] of Object.entries({ tabindex: "0", role: "button", "aria-label": label })) {
        mark.setAttribute(name, value);
      }
    });
  }

  /** @param {Event} event @returns {HTMLElement | null} */
  markOf({ target }) {
    return target instanceof Element ? target.closest(".km-center") : null;
  }

  /** @param {PointerEvent} event */
  grab(event) {
    const mark = this.markOf(event);
    if (!mark || event.button !== 0 || this.drag || this.player.isStill) return;
    const start = placeOf(this.player, event).pixels;
    const cluster = Number(mark.dataset.cluster) - 1;
    let isDrag = false;
    if (this.canDrag) this.hold(cluster);
    const onMove = (/** @type {PointerEvent} */ move) => {
      const { pixels, data } = placeOf(this.player, move);
      isDrag ||= pixelsBetween(pixels, start) > CLICK_PIXELS;
      if (isDrag && this.drag) this.moveTo(data);
      if (isDrag && this.refusal) this.say(this.refusal);
    };
    followPointer(event, /** @type {Element} */ (mark.closest("svg")), onMove, (isComplete) => {
      if (isComplete && !isDrag) this.onPick(cluster);
      if (isComplete) this.drop();
      else this.putBack();
    });
  }

  /** @param {number} cluster */
  hold(cluster) {
    this.player.pause();
    /** @type {Held} */
    const drag = { cluster, centers: Float32Array.from(this.player.step.centers), place: null, frame: null };
    this.drag = drag;
    this.player.root.dataset.holding = String(cluster + 1);
    return drag;
  }

  /** Show the held center somewhere else, with the cells and colors that this would mean. @param {Place} place */
  moveTo(place) {
    const { drag } = this;
    if (!drag) return;
    drag.place = place;
    drag.centers.set(place, 2 * drag.cluster);
    drag.frame ??= requestAnimationFrame(() => {
      drag.frame = null;
      if (this.drag === drag) this.preview(drag.centers);
    });
  }

  /** @param {Float32Array} centers */
  preview(centers) {
    const { run, step, picture } = this.player;
    const isRecolored = step.labels && run.n <= MAX_RECOLORED;
    picture.preview(centers, isRecolored ? nextLabels(run, centers, run.activeAfterMove) : null);
  }

  /** Let the run go on from where the held center is now. */
  drop() {
    const drag = this.release();
    if (!drag?.place) return;
    const step = this.player.index;
    // The move becomes the next half-step, whose sentence says what it did to the cost. Its assign comes after it.
    this.onDrop({ kind: "move", step, cluster: drag.cluster, place: drag.place }, step > 0 ? step + 1 : null);
  }

  /** Put the held center back. */
  putBack() {
    if (this.release()?.place) this.player.go(this.player.index);
  }

  /** Hold no center any more; return the one that was held. */
  release() {
    const { drag } = this;
    this.drag = null;
    delete this.player.root.dataset.holding;
    return drag;
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const mark = this.markOf(event);
    if (!mark || this.player.isStill) return;
    const cluster = Number(mark.dataset.cluster) - 1;
    const isPress = event.key === "Enter" || event.key === " ";
    if (isPress && this.drag) {
      this.focused = mark.dataset.cluster;
      this.drop();
    } else if (isPress) this.onPick(cluster);
    else if (event.key.startsWith("Arrow") && this.canDrag) this.moveByKey(cluster, event);
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} cluster
   * @param {KeyboardEvent} event
   */
  moveByKey(cluster, { key, shiftKey }) {
    const drag = this.drag ?? this.hold(cluster);
    const axes = this.player.picture.axes();
    const share = shiftKey ? KEY_STEP.coarse : KEY_STEP.fine;
    const [dx, dy] = directionOf(key);
    const [x, y] = [drag.centers[2 * drag.cluster], drag.centers[2 * drag.cluster + 1]];
    const [width, height] = [axes.view.x, axes.view.y].map(([low, high]) => high - low);
    const place = clampToView(axes, [x + dx * share * width, y + dy * share * height]);
    this.moveTo(place);
    const { run } = this.player;
    const { name: rule } = run.rule;
    this.say(message("edits.center_moved", { rule, number: drag.cluster + 1, place: placeText(place) }));
  }
}
