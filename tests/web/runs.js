// A small run for the tests of scripts: four points, two centers, six steps.

/** @import { Run, Step, Theme } from "../../ui/player/web/types.d.ts" */

/** @type {Theme} */
export const THEME = {
  name: "light",
  background: "#ffffff",
  text: "#111111",
  muted: "#888888",
  grid: "#eeeeee",
  accent: "#ff0000",
  phases: { assign: "#330099", refine: "#773300" },
  runs: ["#330099", "#773300", "#007766", "#222222"],
  unassigned: "#999999",
  font: "sans-serif",
  scale: 1,
};

/** Steps that only differ in what they are given. */
const BASE = /** @type {const} */ ({
  iteration: 0,
  cost: null,
  reassigned: 0,
  seconds: 0.001,
  sentence: "",
  empty: [],
  active: [true, true],
  centerCoordinates: null,
  labels: null,
  changed: null,
  sizes: null,
  explanation: [0],
  example: null,
  code: "init",
});

/** @returns {Step[]} */
function makeSteps() {
  const [first, second, third] = [
    [0, 0, 1, 2],
    [0, 0, 20 / 3, 2],
    [0, 1, 10, 2],
  ].map((centers) => Float32Array.from(centers));
  const [before, after] = [Uint8Array.of(0, 1, 1, 1), Uint8Array.of(0, 0, 1, 1)];
  const [old, even] = [Uint32Array.of(1, 3), Uint32Array.of(2, 2)];
  const base = { ...BASE, empty: [], active: [...BASE.active], explanation: [0] };
  const assigned = { ...base, labels: before, sizes: old };
  const reassigned = { ...base, labels: after, sizes: even, centers: second };
  return [
    { ...base, phase: "init", centers: first, sentence: "Start: two centers." },
    { ...assigned, phase: "assign", centers: first, cost: 171, sentence: "Assign: every point joins a cluster." },
    { ...assigned, phase: "refine", iteration: 1, centers: second, cost: 120, sentence: "Refine 1: one center moves." },
    { ...reassigned, phase: "assign", iteration: 1, reassigned: 1, changed: [1], cost: 34, sentence: "Assign 1: one." },
    { ...reassigned, phase: "refine", iteration: 2, centers: third, cost: 10, sentence: "Refine 2: both move." },
    {
      ...reassigned,
      phase: "assign",
      iteration: 2,
      centers: third,
      changed: [],
      cost: 10,
      sentence: "Assign 2: none.",
    },
  ];
}

/**
 * Points at (0, 0), (0, 2), (10, 0), and (10, 4). The second one switches from cluster 2 to cluster 1 in step 3.
 * @param {Partial<Run>} [overrides]
 * @returns {Run}
 */
export function makeRun(overrides = {}) {
  const points = Float32Array.of(0, 0, 0, 2, 10, 0, 10, 4);
  return {
    id: "run",
    title: "Four points",
    fileStem: "four-points-k2",
    n: 4,
    k: 2,
    features: 2,
    axes: null,
    equalUnits: true,
    projection: "",
    rows: 0,
    shownCoordinates: 4,
    rowNumbers: null,
    points,
    coordinates: points,
    rule: { name: "mean", center: "centroid", cost: "within-cluster sum of squares", metric: "euclidean" },
    init: "random",
    backend: "NumPy",
    names: [0, 1],
    colors: ["#112233", "#445566"],
    symbols: ["circle", "square"],
    activeAfterMove: [true, true],
    ending: { reason: "converged", sentence: "Converged." },
    steps: makeSteps(),
    texts: ["Two centers & four points."],
    code: { kinds: { init: [0] }, excerpts: [] },
    otherCosts: [],
    ...overrides,
  };
}

/**
 * The same run with other features of one step.
 * @param {number} index
 * @param {Partial<Step>} changes
 * @param {Partial<Run>} [overrides]
 */
export function withStep(index, changes, overrides) {
  const run = makeRun(overrides);
  run.steps[index] = { ...run.steps[index], ...changes };
  return run;
}

/** Axes on which one unit of the data is 10 pixels, y upwards, in a picture of 200 x 100 pixels. */
export const AXES = {
  toPixels: /** @type {(x: number, y: number) => [number, number]} */ ((x, y) => [10 * x, 100 - 10 * y]),
  toData: /** @type {(left: number, top: number) => [number, number]} */ ((left, top) => [left / 10, 10 - top / 10]),
  view: { x: /** @type {[number, number]} */ ([0, 20]), y: /** @type {[number, number]} */ ([0, 10]) },
  area: { x: 0, y: 0, width: 200, height: 100 },
};
