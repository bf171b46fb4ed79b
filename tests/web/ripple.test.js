// How new colors spread from the centers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { discsOf, eraseDiscs } from "../../ui/player/web/ripple.js";
import { fake } from "./fake.js";
import { AXES, makeRun } from "./runs.js";

test("discs begin at the centers that take part, and grow until they hold all points", () => {
  const run = makeRun();
  const { middles, reach } = discsOf(run, run.steps[2], AXES.toPixels);
  assert.equal(middles.length, 2);
  assert.deepEqual(middles[0], [0, 100]);
  for (let i = 0; i < run.n; i++) {
    const [x, y] = AXES.toPixels(run.points[2 * i], run.points[2 * i + 1]);
    assert.ok(middles.some(([left, top]) => Math.hypot(left - x, top - y) < reach));
  }
  assert.equal(discsOf(run, { ...run.steps[2], active: [false, true] }, AXES.toPixels).middles.length, 1);
});

test("discs are taken out in the pixels of the canvas, and drawing is as before", () => {
  const arcs = /** @type {number[][]} */ ([]);
  const context = {
    globalCompositeOperation: "source-over",
    beginPath() {},
    arc: (/** @type {number[]} */ ...values) => arcs.push(values.slice(0, 3)),
    fill: () => assert.equal(context.globalCompositeOperation, "destination-out"),
  };
  eraseDiscs(fake(context), [[10, 20]], 5, 2);
  assert.deepEqual(arcs, [[20, 40, 10]]);
  assert.equal(context.globalCompositeOperation, "source-over");
});
