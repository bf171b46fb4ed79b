// "Drag me" at one center, until somebody has dragged a center in this browser.

import { message } from "./messages.js";
import { hasDragged } from "./edit_storage.js";

/** @import { PlayerSession } from "./wire.d.ts" */
/** @import { Place, PlayerContext, PlayerPart, Run } from "./types.d.ts" */

/**
 * Return the index of the place that is nearest to the middle of an area, where there is room for a label.
 * @param {Place[]} places in pixels
 * @param {{ x: number, y: number, width: number, height: number }} area
 */
export function middlemost(places, { x, y, width, height }) {
  const distances = places.map(([left, top]) => Math.hypot(left - x - width / 2, top - y - height / 2));
  return distances.indexOf(Math.min(...distances));
}

/** @implements {PlayerPart} */
export class DragHint {
  /**
   * @param {PlayerContext} player
   * @param {{ readonly canDrag: boolean }} drag
   */
  constructor(player, drag) {
    this.player = player;
    this.drag = drag;
    /** @type {PlayerSession | null} */
    this.session = null;
    /** @type {Run | null} */
    this.run = null;
    this.label = document.createElement("span");
    this.label.className = "km-drag-hint";
    this.label.setAttribute("aria-hidden", "true"); // the name of each center says how to move it
    this.label.textContent = message("edits.drag_hint");
    this.label.hidden = true;
    player.stage.append(this.label);
    player.picture.onChange(() => this.show(player.index));
  }

  /** @param {PlayerSession} session */
  setSession(session) {
    this.session = session;
  }

  /** @param {Run} run */
  setRun(run) {
    this.run = run;
    this.show(this.player.index);
  }

  /** Show the label at the start alone, where nothing moves and it is in nobody's way. @param {number} index */
  show(index) {
    const { player, session, run } = this;
    if (!run || !session || !player.picture.isDrawn) return;
    const isPossible = index === 0 && this.drag.canDrag && !session.compact && !player.playing;
    this.label.hidden = !isPossible || player.view.get("mode") === "predict" || hasDragged();
    if (this.label.hidden) return;
    const { toPixels, area } = player.picture.axes();
    const { centers, active } = run.steps[0];
    const places = active.map((_, j) => toPixels(centers[2 * j], centers[2 * j + 1]));
    const [left, top] = places[middlemost(places, area)];
    this.label.style.left = `${left}px`;
    this.label.style.top = `${top}px`;
  }
}
