// "Share": the link of exactly what is on the screen, its QR code, files, and what a teacher adds to the link.

import { addDialog } from "./dialog.js";
import { elementIn, queryIn } from "./dom.js";
import { download, MAX_SHAPES, picturePng, pictureSvg } from "./image_export.js";
import { LessonForm, lessonTemplate } from "./lesson_form.js";
import { message } from "./messages.js";
import { withSession } from "./protocol.js";
import { linkNotes, shareLink } from "./share_link.js";
import { watchLinkSource } from "./share_data.js";
import { standalonePage } from "./standalone_page.js";

/** @import { Addresses } from "./mount.js" */
/** @import { LinkSource } from "./share_data.js" */
/** @import { StoredEditNotes } from "./stored_edit_notes.js" */
/** @import { PlayerContext } from "./types.d.ts" */
/** @import { LinkFacts, PlayerSession } from "./wire.d.ts" */

/** A player that can be shared. @typedef {PlayerContext & { message: Uint8Array, session: PlayerSession, addresses: Addresses }} SharedPlayer */

/** @typedef {keyof typeof FILE_TYPES} FileKind */

const CODE_DELAY_MS = 300; // after the last key, so that a title is not sent letter by letter
const FILE_TYPES = { png: "image/png", svg: "image/svg+xml", html: "text/html" };

/** @param {FileKind} kind */
const fileButton = (kind) =>
  `<button type="button" class="km-button" data-file="${kind}">${message("share.file", { kind })}</button>`;

const template = () => `
<div class="km-share-link">
  <div class="km-qr" role="img"></div>
  <div class="km-share-text">
    <label for="km-link">${message("share.link")}</label>
    <textarea id="km-link" class="km-link" rows="5" readonly spellcheck="false"></textarea>
    <div class="km-share-buttons">
      <button type="button" class="km-button km-copy">${message("share.copy")}</button>
      <button type="button" class="km-button km-enlarge">${message("share.enlarge")}</button>
    </div>
    <p class="km-note" role="status"></p>
    <p class="km-too-many" hidden></p>
    <div class="km-share-buttons">
      <button type="button" class="km-button km-save">${message("stored_edits.save")}</button>
      <button type="button" class="km-button km-open-file">${message("share.open_file")}</button>
    </div>
  </div>
</div>
<section class="km-files" aria-label="${message("share.files")}">
  <h3>${message("share.downloads")}</h3>
  <div class="km-share-buttons">${fileButton("png")}${fileButton("svg")}${fileButton("html")}</div>
  <p class="km-note" role="status"></p>
</section>
${lessonTemplate()}`;

export class Share {
  /** @type {LinkSource | null} */
  #source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {SharedPlayer} player
   * @param {StoredEditNotes} notes
   */
  constructor(player, notes) {
    this.player = player;
    this.notes = notes;
    this.dialog = addDialog(player.root, "share", message("share.title"), template());
    const code = '<div class="km-qr" role="img"></div>';
    this.large = addDialog(player.root, "full-screen", message("share.scan"), code);
    this.link = queryIn(this.dialog, ".km-link", HTMLTextAreaElement);
    this.status = elementIn(this.dialog, ".km-share-text [role=status]");
    this.form = new LessonForm(this.dialog, () => this.showLink(CODE_DELAY_MS));
    this.#listen();
    this.stopWatching = watchLinkSource((source) => this.#takeFacts(source));
  }

  destroy() {
    clearTimeout(this.#timer);
    this.stopWatching();
  }

  #listen() {
    const onClick = (/** @type {string} */ selector, /** @type {() => void} */ listener) =>
      elementIn(this.dialog, selector).addEventListener("click", listener);
    onClick(".km-copy", () => this.copy());
    onClick(".km-enlarge", () => this.enlarge());
    onClick(".km-save", () => this.save());
    onClick(".km-open-file", () => this.notes.choose());
    elementIn(this.dialog, ".km-files").addEventListener("click", ({ target }) => {
      const kind = target instanceof HTMLElement ? target.dataset.file : undefined;
      if (kind) this.saveFile(/** @type {FileKind} */ (kind));
    });
    this.link.addEventListener("focus", () => this.link.select());
    this.large.addEventListener("click", () => this.large.close()); // a phone has no Escape
    this.large.addEventListener("fullscreenchange", () => document.fullscreenElement ?? this.large.close());
    this.large.addEventListener("close", () => document.fullscreenElement && document.exitFullscreen());
  }

  /** @param {LinkSource} source */
  #takeFacts(source) {
    this.#source = source;
    this.form.show(source.facts, this.#predicts);
    if (this.dialog.open) this.showLink();
  }

  /** Whether "Predict" is on. */
  get #predicts() {
    return this.player.view.get("mode") === "predict";
  }

  /** @returns {LinkFacts} */
  get #facts() {
    return /** @type {LinkSource} */ (this.#source).facts;
  }

  get #isTable() {
    return this.#facts.settings.data === "table";
  }

  open() {
    if (!this.#source) return; // for a moment after the page appears
    this.form.predict.checked ||= this.#predicts; // it may have been turned on since
    this.dialog.showModal();
    elementIn(this.dialog, ".km-copy").focus();
    this.showLink();
  }

  /** The link of exactly what is on the screen, with the teacher's additions. */
  address() {
    const page = new URL(document.location.href);
    return shareLink(page, this.#facts, this.player.view, this.player.index, this.form.lesson);
  }

  showLink(delay = 0) {
    this.form.showState();
    const address = this.address();
    if (this.link.value !== address) {
      this.link.value = address;
      this.status.textContent = "";
    }
    this.#showNotes();
    this.#showCode(delay);
  }

  /** Show the link's code, or ask for it. The old code goes at once: nobody must scan it for the new link. @param {number} delay */
  #showCode(delay) {
    const { code: latest } = this.#facts;
    const code = latest?.link === this.link.value ? latest : null;
    const text = message("share.code", { state: code?.svg ? "ready" : code ? "too_long" : "waiting" });
    for (const place of [this.dialog, this.large].map((dialog) => elementIn(dialog, ".km-qr"))) {
      place.innerHTML = code?.svg || `<p>${text}</p>`;
      place.setAttribute("aria-label", text);
      place.setAttribute("aria-busy", String(!code));
    }
    queryIn(this.dialog, ".km-enlarge", HTMLButtonElement).disabled = !code?.svg;
    clearTimeout(this.#timer);
    if (!code) this.#timer = setTimeout(() => this.#source?.askForCode(this.link.value), delay);
  }

  /** Say what the link does not hold. */
  #showNotes() {
    const { session } = this.player;
    const save = queryIn(this.dialog, ".km-save", HTMLButtonElement);
    save.disabled = Boolean(session.missingEdits);
    save.hidden = this.#isTable && !session.storedEdits; // a file would hold no more than the link
    const state = { isTable: this.#isTable, areStored: this.notes.areStored };
    const place = elementIn(this.dialog, ".km-too-many");
    place.textContent = linkNotes(this.link.value, session, state);
    place.hidden = !place.textContent;
  }

  // --- What a person does

  async copy() {
    try {
      await navigator.clipboard.writeText(this.link.value);
      this.status.textContent = message("share.copied");
    } catch {
      // Without HTTPS, and in some frames, a page may not write to the clipboard.
      this.link.select();
      this.status.textContent = message("share.selected");
    }
  }

  save() {
    this.notes.save(this.link.value);
    this.status.textContent = message("share.saved");
  }

  /**
   * Make a file of what is on the screen now.
   * @param {FileKind} kind
   */
  async saveFile(kind) {
    const note = elementIn(this.dialog, ".km-files .km-note");
    note.textContent = message("share.making");
    try {
      download(await this.#fileContent(kind), `${this.player.run.fileStem}.${kind}`, FILE_TYPES[kind]);
      note.textContent = [message("share.saved"), kind === "svg" ? this.#svgNote() : ""].filter(Boolean).join(" ");
    } catch (error) {
      note.textContent = message("share.failed", { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Say that an SVG of many points holds them as an image. */
  #svgNote() {
    const { n, tiles } = this.player.run;
    return n > MAX_SHAPES ? message("share.as_image", { points: n, max: MAX_SHAPES, are_tiles: Boolean(tiles) }) : "";
  }

  /**
   * @param {FileKind} kind
   * @returns {Promise<BlobPart>}
   */
  #fileContent(kind) {
    const title = this.form.lesson.title || this.player.run.title;
    if (kind === "svg") return pictureSvg(this.player, title);
    if (kind === "png") return picturePng(this.player, title);
    return this.#savedPage(title);
  }

  /**
   * Return a page that plays the run as it is looked at, where nothing can be edited.
   * @param {string} title
   */
  #savedPage(title) {
    const { root, addresses, index } = this.player;
    const link = this.address();
    const view = [...new URL(link).searchParams].filter(([name]) => this.#facts.view.includes(name));
    const offline = { ...Object.fromEntries(view), step: String(index) };
    const run = withSession(this.player.message, { ...this.#facts.idle, offline });
    const needs = this.#isTable ? message("share.needs_table") : "";
    return standalonePage(root, addresses.plotly, run, { title, question: this.form.lesson.question, link, needs });
  }

  /**
   * Say something in the dialog, and open it for that.
   * @param {string} text
   */
  say(text) {
    if (!this.dialog.open) this.open();
    this.status.textContent = text;
  }

  enlarge() {
    elementIn(this.large, "h2").textContent = this.form.lesson.title || message("share.scan");
    this.large.showModal();
    // A dialog may not fill the screen, but what is in it may; otherwise, the dialog fills the window.
    elementIn(this.large, ".km-qr")
      .requestFullscreen?.()
      .catch(() => {});
  }
}
