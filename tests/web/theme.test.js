// Text on a color: the same vectors as in tests/ui/charts/test_palette.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import palette from "../../ui/player/web/palette.js";
import { lookOf, namedSwatch, shapeMiddle, shapePath } from "../../ui/player/web/shapes.js";
import { channelsOf, setAccents, textOn } from "../../ui/player/web/theme.js";
import { makeRun, THEME } from "./runs.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/text_colors.json", import.meta.url), "utf8"));

for (const { color, text } of vectors) {
  test(`text on ${color} is ${text}`, () => assert.equal(textOn(color), text === "black" ? "#000" : "#fff"));
}

test("a color has three channels", () => assert.deepEqual(channelsOf("#0a7Fff"), [10, 127, 255]));

test("a shape is scaled to its radius", () => {
  const [first] = palette.shapes.square.outline;
  const [x, y] = first.map((value) => (value * 10).toFixed(2));
  assert.ok(shapePath("square", 10).startsWith(`M${x},${y}L`));
  assert.deepEqual(shapeMiddle("circle", 10), [0, 0]);
  assert.ok(shapeMiddle("triangle-up", 10)[1] > 0, "below the middle, where a triangle is wide");
});

test("clusters are called by their colors and shapes", () => {
  const run = makeRun({ names: [2, 0], symbols: ["diamond", "circle"] });
  assert.deepEqual(
    [lookOf(run, 0, 1), lookOf(run, 0, 5), lookOf(run, 1, 2)],
    ["green diamond", "green diamonds", "blue circles"],
  );
  assert.match(namedSwatch(run, 0), /<span>1<\/span><span class="km-visually-hidden">, green diamond<\/span>$/);
  const tiles = { low: [0, 0], size: [1, 1], columns: 1, numbers: new Uint32Array(1), middles: new Float32Array(2) };
  const ofTiles = { ...run, tiles: /** @type {import("../../ui/player/web/types.d.ts").Tiles} */ (tiles) };
  assert.deepEqual([lookOf(ofTiles, 0, 1), lookOf(ofTiles, 0, 2)], ["green diamond", "green tiles"]);
});

test("an accent comes with the color of text on it", () => {
  /** @type {Record<string, string>} */
  const variables = {};
  const style = { setProperty: (/** @type {string} */ name, /** @type {string} */ value) => (variables[name] = value) };
  setAccents(/** @type {HTMLElement} */ (/** @type {unknown} */ ({ style })), THEME);
  assert.deepEqual(variables, {
    "--km-on-primary": "#000",
    "--km-assign": "#330099",
    "--km-on-assign": "#fff",
    "--km-refine": "#773300",
    "--km-on-refine": "#fff",
    "--kc-run-1": "#330099",
    "--kc-run-2": "#773300",
    "--kc-run-3": "#007766",
    "--kc-run-4": "#222222",
  });
});
