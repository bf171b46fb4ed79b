// Expressions of MathML, each with the words that a screen reader says for it.

import { message } from "./messages.js";
import { amount, whole } from "./numbers.js";

/** @typedef {{markup: string, words: string}} Expression */

const SHOWN_PARTS = 3; // of a series; a longer one shows the first two and an ellipsis

/** @param {Expression[]} parts */
const wordsOf = (parts) => parts.flatMap(({ words }) => words || []).join(" ");

/**
 * A variable, or a word in upright letters.
 * @param {string} text
 * @returns {Expression}
 */
export const name = (text, words = text) => ({ markup: `<mi>${text}</mi>`, words });

/**
 * A sign between two expressions, or around one.
 * @param {string} text
 * @param {string} words
 * @returns {Expression}
 */
export const sign = (text, words) => ({ markup: `<mo>${text}</mo>`, words });

/**
 * Text among the signs.
 * @param {string} words
 * @returns {Expression}
 */
export const text = (words) => ({ markup: `<mtext>${words}</mtext>`, words });

/**
 * @param {...Expression} parts
 * @returns {Expression}
 */
export const row = (...parts) => ({
  markup: `<mrow>${parts.map(({ markup }) => markup).join("")}</mrow>`,
  words: wordsOf(parts),
});

/**
 * @param {Expression} inside
 * @returns {Expression}
 */
export const squareRoot = (inside) => ({
  markup: `<msqrt>${inside.markup}</msqrt>`,
  words: message("math.square_root", { inside: inside.words }),
});

/**
 * @param {Expression} base
 * @param {Expression} index
 * @returns {Expression}
 */
export const subscript = (base, index) => ({
  markup: `<msub>${base.markup}${index.markup}</msub>`,
  words: wordsOf([base, index]),
});

/**
 * @param {Expression} base
 * @returns {Expression}
 */
export const square = (base, words = message("math.squared", { base: base.words })) => ({
  markup: `<msup>${base.markup}<mn>2</mn></msup>`,
  words,
});

/**
 * @param {Expression} above
 * @param {Expression} below
 * @returns {Expression}
 */
export const fraction = (above, below) => ({
  markup: `<mfrac>${above.markup}${below.markup}</mfrac>`,
  words: message("math.fraction", { above: above.words, below: below.words }),
});

/**
 * An operator with what it runs over below it; the words name both.
 * @param {Expression} base
 * @param {Expression} below
 * @param {string} words
 * @returns {Expression}
 */
export const underscript = (base, below, words) => ({
  markup: `<munder>${base.markup}${below.markup}</munder>`,
  words,
});

export const equals = () => sign("=", message("math.equals"));
export const approximately = () => sign("≈", message("math.approximately"));
export const minus = () => sign("−", message("math.minus"));
export const plus = () => sign("+", message("math.plus"));
export const times = () => sign("·", message("math.times"));

/** @type {Expression} */
export const SPACE = { markup: '<mspace width="0.2em"></mspace>', words: "" };

/**
 * @param {number} number
 * @param {string} digits how it is written
 * @returns {Expression}
 */
function numeral(number, digits) {
  const unsigned = digits.replace(/^−/, "");
  if (number >= 0) return { markup: `<mn>${unsigned}</mn>`, words: unsigned };
  const markup = `<mrow><mo form="prefix">−</mo><mn>${unsigned}</mn></mrow>`;
  return { markup, words: message("math.negative", { number: unsigned }) };
}

/** @param {number} number a whole one */
export const count = (number) => numeral(number, whole(number));

/**
 * A measured number.
 * @param {number} number
 * @param {number} [digits] significant ones; as many as matter unless given
 */
export const value = (number, digits) => numeral(number, amount(number, digits));

/**
 * @param {...Expression} inside
 * @returns {Expression}
 */
export const bracketed = (...inside) => row(sign("(", ""), ...inside, sign(")", ""));

/**
 * Join parts by a sign; of many, only the first ones are shown.
 * @param {Expression[]} parts
 * @param {Expression} between
 */
export function series(parts, between) {
  const ellipsis = sign("⋯", message("math.and_so_on"));
  const terms = parts.length > SHOWN_PARTS ? [...parts.slice(0, SHOWN_PARTS - 1), ellipsis] : parts;
  return row(...terms.flatMap((part, i) => (i ? [between, part] : [part])));
}

/** @param {number[]} coordinates */
export function vector(coordinates) {
  const comma = { markup: '<mo separator="true">,</mo>', words: message("math.comma") };
  return bracketed(
    series(
      coordinates.map((coordinate) => value(coordinate)),
      comma,
    ),
  );
}

/**
 * Subtract one number from another; a negative one is in brackets.
 * @param {number} a
 * @param {number} b
 */
export const difference = (a, b) => row(value(a), minus(), b < 0 ? bracketed(value(b)) : value(b));

/**
 * Bars around an expression: a norm or an absolute value.
 * @param {"‖" | "|"} bar
 * @param {Expression} inside
 * @param {string} words
 * @returns {Expression}
 */
export const barred = (bar, inside, words) => ({
  markup: `<mrow><mo>${bar}</mo>${inside.markup}<mo>${bar}</mo></mrow>`,
  words,
});

/**
 * A formula for the page, with its words for those who hear it.
 * @param {...Expression} parts
 * @returns {string} HTML
 */
export function formula(...parts) {
  const { markup, words } = row(...parts);
  return `<math alttext="${words}" aria-label="${words}">${markup}</math>`;
}
