// Lines and squares between points and their centers.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  distanceKind,
  distanceNote,
  distancePath,
  distancePaths,
  drawnPoints,
  MAX_LINES,
  MAX_SQUARES,
} from "../../ui/player/web/distance_paths.js";
import { message } from "../../ui/player/web/messages.js";
import { AXES, makeRun } from "./runs.js";

const RULE = makeRun().rule;

/** The area of a closed path of straight lines. */
function areaOf(/** @type {string} */ path) {
  const corners = path
    .slice(1, -1)
    .split("L")
    .map((corner) => corner.split(",").map(Number));
  const sum = corners.reduce((total, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length];
    return total + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum) / 2;
}

test("squares are drawn only where their area is what a point adds to the cost", () => {
  assert.equal(distanceKind(makeRun()), "squares");
  assert.equal(distanceKind(makeRun({ equalUnits: false })), "scales");
  assert.equal(distanceKind(makeRun({ rule: { ...RULE, name: "medoid" } })), "lines");
  assert.equal(distanceKind(makeRun({ features: 3 })), "none");
});

test("the area of a square is the squared distance", () => {
  assert.equal(areaOf(distancePath([0, 0], [30, 40], "euclidean").square), 2500);
  const run = makeRun();
  const { centers, labels } = run.steps[2];
  const paths = distancePaths(run, labels, centers, AXES.toPixels, null);
  const squares = paths.flatMap(({ squares: path }) => path.split(/(?<=Z)/).filter(Boolean));
  const sum = squares.reduce((total, square) => total + areaOf(square), 0);
  const cost = Array.from(labels ?? [], (label, i) => {
    const [dx, dy] = [0, 1].map((axis) => run.points[2 * i + axis] - centers[2 * label + axis]);
    return dx * dx + dy * dy;
  }).reduce((total, square) => total + square, 0);
  assert.ok(Math.abs(sum / 100 - cost) < 0.5, "a unit is 10 pixels, and all points have a square");
});

test("squares shrink while centers go to the middle of their points", () => {
  const run = makeRun();
  const [before, after] = [run.steps[3], run.steps[4]];
  const sumAt = (/** @type {Float32Array} */ centers) =>
    distancePaths(run, after.labels, centers, AXES.toPixels, null)
      .flatMap(({ squares }) => squares.split(/(?<=Z)/).filter(Boolean))
      .reduce((total, square) => total + areaOf(square), 0);
  assert.ok(sumAt(after.centers) < sumAt(before.centers));
});

test("other costs have lines alone, with a corner where distances are Manhattan", () => {
  const run = makeRun({ rule: { ...RULE, name: "median", metric: "manhattan" } });
  const { centers, labels } = run.steps[2];
  const paths = distancePaths(run, labels, centers, AXES.toPixels, null);
  assert.deepEqual(
    paths.map(({ squares }) => squares),
    ["", ""],
  );
  assert.equal(distancePath([0, 0], [3, 4], "manhattan").line, "M0.0,0.0L3.0,0.0L3.0,4.0");
});

test("of many points some have a line, all over the data, or those of a selected center", () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => Number(i >= 700));
  const run = { points: Float32Array.from({ length: 2000 }, (_, i) => (i * 37) % 101), k: 2 };
  const { lines, squares } = drawnPoints(run, labels, null);
  assert.ok(lines.length <= MAX_LINES + 2);
  assert.ok(Math.abs(lines.filter((point) => labels[point] === 1).length - 0.3 * MAX_LINES) <= 1);
  assert.deepEqual(
    squares.map((point) => labels[point]),
    [0, 1],
    "one of each cluster",
  );
  assert.ok(squares.every((point) => lines.includes(point)));
  const ofOne = drawnPoints(run, labels, { kind: "center", index: 1 });
  assert.ok(ofOne.lines.every((point) => point >= 700));
  assert.equal(ofOne.squares.length, MAX_SQUARES);
  assert.deepEqual(drawnPoints(run, null, null).lines, []);
});

test("the square of a cluster is that of a point at the average squared distance", () => {
  const run = { points: Float32Array.from([0, 2, -1, 3, -4].flatMap((x) => [x, 0, x, 0, x, 0])), k: 1 };
  const { squares } = drawnPoints(run, new Uint8Array(15), null);
  assert.equal(run.points[2 * squares[0]], 2, "the average is 6, and the squares are 0, 4, 1, 9, and 16");
});

test("the note says what is drawn, and why squares are missing", () => {
  const run = makeRun();
  const counts = { squares: "all", count: 4, is_touch: false };
  const all = { kind: "squares", lines: 4, points: 4, is_part: false, is_cluster: false, number: 0, ...counts };
  const note = (/** @type {object} */ values) => message("distances.note", { ...all, ...values });
  assert.equal(distanceNote(run, 2, null, false), note({}));
  const cluster = { lines: 3, points: 3, is_cluster: true, number: 2, count: 3 };
  assert.equal(distanceNote(run, 2, { kind: "center", index: 1 }, false), note(cluster));
  assert.equal(distanceNote(run, 0, null, false), note({ kind: "start" }));
  assert.equal(distanceNote(makeRun({ equalUnits: false }), 2, null, false), note({ kind: "scales" }));
  assert.equal(distanceNote(makeRun({ rule: { ...RULE, name: "medoid" } }), 2, null, false), note({ kind: "lines" }));
  assert.equal(distanceNote(makeRun({ features: 3 }), 2, null, false), "");
});
