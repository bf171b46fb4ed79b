// A table that somebody brought lives in the server's memory for as long as the page is open there. This tab keeps it,
// too, if it is small, so that a reload, the way back or another server does not ask for it again. It is gone with the
// tab.

import { unpackMessage } from "./payload.js";

const KEY = "kmeans-table";

/** Streamlit calls this when the component appears: with a table to keep, or the name of one that is wanted. */
export function mount({ data, setTriggerValue }) {
  const { keep, wanted } = unpackMessage(data).session;
  try {
    if (keep) sessionStorage.setItem(KEY, JSON.stringify(keep));
    if (!wanted) return;
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (kept?.digest === wanted) setTriggerValue("found", kept);
  } catch {
    // Where a browser keeps nothing, or has no room left, the table is asked for again.
  }
}
