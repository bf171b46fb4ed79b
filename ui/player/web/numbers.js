// How numbers are written on the screen: the browser's side of kmeans_core/messages/numbers.py.

const THIN_SPACE = "\u202f";
const MINUS = "\u2212";

const DIGITS = 4; // significant digits of an amount

/**
 * A number with a fixed count of decimals and commas between thousands; no sign where that leaves zero.
 * @param {number} number
 * @param {number} decimals
 */
function fixed(number, decimals) {
  const [integer, fraction] = Math.abs(number).toFixed(decimals).split(".");
  const text = integer.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
  return number < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/**
 * A whole number with a comma between thousands.
 * @param {number} number
 */
export function whole(number) {
  return fixed(number, 0);
}

/**
 * A measured number with the digits that matter: four of them, more for large whole parts.
 * @param {number} number
 * @param {number} [digits] significant ones
 */
export function amount(number, digits = DIGITS) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  // The sign of an exponent stays a hyphen, as computers write it.
  if (size < 1e-4 || size >= 1e12) return number.toExponential(digits - 1).replace(/^-/, MINUS);
  if (size >= 1000) return fixed(number, Math.max(0, digits - String(Math.trunc(size)).length));
  const rounded = Number(number.toPrecision(digits));
  return Math.abs(rounded) < 1000 ? String(rounded).replace("-", MINUS) : fixed(rounded, 0);
}

/**
 * Whether two costs differ by no more than rounding.
 * @param {number} number
 * @param {number} other
 */
function nearlyEqual(number, other) {
  return Math.abs(number - other) <= 1e-9 * Math.max(Math.abs(number), Math.abs(other));
}

/**
 * Numbers written so that those that differ read differently, with as few digits as that takes.
 * @param {number[]} numbers
 */
export function amounts(numbers) {
  const inOrder = [...numbers].sort((a, b) => a - b);
  const distinct = inOrder.filter((number, i) => !i || !nearlyEqual(inOrder[i - 1], number)).length;
  for (let digits = DIGITS; ; digits += 1) {
    const texts = numbers.map((number) => amount(number, digits));
    if (new Set(texts).size >= distinct || digits === 17) return texts;
  }
}

/**
 * @param {number} number
 * @param {(size: number) => string} write
 */
function withSign(number, write) {
  const text = write(Math.abs(number));
  return text === "0" ? text : (number > 0 ? "+" : MINUS) + text;
}

/**
 * A whole change with its sign.
 * @param {number} number
 */
export function signed(number) {
  return withSign(number, whole);
}

/**
 * A measured change with its sign.
 * @param {number} number
 */
function signedAmount(number) {
  return withSign(number, (size) => amount(size));
}

/**
 * The change from one number to another, as their rounded forms on the screen have it.
 * @param {number} before
 * @param {number} after
 */
export function difference(before, after) {
  const least = Math.min(Math.abs(before), Math.abs(after));
  return least >= 1000 ? Math.round(after) - Math.round(before) : after - before;
}

/**
 * A fraction as a percentage with at most one decimal, two below 0.1%.
 * @param {number} fraction
 */
export function percent(fraction) {
  const decimals = Math.abs(100 * fraction) >= 0.1 ? 1 : 2;
  return `${fixed(100 * fraction, decimals).replace(/\.?0+$/, "")}%`;
}

/**
 * A change as a percentage with its sign.
 * @param {number} fraction
 */
function signedPercent(fraction) {
  const text = percent(fraction);
  return fraction > 0 && text !== "0%" ? `+${text}` : text;
}

/**
 * A fraction as a rounded percentage.
 * @param {number} fraction
 */
function wholePercent(fraction) {
  return `${whole(100 * fraction)}%`;
}

/**
 * A fraction as a percentage for a sentence, with two digits at most.
 * @param {number} fraction
 */
function roundedPercent(fraction) {
  const rounded = Number((100 * fraction).toPrecision(2));
  const [, decimals] = String(rounded).split(".");
  return `${fixed(rounded, decimals?.length ?? 0)}%`;
}

/**
 * A number between -1 and 1 with two decimals.
 * @param {number} number
 */
function share(number) {
  return fixed(number, 2);
}

/** @type {[size: number, unit: string][]} */
const UNITS = [
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
];

/**
 * A time with two significant digits and its unit.
 * @param {number} seconds
 */
function duration(seconds) {
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? UNITS[UNITS.length - 1];
  return `${Number((seconds / size).toPrecision(2))}${THIN_SPACE}${unit}`;
}

/**
 * The formats that a message may name: `{cost, number, amount}`.
 * @type {Readonly<Record<string, (number: number) => string>>}
 */
export const FORMATS = {
  whole,
  amount: (number) => amount(number),
  short: (number) => amount(number, 3),
  rounded: (number) => amount(Number(number.toPrecision(3)), 3),
  rough: (number) => amount(number, 2),
  signed,
  signed_amount: signedAmount,
  percent,
  signed_percent: signedPercent,
  whole_percent: wholePercent,
  rounded_percent: roundedPercent,
  share,
  duration,
};
