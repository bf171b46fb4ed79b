// The questions of Predict mode: which one to ask before a step, and how to judge an answer. Nothing is random: the same
// run, step, and round ask the same.

import { centerAt } from "./center_geometry.js";
import { rangeOf } from "./data_range.js";
import { message } from "./messages.js";
import { amount } from "./numbers.js";
import { listed } from "./sentences.js";
import { scoreCount, scoreEmpty, scoreFarthest, scorePlace, scoreYesNo, verdictOf } from "./predict_scores.js";

/** @import { Place, Run, Step } from "./types.d.ts" */

/** @typedef {"place" | "farthest" | "joining" | "reassigned" | "empty" | "stop"} Kind */
/** @typedef {"place" | "farthest" | "count" | "empty" | "stop"} Topic what the summary groups questions by */

/**
 * Places to mark in the picture: the center asked about, a guessed place, a picked center, and the true place; the label
 * stands beside the guess.
 * @typedef {{target?: Place | null, guess?: Place, choice?: Place | null, truth?: Place | null, label?: string}} Marks
 */

/**
 * @typedef {object} Judgment
 * @property {number} score
 * @property {string} text
 * @property {Marks | null} [marks]
 * @property {[guess: number, truth: number]} [counts]
 */

/** A place, a number of points, or the value of a choice. @typedef {Place | number | boolean | null} Answer */

/**
 * @typedef {object} QuestionFacts
 * @property {Kind} kind
 * @property {Topic} topic
 * @property {"place" | "choice" | "number"} input how it is answered
 * @property {string} text
 * @property {string} hint
 * @property {number} [cluster] the one asked about
 * @property {Place} [from] where the center is now, of a place
 * @property {{value: number | boolean | null, label: string}[]} [choices] of a choice
 * @property {number} [max] the largest number that may be given
 */

/** A question judges the kind of answers that its input gives. @typedef {QuestionFacts & { judge(answer: Answer): Judgment }} Question */

/**
 * What is known before a step, and what it does.
 * @typedef {object} Situation
 * @property {Run} run
 * @property {Step} now
 * @property {Step | undefined} before the step before it
 * @property {Step} next
 * @property {number[]} moves the length of every center's move
 * @property {number} size the picture's diagonal; both in units of the data
 * @property {number[]} active the clusters that take part
 * @property {number[]} empty those without points after the next step
 */

// Shares of the picture's diagonal
const POINTABLE_MOVE = 0.03; // a shorter move is too small to point at
const VISIBLE_MOVE = 0.003; // nobody sees a shorter move, so nobody is asked about it
const CLOSE_CENTERS = 0.05; // of centers closer than this, one may end up without points
// Shares of the points
const CALM = 0.01; // after fewer reassignments, the next assign may be the last
const SMALL_CLUSTER = 0.1; // of an equal share; a smaller cluster may end up empty

/**
 * A number that looks random, but is the same every time (FNV-1a).
 * @param {...(string | number)} facts
 */
export function hashOf(...facts) {
  let hash = 0x811c9dc5;
  for (const letter of facts.join(":")) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * @param {Place} from
 * @param {Place} to
 */
const distance = ([x1, y1], [x2, y2]) => Math.hypot(x2 - x1, y2 - y1);

/** @param {number[]} clusters */
const clusterChoices = (clusters) => clusters.map((cluster) => ({ value: cluster, label: String(cluster + 1) }));

/**
 * @param {Run} run
 * @param {number} index
 * @returns {Situation}
 */
function situationAt(run, index) {
  const [now, next] = [run.steps[index], run.steps[index + 1]];
  const clusters = Array.from({ length: run.k }, (_, cluster) => cluster);
  const active = clusters.filter((cluster) => now.active[cluster]);
  const extents = [0, 1].map((feature) => rangeOf(run, feature)).map(([low, high]) => high - low);
  return {
    run,
    now,
    next,
    before: run.steps[index - 1],
    moves: clusters.map((cluster) => distance(centerAt(now.centers, cluster), centerAt(next.centers, cluster))),
    size: Math.hypot(...extents),
    active,
    empty: active.filter((cluster) => next.sizes?.[cluster] === 0),
  };
}

// --- Kinds of questions worth asking; one that is listed twice is asked more often

/**
 * @param {Situation} situation
 * @returns {Kind[]}
 */
function kindsBeforeRefine({ moves, size, active }) {
  const farthest = Math.max(...moves);
  if (farthest < VISIBLE_MOVE * size) return [];
  /** @type {Kind[]} */
  const kinds = active.length > 1 ? ["farthest"] : [];
  return farthest >= POINTABLE_MOVE * size ? ["place", "place", ...kinds] : kinds;
}

/** @param {Situation} situation */
function mayBecomeEmpty({ run, now: { sizes, centers }, size, active }) {
  if (sizes) return active.some((cluster) => sizes[cluster] < (SMALL_CLUSTER * run.n) / run.k);
  const places = active.map((cluster) => centerAt(centers, cluster));
  return places.some((place, i) => places.slice(0, i).some((other) => distance(place, other) < CLOSE_CENTERS * size));
}

/**
 * @param {Situation} situation
 * @returns {Kind[]}
 */
function kindsBeforeAssign(situation) {
  const { run, now, next, before, active, empty } = situation;
  // After a center was moved, the run goes on even if no point switches cluster.
  const mayStop = now.phase !== "move";
  if (active.length === 1) return now.labels && mayStop ? ["stop"] : [];
  if (empty.some((cluster) => now.sizes?.[cluster] !== 0)) return ["empty"];
  /** @type {Kind[]} */
  const plausible = mayBecomeEmpty(situation) ? ["empty"] : [];
  if (!now.labels) return ["joining", ...plausible];
  // Asked also when the run goes on, or the question would give its answer away.
  const isCalm = Boolean(before?.changed && before.reassigned <= Math.max(3, CALM * run.n));
  /** @type {Kind[]} */
  const end = mayStop && (isCalm || next.reassigned === 0) ? ["stop"] : [];
  return ["reassigned", ...plausible, ...end];
}

// --- Questions

/** @typedef {Omit<Question, "kind">} Content */

/**
 * @param {Situation} situation
 * @param {number} random
 * @returns {Content}
 */
function placeQuestion({ run, now, next, moves, size }, random) {
  const far = moves.flatMap((move, cluster) => (move >= Math.max(...moves) / 2 ? [cluster] : []));
  const cluster = far[random % far.length];
  const [from, truth] = [now, next].map(({ centers }) => centerAt(centers, cluster));
  const move = moves[cluster];
  return {
    topic: "place",
    input: "place",
    cluster,
    from,
    text: message("predict.place", { center: run.rule.center, cluster: cluster + 1 }),
    hint: message("predict.place_hint", { x: from[0], y: from[1] }),
    judge(/** @type {Place} */ guess) {
      const error = distance(guess, truth);
      const score = scorePlace(error, move, size);
      const text = message("predict.place_result", { error, move, verdict: verdictOf(score) });
      return { score, text, marks: { guess, truth, label: amount(error, 3) } };
    },
  };
}

/**
 * @param {Situation} situation
 * @returns {Content}
 */
function farthestQuestion({ run, next, moves, active }) {
  const { center } = run.rule;
  const farthest = moves.indexOf(Math.max(...moves));
  return {
    topic: "farthest",
    input: "choice",
    text: message("predict.farthest", { center }),
    hint: message("predict.farthest_hint", { center }),
    choices: clusterChoices(active),
    judge(/** @type {number} */ guess) {
      const isRight = moves[guess] === moves[farthest];
      const values = { center, guess: guess + 1, move: moves[guess] };
      const text = isRight
        ? message("predict.farthest_right", values)
        : message("predict.farthest_wrong", { ...values, farthest: farthest + 1, longest: moves[farthest] });
      return {
        score: scoreFarthest(guess, moves),
        text,
        marks: clusterMarks(next, guess, isRight ? guess : farthest),
      };
    },
  };
}

/**
 * @param {Situation} situation
 * @param {number} truth
 * @param {{text: string, hint: string, cluster?: number}} wording
 * @returns {Content}
 */
function countQuestion({ run }, truth, wording) {
  return {
    ...wording,
    topic: "count",
    input: "number",
    max: run.n,
    judge(/** @type {number} */ guess) {
      const score = scoreCount(guess, truth);
      const verdict = guess === truth ? "exact" : verdictOf(score);
      return { score, text: message("predict.count_result", { guess, truth, verdict }), counts: [guess, truth] };
    },
  };
}

/**
 * @param {Situation} situation
 * @param {number} random
 */
function joiningQuestion(situation, random) {
  const { run, next, active } = situation;
  const cluster = active[random % active.length];
  return countQuestion(situation, sizeOf(next, cluster), {
    cluster,
    text: message("predict.joining", { n: run.n, cluster: cluster + 1 }),
    hint: message("predict.joining_hint", { cluster: cluster + 1 }),
  });
}

/** @param {Situation} situation */
function reassignedQuestion(situation) {
  const { run, next } = situation;
  return countQuestion(situation, next.reassigned, {
    text: message("predict.reassigned", { n: run.n }),
    // The number of the last time would be the answer where it stays the same.
    hint: message("predict.reassigned_hint"),
  });
}

/**
 * @param {Situation} situation
 * @returns {Content}
 */
function emptyQuestion({ run, next, active, empty }) {
  return {
    topic: "empty",
    input: "choice",
    text: message("predict.empty"),
    hint: message("predict.empty_hint", { center: run.rule.center }),
    choices: [{ value: null, label: message("predict.none") }, ...clusterChoices(active)],
    judge(/** @type {number | null} */ guess) {
      const sizes = active.map((cluster) => sizeOf(next, cluster));
      const position = guess === null ? null : active.indexOf(guess);
      return {
        score: scoreEmpty(
          position,
          sizes,
          empty.map((cluster) => active.indexOf(cluster)),
        ),
        text: emptyResult(guess, next, empty),
        marks: guess === null && !empty.length ? null : clusterMarks(next, guess, empty[0] ?? null),
      };
    },
  };
}

/**
 * @param {number | null} guess
 * @param {Step} next
 * @param {number[]} empty
 */
function emptyResult(guess, next, empty) {
  const truth = { count: empty.length, clusters: listed(empty.map((cluster) => cluster + 1)) };
  if (guess === null) {
    return empty.length ? message("predict.none_wrong", truth) : message("predict.none_right");
  }
  const values = { guess: guess + 1, ...truth };
  if (empty.includes(guess)) return message("predict.empty_right", values);
  if (empty.length) return message("predict.other_empty", values);
  return message("predict.empty_wrong", { guess: guess + 1, size: sizeOf(next, guess) });
}

/**
 * @param {Situation} situation
 * @returns {Content}
 */
function stopQuestion({ run, next }) {
  const isLast = next.reassigned === 0;
  return {
    topic: "stop",
    input: "choice",
    text: message("predict.stop"),
    hint: message("predict.stop_hint", { center: run.rule.center }),
    choices: [
      { value: true, label: message("predict.yes") },
      { value: false, label: message("predict.no") },
    ],
    judge: (/** @type {boolean} */ guess) => ({
      score: scoreYesNo(guess, isLast),
      text: isLast
        ? message("predict.stopped", { guess })
        : message("predict.not_stopped", { guess, count: next.reassigned }),
    }),
  };
}

/**
 * @param {Step} step
 * @param {number} cluster
 */
const sizeOf = ({ sizes }, cluster) => sizes?.[cluster] ?? 0;

/**
 * Rings around a picked center and the true one; null for none.
 * @param {Step} step
 * @param {number | null} choice
 * @param {number | null} truth
 * @returns {Marks}
 */
function clusterMarks({ centers }, choice, truth) {
  const placeOf = (/** @type {number | null} */ cluster) => (cluster === null ? null : centerAt(centers, cluster));
  return { choice: placeOf(choice), truth: placeOf(truth) };
}

/** @type {Record<Kind, (situation: Situation, random: number) => Content>} */
const QUESTIONS = {
  place: placeQuestion,
  farthest: farthestQuestion,
  joining: joiningQuestion,
  reassigned: reassignedQuestion,
  empty: emptyQuestion,
  stop: stopQuestion,
};

/**
 * The question to ask before the next step.
 * @param {Run} run
 * @param {number} index the step that is shown, not the last one
 * @param {number} round 0, and more for each time the run is tried again: other questions
 * @returns {Question | null} null if nothing is worth asking
 */
export function chooseQuestion(run, index, round) {
  const situation = situationAt(run, index);
  const kinds = situation.next.phase === "refine" ? kindsBeforeRefine(situation) : kindsBeforeAssign(situation);
  if (!kinds.length) return null;
  const random = hashOf(run.id, index, round);
  const kind = kinds[random % kinds.length];
  return { kind, ...QUESTIONS[kind](situation, random >>> 8) };
}
