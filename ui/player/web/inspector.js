// The inspector: why a point is in its cluster, and where a center goes next. It answers for what was clicked.

import { centerAt } from "./center_geometry.js";
import { elementIn, escapeHtml, queryIn } from "./dom.js";
import {
  centersByDistance,
  isInRun,
  isTopFreer,
  itemNear,
  parseSelection,
  selectableKind,
  selectionText,
} from "./inspection.js";
import { answerOf, reassignedList } from "./inspector_answers.js";
import { message } from "./messages.js";
import { pointNumbered } from "./sentences.js";
import { isTouchScreen } from "./theme.js";

/** @import { Place, PlayerContext, PlayerPart, Run, Selection, Theme } from "./types.d.ts" */

// In pixels
const MAX_CLICK_DRIFT = 4; // a press that moves farther is a drag
const MARK_SIZE = 14; // from the middle of a mark to its edge

const template = () => `
<h2>${message("inspector.title")}</h2><form class="km-point-search"><label><span></span> <input type="number" min="1" inputmode="numeric" required></label>
  <button type="submit" class="km-button">${message("inspector.look")}</button></form>
<div class="km-inspector-answer"></div><p class="km-spoken-only" data-spoken></p>`;

/** @implements {PlayerPart} */
export class Inspector {
  /** @type {Run | null} */
  #run = null;
  #index = 0;
  /** @type {Selection | null} */
  #selection;
  #isListOpen = false;
  /** Whether the selection came from the list, which then opens again when the answer is closed. */
  #isFromList = false;
  /** @type {PointerEvent | null} */
  #press = null;

  /** @param {PlayerContext} player */
  constructor(player) {
    this.player = player;
    this.element = /** @type {HTMLElement} */ (player.find(".km-inspector"));
    this.element.innerHTML = template();
    this.form = queryIn(this.element, "form", HTMLFormElement);
    this.field = queryIn(this.form, "input", HTMLInputElement);
    this.answer = elementIn(this.element, ".km-inspector-answer");
    this.status = elementIn(this.element, "[data-spoken]");
    this.note = document.createElement("button");
    Object.assign(this.note, { type: "button", className: "km-inspector-note" });
    player.stage.append(this.note);
    this.#selection = parseSelection(player.view.get("look"));
    this.#listenToPanel();
    this.#listenToStage();
  }

  // --- As a part of the player

  restoreView() {
    this.#isListOpen = this.#isFromList = false;
    this.#selection = parseSelection(this.player.view.get("look"));
  }

  /**
   * @param {Run} run
   * @param {Theme} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.#run = run;
    const max = run.rowNumbers?.at(-1) ?? run.points.length / 2;
    const kind = run.tiles ? "tile" : run.rows ? "row" : "point";
    elementIn(this.form, "span").textContent = message("inspector.look_at", { kind });
    this.field.max = String(max);
    this.form.title = kind === "row" ? message("inspector.rows_title", { max }) : "";
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    this.#index = index;
    if (!this.#run) return;
    if (this.#selection && !isInRun(this.#run, this.#selection)) this.#store(null); // it is of another run
    this.player.picture.select(this.#selection);
    this.player.showNote();
    if (this.#isListOpen && !this.#run.steps[index].changed?.length) this.#isListOpen = false;
    this.element.parentElement?.classList.toggle("km-inspecting", Boolean(this.#selection || this.#isListOpen));
    this.answer.innerHTML = this.#answerHtml(this.#run);
    this.#showNote(this.#run);
  }

  destroy() {
    window.removeEventListener("pointerup", this.#onPointerUp, true);
  }

  // --- The selection

  /**
   * Select something, or nothing.
   * @param {Selection | null} selection
   */
  select(selection, isFromList = false) {
    this.#isListOpen = this.#isFromList && !selection;
    this.#isFromList = isFromList && Boolean(selection);
    this.#store(selection);
    this.show(this.#index);
    // Read aloud what was asked for, but not that it changes with every step, or nothing else would be heard.
    this.status.textContent = selection ? this.#firstSentence() : "";
  }

  /** @param {Selection | null} selection */
  #store(selection) {
    this.#selection = selection;
    this.player.view.set("look", selection && selectionText(selection));
  }

  /** @param {Run} run */
  #answerHtml(run) {
    const context = { run, index: this.#index, lastVisible: this.player.lastVisible };
    if (this.#isListOpen) return reassignedList(context);
    if (this.#selection) return answerOf(context, this.#selection);
    const hint = message("inspector.hint", { kind: selectableKind(run), touch: isTouchScreen() });
    const rows = run.rows && !run.tiles ? ` ${message("inspector.rows")}` : "";
    return `<p>${hint}${rows}</p>`;
  }

  #firstSentence() {
    return this.answer.querySelector("p")?.textContent ?? "";
  }

  // --- Listening

  #listenToPanel() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#lookUp(this.field.valueAsNumber);
    });
    this.answer.addEventListener("click", ({ target }) => {
      const button = target instanceof Element && target.closest("button");
      if (!button || !this.#run) return;
      const { place } = button.dataset;
      this.select(place ? { kind: selectableKind(this.#run), index: Number(place) } : null, true);
    });
    this.player.find(".km-reassigned").addEventListener("click", () => {
      this.#isListOpen = true;
      this.show(this.#index);
      this.#scrollToAnswer();
    });
    this.note.addEventListener("click", () => this.#scrollToAnswer());
  }

  #listenToStage() {
    const onPointerDown = (/** @type {PointerEvent} */ event) => {
      const isOnPlot = event.target instanceof Element && event.target.closest(".km-plot");
      this.#press = event.button === 0 && isOnPlot ? event : null;
    };
    // Plotly stops clicks on its own layer, so listen for pointers before it hears them.
    this.player.stage.addEventListener("pointerdown", onPointerDown, true);
    window.addEventListener("pointerup", this.#onPointerUp, true);
  }

  #onPointerUp = (/** @type {PointerEvent} */ event) => {
    const press = this.#press;
    this.#press = null;
    if (!press || !this.#run || (event.target instanceof Element && event.target.closest(".modebar"))) return;
    if (Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) > MAX_CLICK_DRIFT) return;
    const { left, top } = this.player.stage.getBoundingClientRect();
    const index = itemNear(this.#run, this.player.picture.axes(), event.clientX - left, event.clientY - top);
    // On a page that asks about the selected point, a tap beside all points must not take its ring away.
    if (index === null && this.player.isCompact) return;
    this.select(index === null ? null : { kind: selectableKind(this.#run), index });
  };

  #scrollToAnswer() {
    this.answer.scrollIntoView({ block: "nearest" });
  }

  /**
   * Select what has a number on the screen. A row may have been left out or erased.
   * @param {number} number
   */
  #lookUp(number) {
    if (!this.#run) return;
    const index = this.#run.tiles ? number - 1 : pointNumbered(this.#run, number);
    this.select(index < 0 ? null : { kind: selectableKind(this.#run), index });
    if (index >= 0) return;
    const text = message("inspector.no_row", { row: number });
    this.answer.innerHTML = `<p>${escapeHtml(text)}</p>`;
    this.status.textContent = text;
  }

  // --- The note on the picture, for screens on which the answer is far below

  /** @param {Run} run */
  #showNote(run) {
    this.note.textContent = "";
    // Where a page asks about the picture, nothing may cover it.
    if (!this.#selection || this.#isListOpen || this.player.isStill) return;
    this.note.textContent = this.#firstSentence();
    this.note.classList.remove("km-inspector-note-top");
    const { toPixels } = this.player.picture.axes();
    const tops = this.#placesOf(run, this.#selection).map((place) => toPixels(...place)[1]);
    const [top, height] = [this.note.offsetTop - MARK_SIZE, this.note.offsetHeight + 2 * MARK_SIZE];
    this.note.classList.toggle("km-inspector-note-top", isTopFreer(tops, { top, height }));
  }

  /**
   * What the note should not cover: the selected point and its two nearest centers, or the selected center.
   * @param {Run} run
   * @param {Selection} selection
   * @returns {Place[]}
   */
  #placesOf(run, { kind, index }) {
    const step = run.steps[this.#index];
    if (kind === "center") return [centerAt(step.centers, index)];
    const nearest = run.coordinates ? centersByDistance(run, step, index).slice(0, 2) : [];
    return [centerAt(run.points, index), ...nearest.map(({ cluster }) => centerAt(step.centers, cluster))];
  }
}
