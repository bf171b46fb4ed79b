// The elements of the player; its parts fill them.

import { CONTROLS, HELP_BUTTON, icon, LAYERS } from "./controls.js";
import { message } from "./messages.js";

const HEAD = `
<div class="km-sentence-row"><p class="km-sentence" data-spoken></p>
<div class="km-tools" role="toolbar" aria-label="${message("player.tools")}">
  <button type="button" class="km-button" data-action="share">${icon("share")}<span>${message("player.share")}</span></button>
  ${HELP_BUTTON}
</div></div>`;

/** The controls come first, for Tab leads to Next at once; the styles put them below the picture. */
const MAIN = `
<div class="km-main">
  ${CONTROLS}
  <div class="km-picture-row"><div class="km-stage" role="group" aria-describedby="km-description">
    ${LAYERS}
    <div class="km-drawing-overlay" tabindex="0" role="application" hidden></div>
    <svg class="km-strokes" aria-hidden="true"></svg>
    <span class="km-pen-status km-spoken-only" data-spoken></span>
    <button type="button" class="km-reassigned" title="${message("player.list_reassigned")}" hidden></button>
  </div><div class="km-edit-tools" role="toolbar" aria-label="${message("player.edit_tools")}"></div></div>
  <p class="km-drawing-note" data-spoken></p>
  <div class="km-choices-row">
    <div class="km-run-choices" role="group" aria-label="${message("choices.group")}" hidden></div>
    <div class="km-finish-place"></div>
  </div>
</div>`;

const SIDE = `
<div class="km-side">
  <section class="km-card km-cost-card">
  <h2>${message("player.cost")} <span class="km-cost-name"></span></h2>
  <div class="km-cost" role="img"></div>
  <div class="km-cost-notes"></div>
  <details class="km-costs"></details>
  </section>
  <section class="km-card km-clusters">
  <h2>${message("player.clusters")}</h2>
  <p class="km-clusters-note" hidden>${message("player.no_sizes")}</p>
  <table class="km-table">
    <caption class="km-visually-hidden">${message("player.table")}</caption>
    <thead><tr><th scope="col">${message("player.column_cluster")}</th><th scope="col">${message("player.column_points")}</th>
      <th scope="col">${message("player.column_change")}</th><th scope="col">${message("player.column_moved")}</th></tr></thead>
    <tbody></tbody>
  </table>
  </section>
  <div class="km-card km-inspector"></div>
  <details class="km-description"><summary>${message("description.title")}</summary><ul id="km-description"></ul></details>
</div>`;

const STATUS = '<p class="km-live km-visually-hidden" role="status"></p>';

export const TEMPLATE = `${HEAD}${MAIN}${SIDE}<div class="km-panel"></div>${STATUS}`;

/** What is below the picture, which gets the height that is left. */
export const BELOW_PICTURE = [".km-notes", ".km-drawing-note", ".km-choices-row", ".km-transport"];
