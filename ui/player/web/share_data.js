// What links hold, and QR codes. Python sends them to a component of its own, so that a new code does not run the page
// again; this module passes them on to the dialog of the player.

import { unpackFacts } from "./protocol.js";
import { sendWhileHere } from "./view_state.js";

/** @import { Component } from "./streamlit.d.ts" */
/** @import { LinkFacts } from "./wire.d.ts" */

/**
 * The facts, and functions that ask Python for the QR code of a link, and for a page to print with that link.
 * @typedef {{ facts: LinkFacts, askForCode: (link: string) => void, askForPaper: (kind: string, link: string) => void }} LinkSource
 */

const FACTS = "kmeans-link-facts";
const REQUEST = "kmeans-link-request";

/** Return the function that Streamlit calls when the page appears, and whenever Python says something new. */
function sourceMounter() {
  /** @type {LinkSource | null} */
  let source = null;
  const publish = () => source && document.dispatchEvent(new CustomEvent(FACTS, { detail: source }));
  document.addEventListener(REQUEST, publish);
  return (/** @type {Component} */ { data, setTriggerValue }) => {
    const send = sendWhileHere(setTriggerValue);
    source = {
      facts: unpackFacts(data),
      askForCode: (link) => send("link", link),
      askForPaper: (kind, link) => send("paper", { kind, link }),
    };
    publish();
  };
}

/**
 * Call back with the facts, now if they are there, and whenever they change.
 * @param {(source: LinkSource) => void} onFacts
 * @returns {() => void} a function that stops it
 */
export function watchLinkSource(onFacts) {
  const listener = (/** @type {Event} */ event) => onFacts(/** @type {CustomEvent<LinkSource>} */ (event).detail);
  document.addEventListener(FACTS, listener);
  document.dispatchEvent(new Event(REQUEST));
  return () => document.removeEventListener(FACTS, listener);
}

export const mount = sourceMounter();
