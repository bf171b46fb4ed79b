// How far a page is scrolled, stored in its entry of the browser's history, so that Back leads to where a link was
// clicked and not to the top. Streamlit scrolls an element of its own, of which the browser stores nothing, and draws a
// page bit by bit, so that the place may be there only after a while.

const PAGE = "[data-testid=stMain]";
const KEY = "kmeansScroll";
const SAVE_MS = 150; // after the last scroll: a browser allows some hundred entries in half a minute
const SETTLED_MS = 1000; // a page that has the place for this long keeps it
const LONGEST_MS = 20_000; // a page that has not grown that far by then is another one than it was
const INPUT_EVENTS = ["wheel", "touchstart", "pointerdown", "keydown"];

/** @type {{top: number, since: number, reached: number | null} | null} where to scroll to; null if the person scrolls */
let goal = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let saving;

const scrolledElement = () => document.querySelector(PAGE);

function save() {
  clearTimeout(saving);
  const page = scrolledElement();
  if (goal || !page) return;
  const top = Math.round(page.scrollTop);
  if ((history.state?.[KEY] ?? 0) !== top) history.replaceState({ ...history.state, [KEY]: top }, "");
}

/** Scroll to where the page was left until the page stands still, or until the person does something. */
function follow() {
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
  if (now - goal.since > LONGEST_MS || (goal.reached && now - goal.reached > SETTLED_MS)) goal = null;
  else requestAnimationFrame(follow);
}

/**
 * Scroll to the place that an entry of the history stores.
 * @param {any} state of the entry
 */
function restore(state) {
  const top = Number(state?.[KEY]) || 0;
  const isFollowing = Boolean(goal);
  goal = top > 0 ? { top, since: performance.now(), reached: null } : null;
  if (goal && !isFollowing) requestAnimationFrame(follow);
}

document.addEventListener(
  "scroll",
  ({ target }) => {
    if (!(target instanceof Element) || !target.matches(PAGE) || goal) return;
    clearTimeout(saving);
    saving = setTimeout(save, SAVE_MS);
  },
  true,
);
for (const name of INPUT_EVENTS) {
  document.addEventListener(
    name,
    ({ isTrusted }) => {
      if (isTrusted) goal = null;
      save(); // what is pressed may lead away
    },
    { capture: true, passive: true },
  );
}
window.addEventListener("popstate", ({ state }) => restore(state));
// The page itself may have been left, and loaded again on the way back.
const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
if (visit?.type !== "navigate") restore(history.state);
