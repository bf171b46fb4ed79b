// Lines from points to their centers, and the squares on them: what the cost adds up.

import { centerAt } from "./center_geometry.js";
import { message } from "./messages.js";

/** @import { Axes, Place, Run, Selection } from "./types.d.ts" */

/** More would cover each other. */
export const MAX_LINES = 60;
/** Squares that begin at one center overlap, so more could not be told apart. */
export const MAX_SQUARES = 12;

/** @typedef {"none" | "squares" | "lines" | "scales"} DistanceKind */

/**
 * Return what can be drawn of a run's distances: lines alone where the cost adds up no squares ("lines"), or where the
 * axes have different scales, so that a square in the data is none on the screen ("scales"). A projection does not keep
 * distances, and tiles are not single points.
 * @param {Pick<Run, "features" | "tiles" | "rule" | "equalUnits">} run
 * @returns {DistanceKind}
 */
export function distanceKind({ features, tiles, rule, equalUnits }) {
  if (features > 2 || tiles) return "none";
  if (rule.name !== "mean") return "lines";
  return equalUnits ? "squares" : "scales";
}

/**
 * Return at most `most` of the points, evenly spaced.
 * @param {number[]} points
 * @param {number} most
 */
function spread(points, most) {
  const length = Math.min(most, points.length);
  return Array.from({ length }, (_, i) => points[Math.floor((i * points.length) / length)]);
}

/**
 * Return points to draw lines from, evenly spaced among all of them, or among those of the selected center's cluster;
 * and those of them that get a square: all of a few, some of a selected cluster, or else a typical one of each cluster.
 * @param {Pick<Run, "points" | "k">} run
 * @param {Uint8Array | null} labels
 * @param {Selection | null} selection
 */
export function drawnPoints({ points, k }, labels, selection) {
  const cluster = selection?.kind === "center" ? selection.index : null;
  const members = Array.from(labels ?? [], (_, point) => point).filter(
    (point) => cluster === null || labels?.[point] === cluster,
  );
  const lines = spread(members, MAX_LINES);
  const areTypical = Boolean(labels) && cluster === null && members.length > MAX_SQUARES;
  const squares = areTypical && labels ? typicalPoints(points, labels, k) : spread(lines, MAX_SQUARES);
  return { lines: [...new Set([...lines, ...squares])], squares, cluster, areTypical };
}

/**
 * Return the point of each cluster whose squared distance to the middle of the cluster is nearest to the average one.
 * Centers do not matter, so that the same points have squares while centers move.
 * @param {ArrayLike<number>} points
 * @param {Uint8Array} labels
 * @param {number} k
 */
function typicalPoints(points, labels, k) {
  const [counts, sumsX, sumsY, sums] = Array.from({ length: 4 }, () => new Float64Array(k));
  labels.forEach((cluster, point) => {
    counts[cluster] += 1;
    sumsX[cluster] += points[2 * point];
    sumsY[cluster] += points[2 * point + 1];
  });
  const squared = Float64Array.from(labels, (cluster, point) => {
    const [dx, dy] = [sumsX, sumsY].map((axis, i) => points[2 * point + i] - axis[cluster] / counts[cluster]);
    return dx * dx + dy * dy;
  });
  labels.forEach((cluster, point) => (sums[cluster] += squared[point]));
  const typical = new Map();
  const offBy = (/** @type {number} */ point) => Math.abs(squared[point] - sums[labels[point]] / counts[labels[point]]);
  labels.forEach((cluster, point) => {
    if (!typical.has(cluster) || offBy(point) < offBy(typical.get(cluster))) typical.set(cluster, point);
  });
  return /** @type {number[]} */ ([...typical.values()]);
}

/** @param {Place} place */
const written = ([left, top]) => `${left.toFixed(1)},${top.toFixed(1)}`;

/**
 * Return a line from a point to its center, and the square on it. A line of Manhattan distance has a corner.
 * @param {Place} point in pixels
 * @param {Place} center in pixels
 * @param {Run["rule"]["metric"]} metric
 */
export function distancePath([x, y], [cx, cy], metric) {
  const [dx, dy] = [cx - x, cy - y];
  const corner = metric === "manhattan" ? `L${written([cx, y])}` : "";
  const corners = [
    [x, y],
    [cx, cy],
    [cx - dy, cy + dx],
    [x - dy, y + dx],
  ].map((place) => written(/** @type {Place} */ (place)));
  return { line: `M${written([x, y])}${corner}L${written([cx, cy])}`, square: `M${corners.join("L")}Z` };
}

/**
 * Return the lines of every cluster, and its squares where squares can be drawn, as paths.
 * @param {Run} run
 * @param {Uint8Array | null} labels
 * @param {ArrayLike<number>} centers
 * @param {Axes["toPixels"]} toPixels
 * @param {Selection | null} selection
 */
export function distancePaths(run, labels, centers, toPixels, selection) {
  const kind = distanceKind(run);
  const paths = Array.from({ length: run.k }, () => ({ lines: "", squares: "" }));
  if (kind === "none" || !labels) return paths;
  const drawn = drawnPoints(run, labels, selection);
  for (const point of drawn.lines) {
    const path = paths[labels[point]];
    const [from, to] = [centerAt(run.points, point), centerAt(centers, labels[point])];
    const { line, square } = distancePath(toPixels(...from), toPixels(...to), run.rule.metric);
    path.lines += line;
    if (kind === "squares" && drawn.squares.includes(point)) path.squares += square;
  }
  return paths;
}

/**
 * Say what the layer shows at a step.
 * @param {Run} run
 * @param {number} index
 * @param {Selection | null} selection
 * @param {boolean} isTouch
 */
export function distanceNote(run, index, selection, isTouch) {
  const kind = distanceKind(run);
  const { labels } = run.steps[index];
  if (kind === "none") return "";
  const { lines, squares, cluster, areTypical } = drawnPoints(run, labels, selection);
  const all = cluster === null ? run.n : (run.steps[index].sizes?.[cluster] ?? 0);
  return message("distances.note", {
    kind: labels ? kind : "start",
    lines: lines.length,
    points: all,
    is_part: lines.length < all,
    squares: areTypical ? "typical" : squares.length < lines.length ? "some" : "all",
    count: squares.length,
    is_touch: isTouch,
    is_cluster: cluster !== null,
    number: cluster === null ? 0 : run.names[cluster] + 1,
  });
}
