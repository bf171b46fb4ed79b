// The transport: a place in a story of half-steps, and the controls that change it. What is shown there is the business
// of the class that extends it: one run, or several in lock-step.

import { actionOf, does, hint, keepFocus } from "./keys.js";
import { prefersStill } from "./theme.js";
import { settingsInUrl } from "./view_state.js";

const DWELL_MS = { init: 1000, assign: 1500, refine: 1300, move: 1500 }; // long enough to read the sentence's head
const SPEEDS = [0.5, 1, 2, 4];

const ICONS = {
  first: "M6 5h2.4v14H6zM19 5v14L9.400 12z",
  back: "M17 5v14L6 12z",
  play: "M7 4.500v15L19.500 12z",
  pause: "M6.500 5h4v14h-4zM13.500 5h4v14h-4z",
  next: "M7 5v14l11-7z",
  last: "M15.600 5H18v14h-2.400zM5 5v14l9.600-7z",
  share:
    "M12 2.500l5 5-1.400 1.400L13 6.300V15h-2V6.300L8.400 8.900 7 7.500zM5 11h3v2H6.500v6.500h11V13H16v-2h3.500v10.500h-15V11z",
};

export const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
const iconButton = (action) =>
  `<button type="button" class="km-button" data-action="${action}" title="${hint(action)}" ` +
  `aria-label="${does(action)}">${icon(action)}</button>`;

/** What a picture consists of, from the bottom to the top; a class may lay more of its own above. */
export const LAYERS = `
<svg class="km-cells-layer" aria-hidden="true"></svg>
<canvas class="km-point-canvas"></canvas>
<div class="km-plot"></div>
<canvas class="km-fade"></canvas>
<svg class="km-centers-layer"></svg>`;

/** The controls. */
export const CONTROLS = `
<div class="km-transport" role="group" aria-label="Steps">
  <div class="km-buttons">
    ${iconButton("first")}
    ${iconButton("back")}
    <button type="button" class="km-button km-play" data-action="play" title="${hint("play")}"></button>
    <button type="button" class="km-button km-next" data-action="next" title="${hint("next")}"></button>
    ${iconButton("last")}
  </div>
  <div class="km-scrub">
    <span class="km-track"><input type="range" min="0" step="1" aria-label="Half-step"></span>
    <output aria-live="off"><span class="km-wide-only">half-step </span><span></span></output>
    <label><span class="km-wide-only">Speed</span><select aria-label="Speed">${SPEEDS.map(
      (speed) => `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`,
    ).join("")}</select></label>
    <span class="km-layers" role="group" aria-label="Show">
      <label><input type="checkbox" data-layer="cells" checked>cells</label>
      <label><input type="checkbox" data-layer="trails" checked>trails</label>
    </span>
  </div>
</div>`;

/**
 * The template holds CONTROLS, and of the class km-live what is read aloud. Who extends it has: last, the last
 * half-step; settings, what the URL said beside the view when it came; phase, the kind of the present one; coming, what
 * Next is going to do (null at the end); placeName, the present half-step's name; pictures; isLoaded; isStill, if keys
 * are to do nothing; and paint(index, {animate, speed}), which resolves when all stands still, whatever else was asked
 * for in between.
 */
export class Transport {
  constructor(root, template, view) {
    this.root = root;
    this.view = view;
    root.innerHTML = template;
    root.setAttribute("role", "region");
    this.scrub = this.find(".km-scrub input");
    this.speedChoice = this.find(".km-scrub select");
    this.dialogs = {};
    this.index = this.stepInView;
    this.landing = null; // the half-step to be at when what is played changes next; null for the same place in the story
    this.playing = 0; // the number of the current play; 0 while it stands still
    this.plays = 0;
    this.turn = 0; // counts what is painted, so that a newer one ends an older one
    this.listenToTransport();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get stepInView() {
    return Number.parseInt(this.view.get("step") ?? "", 10) || 0;
  }

  /** Names of the layers that the view hides. */
  get hiddenInView() {
    return new Set((this.view.get("hide") ?? "").split(",").filter(Boolean));
  }

  destroy() {
    this.stop(); // and remember nothing: the URL may be another page's by now
    document.removeEventListener("keydown", this.onKey);
    this.releaseFocus();
    this.deafen();
  }

  /** The last half-step that the scrubber reaches and tells of. */
  get lastVisible() {
    return this.last;
  }

  get speed() {
    return Number(this.speedChoice.value);
  }

  /** Go to a half-step; glide or fade there if asked to. Resolves when the picture stands still. */
  async go(index, { animate = false } = {}) {
    this.index = this.within(index);
    this.landing = null;
    const turn = ++this.turn;
    this.root.dataset.ready = "false";
    this.showControls();
    if (animate) this.rememberStep(); // what takes a while may be left meanwhile
    await this.paint(this.index, { animate, speed: this.speed });
    if (turn === this.turn) this.settle();
  }

  /** Go somewhere because a person asked to: playing ends. */
  goBy(index) {
    this.pause();
    return this.go(index, { animate: index === this.index + 1 });
  }

  /** Whether there is more to come after the last half-step than what is here; who extends this may have it fetched. */
  get continues() {
    return false;
  }

  /** Take the next half-step, if nothing is wanted of the person first. */
  async next() {
    this.pause();
    if (await this.mayAdvance()) return this.go(this.index + 1, { animate: true });
  }

  /** Whether the next half-step may be shown; who extends this may ask something first. */
  async mayAdvance() {
    return true;
  }

  async play() {
    const play = ++this.plays;
    this.playing = play;
    this.showPlaying();
    if (this.index === this.last) await this.go(0);
    while (this.playing === play && this.index < this.last) {
      await this.wait(DWELL_MS[this.phase]);
      if (this.playing !== play) return;
      if (!(await this.mayAdvance())) break;
      await this.go(this.index + 1, { animate: true });
    }
    if (this.playing === play) this.pause();
  }

  pause() {
    if (!this.playing) return;
    this.stop();
    this.showPlaying();
  }

  stop() {
    this.playing = 0;
    clearTimeout(this.timer);
  }

  // --- When something else is to be played, or the same looked at another way

  /** Settle on a half-step, now that what is played has changed. */
  arrive(wasAtEnd) {
    this.index = this.within(this.landing ?? (wasAtEnd ? this.last : this.index));
    this.landing = null;
  }

  within(index) {
    return Math.min(Math.max(0, index), this.last);
  }

  /** Look as the URL says, now that the browser went back or forward. */
  restoreView() {
    this.stop();
    this.showPlaying();
    const hidden = this.hiddenInView;
    for (const { dataset } of this.layerBoxes) this.showLayer(dataset.layer, !hidden.has(dataset.layer));
    if (settingsInUrl() === this.settings) this.go(this.stepInView);
    else this.landing = this.stepInView; // what belongs to it is on its way
  }

  wait(milliseconds) {
    const still = prefersStill() ? 2 : 1; // without motion the eye needs longer to find what changed
    return new Promise((done) => (this.timer = setTimeout(done, (milliseconds * still) / this.speed)));
  }

  // --- What the controls say

  showControls() {
    const { lastVisible, coming } = this;
    const place = lastVisible === this.last ? `${this.index} of ${this.last}` : `${this.index}`;
    this.scrub.max = lastVisible;
    this.scrub.value = this.index;
    this.scrub.setAttribute("aria-valuetext", `half-step ${place}: ${this.placeName}`);
    this.find(".km-scrub output").lastChild.textContent = place;
    const next = coming ? `Next: ${coming}` : this.continues ? "Continue" : "Start again";
    this.find(".km-next").innerHTML = `<span>${next}</span>${icon(coming || this.continues ? "next" : "first")}`;
    const inactive = { first: this.index === 0, back: this.index === 0, last: !coming };
    for (const [action, off] of Object.entries(inactive)) {
      // Not "disabled": a button that vanishes under the focus would throw a keyboard user out.
      this.find(`[data-action="${action}"]`).setAttribute("aria-disabled", off);
    }
    this.showPlaying();
  }

  showPlaying() {
    const button = this.find(".km-play");
    const label = this.playing ? "Pause" : this.index === this.last ? "Play again" : "Play";
    if (button.dataset.label !== label) {
      button.dataset.label = label;
      button.innerHTML = `${icon(this.playing ? "pause" : "play")}<span>${label}</span>`;
      button.setAttribute("aria-label", label);
    }
    this.root.dataset.playing = Boolean(this.playing);
    // While it plays, a screen reader that reads every half-step would never catch up.
    this.find(".km-live").setAttribute("aria-live", this.playing ? "off" : "polite");
  }

  /** Say, for tests and for style, that what should be seen is painted. */
  settle() {
    Object.assign(this.root.dataset, { step: this.index, phase: this.phase, ready: "true" });
    this.rememberStep();
  }

  rememberStep() {
    if (this.landing === null) this.view.set("step", this.index ? String(this.index) : null);
  }

  // --- What is heard

  listenToTransport() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-action]");
      if (button && button.getAttribute("aria-disabled") !== "true") this.act(button.dataset.action);
    });
    let asked = null;
    this.scrub.addEventListener("input", () => {
      // One picture a frame at most, however fast the thumb is dragged.
      if (asked === null) {
        requestAnimationFrame(() => {
          this.goBy(asked);
          asked = null;
        });
      }
      asked = Number(this.scrub.value);
    });
    this.hidden = this.hiddenInView;
    this.layerBoxes = [...this.root.querySelectorAll("[data-layer]")];
    for (const box of this.layerBoxes) {
      const { layer } = box.dataset;
      box.checked = !this.hidden.has(layer);
      box.addEventListener("change", () => {
        this.showLayer(layer, box.checked);
        this.view.set("hide", [...this.hidden].join(",") || null);
      });
    }
    this.onKey = (event) => this.hear(event);
    document.addEventListener("keydown", this.onKey);
    this.releaseFocus = keepFocus(this.root);
    this.deafen = this.view.watch(() => this.isLoaded && this.restoreView());
  }

  showLayer(layer, on) {
    this.layerBoxes.find(({ dataset }) => dataset.layer === layer).checked = on;
    if (on === !this.hidden.has(layer)) return;
    on ? this.hidden.delete(layer) : this.hidden.add(layer);
    for (const picture of this.pictures) picture.toggle(layer, on);
  }

  act(action) {
    if (this.dialogs[action]) {
      this.pause();
      return this.dialogs[action].open();
    }
    if (action === "play") return this.playing ? this.pause() : this.play();
    if (action === "next" && this.index < this.last) return this.next();
    if (action === "next" && this.continues) return this.fetchMore();
    if (action === "next") return this.goBy(0);
    return this.goBy({ first: 0, back: this.index - 1, last: this.last }[action]);
  }

  hear(event) {
    const action = this.isLoaded && !this.isStill ? actionOf(event, this.root) : null;
    if (!action || (action === "dismiss" && !this.dismiss())) return;
    event.preventDefault();
    if (action === "dismiss" || (action === "next" && this.index === this.last)) return; // no key begins anew
    if (this.find(`[data-action="${action}"]`).getAttribute("aria-disabled") !== "true") this.act(action);
  }

  /** Close what is open on top; tells whether anything was. */
  dismiss() {
    return false;
  }
}
