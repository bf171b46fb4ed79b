// The offer of the tutorial to a newcomer, until it is closed or taken. It lies over free room of the page's head.

import { queryIn } from "./dom.js";
import { message } from "./messages.js";
import { openAddress } from "./page_link.js";
import { pageAddress } from "./view_state.js";

/** @import { Component } from "./streamlit.d.ts" */

const KEY = "kmeans-tutorial-offered";

// A narrow screen has room for a short text alone.
const TEMPLATE = `<aside class="tutorial-offer" aria-label="${message("navigation.tutorial")}">
<span class="long">${message("navigation.tutorial_offer")}</span>
<a href="./tutorial"><span class="long">${message("navigation.tutorial_link")}</span><span class="short">${message("navigation.tutorial_short")}</span><span class="shortest">${message("navigation.tutorial_shortest")}</span></a>
<button type="button" aria-label="${message("dialog.close")}">×</button></aside>`;

/**
 * Streamlit calls this when the home page appears.
 * @param {Component} component
 */
export function mount({ parentElement }) {
  const place = queryIn(parentElement, "[data-offer]", HTMLElement);
  try {
    if (localStorage.getItem(KEY)) return;
  } catch {
    return; // where a browser forbids storage, the offer would come again and again
  }
  place.innerHTML = TEMPLATE;
  const link = queryIn(place, "a", HTMLAnchorElement);
  // The tutorial's links lead back to the settings of this page, which may have changed meanwhile.
  const update = () => (link.href = pageAddress("tutorial"));
  for (const name of ["pointerdown", "focusin"]) place.addEventListener(name, update);
  place.onclick = (event) => handleClick(place, event);
}

/**
 * Close the offer, and open the tutorial where its link was pressed.
 * @param {HTMLElement} place
 * @param {MouseEvent} event
 */
function handleClick(place, event) {
  const { target } = event;
  if (!(target instanceof Element) || !target.closest("a, button")) return;
  localStorage.setItem(KEY, "1");
  place.replaceChildren();
  const opensTab = event.ctrlKey || event.metaKey || event.shiftKey;
  if (!target.closest("a") || opensTab) return;
  event.preventDefault();
  openAddress(pageAddress("tutorial"));
}
