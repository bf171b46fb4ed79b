// The link of what is on the screen, as text. Pure.

import { message } from "./messages.js";

/** @import { LinkFacts, PlayerSession } from "./wire.d.ts" */
/** @import { View } from "./types.d.ts" */

/** Whether a class may change a setting. @typedef {"free" | "locked" | "hidden"} SettingState */

/**
 * What a teacher adds to a link.
 * @typedef {{ title: string, question: string, predict: boolean, fromStart: boolean, states: Record<string, SettingState> }} Lesson
 */

/** @type {SettingState[]} */
export const STATES = ["free", "locked", "hidden"];

const MAX_SAFE_LENGTH = 8000; // characters of an address that servers and programs accept, as a rule

const MAX_TYPED_LENGTH = 64; // characters that a class types without giving up

/**
 * Return the link of exactly what is on the screen.
 * @param {URL} page
 * @param {Pick<LinkFacts, "settings" | "view" | "allControls">} facts
 * @param {Pick<View, "get">} view
 * @param {number} step
 * @param {Lesson} lesson
 */
export function shareLink(page, { settings, view: viewNames, allControls }, view, step, lesson) {
  const url = new URL(page.pathname, page.origin);
  const set = (/** @type {string} */ name, /** @type {string | null} */ value) => {
    if (value) url.searchParams.set(name, value);
  };
  for (const [name, value] of Object.entries(settings)) set(name, value);
  for (const name of viewNames) set(name, view.get(name));
  // A class that is to predict must not see the answer first.
  if (step && !(lesson.predict && lesson.fromStart)) set("step", String(step));
  set("title", lesson.title);
  set("question", lesson.question);
  set("lock", namesWith("locked", lesson.states, allControls));
  set("hide_settings", namesWith("hidden", lesson.states, allControls));
  if (lesson.predict) set("mode", "predict");
  else if (url.searchParams.get("mode") === "predict") url.searchParams.delete("mode");
  return url.href;
}

/**
 * Return the link of a presenter, which holds what the class must not see.
 * @param {string} link of what is on the screen
 * @param {{ notes: string, minutes: string }} presentation "" for none of it
 */
export function presenterLink(link, { notes, minutes }) {
  const url = new URL(link);
  url.searchParams.set("present", "1");
  if (minutes) url.searchParams.set("minutes", minutes);
  if (notes) url.searchParams.set("notes", notes); // the last, where an address bar shows it least
  return url.href;
}

/**
 * Return the shortest address that opens what a link opens, as a person types it; "" where it is too long for that.
 * @param {string} link
 * @param {Pick<LinkFacts, "settings" | "opening">} facts
 */
export function typedAddress(link, { settings, opening }) {
  const url = new URL(link);
  // An address without any setting opens this run as well.
  if (isSame(settings, opening)) for (const name of Object.keys(opening)) url.searchParams.delete(name);
  const query = url.searchParams.toString().replaceAll("%2C", ",");
  const address = `${url.host}${url.pathname}`.replace(/\/$/, query ? "/" : "") + (query && `?${query}`);
  return address.length > MAX_TYPED_LENGTH ? "" : address;
}

/** @param {Record<string, string>} settings @param {Record<string, string>} others */
const isSame = (settings, others) =>
  Object.keys(settings).length === Object.keys(others).length &&
  Object.entries(settings).every(([name, value]) => others[name] === value);

/**
 * Return the settings in a state, as a link has them.
 * @param {SettingState} state
 * @param {Lesson["states"]} states
 * @param {string} allControls stands for all names
 */
function namesWith(state, states, allControls) {
  const names = Object.keys(states).filter((name) => states[name] === state);
  return names.length === Object.keys(states).length ? allControls : names.join(",");
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

const THIS_COMPUTER = /^(localhost|.+\.localhost|127\..+|0\.0\.0\.0|\[::1\])$/;
const THIS_NETWORK =
  /^([^.:]+|.+\.(local|lan|internal)|10\..+|192\.168\..+|172\.(1[6-9]|2\d|3[01])\..+|169\.254\..+|\[f[cde].+)$/;

/**
 * Return a sentence on who can't open an address; "" where everybody can.
 * @param {string} hostname
 */
export function reachNote(hostname) {
  if (THIS_COMPUTER.test(hostname)) return message("share.reach", { reach: "computer", hostname });
  return THIS_NETWORK.test(hostname) ? message("share.reach", { reach: "network", hostname }) : "";
}

/**
 * Whether the device has a way of its own to send a link: on a phone, that beats copying it.
 * @param {boolean} isTouch
 * @param {object} device the browser's navigator
 */
export const canSend = (isTouch, device) => isTouch && "share" in device;
