// The elements of the player; its parts fill them.

import { CONTROLS, HELP_BUTTON, icon, LAYERS } from "./controls.js";
import { message } from "./messages.js";

const HEAD = `
<div class="km-sentence-row"><p class="km-sentence km-live" role="status"></p>
<div class="km-tools" role="toolbar" aria-label="${message("player.tools")}">
  <button type="button" class="km-button" data-action="share">${icon("share")}<span>${message("player.share")}</span></button>
  ${HELP_BUTTON}
</div></div>`;

const MAIN = `
<div class="km-main">
  <div class="km-picture-row"><div class="km-stage" role="group">
    ${LAYERS}
    <div class="km-drawing-overlay" tabindex="0" role="application" hidden></div>
    <svg class="km-strokes" aria-hidden="true"></svg>
    <span class="km-pen-status km-visually-hidden" role="status"></span>
    <button type="button" class="km-reassigned" title="${message("player.list_reassigned")}" hidden></button>
  </div><div class="km-edit-tools" role="toolbar" aria-label="${message("player.edit_tools")}"></div></div>
  <p class="km-drawing-note"></p>
  ${CONTROLS}
</div>`;

const SIDE = `
<div class="km-side">
  <h2>${message("player.cost")} <span class="km-cost-name"></span></h2>
  <div class="km-cost" role="img"></div>
  <div class="km-cost-notes"></div>
  <table class="km-table">
    <caption class="km-visually-hidden">${message("player.table")}</caption>
    <thead><tr><th scope="col">${message("player.column_cluster")}</th><th scope="col">${message("player.column_points")}</th>
      <th scope="col">${message("player.column_change")}</th><th scope="col">${message("player.column_moved")}</th></tr></thead>
    <tbody></tbody>
  </table>
  <div class="km-inspector"></div>
  <p class="km-timing"></p>
</div>`;

export const TEMPLATE = `${HEAD}${MAIN}${SIDE}<div class="km-panel"></div>`;

/** What is below the picture, which gets the height that is left. */
export const BELOW_PICTURE = [".km-notes", ".km-drawing-note", ".km-transport"];
