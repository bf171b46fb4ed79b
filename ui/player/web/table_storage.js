// Uploaded tables. Python holds one as long as its page is open; this tab keeps the latest small ones, so that after a
// reload, Back, or a change of server nobody has to upload them again. They are gone with the tab.

import { unpackFacts } from "./protocol.js";

/** @import { Component } from "./streamlit.d.ts" */
/** @import { StoredTable, TableStorageFacts } from "./wire.d.ts" */

const KEY = "kmeans-tables";
const MAX_TABLES = 5;

/**
 * @param {Storage} storage
 * @returns {StoredTable[]}
 */
function tables(storage) {
  try {
    const stored = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

/**
 * Keep a table; where there is too little room, drop the oldest ones.
 * @param {StoredTable} table
 * @param {Storage} storage
 */
export function storeTable(table, storage) {
  const latest = [table, ...tables(storage).filter(({ digest }) => digest !== table.digest)].slice(0, MAX_TABLES);
  for (; latest.length; latest.pop()) {
    try {
      storage.setItem(KEY, JSON.stringify(latest));
      return;
    } catch {
      // Try again with one table less.
    }
  }
}

/**
 * Return a table; undefined if it is not kept here.
 * @param {string} digest
 * @param {Storage} storage
 */
export const storedTable = (digest, storage) => tables(storage).find((table) => table.digest === digest);

/**
 * Streamlit calls this when the component appears: with a table to keep, or the name of one that Python needs.
 * @param {Component} component
 */
export function mount({ data, setTriggerValue }) {
  /** @type {TableStorageFacts} */
  const { table, digest } = unpackFacts(data);
  try {
    if (table) storeTable(table, sessionStorage);
    const stored = digest && storedTable(digest, sessionStorage);
    if (stored) setTriggerValue("table", stored);
  } catch {
    // Where a browser forbids storage, the table is asked for again.
  }
}
