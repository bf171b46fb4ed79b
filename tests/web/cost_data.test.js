import assert from "node:assert/strict";
import { test } from "node:test";

import { chartDescription } from "../../ui/player/web/cost_chart.js";
import {
  changesByPhase,
  costsOf,
  otherCostNamed,
  rangeOfCosts,
  segments,
  sharedRanges,
  stepsOfPhase,
  tickFormat,
} from "../../ui/player/web/cost_data.js";
import {
  CURSOR_TRACE,
  cursorAt,
  hoverText,
  MARK_TRACES,
  otherTraces,
  runTraces,
} from "../../ui/player/web/cost_traces.js";
import { message } from "../../ui/player/web/messages.js";
import { makeRun, THEME, withStep } from "./runs.js";

const STEPS = makeRun().steps;
const COSTS = costsOf(STEPS);
const OTHER = {
  rule: "medoid",
  name: "another cost",
  cost: [null, 20, 22, 8, 4, 4],
  rises: [2],
  sentence: "It rose.",
};

test("changes are summed up by phase, from the first cost on", () => {
  assert.deepEqual(changesByPhase(STEPS), { init: 0, assign: -86, refine: -75, move: 0 });
  assert.deepEqual(changesByPhase(STEPS.slice(0, 2)), { init: 0, assign: 0, refine: 0, move: 0 });
  assert.equal(changesByPhase(withStep(4, { phase: "move", cost: 40 }).steps).move, 6);
});

test("a phase's steps are those that have a cost", () => {
  assert.deepEqual(stepsOfPhase(STEPS, "assign"), [1, 3, 5]);
  assert.deepEqual(stepsOfPhase(STEPS, "refine"), [2, 4]);
  assert.deepEqual(stepsOfPhase(STEPS, "init"), []);
});

test("segments run from the step before", () => {
  assert.deepEqual(segments(COSTS, [2, 4]), { x: [1, 2, null, 3, 4, null], y: [171, 120, null, 34, 10, null] });
});

test("small costs are written out", () => {
  assert.equal(tickFormat([null, 0.4]), "");
  assert.equal(tickFormat([null, 1000]), "~s");
  assert.equal(tickFormat([]), "");
});

test("a range holds all costs and stays positive", () => {
  const [low, high] = rangeOfCosts(COSTS);
  assert.ok(low === 0 && high > 171);
  assert.deepEqual(rangeOfCosts([null, 0, 0]), [0, 1]);
});

test("the range depends on the highest cost alone, and so does not tell how low it will fall", () => {
  assert.deepEqual(rangeOfCosts([null, 100, 10]), rangeOfCosts([null, 100, 90]));
});

test("on shared ranges equal heights are equal shares of the first cost", () => {
  const ranges = sharedRanges(COSTS, OTHER.cost);
  assert.ok(ranges);
  const [left, right] = ranges;
  left.forEach((value, i) => assert.ok(Math.abs(value / 171 - right[i] / 20) < 1e-12));
  assert.ok(right[1] > 22);
  assert.equal(sharedRanges(COSTS, [null, 0, 0]), null);
});

test("another cost is found by its rule", () => {
  assert.equal(otherCostNamed([OTHER], "medoid"), OTHER);
  for (const name of [null, "", "mean", "toString"]) assert.equal(otherCostNamed([OTHER], name), null);
});

test("the chart draws a line and marks for each phase, and a cursor", () => {
  const traces = runTraces(STEPS, 6, THEME);
  assert.equal(traces.length, CURSOR_TRACE + 1);
  assert.deepEqual(
    MARK_TRACES.map((trace) => traces[trace].x),
    [[1, 3, 5], [2, 4], []],
  );
  assert.deepEqual([traces[CURSOR_TRACE].x, traces[CURSOR_TRACE].y], [[5], [10]]);
  assert.deepEqual(traces[0].x, [2, 3, null, 4, 5, null], "the first assign has no cost before it");
  const { assign, refine } = THEME.phases;
  assert.deepEqual(
    MARK_TRACES.map((trace) => traces[trace].marker?.color),
    [assign, refine, THEME.accent],
  );
});

test("the chart grows: later steps are not drawn", () => {
  const traces = [...runTraces(STEPS, 3, THEME), ...otherTraces(STEPS, 2, OTHER, THEME)];
  assert.ok(traces.every(({ x }) => Array.from(x).every((step) => step === null || step <= 2)));
});

test("before the first cost there is no cursor", () => {
  assert.deepEqual(cursorAt(COSTS, 0), { x: [], y: [] });
});

test("another rule's cost has marks where it rises", () => {
  const [line, rises] = otherTraces(STEPS, 6, OTHER, THEME);
  assert.deepEqual([line.x, line.y], [[1, 2, 3, 4, 5], OTHER.cost.slice(1)]);
  assert.deepEqual([rises.x, rises.y, rises.yaxis], [[2], [22], "y2"]);
});

test("a mark says its step, its cost, and the change", () => {
  assert.equal(hoverText(STEPS, COSTS, 1), "Assign: 171");
  assert.equal(hoverText(STEPS, COSTS, 3), "Assign 1: 34 (−86)");
});

test("the chart is described in words", () => {
  const run = makeRun();
  assert.equal(chartDescription(run, 1, null), message("cost.no_cost"));
  const values = { cost: run.rule.cost, steps: 5, before: "171", after: "10", assign: 86, refine: 75 };
  assert.equal(chartDescription(run, 6, null), message("cost.description", values));
  assert.ok(
    chartDescription(run, 6, OTHER).endsWith(
      message("cost.other_description", { cost: OTHER.name, sentence: OTHER.sentence }),
    ),
  );
});
