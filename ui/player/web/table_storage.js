// A table that somebody brought lives in the server's memory for as long as the page is open there. This tab keeps the
// latest ones, too, if they are small, so that a reload, the way back or another server does not ask for them again.
// They are gone with the tab.

import { unpackFacts } from "./protocol.js";

const KEY = "kmeans-tables";
const KEPT = 5;

function kept() {
  const found = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  return Array.isArray(found) ? found : [];
}

/** Keep a table; where there is too little room, forget the oldest ones. */
function keepTable(table) {
  const tables = [table, ...kept().filter(({ digest }) => digest !== table.digest)].slice(0, KEPT);
  for (; tables.length; tables.pop()) {
    try {
      return sessionStorage.setItem(KEY, JSON.stringify(tables));
    } catch {
      // One less, then.
    }
  }
}

/** Streamlit calls this when the component appears: with a table to keep, or the name of one that is wanted. */
export function mount({ data, setTriggerValue }) {
  const { keep, wanted } = unpackFacts(data);
  try {
    if (keep) keepTable(keep);
    const found = wanted && kept().find(({ digest }) => digest === wanted);
    if (found) setTriggerValue("found", found);
  } catch {
    // Where a browser keeps nothing, or has no room left, the table is asked for again.
  }
}
