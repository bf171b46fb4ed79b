// The part of the plane that a run needs.

/** @import { Range, Run } from "./types.d.ts" */

const MARGIN = 0.05; // of the data's extent, on each side

/**
 * The lowest and highest value of a feature over the points and all centers, with a margin.
 * @param {Run} run
 * @param {number} feature 0 or 1, of the drawn places
 * @returns {Range}
 */
export function rangeOf(run, feature) {
  let [low, high] = [Infinity, -Infinity];
  // Runs side by side show the same part of the plane.
  const steps = (run.siblings ?? [run]).flatMap((sibling) => sibling.steps);
  for (const values of [run.points, ...steps.map(({ centers }) => centers)]) {
    for (let i = feature; i < values.length; i += 2) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  const margin = high > low ? (high - low) * MARGIN : Math.max(1, Math.abs(low)) / 2;
  return [low - margin, high + margin];
}
