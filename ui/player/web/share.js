// "Share": the link of exactly what is on the screen, its QR code, files, and what a teacher adds to the link.

import { addDialog, CROSS } from "./dialog.js";
import { elementIn, queryIn } from "./dom.js";
import { download, IMAGE_SIZES, MAX_SHAPES, picturePng, pictureSvg } from "./image_export.js";
import { LessonForm, lessonTemplate } from "./lesson_form.js";
import { message } from "./messages.js";
import { withSession } from "./protocol.js";
import { stepName } from "./sentences.js";
import { canSend, linkNotes, reachNote, presenterLink, shareLink, typedAddress } from "./share_link.js";
import { watchLinkSource } from "./share_data.js";
import { standalonePage } from "./standalone_page.js";
import { isTouchScreen } from "./theme.js";

/** @import { Addresses } from "./mount.js" */
/** @import { ImageFrame } from "./image_export.js" */
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

const sizeOptions = () =>
  ["screen", ...Object.keys(IMAGE_SIZES)]
    .map((size) => `<option value="${size}">${message("share.image_size_name", { size })}</option>`)
    .join("");

/** @param {string} part */
const imageOption = (part) =>
  `<label class="km-checkbox"><input type="checkbox" name="${part}">${message("share.image_part", { part })}</label>`;

const template = () => `
<div class="km-share-link">
  <div class="km-qr" role="img"></div>
  <div class="km-share-text">
    <label for="km-link">${message("share.link")}</label>
    <textarea id="km-link" class="km-link" rows="5" readonly spellcheck="false"></textarea>
    <div class="km-share-buttons">
      <button type="button" class="km-button km-copy">${message("share.copy")}</button>
      <button type="button" class="km-button km-send" hidden>${message("share.send")}</button>
      <button type="button" class="km-button km-enlarge">${message("share.enlarge")}</button>
      <button type="button" class="km-button km-present">${message("presenter.view")}</button>
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
  <div class="km-image-options">
    <label>${message("share.image_size")} <select name="size">${sizeOptions()}</select></label>
    ${["title", "step", "legend"].map(imageOption).join("")}
  </div>
  <div class="km-share-buttons">${fileButton("png")}${fileButton("svg")}${fileButton("html")}</div>
  <p class="km-note" role="status"></p>
</section>
${lessonTemplate()}`;

const posterTemplate = () => `
<div class="km-poster">
  <button type="button" class="km-button km-close">${CROSS}<span>${message("dialog.close")}</span></button>
  <h2 class="km-poster-title" dir="auto"></h2>
  <div class="km-qr" role="img"></div>
  <p class="km-poster-note"><span class="km-scan"></span> <strong class="km-typed"></strong></p>
  <p class="km-poster-warning" hidden></p>
</div>`;

export class Share {
  /** @type {LinkSource | null} */
  #source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What the page's link says to the presenter, as text. */
  #presentation = "";
  /** The kind of page to print that was asked for, until it comes. */
  #paper = "";

  /**
   * @param {SharedPlayer} player
   * @param {StoredEditNotes} notes
   * @param {() => void} onPresent
   */
  constructor(player, notes, onPresent) {
    this.onPresent = onPresent;
    this.player = player;
    this.notes = notes;
    this.dialog = addDialog(player.root, "share", message("share.title"), template());
    this.large = addDialog(player.root, "full-screen", message("share.scan"), posterTemplate());
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
    onClick(".km-send", () => this.send());
    onClick(".km-enlarge", () => this.enlarge());
    for (const button of this.dialog.querySelectorAll(".km-present")) {
      button.addEventListener("click", () => this.present());
    }
    onClick(".km-copy-lesson", () => this.copy(elementIn(this.dialog, ".km-lesson-status")));
    onClick(".km-copy-presenter", () => this.copyPresenterLink());
    onClick(".km-save", () => this.save());
    onClick(".km-open-file", () => this.notes.choose());
    elementIn(this.dialog, ".km-files").addEventListener("click", ({ target }) => {
      const kind = target instanceof HTMLElement ? target.dataset.file : undefined;
      if (kind) this.saveFile(/** @type {FileKind} */ (kind));
    });
    this.form.form.addEventListener("click", ({ target }) => {
      const kind = target instanceof HTMLElement ? target.dataset.paper : undefined;
      if (kind) this.askForPaper(kind);
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
    this.#fillPresentation();
    this.#savePaper();
    if (this.dialog.open) this.showLink();
  }

  /** Show what the page's link says to the presenter, unless it is what was shown before. */
  #fillPresentation() {
    const { presentation } = this.player.session;
    if (!presentation || this.#presentation === JSON.stringify(presentation)) return;
    this.#presentation = JSON.stringify(presentation);
    this.form.fillPresentation(presentation);
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
    elementIn(this.dialog, ".km-send").hidden = !canSend(isTouchScreen(), navigator);
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
    const notes = [reachNote(new URL(this.link.value).hostname), linkNotes(this.link.value, session, state)];
    place.textContent = notes.filter(Boolean).join(" ");
    place.hidden = !place.textContent;
  }

  // --- What a person does

  /** @param {HTMLElement} status says what became of it */
  async copy(status = this.status) {
    try {
      await navigator.clipboard.writeText(this.link.value);
      status.textContent = message("share.copied");
    } catch {
      // Without HTTPS, and in some frames, a page may not write to the clipboard.
      this.link.select();
      this.link.scrollIntoView({ block: "nearest" });
      this.status.textContent = message("share.selected", { is_touch: isTouchScreen() });
    }
  }

  /** Pass the link to the phone, which asks what to send it with. */
  async send() {
    try {
      await navigator.share({ title: this.form.lesson.title || this.player.run.title, url: this.link.value });
    } catch {
      // The person closed what the phone offered.
    }
  }

  /** Copy the presenter's link, with the notes. It is shown nowhere: the class may see this screen. */
  async copyPresenterLink() {
    const status = elementIn(this.dialog, ".km-presenter-status");
    try {
      await navigator.clipboard.writeText(this.presenterAddress());
      status.textContent = message("share.copied");
    } catch {
      status.textContent = message("share.presenter_not_copied");
    }
  }

  /** Ask Python for a page to print, which has the lesson of the form. @param {string} kind */
  askForPaper(kind) {
    this.#paper = kind;
    elementIn(this.dialog, ".km-paper-status").textContent = message("share.making");
    this.#source?.askForPaper(kind, this.link.value);
  }

  /** Save the page to print that was asked for, if it has come. */
  #savePaper() {
    const { paper } = this.#facts;
    if (!paper || paper.kind !== this.#paper) return;
    this.#paper = "";
    download(paper.html, paper.name, FILE_TYPES.html);
    elementIn(this.dialog, ".km-paper-status").textContent = message("share.paper_saved");
  }

  presenterAddress() {
    return presenterLink(this.address(), this.form.presentation);
  }

  /** Open the presenter view: at once, or by its link where the form has changed what the page says. */
  present() {
    const { presentation } = this.player.session;
    const { notes, minutes } = this.form.presentation;
    const { lesson } = this.#facts;
    const { title, question } = this.form.lesson;
    const isSame = title === lesson.title && question === lesson.question;
    if (
      isSame &&
      notes === presentation?.notes &&
      minutes === (presentation.minutes ? `${presentation.minutes}` : "")
    ) {
      this.dialog.close();
      this.onPresent();
    } else document.location.assign(this.presenterAddress());
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
  async #fileContent(kind) {
    const title = this.form.lesson.title || this.player.run.title;
    if (kind === "svg") return pictureSvg(this.player, title, this.#imageFrame(title));
    if (kind === "png") return picturePng(this.player, title, this.#imageFrame(title));
    return this.#savedPage(title);
  }

  /**
   * Return what was chosen for the image.
   * @param {string} title
   * @returns {ImageFrame}
   */
  #imageFrame(title) {
    const place = elementIn(this.dialog, ".km-image-options");
    const has = (/** @type {string} */ name) => queryIn(place, `[name=${name}]`, HTMLInputElement).checked;
    const size = /** @type {ImageFrame["size"]} */ (queryIn(place, "select", HTMLSelectElement).value);
    const { run, index } = this.player;
    const step = has("step") ? stepName(run.steps[index]) : "";
    return { size, title: has("title") ? title : "", step, legend: has("legend") };
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
    const title = this.form.lesson.title || this.player.run.title;
    for (const heading of this.large.querySelectorAll("h2")) heading.textContent = title;
    const { hostname, host } = new URL(this.link.value);
    const address = typedAddress(this.link.value, this.#facts);
    elementIn(this.large, ".km-scan").textContent = message("share.scan");
    elementIn(this.large, ".km-typed").textContent = address
      ? message("share.typed", { address })
      : message("share.opens", { host });
    const warning = elementIn(this.large, ".km-poster-warning");
    warning.textContent = reachNote(hostname);
    warning.hidden = !warning.textContent;
    this.large.showModal();
    // A dialog may not fill the screen, but what is in it may; otherwise, the dialog fills the window.
    elementIn(this.large, ".km-poster")
      .requestFullscreen?.()
      .catch(() => {});
  }
}
