// What a guess is worth: 0 to 10 points, and never unkind. Pure functions of numbers, so that each can be tested alone.

export const MOST = 10;

const FREE = 0.15; // nobody aims better than this share of a move
const LOST = 1.2; // an error of this size is worth nothing; one of 1, which is a factor of two, 2 points
const LEAST_MOVE = 0.04; // of the picture: a finger is no finer
const LEAST_COUNT = 5; // a small count is measured as if it were this one: 1 for 2 is a good guess

const points = (share) => Math.round(MOST * Math.min(1, Math.max(0, share)));

/** How much a relative error is worth: all at 0, a sixth at 1, where one number is twice the other, none from LOST on. */
const worth = (error) => points(1 - error / LOST);

/**
 * A guessed place: how far off it is, in moves of the center. To say that the center stays is an error of 1.
 * @param distance from the guess to where the center went
 * @param move how far the center moved
 * @param size the picture's diagonal; all three in units of the data
 */
export function scorePlace(distance, move, size) {
  const off = distance / Math.max(move, LEAST_MOVE * size);
  return points((LOST - off) / (LOST - FREE));
}

/**
 * A guessed count: how far off it is, relative to the smaller of the two, so that twice as many and half as many are
 * errors of 1 alike. 10% off scores 9, a quarter 8, a half 6, and a factor of two 2.
 */
export function scoreCount(guess, truth) {
  return worth(Math.abs(guess - truth) / Math.max(LEAST_COUNT, Math.min(guess, truth)));
}

export function scoreYesNo(guess, truth) {
  return guess === truth ? MOST : 0;
}

/**
 * Which cluster becomes empty.
 * @param guess a cluster from 0, or null for none
 * @param sizes the points of every cluster afterwards
 * @param empty the clusters without points
 */
export function scoreEmpty(guess, sizes, empty) {
  if (guess === null) return empty.length ? 0 : MOST;
  if (empty.includes(guess)) return MOST;
  if (empty.length) return 3; // that there would be one was right
  return sizes[guess] === Math.min(...sizes) ? 4 : 1;
}

/** Which center moves farthest: a wrong one scores by how much farther the farthest one moves. */
export function scoreFarthest(guess, moves) {
  const farthest = Math.max(...moves);
  return moves[guess] === farthest ? MOST : Math.min(MOST - 1, worth(farthest / moves[guess] - 1));
}

/** A score in a word or two. */
export function verdict(score) {
  if (score >= 9) return "very close";
  if (score >= 7) return "close";
  if (score >= 4) return "some way off";
  return "far off";
}

/**
 * All questions of a run in figures.
 * @param results [{topic, score}, ...]; score is null for a skipped question
 * @returns {asked, answered, score, most, best}; best is the topic with the best average, null while there is but one
 */
export function sumUp(results) {
  const answered = results.filter(({ score }) => score !== null);
  const total = (some) => some.reduce((sum, { score }) => sum + score, 0);
  const average = (topic) => {
    const some = answered.filter((result) => result.topic === topic);
    return total(some) / some.length;
  };
  const topics = [...new Set(answered.map(({ topic }) => topic))].sort((a, b) => average(b) - average(a));
  return {
    asked: results.length,
    answered: answered.length,
    score: total(answered),
    most: MOST * results.length,
    best: topics.length > 1 && average(topics[0]) > 0 ? topics[0] : null,
  };
}
