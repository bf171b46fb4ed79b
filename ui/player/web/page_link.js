// Go to another page of the app as a click on a link would, or replace this page, so that Back does not return to it.
// Streamlit's own way from Python leaves an entry in the history that no page belongs to, and Back would end there.

import { unpackFacts } from "./protocol.js";

/** @import { Component } from "./streamlit.d.ts" */

/**
 * Called by Streamlit when the component appears: the message holds an address relative to the page.
 * @param {Pick<Component, "data">} component
 */
export function mount({ data }) {
  /** @type {{address: string, replaces: boolean}} */
  const { address, replaces } = unpackFacts(data);
  if (replaces) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
}
