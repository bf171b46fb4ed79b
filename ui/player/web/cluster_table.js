// Beside the picture: the clusters in numbers.

import { moveLength } from "./center_geometry.js";
import { amount, signed, whole } from "./numbers.js";
import { namedSwatch } from "./shapes.js";

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
   * @param {Theme} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.#run = run;
    const rows = Array.from(
      { length: run.k },
      (_, cluster) => `<tr><th scope="row">${namedSwatch(run, cluster)}</th>` + "<td></td><td></td><td></td></tr>",
    );
    this.body.innerHTML = rows.join("");
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    const run = this.#run;
    if (!run) return;
    const section = this.body.closest(".km-clusters");
    const hasSizes = Boolean(run.steps[index].sizes);
    section?.classList.toggle("km-without-sizes", !hasSizes);
    section?.querySelector(".km-clusters-note")?.toggleAttribute("hidden", hasSizes);
    for (let cluster = 0; cluster < run.k; cluster++) {
      const row = this.body.rows[cluster];
      const texts = clusterNumbers(run, index, cluster);
      row.querySelectorAll("td").forEach((cell, column) => (cell.textContent = texts[column]));
      row.classList.toggle("km-empty", run.steps[index].sizes?.[cluster] === 0);
    }
  }
}
