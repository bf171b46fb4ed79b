// The numbers that a cost chart draws: changes, line segments, and ranges. Pure.

/** @import { OtherCost, Phase, Range, Step } from "./types.d.ts" */

/** @typedef {(number | null)[]} Costs one for each step; null before the first assign */

const MARGIN = 0.06; // of the height, above and below the lines

/** @param {Pick<Step, "cost">[]} steps */
export const costsOf = (steps) => steps.map(({ cost }) => cost);

/**
 * The costs that are there.
 * @param {Costs} costs
 */
export const numbersOf = (costs) => costs.filter((cost) => cost !== null);

/**
 * How much each kind of step changed the cost, the first assign aside, which gives the first cost.
 * @param {Pick<Step, "cost" | "phase">[]} steps
 */
export function changesByPhase(steps) {
  const changes = { init: 0, assign: 0, refine: 0, move: 0 };
  steps.forEach(({ phase, cost }, i) => {
    const before = i > 1 ? steps[i - 1].cost : null;
    if (before !== null) changes[phase] += (cost ?? 0) - before;
  });
  return changes;
}

/**
 * The steps of a phase that have a cost.
 * @param {Pick<Step, "cost" | "phase">[]} steps
 * @param {Phase} phase
 */
export const stepsOfPhase = (steps, phase) =>
  steps.flatMap((step, i) => (step.phase === phase && step.cost !== null ? [i] : []));

/**
 * One line in pieces, each from the step before to a step.
 * @param {Costs} costs
 * @param {number[]} steps
 * @returns {{x: (number | null)[], y: Costs}}
 */
export const segments = (costs, steps) => ({
  x: steps.flatMap((i) => [i - 1, i, null]),
  y: steps.flatMap((i) => [costs[i - 1], costs[i], null]),
});

/**
 * Plotly's format of an axis: thousands and millions by their letter; smaller costs as they are, since nobody reads
 * "400m" as 0.4.
 * @param {Costs} costs
 */
export const tickFormat = (costs) => (Math.max(...numbersOf(costs), 0) >= 1000 ? "~s" : "");

/**
 * All costs from zero up: the same at every step, so that the curve stands still, and does not tell how low it will fall.
 * @param {Costs} costs
 * @returns {Range}
 */
export const rangeOfCosts = (costs) => [0, (1 + MARGIN) * Math.max(...numbersOf(costs), 0) || 1];

/**
 * Ranges of two axes on which equal heights are equal shares of the first assign's cost.
 * @param {Costs} costs
 * @param {Costs} other the same run's, by another rule
 * @returns {[Range, Range] | null} null if a first cost is 0
 */
export function sharedRanges(costs, other) {
  const lines = [costs, other].map((line) => line.slice(1).map((cost) => cost ?? 0));
  if (lines.some(([first]) => !first)) return null;
  const shares = lines.flatMap((line) => line.map((cost) => cost / line[0]));
  const high = (1 + MARGIN) * Math.max(...shares);
  const [left, right] = lines.map(([first]) => /** @type {Range} */ ([0, high * first]));
  return [left, right];
}

/**
 * The other cost that the visitor wants to see; a link may name the run's own rule, which is not another one.
 * @param {OtherCost[]} others
 * @param {string | null} rule
 */
export const otherCostNamed = (others, rule) => others.find((other) => other.rule === rule) ?? null;
