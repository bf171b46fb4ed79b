// Guesses come back with the page's entry of the history.

import assert from "node:assert/strict";
import { test } from "node:test";

import { storedGuesses, storeGuesses, watchReturns } from "../../ui/player/web/predict_memory.js";
import { fake } from "./fake.js";

test("an entry of the history has the guesses of its run, beside what else is in it", () => {
  const history = {
    state: /** @type {Record<string, unknown> | null} */ (null),
    replaceState: (/** @type {Record<string, unknown>} */ state) => (history.state = structuredClone(state)),
  };
  let goBack = /** @type {(event: { state: unknown }) => void} */ (() => {});
  const addEventListener = (/** @type {string} */ _name, /** @type {typeof goBack} */ listener) => (goBack = listener);
  Object.assign(globalThis, { history, window: fake({ addEventListener }) });
  watchReturns();
  assert.deepEqual(storedGuesses("a"), {});
  history.state = { kmeansScroll: 20 };
  /** @type {import("../../ui/player/web/predict_memory.js").Guesses} */
  const guesses = { round: 1, reached: 3, results: [[3, { topic: "count", score: 7 }]] };
  storeGuesses("a", guesses);
  assert.deepEqual(storedGuesses("a"), guesses);
  assert.deepEqual(storedGuesses("b"), {});
  assert.equal(history.state?.kmeansScroll, 20);
  goBack({ state: history.state });
  history.state = {}; // Streamlit writes the URL
  assert.deepEqual(storedGuesses("a"), guesses);
  assert.deepEqual(storedGuesses("a"), guesses, "which are in the entry again");
  history.state = null;
  assert.deepEqual(storedGuesses("a"), {}, "a new visit has none");
});
