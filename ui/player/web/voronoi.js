// Voronoi cells of centers as exact polygons: the places in the view whose nearest center is this one.
//
// To make a cell, start with the view and, for each other center, clip the part that is nearer to that center. With
// Euclidean distances each clip is one straight line. With Manhattan distances it is straight only between the
// coordinates of the centers, so the view is first divided along all of them; a cell is then a list of pieces.

/** @typedef {[x: number, y: number]} Place */
/** @typedef {Place[]} Polygon */
/** @typedef {[low: number, high: number]} Interval */
/** @typedef {[a: number, b: number, c: number]} Affine the function (x, y) -> a x + b y + c */
/** @typedef {"euclidean" | "manhattan"} Metric */

/**
 * The part of a convex polygon where an affine function is at most 0.
 * @param {Polygon} polygon
 * @param {Affine} affine
 * @param {boolean} keepZero whether a function that is 0 everywhere keeps the polygon
 * @returns {Polygon} empty where nothing is left
 */
export function clip(polygon, [a, b, c], keepZero) {
  if (a === 0 && b === 0) return c < 0 || (c === 0 && keepZero) ? polygon : [];
  const valueAt = (/** @type {Place} */ [x, y]) => a * x + b * y + c;
  /** @type {Polygon} */
  const result = [];
  polygon.forEach((corner, i) => {
    const next = polygon[(i + 1) % polygon.length];
    const [value, nextValue] = [valueAt(corner), valueAt(next)];
    if (value <= 0) result.push(corner);
    if (value < 0 !== nextValue < 0 && value !== nextValue) {
      const share = value / (value - nextValue);
      result.push([corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])]);
    }
  });
  return result;
}

/**
 * How much farther (x, y) is from center p than from center q, within a rectangle in which that is affine. The sums are
 * in an order that gives exactly 0 for two centers at the same place.
 * @type {Record<Metric, (p: Place, q: Place, middle: Place) => Affine>}
 */
const EXCESS_DISTANCE = {
  euclidean: ([px, py], [qx, qy]) => [2 * (qx - px), 2 * (qy - py), (px - qx) * (px + qx) + (py - qy) * (py + qy)],
  manhattan: (p, q, middle) => {
    // |x - p| is sign * (x - p), with the sign that it has in the middle of the rectangle.
    const [sp, sq] = [p, q].map((center) => center.map((value, axis) => (middle[axis] >= value ? 1 : -1)));
    return [sp[0] - sq[0], sp[1] - sq[1], sq[0] * q[0] - sp[0] * p[0] + (sq[1] * q[1] - sp[1] * p[1])];
  },
};

/**
 * Divide an interval at the coordinates inside it.
 * @param {Interval} interval
 * @param {number[]} coordinates
 * @returns {Interval[]}
 */
function divide([low, high], coordinates) {
  const inside = new Set(coordinates.filter((value) => value > low && value < high));
  const bounds = [low, ...[...inside].sort((a, b) => a - b), high];
  return bounds.slice(1).map((bound, i) => [bounds[i], bound]);
}

/**
 * The part of a rectangle that is nearest to one center.
 * @param {(Place | null)[]} centers
 * @param {number} index the index of that center
 * @param {[x: Interval, y: Interval]} rectangle
 * @param {Metric} metric
 * @returns {Polygon} empty where nothing is left
 */
function cellWithin(centers, index, [[x0, x1], [y0, y1]], metric) {
  const center = centers[index];
  if (!center) return [];
  /** @type {Place} */
  const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
  /** @type {Polygon} */
  let polygon = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  for (const [i, other] of centers.entries()) {
    // Ties go to the lowest index, as in the assign step.
    if (other && i !== index) polygon = clip(polygon, EXCESS_DISTANCE[metric](center, other, middle), index < i);
    if (!polygon.length) break;
  }
  return polygon.length > 2 ? polygon : [];
}

/**
 * The cells of all centers in a view.
 * @param {(Place | null)[]} centers null for a center that takes no points
 * @param {{x: Interval, y: Interval}} view
 * @param {Metric} metric
 * @returns {Polygon[][]} for each center, the convex polygons that together are its cell
 */
export function voronoiCells(centers, view, metric) {
  const places = centers.filter((center) => center !== null);
  const [columns, rows] = /** @type {const} */ (["x", "y"]).map((name, axis) =>
    divide(view[name], metric === "manhattan" ? places.map((place) => place[axis]) : []),
  );
  /** @type {Polygon[][]} */
  const cells = centers.map(() => []);
  for (const x of columns) {
    for (const y of rows) {
      centers.forEach((_, j) => {
        const polygon = cellWithin(centers, j, [x, y], metric);
        if (polygon.length) cells[j].push(polygon);
      });
    }
  }
  return cells;
}
