// What is looked at, kept in the URL beside the settings: a reload and a shared link come back to it. The server is not
// asked; it leaves alone what it does not know. A page that shows a run of its own says itself how to look at it, and
// then the URL, which speaks of the visitor's own run, is left alone.

let own = null;
const names = new Set(); // of all facts of the view that were ever asked for

/** Begin to look as the page says, or, with null, as the URL says. */
export function lookAs(view) {
  own = view && new Map(Object.entries(view));
}

export function recalled(name) {
  names.add(name);
  return own ? (own.get(name) ?? null) : new URLSearchParams(document.location.search).get(name);
}

/** What the URL says beside the view: the page and its settings. */
export function settingsInUrl() {
  const query = new URLSearchParams(document.location.search);
  for (const name of names) query.delete(name);
  query.sort();
  return `${document.location.pathname}?${query}`;
}

/** Hear of it when the browser goes back or forward, unless the page says how to look; returns what ends that. */
export function whenUrlReturns(told) {
  const hear = () => own || told();
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
  if (own) return void own.set(name, value);
  const url = new URL(document.location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  if (url.href !== document.location.href) history.replaceState(history.state, "", url);
}
