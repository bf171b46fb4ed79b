// The link of what is on the screen, as text. Pure.

import { message } from "./messages.js";

/** @import { LinkFacts, PlayerSession } from "./wire.d.ts" */
/** @import { View } from "./types.d.ts" */

/** Whether a class may change a setting. @typedef {"free" | "locked" | "hidden"} SettingState */

/**
 * What a teacher adds to a link.
 * @typedef {{ title: string, question: string, predict: boolean, states: Record<string, SettingState> }} Lesson
 */

/** @type {SettingState[]} */
export const STATES = ["free", "locked", "hidden"];

const EVERYTHING = "everything";
const MAX_SAFE_LENGTH = 8000; // characters of an address that servers and programs accept, as a rule

/**
 * Return the link of exactly what is on the screen.
 * @param {URL} page
 * @param {Pick<LinkFacts, "settings" | "view">} facts
 * @param {Pick<View, "get">} view
 * @param {number} step
 * @param {Lesson} lesson
 */
export function shareLink(page, { settings, view: viewNames }, view, step, lesson) {
  const url = new URL(page.pathname, page.origin);
  const set = (/** @type {string} */ name, /** @type {string | null} */ value) => {
    if (value) url.searchParams.set(name, value);
  };
  for (const [name, value] of Object.entries(settings)) set(name, value);
  for (const name of viewNames) set(name, view.get(name));
  if (step) set("step", String(step));
  set("title", lesson.title);
  set("question", lesson.question);
  set("lock", namesWith("locked", lesson.states));
  set("hide_settings", namesWith("hidden", lesson.states));
  if (lesson.predict) set("mode", "predict");
  else if (url.searchParams.get("mode") === "predict") url.searchParams.delete("mode");
  return url.href;
}

/**
 * Return the settings in a state, as a link has them.
 * @param {SettingState} state
 * @param {Lesson["states"]} states
 */
function namesWith(state, states) {
  const names = Object.keys(states).filter((name) => states[name] === state);
  return names.length === Object.keys(states).length ? EVERYTHING : names.join(",");
}

/**
 * Return sentences on what a link does not hold, and on its length.
 * @param {string} link
 * @param {Pick<PlayerSession, "storedEdits" | "missingEdits" | "maxLinkEdits">} session
 * @param {{ isTable: boolean, areStored: boolean }} state whether the data is an upload, and whether this browser keeps
 *   the edits that the link names
 */
export function linkNotes(link, { storedEdits, missingEdits, maxLinkEdits }, { isTable, areStored }) {
  const notes = [];
  if (storedEdits) {
    notes.push(message("share.stored_edits", { max: maxLinkEdits, count: storedEdits.count, are_stored: areStored }));
  } else if (missingEdits) notes.push(message("share.missing_edits"));
  else if (isTable) notes.push(message("share.own_table"));
  if (link.length > MAX_SAFE_LENGTH) {
    notes.push(message("share.long_link", { length: link.length, max: MAX_SAFE_LENGTH }));
  }
  return notes.join(" ");
}
