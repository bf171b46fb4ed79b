// Where the centers of a step are and how far they moved.

/** @import { Place, Run, Step } from "./types.d.ts" */

/**
 * Where a center is drawn.
 * @param {ArrayLike<number>} centers `(2k,)`
 * @param {number} cluster
 * @returns {Place}
 */
export const centerAt = (centers, cluster) => [centers[2 * cluster], centers[2 * cluster + 1]];

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
  const [to, from] = [step, before].map((each) => coordinatesOf(run, each, cluster));
  return Math.hypot(...to.map((coordinate, axis) => coordinate - from[axis]));
}
