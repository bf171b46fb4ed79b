// Editing in the picture: nearest centers, strokes, places, and what is refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { dragRefusal, nextLabels } from "../../ui/player/web/center_drag.js";
import {
  fileText,
  hasDragged,
  readFile,
  storeDrag,
  storedEdits,
  storeEdits,
} from "../../ui/player/web/edit_storage.js";
import { DragHint, middlemost } from "../../ui/player/web/drag_hint.js";
import { message } from "../../ui/player/web/messages.js";
import { extendErasing, extendStroke, pointsUnder } from "../../ui/player/web/pens.js";
import { clampToView, directionOf, placeText } from "../../ui/player/web/pointer.js";
import { fake } from "./fake.js";

const run = fake({ points: Float32Array.of(0, 0, 4, 0, 2, 0), n: 3, rule: { metric: "euclidean" } });

test("a point joins its nearest center, the first of two as near", () => {
  const centers = Float32Array.of(0, 0, 4, 0);
  assert.deepEqual([...nextLabels(run, centers, [true, true])], [0, 1, 0]);
  assert.deepEqual([...nextLabels(run, centers, [false, true])], [1, 1, 1], "inactive centers get none");
});

test("distances are those of the algorithm", () => {
  const centers = Float32Array.of(3, 3, 4.5, 0);
  const origin = fake({ points: Float32Array.of(0, 0), n: 1 });
  assert.deepEqual([...nextLabels({ ...origin, rule: { metric: "euclidean" } }, centers, [true, true])], [0]);
  assert.deepEqual([...nextLabels({ ...origin, rule: { metric: "manhattan" } }, centers, [true, true])], [1]);
});

test("a drag is refused for a reason, and otherwise not", () => {
  const session = fake({ offline: null, locked: [] });
  const plane = { features: 2 };
  assert.equal(dragRefusal(session, plane, 3), "");
  const refusal = (/** @type {string} */ reason) => message("edits.fixed_centers", { reason });
  assert.equal(dragRefusal({ ...session, offline: {} }, plane, 3), refusal("saved"));
  assert.equal(dragRefusal(session, { features: 4 }, 3), refusal("projection"));
  assert.equal(dragRefusal({ ...session, locked: ["centers"] }, plane, 3), refusal("centers"));
  const start = { ...session, locked: ["init"] };
  assert.equal(dragRefusal(start, plane, 0), refusal("init"));
  assert.equal(dragRefusal(start, plane, 1), "", "later steps are another matter");
});

/** @returns {import("../../ui/player/web/pointer.js").PointerPlace} */
const place = (/** @type {number} */ x) => ({ pixels: [x, 0], data: [x, 0] });

test("points of a stroke keep their distance, and stop where there is no room", () => {
  /** @type {import("../../ui/player/web/pens.js").Mark[]} */
  let stroke = [];
  for (const x of [0, 3, 11, 15, 22, 40]) stroke = extendStroke(stroke, place(x), 3);
  assert.deepEqual(
    stroke.map(({ data }) => data?.[0]),
    [0, 11, 22],
  );
  assert.equal(extendStroke([], place(0), 0).length, 1, "Python says why one point is too many");
});

test("a pen touches the points within its brush, the nearest first", () => {
  const hits = pointsUnder(run, (x, y) => [10 * x, 10 * y], [28, 0]);
  assert.deepEqual(
    hits.map(({ index }) => index),
    [2, 1],
  );
  assert.deepEqual(
    extendErasing([{ index: 2, pixels: [0, 0] }], hits).map(({ index }) => index),
    [2, 1],
  );
});

test("places stay in view and have five digits", () => {
  const axes = fake({ view: { x: [0, 1], y: [-1, 1] } });
  assert.deepEqual(clampToView(axes, [7, -7]), [1, -1]);
  assert.deepEqual(clampToView(axes, [1 / 3, 0]), [0.33333, 0]);
  assert.equal(placeText([2 / 3, 12345.678]), "0.66667, 12346");
  assert.deepEqual(["ArrowUp", "x"].map(directionOf), [
    [0, 1],
    [0, 0],
  ]);
});

/** A storage with room for some characters. */
function storage(room = Infinity) {
  /** @type {string | null} */
  let content = null;
  return fake({
    getItem: () => content,
    setItem(/** @type {string} */ _key, /** @type {string} */ text) {
      if (text.length > room) throw new Error("full");
      content = text;
    },
  });
}

test("edits are kept by name, the latest first", () => {
  const store = storage();
  for (let i = 0; i < 25; i++) assert.ok(storeEdits(`file-${i}`, `a${i}`, store));
  assert.equal(storedEdits("file-24", store), "a24");
  assert.equal(storedEdits("file-3", store), undefined, "only 20 are kept");
  assert.equal(storedEdits("other", store), undefined);
});

test("where there is too little room, the oldest go", () => {
  const store = storage(60);
  for (const name of ["one", "two", "three"]) assert.ok(storeEdits(name, "x".repeat(20), store));
  assert.ok(storedEdits("three", store));
  assert.equal(storedEdits("one", store), undefined);
  assert.equal(storeEdits("four", "x".repeat(99), store), false);
});

test("a damaged storage counts as empty", () => {
  assert.equal(storedEdits("a", fake({ getItem: () => "{" })), undefined);
  assert.equal(storedEdits("a", fake({ getItem: () => '{"a":1}' })), undefined);
});

const file = (/** @type {string} */ text, name = "mine.json") => ({ name, size: text.length, text: async () => text });

test("a saved file is read again", async () => {
  const { query, edits } = await readFile(file(fileText("data=moons&edits=file-1", "a1_1")));
  assert.equal(query.get("data"), "moons");
  assert.equal(edits, "a1_1");
});

for (const name of ["drawing.json", "drawing-with-old-names.json"]) {
  test(`${name}, which the app saved once, is read`, async () => {
    const text = readFileSync(new URL(`../ui/settings/saved/${name}`, import.meta.url), "utf-8");
    const { query, edits } = await readFile(file(text, name));
    assert.equal(query.get("data"), "moons");
    assert.equal(query.get("edits"), "file-83b272edda0d0106");
    assert.equal(edits.match(/a/g)?.length, 200);
  });
}

test("files of others and of newer versions are refused by name", async () => {
  const saved = JSON.parse(fileText("data=moons", ""));
  for (const content of ["", "[]", "null", '{"format": "other"}', JSON.stringify({ ...saved, link: 1 })]) {
    await assert.rejects(readFile(file(content)), /“mine.json” was not saved/);
  }
  await assert.rejects(readFile(file(JSON.stringify({ ...saved, version: 2 }))), /newer version/);
  await assert.rejects(readFile({ ...file("{}"), size: 1e9 }), /was not saved/);
});

test("a browser remembers that a center was dragged, and asks nobody where it keeps nothing", () => {
  const entries = new Map();
  const store = fake({
    getItem: (/** @type {string} */ key) => entries.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => entries.set(key, value),
  });
  assert.equal(
    hasDragged(() => store),
    false,
  );
  storeDrag(() => store);
  assert.equal(
    hasDragged(() => store),
    true,
  );
  const forbidden = () => {
    throw new Error("forbidden");
  };
  storeDrag(forbidden);
  assert.equal(hasDragged(forbidden), true);
});

test("the center in the middle says that it can be dragged", () => {
  const area = { x: 10, y: 0, width: 100, height: 100 };
  const places = /** @type {[number, number][]} */ ([
    [10, 90],
    [58, 55],
    [110, 0],
  ]);
  assert.equal(middlemost(places, area), 1);
});

test("it says so at the start, unless it is locked, somebody plays, or the page only asks something", () => {
  const globals = /** @type {Record<string, unknown>} */ (fake(globalThis));
  globals.document = { createElement: () => ({ style: {}, setAttribute: () => {} }) };
  globals.localStorage = { getItem: () => null };
  const picture = {
    isDrawn: true,
    onChange: () => {},
    axes: () => ({
      toPixels: (/** @type {number} */ x, /** @type {number} */ y) => [x, y],
      area: { x: 0, y: 0, width: 9, height: 9 },
    }),
  };
  const view = { get: () => null };
  const isShown = ({ canDrag = true, compact = false, playing = 0, index = 0 }) => {
    const hint = new DragHint(fake({ stage: { append: () => {} }, picture, view, playing, index }), { canDrag });
    hint.setSession(fake({ compact }));
    hint.setRun(fake({ steps: [{ centers: [1, 1], active: [true] }] }));
    return !hint.label.hidden;
  };
  assert.equal(isShown({}), true);
  for (const state of [{ canDrag: false }, { compact: true }, { playing: 1 }, { index: 2 }]) {
    assert.equal(isShown(state), false, JSON.stringify(state));
  }
});
