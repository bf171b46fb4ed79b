import assert from "node:assert/strict";
import { test } from "node:test";

import { clip, voronoiCells } from "../../ui/player/web/voronoi.js";

/** @type {{x: [number, number], y: [number, number]}} */
const VIEW = { x: [0, 10], y: [0, 6] };
const METRICS = /** @type {const} */ (["euclidean", "manhattan"]);

/** @typedef {[number, number]} Place */

/**
 * The total area of polygons whose corners run counterclockwise.
 * @param {Place[][]} polygons
 */
const area = (polygons) =>
  polygons
    .flatMap((polygon) =>
      polygon.map(([x, y], i) => {
        const [nextX, nextY] = polygon[(i + 1) % polygon.length];
        return (x * nextY - nextX * y) / 2;
      }),
    )
    .reduce((sum, part) => sum + part, 0);

/**
 * @param {Place} from
 * @param {Place} to
 * @param {typeof METRICS[number]} metric
 */
const distance = ([px, py], [qx, qy], metric) =>
  metric === "manhattan" ? Math.abs(px - qx) + Math.abs(py - qy) : Math.hypot(px - qx, py - qy);

/**
 * Whether a point lies in a convex polygon with positive area, or on its border.
 * @param {Place[]} polygon
 * @param {Place} point
 */
const contains = (polygon, [x, y]) =>
  polygon.every(([x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length];
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= -1e-9;
  });

/**
 * Pseudorandom numbers between 0 and 1 (a linear congruential generator).
 * @param {number} seed
 */
function random(seed) {
  let state = seed;
  return () => (state = (1664525 * state + 1013904223) % 2 ** 32) / 2 ** 32;
}

test("one center takes the whole view", () => {
  for (const metric of METRICS) assert.equal(area(voronoiCells([[3, 3]], VIEW, metric)[0]), 60);
});

test("two centers split the view halfway between them", () => {
  for (const metric of METRICS) {
    const [left, right] = voronoiCells(
      [
        [2, 3],
        [4, 3],
      ],
      VIEW,
      metric,
    );
    assert.equal(area(left), 18);
    assert.equal(area(right), 42);
    for (const [x] of left.flat()) assert.ok(x <= 3);
  }
});

test("a center that takes no points has no cell", () => {
  const cells = voronoiCells([null, [4, 3]], VIEW, "euclidean");
  assert.deepEqual(cells[0], []);
  assert.equal(area(cells[1]), 60);
});

test("of two centers in one place, the first takes everything", () => {
  for (const metric of METRICS) {
    const [first, second] = voronoiCells(
      [
        [4, 3],
        [4, 3],
      ],
      VIEW,
      metric,
    );
    assert.equal(area(first), 60);
    assert.deepEqual(second, []);
  }
});

test("every point of the view lies in the cell of its nearest center", () => {
  for (const metric of METRICS) {
    const draw = random(7);
    /** @type {() => Place} */
    const place = () => [10 * draw(), 6 * draw()];
    const centers = Array.from({ length: 7 }, place);
    const cells = voronoiCells(centers, VIEW, metric);
    assert.ok(Math.abs(cells.map(area).reduce((sum, part) => sum + part, 0) - 60) < 1e-9);
    for (let i = 0; i < 500; i++) {
      const point = place();
      const distances = centers.map((center) => distance(center, point, metric));
      const nearest = distances.indexOf(Math.min(...distances));
      assert.ok(
        cells[nearest].some((polygon) => contains(polygon, point)),
        `${metric}: ${point} is not in cell ${nearest}`,
      );
    }
  }
});

test("clipping keeps the part where a function is at most zero", () => {
  /** @type {Place[]} */
  const square = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ];
  assert.equal(area([clip(square, [1, 0, -1], true)]), 2);
  assert.equal(area([clip(square, [-1, -1, 3], true)]), 0.5);
  assert.deepEqual(clip(square, [1, 0, 1], true), []);
  assert.deepEqual(clip(square, [0, 0, 0], true), square);
  assert.deepEqual(clip(square, [0, 0, 0], false), []);
});
