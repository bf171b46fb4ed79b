// What every page needs and Streamlit lacks. For people who use a keyboard or a screen reader: the row of links is a
// landmark that names the current page, lost focus moves to a useful element, and Escape closes a sidebar that covers
// the page. After a lost connection, the page runs again as soon as the server is back.

import { takeFocus } from "./keys.js";
import { message } from "./messages.js";
import { ScrollMemory } from "./scroll.js";

/** @import { Component } from "./streamlit.d.ts" */

const PAGE = ".stMain";
const PLAYER = ".kmeans-frame > *"; // takes care of its own focus
const GOALS = ".takes-focus"; // what to read next, marked by the page
const FINDING = ".finding"; // the page's result, in a sentence
const STOP = '[class*="_progress"] button'; // as ui/shell/progress.py names it
const STEPS = ".st-key-tutorial_steps"; // buttons that stay when everything around them is new
const APP = ".stApp";
const SIDEBAR = ".stSidebar";
const SIDEBAR_COVERS_PAGE = "(max-width: 768px)";
const OPEN_SIDEBAR = "[data-testid=stExpandSidebarButton]";
const CLOSE_SIDEBAR = "[data-testid=stSidebarCollapseButton] button";
const SCRIPT_STATE = "data-test-script-state";
const BUSY = `${APP}:not([${SCRIPT_STATE}="notRunning"])`;
const CONNECTION = "data-test-connection-state";
const MIN_SCROLL_PIXELS = 16;

/** @param {string} selector @returns {HTMLElement | null} */
const find = (selector) => document.querySelector(selector);

/** @param {Event} event @returns {HTMLElement} */
const targetOf = (event) => /** @type {HTMLElement} */ (event.target);

/** Follows what happens on the page, and moves the focus where it would get lost. */
class PageWatch {
  /** @param {HTMLElement} page */
  constructor(page) {
    this.page = page;
    /** Goals that appeared since the last click, in order. @type {HTMLElement[]} */
    this.fresh = [];
    /** The button or link that was pressed last. @type {HTMLElement | null} */
    this.clicked = null;
    /** The button that the keyboard pressed last. @type {HTMLButtonElement | null} */
    this.pressed = null;
    /** The texts of the goals at the last click. @type {Set<string | null>} */
    this.known = new Set();
    /** @type {number | null} */
    this.frame = null;
    this.top = page.scrollTop;
    page.addEventListener("click", (event) => this.begin(targetOf(event), event.detail === 0), true);
    page.addEventListener("scroll", () => this.followScroll(), { passive: true });
    this.observer = new MutationObserver((changes) => this.handleChanges(changes));
    this.observer.observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    const app = find(APP);
    if (app) this.observer.observe(app, { attributes: true, attributeFilter: [SCRIPT_STATE] });
    this.label();
  }

  /** On a phone, hide the button that opens the sidebar while the visitor scrolls down: it covers the page. */
  followScroll() {
    const { scrollTop } = this.page;
    if (Math.abs(scrollTop - this.top) < MIN_SCROLL_PIXELS && scrollTop > 0) return;
    const scrollingDown = scrollTop > this.top && scrollTop > MIN_SCROLL_PIXELS;
    document.documentElement.classList.toggle("km-scrolling-down", scrollingDown);
    this.top = scrollTop;
  }

  /**
   * Remember what is there at a click, which may lead to something new.
   * @param {HTMLElement} target
   * @param {boolean} byKey
   */
  begin(target, byKey = false) {
    this.clicked = target.closest("button, a");
    this.pressed = byKey && !target.closest(PLAYER) ? target.closest("button") : null;
    this.fresh = [];
    this.known = new Set([...this.page.querySelectorAll(GOALS)].map((goal) => goal.textContent));
  }

  /** @param {MutationRecord[]} changes */
  handleChanges(changes) {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof HTMLElement)) continue;
      /** @type {Iterable<HTMLElement>} */
      const goals = node.matches(GOALS) ? [node] : node.querySelectorAll(GOALS);
      this.fresh.push(...goals);
    }
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.label();
      this.focusGoal();
      this.rescueFocus();
    });
  }

  /** Give the page and the row of links their names, and mark the link of this page. */
  label() {
    const title = this.page.querySelector("h1")?.textContent;
    if (title) this.page.setAttribute("aria-label", title); // Streamlit makes it focusable, but gives it no name
    const links = this.page.querySelector(".st-key-navigation");
    if (!links) return;
    links.setAttribute("role", "navigation");
    links.setAttribute("aria-label", message("navigation.landmark"));
    for (const link of links.querySelectorAll("a")) {
      if (link.closest(".st-key-current_page")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** Focus what is new, if a click brought it and the focus is nowhere else. */
  focusGoal() {
    const active = document.activeElement;
    const goal = this.fresh.find((each) => each.isConnected && !this.known.has(each.textContent));
    if (!this.clicked || !goal || !active) return;
    const isFree = active === document.body || active.matches(PLAYER) || active.closest(STEPS);
    const isGone = active === document.body || !this.clicked.isConnected || this.clicked.closest(STEPS);
    if (!isFree || !isGone) return;
    goal.tabIndex = -1;
    takeFocus(goal);
    goal.scrollIntoView({ block: "nearest" });
    this.begin(document.body);
  }

  /** After the keyboard pressed a button that is gone, focus the button that stops the work, or the page's finding. */
  rescueFocus() {
    const { pressed } = this;
    if (!pressed || document.activeElement !== document.body) return;
    if (pressed.isConnected && !pressed.disabled && pressed.checkVisibility()) return;
    const stop = /** @type {HTMLButtonElement | null} */ (this.page.querySelector(STOP));
    if (!stop && find(BUSY)) return;
    /** @type {HTMLElement | null} */
    const goal = stop ?? this.page.querySelector(FINDING) ?? this.page.querySelector("h1");
    if (goal && !stop) goal.tabIndex = -1;
    goal?.focus();
    this.pressed = stop; // which goes as well, when the work is done
  }
}

/**
 * Call back when a lost connection is restored, perhaps to another server or a restarted one. Such a server knows
 * nothing about this visitor or the page's buttons, and would ignore the first click.
 * @param {HTMLElement} app
 * @param {() => void} onReconnect
 */
function watchConnection(app, onReconnect) {
  const isConnected = () => app.getAttribute(CONNECTION) === "CONNECTED";
  let wasConnected = isConnected();
  new MutationObserver(() => {
    if (isConnected() && !wasConnected) onReconnect();
    wasConnected = isConnected();
  }).observe(app, { attributes: true, attributeFilter: [CONNECTION] });
}

/**
 * Move the focus with the sidebar, whose button goes when it is pressed: to the player after a pointer, or else to the
 * other button.
 * @param {MouseEvent} event
 */
function followSidebar(event) {
  const target = targetOf(event);
  const player = event.detail > 0 ? find(PLAYER) : null;
  const coversPage = matchMedia(SIDEBAR_COVERS_PAGE).matches;
  if (target.closest(OPEN_SIDEBAR)) focusSoon(player && !coversPage ? PLAYER : CLOSE_SIDEBAR);
  else if (target.closest(CLOSE_SIDEBAR)) focusSoon(player ? PLAYER : OPEN_SIDEBAR);
}

/**
 * Focus an element as soon as it is there.
 * @param {string} selector
 * @param {number} frames that it may take
 */
function focusSoon(selector, frames = 30) {
  const goal = find(selector);
  if (goal) takeFocus(goal);
  if (frames && !goal?.matches(":focus")) requestAnimationFrame(() => focusSoon(selector, frames - 1));
}

/**
 * Close the sidebar on Escape where it covers the page, unless an open list in it uses the key.
 * @param {KeyboardEvent} event
 */
function closeSidebar(event) {
  const target = targetOf(event);
  if (event.key !== "Escape" || event.defaultPrevented || !target.closest(SIDEBAR)) return;
  if (!matchMedia(SIDEBAR_COVERS_PAGE).matches) return;
  if (target.getAttribute("aria-expanded") === "true" && !target.matches(CLOSE_SIDEBAR)) return;
  event.preventDefault(); // or it would close something in the player as well
  find(CLOSE_SIDEBAR)?.click();
}

/** Return the function that Streamlit calls when a page appears, and whenever it runs. */
function pageMounter() {
  /** @type {PageWatch | null} */
  let watch = null;
  /** @type {HTMLElement | null} */
  let watchedApp = null;
  let reportReconnect = () => {};
  document.addEventListener("click", followSidebar, true);
  document.addEventListener("keydown", closeSidebar, true);
  new ScrollMemory().start();

  return (/** @type {Component} */ { setTriggerValue }) => {
    reportReconnect = () => setTriggerValue("back", true);
    const app = find(APP);
    if (app && app !== watchedApp) watchConnection(app, () => reportReconnect());
    watchedApp = app;
    const page = find(PAGE);
    if (watch?.page === page) return;
    watch?.observer.disconnect();
    watch = page && new PageWatch(page);
  };
}

export const mount = pageMounter();
