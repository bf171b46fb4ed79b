// Where the centers of a step are, how far they moved, and how distances in the picture compare.

/** @import { Metric, Place, Run, Step } from "./types.d.ts" */

/**
 * Where a center is drawn.
 * @param {ArrayLike<number>} centers `(2k,)`
 * @param {number} cluster
 * @returns {Place}
 */
export const centerAt = (centers, cluster) => [centers[2 * cluster], centers[2 * cluster + 1]];

/**
 * A distance in the picture, for comparisons only: Euclidean ones are squared, as in Python, so that ties are the same.
 * @param {number} dx
 * @param {number} dy
 * @param {Metric} metric
 */
export const comparableDistance = (dx, dy, metric) =>
  metric === "manhattan" ? Math.abs(dx) + Math.abs(dy) : dx * dx + dy * dy;

/**
 * The coordinates of a center, in all features.
 * @param {Pick<Run, "features">} run
 * @param {Step} step
 * @param {number} cluster
 */
export const coordinatesOf = ({ features }, step, cluster) =>
  Array.from((step.centerCoordinates ?? step.centers).subarray(features * cluster, features * (cluster + 1)));

/**
 * How far a center moved, in all features.
 * @param {Pick<Run, "features">} run
 * @param {Step} step
 * @param {Step} before
 * @param {number} cluster
 */
export function moveLength(run, step, before, cluster) {
  const [to, from] = [step, before].map((moment) => coordinatesOf(run, moment, cluster));
  return Math.hypot(...to.map((coordinate, axis) => coordinate - from[axis]));
}
