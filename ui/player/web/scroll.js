// How far a page is scrolled, kept in its entry of the browser's history, so that Back leads to where a link was clicked
// and not to the top. Streamlit scrolls an element of its own, of which the browser keeps nothing, and draws a page bit
// by bit, so that the place may be there only after a while.

const PAGE = "[data-testid=stMain]";
const KEY = "kmeansScroll";
const SAVE_MS = 150; // after the last scroll: a browser allows some hundred entries in half a minute
const SETTLED_MS = 1000; // a page that has the place for so long keeps it
const LONGEST_MS = 20_000; // a page that has not grown so far by then is another one than it was
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

let goal = null; // where to scroll to: {top, since, reached}; null where the person is the one who scrolls
let saving = null;

const scrolled = () => document.querySelector(PAGE);

function save() {
  clearTimeout(saving);
  const page = scrolled();
  if (goal || !page) return;
  const top = Math.round(page.scrollTop);
  if ((history.state?.[KEY] ?? 0) !== top) history.replaceState({ ...history.state, [KEY]: top }, "");
}

/** Scroll to where the page was left, as often as it takes until the page stands still, or until a hand takes over. */
function follow() {
  if (!goal) return;
  const page = scrolled();
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

function comeBackTo(state) {
  const top = Number(state?.[KEY]) || 0;
  const isFollowing = Boolean(goal);
  goal = top > 0 ? { top, since: performance.now(), reached: null } : null;
  if (goal && !isFollowing) requestAnimationFrame(follow);
}

document.addEventListener(
  "scroll",
  ({ target }) => {
    if (!target.matches?.(PAGE) || goal) return;
    clearTimeout(saving);
    saving = setTimeout(save, SAVE_MS);
  },
  true,
);
for (const hand of HANDS) {
  document.addEventListener(
    hand,
    ({ isTrusted }) => {
      if (isTrusted) goal = null;
      save(); // what is pressed may lead away
    },
    { capture: true, passive: true },
  );
}
window.addEventListener("popstate", ({ state }) => comeBackTo(state));
// The page itself may have been left, and loaded anew on the way back.
if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") comeBackTo(history.state);
