import assert from "node:assert/strict";
import { test } from "node:test";

import { message } from "../../ui/player/web/messages.js";
import { sharedScore } from "../../ui/player/web/predict.js";
import { keepBest } from "../../ui/player/web/predict_best.js";
import {
  MAX_SCORE,
  scoreCount,
  scoreEmpty,
  scoreFarthest,
  scorePlace,
  scoreYesNo,
  sumUp,
  verdictOf,
} from "../../ui/player/web/predict_scores.js";
import { fake } from "./fake.js";

/** @param {number} length */
const numbersBelow = (length) => Array.from({ length }, (_, number) => number);

/**
 * Fails if a number is larger than the one before it.
 * @param {number[]} numbers
 */
function assertFalling(numbers) {
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => b - a),
  );
}

test("a guessed place scores by its error in moves of the center", () => {
  assert.equal(scorePlace(0, 5, 100), 10);
  assert.equal(scorePlace(0.7, 5, 100), 10);
  assert.equal(scorePlace(2.5, 5, 100), 7);
  assert.equal(scorePlace(5, 5, 100), 2, "that the center stays");
  assert.equal(scorePlace(6, 5, 100), 0);
  assert.equal(scorePlace(50, 5, 100), 0);
  assert.equal(scorePlace(1, 0, 100), 9, "a center that stays, missed by a finger's breadth");
});

test("a guessed count scores by its error relative to the smaller number", () => {
  const cases = [
    [214, 214, 10],
    [210, 214, 10],
    [200, 214, 9],
    [193, 214, 9],
    [235, 214, 9],
    [268, 214, 8],
    [321, 214, 6],
    [107, 214, 2],
    [428, 214, 2],
    [300, 607, 1],
    [607, 300, 1],
    [71, 214, 0],
    [0, 214, 0],
    [3072, 214, 0],
  ];
  for (const [guess, truth, score] of cases) assert.equal(scoreCount(guess, truth), score, `${guess} for ${truth}`);
});

test("a small count may be off by one or two", () => {
  const cases = [
    [0, 0, 10],
    [1, 0, 8],
    [0, 1, 8],
    [2, 1, 8],
    [3, 5, 7],
    [5, 10, 2],
    [0, 6, 0],
  ];
  for (const [guess, truth, score] of cases) assert.equal(scoreCount(guess, truth), score, `${guess} for ${truth}`);
});

test("a worse guess never scores more", () => {
  const counts = numbersBelow(800).map((error) => scoreCount(100 + error, 100));
  const places = numbersBelow(800).map((error) => scorePlace(error / 50, 4, 60));
  for (const scores of [counts, places]) {
    assertFalling(scores);
    assert.deepEqual([...new Set(scores)], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  }
  for (const truth of [0, 1, 2, 7, 60, 999]) {
    const scores = numbersBelow(2000).map((guess) => scoreCount(guess, truth));
    assert.equal(scores[truth], 10);
    assertFalling(scores.slice(0, truth + 1).reverse());
    assertFalling(scores.slice(truth));
  }
});

test("no count that is off by a factor of two scores more than two", () => {
  for (let truth = 5; truth < 400; truth++) {
    assert.ok(scoreCount(2 * truth, truth) <= 2);
    if (truth >= 10) assert.ok(scoreCount(Math.floor(truth / 2), truth) <= 2);
  }
});

test("a yes or no scores all or nothing", () => {
  assert.equal(scoreYesNo(true, true), MAX_SCORE);
  assert.equal(scoreYesNo(true, false), 0);
});

test("an empty cluster scores by how much of the guess was right", () => {
  assert.equal(scoreEmpty(null, [5, 9], []), 10);
  assert.equal(scoreEmpty(null, [0, 9], [0]), 0);
  assert.equal(scoreEmpty(0, [0, 9], [0]), 10);
  assert.equal(scoreEmpty(1, [0, 9], [0]), 3);
  assert.equal(scoreEmpty(0, [2, 9], []), 4);
  assert.equal(scoreEmpty(1, [2, 9], []), 1);
});

test("the farthest center scores by how much farther it moves than the guess", () => {
  assert.equal(scoreFarthest(1, [1, 2]), 10);
  assert.equal(scoreFarthest(0, [2, 2]), 10);
  assert.equal(scoreFarthest(0, [1, 2]), 2);
  assert.equal(scoreFarthest(0, [1.5, 2]), 7);
  assert.equal(scoreFarthest(0, [1.99, 2]), 9, "nearly right is not right");
  assert.equal(scoreFarthest(0, [0, 2]), 0);
});

test("every score has a verdict", () => {
  const verdicts = numbersBelow(MAX_SCORE + 1).map((score) => verdictOf(score));
  assert.deepEqual([...new Set(verdicts)], ["far_off", "off", "close", "very_close"]);
});

test("skipped questions are left out of the average", () => {
  const results = [
    { topic: "counts", score: 8 },
    { topic: "counts", score: 9 },
    { topic: "places", score: 7 },
    { topic: "the end", score: null },
  ];
  assert.deepEqual(sumUp(results), { answered: 3, skipped: 1, percent: 80, best: "counts" });
});

test("the best score of a run is kept, and a browser without storage has none", () => {
  let content = /** @type {string | null} */ (null);
  const store = fake({
    getItem: () => content,
    setItem: (/** @type {string} */ _key, /** @type {string} */ text) => (content = text),
  });
  assert.equal(
    keepBest("a", 60, () => store),
    60,
  );
  assert.equal(
    keepBest("a", 40, () => store),
    60,
  );
  assert.equal(
    keepBest("b", 10, () => store),
    10,
  );
  assert.equal(
    keepBest("a", 80, () => store),
    80,
  );
  content = "{";
  assert.equal(
    keepBest("a", 20, () => store),
    20,
  );
  const forbidden = () => {
    throw new Error("no storage");
  };
  assert.equal(keepBest("a", 30, forbidden), 30);
});

test("a score is shared with a link to the run from its start", () => {
  const results = [
    { topic: "count", score: 8 },
    { topic: "count", score: null },
  ];
  const link = "https://x.org/?k=4&mode=predict";
  assert.equal(
    sharedScore(results, "https://x.org/?k=4&step=9"),
    message("predict.shared_score", { answered: 1, percent: 80, link }),
  );
});

test("there is no best topic if there is only one, or if no answer scored", () => {
  assert.equal(sumUp([{ topic: "counts", score: 9 }]).best, null);
  assert.equal(sumUp(["places", "counts"].map((topic) => ({ topic, score: 0 }))).best, null);
  assert.deepEqual(sumUp([]), { answered: 0, skipped: 0, percent: null, best: null });
});
