import assert from "node:assert/strict";
import { test } from "node:test";

import {
  centersByDistance,
  costShare,
  distanceTo,
  isInRun,
  isTopFreer,
  itemNear,
  lastReassignment,
  lastReassignmentIn,
  parseSelection,
  reassignedItems,
  selectionText,
} from "../../ui/player/web/inspection.js";
import { readGroups, readTiles } from "../../ui/player/web/tiles.js";
import { AXES, makeRun, withStep } from "./runs.js";

/** Two tiles, 10 wide and 4 high, of three and of one point; the first one has a group for each of its clusters. */
function tiled() {
  const tiles = readTiles({ low: [0, 0], size: [10, 4], columns: 2, numbers: Uint32Array.of(0, 1) });
  const groups = readGroups({ perTile: Uint8Array.of(2, 1), counts: Uint32Array.of(2, 1, 1) });
  const labels = [Uint8Array.of(0, 1, 1), Uint8Array.of(0, 0, 1)];
  const run = makeRun({ tiles, groups, points: tiles.middles, coordinates: tiles.middles });
  run.steps = run.steps.slice(0, 4).map((step, i) => ({
    ...step,
    labels: i === 0 ? null : labels[i < 3 ? 0 : 1],
    changed: i === 3 ? [1] : null,
  }));
  return run;
}

test("a selection is read from a link and written to it", () => {
  for (const text of ["p1", "t27", "c12"]) {
    const selection = parseSelection(text);
    assert.ok(selection);
    assert.equal(selectionText(selection), text);
  }
  assert.deepEqual(parseSelection("p17"), { kind: "point", index: 16 });
  for (const text of [null, "", "p", "x1", "p-1", "p1.5", "p12345678", "p1 "]) assert.equal(parseSelection(text), null);
});

test("a selection outside of the run is none", () => {
  const run = makeRun();
  assert.ok(isInRun(run, { kind: "point", index: 3 }));
  assert.ok(isInRun(run, { kind: "center", index: 1 }));
  assert.ok(!isInRun(run, { kind: "point", index: 4 }));
  assert.ok(!isInRun(run, { kind: "point", index: -1 }));
  assert.ok(!isInRun(run, { kind: "center", index: 2 }));
  assert.ok(!isInRun(run, { kind: "tile", index: 0 }));
  assert.ok(isInRun(tiled(), { kind: "tile", index: 1 }));
  assert.ok(!isInRun(tiled(), { kind: "point", index: 1 }));
  assert.ok(!isInRun(run, null));
});

test("a click means the nearest point, if one is near", () => {
  assert.equal(itemNear(makeRun(), AXES, 3, 82), 1);
  assert.equal(itemNear(makeRun(), AXES, 98, 97), 2);
  assert.equal(itemNear(makeRun(), AXES, 50, 50), null);
});

test("a tile is near from its edges on", () => {
  assert.equal(itemNear(tiled(), AXES, 99, 61), 0);
  assert.equal(itemNear(tiled(), AXES, 101, 61), 1);
  assert.equal(itemNear(tiled(), AXES, 150, 50), 1);
  assert.equal(itemNear(tiled(), AXES, 150, 20), null);
});

test("distances follow the metric", () => {
  const run = makeRun();
  assert.equal(distanceTo(run, run.steps[0], 3, 1), Math.sqrt(85));
  const manhattan = makeRun({ rule: { ...run.rule, name: "median", metric: "manhattan" } });
  assert.equal(distanceTo(manhattan, run.steps[0], 3, 1), 11);
});

test("distances are in all features", () => {
  const coordinates = Float32Array.of(1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const run = withStep(0, { centerCoordinates: Float32Array.of(0, 0, 0, 1, 2, 5) }, { features: 3, coordinates });
  assert.equal(distanceTo(run, run.steps[0], 0, 0), Math.sqrt(14));
  assert.equal(distanceTo(run, run.steps[0], 0, 1), 2);
});

test("centers are ordered by distance, ties by index, without those that were dropped", () => {
  const run = makeRun();
  assert.deepEqual(
    centersByDistance(run, run.steps[0], 1).map(({ cluster }) => cluster),
    [1, 0],
  );
  const tie = withStep(0, { centers: Float32Array.of(1, 2, 1, 2) });
  assert.deepEqual(
    centersByDistance(tie, tie.steps[0], 1).map(({ cluster }) => cluster),
    [0, 1],
  );
  const dropped = withStep(0, { active: [false, true] });
  assert.deepEqual(
    centersByDistance(dropped, dropped.steps[0], 0).map(({ cluster }) => cluster),
    [1],
  );
});

test("the last time that a point switched cluster", () => {
  const run = makeRun();
  assert.equal(lastReassignment(run, 2, 1), null);
  assert.deepEqual(lastReassignment(run, 3, 1), { index: 3, from: 1, to: 0 });
  assert.deepEqual(lastReassignment(run, 5, 1), { index: 3, from: 1, to: 0 });
  assert.equal(lastReassignment(run, 5, 0), null);
});

test("the last time that points of a tile switched cluster", () => {
  assert.equal(lastReassignmentIn(tiled(), 2, 0), null);
  assert.deepEqual(lastReassignmentIn(tiled(), 3, 0), { index: 3, count: 1 });
  assert.equal(lastReassignmentIn(tiled(), 3, 1), null);
  assert.equal(lastReassignmentIn(makeRun(), 3, 0), null);
});

test("shares of the cost add up to the step's cost", () => {
  const run = makeRun();
  for (const index of [1, 5]) {
    const shares = [0, 1].map((cluster) => costShare(run, run.steps[index], cluster));
    assert.equal(shares[0].part + shares[1].part, shares[0].all);
    assert.ok(Math.abs(shares[0].all - (run.steps[index].cost ?? 0)) < 1e-9);
  }
});

test("costs are distances unless the rule squares them", () => {
  const run = makeRun({ rule: { ...makeRun().rule, name: "medoid" } });
  assert.deepEqual(costShare(run, run.steps[5], 0), { part: 2, all: 6 });
});

test("a tile's points cost as much as its middle", () => {
  const run = tiled();
  const middle = (/** @type {number} */ tile, /** @type {number} */ j) => distanceTo(run, run.steps[1], tile, j) ** 2;
  const expected = 2 * middle(0, 0);
  assert.deepEqual(costShare(run, run.steps[1], 0), { part: expected, all: expected + middle(0, 1) + middle(1, 1) });
});

test("reassigned tiles come by how many points they have", () => {
  assert.deepEqual(reassignedItems(makeRun(), { ...makeRun().steps[3], changed: [3, 1] }), [3, 1]);
  const run = tiled();
  assert.deepEqual(reassignedItems(run, { ...run.steps[3], changed: [1, 2, 0] }), [0, 1, 2]);
  assert.deepEqual(reassignedItems(run, run.steps[0]), []);
});

test("the note moves up where it covers less there", () => {
  const note = { top: 80, height: 30 };
  assert.ok(isTopFreer([90, 95], note));
  assert.ok(!isTopFreer([90, 10], note));
  assert.ok(!isTopFreer([50], note));
  assert.ok(!isTopFreer([90], { top: 20, height: 30 }));
});
