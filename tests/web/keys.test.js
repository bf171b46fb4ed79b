// Which keys are the player's, and when.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { actionOf, does, hint, PRESENTER_SHORTCUTS } from "../../ui/player/web/keys.js";
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
  matches: () => false,
  closest: (/** @type {string} */ selector) =>
    words.some((word) => selector.split(", ").some((part) => part === word)) ? {} : null,
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

test("a remote's keys are the player's in its fields of numbers, and not in others", () => {
  const field = fake({
    ...element("textarea"),
    matches: (/** @type {string} */ selector) => selector === "[type=number]",
  });
  for (const [key, action] of Object.entries({ PageDown: "next", PageUp: "back" })) {
    assert.equal(actionOf(press(key, { target: field }), root), undefined);
    assert.equal(actionOf(press(key, { target: field }), fake({ contains: () => true })), action);
  }
  assert.equal(actionOf(press("ArrowRight", { target: field }), fake({ contains: () => true })), undefined);
});

test("the presenter view has keys of its own, also those of remotes, and with Caps Lock", () => {
  const actions = { ".": "blank", b: "blank", B: "blank", n: "notes", N: "notes", t: "timer" };
  for (const [key, action] of Object.entries(actions)) {
    assert.equal(actionOf(press(key), root, PRESENTER_SHORTCUTS), action);
    assert.equal(actionOf(press(key), root), undefined, "elsewhere, letters do nothing");
  }
  assert.equal(actionOf(press("n", { target: element("textarea") }), root, PRESENTER_SHORTCUTS), undefined);
});

test("a hint names the first key", () => assert.equal(hint("next"), `${does("next")} (→)`));
