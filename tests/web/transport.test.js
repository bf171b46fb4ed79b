// The step that is shown, and what the controls say of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { controlTexts } from "../../ui/player/web/controls.js";
import { StepPosition } from "../../ui/player/web/step_position.js";

test("a step that does not exist is the nearest one", () => {
  const position = new StepPosition(3);
  assert.equal(position.moveTo(-1, 5), 0);
  assert.equal(position.moveTo(9, 5), 5);
});

test("another run shows the same step, or its end if the last run was at its end", () => {
  const position = new StepPosition(4);
  assert.equal(position.arrive(9, false), 4);
  assert.equal(position.arrive(9, true), 9);
  assert.equal(position.arrive(6, false), 6, "the step does not exist there");
});

test("an edit decides where to land, once", () => {
  const position = new StepPosition(4);
  position.landing = 2;
  assert.equal(position.arrive(9, true), 2);
  assert.equal(position.landing, null);
  position.landing = 2;
  position.moveTo(7, 9);
  assert.equal(position.arrive(9, false), 7, "going elsewhere forgets it");
});

/** @type {Parameters<typeof controlTexts>[0]} */
const state = {
  index: 2,
  last: 5,
  lastVisible: 5,
  placeName: "Refine 1",
  coming: "assign",
  continues: false,
  isPlaying: false,
};

test("controls say the step and what comes next", () => {
  const { place, spokenPlace, next, nextIcon, play } = controlTexts(state);
  assert.deepEqual([place, spokenPlace], ["2 of 5", "half-step 2 of 5: Refine 1"]);
  assert.deepEqual([next, nextIcon, play], ["Next: assign", "next", "Play"]);
  assert.equal(controlTexts({ ...state, isPlaying: true }).play, "Pause");
});

test("while steps are hidden, their number is not told", () => {
  assert.equal(controlTexts({ ...state, lastVisible: 2 }).place, "2");
});

test("at the end, Next continues or starts again", () => {
  const end = { ...state, index: 5, coming: null };
  assert.deepEqual([controlTexts(end).next, controlTexts(end).nextIcon], ["Start again", "first"]);
  assert.equal(controlTexts(end).play, "Play again");
  assert.deepEqual([controlTexts({ ...end, continues: true }).next], ["Continue"]);
});
