// The scripts read the messages that tests/ui/player/golden_messages.py writes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  unpackFacts,
  unpackMessage,
  unpackRun,
  unpackRuns,
  VersionError,
  withSession,
} from "../../ui/player/web/protocol.js";
import { sharesOf } from "../../ui/player/web/tiles.js";
import { fake } from "./fake.js";

const file = (/** @type {string} */ name) => readFileSync(new URL(`../golden/protocol/${name}`, import.meta.url));
const bytesOf = (/** @type {string} */ name) => new Uint8Array(file(`${name}.bin`));
const expectedOf = (/** @type {string} */ name) => JSON.parse(file(`${name}.json`).toString());

/**
 * What a run and what is expected of it have in common, with arrays as lists.
 * @param {unknown} run
 * @param {unknown} expected
 * @returns {unknown}
 */
function common(run, expected) {
  if (run === null || typeof run !== "object") return run;
  const [members, names] = [new Map(Object.entries(run)), new Map(Object.entries(expected ?? {}))];
  if (ArrayBuffer.isView(run)) return [...members.values()];
  if (Array.isArray(run)) return run.map((item, i) => common(item, names.get(String(i))));
  return Object.fromEntries([...names].map(([name, value]) => [name, common(members.get(name), value)]));
}

for (const name of ["points", "features"]) {
  test(`a run on ${name} is read as it was`, () => {
    const expected = expectedOf(name);
    delete expected.note;
    assert.deepEqual(common(unpackRun(unpackMessage(bytesOf(name)).packed), expected), expected);
  });
}

test("all features are known where the points are in the plane", () => {
  const run = unpackRun(unpackMessage(bytesOf("points")).packed);
  assert.equal(run.coordinates, run.points);
  assert.equal(run.rowNumbers, null);
});

test("arrays that do not change are the same objects", () => {
  const { steps } = unpackRun(unpackMessage(bytesOf("points")).packed);
  assert.ok(steps.some((step, i) => i && step.centers === steps[i - 1].centers));
  assert.ok(steps.some((step, i) => i && step.labels && step.labels === steps[i - 1].labels));
});

test("a run on tiles has groups, and their counts add up", () => {
  const { counts, tileOf, totals, ...expected } = expectedOf("tiles");
  const run = unpackRun(unpackMessage(bytesOf("tiles")).packed);
  assert.deepEqual(common(run, expected), expected);
  assert.deepEqual(common(run.groups, { counts, tileOf, totals }), { counts, tileOf, totals });
  const { labels, sizes } = fake(run.steps.at(-1));
  const shares = fake(totals).map((/** @type {number} */ _, /** @type {number} */ tile) => sharesOf(run, labels, tile));
  assert.deepEqual(
    [...sizes],
    [0, 1, 2].map((j) =>
      shares.reduce((/** @type {number} */ sum, /** @type {number[]} */ share) => sum + share[j], 0),
    ),
  );
});

test("runs of a comparison know each other", () => {
  const expected = expectedOf("comparison").runs;
  const runs = unpackRuns(unpackMessage(bytesOf("comparison")).packed);
  assert.deepEqual(common(runs, expected), expected);
  assert.equal(new Set(runs.map(({ id }) => id)).size, 2);
  for (const run of runs) assert.equal(run.siblings, runs);
});

test("what concerns the visitor comes with the run, and can be replaced", () => {
  const bytes = bytesOf("points");
  const { session } = unpackMessage(bytes);
  assert.equal(session.note, expectedOf("points").note);
  assert.deepEqual(session.compact, { parts: ["table"], still: true, view: { step: "2" } });
  const other = unpackMessage(withSession(bytes, { ...session, note: "“other”" }));
  assert.equal(other.session.note, "“other”");
  assert.deepEqual(unpackRun(other.packed), unpackRun(unpackMessage(bytes).packed));
});

test("a message at an odd place of a larger buffer is read as well", () => {
  const bytes = bytesOf("points");
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  assert.equal(unpackRun(unpackMessage(larger.subarray(3)).packed).n, 12);
});

test("a message of another version is refused", () => {
  const text = new TextEncoder().encode('{"version":1}   ');
  const bytes = new Uint8Array([text.length, 0, 0, 0, ...text]);
  for (const unpack of [unpackFacts, unpackMessage]) {
    assert.throws(
      () => unpack(bytes),
      (error) => error instanceof VersionError && /Reload the page/.test(error.message),
    );
  }
});
