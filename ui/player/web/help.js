// "?": what K-means does, and the keys.

import { addDialog } from "./dialog.js";
import { SHORTCUTS } from "./keys.js";

const SENTENCES = [
  "K-means sorts points into K clusters, each with a center.",
  "It repeats two half-steps: in <b>assign</b> every point joins the cluster of its nearest center, and in <b>refine</b> " +
    "every center moves to the middle of its points.",
  "Neither can raise the cost, so it ends where no point changes its cluster any more: a good answer, but not always " +
    "the best one, which is why it matters where the centers start.",
];

const NOTES = [
  "These keys work anywhere on the page. Text fields and lists keep their own keys. Space presses a button that you " +
    "reached with Tab, and arrow keys move a slider.",
  "Presenter remotes send Page Down and Page Up, so they work too.",
];

export class Help {
  /** @param more returns what else the keyboard can do now, in sentences */
  constructor(root, more = () => []) {
    this.more = more;
    // The keys are the very table that the player listens by.
    const rows = SHORTCUTS.map(({ keys, does }) => {
      const shown = Object.values(keys).map((key) => `<kbd>${key}</kbd>`);
      return `<tr><th scope="row">${shown.join(" ")}</th><td>${does}</td></tr>`;
    });
    this.dialog = addDialog(
      root,
      "help",
      "What K-means does",
      `<p>${SENTENCES.join(" ")}</p>
      <h3>Keys</h3>
      <table class="km-keys"><tbody>${rows.join("")}</tbody></table>
      <div class="km-key-notes"></div>`,
    );
  }

  open() {
    const notes = [...NOTES, ...this.more()].map((note) => `<p class="km-note">${note}</p>`);
    this.dialog.querySelector(".km-key-notes").innerHTML = notes.join("");
    this.dialog.showModal();
  }
}
