// What looks after the focus keeps no page in memory that was left.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fake } from "./fake.js";

class Goal {
  isConnected = true;
  matches() {
    return true;
  }
}

test("only goals that a click brought and that are still there are kept", async () => {
  const addEventListener = () => {};
  Object.assign(globalThis, {
    HTMLElement: Goal,
    document: { addEventListener, querySelector: () => null, getElementById: () => null },
    window: { addEventListener },
    history: { state: null },
    requestAnimationFrame: () => 1,
  });
  const { PageWatch } = await import("../../ui/player/web/page_accessibility.js");
  const watch = fake({ fresh: [], clicked: null, frame: 1 });
  const add = (/** @type {Goal[]} */ ...addedNodes) =>
    PageWatch.prototype.handleChanges.call(watch, fake([{ addedNodes }]));
  const [first, second] = [new Goal(), new Goal()];
  add(first);
  assert.deepEqual(watch.fresh, [], "nothing was clicked");
  watch.clicked = fake({});
  add(first);
  first.isConnected = false;
  add(second);
  assert.deepEqual(watch.fresh, [second]);
});
