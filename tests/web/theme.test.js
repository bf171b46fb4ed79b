// Text on a color: the same vectors as in tests/ui/charts/test_palette.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import palette from "../../ui/player/web/palette.js";
import { shapeMiddle, shapePath } from "../../ui/player/web/shapes.js";
import { channelsOf, textOn } from "../../ui/player/web/theme.js";

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
