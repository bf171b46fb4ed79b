// "?": what K-means does, and the keys.

import { addDialog } from "./dialog.js";

const SENTENCES = [
  "K-means sorts points into K clusters, each with a center.",
  "It repeats two half-steps: in <b>assign</b> every point joins the cluster of its nearest center, and in <b>refine</b> " +
    "every center moves to the middle of its points.",
  "Neither can raise the cost, so it ends where no point changes its cluster any more: a good answer, but not always " +
    "the best one, which is why it matters where the centers start.",
];

export class Help {
  /** The keys are the very table that the player listens by. */
  constructor(root, shortcuts) {
    const rows = shortcuts.map(({ shown, does }) => `<tr><th scope="row"><kbd>${shown}</kbd></th><td>${does}</td></tr>`);
    this.dialog = addDialog(
      root,
      "help",
      "What K-means does",
      `<p>${SENTENCES.join(" ")}</p>
      <h3>Keys</h3>
      <table class="km-keys"><tbody>${rows.join("")}
        <tr><th scope="row"><kbd>Esc</kbd></th><td>Close what is open on top</td></tr></tbody></table>
      <p class="km-note">A slider or a list that has the focus keeps its own keys.</p>`,
    );
  }

  open() {
    this.dialog.showModal();
  }
}
