// Beside the picture: the clusters in numbers, and how long the run took.

import { moveLength } from "./center_geometry.js";
import { message } from "./messages.js";
import { amount, signed, whole } from "./numbers.js";
import { swatch } from "./shapes.js";

/** @import { PlayerPart, Run, Theme } from "./types.d.ts" */

const NOTHING = "–";

/**
 * What the table says of a cluster after a step: its points, how many more than before, and how far its center moved.
 * @param {Run} run
 * @param {number} index
 * @param {number} cluster
 * @returns {[points: string, change: string, move: string]}
 */
export function clusterNumbers(run, index, cluster) {
  const [step, before] = [run.steps[index], run.steps[index - 1]];
  const isActive = step.active[cluster];
  const [size, sizeBefore] = [step.sizes?.[cluster], before?.sizes?.[cluster]];
  const isCompared = step.phase === "assign" && isActive && size !== undefined && sizeBefore !== undefined;
  const isMoved = step.phase === "refine" && before.active[cluster];
  return [
    size !== undefined && isActive ? whole(size) : NOTHING,
    isCompared ? signed(size - sizeBefore) : NOTHING,
    isMoved ? amount(moveLength(run, step, before, cluster)) : NOTHING,
  ];
}

/**
 * A row for each cluster.
 * @implements {PlayerPart}
 */
export class ClusterTable {
  /** @type {Run | null} */
  #run = null;

  /** @param {HTMLTableSectionElement} body */
  constructor(body) {
    this.body = body;
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   * @param {number} index
   */
  setRun(run, theme, index) {
    this.#run = run;
    const rows = Array.from(
      { length: run.k },
      (_, cluster) =>
        `<tr><th scope="row">${swatch(run, theme, cluster)}<span>${cluster + 1}</span></th>` +
        "<td></td><td></td><td></td></tr>",
    );
    this.body.innerHTML = rows.join("");
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    const run = this.#run;
    if (!run) return;
    for (let cluster = 0; cluster < run.k; cluster++) {
      const row = this.body.rows[cluster];
      const texts = clusterNumbers(run, index, cluster);
      row.querySelectorAll("td").forEach((cell, column) => (cell.textContent = texts[column]));
      row.classList.toggle("km-empty", run.steps[index].sizes?.[cluster] === 0);
    }
  }
}

/**
 * How long a step took, on which backend.
 * @implements {PlayerPart}
 */
export class Timing {
  /** @type {Run | null} */
  #run = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
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
    const { steps, backend } = this.#run;
    const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
    this.element.textContent = message("clusters.timing", { backend, step: steps[index].seconds, run: total });
  }
}
