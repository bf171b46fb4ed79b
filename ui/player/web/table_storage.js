// Uploaded tables. Python holds one as long as its page is open; this tab keeps the latest small ones, so that after a
// reload, Back, or a change of server nobody has to upload them again. They are gone with the tab.

import { unpackFacts } from "./protocol.js";

/** @import { Component } from "./streamlit.d.ts" */

const KEY = "kmeans-tables";
const MAX_TABLES = 5;

/** A table as Python sends it. @typedef {{ digest: string, name: string, content: string }} StoredTable */

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
 * @param {string} name its digest
 * @param {Storage} storage
 */
export const storedTable = (name, storage) => tables(storage).find(({ digest }) => digest === name);

/**
 * Streamlit calls this when the component appears: with a table to keep, or the name of one that Python needs.
 * @param {Component} component
 */
export function mount({ data, setTriggerValue }) {
  const { keep, wanted } = unpackFacts(data);
  try {
    if (keep) storeTable(keep, sessionStorage);
    const table = wanted && storedTable(wanted, sessionStorage);
    if (table) setTriggerValue("found", table);
  } catch {
    // Where a browser forbids storage, the table is asked for again.
  }
}
