// Notes between the picture and the controls: about edits that are too many for a link, what an edit also did, and why one was refused.

import { queryIn } from "./dom.js";
import { fileText, readFile, storedEdits, storeEdits } from "./edit_storage.js";
import { download } from "./image_export.js";
import { message } from "./messages.js";

/** @import { PlayerSession, StoredEdits } from "./wire.d.ts" */
/** @import { PlayerContext } from "./types.d.ts" */

// The first comes with the page and takes height from the picture. The others come with a stroke, so layout.css lays them
// over the choices below, where they neither cover nor move a point.
const TEMPLATE = `
<div class="km-notes" data-spoken>
  <div class="km-missing" hidden>
    <p>${message("stored_edits.missing")}</p>
    <button type="button" class="km-button">${message("stored_edits.open")}</button>
  </div>
  <div class="km-too-long" hidden>
    <p>${message("stored_edits.too_long")}</p>
    <button type="button" class="km-button">${message("stored_edits.save")}</button>
    <button type="button" class="km-button km-close" aria-label="${message("dialog.close")}">×</button>
  </div>
  <div class="km-toast" hidden>
    <p></p>
    <button type="button" class="km-button km-close" aria-label="${message("dialog.close")}">×</button>
  </div>
</div>`;

export class StoredEditNotes {
  /** @param {PlayerContext} player */
  constructor(player) {
    this.player = player;
    /** The dialog that says what became of a file. @type {{ say(text: string): void, address(): string } | null} */
    this.dialog = null;
    /** @type {StoredEdits | null} */
    this.edits = null;
    /** Whether this browser keeps them. */
    this.areStored = false;
    /** The name of edits that the link means and Python does not have. */
    this.missing = "";
    /** Whether those are on their way from this browser, so that the run without them need not be shown. */
    this.areComing = false;
    player.find(".km-drawing-note").insertAdjacentHTML("beforebegin", TEMPLATE);
    this.missingNote = queryIn(player.root, ".km-missing", HTMLElement);
    this.longNote = queryIn(player.root, ".km-too-long", HTMLElement);
    this.editNote = queryIn(player.root, ".km-toast", HTMLElement);
    this.input = Object.assign(document.createElement("input"), { type: "file", accept: ".json", hidden: true });
    player.root.append(this.input);
    this.listen();
  }

  /** @param {{ say(text: string): void, address(): string }} dialog */
  connect(dialog) {
    this.dialog = dialog;
  }

  listen() {
    this.input.addEventListener("change", () => this.open(this.input.files?.[0]));
    this.missingNote.querySelector("button")?.addEventListener("click", () => this.choose());
    const closeNote = () => (this.editNote.hidden = true);
    this.editNote.querySelector("button")?.addEventListener("click", closeNote);
    // It covers a part of the picture, and whoever uses the controls has read it.
    this.player.find(".km-transport").addEventListener("click", closeNote);
    this.longNote.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) this.longNote.hidden = true;
      if (button && !button.matches(".km-close") && this.dialog) this.save(this.dialog.address());
    });
  }

  /** @param {PlayerSession} session */
  setSession({ storedEdits: edits, missingEdits: missing, note }) {
    this.edits = edits;
    this.editNote.hidden = !note;
    queryIn(this.editNote, "p", HTMLElement).textContent = note;
    this.longNote.hidden = !edits || !(edits.isNew || !this.longNote.hidden);
    if (edits) this.areStored = storeEdits(edits.name, edits.text);
    const text = missing && missing !== this.missing ? storedEdits(missing) : "";
    this.missing = missing;
    this.areComing = Boolean(text);
    this.missingNote.hidden = !missing || this.areComing;
    if (text) this.player.send("edit", { kind: "open", text });
  }

  /** Let a person choose a saved file. */
  choose() {
    this.input.value = ""; // so that the same file can be chosen again
    this.input.click();
  }

  /**
   * Open a saved file: go to its link, or send the edits that the present link names.
   * @param {File | undefined} file
   */
  async open(file) {
    if (!file) return;
    try {
      const { query, edits } = await readFile(file);
      const name = query.get("edits") ?? "";
      const areStored = !edits || storeEdits(name, edits);
      if (this.missing && (name === this.missing || !areStored)) {
        this.player.send("edit", { kind: "open", text: edits });
      } else if (areStored) {
        if (new URLSearchParams(location.search).get("embed") === "true") query.set("embed", "true");
        location.search = String(query);
      } else {
        throw new Error(message("stored_edits.no_storage"));
      }
    } catch (error) {
      this.dialog?.say(error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Save a link, and the edits that it only names, as a file.
   * @param {string} link
   */
  save(link) {
    const { search, searchParams } = new URL(link);
    const name = this.edits ? this.edits.name.slice("file-".length) : searchParams.get("data");
    download(fileText(search.slice(1), this.edits?.text ?? ""), `k-means ${name}.json`, "application/json");
  }
}
