// Go to another page of the app as a click on a link would, or replace this page, so that Back does not return to it.
// Streamlit's own way from Python leaves an entry in the history that no page belongs to, and Back would end there.

import { unpackFacts } from "./protocol.js";

/** @import { Component } from "./streamlit.d.ts" */
/** @import { PageLinkFacts } from "./wire.d.ts" */

/**
 * Go to a page of the app without loading the app again.
 * @param {string} address relative to the page
 * @param {boolean} [replaces] whether Back skips this page
 */
export function openAddress(address, replaces = false) {
  if (replaces) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
}

/**
 * Streamlit calls this when the component appears.
 * @param {Pick<Component, "data">} component whose message holds an address, relative to the page
 */
export function mount({ data }) {
  /** @type {PageLinkFacts} */
  const { address, replaces } = unpackFacts(data);
  openAddress(address, replaces);
}
