import assert from "node:assert/strict";
import { test } from "node:test";

import { frameLayout, IMAGE_SIZES } from "../../ui/player/web/image_export.js";
import { hexColor, presentationOf, short } from "../../ui/player/web/svg_copy.js";

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

test("a picture fits between its title and its legend, at the chosen size", () => {
  const bare = { title: "", step: "", legend: false };
  const screen = frameLayout({ width: 800, height: 400 }, { size: "screen", ...bare });
  assert.deepEqual([screen.width, screen.height, screen.scale, screen.y], [800, 400, 1, 0]);
  const full = { title: "A", step: "Assign 1", legend: true };
  assert.ok(frameLayout({ width: 800, height: 400 }, { size: "screen", ...full }).height > 480);
  for (const [name, [width, height]] of Object.entries(IMAGE_SIZES)) {
    for (const picture of [
      { width: 800, height: 400 },
      { width: 350, height: 600 },
    ]) {
      const size = /** @type {keyof typeof IMAGE_SIZES} */ (name);
      const layout = frameLayout(picture, { size, ...full });
      assert.deepEqual([layout.width, layout.height], [width, height]);
      assert.ok(layout.x >= 0 && layout.x + layout.scale * picture.width <= width);
      assert.ok(layout.y >= 4 * layout.unit && layout.y + layout.scale * picture.height <= height - 2.5 * layout.unit);
    }
  }
});
