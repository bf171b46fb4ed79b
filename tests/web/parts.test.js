// Every part of the player has something to say and to draw at every step of the runs that Python packs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { clusterNumbers } from "../../ui/player/web/cluster_table.js";
import { chartDescription } from "../../ui/player/web/cost_chart.js";
import { rangeOfCosts, costsOf } from "../../ui/player/web/cost_data.js";
import { runTraces } from "../../ui/player/web/cost_traces.js";
import { rangeOf } from "../../ui/player/web/data_range.js";
import { TABS } from "../../ui/player/web/explanation_tabs.js";
import { costShare } from "../../ui/player/web/inspection.js";
import { answerOf, reassignedList } from "../../ui/player/web/inspector_answers.js";
import { chooseQuestion } from "../../ui/player/web/predict_questions.js";
import { unpackMessage, unpackRun } from "../../ui/player/web/protocol.js";
import { THEME } from "./runs.js";

const HOLE = /undefined|NaN|\[object|Infinity/;

/** @param {string} name */
function goldenRun(name) {
  const file = readFileSync(new URL(`../golden/protocol/${name}.bin`, import.meta.url));
  return unpackRun(unpackMessage(new Uint8Array(file)).packed);
}

/** @param {unknown} content */
const assertComplete = (content) => assert.doesNotMatch(JSON.stringify(content), HOLE);

for (const name of ["points", "features", "tiles"]) {
  const run = goldenRun(name);

  test(`${name}: every step is explained in words and in formulas`, () => {
    for (const index of run.steps.keys()) {
      for (const html of [TABS.explanation, TABS.math]) assertComplete(html(run, index));
    }
  });

  test(`${name}: the inspector answers for everything at every step`, () => {
    for (const index of run.steps.keys()) {
      const context = { run, index, lastVisible: run.steps.length };
      const kind = run.tiles ? "tile" : "point";
      for (const item of [0, run.points.length / 2 - 1]) assertComplete(answerOf(context, { kind, index: item }));
      for (let item = 0; item < run.k; item++) assertComplete(answerOf(context, { kind: "center", index: item }));
      if (run.steps[index].changed?.length) assertComplete(reassignedList(context));
    }
  });

  test(`${name}: the table and the chart have numbers`, () => {
    assertComplete(rangeOfCosts(costsOf(run.steps)));
    assertComplete([0, 1].map((feature) => rangeOf(run, feature)));
    for (const index of run.steps.keys()) {
      assertComplete(Array.from({ length: run.k }, (_, cluster) => clusterNumbers(run, index, cluster)));
      assertComplete(runTraces(run.steps, index + 1, THEME));
      assertComplete(chartDescription(run, index + 1, run.otherCosts[0] ?? null));
    }
  });

  test(`${name}: every question can be answered`, () => {
    for (const index of [...run.steps.keys()].slice(0, -1)) {
      for (let round = 0; round < 4; round++) {
        const question = chooseQuestion(run, index, round);
        if (!question) continue;
        const answers = question.choices?.map(({ value }) => value) ?? [question.from ?? question.max ?? 0];
        for (const answer of answers) assertComplete([question, question.judge(answer)]);
      }
    }
  });
}

test("shares of the cost add up to the cost that Python computed", () => {
  const run = goldenRun("points");
  for (const step of run.steps.filter(({ labels }) => labels)) {
    const { all } = costShare(run, step, 0);
    assert.ok(Math.abs(all - (step.cost ?? 0)) <= 1e-5 * all);
  }
});
