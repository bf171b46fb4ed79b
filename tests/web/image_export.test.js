import assert from "node:assert/strict";
import { test } from "node:test";

import { isInArea, markerLooks } from "../../ui/player/web/image_export.js";
import { pictureTraces } from "../../ui/player/web/picture_traces.js";
import { hexColor, presentationOf, short } from "../../ui/player/web/svg_copy.js";
import { makeRun, THEME } from "./runs.js";

/**
 * A computed style.
 * @param {Record<string, string>} properties
 */
function styleOf(properties) {
  const defaults = {
    fill: "none",
    stroke: "none",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    opacity: "1",
    "stroke-width": "1px",
    "stroke-dasharray": "none",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "font-family": "serif",
    "font-size": "12px",
    "font-weight": "400",
    "text-anchor": "start",
  };
  const all = /** @type {Record<string, string>} */ ({ ...defaults, ...properties });
  return /** @type {CSSStyleDeclaration} */ ({ getPropertyValue: (name) => all[name] });
}

/** @type {import("../../ui/player/web/svg_copy.js").ColorReader} reads "red" and "half red" */
const readColor = (color) => ["#ff0000", color.startsWith("half") ? 0.5 : 1];

test("numbers and colors are short", () => {
  assert.equal(short(1.23456), 1.23);
  assert.equal(hexColor(255, 0, 16), "#ff0010");
});

test("a shape keeps what differs from the defaults", () => {
  assert.deepEqual(presentationOf(styleOf({ fill: "red" }), false, readColor), { fill: "#ff0000", stroke: "none" });
  const style = styleOf({
    fill: "half red",
    stroke: "red",
    "fill-opacity": "0.5",
    "stroke-width": "2px",
    opacity: "0.3",
  });
  assert.deepEqual(presentationOf(style, false, readColor), {
    fill: "#ff0000",
    "fill-opacity": 0.25,
    stroke: "#ff0000",
    opacity: "0.3",
    "stroke-width": "2px",
  });
});

test("text keeps its font", () => {
  const attributes = presentationOf(styleOf({ fill: "red", "text-anchor": "middle" }), true, readColor);
  assert.deepEqual([attributes["font-family"], attributes["text-anchor"]], ["serif", "middle"]);
  assert.equal(attributes["font-weight"], undefined);
});

test("a marker is in view up to its own size from the axes", () => {
  const area = { x: 10, y: 10, width: 100, height: 50 };
  assert.ok(isInArea(area, 6, 30, 5));
  assert.ok(!isInArea(area, 4, 30, 5));
  assert.ok(isInArea(area, 114, 64, 5));
  assert.ok(!isInArea(area, 50, 66, 5));
});

test("each look of markers is drawn once", () => {
  const run = makeRun();
  const traces = pictureTraces(run, THEME, run.steps[3], { type: "scatter", isSmall: false });
  assert.deepEqual(markerLooks(traces), [
    ["circle", 9],
    ["square", 9],
    ["circle", 12],
  ]);
});
