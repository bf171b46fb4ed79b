// The card at the end of a run: what it says, and what it offers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { comparedCost, endingReason, endingTitle, FinishCard, finishActions } from "../../ui/player/web/finish_card.js";
import { message } from "../../ui/player/web/messages.js";
import { fake } from "./fake.js";

/** @returns {import("../../ui/player/web/types.d.ts").Run} */
const ended = (/** @type {string} */ reason, iterations = 6) =>
  fake({ ending: { reason, sentence: "" }, steps: [{ iteration: 0 }, { iteration: iterations, reassigned: 0 }] });
const free = fake({ choices: { k: 3 }, canContinue: true, verdict: { sentence: "It found 2.", isLimit: false } });
const isOn = () => false;

test("it says after how many iterations the run converged, or that it did not", () => {
  assert.equal(endingTitle(ended("converged")), "Converged after 6 iterations");
  assert.equal(endingTitle(ended("converged", 1)), "Converged after 1 iteration");
  assert.equal(endingTitle(ended("max_iter", 15)), "Reached the 15-iteration limit before converging");
});

test("it offers to continue only at a limit that can be raised", () => {
  assert.deepEqual(finishActions(ended("converged"), free, isOn), ["init", "k", "why"]);
  assert.deepEqual(finishActions(ended("max_iter"), free, isOn), ["continue", "init", "k", "why"]);
  const limited = fake({ ...free, canContinue: false });
  assert.deepEqual(finishActions(ended("max_iter"), limited, isOn), ["init", "k", "why"]);
});

test("it offers nothing that a lesson link locks or a saved page lacks", () => {
  const isLocked = (/** @type {string} */ name) => name === "init";
  assert.deepEqual(finishActions(ended("converged"), free, isLocked), ["k", "why"]);
  assert.deepEqual(finishActions(ended("converged"), fake({ choices: null, canContinue: false }), isOn), ["why"]);
});

test("it compares costs of runs on the same points, with the same K and algorithm", () => {
  const run = (/** @type {number} */ cost, /** @type {object} */ other = {}) =>
    fake({
      id: String(cost),
      n: 1,
      k: 2,
      rule: { name: "mean" },
      points: Float32Array.of(1, 2),
      steps: [{ cost }],
      ...other,
    });
  assert.equal(comparedCost(run(150), run(100)), message("finish.compared", { trend: "higher", percent: 50 }));
  assert.equal(comparedCost(run(80), run(100)), message("finish.compared", { trend: "lower", percent: 20 }));
  assert.match(comparedCost(run(100.01), run(100)), /nearly/);
  assert.match(comparedCost(run(100, { id: "b" }), run(100)), /exactly/);
  assert.equal(comparedCost(run(100), run(100)), "", "it is the same run");
  assert.equal(comparedCost(run(100), null), "");
  assert.equal(comparedCost(run(1), run(0)), "", "there are no percents of nothing");
  for (const other of [{ k: 3 }, { n: 2 }, { rule: { name: "median" } }, { points: Float32Array.of(1, 3) }]) {
    assert.equal(comparedCost(run(150), run(100, other)), "");
  }
});

/** A card as it is outside a browser, with what its buttons did. */
function makeCard({ mode = "" } = {}) {
  const parts = /** @type {Record<string, { hidden?: boolean, textContent?: string, href?: string }>} */ ({});
  const query = (/** @type {string} */ selector) => (parts[selector] ??= fake({ setAttribute: () => {} }));
  const card = { hidden: true, querySelector: query, addEventListener: () => {}, setAttribute: () => {} };
  const player = { find: () => ({ firstElementChild: card }), view: { get: () => mode }, index: 1 };
  const part = new FinishCard(fake(player), fake({ choices: { isOff: isOn } }));
  part.setSession(fake(free));
  globalThis.document = fake({ location: { search: "?k=3&lock=k&embed=true&step=9" } });
  return { part, card, parts, texts: () => [parts.b?.textContent, parts[".km-verdict"]?.textContent] };
}

test("it is there at the last step alone, until Escape, and whenever one is there again", () => {
  const { part, card, parts, texts } = makeCard();
  part.setRun(fake({ ...ended("converged"), id: "a" }), null, 0);
  part.show(0);
  assert.equal(card.hidden, true);
  part.show(1);
  assert.equal(card.hidden, false);
  assert.deepEqual(texts(), ["Converged after 6 iterations.", "It found 2."]);
  assert.equal(parts.a.href, "./failures?embed=true&k=3&lock=k", "a class stays in its lesson and frame");
  assert.equal(part.dismiss(), true);
  assert.equal(card.hidden, true);
  assert.equal(part.dismiss(), false, "Escape has another use then");
  part.show(1);
  part.setRun(fake({ ...ended("converged"), id: "b" }), null, 1);
  assert.equal(card.hidden, false);
});

test("it says why the run ended in the place of what it found", () => {
  const { part, card, parts } = makeCard();
  part.setRun(ended("converged"), null, 1);
  part.showReason(endingReason(ended("converged")));
  assert.match(parts[".km-reason"].textContent ?? "", /No point switched/);
  assert.deepEqual([parts[".km-verdict"].hidden, card.hidden], [true, false]);
  part.show(1);
  assert.deepEqual([parts[".km-reason"].textContent, parts[".km-verdict"].hidden], ["", false]);
  assert.match(endingReason(ended("max_iter", 15)), /limit is 15 iterations/);
});

test("in Predict mode, which sums up the end itself, there is no card", () => {
  const { part, card } = makeCard({ mode: "predict" });
  part.setRun(ended("converged"), null, 1);
  part.show(1);
  assert.equal(card.hidden, true);
  assert.ok(message("finish.action", { action: "why" }));
});
