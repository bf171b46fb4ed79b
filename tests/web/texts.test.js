// What the parts of the player say: the inspector, the panel, the table, the sentence, and the names of things.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clusterNumbers } from "../../ui/player/web/cluster_table.js";
import { countAt, shareOf } from "../../ui/player/web/count_scale.js";
import { TABS, tabNamed } from "../../ui/player/web/explanation_tabs.js";
import { answerOf, reassignedList } from "../../ui/player/web/inspector_answers.js";
import { message } from "../../ui/player/web/messages.js";
import { summaryText } from "../../ui/player/web/predict.js";
import { isLabelRight } from "../../ui/player/web/predict_marks.js";
import { drawnAs, inThePicture, listed, pointName, pointNumbered, stepName } from "../../ui/player/web/sentences.js";
import { longestSentences, splitHeading } from "../../ui/player/web/step_sentence.js";
import { readGroups, readTiles } from "../../ui/player/web/tiles.js";
import { makeRun, withStep } from "./runs.js";

/** @import { Run, Selection } from "../../ui/player/web/types.d.ts" */

/**
 * The text of an answer.
 * @param {string} html
 */
const textOf = (html) => /<p>(.*?)<\/p>/.exec(html)?.[1];

/**
 * @param {Run} run
 * @param {number} index
 * @param {Selection["kind"]} kind
 * @param {number} item
 */
const answer = (run, index, kind, item, lastVisible = 5) =>
  answerOf({ run, index, lastVisible }, { kind, index: item });

// --- The inspector

test("a point says which center is nearest and when it last switched", () => {
  const run = makeRun();
  const join = message("inspector.will_join", { center: "centroid", cluster: 2 });
  assert.equal(textOf(answer(run, 0, "point", 1)), join);
  const never = message("inspector.never_switched");
  const will = message("inspector.will_switch", { center: "centroid", cluster: 1 });
  assert.equal(textOf(answer(run, 2, "point", 1)), `${will} ${never}`);
  assert.equal(
    textOf(answer(run, 5, "point", 1)),
    [
      message("inspector.nearest", { center: "centroid", cluster: 1, second: 2, gap: 9 }),
      message("inspector.last_switch", { index: 3, step: "Assign 1", from: 2, to: 1 }),
    ].join(" "),
  );
  assert.match(answer(run, 5, "point", 1), /<h2>Why point 2 is in cluster 1</);
  assert.match(answer(run, 0, "point", 1), /<h2>Why point 2</);
});

test("the table of distances has those before the centers moved, where they did", () => {
  const moved = answer(makeRun(), 2, "point", 0);
  assert.match(moved, /<td>6\.96<\/td><td>2\.236<\/td>/);
  assert.match(moved, /class="km-point-cluster"><th scope="row">.*?<span>1</);
  assert.doesNotMatch(answer(makeRun(), 3, "point", 0), new RegExp(message("inspector.before_column")));
});

test("too many points have no distances, but still a history", () => {
  const run = makeRun({ coordinates: null });
  const html = answer(run, 5, "point", 1);
  assert.ok(html.includes(message("inspector.last_switch", { index: 3, step: "Assign 1", from: 2, to: 1 })));
  assert.ok(html.includes(message("inspector.no_distances")));
  assert.doesNotMatch(html, /<table/);
});

test("a center says its share of the cost and where it goes next", () => {
  const run = makeRun();
  assert.equal(textOf(answer(run, 0, "center", 0)), message("inspector.center_at_start"));
  const size = message("inspector.size_with_cost", { count: 3, share: 1, part: 171, all: 171 });
  const moves = message("inspector.moves_to", { move: run.steps[2].centers[2] - 1, x: run.steps[2].centers[2], y: 2 });
  assert.equal(textOf(answer(run, 1, "center", 1)), `${size} ${moves}`);
  assert.ok(answer(run, 1, "center", 0).includes(message("inspector.stays")));
  assert.ok(answer(run, 2, "center", 0).includes(message("inspector.assign_first")));
  assert.ok(answer(run, 5, "center", 0).includes(message("inspector.run_ended")));
  assert.ok(answer(run, 1, "center", 0, 1).includes(message("inspector.yours_to_guess")));
  assert.ok(answer(withStep(1, { active: [false, true] }), 1, "center", 0).includes(message("inspector.dropped")));
});

test("a center in more features says how far it goes, not where to", () => {
  const run = makeRun({ features: 3, coordinates: null });
  run.steps[1].centerCoordinates = Float32Array.of(0, 0, 0, 0, 0, 0);
  run.steps[2].centerCoordinates = Float32Array.of(0, 0, 2, 0, 0, 0);
  assert.equal(textOf(answer(run, 1, "center", 0)), "Its cluster has 1 point. Next, it moves 2.");
});

test("a run without cost has no shares of it", () => {
  const run = makeRun({ points: Float32Array.of(0, 0), coordinates: Float32Array.of(0, 0), n: 1 });
  const labels = Uint8Array.of(0);
  run.steps[5] = { ...run.steps[5], labels, sizes: Uint32Array.of(1, 0), centers: Float32Array.of(0, 0, 9, 9) };
  assert.ok(answer(run, 5, "center", 0).includes(message("inspector.size_without_cost", { count: 1 })));
});

test("the points that switched are listed by name", () => {
  const html = reassignedList({ run: makeRun(), index: 3, lastVisible: 5 });
  assert.match(html, /<h2>1 point switched cluster</);
  assert.match(html, /data-place="1">Point 2: 2 → 1</);
});

test("a long list ends with how many there are", () => {
  const labels = Array.from({ length: 2 }, () => new Uint8Array(150));
  const changed = Array.from({ length: 150 }, (_, i) => i);
  const run = withStep(3, { labels: labels[0], changed, reassigned: 150 }, { n: 150 });
  const html = reassignedList({ run, index: 3, lastVisible: 5 });
  assert.equal(html.match(/<li>/g)?.length, 100);
  assert.match(html, /The first 100 of 150\./);
});

test("a tile says whose points it has", () => {
  const tiles = readTiles({ low: [0, 0], size: [10, 4], columns: 2, numbers: Uint32Array.of(0, 1) });
  const groups = readGroups({ perTile: Uint8Array.of(2, 1), counts: Uint32Array.of(2, 5, 1) });
  const run = makeRun({ tiles, groups, points: tiles.middles, coordinates: tiles.middles });
  for (const step of run.steps.slice(1)) step.labels = Uint8Array.of(0, 1, 1);
  run.steps[3] = { ...run.steps[3], labels: Uint8Array.of(0, 0, 1), changed: [1], reassigned: 5 };
  const html = answer(run, 3, "tile", 0);
  const part = (/** @type {string} */ count, /** @type {number} */ cluster) =>
    message("inspector.tile_cluster", { count, cluster });
  const clusters = (/** @type {string[]} */ ...parts) =>
    message("inspector.tile_clusters", { clusters: listed(parts) });
  assert.ok(html.includes(`<h2>${message("inspector.tile", { count: 7 })}<`));
  assert.ok(html.includes(clusters(part("7", 1))));
  assert.ok(html.includes(message("inspector.tile_last_switch", { count: 5, index: 3, step: "Assign 1" })));
  assert.ok(answer(run, 2, "tile", 0).includes(clusters(part("5", 2), part("2", 1))));
  const list = reassignedList({ run, index: 3, lastVisible: 5 });
  assert.match(list, /data-place="0">Tile 1: 5 points, 2 → 1</);
});

// --- The panel

test("a link names a tab by its present or its old name", () => {
  for (const name of Object.keys(TABS)) assert.equal(tabNamed(name), name);
  assert.equal(tabNamed("words"), "explanation");
  assert.equal(tabNamed("maths"), "math");
  for (const name of [null, "", "poetry", "toString"]) assert.equal(tabNamed(name), "explanation");
});

test("explanations and code are text", () => {
  assert.match(TABS.explanation(makeRun(), 0), /<p>Two centers &amp; four points\.<\/p>/);
  const excerpt = {
    file: "a.py",
    function: "f",
    marked: [1],
    lines: [["if", "keyword", " a < b:", ""], [""], ["  x", ""]],
  };
  const textbook = { ...excerpt, function: "textbook" };
  const html = TABS.code(makeRun({ code: { kinds: { init: [0, 1] }, excerpts: [textbook, excerpt] } }), 0);
  const production = html.slice(html.indexOf("<details"));
  assert.ok(html.indexOf("<b>textbook</b>") < html.indexOf("<details"), "the textbook form is shown first");
  assert.ok(production.includes("<b>f</b>") && !production.includes("<b>textbook</b>"));
  assert.match(
    html,
    /<span class="km-line"><span class="km-code-keyword">if<\/span> a &lt; b:<\/span><mark class="km-line"> <\/mark>/,
  );
});

test("the math tab shows the formula, the numbers, and the legend", () => {
  const html = TABS.math(makeRun(), 0);
  for (const key of /** @type {const} */ (["panel.formula", "panel.with_numbers", "panel.legend"])) {
    assert.ok(html.includes(`<h3>${message(key)}</h3>`));
  }
  assert.ok(!html.includes(`<h3>${message("panel.cost")}</h3>`), "there is no cost at the start");
});

// --- The table and the sentence

test("the table has sizes, changes, and moves", () => {
  const run = makeRun();
  assert.deepEqual(clusterNumbers(run, 0, 0), ["–", "–", "–"]);
  assert.deepEqual(clusterNumbers(run, 1, 1), ["3", "–", "–"]);
  assert.deepEqual(clusterNumbers(run, 2, 1), ["3", "–", "5.667"]);
  assert.deepEqual(clusterNumbers(run, 3, 1), ["2", "−1", "–"]);
  assert.deepEqual(clusterNumbers(withStep(3, { active: [true, false] }), 3, 1), ["–", "–", "–"]);
});

test("a sentence has a heading up to its colon", () => {
  assert.deepEqual(splitHeading("Refine 1: one: center."), ["Refine 1:", "one: center."]);
  assert.deepEqual(splitHeading("No heading."), ["", "No heading."]);
});

test("the last sentence needs room for the ending, too", () => {
  const run = makeRun({ ending: { reason: "max_iter", sentence: "x".repeat(99) } });
  assert.equal(longestSentences(run)[0], `Assign 2: none. ${"x".repeat(99)}`);
  assert.equal(longestSentences(run).length, 3);
});

test("a converged run is not said to have converged twice", () => {
  const run = makeRun({ ending: { reason: "converged", sentence: "x".repeat(99) } });
  assert.ok(longestSentences(run).every((sentence) => !sentence.includes("x")));
});

// --- Predict mode

test("the slider has as much room for small counts as for large ones", () => {
  assert.deepEqual([shareOf(0, 3072), shareOf(3072, 3072)], [0, 1]);
  for (const count of [0, 1, 7, 100, 3071]) assert.equal(countAt(shareOf(count, 3072), 3072), count);
  assert.ok(shareOf(55, 3072) > 0.49);
});

test("a run of questions is summed up", () => {
  const results = [
    { topic: "count", score: 9 },
    { topic: "place", score: 7 },
    { topic: "stop", score: null },
  ];
  assert.equal(
    summaryText(results, "run"),
    [
      message("predict.summary", { answered: 2, skipped: 1, percent: 80 }),
      message("predict.best_score", { is_new: true, percent: 80 }),
      message("predict.best", { topic: "count" }),
    ].join(" "),
  );
  assert.equal(summaryText([{ topic: "count", score: null }], "run"), message("predict.all_skipped"));
});

test("the label of a guess is away from the truth, unless the picture ends there", () => {
  assert.ok(isLabelRight(200, 100, 500));
  assert.ok(!isLabelRight(200, 300, 500));
  assert.ok(!isLabelRight(450, 100, 500));
  assert.ok(isLabelRight(50, 300, 500));
});

// --- Names

test("points are named by their row or their number", () => {
  assert.equal(pointName(makeRun(), 4), "point 5");
  const table = { rows: 10, rowNumbers: Uint32Array.of(1, 4, 11) };
  assert.deepEqual(
    [0, 1, 2].map((index) => pointName(table, index)),
    ["row 1", "row 4", "drawn point 11"],
  );
  assert.deepEqual([pointNumbered(table, 4), pointNumbered(table, 2)], [1, -1]);
  assert.equal(pointNumbered(makeRun(), 4), 3);
});

test("steps are named and pictures described", () => {
  const { steps } = makeRun();
  assert.deepEqual(steps.map(stepName), ["Start", "Assign", "Refine 1", "Assign 1", "Refine 2", "Assign 2"]);
  assert.equal(inThePicture(makeRun(), steps[0]), "Four points: 4 points and 2 centers after Start.");
  assert.equal(
    inThePicture(makeRun(), steps[2]),
    "Four points: 4 points and 2 centers after Refine 1. " +
      "It shows 1 point in cluster 1 (blue circles) and 3 points in cluster 2 (orange squares).",
  );
  assert.equal(drawnAs(makeRun()), "");
  assert.equal(drawnAs(makeRun({ projection: "A shadow." })), "A shadow.");
});
