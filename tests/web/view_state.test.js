// The view in the URL.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { sendWhileHere, settingsInUrl, ViewState } from "../../ui/player/web/view_state.js";
import { fake } from "./fake.js";

const stored = new Map();

/**
 * Let the browser be at an address.
 * @param {string} address
 */
function visit(address) {
  const url = new URL(address, "https://example.org");
  globalThis.document = fake({ location: url });
}

beforeEach(() => {
  visit("/?data=moons&step=3");
  stored.clear();
  globalThis.history = fake({
    state: null,
    replaceState: (/** @type {[unknown, string, URL]} */ ...[, , url]) => visit(url.href),
  });
  globalThis.sessionStorage = fake({
    getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => stored.set(key, text),
  });
  globalThis.window = fake(new EventTarget());
});

const search = { get: () => globalThis.document.location.search };

test("a view is read from the URL and written there", () => {
  const view = new ViewState();
  assert.equal(view.get("step"), "3");
  assert.equal(view.get("look"), null);
  view.set("look", "p5");
  view.set("step", null);
  assert.equal(search.get(), "?data=moons&look=p5");
});

test("a fixed view leaves the URL alone", () => {
  const view = new ViewState({ step: "1" });
  assert.equal(view.get("step"), "1");
  view.set("step", "2");
  assert.equal(view.get("step"), "2");
  assert.equal(search.get(), "?data=moons&step=3");
});

test("what Streamlit overwrites is written again", () => {
  const view = new ViewState();
  view.set("step", "4");
  visit("/?data=rings&step=1");
  view.rewrite();
  assert.equal(search.get(), "?data=rings&step=4");
});

test("settings are the URL without the view, in one order", () => {
  visit("/compare?k=3&step=2&data=moons&tab=math");
  assert.equal(settingsInUrl(), "/compare?data=moons&k=3");
});

test("a run that was left is looked at as before, once the same run is back", () => {
  const view = new ViewState();
  view.get("step");
  view.set("look", "c1");
  view.store("run a");
  visit("/?data=moons");
  new ViewState().restore(() => "run b");
  assert.equal(search.get(), "?data=moons");
  new ViewState().restore(() => "run a");
  assert.equal(search.get(), "?data=moons&step=3&look=c1");
});

test("a link that says how to look comes first", () => {
  const view = new ViewState();
  view.set("look", "c1");
  view.store("run a");
  visit("/?data=moons&tab=code");
  new ViewState().restore(() => "run a");
  assert.equal(search.get(), "?data=moons&tab=code");
});

test("Back and Forward on the page are heard until it is left", () => {
  let count = 0;
  const stop = new ViewState().watch(() => (count += 1));
  globalThis.window.dispatchEvent(new Event("popstate"));
  visit("/compare");
  globalThis.window.dispatchEvent(new Event("popstate"));
  visit("/");
  stop();
  globalThis.window.dispatchEvent(new Event("popstate"));
  assert.equal(count, 1);
});

test("nothing is sent from a page that was left", () => {
  /** @type {unknown[]} */
  const sent = [];
  const send = sendWhileHere((...value) => sent.push(value));
  send("edit", 1);
  visit("/compare");
  send("edit", 2);
  assert.deepEqual(sent, [["edit", 1]]);
});
