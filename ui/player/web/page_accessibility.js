// What every page needs and Streamlit lacks. For people who use a keyboard or a screen reader: the rows of links are
// landmarks that name the current page, lost focus moves to a useful element, and Escape closes a sidebar that covers
// the page. After a lost connection, the page runs again as soon as the server is back.

import { showChosenDataset } from "./dataset_strip.js";
import { takeFocus } from "./keys.js";
import { message } from "./messages.js";
import { watchReturns } from "./predict_memory.js";
import { ScrollMemory } from "./scroll.js";

/** @import { Component } from "./streamlit.d.ts" */

const PAGE = ".stMain";
const PLAYER = ".kmeans-frame > *"; // takes care of its own focus
const CODE = ".stCode pre";
const SKIP_LINK = "a.skip-link";
const NEXT = ".kmeans-frame .km-next";
const GOALS = ".takes-focus"; // what to read next, marked by the page
const FINDING = ".finding"; // the page's result, in a sentence
const STOP = '[class*="_progress"] button'; // as ui/shell/progress.py names it
const STEPS = ".st-key-tutorial_steps"; // buttons that stay when everything around them is new
const APP = ".stApp";
const SIDEBAR = ".stSidebar";
const SIDEBAR_COVERS_PAGE = "(max-width: 768px)";
const SETTINGS = "[data-testid=stSidebarUserContent]";
const OPEN_SIDEBAR = "[data-testid=stExpandSidebarButton]";
const CLOSE_SIDEBAR = "[data-testid=stSidebarCollapseButton] button";
const PARTS = "[data-testid=stAppViewContainer]"; // the settings and the page
const FOCUSABLE = "button, input, select, summary, a[href]";
const BAR_PIXELS = 24; // less than the height of the bar of places
const SCRIPT_STATE = "data-test-script-state";
const BUSY = `${APP}:not([${SCRIPT_STATE}="notRunning"])`;
const CONNECTION = "data-test-connection-state";

/** @param {string} selector @returns {HTMLElement | null} */
const find = (selector) => document.querySelector(selector);

/** @param {Event} event @returns {HTMLElement} */
const targetOf = (event) => /** @type {HTMLElement} */ (event.target);

/** Follows what happens on the page, and moves the focus where it would get lost. */
export class PageWatch {
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
    this.oldTexts = new Set();
    /** @type {number | null} */
    this.frame = null;
    page.addEventListener("click", (event) => this.begin(targetOf(event), event.detail === 0), true);
    this.observer = new MutationObserver((changes) => this.handleChanges(changes));
    this.observer.observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    const app = find(APP);
    if (app) this.observer.observe(app, { attributes: true, attributeFilter: [SCRIPT_STATE] });
    page.addEventListener("scroll", () => showScroll(page), { passive: true });
    showScroll(page);
    const parts = find(PARTS);
    this.partsObserver = new MutationObserver(() => orderSidebar(page));
    if (parts) this.partsObserver.observe(parts, { childList: true });
    orderSidebar(page);
    this.label();
    showChosenDataset(page);
  }

  stop() {
    this.observer.disconnect();
    this.partsObserver.disconnect();
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
    this.oldTexts = new Set([...this.page.querySelectorAll(GOALS)].map((goal) => goal.textContent));
  }

  /** @param {MutationRecord[]} changes */
  handleChanges(changes) {
    // Only after a click, and only what is still there: a goal would keep all of a page that was left in memory.
    const added = this.clicked ? changes.flatMap(({ addedNodes }) => [...addedNodes]) : [];
    for (const node of added) {
      if (!(node instanceof HTMLElement)) continue;
      /** @type {Iterable<HTMLElement>} */
      const goals = node.matches(GOALS) ? [node] : node.querySelectorAll(GOALS);
      this.fresh.push(...goals);
    }
    this.fresh = this.fresh.filter(({ isConnected }) => isConnected);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.label();
      showChosenDataset(this.page);
      this.focusGoal();
      this.rescueFocus();
    });
  }

  /** Give the page and the row of links their names, and mark the link of this page. */
  label() {
    const title = this.page.querySelector("h1")?.textContent;
    if (title) this.page.setAttribute("aria-label", title); // Streamlit makes it focusable, but gives it no name
    this.labelLinks(".st-key-places", message("navigation.landmark"));
    this.labelLinks(".st-key-siblings", message("navigation.siblings_landmark"));
    this.reachCode();
  }

  /** Let Tab reach code that is wider than its place, which only a pointer could scroll. */
  reachCode() {
    for (const code of /** @type {NodeListOf<HTMLElement>} */ (this.page.querySelectorAll(CODE))) {
      if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
    }
  }

  /**
   * Make a row of links a landmark, and mark the link of this page, or of the place that it belongs to.
   * @param {string} row
   * @param {string} name
   */
  labelLinks(row, name) {
    const links = this.page.querySelector(row);
    links?.setAttribute("role", "navigation");
    links?.setAttribute("aria-label", name);
    for (const link of links?.querySelectorAll("a") ?? []) {
      if (link.closest(".st-key-current_page")) link.setAttribute("aria-current", "page");
      else if (link.closest(".st-key-current_place")) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Focus what is new, if a click brought it and the focus is nowhere else. */
  focusGoal() {
    const active = document.activeElement;
    const goal = this.fresh.find((candidate) => candidate.isConnected && !this.oldTexts.has(candidate.textContent));
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

/** What the links past other parts of the page lead to, by the links' addresses. @type {Record<string, () => HTMLElement | null>} */
const SKIP_GOALS = {
  "#player": () => find(NEXT),
  "#content": () => find(FINDING) ?? find("h1"),
  "#settings": () => [...(find(SETTINGS)?.querySelectorAll(FOCUSABLE) ?? [])].find(isReachable) ?? null,
};

/** @param {Element} element @returns {element is HTMLElement} */
const isReachable = (element) => element instanceof HTMLElement && element.tabIndex >= 0 && element.checkVisibility();

/**
 * Follow a link past other parts of the page, without a new entry in the history.
 * @param {MouseEvent} event
 */
function followSkipLink(event) {
  const link = targetOf(event).closest(SKIP_LINK);
  if (!link) return;
  event.preventDefault();
  const goal = SKIP_GOALS[link.getAttribute("href") ?? ""]?.();
  if (goal && goal.tabIndex < 0) goal.tabIndex = -1; // a heading takes the focus only with it
  goal?.focus();
}

/** Let the style know that the top of the page is out of sight. @param {HTMLElement} page */
function showScroll(page) {
  document.documentElement.toggleAttribute("data-scrolled", page.scrollTop > BAR_PIXELS);
}

/**
 * Put the settings after the page in the document, so that Tab leads to the page first; the style keeps their place.
 * Streamlit puts them before it again where it draws them anew.
 * @param {HTMLElement} page
 */
function orderSidebar(page) {
  const sidebar = find(SIDEBAR);
  const isBefore = sidebar && sidebar.compareDocumentPosition(page) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (isBefore && !sidebar.contains(document.activeElement)) sidebar.parentElement?.append(sidebar);
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

/**
 * Show the page once its parts are there, in place of the boxes that Streamlit shows for them, which push each other
 * around. ui/shell/first_paint.css hides it until then.
 */
function showPage() {
  const style = document.getElementById("first-paint");
  if (find('[data-testid="stSkeleton"]')) requestAnimationFrame(showPage);
  else requestAnimationFrame(() => style?.remove()); // the parts have taken their places by then
}

/** Return the function that Streamlit calls when a page appears, and whenever it runs. */
function pageMounter() {
  /** @type {PageWatch | null} */
  let watch = null;
  /** @type {HTMLElement | null} */
  let watchedApp = null;
  let reportReconnect = () => {};
  document.addEventListener("click", followSidebar, true);
  document.addEventListener("click", followSkipLink, true);
  document.addEventListener("keydown", closeSidebar, true);
  new ScrollMemory().start();
  watchReturns();
  showPage();

  return (/** @type {Component} */ { setTriggerValue }) => {
    reportReconnect = () => setTriggerValue("back", true);
    const app = find(APP);
    if (app && app !== watchedApp) watchConnection(app, () => reportReconnect());
    watchedApp = app;
    const page = find(PAGE);
    if (watch?.page === page) return;
    watch?.stop();
    watch = page && new PageWatch(page);
  };
}

export const mount = pageMounter();
