// The picture in words, and the costs as rows of a table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { costRows } from "../../ui/player/web/cost_table.js";
import { message } from "../../ui/player/web/messages.js";
import { areaOf, boxOf, pictureSentences, summaryOf } from "../../ui/player/web/picture_description.js";
import { stepName } from "../../ui/player/web/sentences.js";
import { lookOf } from "../../ui/player/web/shapes.js";
import { makeRun } from "./runs.js";

/** @import { Place } from "../../ui/player/web/types.d.ts" */

const items = /** @type {{ place: Place, weight: number }[]} */ ([
  { place: [0, 0], weight: 1 },
  { place: [6, 12], weight: 3 },
]);

test("an area is one of nine thirds of the points' box, edges included", () => {
  const box = boxOf(items);
  assert.deepEqual(box, { low: [0, 0], high: [6, 12] });
  assert.equal(areaOf([0, 0], box), "lower_left");
  assert.equal(areaOf([6, 12], box), "upper_right");
  assert.equal(areaOf([3, 6], box), "middle_center");
  assert.equal(areaOf([1, 9], box), "upper_left");
  assert.equal(areaOf([9, -1], box), "lower_right", "a center outside the box of the points");
  assert.equal(areaOf([2, 2], { low: [2, 2], high: [2, 2] }), "middle_center");
});

test("a summary counts every point of a tile", () => {
  const { size, middle, spread } = summaryOf(items);
  assert.equal(size, 4);
  assert.deepEqual(middle, [4.5, 9]);
  assert.equal(spread, Math.sqrt((4.5 ** 2 + 9 ** 2 + 3 * (1.5 ** 2 + 3 ** 2)) / 4));
});

test("before the first assign the picture is the points' places and the centers without points", () => {
  const run = makeRun();
  const sentences = pictureSentences(run, 0);
  assert.equal(sentences.length, 2 + run.k);
  const area = { number: 1, look: lookOf(run, 0, 2), area: "lower_left", x: "0", y: "0", is_assigned: false, size: 0 };
  assert.equal(sentences[2], message("description.center", area));
});

test("after an assign each cluster has its points, its spread, and its center", () => {
  const run = makeRun();
  const facts = { number: 1, look: lookOf(run, 0, 2), area: "lower_left", size: 2, spread: "1", x: "0", y: "1" };
  const center = { is_close: true, offset: "0", center_x: "0", center_y: "1" };
  assert.equal(pictureSentences(run, 5)[2], message("description.cluster", { ...facts, ...center }));
  const off = { is_close: false, offset: "1", center_x: "0", center_y: "0" };
  assert.equal(pictureSentences(run, 3)[2], message("description.cluster", { ...facts, ...center, ...off }));
});

test("while the next refine is predicted, nothing says where the points' middle is", () => {
  const run = makeRun();
  const facts = { number: 1, look: lookOf(run, 0, 2), area: "lower_left", x: "0", y: "0", is_assigned: true, size: 2 };
  assert.equal(pictureSentences(run, 3, true)[2], message("description.center", facts));
});

test("the table of costs ends at the present step", () => {
  const run = makeRun();
  assert.deepEqual(costRows(run, 0), []);
  const rows = costRows(run, 2);
  assert.deepEqual(rows[0], [stepName(run.steps[1]), "171", "–"]);
  assert.deepEqual(rows.at(-1), [stepName(run.steps[2]), "120", "−51"]);
  assert.equal(rows.length, 2);
});
