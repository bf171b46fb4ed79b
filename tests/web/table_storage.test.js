// Uploaded tables in the tab.

import assert from "node:assert/strict";
import { test } from "node:test";

import { storedTable, storeTable } from "../../ui/player/web/table_storage.js";
import { fake } from "./fake.js";

/** A storage with room for some characters. */
function storage(room = Infinity, /** @type {string | null} */ content = null) {
  return fake({
    getItem: () => content,
    setItem(/** @type {string} */ _key, /** @type {string} */ text) {
      if (text.length > room) throw new Error("full");
      content = text;
    },
  });
}

const table = (/** @type {number} */ i, size = 3) => ({ digest: `d${i}`, name: `${i}.csv`, content: "x".repeat(size) });

test("the latest five tables are kept", () => {
  const store = storage();
  for (let i = 0; i < 7; i++) storeTable(table(i), store);
  assert.deepEqual(storedTable("d6", store), table(6));
  assert.equal(storedTable("d1", store), undefined);
  storeTable({ ...table(6), name: "new.csv" }, store);
  assert.equal(storedTable("d6", store)?.name, "new.csv");
  assert.ok(storedTable("d2", store), "a table that is stored again takes no other place");
});

test("where there is too little room, the oldest go", () => {
  const store = storage(150);
  for (let i = 0; i < 4; i++) storeTable(table(i, 50), store);
  assert.ok(storedTable("d3", store));
  assert.equal(storedTable("d0", store), undefined);
});

test("a damaged storage counts as empty", () => {
  for (const content of ["{", '{"a": 1}', ""]) assert.equal(storedTable("d0", storage(99, content)), undefined);
});
