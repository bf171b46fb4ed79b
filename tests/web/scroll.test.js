// The scroll position of a page after Back: kept until the page that is opened is complete.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ScrollMemory } from "../../ui/player/web/scroll.js";
import { fake } from "./fake.js";

/** @typedef {{ open: boolean, querySelector: () => { textContent: string, click: () => void } }} Section */

/** Stand in for a section that a click on its title opens and closes. @param {string} title @param {boolean} open */
function sectionOf(title, open) {
  /** @type {Section} */
  const section = { open, querySelector: () => ({ textContent: `keyboard_arrow_right${title}`, click }) };
  const click = () => (section.open = !section.open);
  return section;
}

/** Stand in for the history, with one entry. */
function startHistory() {
  const history = {
    state: /** @type {Record<string, unknown> | null} */ (null),
    replaceState: (/** @type {Record<string, unknown>} */ state) => (history.state = state),
  };
  return history;
}

/** Stand in for a browser whose time passes on demand, and which is busy at first. */
function startBrowser() {
  const page = { scrollTop: 0, scrollHeight: 2000, clientHeight: 800 };
  const sections = /** @type {Section[]} */ ([]);
  const listeners = /** @type {Record<string, (event: unknown) => void>} */ ({});
  const history = startHistory();
  const browser = { page, isIdle: false, now: 0, wait, back, sections, listeners, history };
  /** @type {(() => void)[]} */
  const frames = [];
  /** @param {number} milliseconds */
  function wait(milliseconds) {
    browser.now += milliseconds;
    for (const frame of frames.splice(0)) frame();
  }
  /** @param {number} top @param {Record<string, boolean>} open */
  function back(top, open = {}) {
    listeners.popstate?.({ state: { kmeansScroll: top, kmeansOpen: open } });
  }
  /** @param {string} name @param {(event: unknown) => void} listener */
  const addEventListener = (name, listener) => {
    listeners[name] = listener;
  };
  /** @param {string} selector */
  const querySelector = (selector) => (selector === ".stMain" ? page : browser.isIdle ? {} : null);
  const querySelectorAll = () => browser.sections;
  Object.assign(globalThis, {
    document: { addEventListener, querySelector, querySelectorAll },
    window: { addEventListener },
    history,
    requestAnimationFrame: (/** @type {() => void} */ frame) => frames.push(frame),
  });
  const performance = { now: () => browser.now, getEntriesByType: () => [{ type: "navigate" }] };
  Object.defineProperty(globalThis, "performance", { value: fake(performance) });
  return browser;
}

test("Back keeps the place while the page is computed, however long the page before it stays", () => {
  const browser = startBrowser();
  const { page } = browser;
  new ScrollMemory().start();
  browser.back(700);
  for (let time = 0; time < 5; time++) browser.wait(1000);
  assert.equal(page.scrollTop, 700);
  page.scrollTop = 0; // the page that was left is gone
  browser.isIdle = true;
  for (const milliseconds of [100, 100, 1100]) browser.wait(milliseconds);
  assert.equal(page.scrollTop, 700);
  page.scrollTop = 10; // the page is complete, and scrolls freely
  browser.wait(100);
  assert.equal(page.scrollTop, 10);
});

test("Back opens the sections that were open, each once, and goes as far down as the page is long", () => {
  const browser = startBrowser();
  new ScrollMemory().start();
  browser.sections = [sectionOf("First part", true), sectionOf("Second part", false)];
  browser.page.scrollTop = 1800;
  browser.listeners.toggle?.({});
  const { kmeansScroll, kmeansOpen } = /** @type {Record<string, never>} */ (browser.history.state);
  assert.deepEqual([kmeansScroll, kmeansOpen], [1800, { "First part": true, "Second part": false }]);
  const [numbers, criteria] = (browser.sections = [sectionOf("First part", false), sectionOf("Second part", false)]);
  browser.back(kmeansScroll, kmeansOpen);
  browser.isIdle = true;
  browser.wait(100);
  assert.deepEqual([numbers.open, criteria.open], [true, false]);
  assert.equal(browser.page.scrollTop, 1200, "all that there is before the section has opened");
  browser.page.scrollHeight = 3000;
  numbers.open = false;
  browser.wait(100);
  assert.equal(browser.page.scrollTop, 1800);
  assert.equal(numbers.open, false, "a person closed it");
});
