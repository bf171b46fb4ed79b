// What is looked at, kept in the URL beside the settings: a reload and a shared link come back to it. The server is not
// asked; it leaves alone what it does not know.

export function recalled(name) {
  return new URLSearchParams(document.location.search).get(name);
}

/** Write a fact of the view into the URL; null takes it out. */
export function remember(name, value) {
  const url = new URL(document.location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  if (url.href !== document.location.href) history.replaceState(history.state, "", url);
}
