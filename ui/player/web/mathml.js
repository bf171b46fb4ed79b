// Formulas as MathML, each with the words that a screen reader says for it.
//
// An expression is { m, t }: its markup and its words. Whoever puts expressions together puts both together.

import { amount, whole } from "./numbers.js";

const wrapped =
  (tag) =>
  (...parts) => ({ m: `<${tag}>${parts.map(({ m }) => m).join("")}</${tag}>`, t: said(parts) });
const said = (parts) =>
  parts
    .map(({ t }) => t)
    .filter(Boolean)
    .join(" ");

/** A variable, or a word in upright letters. */
export const name = (text, words = text) => ({ m: `<mi>${text}</mi>`, t: words });
/** A sign between two things, or around them. */
export const sign = (text, words) => ({ m: `<mo>${text}</mo>`, t: words });
export const row = wrapped("mrow");
const root = (inside) => ({ m: `<msqrt>${inside.m}</msqrt>`, t: `the square root of ${inside.t}` });
export const low = (base, index) => ({ m: `<msub>${base.m}${index.m}</msub>`, t: said([base, index]) });
const squared = (base) => ({ m: `<msup>${base.m}<mn>2</mn></msup>`, t: `${base.t} squared` });
export const over = (above, below) => ({ m: `<mfrac>${above.m}${below.m}</mfrac>`, t: `${above.t} over ${below.t}` });
export const under = (base, below, words) => ({ m: `<munder>${base.m}${below.m}</munder>`, t: words });

export const is = sign("=", "equals");
export const about = sign("≈", "is about");
const minus = sign("−", "minus");
const plus = sign("+", "plus");
export const times = sign("·", "times");
const [open, close] = [sign("(", ""), sign(")", "")];
const comma = { m: '<mo separator="true">,</mo>', t: "comma" };
export const space = { m: '<mspace width="0.2em"></mspace>', t: "" };

function shown(number, text) {
  const digits = { m: `<mn>${text.replace(/^-/, "")}</mn>`, t: text.replace(/^-/, "minus ") };
  return number < 0 ? { m: `<mrow><mo form="prefix">−</mo>${digits.m}</mrow>`, t: digits.t } : digits;
}

export const count = (number) => shown(number, whole(number));
/** A measured number, with so many digits, or as many as matter. */
export const value = (number, digits) =>
  shown(number, digits ? String(Number(number.toPrecision(digits))) : amount(number));
export const inBrackets = (...inside) => row(open, ...inside, close);
const MANY = 3; // coordinates, of which the first are told and the others meant
const ANDSOON = { m: "<mo>⋯</mo>", t: "and so on" };
/** Parts with a sign between them; of many, the first ones. */
const joined = (parts, between) =>
  row(
    ...(parts.length > MANY ? [...parts.slice(0, MANY - 1), ANDSOON] : parts).flatMap((part, i) =>
      i ? [between, part] : [part],
    ),
  );
export const place = (...coordinates) =>
  row(
    open,
    joined(
      coordinates.map((one) => value(one)),
      comma,
    ),
    close,
  );
/** A number that is taken away: in brackets if it is negative. */
const taken = (number) => (number < 0 ? inBrackets(value(number)) : value(number));
const difference = (a, b) => row(value(a), minus, taken(b));
const unheard = { m: "<mn>1</mn>", t: "" };
const squares = (a, b) =>
  joined(
    a.map((x, i) => squared(inBrackets(difference(x, b[i])))),
    plus,
  );
const sumOf = (a, b, one) => a.reduce((sum, x, i) => sum + one(x - b[i]), 0);
const unsigned = (inside) => between("|", inside, `${inside.t}, without sign,`);
const between = (bar, inside, words) => ({ m: `<mrow><mo>${bar}</mo>${inside.m}<mo>${bar}</mo></mrow>`, t: words });

/** What a rule measures between two places, and how it is worked out. The one table of the rules' formulas. */
export const MEASURES = {
  mean: {
    distance: (a, b) => squared(between("‖", row(a, minus, b), `the distance from ${a.t} to ${b.t},`)),
    workedOut: squares,
    number: (a, b) => sumOf(a, b, (way) => way * way),
    legend: "the length of the straight line from one place to another, squared",
  },
  medoid: {
    distance: (a, b) => between("‖", row(a, minus, b), `the distance from ${a.t} to ${b.t}`),
    workedOut: (a, b) => root(squares(a, b)),
    number: (a, b) => Math.sqrt(sumOf(a, b, (way) => way * way)),
    legend: "the length of the straight line from one place to another",
  },
  median: {
    distance: (a, b) =>
      low(between("‖", row(a, minus, b), `the difference of ${a.t} and ${b.t} along the axes`), unheard),
    workedOut: (a, b) =>
      joined(
        a.map((x, i) => unsigned(difference(x, b[i]))),
        plus,
      ),
    number: (a, b) => sumOf(a, b, Math.abs),
    legend: "the differences in all coordinates, without their signs, added up",
  },
};

/** The markup of a formula, with its words for those who hear it. */
export function formula(...parts) {
  const { m, t } = row(...parts);
  const words = t.trim();
  return `<math alttext="${words}" aria-label="${words}">${m}</math>`;
}
