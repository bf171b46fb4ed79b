import assert from "node:assert/strict";
import { test } from "node:test";

import { centerAt } from "../../ui/player/web/center_geometry.js";
import { message } from "../../ui/player/web/messages.js";
import { chooseQuestion, hashOf } from "../../ui/player/web/predict_questions.js";
import { makeRun, withStep } from "./runs.js";

/** @import { Question } from "../../ui/player/web/predict_questions.js" */
/** @import { Run } from "../../ui/player/web/types.d.ts" */

/**
 * All questions that may be asked before a step's successor, by kind.
 * @param {Run} run
 * @param {number} index
 */
function questionsAt(run, index) {
  /** @type {Map<string, Question>} */
  const questions = new Map();
  for (let round = 0; round < 60; round++) {
    const question = chooseQuestion(run, index, round);
    if (question) questions.set(question.kind, question);
  }
  return questions;
}

/**
 * @param {Run} run
 * @param {number} index
 * @param {string} kind
 */
function questionOf(run, index, kind) {
  const question = questionsAt(run, index).get(kind);
  assert.ok(question, `no question of the kind ${kind}`);
  return question;
}

/** @param {Run} run @param {number} index */
const kindsAt = (run, index) => [...questionsAt(run, index).keys()].sort();

test("the same run, step, and round ask the same", () => {
  for (let index = 0; index < 5; index++) {
    for (let round = 0; round < 5; round++) {
      const [first, again] = [0, 1].map(() => chooseQuestion(makeRun(), index, round));
      assert.equal(JSON.stringify(first), JSON.stringify(again));
    }
  }
});

test("hashes are those of FNV-1a, folded", () => {
  assert.equal(hashOf("a"), (0xe40c292c ^ (0xe40c292c >>> 15)) >>> 0);
  assert.notEqual(hashOf("run", 1, 2), hashOf("run", 12));
});

test("a refine asks for a place or the farthest center", () => {
  assert.deepEqual(kindsAt(makeRun(), 1), ["farthest", "place"]);
  const run = makeRun();
  run.steps[2].centers = run.steps[1].centers;
  assert.deepEqual(kindsAt(run, 1), []);
});

test("the first assign asks how many points join a cluster", () => {
  assert.deepEqual(kindsAt(makeRun(), 0), ["joining"]);
});

test("a later assign asks how many points switch and, when few did, whether the run stops", () => {
  assert.deepEqual(kindsAt(makeRun(), 2), ["reassigned"]);
  assert.deepEqual(kindsAt(makeRun(), 4), ["reassigned", "stop"]);
});

test("after a moved center the run goes on, so nobody is asked whether it stops", () => {
  assert.deepEqual(kindsAt(withStep(4, { phase: "move" }), 4), ["reassigned"]);
});

test("a cluster that becomes empty is always asked for", () => {
  const run = withStep(1, { sizes: Uint32Array.of(0, 4) });
  assert.deepEqual(kindsAt(run, 0), ["empty"]);
});

test("close centers may leave a cluster empty", () => {
  const run = withStep(0, { centers: Float32Array.of(0, 0, 0, 0.1) });
  assert.deepEqual(kindsAt(run, 0), ["empty", "joining"]);
});

test("with one cluster left, only the end is worth asking for", () => {
  const run = withStep(4, { active: [true, false] });
  assert.deepEqual(kindsAt(run, 4), ["stop"]);
  assert.deepEqual(kindsAt(withStep(0, { active: [true, false] }), 0), []);
});

test("a place is judged by its distance", () => {
  const run = makeRun();
  const question = questionOf(run, 1, "place");
  assert.equal(question.cluster, 1);
  assert.deepEqual(question.from, [1, 2]);
  const truth = centerAt(run.steps[2].centers, 1);
  const right = question.judge(truth);
  assert.equal(right.score, 10);
  assert.deepEqual(right.marks?.truth, truth);
  const move = truth[0] - 1;
  assert.equal(right.text, message("predict.place_result", { error: 0, move, verdict: "very_close" }));
  assert.ok(question.judge([1, 2]).score <= 2);
});

test("a move has as many digits as in the sentence of the step", () => {
  const values = { guess: 2, center: "centroid", move: 3.9389 };
  assert.match(message("predict.farthest_right", values), / 3\.94:/);
});

test("the farthest center is judged by the moves", () => {
  const question = questionOf(makeRun(), 1, "farthest");
  assert.deepEqual(
    question.choices?.map(({ value }) => value),
    [0, 1],
  );
  assert.equal(question.judge(1).score, 10);
  const wrong = question.judge(0);
  assert.equal(wrong.score, 0);
  assert.match(wrong.text, /Farthest was center 2/);
  assert.deepEqual(wrong.marks?.choice, [0, 0]);
});

test("numbers are judged against what the step does", () => {
  const joining = questionOf(makeRun(), 0, "joining");
  assert.equal(joining.max, 4);
  const size = [1, 3][joining.cluster ?? 0];
  assert.deepEqual(joining.judge(size).counts, [size, size]);
  assert.equal(joining.judge(size).score, 10);
  const reassigned = questionOf(makeRun(), 2, "reassigned");
  assert.equal(reassigned.judge(1).text, message("predict.count_result", { guess: 1, truth: 1, verdict: "exact" }));
});

test("whether it stops is judged against how many points switch", () => {
  const stops = questionOf(makeRun(), 4, "stop");
  assert.deepEqual([stops.judge(true).score, stops.judge(false).score], [10, 0]);
  const goesOn = questionOf(withStep(5, { reassigned: 2 }), 4, "stop");
  assert.deepEqual([goesOn.judge(true).score, goesOn.judge(false).score], [0, 10]);
  assert.equal(goesOn.judge(false).text, message("predict.not_stopped", { guess: false, count: 2 }));
});

test("an empty cluster is judged among those that take part", () => {
  const question = questionOf(withStep(1, { sizes: Uint32Array.of(0, 4) }), 0, "empty");
  assert.deepEqual(
    question.choices?.map(({ value }) => value),
    [null, 0, 1],
  );
  const truth = { count: 1, clusters: "1" };
  for (const [guess, score, text] of /** @type {const} */ ([
    [null, 0, message("predict.none_wrong", truth)],
    [0, 10, message("predict.empty_right", { guess: 1, ...truth })],
    [1, 3, message("predict.other_empty", { guess: 2, ...truth })],
  ])) {
    const judgment = question.judge(guess);
    assert.deepEqual([judgment.score, judgment.text], [score, text]);
    assert.deepEqual(judgment.marks?.truth, [0, 0]);
  }
  const none = questionOf(withStep(0, { centers: Float32Array.of(0, 0, 0, 0.1) }), 0, "empty");
  assert.deepEqual([none.judge(null).score, none.judge(null).marks], [10, null]);
  assert.equal(none.judge(1).text, message("predict.empty_wrong", { guess: 2, size: 3 }));
});

test("no hint has a number that may be the answer", () => {
  for (const index of [0, 2, 4]) {
    for (const { input, hint, cluster } of questionsAt(makeRun(), index).values()) {
      if (input === "number") {
        assert.deepEqual(hint.match(/\d+/g) ?? [], cluster === undefined ? [] : [`${cluster + 1}`]);
      }
    }
  }
});

test("a question that nobody answered right has no hole in its wording", () => {
  for (let index = 0; index < 5; index++) {
    for (const { text, hint } of questionsAt(makeRun(), index).values()) {
      assert.doesNotMatch(`${text} ${hint}`, /undefined|NaN|null|\{/);
    }
  }
});
