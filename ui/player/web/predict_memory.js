// The guesses of a run, in the page's entry of the browser's history: Back and a reload return to them, and a new visit
// starts without any.

/** @import { Result } from "./predict_scores.js" */

const KEY = "kmeansGuesses";

/**
 * The round of questions, the last step that was reached, and the results by step.
 * @typedef {{ round: number, reached: number, results: [step: number, result: Result][] }} Guesses
 */

/** @typedef {Guesses & { run: string }} StoredGuesses */

/** What the entry had that the browser went back to: Streamlit empties it when it writes the URL. @type {StoredGuesses | null} */
let returned = null;

/** Take notice of entries that the browser goes back to, for as long as the page is loaded. */
export function watchReturns() {
  window.addEventListener("popstate", ({ state }) => (returned = state?.[KEY] ?? null));
}

/**
 * @param {string} run
 * @param {Guesses} guesses
 */
export function storeGuesses(run, guesses) {
  history.replaceState({ ...history.state, [KEY]: { run, ...guesses } }, "");
}

/**
 * @param {string} run
 * @returns {Partial<Guesses>} empty where the entry has none of this run
 */
export function storedGuesses(run) {
  /** @type {StoredGuesses | undefined} */
  const stored = returned ?? history.state?.[KEY];
  if (stored?.run !== run) return {};
  returned = null;
  const { round, reached, results } = stored;
  storeGuesses(run, { round, reached, results });
  return { round, reached, results };
}
