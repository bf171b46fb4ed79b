// An uploaded table lives in the server's memory for as long as the page is open there. This tab stores the latest ones,
// too, if they are small, so that a reload, Back, or another server does not ask for them again. They are gone with the
// tab.

import { unpackFacts } from "./protocol.js";

/** @import { Component } from "./streamlit.d.ts" */

/** @typedef {{digest: string, name: string, content: string}} StoredTable `content` is base64 */

const KEY = "kmeans-tables";
const MOST_TABLES = 5;

/** @returns {StoredTable[]} the latest first */
function storedTables() {
  const tables = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  return Array.isArray(tables) ? tables : [];
}

/**
 * Store a table; where there is too little room, drop the oldest ones.
 * @param {StoredTable} table
 */
function storeTable(table) {
  const tables = [table, ...storedTables().filter(({ digest }) => digest !== table.digest)].slice(0, MOST_TABLES);
  for (; tables.length; tables.pop()) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(tables));
      return;
    } catch {
      // No room for this many: try without the oldest one.
    }
  }
}

/**
 * Called by Streamlit when the component appears: with a table to store, or the digest of one that is wanted.
 * @param {Component} component
 */
export function mount({ data, setTriggerValue }) {
  /** @type {{keep?: StoredTable, wanted?: string}} */
  const { keep, wanted } = unpackFacts(data);
  try {
    if (keep) storeTable(keep);
    const found = wanted && storedTables().find(({ digest }) => digest === wanted);
    if (found) setTriggerValue("found", found);
  } catch {
    // Where a browser stores nothing, the page asks for the table again.
  }
}
