import assert from "node:assert/strict";
import { test } from "node:test";

import {
  MOST,
  scoreCount,
  scoreEmpty,
  scoreFarthest,
  scorePlace,
  scoreYesNo,
  sumUp,
  verdict,
} from "../../ui/player/web/predict_scores.js";

const DIAGONAL = 100;

test("a guessed place scores by its error in moves of the center", () => {
  assert.equal(scorePlace(0, 10, DIAGONAL), MOST);
  // "The center stays" is an error of one move.
  assert.equal(scorePlace(10, 10, DIAGONAL), 2);
  assert.equal(scorePlace(12, 10, DIAGONAL), 0);
  assert.equal(scorePlace(1000, 10, DIAGONAL), 0);
});

test("a guessed place next to a center that hardly moves still scores", () => {
  assert.equal(scorePlace(0.5, 0, DIAGONAL), MOST);
  assert.equal(scorePlace(4, 0.001, DIAGONAL), 2);
});

test("a guessed count scores by its relative error", () => {
  assert.equal(scoreCount(100, 100), 10);
  assert.equal(scoreCount(110, 100), 9);
  assert.equal(scoreCount(125, 100), 8);
  assert.equal(scoreCount(150, 100), 6);
  assert.equal(scoreCount(200, 100), 2);
  assert.equal(scoreCount(1000, 100), 0);
});

test("twice as many and half as many score alike", () => {
  for (const truth of [10, 64, 1000]) assert.equal(scoreCount(2 * truth, truth), scoreCount(truth / 2, truth));
});

test("an error of one in a small count is a good guess", () => {
  assert.equal(scoreCount(2, 1), 8);
  assert.equal(scoreCount(1, 0), 8);
});

test("a yes or no scores all or nothing", () => {
  assert.equal(scoreYesNo(true, true), MOST);
  assert.equal(scoreYesNo(true, false), 0);
});

test("an empty cluster scores by how much of the guess was right", () => {
  assert.equal(scoreEmpty(null, [5, 5], []), MOST);
  assert.equal(scoreEmpty(null, [5, 0], [1]), 0);
  assert.equal(scoreEmpty(1, [5, 0], [1]), MOST);
  assert.equal(scoreEmpty(0, [5, 0], [1]), 3);
  assert.equal(scoreEmpty(1, [5, 2], []), 4);
  assert.equal(scoreEmpty(0, [5, 2], []), 1);
});

test("the farthest center scores by how much farther it moves than the guess", () => {
  assert.equal(scoreFarthest(1, [1, 4]), MOST);
  assert.equal(scoreFarthest(0, [4, 4]), MOST);
  assert.equal(scoreFarthest(0, [3.999, 4]), MOST - 1);
  assert.equal(scoreFarthest(0, [2, 4]), 2);
  assert.equal(scoreFarthest(0, [0, 4]), 0);
});

test("every score has a verdict", () => {
  const verdicts = Array.from({ length: MOST + 1 }, (_, score) => verdict(score));
  assert.deepEqual([...new Set(verdicts)], ["far off", "some way off", "close", "very close"]);
});

test("skipped questions count as asked but not as answered", () => {
  const results = [
    { topic: "place", score: 10 },
    { topic: "count", score: 4 },
    { topic: "count", score: null },
  ];
  assert.deepEqual(sumUp(results), { asked: 3, answered: 2, score: 14, most: 30, best: "place" });
});

test("there is no best topic among one, or where all scored nothing", () => {
  assert.equal(sumUp([{ topic: "place", score: 10 }]).best, null);
  const nothing = ["place", "count"].map((topic) => ({ topic, score: 0 }));
  assert.equal(sumUp(nothing).best, null);
  assert.deepEqual(sumUp([]), { asked: 0, answered: 0, score: 0, most: 0, best: null });
});
