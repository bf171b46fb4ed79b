// The help dialog: what K-means does, and the keys.

import { addDialog } from "./dialog.js";
import { elementIn } from "./dom.js";
import { SHORTCUTS } from "./keys.js";
import { message } from "./messages.js";

const notes = () => [message("help.keys_note"), message("help.remote_note")];

/** The keys are those that the player listens to. */
const keyRows = () =>
  SHORTCUTS.map(({ keys, does }) => {
    const names = Object.values(keys).map((key) => `<kbd>${key}</kbd>`);
    return `<tr><th scope="row">${names.join(" ")}</th><td>${does}</td></tr>`;
  });

export class Help {
  /**
   * @param {Element} root the player's root
   * @param {() => string[]} moreNotes sentences about other keys that work now
   */
  constructor(root, moreNotes = () => []) {
    this.moreNotes = moreNotes;
    this.dialog = addDialog(
      root,
      "help",
      message("help.title"),
      `<p>${message("help.what_it_does")}</p>
      <h3>${message("help.keys")}</h3>
      <table class="km-keys"><tbody>${keyRows().join("")}</tbody></table>
      <div class="km-key-notes"></div>`,
    );
  }

  open() {
    const html = [...notes(), ...this.moreNotes()].map((note) => `<p class="km-note">${note}</p>`);
    elementIn(this.dialog, ".km-key-notes").innerHTML = html.join("");
    this.dialog.showModal();
  }
}
