// What a guess is worth: 0 to 10 points, and never unkind. Pure functions of numbers, so that each can be tested alone.

export const MOST = 10;

const FREE = 0.15; // nobody aims better than this share of a move
const LOST = 1.5; // farther off than this many moves, a guess is worth nothing
const LEAST_MOVE = 0.04; // of the picture: a finger is no finer
const LOST_FACTOR = 8; // a count that is too large or too small by this factor is worth nothing

const points = (share) => Math.round(MOST * Math.min(1, Math.max(0, share)));

/**
 * A guessed place.
 * @param distance from the guess to where the center went
 * @param move how far the center moved
 * @param size the picture's diagonal; all three in units of the data
 */
export function scorePlace(distance, move, size) {
  const off = distance / Math.max(move, LEAST_MOVE * size);
  return points((LOST - off) / (LOST - FREE));
}

/** A guessed count: what matters is by which factor it is off, for nobody counts hundreds by eye. */
export function scoreCount(guess, truth) {
  const factor = Math.abs(Math.log((guess + 1) / (truth + 1)));
  return points(1 - factor / Math.log(LOST_FACTOR));
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

/** Which center moves farthest: as much of the points as its move has of the farthest. */
export function scoreFarthest(guess, moves) {
  const share = moves[guess] / Math.max(...moves);
  return share === 1 ? MOST : Math.floor(share * (MOST - 1));
}

/** A score in a word or two. */
export function verdict(score) {
  if (score >= 9) return "very close";
  if (score >= 7) return "close";
  if (score >= 4) return "some way off";
  return score >= 1 ? "far off" : "that was hard to see";
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
