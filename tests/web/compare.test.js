// Comparisons: variants as text and their changes, and the numbers of the cost chart.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { closePlaces, costLines, costRange, linesUpTo, lastStep, placesAt } from "../../ui/player/web/cost_lines.js";
import {
  encodeVariants,
  NOTHING,
  unusedChoices,
  withAddition,
  withField,
  withoutRun,
  withValue,
} from "../../ui/player/web/variants.js";
import { fake } from "./fake.js";

/** @import { Variant } from "../../ui/player/web/variants.js" */

const vectors = JSON.parse(readFileSync(new URL("../vectors/variants.json", import.meta.url), "utf8"));

for (const { variants, text } of vectors) {
  test(`variants are written as “${text}”`, () => assert.equal(encodeVariants(variants), text));
}

const choices = fake([
  { field: "seed", first: 16 },
  { field: "rule", first: "medoid" },
]);
/** @type {Variant[]} */
const variants = [[["seed", 1]], [["rule", "median"]]];

test("another run begins with the first setting, and a random seed", () => {
  assert.deepEqual(withAddition(variants, choices, null, () => 7).at(-1), [["seed", 7]]);
});

test("another change is of a setting that the run does not change yet", () => {
  assert.deepEqual(unusedChoices(choices, variants[0]), [choices[1]]);
  assert.deepEqual(
    withAddition(variants, choices, 0, () => 7),
    [
      [
        ["seed", 1],
        ["rule", "medoid"],
      ],
      variants[1],
    ],
  );
  const full = withAddition(variants, choices, 0, () => 7);
  assert.equal(
    withAddition(full, choices, 0, () => 7),
    full,
  );
});

test("a change gets another value, another setting, or goes", () => {
  assert.deepEqual(withValue(variants, 0, 0, 5)[0], [["seed", 5]]);
  assert.deepEqual(withField(variants, choices, 0, 0, "rule")[0], [["rule", "medoid"]]);
  assert.deepEqual(withField(variants, choices, 0, 0, NOTHING)[0], []);
  assert.deepEqual(withoutRun(variants, 0), [variants[1]]);
  assert.deepEqual(variants, [[["seed", 1]], [["rule", "median"]]], "the variants on the screen stay as they are");
});

const runs = fake([{ steps: [{ cost: null }, { cost: 10 }, { cost: 5 }] }, { steps: [{ cost: null }, { cost: 200 }] }]);

test("costs on one scale are compared as they are", () => {
  const { lines, areShares } = costLines(runs, true);
  assert.equal(areShares, false);
  assert.deepEqual(lines, [
    [null, 10, 5],
    [null, 200],
  ]);
  assert.equal(lastStep(lines), 2);
  assert.deepEqual(
    linesUpTo(lines, 1).map((line) => line.length),
    [2, 2],
    "what comes later is not drawn yet",
  );
});

test("other costs are shares of the first one, unless that is zero", () => {
  assert.deepEqual(costLines(runs, false), {
    lines: [
      [null, 1, 0.5],
      [null, 1],
    ],
    areShares: true,
  });
  assert.equal(costLines(fake([{ steps: [{ cost: null }, { cost: 0 }] }]), false).areShares, false);
});

test("a shorter run stays at its end", () => {
  assert.deepEqual(placesAt(costLines(runs, true).lines, 2), [
    { run: 1, at: 2, cost: 5 },
    { run: 2, at: 1, cost: 200 },
  ]);
});

test("the range has margins, and none below zero", () => {
  const [low, high] = costRange([[null, 1, 101]]);
  assert.equal(low, 0);
  assert.ok(high > 110);
  assert.deepEqual(costRange([[null, 4]]), [2, 7.2], "a single cost has room, too");
});

test("places that are close share a text, the highest first", () => {
  const scale = { perStep: 100, perCost: 1, line: 15 };
  const places = [5, 10, 100].map((cost, i) => ({ run: i + 1, at: 2, cost }));
  const groups = closePlaces([...places, { run: 4, at: 0, cost: null }], scale);
  assert.deepEqual(
    groups.map((group) => group.map(({ run }) => run)),
    [[3], [2, 1]],
  );
});
