// Tiles: counts of their points, and what is painted of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { leadersOf, paintTiles, readGroups, readTiles, sharesOf } from "../../ui/player/web/tiles.js";
import { fake } from "./fake.js";

// Three tiles of a grid of 2 x 2: two groups, one group, three groups.
const tiles = readTiles({ low: [0, 0], size: [2, 1], columns: 2, numbers: Uint32Array.of(0, 1, 3) });
const groups = readGroups({ perTile: Uint8Array.of(2, 1, 3), counts: Uint8Array.of(5, 3, 4, 2, 2, 1) });
const labels = Uint8Array.of(0, 1, 2, 1, 0, 2);
const run = fake({ k: 3, tiles, groups });

/** A raster of 8 x 4 pixels that shows the whole grid, y upwards. */
function raster() {
  const [width, height] = [8, 4];
  return fake({
    pixels: new Uint32Array(width * height),
    width,
    bounds: [0, 0, width, height],
    scale: 1,
    x: (/** @type {number} */ value) => 2 * value,
    y: (/** @type {number} */ value) => height - 2 * value,
  });
}

test("tiles know their middles", () => assert.deepEqual([...tiles.middles], [1, 0.5, 3, 0.5, 3, 1.5]));

test("groups know their tiles", () => {
  assert.deepEqual([...groups.tileOf], [0, 0, 1, 2, 2, 2]);
  assert.deepEqual([...groups.starts], [0, 2, 3, 6]);
  assert.deepEqual([...groups.totals], [8, 4, 5]);
});

test("fuller tiles are stronger, and one point is visible", () => {
  const [most, fewer] = groups.strengths;
  assert.equal(most, 255);
  assert.ok(fewer < most);
  assert.ok(readGroups({ perTile: Uint8Array.of(1), counts: Uint8Array.of(1) }).strengths[0] > 100);
});

test("a tile shares its points among clusters", () => {
  assert.deepEqual(sharesOf(run, labels, 0), [5, 3, 0]);
  assert.deepEqual(sharesOf(run, labels, 2), [2, 2, 1]);
});

test("the leader has most points; ties go to the lowest index", () => {
  assert.deepEqual([...leadersOf(groups, 3, labels)], [0, 2, 0]);
});

test("tiles fill their rectangles without gaps, and others stay empty", () => {
  const picture = raster();
  const colors = { colors: ["#ff0000", "#00ff00", "#0000ff"], unassigned: "#777777", outline: "#000000" };
  paintTiles(picture, run, { labels, changed: null }, colors);
  const rows = [0, 1, 2, 3].map((row) => picture.pixels.slice(8 * row, 8 * row + 8));
  const red = (/** @type {number} */ pixel) => (pixel & 0xff) > 0;
  assert.ok(rows[3].slice(0, 4).every(red), "the first tile is at the bottom left");
  assert.ok(
    rows[0].slice(0, 4).every((/** @type {number} */ pixel) => pixel === 0),
    "no tile is at the top left",
  );
  assert.equal(rows[3][4] & 0xff, 0, "its neighbor is blue");
  assert.ok(
    rows.every((row) => row.slice(4).every((/** @type {number} */ pixel) => pixel !== 0)),
    "the right column is full",
  );
});

test("tiles with switched points have a frame, which lies around neighbors together", () => {
  const picture = raster();
  const colors = { colors: ["#ff0000", "#00ff00", "#0000ff"], unassigned: "#777777", outline: "#ffffff" };
  paintTiles(picture, run, { labels, changed: [2] }, colors);
  const white = 0xffffffff;
  assert.equal(picture.pixels[8 * 3 + 3], white, "left of the second tile");
  assert.notEqual(picture.pixels[8 * 3 + 4], white);
  assert.equal(picture.pixels[8 * 1 + 5], white, "above it");
});
