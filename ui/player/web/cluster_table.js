// Beside the picture: the clusters in numbers, and how long it took.

import { swatch } from "./symbols.js";
import { amount, duration, signed, whole } from "./numbers.js";

/** One row a cluster: how many points it has, how many it won or lost, how far its center moved. */
export class ClusterTable {
  constructor(body) {
    this.body = body;
  }

  setRun(run, theme, index) {
    this.run = run;
    this.body.innerHTML = Array.from(
      { length: run.k },
      (_, j) =>
        `<tr><th scope="row">${swatch(run, theme, j)}<span>${j + 1}</span></th><td></td><td></td><td></td></tr>`,
    ).join("");
    this.show(index);
  }

  show(index) {
    const { steps, k } = this.run;
    const step = steps[index];
    const before = steps[index - 1];
    const compared = step.phase === "assign" && before?.sizes;
    for (let j = 0; j < k; j++) {
      const [points, change, moved] = this.body.rows[j].querySelectorAll("td");
      points.textContent = step.sizes && step.active[j] ? whole(step.sizes[j]) : "–";
      change.textContent = compared && step.active[j] ? signed(step.sizes[j] - before.sizes[j]) : "–";
      moved.textContent = step.phase === "refine" && before.active[j] ? amount(moveOf(this.run, step, before, j)) : "–";
      this.body.rows[j].classList.toggle("km-empty", Boolean(step.sizes) && step.sizes[j] === 0);
    }
  }
}

/** How far a center went, in all features. */
export function moveOf({ features }, step, before, j) {
  const [to, from] = [step, before].map(({ centerCoordinates, centers }) => centerCoordinates ?? centers);
  return Math.hypot(
    ...Array.from({ length: features }, (_, axis) => to[features * j + axis] - from[features * j + axis]),
  );
}

/** How long the half-step took, and on what. */
export class Timing {
  constructor(element) {
    this.element = element;
  }

  setRun(run, theme, index) {
    this.run = run;
    this.total = run.steps.reduce((sum, { seconds }) => sum + seconds, 0);
    this.show(index);
  }

  show(index) {
    const [here, all] = [this.run.steps[index].seconds, this.total].map(duration);
    this.element.textContent = `Computed by ${this.run.backend}: this half-step in ${here}, the whole run in ${all}.`;
  }
}
