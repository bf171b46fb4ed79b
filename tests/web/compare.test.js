// What the comparison's widgets send, and where its chart writes the runs' numbers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { labelGroups, runNumberLabels } from "../../ui/player/web/compare_labels.js";
import { encodeVariants } from "../../ui/player/web/compare_settings.js";

/** @import { Theme } from "../../ui/player/web/types.d.ts" */
/** @import { Variant } from "../../ui/player/web/compare_settings.js" */

test("variants are written as a link has them", () => {
  /** @type {Variant[]} */
  const variants = [
    [
      ["rule", "median"],
      ["seed", 5],
    ],
    [],
  ];
  assert.equal(encodeVariants(variants), "rule:median;seed:5|same");
  assert.equal(encodeVariants([]), "");
});

test("numbers of runs that are near each other share a label, from the top", () => {
  const places = [
    { at: 2, cost: 10 },
    { at: 2, cost: 50 },
    { at: 2, cost: 11 },
    { at: 0, cost: null },
  ];
  const groups = labelGroups(places, (a, b) => Math.abs(a.cost - b.cost) < 5);
  assert.deepEqual(
    groups.map((group) => group.map(({ name }) => name)),
    [[2], [3, 1]],
  );
});

test("a label stands right of the last of its places, halfway between their costs", () => {
  const theme = /** @type {Theme} */ ({ scale: 1, background: "#fff", text: "#000" });
  const places = [
    { at: 3, cost: 10 },
    { at: 2, cost: 12 },
  ];
  const [label, ...others] = runNumberLabels(places, { x: 1, y: 1 }, 15, theme);
  assert.deepEqual([label.x, label.y, label.text, others], [3, 11, "2, 1", []]);
  assert.equal(runNumberLabels(places, { x: 100, y: 100 }, 15, theme).length, 2);
});
