// The presenter view: its timer, and what it shows to the class.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Presenter, timerText } from "../../ui/player/web/presenter.js";
import { fake } from "./fake.js";

/** @type {Presenter | null} */
let latest = null;
/** @type {Record<string, (event: KeyboardEvent) => void>} */
let listeners = {};

/** An element with any number of others in it. */
class StandIn {
  hidden = true;
  textContent = "";
  isOpen = false;
  /** @type {Record<string, string>} */
  dataset = {};
  /** @type {Record<string, string>} */
  attributes = {};
  /** @type {Record<string, StandIn>} */
  parts = {};
  /** @type {Record<string, (event: unknown) => void>} */
  listeners = {};

  /** @param {string} selector */
  querySelector(selector) {
    return (this.parts[selector] ??= new StandIn());
  }

  /** @param {string} name @param {(event: unknown) => void} listener */
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  insertAdjacentHTML() {}
  focus() {}
  showModal() {
    this.isOpen = true;
  }

  close() {
    this.isOpen = false;
  }
}

beforeEach(() => {
  listeners = {};
  const page = new StandIn();
  Object.assign(globalThis, { HTMLElement: StandIn, HTMLDialogElement: StandIn, SVGElement: StandIn });
  globalThis.document = fake({
    documentElement: page,
    querySelector: () => null,
    addEventListener: (/** @type {string} */ name, /** @type {() => void} */ listener) => (listeners[name] = listener),
    removeEventListener: () => {},
  });
});

afterEach(() => latest?.destroy());

/** A presenter as it is outside a browser. @param {Record<string, string>} link */
function makePresenter(link, { minutes = 0, notes = "" } = {}) {
  const root = new StandIn();
  const counts = { redraws: 0, pauses: 0 };
  /** @type {Map<string, string | null>} */
  const values = new Map(Object.entries(link));
  const player = {
    root,
    find: (/** @type {string} */ selector) => root.querySelector(selector),
    view: {
      get: (/** @type {string} */ name) => values.get(name) ?? null,
      set: (/** @type {string} */ name, /** @type {string | null} */ value) => values.set(name, value),
    },
    redraw: async () => void counts.redraws++,
    pause: () => counts.pauses++,
  };
  const part = new Presenter(fake(player));
  latest = part;
  part.setSession(fake({ presentation: { minutes, notes } }));
  const press = (/** @type {string} */ key) =>
    listeners.keydown(fake({ key, preventDefault: () => {}, target: { closest: () => null } }));
  return { part, values, counts, press, black: root.querySelector(".km-blank") };
}

test("the timer counts up, or down from its minutes and on", () => {
  assert.deepEqual(
    [0, 59, 61, 3661].map((seconds) => timerText(seconds, 0)),
    ["00:00", "00:59", "01:01", "1:01:01"],
  );
  assert.deepEqual(
    [0, 1, 600, 605].map((seconds) => timerText(seconds, 10)),
    ["10:00", "09:59", "00:00", "−00:05"],
  );
});

test("a link opens the view without the notes, and a key shows them", () => {
  const { part, press } = makePresenter({ present: "1" }, { notes: "Ask first." });
  assert.ok(part.isOn);
  assert.equal(part.notes.hidden, true, "the class sees this screen");
  press("n");
  assert.equal(part.notes.hidden, false);
  press("n");
  assert.equal(part.notes.hidden, true);
});

test("the view opens with hidden notes whenever it opens", () => {
  const { part, press } = makePresenter({ present: "1" }, { notes: "Ask first." });
  press("n");
  part.leave();
  part.open();
  assert.equal(part.notes.hidden, true);
});

test("without the view its keys do nothing, and Escape is free", () => {
  const { part, press, black } = makePresenter({}, { notes: "Ask first." });
  press("n");
  press("b");
  assert.deepEqual([part.isOn, part.notes.hidden, black.isOpen, part.dismiss()], [false, true, false, false]);
});

test("Escape leaves the view, in the link as well", () => {
  const { part, values, counts } = makePresenter({ present: "1" });
  assert.equal(counts.redraws, 0, "nothing was drawn yet");
  assert.equal(part.dismiss(), true);
  assert.deepEqual([part.isOn, values.get("present"), counts.redraws], [false, null, 1]);
});

test("a remote's keys make the screen black, and any key shows it again", () => {
  const { press, black, counts } = makePresenter({ present: "1" });
  for (const key of ["b", "."]) {
    press(key);
    assert.equal(black.isOpen, true);
    black.listeners.keydown({ key: "PageDown", preventDefault: () => {} });
    assert.equal(black.isOpen, false);
  }
  assert.equal(counts.pauses, 2, "nothing goes on behind it");
});

test("the timer says when its minutes are over", (context) => {
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  const { part } = makePresenter({ present: "1" }, { minutes: 1 });
  const timer = part.bar.querySelector('[data-presenter="timer"]');
  now += 61_000;
  part.showTime();
  assert.equal(/** @type {HTMLElement} */ (timer).dataset.over, "true");
  part.restart();
  assert.equal(/** @type {HTMLElement} */ (timer).dataset.over, "false");
});
