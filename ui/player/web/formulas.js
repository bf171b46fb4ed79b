// The formulas of a step, with the step's own numbers in them.

import { coordinatesOf, moveLength } from "./center_geometry.js";
import { DISTANCES } from "./distance_formulas.js";
import {
  center,
  CENTER_FORMULAS,
  clusterNumber,
  costName,
  I,
  J,
  label,
  legendOf,
  operator,
  point,
  pointIndex,
  RULE_LEGENDS,
  SUM,
} from "./formula_notation.js";
import { initFormulas } from "./formulas_init.js";
import { approximately, count, equals, formula, fraction, name, row, text, times, value, vector } from "./mathml.js";
import { message } from "./messages.js";
import { amount, difference } from "./numbers.js";
import { pointName, valueList } from "./sentences.js";
import { swatch } from "./shapes.js";

/** @import { AssignExample, RefineExample, Rule, Run } from "./types.d.ts" */
/** @import { Context, CostFormulas, Line, StepFormulas } from "./formula_notation.js" */

const MAX_DIGITS = 10; // that set two distances apart

/**
 * @param {number[]} coordinates
 * @param {Run} run
 */
function placeText(coordinates, { shownCoordinates }) {
  const texts = coordinates.slice(0, shownCoordinates).map((coordinate) => amount(coordinate));
  return `(${valueList(coordinates.length > shownCoordinates ? [...texts, "…"] : texts)})`;
}

// --- Assign

/**
 * @param {Context} context
 * @returns {StepFormulas}
 */
function assignFormulas(context) {
  const { run, step, before, distance } = context;
  const example = /** @type {AssignExample} */ (step.example);
  const hasReassigned = Boolean(before.labels && step.reassigned);
  const kind = hasReassigned ? "reassigned" : example.other === null ? "any" : "border";
  const legend = legendOf(context);
  return {
    general: formula(
      label(I),
      equals(),
      operator("arg min", J, message("math.least_cluster")),
      distance.symbolic(point(I), center(J)),
    ),
    intro: message("math.assign_intro", {
      kind,
      point: pointName(run, example.point),
      place: placeText(example.place, run),
    }),
    lines: [
      ...distanceLines(context, example, hasReassigned),
      {
        icon: swatch(run, example.cluster),
        formulas: [formula(label(pointIndex(run, example.point)), equals(), clusterNumber(example.cluster))],
        note: labelNote(context, example),
      },
    ],
    cost: costFormulas(context),
    legend: [legend.label, legend.point, legend.center, legend.distance, legend.least, legend.cost],
  };
}

/**
 * @param {Context} context
 * @param {AssignExample} example
 * @param {boolean} hasReassigned
 * @returns {Line[]}
 */
function distanceLines(context, { point: index, place, cluster, other, distances }, hasReassigned) {
  const { run, step, distance } = context;
  const digits = digitsApart(distances);
  const line = (/** @type {number} */ j, /** @type {number} */ length, /** @type {string} */ note) => ({
    icon: swatch(run, j),
    formulas: [
      formula(
        distance.symbolic(point(pointIndex(run, index)), center(clusterNumber(j))),
        approximately(),
        value(length, digits),
      ),
      formula(approximately(), distance.numeric(place, coordinatesOf(run, step, j))),
    ],
    note,
  });
  const lines = [line(cluster, distances[0], message("math.nearest"))];
  if (other !== null) {
    const kind = hasReassigned ? "previous" : distances[0] === distances[1] ? "tie" : "next";
    lines.push(line(other, distances[1], message("math.other_center", { kind })));
  }
  const rest = otherDistances(context, place, [cluster, other]);
  if (rest) lines.push({ icon: "", formulas: [], note: message("math.other_distances", { distances: rest }) });
  return lines;
}

/**
 * How many digits set two distances apart.
 * @param {number[]} distances
 * @returns {number | undefined} undefined if the usual number of digits does, or if there is only one distance
 */
export function digitsApart([a, b]) {
  if (b === undefined || a === b || amount(a) !== amount(b)) return undefined;
  for (let digits = 5; digits < MAX_DIGITS; digits++) {
    if (a.toPrecision(digits) !== b.toPrecision(digits)) return digits;
  }
  return MAX_DIGITS;
}

/**
 * What the example's label was before. If any point changed cluster, the example is one that did, and its other cluster
 * is the one that it left.
 * @param {Context} context
 * @param {AssignExample} example
 */
function labelNote({ step, before }, { other }) {
  const kind = !before.labels ? "first" : step.reassigned ? "changed" : "same";
  return message("math.label_before", { kind, cluster: (other ?? 0) + 1 });
}

/**
 * The distances to all centers but some.
 * @param {Context} context
 * @param {number[]} place
 * @param {(number | null)[]} listedClusters
 */
function otherDistances({ run, step, distance }, place, listedClusters) {
  const rest = step.active.flatMap((active, cluster) => (active && !listedClusters.includes(cluster) ? [cluster] : []));
  return valueList(
    rest.map((cluster) => `${cluster + 1}: ${amount(distance.compute(place, coordinatesOf(run, step, cluster)))}`),
  );
}

// --- Refine

/**
 * An example's center as the rule computes it.
 * @type {Record<Rule["name"], (example: RefineExample, place: number[], run: Run) => string[]>}
 */
const CENTERS_WITH_NUMBERS = {
  mean: ({ cluster, count: points }, place) => [
    formula(
      center(clusterNumber(cluster)),
      approximately(),
      fraction(count(1), count(points)),
      times(),
      vector(place.map((coordinate) => coordinate * points)),
    ),
    formula(approximately(), vector(place)),
  ],
  medoid: ({ cluster, point: member }, place, run) => [
    formula(center(clusterNumber(cluster)), equals(), point(pointIndex(run, /** @type {number} */ (member)))),
    formula(approximately(), vector(place)),
  ],
  median: ({ cluster }, place) => [formula(center(clusterNumber(cluster)), approximately(), vector(place))],
};

/**
 * @param {Context} context
 * @returns {StepFormulas}
 */
function refineFormulas(context) {
  const { run, step, before, distance } = context;
  const example = /** @type {RefineExample} */ (step.example);
  const { cluster, count: points, part } = example;
  const [from, to] = [before, step].map((moment) => coordinatesOf(run, moment, cluster));
  const move = moveLength(run, step, before, cluster);
  const kind = move ? "moved" : "same";
  const legend = legendOf(context);
  return {
    general: CENTER_FORMULAS[run.rule.name](distance),
    intro: message("math.refine_intro", { kind, center: run.rule.center, cluster: cluster + 1, points }),
    lines: [
      {
        icon: swatch(run, cluster),
        formulas: CENTERS_WITH_NUMBERS[run.rule.name](example, to, run),
        note: "",
      },
      { icon: "", formulas: [], note: message("math.center_before", { kind, place: placeText(from, run), move }) },
      { icon: "", formulas: [], note: partOfCost(part) },
    ],
    cost: costFormulas(context),
    legend: [
      legend.center,
      legend.point,
      RULE_LEGENDS[run.rule.name](),
      legend.members,
      legend.label,
      legend.distance,
      legend.cost,
    ],
  };
}

/** @param {[before: number, after: number]} part */
function partOfCost([before, after]) {
  const kind = before === after ? "same" : after < before ? "fell" : "rose";
  return message("math.part_of_cost", { kind, before, after });
}

// --- Cost

/**
 * @param {Context} context
 * @returns {CostFormulas}
 */
function costFormulas({ step, before, distance }) {
  const below = row(I, equals(), count(1));
  // Without a math font, a browser draws the upper limit over the sign, so the limit brings its own distance.
  const above = `<mpadded depth="+0.3em">${name("n").markup}</mpadded>`;
  const sum = { markup: `<munderover>${SUM}${below.markup}${above}</munderover>`, words: message("math.sum_over_all") };
  const cost = step.cost ?? 0;
  const change = before.cost === null ? 0 : difference(before.cost, cost);
  const kind = before.cost === null ? "first" : change ? "changed" : "same";
  return {
    formula: formula(costName(), equals(), sum, distance.symbolic(point(I), center(label(I)))),
    value: formula(costName(), approximately(), value(cost)),
    change: message("math.cost_before", { kind, before: before.cost ?? 0, change }),
  };
}

// --- Moved centers

/**
 * @param {Context} context
 * @returns {StepFormulas}
 */
function moveFormulas(context) {
  const { run, step, before } = context;
  const all = initFormulas(context);
  const isMoved = (/** @type {unknown} */ _, /** @type {number} */ cluster) =>
    [0, 1].some((axis) => step.centers[2 * cluster + axis] !== before.centers[2 * cluster + axis]);
  return {
    general: formula(center(J), equals(), text(message("math.where_you_put_it"))),
    intro: message("math.move_intro"),
    lines: all.lines.filter(isMoved).slice(0, run.k),
    cost: step.cost === null ? null : costFormulas(context),
    legend: [legendOf(context).center],
  };
}

const FORMULAS = { init: initFormulas, assign: assignFormulas, refine: refineFormulas, move: moveFormulas };

/**
 * The formulas of a step.
 * @param {Run} run
 * @param {number} index
 * @returns {StepFormulas}
 */
export function formulasOf(run, index) {
  const [step, before] = [run.steps[index], run.steps[Math.max(0, index - 1)]];
  return FORMULAS[step.phase]({ run, step, before, distance: DISTANCES[run.rule.name] });
}
