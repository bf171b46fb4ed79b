// "Share": the link of exactly what is on the screen, its QR code, and what a teacher adds to it.
//
// What the link says of the settings is Python's to know. It comes with a component of its own, which makes QR codes
// without touching the run: this module is mounted for it, and its one instance in the page joins the two.

import { addDialog } from "./dialog.js";
import { standalonePage } from "./standalone_page.js";
import { unpackFacts, withSession } from "./protocol.js";
import { download, MAX_SHAPES, picturePng, pictureSvg } from "./image_export.js";
import { sendWhileHere } from "./view_state.js";
import { whole } from "./numbers.js";

const ASK_MS = 300; // after the last key, so that a title is not sent letter by letter
const LONGEST = 8000; // characters of an address that servers and programs take without asking, as a rule
const STATES = ["free", "locked", "hidden"];

const python = new EventTarget(); // .data: what Python said last; .send: asks it

/** Streamlit calls this when the page appears, and again for everything that Python says anew. */
export async function mount({ data, setTriggerValue }) {
  python.data = unpackFacts(data);
  python.send = sendWhileHere(setTriggerValue);
  python.dispatchEvent(new Event("told"));
}

const BODY = `
<div class="km-share-link">
  <div class="km-qr" role="img"></div>
  <div class="km-share-text">
    <label for="km-link">The link of what is on the screen</label>
    <textarea id="km-link" class="km-link" rows="5" readonly spellcheck="false"></textarea>
    <div class="km-share-buttons">
      <button type="button" class="km-button km-copy">Copy link</button>
      <button type="button" class="km-button km-enlarge">Large, for the projector</button>
    </div>
    <p class="km-note" role="status"></p>
    <p class="km-too-many" hidden></p>
    <div class="km-share-buttons">
      <button type="button" class="km-button km-save">Save as a file</button>
      <button type="button" class="km-button km-open-file">Open a file…</button>
    </div>
  </div>
</div>
<section class="km-files" aria-label="Files">
  <h3>Take it with you</h3>
  <div class="km-share-buttons">
    <button type="button" class="km-button" data-file="png">Picture as PNG</button>
    <button type="button" class="km-button" data-file="svg">Picture as SVG</button>
    <button type="button" class="km-button" data-file="html">Player that works offline</button>
  </div>
  <p class="km-note" role="status"></p>
</section>
<details>
  <summary>For teachers</summary>
  <form>
    <p>What is set here goes into the link and the code above.</p>
    <label>Title <input name="title" autocomplete="off"></label>
    <label>Question to the class <textarea name="question" rows="2"></textarea></label>
    <p class="km-length-note" role="status"></p>
    <label class="km-checkbox"><input type="checkbox" name="predict">Ask to predict each half-step before it is shown</label>
    <fieldset>
      <legend>Which settings the class can change: free, locked, or hidden altogether</legend>
      <div class="km-controls"></div>
    </fieldset>
    <button type="button" class="km-button km-clear">Clear all of this</button>
  </form>
</details>`;

const escaped = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;
const chooser = (name, title, states) =>
  `<label>${escaped(title)} <select name="${name}">${states
    .map(([value, text]) => `<option value="${value}">${text}</option>`)
    .join("")}</select></label>`;

export class Share {
  constructor(player, notes) {
    this.player = player;
    this.notes = notes;
    this.dialog = addDialog(player.root, "share", "Share", BODY);
    this.large = addDialog(player.root, "full-screen", "Scan to open it", `<div class="km-qr" role="img"></div>`);
    this.find = (selector) => this.dialog.querySelector(selector);
    [this.link, this.form, this.status] = [".km-link", "form", "[role=status]"].map(this.find);
    this.listen();
    this.onTold = () => this.hear();
    python.addEventListener("told", this.onTold);
    this.hear();
  }

  /** Whether "Predict" is on. */
  get predicts() {
    return this.player.view.get("mode") === "predict";
  }

  destroy() {
    clearTimeout(this.timer);
    python.removeEventListener("told", this.onTold);
  }

  listen() {
    this.find(".km-copy").addEventListener("click", () => this.copy());
    this.find(".km-enlarge").addEventListener("click", () => this.enlarge());
    this.find(".km-save").addEventListener("click", () => this.save());
    this.find(".km-open-file").addEventListener("click", () => this.notes.choose());
    this.find(".km-files").addEventListener(
      "click",
      ({ target }) => target.dataset.file && this.take(target.dataset.file),
    );
    this.find(".km-clear").addEventListener("click", () => this.clear());
    this.link.addEventListener("focus", () => this.link.select());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => {
      if (event.target.name === "everything") {
        for (const select of this.selects) select.value = event.target.value || select.value;
      }
      this.showLink(ASK_MS);
    });
    this.large.addEventListener("click", () => this.large.close()); // a phone has no Escape
    this.large.addEventListener("fullscreenchange", () => document.fullscreenElement ?? this.large.close());
    this.large.addEventListener("close", () => document.fullscreenElement && document.exitFullscreen());
  }

  /** Take what Python says: the settings, what the link says to a class, and the code that was asked for. */
  hear() {
    const { data } = python;
    if (!data) return;
    const lesson = JSON.stringify(data.lesson);
    if (!this.selects) this.build(data);
    if (lesson !== this.lesson) {
      this.fill(data.lesson);
      this.find("details").open = Object.values(data.lesson).some(({ length }) => length);
    }
    this.lesson = lesson;
    if (this.dialog.open) this.showLink();
  }

  build({ controls, longest }) {
    const each = Object.entries(controls).map(([name, title]) =>
      chooser(
        name,
        title,
        STATES.map((state) => [state, state]),
      ),
    );
    const all = chooser("everything", "Everything", [["", "as set here"], ...STATES.map((state) => [state, state])]);
    this.find(".km-controls").innerHTML = all + each.join("");
    this.selects = Object.keys(controls).map((name) => this.form.elements[name]);
    for (const [name, length] of Object.entries(longest)) this.form.elements[name].maxLength = length;
  }

  /** Make the teacher's form say what a link says. */
  fill({ title, question, locked, hidden }) {
    const { elements } = this.form;
    [elements.title.value, elements.question.value, elements.predict.checked] = [title, question, this.predicts];
    for (const select of this.selects) {
      select.value = locked.includes(select.name) ? "locked" : hidden.includes(select.name) ? "hidden" : "free";
    }
  }

  clear() {
    this.fill({ title: "", question: "", locked: [], hidden: [] });
    this.form.elements.predict.checked = false;
    this.showLink();
  }

  open() {
    if (!python.data) return; // for the blink of an eye after the page appears
    this.form.elements.predict.checked ||= this.predicts; // it may have been switched on since
    this.dialog.showModal();
    this.find(".km-copy").focus();
    this.showLink();
  }

  /** The address of exactly what is on the screen, with what the teacher's form says. */
  address() {
    const { settings, view } = python.data;
    const url = new URL(document.location.pathname, document.location.origin);
    const say = (name, value) => value && url.searchParams.set(name, value);
    for (const [name, value] of Object.entries(settings)) say(name, value);
    for (const name of view) say(name, this.player.view.get(name));
    if (this.player.index) say("step", this.player.index);
    const { title, question, predict } = this.form.elements;
    say("title", title.value.trim());
    say("question", question.value.trim());
    for (const [name, state] of [
      ["lock", "locked"],
      ["hide_settings", "hidden"],
    ]) {
      const chosen = this.selects.filter((select) => select.value === state).map((select) => select.name);
      say(name, chosen.length === this.selects.length ? "everything" : chosen.join(","));
    }
    if (predict.checked) say("mode", "predict");
    else if (url.searchParams.get("mode") === "predict") url.searchParams.delete("mode");
    return url.href;
  }

  showLink(delay = 0) {
    const full = Object.entries(python.data.longest).filter(
      ([name, most]) => this.form.elements[name].value.length >= most,
    );
    this.find(".km-length-note").textContent = full
      .map(([name, most]) => `The ${name} is full: ${most} characters.`)
      .join(" ");
    const states = new Set(this.selects.map((select) => select.value));
    this.form.elements.everything.value = states.size === 1 ? [...states][0] : "";
    const address = this.address();
    if (this.link.value !== address) {
      this.link.value = address;
      this.status.textContent = "";
    }
    this.tellOfFile();
    this.showCode(delay);
  }

  /** Show the link's code, or ask for it. The old one goes at once: it must not be scanned for the new link. */
  showCode(delay) {
    const code = python.data.code?.link === this.link.value ? python.data.code : null;
    const instead = code ? "This link is too long for a QR code. Copy it instead." : "Making the code…";
    for (const place of [this.find(".km-qr"), this.large.querySelector(".km-qr")]) {
      place.innerHTML = code?.svg || `<p>${instead}</p>`;
      place.setAttribute("aria-label", code?.svg ? "QR code of the link" : instead);
      place.setAttribute("aria-busy", !code);
    }
    this.find(".km-enlarge").disabled = !code?.svg;
    clearTimeout(this.timer);
    if (!code) this.timer = setTimeout(() => python.send("link", this.link.value), delay);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.link.value);
      this.status.textContent = "Copied.";
    } catch {
      // Without https, and in some frames, a page may not write there.
      this.link.select();
      this.status.textContent = "The link is selected: copy it with Ctrl+C or ⌘C.";
    }
  }

  /** Say so where the link does not hold everything. */
  tellOfFile() {
    const { session } = this.player;
    const place = this.find(".km-too-many");
    const isOwn = python.data.settings.data === "table";
    const save = this.find(".km-save");
    save.disabled = Boolean(session.missingEdits);
    save.hidden = isOwn && !session.storedEdits; // it would hold no more than the link does
    const { length } = this.link.value;
    const told = [];
    if (session.storedEdits) {
      const keeps = this.notes.areKept ? "This browser knows them by that name; who" : "Who";
      told.push(
        `A link holds ${session.maxLinkEdits} changes by hand, and these are ${whole(session.storedEdits.count)}: it only names them. ` +
          `${keeps}ever else opens the link needs the file, too. The file alone is enough.`,
      );
    } else if (session.missingEdits) {
      told.push(
        "This link names changes by hand that are not in this browser. To save or see them, open their file first.",
      );
    } else if (isOwn) {
      told.push("The link names your table and does not hold it: who opens it is asked for the same file.");
    }
    if (length > LONGEST) {
      told.push(`The link has ${whole(length)} characters. Some programs cut links of more than ${whole(LONGEST)}.`);
    }
    place.textContent = told.join(" ");
    place.hidden = !told.length;
  }

  save() {
    this.notes.save(this.link.value);
    this.status.textContent = "Saved with your downloads.";
  }

  /** Make a file of what is on the screen now. */
  async take(kind) {
    const note = this.find(".km-files .km-note");
    note.textContent = "Making the file…";
    try {
      const type = { png: "image/png", svg: "image/svg+xml", html: "text/html" }[kind];
      download(await this.fileOf(kind), `${this.player.run.fileStem}.${kind}`, type);
      note.textContent = `Saved with your downloads.${kind === "svg" ? this.notAsShapes() : ""}`;
    } catch (error) {
      note.textContent = `The file could not be made: ${error.message}. Reload the page and try again.`;
    }
  }

  /** What an SVG holds of so many points. */
  notAsShapes() {
    const { n, tiles } = this.player.run;
    if (n <= MAX_SHAPES) return "";
    const drawn = tiles ? "Their tiles are" : "They are";
    return ` It has ${whole(n)} points. ${drawn} an image in it: only up to ${whole(MAX_SHAPES)} points are drawn as shapes.`;
  }

  fileOf(kind) {
    const { root, addresses, index } = this.player;
    const title = this.form.elements.title.value.trim() || this.player.run.title;
    if (kind === "svg") return pictureSvg(this.player, title);
    if (kind === "png") return picturePng(this.player, title);
    const link = this.address();
    const said = [...new URL(link).searchParams].filter(([name]) => python.data.view.includes(name));
    // It is looked at as the link says, and nothing can be changed by hand.
    const offline = { ...Object.fromEntries(said), step: String(index) };
    const message = withSession(this.player.message, { ...python.data.idle, offline });
    const question = this.form.elements.question.value.trim();
    const needs = python.data.settings.data === "table" ? "You are asked for the same table there." : "";
    return standalonePage(root, addresses.plotly, message, { title, question, link, needs });
  }

  /** Say something in the dialog, and open it for that. */
  say(text) {
    if (!this.dialog.open) this.open();
    this.status.textContent = text;
  }

  enlarge() {
    this.large.querySelector("h2").textContent = this.form.elements.title.value.trim() || "Scan to open it";
    this.large.showModal();
    // A dialog may not fill the screen, but what is in it may; where nothing may, it fills the window.
    this.large
      .querySelector(".km-qr")
      .requestFullscreen?.()
      .catch(() => {});
  }
}
