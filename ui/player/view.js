// What is looked at, kept in the URL beside the settings: a reload and a shared link come back to it. The server is not
// asked; it leaves alone what it does not know. A page that shows a run of its own says itself how to look at it, and
// then the URL, which speaks of the visitor's own run, is left alone.

let own = null;

/** Begin to look as the page says, or, with null, as the URL says. */
export function lookAs(view) {
  own = view && new Map(Object.entries(view));
}

export function recalled(name) {
  return own ? (own.get(name) ?? null) : new URLSearchParams(document.location.search).get(name);
}

/** Keep a fact of the view; null takes it out. */
export function remember(name, value) {
  if (own) return void own.set(name, value);
  const url = new URL(document.location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  if (url.href !== document.location.href) history.replaceState(history.state, "", url);
}
