// The controls below the pictures, and what they say.

import { does, hint } from "./keys.js";
import { message } from "./messages.js";

/** @import { Phase } from "./types.d.ts" */

const SPEEDS = [0.5, 1, 2, 4];
const ICONS = {
  first: "M6 5h2.4v14H6zM19 5v14L9.400 12z",
  back: "M17 5v14L6 12z",
  play: "M7 4.500v15L19.500 12z",
  pause: "M6.500 5h4v14h-4zM13.500 5h4v14h-4z",
  next: "M7 5v14l11-7z",
  last: "M15.600 5H18v14h-2.400zM5 5v14l9.600-7z",
  share:
    "M12 2.500l5 5-1.400 1.400L13 6.300V15h-2V6.300L8.400 8.900 7 7.500zM5 11h3v2H6.500v6.500h11V13H16v-2h3.500v10.500h-15V11z",
};

/** @param {keyof typeof ICONS} name */
export const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

/** @param {"first" | "back" | "last"} action */
const iconButton = (action) =>
  `<button type="button" class="km-button" data-action="${action}" title="${hint(action)}" ` +
  `aria-label="${does(action)}">${icon(action)}</button>`;

const speedOption = (/** @type {number} */ speed) =>
  `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`;

/** The layers of a picture, from the bottom to the top; a class may add its own above. */
export const LAYERS = `
<svg class="km-cells-layer" aria-hidden="true"></svg>
<canvas class="km-point-canvas"></canvas>
<div class="km-plot"></div>
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
    <span class="km-track"><input type="range" min="0" step="1" aria-label="${message("controls.half_step")}"></span>
    <output aria-live="off"><span class="km-wide-only">${message("controls.half_step_before")} </span><span></span></output>
    <label><span class="km-wide-only">${message("controls.speed")}</span><select aria-label="${message("controls.speed")}">
      ${SPEEDS.map(speedOption).join("")}</select></label>
    <span class="km-layers" role="group" aria-label="${message("controls.layers")}">
      <label><input type="checkbox" data-layer="cells" checked>${message("controls.cells")}</label>
      <label><input type="checkbox" data-layer="trails" checked>${message("controls.trails")}</label>
    </span>
  </div>
</div>`;

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
