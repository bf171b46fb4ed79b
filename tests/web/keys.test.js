// Which keys are the player's, and when.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actionOf, does, hint } from "../../ui/player/web/keys.js";
import { fake } from "./fake.js";

let openDialog = false;

beforeEach(() => {
  openDialog = false;
  globalThis.document = fake({ querySelector: () => (openDialog ? {} : null) });
});

/** An element that matches these selectors, also in lists. */
const element = (/** @type {string[]} */ ...words) => ({
  scrollWidth: 0,
  clientWidth: 0,
  closest: (/** @type {string} */ selector) =>
    words.some((word) => selector.split(", ").some((each) => each === word)) ? {} : null,
});

const press = (/** @type {string} */ key, options = {}) => fake({ key, target: element(), ...options });
const root = fake({ contains: () => false });

test("keys have actions, also those of presenter remotes", () => {
  const actions = { ArrowRight: "next", PageDown: "next", PageUp: "back", " ": "play", Home: "first", "?": "help" };
  for (const [key, action] of Object.entries(actions)) assert.equal(actionOf(press(key), root), action);
  assert.equal(actionOf(press("x"), root), undefined);
});

test("modifiers are the browser's, but a question mark needs Shift", () => {
  for (const name of ["ctrlKey", "metaKey", "altKey", "shiftKey"]) {
    assert.equal(actionOf(press("ArrowRight", { [name]: true }), root), undefined);
  }
  assert.equal(actionOf(press("?", { shiftKey: true }), root), "help");
});

test("a held key steps, but does not start and stop", () => {
  assert.equal(actionOf(press("ArrowRight", { repeat: true }), root), "next");
  assert.equal(actionOf(press(" ", { repeat: true }), root), undefined);
});

test("what has the focus keeps the keys that it uses", () => {
  assert.equal(actionOf(press(" ", { target: element("button") }), root), undefined);
  assert.equal(actionOf(press("ArrowRight", { target: element("button") }), root), "next");
  assert.equal(actionOf(press("ArrowRight", { target: element("textarea") }), root), undefined);
  assert.equal(actionOf(press("Home", { target: element("[role=slider]") }), root), undefined);
});

test("dialogs have all keys", () => {
  openDialog = true;
  assert.equal(actionOf(press("ArrowRight"), root), undefined);
});

test("Escape is the player's in its own fields, and not in others", () => {
  const field = element("textarea");
  assert.equal(actionOf(press("Escape", { target: field }), root), undefined);
  assert.equal(actionOf(press("Escape", { target: field }), fake({ contains: () => true })), "dismiss");
});

test("a hint names the first key", () => assert.equal(hint("next"), `${does("next")} (→)`));
