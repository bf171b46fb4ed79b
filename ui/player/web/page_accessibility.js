// What every page needs and Streamlit leaves out. For somebody who reads by keyboard or ear: the row of links is a
// landmark that says which page this is, the focus has somewhere to go when what had it is gone, and Escape closes the
// sidebar where it lies over the page. For whoever lost the line: the page is run again as soon as it is back.

import { takeFocus } from "./keys.js";
import "./scroll.js";

const PAGE = "[data-testid=stMain]";
const PLAYER = ".kmeans-frame > *"; // looks after its own focus, and has it where a pointer pressed what keeps none
const GOALS = ".takes-focus"; // what to read next, put there by the page
const FINDING = ".finding"; // what a page has found, in a sentence
const STOP = '[class*="_progress"] button'; // as ui/shell/progress.py names it
const TURNS = ".st-key-tutorial_steps"; // whose buttons stay when all around them is new
const APP = "[data-testid=stApp]";
const SIDEBAR = "[data-testid=stSidebar]";
const OVER_THE_PAGE = "(max-width: 768px)"; // where Streamlit lays the sidebar over what is beside it elsewhere
const OPENS = "[data-testid=stExpandSidebarButton]";
const CLOSES = "[data-testid=stSidebarCollapseButton] button";
const STATE = "data-test-script-state";
const BUSY = `${APP}:not([${STATE}="notRunning"])`;
const SCROLL_PIXELS = 16; // less is no reading on
const CONNECTION = "data-test-connection-state";

let watching = null;
let watchedApp = null;
let sayBack = () => {};

class Watch {
  constructor(page) {
    this.page = page;
    this.fresh = []; // goals that came since the last click, in the order of their coming
    this.clicked = null; // the button or link that was pressed last
    this.pressed = null; // what was pressed last, by keyboard
    this.known = new Set(); // what the goals said at the last click
    page.addEventListener("click", ({ target, detail }) => this.begin(target, detail === 0), true);
    this.observer = new MutationObserver((changes) => this.see(changes));
    this.observer.observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
    this.observer.observe(document.querySelector(APP), { attributes: true, attributeFilter: [STATE] });
    this.top = page.scrollTop;
    page.addEventListener("scroll", () => this.followScroll(), { passive: true });
    this.tidy();
  }

  /** On a phone the button that opens the sidebar lies over the page: it goes while one reads on, and comes back. */
  followScroll() {
    const { scrollTop } = this.page;
    if (Math.abs(scrollTop - this.top) < SCROLL_PIXELS && scrollTop > 0) return;
    document.documentElement.classList.toggle("km-scrolling-down", scrollTop > this.top && scrollTop > SCROLL_PIXELS);
    this.top = scrollTop;
  }

  /** A button may lead to something new to read; what was there before is not new, even if it is drawn anew. */
  begin(target, byKey = false) {
    this.clicked = target.closest("button, a");
    this.pressed = byKey && !target.closest(PLAYER) ? target.closest("button") : null;
    this.fresh = [];
    this.known = new Set([...this.page.querySelectorAll(GOALS)].map((goal) => goal.textContent));
  }

  see(changes) {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node instanceof Element) this.fresh.push(...(node.matches(GOALS) ? [node] : node.querySelectorAll(GOALS)));
    }
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.tidy();
      this.move();
      this.rescue();
    });
  }

  /** Say what the page is, what the row of links is, and which one is of this page. */
  tidy() {
    const title = this.page.querySelector("h1")?.textContent;
    if (title) this.page.setAttribute("aria-label", title); // Streamlit makes it a stop of Tab, and gives it no name
    const links = this.page.querySelector(".st-key-navigation");
    if (!links) return;
    links.setAttribute("role", "navigation");
    links.setAttribute("aria-label", "Pages");
    for (const link of links.querySelectorAll("a")) {
      if (link.closest(".st-key-current_page")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** Take the focus to what is new, if a click brought it and left the focus nowhere. */
  move() {
    const { activeElement } = document;
    const goal = this.fresh.find((one) => one.isConnected && !this.known.has(one.textContent));
    if (!this.clicked || !goal) return;
    const isFree = activeElement === document.body || activeElement.matches(PLAYER) || activeElement.closest(TURNS);
    const isGone = activeElement === document.body || !this.clicked.isConnected || this.clicked.closest(TURNS);
    if (!isFree || !isGone) return;
    goal.tabIndex = -1;
    goal.focus({ preventScroll: true });
    goal.scrollIntoView({ block: "nearest" });
    this.begin(document.body);
  }

  /** Bring whoever pressed, by keyboard, what is gone to what stops the work, or to the page's finding. */
  rescue() {
    const { pressed } = this;
    if (!pressed || document.activeElement !== document.body) return;
    if (pressed.isConnected && !pressed.disabled && pressed.checkVisibility()) return;
    const stop = this.page.querySelector(STOP);
    if (!stop && document.querySelector(BUSY)) return;
    const goal = stop ?? this.page.querySelector(FINDING) ?? this.page.querySelector("h1");
    if (goal && !stop) goal.tabIndex = -1;
    goal?.focus();
    this.pressed = stop; // which goes as well, once the work is done
  }
}

/**
 * Run the page again when a lost line is back. It may be another server's now, or the same one's that was started anew.
 * That one knows nothing yet of this visitor, not even what a button does, and would forget what is asked of it first.
 */
function watchLine(app) {
  let connected = app.getAttribute(CONNECTION) === "CONNECTED";
  new MutationObserver(() => {
    const now = app.getAttribute(CONNECTION) === "CONNECTED";
    if (now && !connected) sayBack();
    connected = now;
  }).observe(app, { attributes: true, attributeFilter: [CONNECTION] });
}

/**
 * The sidebar is opened by one button and closed by another, and the one that was pressed is gone. Who closed it with a
 * pointer goes on in the player; who opened it over the page can close it by Escape.
 */
function followSidebar({ target, detail }) {
  const player = detail > 0 ? document.querySelector(PLAYER) : null;
  if (target.closest(OPENS)) focusSoon(player && !matchMedia(OVER_THE_PAGE).matches ? PLAYER : CLOSES);
  else if (target.closest(CLOSES)) focusSoon(player ? PLAYER : OPENS);
}

function focusSoon(selector, frames = 30) {
  const goal = document.querySelector(selector);
  if (goal) takeFocus(goal);
  if (frames && !goal?.matches(":focus")) requestAnimationFrame(() => focusSoon(selector, frames - 1));
}

/** Escape closes what lies over the page, unless a list of choices that is open in it takes the key for itself. */
function leaveSidebar(event) {
  const { key, target, defaultPrevented } = event;
  if (key !== "Escape" || defaultPrevented || !target.closest(SIDEBAR) || !matchMedia(OVER_THE_PAGE).matches) return;
  const isOpen = target.getAttribute("aria-expanded") === "true" && !target.matches(CLOSES);
  if (isOpen) return;
  event.preventDefault(); // or it would close something in the player as well
  document.querySelector(CLOSES)?.click();
}

document.addEventListener("click", followSidebar, true);
document.addEventListener("keydown", leaveSidebar, true);

/** Streamlit's component: it shows nothing and stays for as long as the page does. */
export function mount({ setTriggerValue }) {
  sayBack = () => setTriggerValue("back", true);
  const app = document.querySelector(APP);
  if (app && app !== watchedApp) watchLine(app);
  watchedApp = app;
  const page = document.querySelector(PAGE);
  if (watching?.page === page) return;
  watching?.observer.disconnect();
  watching = page && new Watch(page);
}
