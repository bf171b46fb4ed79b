// The costs as a table: one row for each step up to the present one.

import { message } from "./messages.js";
import { amount, difference, FORMATS } from "./numbers.js";
import { stepName } from "./sentences.js";

/** @import { PlayerPart, Run, Theme } from "./types.d.ts" */

/**
 * The rows of the table: the name of each step, its cost, and the change.
 * @param {Pick<Run, "steps">} run
 * @param {number} index the last step that is listed
 * @returns {[name: string, cost: string, change: string][]}
 */
export function costRows({ steps }, index) {
  return steps.slice(0, index + 1).flatMap((step, i) => {
    const { cost } = step;
    const before = i ? steps[i - 1].cost : null;
    if (cost === null) return [];
    const change = before === null ? "–" : FORMATS.signed_amount(difference(before, cost));
    return [[stepName(step), amount(cost), change]];
  });
}

/** @implements {PlayerPart} */
export class CostTable {
  /** @type {Run | null} */
  #run = null;

  /** @param {HTMLElement} place */
  constructor(place) {
    place.innerHTML = `<summary>${message("cost.table")}</summary>
      <table class="km-cost-table"><caption class="km-visually-hidden">${message("cost.table_caption")}</caption>
      <thead><tr><th scope="col">${message("cost.step_column")}</th><th scope="col">${message("cost.cost_column")}</th>
      <th scope="col">${message("cost.change_column")}</th></tr></thead><tbody></tbody></table>`;
    this.body = /** @type {HTMLElement} */ (place.querySelector("tbody"));
  }

  /**
   * @param {Run} run
   * @param {Theme} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.#run = run;
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    if (!this.#run) return;
    const rows = costRows(this.#run, index).map(
      ([name, cost, change]) => `<tr><th scope="row">${name}</th><td>${cost}</td><td>${change}</td></tr>`,
    );
    this.body.innerHTML = rows.join("");
  }
}
