// The runs' numbers over the lines of a chart of their costs. Pure.

/** @import { Theme } from "./types.d.ts" */

/** @typedef {{at: number, cost: number, name: number}} LabelPlace a run's half-step, its cost, and its number */

/**
 * Join places whose numbers would overlap, from the top.
 * @param {{at: number, cost: number | null}[]} places of the runs, in their order
 * @param {(place: LabelPlace, other: LabelPlace) => boolean} isNear
 */
export function labelGroups(places, isNear) {
  /** @type {LabelPlace[][]} */
  const groups = [];
  const named = places.flatMap(({ at, cost }, i) => (cost === null ? [] : [{ at, cost, name: i + 1 }]));
  for (const place of named.sort((a, b) => b.cost - a.cost)) {
    const group = groups.find((members) => members.some((member) => isNear(member, place)));
    if (group) group.push(place);
    else groups.push([place]);
  }
  return groups;
}

/**
 * Plotly's annotations: a number beside each run's place, and one for several where these are near each other.
 * @param {{at: number, cost: number | null}[]} places of the runs, in their order
 * @param {{x: number, y: number}} pixels of one half-step, and of one unit of cost
 * @param {number} height of a number in pixels
 * @param {Theme} theme
 */
export function runNumberLabels(places, pixels, height, theme) {
  const isNear = (/** @type {LabelPlace} */ a, /** @type {LabelPlace} */ b) =>
    Math.abs(a.at - b.at) * pixels.x < 1.5 * height && Math.abs(a.cost - b.cost) * pixels.y < 0.9 * height;
  return labelGroups(places, isNear).map((group) => ({
    x: Math.max(...group.map(({ at }) => at)),
    y: (group[0].cost + group[group.length - 1].cost) / 2,
    xanchor: "left",
    xshift: 9 * theme.scale,
    text: group.map(({ name }) => name).join(", "),
    showarrow: false,
    bgcolor: theme.background,
    borderpad: 0,
    font: { color: theme.text },
  }));
}
