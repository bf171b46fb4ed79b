// What the formulas of all steps share: letters, operators, each rule's center, and the legend.

import { count, equals, formula, fraction, name, row, sign, SPACE, subscript, text, underscript } from "./mathml.js";
import { message } from "./messages.js";
import { pointName } from "./sentences.js";

/** @import { DistanceFormula } from "./distance_formulas.js" */
/** @import { Expression } from "./mathml.js" */
/** @import { Rule, Run, Step } from "./types.d.ts" */

/** @typedef {{icon: string, formulas: string[], note: string}} Line of HTML, except for the note, which is text */
/** @typedef {{formula: string, value: string, change: string}} CostFormulas */
/** @typedef {[formula: string, meaning: string]} LegendEntry */

/**
 * @typedef {object} StepFormulas
 * @property {string} general the formula with letters
 * @property {string} intro what the lines are about
 * @property {Line[]} lines the formula with this step's numbers
 * @property {CostFormulas | null} cost null while there is none
 * @property {LegendEntry[]} legend
 */

/**
 * @typedef {object} Context
 * @property {Run} run
 * @property {Step} step
 * @property {Step} before
 * @property {DistanceFormula} distance of the run's rule
 */

// --- Letters

export const [I, J, L] = [..."ijl"].map((letter) => name(letter));
/** @param {Expression} index */
export const point = (index) => subscript(name("x"), index);
/** @param {Expression} index */
export const center = (index) => subscript(name("c"), index);
/** @param {Expression} index */
export const label = (index) => subscript(name("label"), index);
/** @param {number} index from 0; clusters are counted from 1 on the screen */
export const clusterNumber = (index) => count(index + 1);
export const costName = () => name("J", message("math.cost"));

/**
 * The name of a point: its number or, in a table, its row.
 * @param {Run} run
 * @param {number} index
 */
export const pointIndex = (run, index) => (run.rows ? text(pointName(run, index)) : count(index + 1));

/**
 * A word that applies to the expression after it, with what it runs over below.
 * @param {string} word
 * @param {Expression} below
 * @param {string} words
 */
export const operator = (word, below, words) => row(underscript(name(word), below, words), SPACE);

export const SUM = '<mo largeop="true">∑</mo>';
/**
 * @param {Expression} below
 * @param {string} words
 */
export const sumOver = (below, words) => underscript({ markup: SUM, words: "" }, below, words);

/** @param {Expression} index */
const inClusterJ = (index) => row(sign(":", ""), label(index), equals(), J);
const membersOfJ = () => row(I, inClusterJ(I));

// --- Centers of all rules

/** @type {Record<Rule["name"], (distance: DistanceFormula) => string>} */
export const CENTER_FORMULAS = {
  mean: () =>
    formula(
      center(J),
      equals(),
      fraction(count(1), subscript(name("n"), J)),
      sumOver(membersOfJ(), message("math.sum_over_members")),
      point(I),
    ),
  medoid: (distance) =>
    formula(
      center(J),
      equals(),
      operator("arg min", row(point(L), inClusterJ(L)), message("math.least_member")),
      sumOver(membersOfJ(), message("math.sum_over_members")),
      distance.symbolic(point(I), point(L)),
    ),
  median: () =>
    formula(center(J), equals(), operator("median", membersOfJ(), message("math.median_over_members")), point(I)),
};

/**
 * What a rule's formula holds that no other one does.
 * @type {Record<Rule["name"], () => LegendEntry>}
 */
export const RULE_LEGENDS = {
  mean: () => [formula(subscript(name("n"), J)), message("math.legend_size")],
  medoid: () => [formula(name("arg min")), message("math.legend_least_point")],
  median: () => [formula(name("median")), message("math.legend_median")],
};

/**
 * The meanings of the letters that the formulas share.
 * @param {Context} context
 * @returns {Record<"point" | "center" | "label" | "distance" | "least" | "members" | "cost", LegendEntry>}
 */
export function legendOf({ run, step: { active }, distance }) {
  const clusters = active.filter(Boolean).length;
  const kind = clusters < run.k ? "some" : "all";
  return {
    point: [formula(point(I)), message("math.legend_point", { n: run.n })],
    center: [formula(center(J)), message("math.legend_center", { center: run.rule.center, clusters, kind })],
    label: [formula(label(I)), message("math.legend_label")],
    distance: [formula(distance.symbolic(name("a"), name("b"))), distance.legend()],
    least: [formula(operator("arg min", J, message("math.arg_min"))), message("math.legend_least")],
    members: [formula(membersOfJ()), message("math.legend_members")],
    cost: [formula(costName()), message("math.legend_cost", { cost: run.rule.cost })],
  };
}
