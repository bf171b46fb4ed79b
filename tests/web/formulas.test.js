import assert from "node:assert/strict";
import { test } from "node:test";

import { DISTANCES } from "../../ui/player/web/distance_formulas.js";
import { digitsApart, formulasOf } from "../../ui/player/web/formulas.js";
import { count, difference, formula, fraction, name, series, value, vector, plus } from "../../ui/player/web/mathml.js";
import { message } from "../../ui/player/web/messages.js";
import { makeRun, withStep } from "./runs.js";

/** @import { Rule } from "../../ui/player/web/types.d.ts" */

const RULES = /** @type {Rule["name"][]} */ (["mean", "medoid", "median"]);

/**
 * The words of a formula, as a screen reader says them.
 * @param {string} html
 */
const wordsOf = (html) => /alttext="([^"]*)"/.exec(html)?.[1];

/** @param {Rule["name"]} rule @param {Partial<import("../../ui/player/web/types.d.ts").Run>} [overrides] */
const runBy = (rule, overrides) => makeRun({ rule: { ...makeRun().rule, name: rule }, ...overrides });

const ASSIGN_EXAMPLE = { point: 1, place: [0, 2], cluster: 0, other: 1, distances: [4, 400 / 9] };

// --- Signs

test("numbers are written with a real minus and said with a word", () => {
  assert.deepEqual(count(3072), { markup: "<mn>3,072</mn>", words: "3,072" });
  assert.equal(value(-0.5).words, "minus 0.5");
  assert.match(value(-0.5).markup, /−.*<mn>0\.5<\/mn>/);
  assert.equal(value(1.23456, 3).words, "1.23");
});

test("a negative number that is subtracted is in brackets", () => {
  assert.equal(difference(1, -2).words, "1 minus minus 2");
  assert.match(difference(1, -2).markup, /<mo>\(<\/mo>.*<mo>\)<\/mo>/);
  assert.doesNotMatch(difference(1, 2).markup, /\(/);
});

test("of a long series the first parts are shown", () => {
  const parts = [1, 2, 3, 4].map((number) => count(number));
  assert.equal(series(parts.slice(0, 3), plus()).words, "1 plus 2 plus 3");
  assert.equal(series(parts, plus()).words, "1 plus 2 plus and so on");
  assert.equal(vector([1, 2]).words, "1 comma 2");
});

test("a formula has its words beside its markup", () => {
  const html = formula(name("x"), fraction(name("a"), name("b")));
  assert.equal(wordsOf(html), "x a over b");
  assert.match(html, /^<math alttext="(.*)" aria-label="\1"><mrow><mi>x<\/mi><mfrac>/);
});

// --- Distances

test("each rule computes its own distance", () => {
  assert.deepEqual(
    RULES.map((rule) => DISTANCES[rule].compute([0, 0], [3, -4])),
    [25, 5, 7],
  );
});

test("each rule says its own distance", () => {
  const [a, b] = [name("a"), name("b")];
  assert.deepEqual(
    RULES.map((rule) => DISTANCES[rule].symbolic(a, b).words),
    ["the distance from a to b, squared", "the distance from a to b", "the difference of a and b along the axes"],
  );
  assert.deepEqual(
    RULES.map((rule) => DISTANCES[rule].numeric([1, 2], [0, 4]).words),
    [
      "1 minus 0 squared plus 2 minus 4 squared",
      "the square root of 1 minus 0 squared plus 2 minus 4 squared",
      "1 minus 0, without sign, plus 2 minus 4, without sign,",
    ],
  );
});

test("close distances get enough digits to differ", () => {
  assert.equal(digitsApart([1.23456, 2]), undefined);
  assert.equal(digitsApart([1.23456, 1.23457]), 6);
  assert.equal(digitsApart([1, 1]), undefined);
  assert.equal(digitsApart([1]), undefined);
  assert.equal(digitsApart([1, 1 + 1e-13]), 10);
});

// --- Steps

test("an assign compares the example's distances", () => {
  const run = withStep(3, { example: ASSIGN_EXAMPLE });
  const { general, intro, lines, cost, legend } = formulasOf(run, 3);
  const distance = message("math.squared_distance", { from: "x i", to: "c j" });
  assert.equal(
    wordsOf(general),
    ["label i", message("math.equals"), message("math.least_cluster"), distance].join(" "),
  );
  assert.equal(intro, message("math.assign_intro", { kind: "reassigned", point: "point 2", place: "(0, 2)" }));
  assert.deepEqual(
    lines.map(({ formulas }) => formulas.map(wordsOf)),
    [
      ["the distance from x 2 to c 1, squared is about 4", "is about 0 minus 0 squared plus 2 minus 0 squared"],
      ["the distance from x 2 to c 2, squared is about 44.44", "is about 0 minus 6.667 squared plus 2 minus 2 squared"],
      ["label 2 equals 1"],
    ],
  );
  assert.deepEqual(
    lines.map(({ note }) => note),
    [
      message("math.nearest"),
      message("math.other_center", { kind: "previous" }),
      message("math.label_before", { kind: "changed", cluster: 2 }),
    ],
  );
  assert.equal(wordsOf(cost?.value ?? ""), "the cost J is about 34");
  assert.equal(cost?.change, message("math.cost_before", { kind: "changed", before: 120, change: -86 }));
  assert.equal(legend.length, 6);
});

test("the first assign has no label and no cost before it", () => {
  const run = withStep(1, { example: { ...ASSIGN_EXAMPLE, cluster: 1, other: null, distances: [1] } });
  const { intro, lines, cost } = formulasOf(run, 1);
  assert.equal(intro, message("math.assign_intro", { kind: "single", point: "point 2", place: "(0, 2)" }));
  assert.deepEqual(
    lines.map(({ note }) => note),
    [
      message("math.nearest"),
      message("math.other_distances", { distances: "1: 4" }),
      message("math.label_before", { kind: "first", cluster: 2 }),
    ],
  );
  assert.equal(cost?.change, message("math.cost_before", { kind: "first", before: 0, change: 0 }));
});

test("equal distances are a tie", () => {
  const run = withStep(5, { example: { ...ASSIGN_EXAMPLE, distances: [4, 4] } });
  const { lines } = formulasOf(run, 5);
  assert.equal(lines[1].note, message("math.other_center", { kind: "tie" }));
  assert.equal(lines[2].note, message("math.label_before", { kind: "same", cluster: 1 }));
});

test("centers that were dropped are not compared", () => {
  const run = withStep(5, { example: { ...ASSIGN_EXAMPLE, other: null, distances: [1] }, active: [true, false] });
  const { lines, legend } = formulasOf(run, 5);
  assert.equal(lines.length, 2);
  const center = message("math.legend_center", { kind: "some", center: "centroid", clusters: "1" });
  assert.ok(legend.some(([, meaning]) => meaning === center));
});

test("a refine computes the center that moved farthest", () => {
  const example = { cluster: 1, count: 2, part: /** @type {[number, number]} */ ([30, 8]), point: 3 };
  const words = RULES.map((rule) => {
    const run = runBy(rule);
    run.steps[4] = { ...run.steps[4], example };
    const { intro, lines } = formulasOf(run, 4);
    assert.equal(intro, message("math.refine_intro", { kind: "moved", center: "centroid", cluster: 2, points: 2 }));
    assert.deepEqual(
      lines.map(({ note }) => note),
      [
        "",
        message("math.center_before", { kind: "moved", place: "(6.667, 2)", move: 10 / 3 }),
        message("math.part_of_cost", { kind: "fell", before: 30, after: 8 }),
      ],
    );
    return lines[0].formulas.map(wordsOf);
  });
  assert.deepEqual(words, [
    ["c 2 is about 1 over 2 times 20 comma 4", "is about 10 comma 2"],
    ["c 2 equals x 4", "is about 10 comma 2"],
    ["c 2 is about 10 comma 2"],
  ]);
});

test("a refine that moves nothing says so", () => {
  const run = withStep(4, { example: { cluster: 0, count: 2, part: [2, 2] }, centers: makeRun().steps[3].centers });
  const { intro, lines } = formulasOf(run, 4);
  assert.equal(intro, message("math.refine_intro", { kind: "still", center: "centroid", cluster: 1, points: 2 }));
  assert.deepEqual(
    lines.slice(1).map(({ note }) => note),
    [
      message("math.center_before", { kind: "still", place: "", move: 0 }),
      message("math.part_of_cost", { kind: "same", before: 2, after: 2 }),
    ],
  );
});

test("every initializer has a formula and a legend", () => {
  for (const init of ["random", "k-means++", "greedy-k-means++", "farthest", "partition", "given"]) {
    for (const rule of RULES) {
      const { general, lines, cost, legend } = formulasOf(runBy(rule, { init }), 0);
      assert.ok(wordsOf(general));
      assert.deepEqual(
        lines.flatMap(({ formulas }) => formulas.map(wordsOf)),
        ["c 1 is about 0 comma 0", "c 2 is about 1 comma 2"],
      );
      assert.equal(cost, null);
      for (const [sign, meaning] of legend) assert.ok(wordsOf(sign) && meaning);
      for (const html of [general, ...legend.map(([sign]) => sign)]) assert.match(wordsOf(html) ?? "", /^[\w ,:]+$/);
      assert.doesNotMatch(JSON.stringify([general, legend]), /undefined|NaN/);
    }
  }
});

test("of moved centers, those are shown that moved", () => {
  const run = withStep(2, { phase: "move", cost: null });
  const { intro, lines, cost } = formulasOf(run, 2);
  assert.equal(intro, message("math.move_intro"));
  assert.deepEqual(
    lines.flatMap(({ formulas }) => formulas.map(wordsOf)),
    ["c 2 is about 6.667 comma 2"],
  );
  assert.equal(cost, null);
});

test("rows of a table are named", () => {
  const run = withStep(3, { example: ASSIGN_EXAMPLE }, { rows: 9, rowNumbers: Uint32Array.of(1, 5, 6, 7) });
  const { intro, lines } = formulasOf(run, 3);
  assert.match(intro, /: row 5, at/);
  assert.match(lines[2].formulas[0], /<mtext>row 5<\/mtext>/);
});

test("centers in more features are told in all of them, the first ones in sentences", () => {
  const run = makeRun({ features: 5 });
  run.steps[1] = {
    ...run.steps[1],
    example: { ...ASSIGN_EXAMPLE, cluster: 1, other: null, place: [1, 2, 3, 4, 5], distances: [0] },
    centerCoordinates: Float32Array.of(0, 0, 0, 0, 0, 1, 2, 3, 4, 5),
  };
  assert.match(formulasOf(run, 1).intro, /at \(1, 2, 3, 4, …\)/);
});
