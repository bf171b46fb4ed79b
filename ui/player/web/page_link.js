// Go to another page of the app as a click on a link would, or replace this page, so that Back does not return to it.
// Streamlit's own way from Python leaves an entry in the history that no page belongs to, and Back would end there.

import { unpackFacts } from "./protocol.js";

/** @import { Component } from "./streamlit.d.ts" */

/**
 * Streamlit calls this when the component appears.
 * @param {Pick<Component, "data">} component whose message holds an address, relative to the page
 */
export function mount({ data }) {
  const { address, replaces } = unpackFacts(data);
  if (replaces) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
}
