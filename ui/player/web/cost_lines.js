// The numbers of a chart with the costs of several runs. Pure.

import { costsOf, numbersOf } from "./cost_data.js";

/** @import { Costs } from "./cost_data.js" */
/** @import { Range, Run } from "./types.d.ts" */

/** Where a run is: its number from 1, its step, and its cost there. @typedef {{ run: number, at: number, cost: number | null }} RunPlace */
/** The same where there is a cost. @typedef {{ run: number, at: number, cost: number }} PricedPlace */

const MARGIN = 0.09; // of the height; more above, for the numbers of the runs

/**
 * Return the costs of runs after every step. Costs that cannot be compared become shares of the run's first cost.
 * @param {Run[]} runs
 * @param {boolean} sameScale
 * @returns {{ lines: Costs[], areShares: boolean }}
 */
export function costLines(runs, sameScale) {
  const initial = runs.map(({ steps }) => steps[1]?.cost);
  // There are no shares of a cost that is zero.
  const areShares = !sameScale && initial.every(Boolean);
  const lines = runs.map(({ steps }, i) =>
    costsOf(steps).map((cost) => (areShares && cost !== null ? cost / (initial[i] ?? 1) : cost)),
  );
  return { lines, areShares };
}

/**
 * Return the costs up to a step: the future would tell which run ends at the lower cost.
 * @param {Costs[]} lines
 * @param {number} index
 */
export const linesUpTo = (lines, index) => lines.map((line) => line.slice(0, index + 1));

/** @param {Costs[]} lines */
export const lastStep = (lines) => Math.max(...lines.map((line) => line.length - 1));

/**
 * Return where each run is at a step: a shorter run stays at its end.
 * @param {Costs[]} lines
 * @param {number} index
 * @returns {RunPlace[]}
 */
export const placesAt = (lines, index) =>
  lines.map((line, i) => {
    const at = Math.min(index, line.length - 1);
    return { run: i + 1, at, cost: line[at] };
  });

/**
 * Return the range of the costs, with margins.
 * @param {Costs[]} lines
 * @returns {Range}
 */
export function costRange(lines) {
  const costs = numbersOf(lines.flat());
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const margin = MARGIN * (high - low) || high / 2 || 1;
  return [Math.max(0, low - margin), high + 1.6 * margin];
}

/**
 * Return the places that have a cost in groups of those that are close to each other, the highest first.
 * @param {RunPlace[]} places
 * @param {{ perStep: number, perCost: number, line: number }} pixels of a step, of a unit of cost, and of a line of text
 */
export function closePlaces(places, { perStep, perCost, line }) {
  const isClose = (/** @type {PricedPlace} */ first, /** @type {PricedPlace} */ second) =>
    Math.abs(first.at - second.at) * perStep < 1.5 * line && Math.abs(first.cost - second.cost) * perCost < 0.9 * line;
  const priced = places.flatMap((place) => (place.cost === null ? [] : [{ ...place, cost: place.cost }]));
  /** @type {PricedPlace[][]} */
  const groups = [];
  for (const place of priced.sort((a, b) => b.cost - a.cost)) {
    const group = groups.find((members) => members.some((member) => isClose(member, place)));
    if (group) group.push(place);
    else groups.push([place]);
  }
  return groups;
}
