// The help dialog: what K-means does, the gestures on a touch screen, and the keys.

import { addDialog } from "./dialog.js";
import { elementIn } from "./dom.js";
import { PRESENTER_SHORTCUTS, SHORTCUTS } from "./keys.js";
import { message } from "./messages.js";
import { isTouchScreen } from "./theme.js";

/** @import { Shortcut } from "./keys.js" */

/**
 * What differs between players.
 * @typedef {object} HelpOptions
 * @property {() => string[]} gestures what fingers may do now
 * @property {() => string[]} [notes] sentences about other keys that work now
 * @property {boolean} [presents] whether there is a presenter view
 */

/** @param {string} text */
const note = (text) => `<p class="km-note">${text}</p>`;

/** The keys are those that the player listens to. @param {Shortcut[]} shortcuts */
const keyTable = (shortcuts) => {
  const rows = shortcuts.map(({ keys, does }) => {
    const names = Object.values(keys).map((key) => `<kbd>${key}</kbd>`);
    return `<tr><th scope="row">${names.join(" ")}</th><td>${does}</td></tr>`;
  });
  return `<table class="km-keys"><tbody>${rows.join("")}</tbody></table>`;
};

const presenterSection = () => `
<h3>${message("presenter.view")}</h3>
<p>${message("help.presenter")}</p>
${keyTable(PRESENTER_SHORTCUTS)}`;

export class Help {
  /**
   * @param {Element} root the player's root
   * @param {HelpOptions} options
   */
  constructor(root, { gestures, notes = () => [], presents = false }) {
    this.gestures = gestures;
    this.notes = notes;
    this.dialog = addDialog(
      root,
      "help",
      message("help.title"),
      `<p>${message("help.what_it_does")}</p>
      <p>${message("help.layers")}</p>
      <section class="km-gestures" hidden><h3>${message("help.gestures")}</h3><ul></ul></section>
      <h3>${message("help.keys")}</h3>
      ${keyTable(SHORTCUTS)}
      <div class="km-key-notes"></div>
      ${presents ? presenterSection() : ""}`,
    );
  }

  open() {
    const gestures = isTouchScreen() ? this.gestures() : [];
    elementIn(this.dialog, ".km-gestures").hidden = !gestures.length;
    const items = gestures.map((gesture) => `<li>${message("help.gesture", { gesture })}</li>`);
    elementIn(this.dialog, ".km-gestures ul").innerHTML = items.join("");
    const sentences = [message("help.keys_note"), message("help.remote_note"), ...this.notes()];
    elementIn(this.dialog, ".km-key-notes").innerHTML = sentences.map(note).join("");
    this.dialog.showModal();
  }
}
