// The controls below the pictures, and what they say.

import { does, hint } from "./keys.js";
import { message } from "./messages.js";
import palette from "./palette.js";

/** @import { Phase } from "./types.d.ts" */

const SPEEDS = [0.5, 1, 2, 4];
const MAX_TICKS = 60; // 5 pixels apart on a phone

/** @param {keyof typeof palette.icons} name */
export const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${palette.icons[name]}"/></svg>`;

/** @param {"first" | "back" | "last"} action */
const iconButton = (action) =>
  `<button type="button" class="km-button" data-action="${action}" title="${hint(action)}" ` +
  `aria-label="${does(action)}">${icon(action)}</button>`;

const speedOption = (/** @type {number} */ speed) =>
  `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`;

/** The layers of a picture, from the bottom to the top; a class may add its own above. */
export const LAYERS = `
<svg class="km-cells-layer" aria-hidden="true"></svg>
<div class="km-plot"></div>
<canvas class="km-point-canvas"></canvas>
<canvas class="km-fade"></canvas>
<svg class="km-centers-layer"></svg>`;

/** The button that opens the help. */
export const HELP_BUTTON = `<button type="button" class="km-button" data-action="help" title="${hint("help")}"
  aria-label="${message("controls.help")}">?</button>`;

export const CONTROLS = `
<div class="km-transport" role="group" aria-label="${message("controls.steps")}">
  <div class="km-buttons">
    ${iconButton("first")}
    ${iconButton("back")}
    <button type="button" class="km-button km-play" data-action="play" title="${hint("play")}"></button>
    <button type="button" class="km-button km-next" data-action="next" title="${hint("next")}"></button>
    ${iconButton("last")}
  </div>
  <div class="km-scrub">
    <span class="km-track"><svg class="km-ticks" preserveAspectRatio="none" aria-hidden="true"></svg><input type="range" min="0" step="1" aria-label="${message("controls.step")}"></span>
    <output aria-live="off"><span class="km-wide-only">${message("controls.step_before")} </span><span></span></output>
    <label><span class="km-wide-only">${message("controls.speed")}</span><select aria-label="${message("controls.speed")}">
      ${SPEEDS.map(speedOption).join("")}</select></label>
    <span class="km-layers" role="group" aria-label="${message("controls.layers")}">
      <label><input type="checkbox" data-layer="cells" checked>${message("controls.cells")}</label>
      <label><input type="checkbox" data-layer="trails" checked>${message("controls.trails")}</label>
      <label title="${message("distances.layer_title")}"><input type="checkbox" data-layer="squares">${message("distances.layer")}</label>
    </span>
  </div>
</div>`;

/**
 * Return a tick at every assign and refine, in the accent of its phase, as what an SVG holds that is `last` wide; ""
 * where they would be too close.
 * @param {Phase[]} phases of all steps
 */
export function phaseTicks(phases) {
  if (phases.length > MAX_TICKS) return "";
  return ["assign", "refine"]
    .map((phase) => {
      const ticks = phases.flatMap((stepPhase, index) => (stepPhase === phase ? [`M${index} 0V1`] : []));
      return `<path data-accent="${phase}" d="${ticks.join("")}"/>`;
    })
    .join("");
}

/**
 * Return what a control says at a step.
 * @param {{ index: number, last: number, lastVisible: number, placeName: string, coming: Phase | "half-step" | null,
 *   continues: boolean, isPlaying: boolean }} state
 */
export function controlTexts({ index, last, lastVisible, placeName, coming, continues, isPlaying }) {
  const isWhole = lastVisible === last;
  const next = coming ? "step" : continues ? "continue" : "restart";
  return {
    place: message("controls.place", { index, last, is_whole: isWhole }),
    spokenPlace: message("controls.spoken_place", { index, last, is_whole: isWhole, name: placeName }),
    next: message("controls.next_button", { kind: next, phase: coming ?? "" }),
    nextIcon: /** @type {"first" | "next"} */ (next === "restart" ? "first" : "next"),
    play: message("controls.play_button", { kind: isPlaying ? "pause" : index === last ? "again" : "play" }),
  };
}
