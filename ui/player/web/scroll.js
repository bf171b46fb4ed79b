// The scroll position of a page, saved in its entry of the browser's history, so that Back returns to the link that was
// clicked and not to the top. Streamlit scrolls an element of its own, which the browser does not restore, and draws a
// page bit by bit, so that the position may exist only after a while.

const PAGE = ".stMain";
const KEY = "kmeansScroll";
const SAVE_MS = 150; // after the last scroll: browsers limit how often a page may change its history
const SETTLED_MS = 1000; // a page that keeps the place for so long is complete
const MAX_MS = 20_000; // a page that is shorter than the place by then is not the page that it was
const INPUTS = ["wheel", "touchstart", "pointerdown", "keydown"];

const scrolledElement = () => document.querySelector(PAGE);

/** Keeps the scroll position of pages. */
export class ScrollMemory {
  /** Where to scroll to, since when, and since when it is there. @type {{ top: number, since: number, reached: number | null } | null} */
  #goal = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saving;

  /** Add the listeners, and scroll a reloaded page to where the visitor left it. */
  start() {
    document.addEventListener("scroll", ({ target }) => this.#handleScroll(target), true);
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
    if ((history.state?.[KEY] ?? 0) !== top) history.replaceState({ ...history.state, [KEY]: top }, "");
  }

  /** @param {Record<string, unknown> | null} state of the entry of the history */
  #restore(state) {
    const top = Number(state?.[KEY]) || 0;
    const isFollowing = Boolean(this.#goal);
    this.#goal = top > 0 ? { top, since: performance.now(), reached: null } : null;
    if (this.#goal && !isFollowing) requestAnimationFrame(() => this.#follow());
  }

  /** Scroll to the goal again and again, until the page is complete or a person scrolls. */
  #follow() {
    const goal = this.#goal;
    if (!goal) return;
    const page = scrolledElement();
    const now = performance.now();
    if (page && page.scrollHeight - page.clientHeight >= goal.top) {
      if (Math.abs(page.scrollTop - goal.top) > 1) {
        page.scrollTop = goal.top;
        goal.reached = null;
      }
      goal.reached ??= now;
    }
    if (now - goal.since > MAX_MS || (goal.reached && now - goal.reached > SETTLED_MS)) this.#goal = null;
    else requestAnimationFrame(() => this.#follow());
  }
}
