// A toolbar as one stop of the Tab key.

import assert from "node:assert/strict";
import { test } from "node:test";

import { buttonAfter, joinStops } from "../../ui/player/web/roving.js";
import { fake } from "./fake.js";

test("arrow keys go through the buttons, round and round", () => {
  const buttons = ["share", "help", "predict"];
  assert.equal(buttonAfter(buttons, "share", "ArrowRight"), "help");
  assert.equal(buttonAfter(buttons, "predict", "ArrowDown"), "share");
  assert.equal(buttonAfter(buttons, "share", "ArrowLeft"), "predict");
  assert.equal(buttonAfter(buttons, "share", "Enter"), undefined);
});

test("only the button that had the focus last is a stop, among those that are seen", () => {
  const buttons = [false, true, true].map((isSeen) => ({ tabIndex: 0, checkVisibility: () => isSeen, focus() {} }));
  /** @type {Record<string, (event: object) => void>} */
  const listeners = {};
  const addEventListener = (/** @type {string} */ name, /** @type {() => void} */ listener) =>
    (listeners[name] = listener);
  const refresh = joinStops(fake({ dataset: {}, querySelectorAll: () => buttons, addEventListener }));
  const stops = () => buttons.slice(1).map(({ tabIndex }) => tabIndex);
  assert.deepEqual(stops(), [0, -1]);
  listeners.focusin({ target: buttons[2] });
  refresh();
  assert.deepEqual(stops(), [-1, 0]);
  let prevented = false;
  listeners.keydown({ target: buttons[1], key: "ArrowRight", preventDefault: () => (prevented = true) });
  assert.ok(prevented);
});
