// Points as tiles, where they are more than a screen has places for. A tile has the color of the cluster that has most of
// its points, and the more points it holds, the stronger the color. Counts are exact; places within a tile are unknown.

import { pixel } from "./point_canvas.js";

/** @import { GroupFacts, TileFacts } from "./wire.d.ts" */
/** @import { Groups, Raster, Run, Step, Tiles, WithArrays } from "./types.d.ts" */

/** Opacity of a tile with one point, which must be visible too. */
const MIN_STRENGTH = 0.42;

/**
 * Return how strong the color of each tile is, 0 to 255, on a logarithmic scale.
 * @param {Uint32Array} counts points of each tile
 */
function strengths(counts) {
  const largest = counts.reduce((a, b) => Math.max(a, b), 1);
  const share = (/** @type {number} */ count) => Math.log(count) / Math.log(largest) || 0;
  return Uint8Array.from(counts, (count) => 255 * (MIN_STRENGTH + (1 - MIN_STRENGTH) * share(count)));
}

/**
 * Return the tiles of a message, with their middles.
 * @param {WithArrays<TileFacts>} facts
 * @returns {Tiles}
 */
export function readTiles({ low, size, columns, numbers }) {
  const middles = new Float32Array(2 * numbers.length);
  numbers.forEach((number, tile) => {
    middles[2 * tile] = low[0] + size[0] * ((number % columns) + 0.5);
    middles[2 * tile + 1] = low[1] + size[1] * (Math.floor(number / columns) + 0.5);
  });
  return { low, size, columns, numbers, middles };
}

/**
 * Return the groups of a message, with where they are.
 * @param {WithArrays<GroupFacts>} facts
 * @returns {Groups}
 */
export function readGroups({ perTile, counts }) {
  const starts = new Uint32Array(perTile.length + 1);
  const tileOf = new Uint32Array(counts.length);
  const totals = new Uint32Array(perTile.length);
  perTile.forEach((several, tile) => {
    starts[tile + 1] = starts[tile] + several;
    tileOf.fill(tile, starts[tile], starts[tile + 1]);
  });
  counts.forEach((count, group) => (totals[tileOf[group]] += count));
  return { counts, tileOf, starts, totals, strengths: strengths(totals) };
}

/**
 * Return how many points of a tile each cluster has, `(k,)`.
 * @param {{ groups?: Groups, k: number }} run
 * @param {Uint8Array} labels of the groups
 * @param {number} tile
 * @returns {number[]}
 */
export function sharesOf({ groups, k }, labels, tile) {
  const shares = new Array(k).fill(0);
  if (!groups) return shares;
  for (let i = groups.starts[tile]; i < groups.starts[tile + 1]; i++) shares[labels[i]] += groups.counts[i];
  return shares;
}

/**
 * Return the cluster that has most points of each tile, the one with the lowest index of several.
 * @param {Groups} groups
 * @param {number} k
 * @param {Uint8Array} labels of the groups
 */
export function leadersOf(groups, k, labels) {
  const { starts, totals } = groups;
  return Uint8Array.from(totals, (_, tile) => {
    if (starts[tile + 1] - starts[tile] === 1) return labels[starts[tile]];
    const shares = sharesOf({ groups, k }, labels, tile);
    return shares.indexOf(Math.max(...shares));
  });
}

/**
 * Draw a step, with a frame around the tiles where points switched cluster.
 * @param {Raster} raster
 * @param {Run} run a run with tiles
 * @param {Pick<Step, "labels" | "changed">} step
 * @param {{ colors: string[], unassigned: string, outline: string }} colors of clusters, of tiles while there are no
 *   labels, and of frames
 */
export function paintTiles(raster, run, { labels, changed }, { colors, unassigned, outline }) {
  const { tiles, groups } = run;
  if (!tiles || !groups) return;
  const rectangle = rectangles(raster, tiles);
  const leaders = labels && leadersOf(groups, run.k, labels);
  const shades = (labels ? colors : [unassigned]).map((color) =>
    Uint32Array.from({ length: 256 }, (_, strength) => pixel(color, strength)),
  );
  const fill = (/** @type {number} */ tile) =>
    rectangle(tile, shades[leaders ? leaders[tile] : 0][groups.strengths[tile]]);
  for (let tile = 0; tile < groups.totals.length; tile++) fill(tile);
  const framed = new Set((changed ?? []).map((group) => groups.tileOf[group]));
  const frame = pixel(outline);
  for (const tile of framed) rectangle(tile, frame, Math.round(raster.scale));
  framed.forEach(fill); // so that neighboring tiles share one frame
}

/**
 * Return a function that fills a tile, or a frame of some pixels around it. Neighbors meet without a gap at any zoom.
 * @param {Raster} raster
 * @param {Tiles} tiles
 * @returns {(tile: number, color: number, frame?: number) => void}
 */
function rectangles({ pixels, width, bounds: [left, top, right, bottom], x, y }, { low, size, columns, numbers }) {
  const edges = (/** @type {(value: number) => number} */ to, /** @type {0 | 1} */ axis) =>
    Int32Array.from({ length: columns + 1 }, (_, i) => Math.round(to(low[axis] + i * size[axis])));
  const [xs, ys] = [edges(x, 0), edges(y, 1)];
  return (tile, color, frame = 0) => {
    const column = numbers[tile] % columns;
    const row = Math.floor(numbers[tile] / columns);
    const x0 = Math.max(left, xs[column] - frame);
    // A tile that is smaller than a pixel has one all the same.
    const x1 = Math.min(right, Math.max(xs[column + 1], xs[column] + 1) + frame);
    const y0 = Math.max(top, ys[row + 1] - frame);
    const y1 = Math.min(bottom, Math.max(ys[row], ys[row + 1] + 1) + frame);
    for (let at = y0; x0 < x1 && at < y1; at++) pixels.fill(color, at * width + x0, at * width + x1);
  };
}
