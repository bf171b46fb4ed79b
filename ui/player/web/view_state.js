// What a person looks at (the step, the layers, the selection), kept in the URL beside the settings, so that a reload
// and a shared link return to it. The server ignores these parameters and never sees a change of them.

/** @import { View } from "./types.d.ts" */
/** @import { ViewName } from "./wire.d.ts" */

/** Where the tab keeps the view of a run that was left for another page. */
const STORAGE_KEY = "kmeans-left";

/** The parameters of a view; the checker compares them with those of Python. @type {Record<ViewName, true>} */
const VIEW = { step: true, hide: true, show: true, look: true, mode: true, tab: true, panel: true, also: true };
const VIEW_NAMES = Object.keys(VIEW);

/**
 * @param {() => string} runId
 * @returns {Record<string, string>}
 */
function storedView(runId) {
  try {
    const { visit, run, view } = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "{}");
    // A page that was loaded again starts from the beginning.
    return visit === performance.timeOrigin && run === runId() ? view : {};
  } catch {
    return {};
  }
}

/** @implements {View} */
export class ViewState {
  /**
   * @param {Record<string, string> | null} fixed the view that a page wants for a run of its own. The URL, which
   *   describes the visitor's run, is then neither read nor written.
   */
  constructor(fixed = null) {
    this.fixed = fixed && new Map(Object.entries(fixed));
    /** @type {Map<string, string | null>} */
    this.values = new Map();
  }

  /** @param {string} name */
  get(name) {
    const value = this.fixed ? (this.fixed.get(name) ?? null) : new URLSearchParams(document.location.search).get(name);
    this.values.set(name, value);
    return value;
  }

  /**
   * @param {string} name
   * @param {string | null} value null removes it
   */
  set(name, value) {
    this.values.set(name, value);
    if (this.fixed) {
      if (value === null) this.fixed.delete(name);
      else this.fixed.set(name, value);
      return;
    }
    const url = new URL(document.location.href);
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    if (url.href !== document.location.href) history.replaceState(history.state, "", url);
  }

  /** Write the view into the URL again: Streamlit, when it writes a URL, uses the view from when its script began. */
  rewrite() {
    for (const [name, value] of this.values) this.set(name, value);
  }

  /**
   * Keep the view of a run in the tab when its page is left: by then the URL belongs to another page.
   * @param {string} runId
   */
  store(runId) {
    if (this.fixed) return;
    const view = Object.fromEntries([...this.values].filter(([, value]) => value !== null));
    try {
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ visit: performance.timeOrigin, run: runId, view }));
    } catch {
      // Where a browser keeps nothing, a run is looked at from its beginning again.
    }
  }

  /**
   * Return to the view of a run that was left for another page, unless the URL says how to look at it.
   * @param {() => string} runId read only where the tab keeps a view
   */
  restore(runId) {
    const query = new URLSearchParams(document.location.search);
    if (this.fixed || VIEW_NAMES.some((name) => query.has(name))) return;
    for (const [name, value] of Object.entries(storedView(runId))) this.set(name, value);
  }

  /**
   * Call back whenever the browser goes back or forward on this page, unless the view is fixed.
   * @param {() => void} onReturn
   * @returns {() => void} a function that stops it
   */
  watch(onReturn) {
    const { pathname } = document.location;
    const listener = () => {
      if (!this.fixed && document.location.pathname === pathname) onReturn();
    };
    window.addEventListener("popstate", listener);
    return () => window.removeEventListener("popstate", listener);
  }
}

/** The query of the URL without the view. */
export function settingsQuery() {
  const query = new URLSearchParams(document.location.search);
  for (const name of [...VIEW_NAMES, "present"]) query.delete(name);
  query.sort();
  return query.toString();
}

/**
 * Return the address of another page with the settings, lesson, and frame of this one.
 * @param {string} name of the page
 */
export const pageAddress = (name) => `./${name}?${settingsQuery()}`.replace(/\?$/, "");

/** The URL without the view: the page and its settings. */
export const settingsInUrl = () => `${document.location.pathname}?${settingsQuery()}`;

/**
 * Return a sender that is silent once the browser has left the page: Streamlit would take a late value for a wish to
 * return there, and a part of the page that waits for the value would keep everything from being drawn.
 * @param {(name: string, value: unknown) => void} send
 */
export function sendWhileHere(send) {
  const { pathname } = document.location;
  return (/** @type {string} */ name, /** @type {unknown} */ value) => {
    if (document.location.pathname === pathname) send(name, value);
  };
}
