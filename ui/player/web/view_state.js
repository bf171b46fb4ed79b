// What is looked at, kept in the URL beside the settings: a reload and a shared link come back to it. The server is not
// asked; it leaves alone what it does not know. A page that shows a run of its own says itself how to look at it, and
// then the URL, which speaks of the visitor's own run, is left alone.

const LEFT = "kmeans-left"; // where the tab keeps how a run was looked at that was left for another page

let own = null;
const names = new Set(); // of every fact of a view that was ever asked for
const facts = new Map(); // those of the view now, as they were asked for or kept last

/** Begin to look as the page says, or, with null, as the URL says. */
export function lookAs(view) {
  own = view && new Map(Object.entries(view));
  facts.clear();
}

export function recalled(name) {
  const value = own ? (own.get(name) ?? null) : new URLSearchParams(document.location.search).get(name);
  names.add(name);
  facts.set(name, value);
  return value;
}

/** What the URL says beside the view: the page and its settings. */
export function settingsInUrl() {
  const query = new URLSearchParams(document.location.search);
  for (const name of names) query.delete(name);
  query.sort();
  return `${document.location.pathname}?${query}`;
}

/** Hear of it when the browser goes back or forward on this page, unless that says how to look; returns what ends it. */
export function whenUrlReturns(told) {
  const { pathname } = document.location;
  const hear = () => own || document.location.pathname !== pathname || told();
  window.addEventListener("popstate", hear);
  return () => window.removeEventListener("popstate", hear);
}

/**
 * Make a way to send word that ends when the browser leaves the page: Streamlit takes a later word for a wish to be back
 * there, and if a part of the page waits for it, draws nothing at all.
 */
export function whileHere(send) {
  const { pathname } = document.location;
  return (name, value) => document.location.pathname === pathname && send(name, value);
}

/** Keep a fact of the view; null takes it out. */
export function remember(name, value) {
  facts.set(name, value);
  if (own) return void own.set(name, value);
  const url = new URL(document.location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  if (url.href !== document.location.href) history.replaceState(history.state, "", url);
}

/** Keep in the URL what is there no more: Streamlit, when it writes one, knows of the view what it knew when it began. */
export function keepView() {
  for (const [name, value] of facts) remember(name, value);
}

/** Keep how a run is looked at, as its page is left: the URL is another page's already. */
export function leave(run) {
  if (own) return;
  const view = Object.fromEntries([...facts].filter(([, value]) => value !== null));
  try {
    sessionStorage.setItem(LEFT, JSON.stringify({ visit: performance.timeOrigin, run, view }));
  } catch {
    // Where a browser keeps nothing, a run is looked at from its beginning again.
  }
}

/** Look at a run as when it was left for another page, unless the URL says how; who loads the page anew begins anew. */
export function comeBack(nameOf) {
  const query = new URLSearchParams(document.location.search);
  if (own || [...names].some((name) => query.has(name))) return;
  try {
    const { visit, run, view } = JSON.parse(sessionStorage.getItem(LEFT)) ?? {};
    if (visit !== performance.timeOrigin || run !== nameOf()) return;
    for (const [name, value] of Object.entries(view)) remember(name, value);
  } catch {
    // As above.
  }
}
