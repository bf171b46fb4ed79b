// Variants: what each further run of a comparison changes. A link has them as the text of ui/analyses/compare/variants.py.

/** @import { VariantChoice } from "./wire.d.ts" */

/** A setting and its value, and both as text where Python sent them. @typedef {[field: string, value: string | number | null, label?: string]} Change */
/** The changes of one further run. @typedef {Change[]} Variant */

/** The name of the choice to change nothing. */
export const NOTHING = "nothing";

const NO_CHANGE = "same";

/**
 * Return the text of variants for a link.
 * @param {Variant[]} variants
 */
export const encodeVariants = (variants) =>
  variants.map((variant) => variant.map(([field, value]) => `${field}:${value}`).join(";") || NO_CHANGE).join("|");

/**
 * Return the settings that a variant does not change yet.
 * @param {VariantChoice[]} choices
 * @param {Variant} variant
 */
export const unusedChoices = (choices, variant) =>
  choices.filter(({ field }) => !variant.some(([used]) => used === field));

/**
 * @param {VariantChoice} choice
 * @param {() => number} seed
 * @returns {Change}
 */
const newChange = ({ field, first }, seed) => [field, field === "seed" ? seed() : first];

/**
 * Return variants with one variant replaced.
 * @param {Variant[]} variants
 * @param {number} at
 * @param {Variant} variant
 */
const replaced = (variants, at, variant) => variants.map((old, i) => (i === at ? variant : old));

/**
 * Return variants with another run, or another change in a run.
 * @param {Variant[]} variants
 * @param {VariantChoice[]} choices
 * @param {number | null} at the run that gets a change; null for another run
 * @param {() => number} seed
 */
export function withAddition(variants, choices, at, seed) {
  if (at === null) return [...variants, [newChange(choices[0], seed)]];
  const [choice] = unusedChoices(choices, variants[at]);
  return choice ? replaced(variants, at, [...variants[at], newChange(choice, seed)]) : variants;
}

/**
 * Return variants in which a change has another value.
 * @param {Variant[]} variants
 * @param {number} at
 * @param {number} change
 * @param {string | number} value
 */
export const withValue = (variants, at, change, value) =>
  replaced(
    variants,
    at,
    variants[at].map((old, i) => (i === change ? [old[0], value] : old)),
  );

/**
 * Return variants in which a change is of another setting, or, with NOTHING, is gone.
 * @param {Variant[]} variants
 * @param {VariantChoice[]} choices
 * @param {number} at
 * @param {number} change
 * @param {string} field
 */
export function withField(variants, choices, at, change, field) {
  const variant = [...variants[at]];
  const choice = choices.find((candidate) => candidate.field === field);
  if (choice) variant[change] = [field, choice.first];
  else variant.splice(change, 1);
  return replaced(variants, at, variant);
}

/**
 * Return variants without one run.
 * @param {Variant[]} variants
 * @param {number} at
 */
export const withoutRun = (variants, at) => variants.filter((_, i) => i !== at);
