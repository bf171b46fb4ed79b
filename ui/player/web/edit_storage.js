// Edits that are too many for a link, which only names them: kept in this browser under that name, so that a reload and
// Back find them again, and in files, for other browsers.

import { message } from "./messages.js";

const KEY = "kmeans-by-hand";
const DRAGGED_KEY = "kmeans-dragged";
const MAX_ENTRIES = 20; // of 100 kB at most; a browser keeps some megabytes
const MAX_CHARACTERS = 1_000_000; // a file of ours is far shorter
const FORMAT = "K-means, step by step";
const VERSION = 1;

/** A name and its edits, as text. @typedef {[name: string, text: string]} Entry */

/**
 * What is kept, the latest first.
 * @param {Storage} storage
 * @returns {Entry[]}
 */
function entries(storage) {
  try {
    const stored = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(Array.isArray).map(([name, text]) => [name, text]) : [];
  } catch {
    return []; // a browser may forbid a page to keep anything
  }
}

/**
 * Return the edits of a name; undefined if they are not kept here.
 * @param {string} name
 * @param {Storage} storage
 */
export const storedEdits = (name, storage = localStorage) => entries(storage).find(([key]) => key === name)?.[1];

/**
 * Keep edits under their name; where there is too little room, drop the oldest ones. Return whether they are kept.
 * @param {string} name
 * @param {string} text
 * @param {Storage} storage
 */
export function storeEdits(name, text, storage = localStorage) {
  const older = entries(storage).filter(([key]) => key !== name);
  const edits = [/** @type {Entry} */ ([name, text]), ...older].slice(0, MAX_ENTRIES);
  for (; edits.length; edits.pop()) {
    try {
      storage.setItem(KEY, JSON.stringify(edits));
      return true;
    } catch {
      // Try again with one entry less.
    }
  }
  return false;
}

/** Return whether somebody has dragged a center in this browser. */
export function hasDragged(storage = () => localStorage) {
  try {
    return storage().getItem(DRAGGED_KEY) !== null;
  } catch {
    return true; // where nothing is kept, nobody is told again and again
  }
}

/** Keep that somebody has dragged a center. */
export function storeDrag(storage = () => localStorage) {
  try {
    storage().setItem(DRAGGED_KEY, "1");
  } catch {
    // hasDragged() is true there anyway.
  }
}

/**
 * Return the text of a file: a link, and the edits that it only names.
 * @param {string} query the link's
 * @param {string} edits "" where the link holds them
 */
export function fileText(query, edits) {
  return JSON.stringify({ format: FORMAT, version: VERSION, link: query, edits }, null, 1);
}

/**
 * Read a saved file.
 * @param {{ name: string, size: number, text(): Promise<string> }} file
 * @returns {Promise<{ query: URLSearchParams, edits: string }>}
 */
export async function readFile(file) {
  const foreign = new Error(message("stored_edits.foreign_file", { file: file.name }));
  if (file.size > 4 * MAX_CHARACTERS) throw foreign;
  const content = await file
    .text()
    .then(JSON.parse)
    .catch(() => null);
  const { format, version, link, edits = "" } = content ?? {};
  if (format !== FORMAT || typeof link !== "string" || typeof edits !== "string") throw foreign;
  if (link.length > MAX_CHARACTERS || edits.length > MAX_CHARACTERS) throw foreign;
  if (version !== VERSION) throw new Error(message("stored_edits.newer_file", { file: file.name }));
  return { query: new URLSearchParams(link), edits };
}
