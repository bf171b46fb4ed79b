// Uploaded tables in the tab.

import assert from "node:assert/strict";
import { test } from "node:test";

import { storedTable, storeTable } from "../../ui/player/web/table_storage.js";
import { fake } from "./fake.js";

/** A storage with room for some characters. */
function storage(room = Infinity, /** @type {string | null} */ held = null) {
  return fake({
    getItem: () => held,
    setItem(/** @type {string} */ _key, /** @type {string} */ text) {
      if (text.length > room) throw new Error("full");
      held = text;
    },
  });
}

const table = (/** @type {number} */ i, size = 3) => ({ digest: `d${i}`, name: `${i}.csv`, content: "x".repeat(size) });

test("the latest five tables are kept", () => {
  const kept = storage();
  for (let i = 0; i < 7; i++) storeTable(table(i), kept);
  assert.deepEqual(storedTable("d6", kept), table(6));
  assert.equal(storedTable("d1", kept), undefined);
  storeTable({ ...table(6), name: "new.csv" }, kept);
  assert.equal(storedTable("d6", kept)?.name, "new.csv");
  assert.ok(storedTable("d2", kept), "a table that is stored again takes no other place");
});

test("where there is too little room, the oldest go", () => {
  const kept = storage(150);
  for (let i = 0; i < 4; i++) storeTable(table(i, 50), kept);
  assert.ok(storedTable("d3", kept));
  assert.equal(storedTable("d0", kept), undefined);
});

test("a damaged storage counts as empty", () => {
  for (const held of ["{", '{"a": 1}', ""]) assert.equal(storedTable("d0", storage(99, held)), undefined);
});
