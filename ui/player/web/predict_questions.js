// The questions of "Predict": which one to ask before a half-step, and what to say of an answer. No chance in it: the
// same run, half-step and round ask the same.

import { range } from "./plot.js";
import { scoreCount, scoreEmpty, scoreFarthest, scorePlace, scoreYesNo, verdict } from "./predict_scores.js";
import { amount, whole } from "./numbers.js";
import { counted } from "./sentences.js";

const FAR = 0.03; // of the picture: a shorter move is too small to point at
const SEEN = 0.003; // of the picture: a shorter move nobody sees, so nobody is asked about it
const NEAR = 0.05; // of the picture: centers that are nearer to each other may leave one without points
const FEW = 0.01; // of the points: when no more changed cluster, the next assign may be the last

/** A number that looks thrown, but is the same every time (FNV-1a). */
function dice(...facts) {
  let hash = 0x811c9dc5;
  for (const letter of facts.join(":")) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const centerAt = ({ centers }, j) => [centers[2 * j], centers[2 * j + 1]];
const between = ([x1, y1], [x2, y2]) => Math.hypot(x2 - x1, y2 - y1);
const clusters = (run) => Array.from({ length: run.k }, (_, j) => j);
const numberChoices = (js) => js.map((j) => ({ value: j, label: String(j + 1) }));

/** What is known before a half-step, and what comes. */
function situation(run, index) {
  const [now, coming] = [run.steps[index], run.steps[index + 1]];
  const moves = clusters(run).map((j) => between(centerAt(now, j), centerAt(coming, j)));
  const size = Math.hypot(...[0, 1].map((feature) => range(run, feature)).map(([low, high]) => high - low));
  const active = clusters(run).filter((j) => now.active[j]);
  const empty = coming.sizes ? active.filter((j) => coming.sizes[j] === 0) : [];
  return { run, now, coming, moves, size, active, empty, before: run.steps[index - 1] };
}

// --- Which kinds of question are of interest

function kindsBeforeRefine({ moves, size, active }) {
  const farthest = Math.max(...moves);
  if (farthest < SEEN * size) return [];
  const several = active.length > 1 ? ["farthest"] : [];
  return farthest >= FAR * size ? ["place", "place", ...several] : several;
}

function mayBecomeEmpty({ run, now, size, active }) {
  if (now.sizes) return active.some((j) => now.sizes[j] < (0.1 * run.n) / run.k);
  const places = active.map((j) => centerAt(now, j));
  return places.some((one, i) => places.slice(0, i).some((other) => between(one, other) < NEAR * size));
}

function kindsBeforeAssign(facts) {
  const { run, now, coming, before, active, empty } = facts;
  // After a move by hand the run goes on, even if no point changes its cluster.
  const mayStop = now.phase !== "move";
  if (active.length === 1) return now.labels && mayStop ? ["stop"] : [];
  if (empty.some((j) => !now.sizes || now.sizes[j])) return ["empty"];
  const plausible = mayBecomeEmpty(facts) ? ["empty"] : [];
  if (!now.labels) return ["joining", ...plausible];
  // Asked as well when it goes on, or the question would be its own answer.
  const calm = before.changed && before.reassigned <= Math.max(3, FEW * run.n);
  return ["changing", ...plausible, ...(mayStop && (calm || coming.reassigned === 0) ? ["stop"] : [])];
}

// --- The questions. `topic` is what the summary calls them, `input` how they are answered.

function askPlace({ run, now, coming, moves, size }, throwOf) {
  const far = clusters(run).filter((j) => moves[j] >= Math.max(...moves) / 2);
  const j = far[throwOf % far.length];
  const [from, truth] = [centerAt(now, j), centerAt(coming, j)];
  return {
    topic: "places",
    input: "place",
    cluster: j,
    from,
    text: `Where will ${run.rule.center} ${j + 1} go? Click or tap the place.`,
    hint: `It is at x ${amount(from[0])}, y ${amount(from[1])} now.`,
    judge(guess) {
      const distance = between(guess, truth);
      const score = scorePlace(distance, moves[j], size);
      const text = `You were ${amount(distance)} away, and it moved by ${amount(moves[j])}: ${verdict(score)}.`;
      return { score, text, marks: { guess, truth, label: amount(distance) } };
    },
  };
}

function askFarthest({ run, coming, moves, active }) {
  const word = run.rule.center;
  const truth = moves.indexOf(Math.max(...moves));
  return {
    topic: "the longest move",
    input: "choice",
    text: `Which ${word} will move farthest?`,
    hint: "Look where points changed their cluster.",
    choices: numberChoices(active),
    judge(guess) {
      const score = scoreFarthest(guess, moves);
      const right = moves[guess] === moves[truth];
      const text = right
        ? `You said ${guess + 1}, and ${word} ${guess + 1} moved farthest, by ${amount(moves[guess])}: right.`
        : `You said ${guess + 1}, which moved by ${amount(moves[guess])}. ` +
          `Farthest was ${word} ${truth + 1}, by ${amount(moves[truth])}.`;
      return { score, text, marks: clusterMarks(coming, guess, right ? guess : truth) };
    },
  };
}

function countQuestion({ run }, text, hint, truth) {
  return {
    topic: "counts",
    input: "number",
    text,
    hint,
    most: run.n,
    judge(guess) {
      const score = scoreCount(guess, truth);
      const how = guess === truth ? "exactly right" : verdict(score);
      return { score, text: `You said ${whole(guess)}, it was ${whole(truth)}: ${how}.`, counts: [guess, truth] };
    },
  };
}

function askJoining(facts, throwOf) {
  const { run, coming, active } = facts;
  const j = active[throwOf % active.length];
  const text = `How many of the ${whole(run.n)} points will join cluster ${j + 1}?`;
  const hint = `With equal shares it would be about ${whole(run.n / active.length)}.`;
  return { ...countQuestion(facts, text, hint, coming.sizes[j]), cluster: j };
}

function askChanging(facts) {
  const { run, before, coming } = facts;
  const last = before.changed ? `The last time it was ${whole(before.reassigned)}.` : "It is the first time.";
  return countQuestion(
    facts,
    `How many of the ${whole(run.n)} points will change their cluster?`,
    last,
    coming.reassigned,
  );
}

function askEmpty({ run, coming, active, empty }) {
  return {
    topic: "empty clusters",
    input: "choice",
    text: "Will a cluster be empty, without any point? Which?",
    hint: `A cluster is empty when every point is nearer to another ${run.rule.center}.`,
    choices: [{ value: null, label: "None" }, ...numberChoices(active)],
    judge(guess) {
      const sizes = active.map((j) => coming.sizes[j]);
      const score = scoreEmpty(
        guess === null ? null : active.indexOf(guess),
        sizes,
        empty.map((j) => active.indexOf(j)),
      );
      const marks = guess === null && !empty.length ? null : clusterMarks(coming, guess, empty[0] ?? null);
      return { score, text: emptyWords(guess, coming, empty), marks };
    },
  };
}

function emptyWords(guess, coming, empty) {
  const said = `You said ${guess === null ? "none" : guess + 1}`;
  const are = (js) =>
    `cluster${js.length > 1 ? "s" : ""} ${js.map((j) => j + 1).join(", ")} ${js.length > 1 ? "are" : "is"}`;
  if (guess === null) return empty.length ? `${said}, but ${are(empty)} empty.` : `${said}, and none is empty: right.`;
  if (empty.includes(guess)) return `${said}, and ${are(empty)} empty: right.`;
  if (empty.length) return `${said}, but ${are(empty)} empty. That there would be one was right.`;
  return `${said}, but none is empty: cluster ${guess + 1} has ${counted(coming.sizes[guess], "point")}.`;
}

function askStop({ run, coming }) {
  const truth = coming.reassigned === 0;
  return {
    topic: "the end",
    input: "choice",
    text: "Will it stop now, because no point changes its cluster any more?",
    hint: `A point changes when another ${run.rule.center} has become its nearest.`,
    choices: [
      { value: true, label: "Yes" },
      { value: false, label: "No" },
    ],
    judge(guess) {
      const said = `You said ${guess ? "yes" : "no"}`;
      const still = `${counted(coming.reassigned, "point")} still changed`;
      const text = truth
        ? `${said}, ${guess ? "and" : "but"} no point changed: ${guess ? "right" : "it is done"}.`
        : `${said}, ${guess ? "but" : "and"} ${still}: ${guess ? "not yet" : "right"}.`;
      return { score: scoreYesNo(guess, truth), text };
    },
  };
}

/** Rings around the center that was named and the one that it is; null for none. */
function clusterMarks(step, named, truth) {
  const place = (j) => (j === null ? null : centerAt(step, j));
  return { picked: place(named), truth: place(truth) };
}

const ASK = {
  place: askPlace,
  farthest: askFarthest,
  joining: askJoining,
  changing: askChanging,
  empty: askEmpty,
  stop: askStop,
};

/**
 * The question to ask before the half-step after `index`, or null if there is nothing worth asking.
 * @returns {kind, topic, input, text, hint, judge(answer) -> {score, text, marks?, counts?}, ...}
 */
export function chooseQuestion(run, index, round) {
  const facts = situation(run, index);
  const kinds = facts.coming.phase === "refine" ? kindsBeforeRefine(facts) : kindsBeforeAssign(facts);
  if (!kinds.length) return null;
  const throwOf = dice(run.id, index, round);
  const kind = kinds[throwOf % kinds.length];
  return { kind, ...ASK[kind](facts, throwOf >>> 8) };
}
