// The link of what is on the screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { linkNotes, shareLink } from "../../ui/player/web/share_link.js";

/** @import { Lesson } from "../../ui/player/web/share_link.js" */

const PAGE = new URL("https://example.org/app/?data=old&step=9#top");
const FACTS = { settings: { data: "moons", k: "2" }, view: ["hide", "look", "mode"] };
/** @type {Lesson} */
const NO_LESSON = { title: "", question: "", predict: false, states: { data: "free", k: "free" } };

/** @param {Record<string, string>} values */
const view = (values) => ({ get: (/** @type {string} */ name) => values[name] ?? null });

test("a link holds the settings, the view, and the step, and nothing of the address bar", () => {
  const link = shareLink(PAGE, FACTS, view({ look: "c2", tab: "math" }), 3, NO_LESSON);
  assert.equal(link, "https://example.org/app/?data=moons&k=2&look=c2&step=3");
  assert.equal(shareLink(PAGE, FACTS, view({}), 0, NO_LESSON), "https://example.org/app/?data=moons&k=2");
});

test("a lesson adds its texts, its locks, and its mode", () => {
  /** @type {Lesson} */
  const lesson = { title: "A & B", question: "Why?", predict: true, states: { data: "hidden", k: "locked" } };
  const { searchParams } = new URL(shareLink(PAGE, FACTS, view({}), 0, lesson));
  assert.deepEqual([searchParams.get("title"), searchParams.get("question")], ["A & B", "Why?"]);
  assert.deepEqual([searchParams.get("lock"), searchParams.get("hide_settings")], ["k", "data"]);
  assert.equal(searchParams.get("mode"), "predict");
});

test("all settings have one word", () => {
  /** @type {Lesson} */
  const lesson = { ...NO_LESSON, states: { data: "locked", k: "locked" } };
  const { searchParams } = new URL(shareLink(PAGE, FACTS, view({}), 0, lesson));
  assert.deepEqual([searchParams.get("lock"), searchParams.get("hide_settings")], ["everything", null]);
});

test("the form decides whether a link predicts", () => {
  const link = shareLink(PAGE, FACTS, view({ mode: "predict" }), 0, NO_LESSON);
  assert.equal(new URL(link).searchParams.get("mode"), null);
});

const SESSION = { storedEdits: null, missingEdits: "", maxLinkEdits: 200 };
const STATE = { isTable: false, areStored: true };

test("what a link does not hold is said", () => {
  assert.equal(linkNotes("short", SESSION, STATE), "");
  const storedEdits = { name: "file-1", text: "", count: 1234, isNew: false };
  assert.match(linkNotes("short", { ...SESSION, storedEdits }, STATE), /200 edits, and these are 1,234.*This browser/);
  const others = linkNotes("short", { ...SESSION, storedEdits }, { ...STATE, areStored: false });
  assert.match(others, /Whoever else opens/);
  assert.match(linkNotes("short", { ...SESSION, missingEdits: "file-1" }, STATE), /not in this browser/);
  assert.match(linkNotes("short", SESSION, { ...STATE, isTable: true }), /names your table/);
  assert.match(linkNotes("x".repeat(8001), SESSION, STATE), /8,001 characters/);
});
