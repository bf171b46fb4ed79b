// The scroll position of a page and its sections that are open, saved in its entry of the browser's history, so that
// Back returns to the link that was clicked and not to the top. Streamlit scrolls an element of its own, which the
// browser does not restore, and draws a page bit by bit, so that the position may exist only after a while.

const PAGE = ".stMain";
const IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'; // until then the page that was left may show
const SECTIONS = ".stMain details:not(dialog *)";
const KEY = "kmeansScroll";
const OPEN_KEY = "kmeansOpen";
const SAVE_MS = 150; // after the last scroll: browsers limit how often a page may change its history
const SETTLED_MS = 1000; // a page that keeps the place for so long without work is complete
const MAX_MS = 20_000; // a page that is shorter than the place by then is not the page that it was
const INPUTS = ["wheel", "touchstart", "pointerdown", "keydown"];

const scrolledElement = () => document.querySelector(PAGE);

/** @returns {NodeListOf<HTMLDetailsElement>} */
const sections = () => document.querySelectorAll(SECTIONS);

/** What a section is called, without the arrow that Streamlit draws as a word. @param {HTMLDetailsElement} section */
const titleOf = (section) =>
  section
    .querySelector("summary")
    ?.textContent.replace(/keyboard_arrow_(down|right)/, "")
    .trim() ?? "";

/**
 * Where to scroll to, the sections to open and to close, since when, and since when the page is there.
 * @typedef {{ top: number, open: Record<string, boolean>, since: number, reached: number | null }} Goal
 */

/** Keeps the scroll position and the open sections of pages. */
export class ScrollMemory {
  /** @type {Goal | null} */
  #goal = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saving;

  /** Add the listeners, and scroll a reloaded page to where the visitor left it. */
  start() {
    document.addEventListener("scroll", ({ target }) => this.#handleScroll(target), true);
    document.addEventListener("toggle", () => this.#save(), true);
    for (const name of INPUTS) {
      document.addEventListener(name, ({ isTrusted }) => this.#handleInput(isTrusted), {
        capture: true,
        passive: true,
      });
    }
    window.addEventListener("popstate", ({ state }) => this.#restore(state));
    const [navigation] = performance.getEntriesByType("navigation");
    if (/** @type {PerformanceNavigationTiming | undefined} */ (navigation)?.type !== "navigate") {
      this.#restore(history.state);
    }
  }

  /** @param {EventTarget | null} target */
  #handleScroll(target) {
    if (this.#goal || !(target instanceof Element) || !target.matches(PAGE)) return;
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), SAVE_MS);
  }

  /** @param {boolean} isByPerson */
  #handleInput(isByPerson) {
    if (isByPerson) this.#goal = null;
    this.#save(); // what was pressed may lead to another page
  }

  #save() {
    clearTimeout(this.#saving);
    const page = scrolledElement();
    if (this.#goal || !page) return;
    const top = Math.round(page.scrollTop);
    const open = Object.fromEntries([...sections()].map((section) => [titleOf(section), section.open]));
    const state = history.state ?? {};
    if ((state[KEY] ?? 0) === top && JSON.stringify(state[OPEN_KEY] ?? {}) === JSON.stringify(open)) return;
    history.replaceState({ ...state, [KEY]: top, [OPEN_KEY]: open }, "");
  }

  /** @param {Record<string, unknown> | null} state of the entry of the history */
  #restore(state) {
    const top = Number(state?.[KEY]) || 0;
    const open = /** @type {Record<string, boolean>} */ (state?.[OPEN_KEY] ?? {});
    const isFollowing = Boolean(this.#goal);
    const isChanged = top > 0 || Object.values(open).some(Boolean);
    this.#goal = isChanged ? { top, open: { ...open }, since: performance.now(), reached: null } : null;
    if (this.#goal && !isFollowing) requestAnimationFrame(() => this.#follow());
  }

  /** Scroll to the goal again and again, until the page is complete or a person scrolls. */
  #follow() {
    const goal = this.#goal;
    if (!goal) return;
    const page = scrolledElement();
    const now = performance.now();
    const isIdle = Boolean(document.querySelector(IDLE));
    if (isIdle) openSections(goal);
    const lowest = page ? page.scrollHeight - page.clientHeight : -1;
    const top = Math.min(goal.top, lowest); // as near as a page comes that is shorter, or not yet complete
    if (page && lowest >= 0 && Math.abs(page.scrollTop - top) > 1) {
      page.scrollTop = top;
      goal.reached = null;
    }
    goal.reached = isIdle && lowest >= goal.top ? (goal.reached ?? now) : null;
    if (now - goal.since > MAX_MS || (goal.reached && now - goal.reached > SETTLED_MS)) this.#goal = null;
    else requestAnimationFrame(() => this.#follow());
  }
}

/**
 * Open and close the sections as they were left, each once: whoever toggles one meanwhile is not contradicted.
 * @param {Goal} goal
 */
function openSections({ open }) {
  for (const section of sections()) {
    const title = titleOf(section);
    if (!(title in open)) continue;
    if (section.open !== open[title]) section.querySelector("summary")?.click(); // which tells Streamlit, too
    delete open[title];
  }
}
