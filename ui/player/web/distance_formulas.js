// Each rule's distance: its formula, the formula with numbers in it, and its value.

import { barred, difference, minus, plus, row, series, square, squareRoot, subscript, bracketed } from "./mathml.js";
import { message } from "./messages.js";

/** @import { Expression } from "./mathml.js" */
/** @import { Rule } from "./types.d.ts" */

/**
 * @typedef {object} DistanceFormula
 * @property {(a: Expression, b: Expression) => Expression} symbolic of two places that have names
 * @property {(a: number[], b: number[]) => Expression} numeric of two places that have coordinates
 * @property {(a: number[], b: number[]) => number} compute
 * @property {() => string} legend what it means
 */

/**
 * @param {number[]} a
 * @param {number[]} b
 * @param {(difference: number) => number} term
 */
const sum = (a, b, term) => a.reduce((total, coordinate, axis) => total + term(coordinate - b[axis]), 0);

/**
 * @param {number[]} a
 * @param {number[]} b
 */
const sumOfSquares = (a, b) =>
  series(
    a.map((coordinate, axis) => square(bracketed(difference(coordinate, b[axis])))),
    plus(),
  );

/** @param {number} length */
const squared = (length) => length * length;

/** @param {Expression} inside */
const absolute = (inside) => barred("|", inside, message("math.absolute", { inside: inside.words }));

/** The index of the norm that adds up absolute differences; its words are those of the norm. */
const ONE = { markup: "<mn>1</mn>", words: "" };

/** @type {Record<Rule["name"], DistanceFormula>} */
export const DISTANCES = {
  mean: {
    symbolic: (a, b) =>
      square(barred("‖", row(a, minus(), b), ""), message("math.squared_distance", { from: a.words, to: b.words })),
    numeric: sumOfSquares,
    compute: (a, b) => sum(a, b, squared),
    legend: () => message("math.legend_squared_distance"),
  },
  medoid: {
    symbolic: (a, b) => barred("‖", row(a, minus(), b), message("math.distance", { from: a.words, to: b.words })),
    numeric: (a, b) => squareRoot(sumOfSquares(a, b)),
    compute: (a, b) => Math.sqrt(sum(a, b, squared)),
    legend: () => message("math.legend_distance"),
  },
  median: {
    symbolic: (a, b) =>
      subscript(barred("‖", row(a, minus(), b), message("math.manhattan", { from: a.words, to: b.words })), ONE),
    numeric: (a, b) =>
      series(
        a.map((coordinate, axis) => absolute(difference(coordinate, b[axis]))),
        plus(),
      ),
    compute: (a, b) => sum(a, b, Math.abs),
    legend: () => message("math.legend_manhattan"),
  },
};
