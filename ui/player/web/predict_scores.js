// Scores of guesses in Predict mode: 0 to 10 points each. Pure functions of numbers.

export const MAX_SCORE = 10;

const FREE_ERROR = 0.15; // shares of a move; nobody points more precisely than this
const WORTHLESS_ERROR = 1.2; // an error of this size scores 0; an error of 1 (a factor of two) scores 2
const SHORTEST_MOVE = 0.04; // of the picture's diagonal: shorter moves are scored as if they were this long
const SMALLEST_COUNT = 5; // smaller counts are scored as if they were 5: a guess of 1 for 2 is a good guess

/** @param {number} share of the full score; clipped to 0..1 */
const pointsFor = (share) => Math.round(MAX_SCORE * Math.min(1, Math.max(0, share)));

/** @param {number} error relative; 0 scores 10, 1 scores 2, and WORTHLESS_ERROR or more scores 0 */
const scoreOfError = (error) => pointsFor(1 - error / WORTHLESS_ERROR);

/**
 * Score a guessed place by its distance from the true one, in moves of the center. The guess that the center stays is an
 * error of 1.
 * @param {number} distance from the guess to where the center went
 * @param {number} move how far the center moved
 * @param {number} size the picture's diagonal; all three in units of the data
 */
export function scorePlace(distance, move, size) {
  const error = distance / Math.max(move, SHORTEST_MOVE * size);
  return pointsFor((WORTHLESS_ERROR - error) / (WORTHLESS_ERROR - FREE_ERROR));
}

/**
 * Score a guessed count by its error relative to the smaller of the two, so that twice as many and half as many are both
 * an error of 1. 10% off scores 9, a quarter 8, a half 6, a factor of two 2.
 * @param {number} guess
 * @param {number} truth
 */
export function scoreCount(guess, truth) {
  return scoreOfError(Math.abs(guess - truth) / Math.max(SMALLEST_COUNT, Math.min(guess, truth)));
}

/**
 * @param {boolean} guess
 * @param {boolean} truth
 */
export function scoreYesNo(guess, truth) {
  return guess === truth ? MAX_SCORE : 0;
}

/**
 * Score which cluster becomes empty.
 * @param {number | null} guess a cluster from 0; null for none
 * @param {ArrayLike<number>} sizes the points of every cluster afterwards
 * @param {number[]} empty the clusters without points afterwards
 */
export function scoreEmpty(guess, sizes, empty) {
  if (guess === null) return empty.length ? 0 : MAX_SCORE;
  if (empty.includes(guess)) return MAX_SCORE;
  if (empty.length) return 3; // right that there is an empty cluster
  return sizes[guess] === Math.min(...Array.from(sizes)) ? 4 : 1;
}

/**
 * Score which center moves farthest: a wrong one by how much farther the farthest one moves.
 * @param {number} guess a cluster from 0
 * @param {number[]} moves the length of every center's move
 */
export function scoreFarthest(guess, moves) {
  const farthest = Math.max(...moves);
  return moves[guess] === farthest ? MAX_SCORE : Math.min(MAX_SCORE - 1, scoreOfError(farthest / moves[guess] - 1));
}

/** @typedef {"exact" | "very_close" | "close" | "off" | "far_off"} Verdict how good a guess is; keys of messages */

/**
 * @param {number} score
 * @returns {Verdict}
 */
export function verdictOf(score) {
  if (score >= 9) return "very_close";
  if (score >= 7) return "close";
  return score >= 4 ? "off" : "far_off";
}

/** @typedef {{topic: string, score: number | null}} Result one question's; score is null where it was skipped */

/**
 * Sum up the results of a run. A question that was skipped does not count.
 * @param {Result[]} results
 * @returns {{answered: number, skipped: number, percent: number | null, best: string | null}} percent is the average score,
 *   null without an answer; best is the topic with the best average, null where there is only one topic
 */
export function sumUp(results) {
  /** @type {Map<string, number[]>} */
  const scores = new Map();
  for (const { topic, score } of results) {
    if (score !== null) scores.set(topic, [...(scores.get(topic) ?? []), score]);
  }
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
  const averages = [...scores].map(([topic, numbers]) => ({ topic, average: sum(numbers) / numbers.length }));
  averages.sort((a, b) => b.average - a.average);
  const all = [...scores.values()].flat();
  return {
    answered: all.length,
    skipped: results.length - all.length,
    percent: all.length ? Math.round((100 * sum(all)) / (MAX_SCORE * all.length)) : null,
    best: averages.length > 1 && averages[0].average > 0 ? averages[0].topic : null,
  };
}
