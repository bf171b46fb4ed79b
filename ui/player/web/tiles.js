// More points than a screen has places for, as tiles: each has the colour of the cluster that has most of its points,
// the stronger, the more points it holds. How many points there are anywhere is exact; where they are within a tile is
// not known here.

import { pixel } from "./point_canvas.js";

const FAINTEST = 0.42; // of a tile with one point, which must be seen too

/** How strong the colour of each tile is, 0..255, so that ten times the points are as much stronger anywhere. */
function strengths(counts) {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  return Uint8Array.from(
    counts,
    (count) => 255 * (FAINTEST + (1 - FAINTEST) * (Math.log(count) / Math.log(most) || 0)),
  );
}

/** The tiles of a message, with what can be known of them before anything is assigned. */
export function readTiles({ low, size, columns, numbers }) {
  const middles = new Float32Array(2 * numbers.length);
  numbers.forEach((number, tile) => {
    middles[2 * tile] = low[0] + size[0] * ((number % columns) + 0.5);
    middles[2 * tile + 1] = low[1] + size[1] * (Math.floor(number / columns) + 0.5);
  });
  return { low, size, columns, numbers, middles };
}

/** A run's groups, tile by tile: how many points each has, its tile, and where each tile's groups begin. */
export function readGroups({ perTile, counts }) {
  const starts = new Uint32Array(perTile.length + 1);
  const tileOf = new Uint32Array(counts.length);
  const held = new Uint32Array(perTile.length);
  perTile.forEach((several, tile) => {
    starts[tile + 1] = starts[tile] + several;
    tileOf.fill(tile, starts[tile], starts[tile + 1]);
  });
  counts.forEach((count, group) => (held[tileOf[group]] += count));
  return { counts, tileOf, starts, held, strengths: strengths(held) };
}

/** How many points of a tile each cluster has, `(k,)`. */
export function sharesOf({ groups, k }, labels, tile) {
  const shares = new Array(k).fill(0);
  for (let i = groups.starts[tile]; i < groups.starts[tile + 1]; i++) shares[labels[i]] += groups.counts[i];
  return shares;
}

/** The cluster that has most of each tile's points, the lowest of several. */
function leaders({ groups, k }, labels) {
  const { counts, starts, held } = groups;
  const found = new Uint8Array(held.length);
  const shares = new Uint32Array(k);
  for (let tile = 0; tile < found.length; tile++) {
    found[tile] = labels[starts[tile]];
    if (starts[tile + 1] - starts[tile] === 1) continue;
    shares.fill(0);
    for (let i = starts[tile]; i < starts[tile + 1]; i++) shares[labels[i]] += counts[i];
    for (let j = 0; j < k; j++) {
      if (shares[j] > shares[found[tile]] || (shares[j] === shares[found[tile]] && j < found[tile])) found[tile] = j;
    }
  }
  return found;
}

/**
 * Draw a half-step, with a frame around the tiles where points changed cluster.
 * @param step {labels, changed}: of the groups; null where there are none
 * @param colors of the clusters
 * @param unassigned the colour while there are no labels
 * @param outline the colour around the tiles where points changed
 */
export function paintTiles(raster, run, { labels, changed }, { colors, unassigned, outline }) {
  const rectangle = rectangles(raster, run.tiles);
  const leader = labels && leaders(run, labels);
  const { held, strengths: strong } = run.groups;
  const shades = (labels ? colors : [unassigned]).map((color) =>
    Uint32Array.from({ length: 256 }, (_, s) => pixel(color, s)),
  );
  const fill = (tile) => rectangle(tile, shades[leader ? leader[tile] : 0][strong[tile]]);
  for (let tile = 0; tile < held.length; tile++) fill(tile);
  const tiles = new Set((changed ?? []).map((group) => run.groups.tileOf[group]));
  const frame = pixel(outline);
  for (const tile of tiles) rectangle(tile, frame, Math.round(raster.scale));
  tiles.forEach(fill); // so that the frame is around them all together
}

/** What fills a tile, or a frame of some pixels around it: neighbours meet without a gap at any zoom. */
function rectangles({ pixels, width, bounds: [left, top, right, bottom], x, y }, { low, size, columns, numbers }) {
  const edges = (to, axis) =>
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
