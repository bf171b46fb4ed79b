// The link of what is on the screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { message } from "../../ui/player/web/messages.js";
import {
  canSend,
  linkNotes,
  presenterLink,
  reachNote,
  shareLink,
  typedAddress,
} from "../../ui/player/web/share_link.js";

/** @import { Lesson } from "../../ui/player/web/share_link.js" */

const PAGE = new URL("https://example.org/app/?data=old&step=9#top");
const FACTS = { settings: { data: "moons", k: "2" }, view: ["hide", "look", "mode"], allControls: "everything" };
/** @type {Lesson} */
const NO_LESSON = { title: "", question: "", predict: false, fromStart: true, states: { data: "free", k: "free" } };

/** @param {Record<string, string>} values */
const view = (values) => ({ get: (/** @type {string} */ name) => values[name] ?? null });

test("a link holds the settings, the view, and the step, and nothing of the address bar", () => {
  const link = shareLink(PAGE, FACTS, view({ look: "c2", tab: "math" }), 3, NO_LESSON);
  assert.equal(link, "https://example.org/app/?data=moons&k=2&look=c2&step=3");
  assert.equal(shareLink(PAGE, FACTS, view({}), 0, NO_LESSON), "https://example.org/app/?data=moons&k=2");
});

test("a phone sends a link in its own way, where it has one", () => {
  assert.equal(canSend(true, { share: () => {} }), true);
  assert.equal(canSend(false, { share: () => {} }), false, "a desktop's own dialog is no better than a copy");
  assert.equal(canSend(true, {}), false);
});

test("a lesson adds its texts, its locks, and its mode", () => {
  /** @type {Lesson} */
  const lesson = {
    title: "A & B",
    question: "Why?",
    predict: true,
    fromStart: true,
    states: { data: "hidden", k: "locked" },
  };
  const { searchParams } = new URL(shareLink(PAGE, FACTS, view({}), 0, lesson));
  assert.deepEqual([searchParams.get("title"), searchParams.get("question")], ["A & B", "Why?"]);
  assert.deepEqual([searchParams.get("lock"), searchParams.get("hide_settings")], ["k", "data"]);
  assert.equal(searchParams.get("mode"), "predict");
});

test("a lesson that predicts opens at the start, unless the teacher chose the step", () => {
  const step = (/** @type {Partial<Lesson>} */ parts) =>
    new URL(shareLink(PAGE, FACTS, view({}), 9, { ...NO_LESSON, ...parts })).searchParams.get("step");
  assert.equal(step({ predict: true }), null);
  assert.equal(step({ predict: true, fromStart: false }), "9");
  assert.equal(step({}), "9", "any other link opens what is on the screen");
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

test("a presenter's link adds what the link of a class leaves out", () => {
  const link = shareLink(PAGE, FACTS, view({ present: "1", notes: "Ask", minutes: "5" }), 3, NO_LESSON);
  assert.equal(link, "https://example.org/app/?data=moons&k=2&step=3");
  assert.equal(presenterLink(link, { notes: "", minutes: "" }), `${link}&present=1`);
  const { searchParams } = new URL(presenterLink(link, { notes: "Ask.\nVote.", minutes: "10" }));
  assert.deepEqual([...searchParams.keys()], ["data", "k", "step", "present", "minutes", "notes"]);
  assert.equal(searchParams.get("notes"), "Ask.\nVote.");
});

test("the address to type is as short as it may be and opens the same", () => {
  const opening = { data: "blobs", k: "5" };
  const facts = { ...FACTS, settings: opening };
  const typed = (/** @type {number} */ step, lesson = NO_LESSON, page = PAGE) =>
    typedAddress(shareLink(page, facts, view({}), step, lesson), { settings: facts.settings, opening });
  assert.equal(typed(0), "example.org/app");
  assert.equal(typed(0, NO_LESSON, new URL("http://kmeans.org:8501/?data=moons")), "kmeans.org:8501");
  assert.equal(typed(3), "example.org/app/?step=3");
  assert.equal(typed(0, { ...NO_LESSON, states: { data: "locked", k: "free" } }), "example.org/app/?lock=data");
  // Any other run keeps all of its settings, also those that the opening has.
  /** @type {Record<string, string>[]} */
  const others = [{ data: "blobs", k: "6" }, { data: "blobs" }, { ...opening, seed: "3" }];
  for (const settings of others) {
    const link = shareLink(PAGE, { ...FACTS, settings }, view({}), 0, NO_LESSON);
    const address = typedAddress(link, { settings, opening });
    assert.equal(new URL(`https://${address}`).href, link);
  }
  assert.equal(typed(0, { ...NO_LESSON, question: "Why is one of the groups cut in two?".repeat(2) }), "");
});

test("the large code warns where phones cannot open its address", () => {
  for (const hostname of ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "app.localhost"]) {
    assert.equal(reachNote(hostname), message("share.reach", { reach: "computer", hostname }));
  }
  for (const hostname of ["laptop", "laptop.local", "192.168.1.7", "10.0.0.2", "172.20.1.1", "[fe80::1]"]) {
    assert.equal(reachNote(hostname), message("share.reach", { reach: "network", hostname }));
  }
  for (const hostname of ["kmeans.org", "example.streamlit.app", "172.32.0.1", "8.8.8.8", "[2606:4700::1111]"]) {
    assert.equal(reachNote(hostname), "");
  }
});

const SESSION = { storedEdits: null, missingEdits: "", maxLinkEdits: 200 };
const STATE = { isTable: false, areStored: true };

test("what a link does not hold is said", () => {
  assert.equal(linkNotes("short", SESSION, STATE), "");
  const storedEdits = { name: "file-1", text: "", count: 1234, isNew: false };
  assert.match(linkNotes("short", { ...SESSION, storedEdits }, STATE), /200 edits. You have 1,234.*This browser/);
  const others = linkNotes("short", { ...SESSION, storedEdits }, { ...STATE, areStored: false });
  assert.match(others, /Anyone who opens/);
  assert.match(linkNotes("short", { ...SESSION, missingEdits: "file-1" }, STATE), /not in this browser/);
  assert.match(linkNotes("short", SESSION, { ...STATE, isTable: true }), /names your table/);
  assert.match(linkNotes("x".repeat(8001), SESSION, STATE), /8,001 characters/);
});
