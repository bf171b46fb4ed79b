// Touches on the slider of steps: those that slide, and those that scroll the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Scrubber, touchIntent } from "../../ui/player/web/scrubber.js";
import { fake } from "./fake.js";

/** A slider at step 19 on which a finger was put down, and what was picked. */
function touched(pointerType = "touch") {
  /** @type {Record<string, (event: object) => void>} */
  const listeners = {};
  const input = {
    value: "19",
    addEventListener: (/** @type {string} */ name, /** @type {(event: object) => void} */ on) => (listeners[name] = on),
  };
  /** @type {number[]} */
  const picked = [];
  globalThis.requestAnimationFrame = (draw) => (draw(0), 0);
  new Scrubber(fake(input), { step: () => 19, onPick: (step) => picked.push(step) });
  const send = (/** @type {string} */ name, x = 0, y = 0) => listeners[name]({ pointerType, clientX: x, clientY: y });
  send("pointerdown");
  input.value = "11"; // the browser moves the thumb under the finger at once
  send("input");
  return { input, picked, send };
}

test("a finger that scrolls the page leaves the step alone", () => {
  const { input, picked, send } = touched();
  send("pointermove", 3, -20);
  assert.equal(input.value, "19");
  send("pointercancel");
  assert.deepEqual([input.value, picked], ["19", []]);
});

test("a finger that moves sideways slides, and a tap picks a step", () => {
  const slide = touched();
  slide.send("pointermove", 20, 3);
  slide.input.value = "12";
  slide.send("input");
  assert.deepEqual(slide.picked, [11, 12]);
  const tap = touched();
  tap.send("pointerup");
  assert.deepEqual(tap.picked, [11]);
});

test("a mouse slides at once", () => {
  assert.deepEqual(touched("mouse").picked, [11]);
});

test("a finger that hardly moved has no direction yet", () => {
  assert.equal(touchIntent(5, -5), "unknown");
  assert.equal(touchIntent(9, 5), "slide");
  assert.equal(touchIntent(-5, 9), "scroll");
});
