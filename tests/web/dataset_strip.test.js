// The row of datasets as pictures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { centeredScroll } from "../../ui/player/web/dataset_strip.js";

test("the chosen dataset is scrolled to the middle of the row", () => {
  const strip = { left: 10, width: 360, scrollLeft: 100 };
  assert.equal(centeredScroll(strip, { left: 154, width: 72 }), 100, "it is there");
  assert.equal(centeredScroll(strip, { left: 254, width: 72 }), 200);
  assert.equal(centeredScroll({ ...strip, scrollLeft: 0 }, { left: 10, width: 72 }), -144, "the browser stops at 0");
});
