// Changes by hand that are too many for a link. The link then has a name for them; this browser keeps them under that
// name, so that a reload and the way back find them again, and a file carries them to other browsers.

import { download } from "./image_export.js";

const KEY = "kmeans-by-hand";
const KEPT = 20; // each is 100 kB at most, and a browser keeps some megabytes
const LONGEST = 1_000_000; // characters; a file of ours is far shorter
const FORMAT = "K-means, step by step";
const VERSION = 1;

// Between the picture and the controls, where they hide no points and move no button. The first two ask for something and
// take room from the picture; the last comes with every stroke, so player.css lays it over the numbers of the axis.
const NOTES = `
<div class="km-notes" role="status">
  <div class="km-missing" hidden>
    <p>This link means more changes by hand than a link can hold, and they are not in this browser. Open the file that
      was saved with it to see them.</p>
    <button type="button" class="km-button">Open the file…</button>
  </div>
  <div class="km-too-long" hidden>
    <p>These are more changes by hand than a link can hold. This browser keeps them; a file brings them to others.</p>
    <button type="button" class="km-button">Save as a file</button>
    <button type="button" class="km-button km-close" aria-label="Close">×</button>
  </div>
  <div class="km-toast" hidden>
    <p></p>
    <button type="button" class="km-button km-close" aria-label="Close">×</button>
  </div>
</div>`;

/** What is kept, the latest first: [name, text]. A browser may forbid to keep anything. */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((entry) => Array.isArray(entry)) : [];
  } catch {
    return [];
  }
}

/** Keep a text under its name; where there is too little room, forget the oldest ones. Tells whether it is kept. */
function keep(name, text) {
  const entries = [[name, text], ...kept().filter(([known]) => known !== name)].slice(0, KEPT);
  for (; entries.length; entries.pop()) {
    try {
      localStorage.setItem(KEY, JSON.stringify(entries));
      return true;
    } catch {
      // One less, then.
    }
  }
  return false;
}

/** Read a saved file: its link's query, and the changes by hand that the link only names. */
async function read(file) {
  const wrong = new Error(`“${file.name}” was not saved by “Save as a file” here. Choose a file that was.`);
  if (file.size > 4 * LONGEST) throw wrong;
  let said;
  try {
    said = JSON.parse(await file.text());
  } catch {
    throw wrong;
  }
  const { format, version, link, edits = "" } = said ?? {};
  if (format !== FORMAT || typeof link !== "string" || typeof edits !== "string") throw wrong;
  if (link.length > LONGEST || edits.length > LONGEST) throw wrong;
  if (version !== VERSION) {
    throw new Error(`“${file.name}” was saved by a newer version of this page, which can open it.`);
  }
  return { query: new URLSearchParams(link), edits };
}

export class Drawing {
  constructor(player) {
    this.player = player;
    player.find(".km-drawing-note").insertAdjacentHTML("beforebegin", NOTES);
    [this.missing, this.tooLong, this.told] = player.find(".km-notes").children;
    this.input = Object.assign(document.createElement("input"), { type: "file", accept: ".json", hidden: true });
    player.root.append(this.input);
    this.input.addEventListener("change", () => this.take(this.input.files[0]));
    this.missing.querySelector("button").addEventListener("click", () => this.choose());
    this.told.querySelector("button").addEventListener("click", () => (this.told.hidden = true));
    // It lies over the picture, and whoever goes on has read it.
    player.find(".km-transport").addEventListener("click", () => (this.told.hidden = true));
    this.tooLong.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.tooLong.hidden = true;
      if (button && !button.matches(".km-close")) this.save(player.dialogs.share.address());
    });
  }

  setSession({ storedEdits: drawing, missingEdits: wanted, note }) {
    this.drawing = drawing;
    // What the last change did besides what was asked for; the next one says something else, or nothing.
    this.told.hidden = !note;
    this.told.querySelector("p").textContent = note;
    this.tooLong.hidden = !drawing || !(drawing.isNew || !this.tooLong.hidden);
    if (drawing) this.isKept = keep(drawing.name, drawing.text);
    const [, text] = (wanted && wanted !== this.wanted && kept().find(([name]) => name === wanted)) || [];
    this.wanted = wanted;
    /** Whether the changes by hand that the link names are on their way, so that the run without them is no news. */
    this.isComing = Boolean(text);
    this.missing.hidden = !wanted || this.isComing;
    if (text) this.player.send("edit", { kind: "open", text });
  }

  /** Let a person choose a saved file. */
  choose() {
    this.input.value = ""; // so that the same file may be chosen again
    this.input.click();
  }

  /** Open a saved file: go to its link, or bring what the present link is waiting for. */
  async take(file) {
    if (!file) return;
    try {
      const { query, edits } = await read(file);
      const name = query.get("edits") ?? "";
      const isKept = !edits || keep(name, edits);
      if (this.wanted && (name === this.wanted || !isKept)) {
        this.player.send("edit", { kind: "open", text: edits });
      } else if (isKept) {
        if (new URLSearchParams(location.search).get("embed") === "true") query.set("embed", "true");
        location.search = query;
      } else {
        throw new Error(
          "This browser lets the page keep nothing, so it can’t open a file. Allow it to store data here.",
        );
      }
    } catch (error) {
      this.player.dialogs.share.say(error.message);
    }
  }

  /** Save a link, and what it only names, as a file. */
  save(link) {
    const { search, searchParams } = new URL(link);
    const said = { format: FORMAT, version: VERSION, link: search.slice(1), edits: this.drawing?.text ?? "" };
    const name = this.drawing ? `k-means ${this.drawing.name.slice(5)}` : `k-means ${searchParams.get("data")}`;
    download(JSON.stringify(said, null, 1), `${name}.json`, "application/json");
  }
}
