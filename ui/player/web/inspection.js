// What can be known of one point, tile, or center of a run: distances, reassignments, and shares of the cost. Pure.

import { coordinatesOf } from "./center_geometry.js";

/** @import { Axes, Run, Selection, Step } from "./types.d.ts" */

/** @typedef {{cluster: number, distance: number}} CenterDistance */

const CLICK_RADIUS = 14; // pixels: a point farther from a click is not meant
const KINDS = /** @type {Record<string, Selection["kind"]>} */ ({ p: "point", t: "tile", c: "center" });

/**
 * What a link's text selects, such as "p17", the point of number 17.
 * @param {string | null} text
 * @returns {Selection | null}
 */
export function parseSelection(text) {
  const match = /^([ptc])(\d{1,7})$/.exec(text ?? "");
  if (!match) return null;
  return { kind: KINDS[match[1]], index: Number(match[2]) - 1 };
}

/** @param {Selection} selection */
export const selectionText = ({ kind, index }) => `${kind[0]}${index + 1}`;

/**
 * The drawn things that can be selected beside the centers: points or, where they are too many, tiles.
 * @param {Run} run
 * @returns {"point" | "tile"}
 */
export const selectableKind = (run) => (run.tiles ? "tile" : "point");

/**
 * @param {Run} run
 * @param {Selection | null} selection
 */
export function isInRun(run, selection) {
  if (!selection) return false;
  const count =
    selection.kind === "center" ? run.k : selection.kind === selectableKind(run) ? run.points.length / 2 : 0;
  return selection.index >= 0 && selection.index < count;
}

/**
 * The drawn point or tile nearest to a place of the picture.
 * @param {Run} run
 * @param {Axes} axes
 * @param {number} left in pixels
 * @param {number} top in pixels
 * @returns {number | null} null if none is near
 */
export function itemNear({ points, tiles }, { toPixels }, left, top) {
  // The distance to a tile begins at its edges, which are far from its middle when the view is small.
  const [zero, size] = [toPixels(0, 0), tiles ? toPixels(tiles.size[0], tiles.size[1]) : toPixels(0, 0)];
  const [width, height] = [0, 1].map((axis) => Math.abs(size[axis] - zero[axis]) / 2);
  let least = CLICK_RADIUS;
  let nearest = null;
  for (let i = 0; i < points.length / 2; i++) {
    const [x, y] = toPixels(points[2 * i], points[2 * i + 1]);
    const distance = Math.hypot(Math.max(0, Math.abs(x - left) - width), Math.max(0, Math.abs(y - top) - height));
    if (distance < least) [least, nearest] = [distance, i];
  }
  return nearest;
}

/**
 * The distance of a point to a center, in all features, by the run's metric.
 * @param {Run} run with the coordinates of its points
 * @param {Step} step
 * @param {number} point
 * @param {number} cluster
 */
export function distanceTo(run, step, point, cluster) {
  const { coordinates, features, rule } = run;
  if (!coordinates) return NaN;
  const differences = coordinatesOf(run, step, cluster).map((center, axis) =>
    Math.abs(coordinates[features * point + axis] - center),
  );
  return rule.metric === "manhattan"
    ? differences.reduce((sum, difference) => sum + difference, 0)
    : Math.sqrt(differences.reduce((sum, difference) => sum + difference * difference, 0));
}

/**
 * The centers that take part, the nearest first, ties to the lowest index.
 * @param {Run} run with the coordinates of its points
 * @param {Step} step
 * @param {number} point
 * @returns {CenterDistance[]}
 */
export function centersByDistance(run, step, point) {
  return step.active
    .flatMap((isActive, cluster) => (isActive ? [{ cluster, distance: distanceTo(run, step, point, cluster) }] : []))
    .sort((a, b) => a.distance - b.distance || a.cluster - b.cluster);
}

/**
 * The last time, up to a step, that a point switched cluster.
 * @param {Run} run
 * @param {number} index
 * @param {number} point
 * @returns {{index: number, from: number, to: number} | null}
 */
export function lastReassignment({ steps }, index, point) {
  for (let i = index; i > 0; i--) {
    const [from, to] = [steps[i - 1].labels?.[point], steps[i].labels?.[point]];
    if (from !== undefined && to !== undefined && from !== to) return { index: i, from, to };
  }
  return null;
}

/**
 * The last time, up to a step, that points of a tile switched cluster.
 * @param {Run} run with tiles
 * @param {number} index
 * @param {number} tile
 * @returns {{index: number, count: number} | null}
 */
export function lastReassignmentIn({ steps, groups }, index, tile) {
  if (!groups) return null;
  const [start, end] = [groups.starts[tile], groups.starts[tile + 1]];
  for (let i = index; i > 0; i--) {
    const [before, after] = [steps[i - 1].labels, steps[i].labels];
    let count = 0;
    for (let group = start; before && after && group < end; group++) {
      if (before[group] !== after[group]) count += groups.counts[group];
    }
    if (count) return { index: i, count };
  }
  return null;
}

/**
 * A cluster's part of the cost. With tiles, every point counts as if it were in the middle of its tile.
 * @param {Run} run with the coordinates of its points
 * @param {Step} step with labels
 * @param {number} cluster
 */
export function costShare(run, step, cluster) {
  const { groups, rule } = run;
  let [part, all] = [0, 0];
  step.labels?.forEach((label, i) => {
    const distance = distanceTo(run, step, groups ? groups.tileOf[i] : i, label);
    const cost = (rule.name === "mean" ? distance * distance : distance) * (groups ? groups.counts[i] : 1);
    all += cost;
    if (label === cluster) part += cost;
  });
  return { part, all };
}

/**
 * A step's reassigned points, or the tiles' groups of them, those with the most points first.
 * @param {Run} run
 * @param {Step} step
 */
export function reassignedItems({ groups }, { changed }) {
  const items = [...(changed ?? [])];
  return groups ? items.sort((a, b) => groups.counts[b] - groups.counts[a]) : items;
}

/**
 * Whether a note over the picture covers fewer of these places at the top than at the bottom.
 * @param {number[]} tops of the places
 * @param {{top: number, height: number}} note at the bottom; all in pixels, with a margin
 */
export function isTopFreer(tops, { top, height }) {
  const below = tops.filter((place) => place > top).length;
  const above = tops.filter((place) => place < height).length;
  return height < top && below > above;
}
