// How a component comes onto the page, and goes, in the order in which Streamlit calls its module.

import assert from "node:assert/strict";
import { test } from "node:test";

import { mounter } from "../../ui/player/web/mount.js";
import { fake } from "./fake.js";

/** Streamlit's arguments for one place on the page. @typedef {import("../../ui/player/web/streamlit.d.ts").Component} Component */

globalThis.window = fake({ Plotly: {} });
globalThis.document = fake({ querySelector: () => ({}), location: { pathname: "/" } });
const ADDRESSES = { base: "/", plotly: "/plotly.js" };

/** A component whose loads end when the test says so, with what happened to it. */
function slowComponent() {
  /** @type {string[]} */
  const events = [];
  /** @type {(() => void)[]} */
  const loads = [];
  class Slow {
    constructor() {
      events.push("made");
    }

    async load(/** @type {Uint8Array} */ message) {
      await new Promise((resolve) => loads.push(() => resolve(undefined)));
      events.push(`loaded ${message[0]}`);
    }

    destroy() {
      events.push("destroyed");
    }
  }
  const mount = mounter(".slow", "slow.css", Slow);
  const parentElement = { querySelector: () => parentElement };
  /** @param {number} message */
  const call = (message) =>
    mount(fake({ parentElement, data: Uint8Array.of(message), setTriggerValue: () => {} }), ADDRESSES);
  return { call, events, loads };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a second message does not end the component that still takes the first one", async () => {
  const { call, events, loads } = slowComponent();
  const calls = [call(1), call(2)];
  await settled();
  loads[0]();
  const [cleanUpFirst] = [await calls[0]];
  cleanUpFirst(); // Streamlit does so at once where another call came meanwhile
  loads[1]();
  const cleanUp = await calls[1];
  assert.deepEqual(events, ["made", "loaded 1", "loaded 2"]);
  cleanUp();
  assert.equal(events.at(-1), "destroyed");
});

test("a component that goes while it takes a message is ended once that is done", async () => {
  const { call, events, loads } = slowComponent();
  const first = call(1);
  await settled();
  loads[0]();
  const cleanUpFirst = await first;
  const second = call(2);
  await settled();
  cleanUpFirst(); // Streamlit knows no other one yet
  assert.deepEqual(events, ["made", "loaded 1"]);
  loads[1]();
  (await second)();
  assert.deepEqual(events, ["made", "loaded 1", "loaded 2", "destroyed"]);
});
