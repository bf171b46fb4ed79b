// The transport: a step, playback, and the controls for both. What is shown at a step is up to the class that extends
// it: one run, or several in lock-step.

import { controlTexts, icon, phaseTicks } from "./controls.js";
import { actionOf, keepFocus } from "./keys.js";
import { Scrubber } from "./scrubber.js";
import { StepPosition } from "./step_position.js";
import { prefersStill } from "./theme.js";
import { settingsInUrl } from "./view_state.js";

/** @import { Motion, Phase } from "./types.d.ts" */
/** @import { LayerName } from "./center_layer.js" */
/** @import { Picture } from "./picture.js" */
/** @import { ViewState } from "./view_state.js" */

/** How long playback stays at a step: long enough to read its sentence. @type {Record<Phase, number>} */
const DWELL_MS = { init: 1000, assign: 1500, refine: 1300, move: 1500 };
const PLAYBACK_MS = 10_000; // how long a whole run plays at the normal speed
const STEP_MS = 1950; // how long a step takes by itself: the mean of DWELL_MS, and of the picture's animations
/** Layers that a view must ask for. */
const EXTRA_LAYERS = ["squares"];
const MAX_PACE = 10; // the parts of the player need about 100 ms for a step

/**
 * Return how many times faster than by itself a run plays, so that it takes about 10 s. A short run takes less.
 * @param {number} steps
 */
export const playbackPace = (steps) => Math.min(MAX_PACE, Math.max(1, (steps * STEP_MS) / PLAYBACK_MS));

/**
 * An extending class has a template with CONTROLS and an element `km-live`, which is read aloud.
 * @abstract
 */
export class Transport {
  /**
   * @param {HTMLElement} root
   * @param {string} template
   * @param {ViewState} view
   */
  constructor(root, template, view) {
    this.root = root;
    this.view = view;
    root.innerHTML = template;
    root.setAttribute("role", "region");
    this.scrub = /** @type {HTMLInputElement} */ (this.find(".km-scrub input"));
    this.speedChoice = /** @type {HTMLSelectElement} */ (this.find(".km-scrub select"));
    /** Dialogs by the actions that open them. @type {Record<string, { open(): void, destroy?(): void }>} */
    this.dialogs = {};
    this.position = new StepPosition(this.stepInView);
    /** The URL without the view when the run arrived. */
    this.settings = "";
    this.playing = 0; // the number of the current playback; 0 while it is paused
    this.playbacks = 0;
    this.turn = 0; // counts what is painted, so that a newer one ends an older one
    /** Resolves once everything has the run that arrived last. @type {Promise<unknown>} */
    this.arrival = Promise.resolve();
    /** Names of the layers that are hidden. @type {Set<string>} */
    this.hidden = this.hiddenInView;
    this.layerBoxes = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("[data-layer]")]);
    this.listenToControls();
    this.listenToLayers();
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.handleKey(event);
    document.addEventListener("keydown", this.onKey);
    this.releaseFocus = keepFocus(root);
    this.stopWatching = view.watch(() => this.isLoaded && this.restoreView());
  }

  // --- What an extending class defines

  /** @returns {boolean} whether there is something to show */
  get isLoaded() {
    return false;
  }

  /** @returns {boolean} whether keys do nothing */
  get isStill() {
    return false;
  }

  /** @returns {number} the last step */
  get last() {
    return 0;
  }

  /** @returns {Phase} of the present step */
  get phase() {
    return "init";
  }

  /** @returns {Phase | "half-step" | null} what Next will do; null at the end */
  get coming() {
    return null;
  }

  /** @returns {Phase[]} of all steps up to the last visible one */
  get phases() {
    return [];
  }

  /** @returns {string} the name of the present step */
  get placeName() {
    return "";
  }

  /** @returns {Picture[]} */
  get pictures() {
    return [];
  }

  /** @returns {boolean} whether more can be fetched after the last step */
  get continues() {
    return false;
  }

  fetchMore() {}

  /**
   * Show a step. Resolves when nothing moves any more.
   * @param {number} index
   * @param {Motion} motion
   * @returns {Promise<unknown>}
   */
  paint(index, motion) {
    return Promise.all(this.pictures.map((picture) => picture.show(index, motion)));
  }

  /** @returns {Promise<boolean>} whether the next step may be shown */
  async mayAdvance() {
    return true;
  }

  /** Close what is open on top. Return whether anything was. */
  dismiss() {
    return false;
  }

  // --- Position

  /**
   * The element with this selector, which the template holds.
   * @template {Element} [T=HTMLElement]
   * @param {string} selector
   * @returns {T}
   */
  find(selector) {
    return /** @type {T} */ (this.root.querySelector(selector));
  }

  destroy() {
    this.stop(); // without a change of the URL, which may be another page's by now
    document.removeEventListener("keydown", this.onKey);
    this.releaseFocus();
    this.stopWatching();
  }

  get index() {
    return this.position.index;
  }

  /** The last step that the scrubber reaches. */
  get lastVisible() {
    return this.last;
  }

  get speed() {
    return Number(this.speedChoice.value);
  }

  /** How fast the picture moves: playback has a pace of its own, which the speed multiplies. */
  get motionSpeed() {
    return this.speed * (this.playing ? this.pace : 1);
  }

  get pace() {
    return prefersStill() ? 1 : playbackPace(this.last); // without motion, there is time to find what changed
  }

  get stepInView() {
    return Number.parseInt(this.view.get("step") ?? "", 10) || 0;
  }

  /** Names of the layers that the view hides. */
  get hiddenInView() {
    const extras = this.namesInView("show");
    return new Set([...this.namesInView("hide"), ...EXTRA_LAYERS.filter((layer) => !extras.includes(layer))]);
  }

  /** @param {"hide" | "show"} name */
  namesInView(name) {
    return (this.view.get(name) ?? "").split(",").filter(Boolean);
  }

  /** Keep in the view which layers are shown and hidden. */
  keepLayers() {
    const hidden = [...this.hidden].filter((layer) => !EXTRA_LAYERS.includes(layer));
    this.view.set("hide", hidden.join(",") || null);
    this.view.set("show", EXTRA_LAYERS.filter((layer) => !this.hidden.has(layer)).join(",") || null);
  }

  /**
   * Show a step. Resolves when the picture stands still.
   * @param {number} index
   * @param {{ animate?: boolean }} options
   */
  async go(index, { animate = false } = {}) {
    this.position.moveTo(index, this.last);
    const turn = ++this.turn;
    this.root.dataset.ready = "false";
    this.showControls();
    if (animate) this.keepStep(); // the page may be left during the animation
    await this.arrival; // a part that has another run yet could not show the step
    if (turn === this.turn) await this.paint(this.index, { animate, speed: this.motionSpeed });
    if (turn === this.turn) this.settle();
  }

  /**
   * Show a step because a person asked for it: playback stops.
   * @param {number} index
   */
  goBy(index) {
    this.pause();
    return this.go(index, { animate: index === this.index + 1 });
  }

  /** Show the next step, unless a part keeps the player from it. */
  async next() {
    this.pause();
    if (await this.mayAdvance()) await this.go(this.index + 1, { animate: true });
  }

  /** Look as the URL says, after Back or Forward. */
  restoreView() {
    this.stop();
    this.showPlaying();
    const hidden = this.hiddenInView;
    for (const box of this.layerBoxes) this.showLayer(box, !hidden.has(box.dataset.layer ?? ""));
    if (settingsInUrl() === this.settings) this.go(this.stepInView);
    else this.position.landing = this.stepInView; // the run of these settings will arrive
  }

  // --- Playback

  async play() {
    const playback = ++this.playbacks;
    this.playing = playback;
    this.showPlaying();
    if (this.index === this.last) await this.go(0);
    while (this.playing === playback && this.index < this.last) {
      await this.wait(DWELL_MS[this.phase] / this.pace);
      if (this.playing !== playback) return;
      if (!(await this.mayAdvance())) break;
      await this.go(this.index + 1, { animate: true });
    }
    if (this.playing === playback) this.pause();
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

  /**
   * Wait at the chosen speed.
   * @param {number} milliseconds
   */
  wait(milliseconds) {
    const factor = prefersStill() ? 2 : 1; // without motion, changes take longer to find
    return new Promise((done) => {
      this.timer = setTimeout(done, (milliseconds * factor) / this.speed);
    });
  }

  // --- What the controls say

  showControls() {
    const { index, last, lastVisible, placeName, coming, continues } = this;
    const texts = controlTexts({ index, last, lastVisible, placeName, coming, continues, isPlaying: false });
    this.scrub.max = String(lastVisible);
    this.scrub.value = String(index);
    this.scrub.setAttribute("aria-valuetext", texts.spokenPlace);
    /** @type {Node} */ (this.find(".km-scrub output").lastChild).textContent = texts.place;
    this.find(".km-track").dataset.accent = this.phase;
    this.find(".km-ticks").setAttribute("viewBox", `0 0 ${Math.max(1, lastVisible)} 1`);
    this.find(".km-ticks").innerHTML = phaseTicks(this.phases);
    this.find(".km-next").dataset.accent = coming ?? "";
    this.find(".km-next").innerHTML = `<span>${texts.next}</span>${icon(texts.nextIcon)}`;
    for (const [action, isOff] of Object.entries({ first: index === 0, back: index === 0, last: !coming })) {
      // Not "disabled": a button that cannot have the focus would take it from a keyboard user.
      const button = this.find(`[data-action="${action}"]`);
      button.setAttribute("aria-disabled", String(isOff));
      button.tabIndex = isOff ? -1 : 0;
    }
    this.showPlaying();
  }

  showPlaying() {
    const button = this.find(".km-play");
    const isPlaying = Boolean(this.playing);
    const { index, last, lastVisible, placeName, coming, continues } = this;
    const { play: label } = controlTexts({ index, last, lastVisible, placeName, coming, continues, isPlaying });
    if (button.dataset.label !== label) {
      button.dataset.label = label;
      button.innerHTML = `${icon(isPlaying ? "pause" : "play")}<span>${label}</span>`;
      button.setAttribute("aria-label", label);
    }
    this.root.dataset.playing = String(isPlaying);
    // A screen reader that reads every step aloud would fall behind the playback; the last one says how the run ended.
    this.find(".km-live").setAttribute("aria-live", isPlaying && coming ? "off" : "polite");
  }

  /** Say, for tests and for styles, that everything is painted. */
  settle() {
    Object.assign(this.root.dataset, { step: this.index, phase: this.phase, ready: "true" });
    this.keepStep();
  }

  keepStep() {
    if (this.position.landing === null) this.view.set("step", this.index ? String(this.index) : null);
  }

  // --- What a person does

  listenToControls() {
    this.root.addEventListener("click", ({ target }) => {
      const button =
        target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-action]")) : null;
      if (button && button.getAttribute("aria-disabled") !== "true") this.act(button.dataset.action ?? "");
    });
    new Scrubber(this.scrub, { step: () => this.index, onPick: (index) => this.goBy(index) });
  }

  listenToLayers() {
    for (const box of this.layerBoxes) {
      box.checked = !this.hidden.has(box.dataset.layer ?? "");
      box.addEventListener("change", () => {
        this.showLayer(box, box.checked);
        this.keepLayers();
      });
    }
  }

  /**
   * @param {HTMLInputElement} box
   * @param {boolean} isShown
   */
  showLayer(box, isShown) {
    const layer = /** @type {LayerName} */ (box.dataset.layer);
    box.checked = isShown;
    if (isShown === !this.hidden.has(layer)) return;
    if (isShown) this.hidden.delete(layer);
    else this.hidden.add(layer);
    for (const picture of this.pictures) picture.toggle(layer, isShown);
  }

  /** @param {string} action */
  act(action) {
    const dialog = this.dialogs[action];
    if (dialog) {
      this.pause();
      dialog.open();
    } else if (action === "play") {
      if (this.playing) this.pause();
      else this.play();
    } else if (action === "next") {
      this.actOnNext();
    } else {
      const steps = /** @type {Record<string, number>} */ ({ first: 0, back: this.index - 1, last: this.last });
      this.goBy(steps[action]);
    }
  }

  actOnNext() {
    if (this.index < this.last) this.next();
    else if (this.continues) this.fetchMore();
    else this.goBy(0);
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const action = this.isLoaded && !this.isStill ? actionOf(event, this.root) : undefined;
    if (!action || (action === "dismiss" && !this.dismiss())) return;
    event.preventDefault();
    if (action === "dismiss" || (action === "next" && this.index === this.last)) return; // no key starts over
    if (this.find(`[data-action="${action}"]`).getAttribute("aria-disabled") !== "true") this.act(action);
  }
}
