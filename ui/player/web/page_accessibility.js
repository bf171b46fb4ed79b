// What every page needs and Streamlit leaves out. For people who use a keyboard or a screen reader: the row of links is
// a landmark that says which page this is, the focus has somewhere to go when what had it is gone, and Escape closes the
// sidebar where it lies over the page. After a lost connection, the page is run again as soon as it is back.

import { takeFocus } from "./keys.js";
import { message } from "./messages.js";
import "./scroll.js";

/** @import { Component } from "./streamlit.d.ts" */

const PAGE = "[data-testid=stMain]";
const PLAYER = ".kmeans-frame > *"; // manages its own focus, and has it after a click on what takes none
const GOALS = ".takes-focus"; // what to read next, put there by the page
const FINDING = ".finding"; // what a page has found, in a sentence
const STOP = '[class*="_progress"] button'; // as ui/shell/progress.py names it
const TUTORIAL_STEPS = ".st-key-tutorial_steps"; // whose buttons stay when all around them is new
const APP = "[data-testid=stApp]";
const SIDEBAR = "[data-testid=stSidebar]";
const OVER_THE_PAGE = "(max-width: 768px)"; // where Streamlit lays the sidebar over the page
const OPENS = "[data-testid=stExpandSidebarButton]";
const CLOSES = "[data-testid=stSidebarCollapseButton] button";
const STATE = "data-test-script-state";
const BUSY = `${APP}:not([${STATE}="notRunning"])`;
const SCROLL_PIXELS = 16; // a shorter scroll is not reading on
const CONNECTION = "data-test-connection-state";

/** Watches one page: where the focus is, what a click brings, and how the page is scrolled. */
class PageWatch {
  /** @type {Element[]} goals that appeared since the last click, in their order */
  #fresh = [];
  /** @type {Element | null} the button or link that was clicked last */
  #clicked = null;
  /** @type {HTMLButtonElement | null} the button that was pressed last, by keyboard */
  #pressed = null;
  /** @type {Set<string | null>} what the goals said at the last click */
  #known = new Set();
  /** @type {number | null} the frame that is waited for */
  #frame = null;
  #top;
  #observer;

  /** @param {Element} page */
  constructor(page) {
    this.page = page;
    this.#top = page.scrollTop;
    page.addEventListener(
      "click",
      (event) => {
        const { target, detail } = /** @type {MouseEvent} */ (event);
        if (target instanceof Element) this.#begin(target, detail === 0);
      },
      true,
    );
    this.#observer = new MutationObserver((changes) => this.#see(changes));
    this.#observer.observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    const app = document.querySelector(APP);
    if (app) this.#observer.observe(app, { attributes: true, attributeFilter: [STATE] });
    page.addEventListener("scroll", () => this.#followScroll(), { passive: true });
    this.#labelPage();
  }

  disconnect() {
    this.#observer.disconnect();
  }

  /** On a phone the button that opens the sidebar lies over the page: hide it while a person reads on. */
  #followScroll() {
    const { scrollTop } = this.page;
    if (Math.abs(scrollTop - this.#top) < SCROLL_PIXELS && scrollTop > 0) return;
    const isReadingOn = scrollTop > this.#top && scrollTop > SCROLL_PIXELS;
    document.documentElement.classList.toggle("km-scrolling-down", isReadingOn);
    this.#top = scrollTop;
  }

  /**
   * A button may lead to something new to read; what was there before is not new, even if it is drawn again.
   * @param {Element} target
   * @param {boolean} [byKey]
   */
  #begin(target, byKey = false) {
    this.#clicked = target.closest("button, a");
    this.#pressed = byKey && !target.closest(PLAYER) ? target.closest("button") : null;
    this.#fresh = [];
    this.#known = new Set([...this.page.querySelectorAll(GOALS)].map((goal) => goal.textContent));
  }

  /** @param {MutationRecord[]} changes */
  #see(changes) {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node instanceof Element) this.#fresh.push(...(node.matches(GOALS) ? [node] : node.querySelectorAll(GOALS)));
    }
    if (this.#frame !== null) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      this.#labelPage();
      this.#focusNews();
      this.#restoreFocus();
    });
  }

  /** Name the page and the row of links, and mark the link of this page. */
  #labelPage() {
    const title = this.page.querySelector("h1")?.textContent;
    if (title) this.page.setAttribute("aria-label", title); // Streamlit makes it a stop of Tab, and gives it no name
    const links = this.page.querySelector(".st-key-navigation");
    if (!links) return;
    links.setAttribute("role", "navigation");
    links.setAttribute("aria-label", message("navigation.landmark"));
    for (const link of links.querySelectorAll("a")) {
      if (link.closest(".st-key-current_page")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** Take the focus to what is new, if a click brought it and left the focus nowhere. */
  #focusNews() {
    const active = document.activeElement ?? document.body;
    const goal = this.#fresh.find((element) => element.isConnected && !this.#known.has(element.textContent));
    if (!this.#clicked || !(goal instanceof HTMLElement)) return;
    const isFree = active === document.body || active.matches(PLAYER) || active.closest(TUTORIAL_STEPS);
    const isGone = active === document.body || !this.#clicked.isConnected || this.#clicked.closest(TUTORIAL_STEPS);
    if (!isFree || !isGone) return;
    goal.tabIndex = -1;
    goal.focus({ preventScroll: true });
    goal.scrollIntoView({ block: "nearest" });
    this.#begin(document.body);
  }

  /** When a button that was pressed by keyboard is gone, focus the button that stops the work, or the page's finding. */
  #restoreFocus() {
    const pressed = this.#pressed;
    if (!pressed || document.activeElement !== document.body) return;
    if (pressed.isConnected && !pressed.disabled && pressed.checkVisibility()) return;
    const stop = /** @type {HTMLButtonElement | null} */ (this.page.querySelector(STOP));
    if (!stop && document.querySelector(BUSY)) return;
    const goal = stop ?? this.page.querySelector(FINDING) ?? this.page.querySelector("h1");
    if (!(goal instanceof HTMLElement)) return;
    if (!stop) goal.tabIndex = -1;
    goal.focus();
    this.#pressed = stop; // which goes as well, once the work is done
  }
}

/**
 * Call back when a lost connection is there again. It may be to another server now, or to the same one after a restart.
 * That one does not know this visitor, nor what a button does, and would drop the first thing that is asked of it.
 * @param {Element} app
 * @param {() => void} onReconnected
 */
function watchConnection(app, onReconnected) {
  const isConnected = () => app.getAttribute(CONNECTION) === "CONNECTED";
  let wasConnected = isConnected();
  new MutationObserver(() => {
    if (isConnected() && !wasConnected) onReconnected();
    wasConnected = isConnected();
  }).observe(app, { attributes: true, attributeFilter: [CONNECTION] });
}

/**
 * The sidebar is opened by one button and closed by another, and the one that was pressed is gone. After closing it with
 * a pointer the focus is in the player; after opening it over the page Escape can close it.
 * @param {MouseEvent} event
 */
function followSidebar({ target, detail }) {
  if (!(target instanceof Element)) return;
  const player = detail > 0 ? document.querySelector(PLAYER) : null;
  if (target.closest(OPENS)) focusSoon(player && !matchMedia(OVER_THE_PAGE).matches ? PLAYER : CLOSES);
  else if (target.closest(CLOSES)) focusSoon(player ? PLAYER : OPENS);
}

/**
 * Focus an element as soon as it is there.
 * @param {string} selector
 * @param {number} [frames] how long to try
 */
function focusSoon(selector, frames = 30) {
  const goal = document.querySelector(selector);
  if (goal) takeFocus(goal);
  if (frames && !goal?.matches(":focus")) requestAnimationFrame(() => focusSoon(selector, frames - 1));
}

/**
 * Escape closes what lies over the page, unless an open list of choices takes the key for itself.
 * @param {KeyboardEvent} event
 */
function leaveSidebar(event) {
  const { key, target, defaultPrevented } = event;
  if (key !== "Escape" || defaultPrevented || !(target instanceof Element) || !target.closest(SIDEBAR)) return;
  if (!matchMedia(OVER_THE_PAGE).matches) return;
  const isOpen = target.getAttribute("aria-expanded") === "true" && !target.matches(CLOSES);
  if (isOpen) return;
  event.preventDefault(); // or it would close something in the player as well
  const button = document.querySelector(CLOSES);
  if (button instanceof HTMLElement) button.click();
}

document.addEventListener("click", followSidebar, true);
document.addEventListener("keydown", leaveSidebar, true);

/** What belongs to this document: the page and the app that are watched, and how to report a new connection. */
const watched = {
  /** @type {PageWatch | null} */
  page: null,
  /** @type {Element | null} */
  app: null,
  reportReconnected: () => {},
};

/**
 * Streamlit's component: it shows nothing and stays for as long as the page does.
 * @param {Pick<Component, "setTriggerValue">} component
 */
export function mount({ setTriggerValue }) {
  watched.reportReconnected = () => setTriggerValue("back", true);
  const app = document.querySelector(APP);
  if (app && app !== watched.app) watchConnection(app, () => watched.reportReconnected());
  watched.app = app;
  const page = document.querySelector(PAGE);
  if (watched.page?.page === page) return;
  watched.page?.disconnect();
  watched.page = page && new PageWatch(page);
}
