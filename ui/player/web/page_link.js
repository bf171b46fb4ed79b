// Go to another page of the app as a click on a link would. Streamlit's own way from Python leaves an entry in the
// history that no page belongs to, and Back would end there.

import { unpackMessage } from "./protocol.js";

/** Streamlit calls this when the component appears: it has an address for us, relative to the page. */
export function mount({ data }) {
  history.pushState(null, "", unpackMessage(data).session.address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
}
