// The player: one run, one position in it, and the controls that change the position.

import { CostChart } from "./cost.js";
import { Drawing } from "./drawing.js";
import { Help } from "./help.js";
import { Panel } from "./panel.js";
import { unpackMessage, unpackRun } from "./payload.js";
import { Picture } from "./picture.js";
import { Predict } from "./predict.js";
import { Reach } from "./reach.js";
import { Share } from "./share.js";
import { ClusterTable, Timing } from "./side.js";
import { prefersStill, readTheme, textOn } from "./theme.js";
import { lookAs, recalled, remember } from "./view.js";
import { Why } from "./why.js";
import { counted, Sentence, stepName, whole } from "./words.js";

const DWELL_MS = { init: 1000, assign: 1500, refine: 1300, move: 1500 }; // long enough to read the sentence's head
const SPEEDS = [0.5, 1, 2, 4];

// The keys, as they are heard and as "?" lists them.
const SHORTCUTS = [
  { key: "ArrowRight", shown: "→", does: "One half-step on", action: "next" },
  { key: "ArrowLeft", shown: "←", does: "One half-step back", action: "back" },
  { key: " ", shown: "Space", does: "Play or pause", action: "play" },
  { key: "Home", shown: "Home", does: "First half-step", action: "first" },
  { key: "End", shown: "End", does: "Last half-step", action: "last" },
  { key: "?", shown: "?", does: "What K-means does, and the keys", action: "help" },
];
const hint = (action) => {
  const { does, shown } = SHORTCUTS.find((shortcut) => shortcut.action === action);
  return `${does} (${shown})`;
};

const ICONS = {
  first: "M6 5h2.4v14H6zM19 5v14L9.400 12z",
  back: "M17 5v14L6 12z",
  play: "M7 4.500v15L19.500 12z",
  pause: "M6.500 5h4v14h-4zM13.500 5h4v14h-4z",
  next: "M7 5v14l11-7z",
  last: "M15.600 5H18v14h-2.400zM5 5v14l9.600-7z",
  share: "M12 2.500l5 5-1.400 1.400L13 6.300V15h-2V6.300L8.400 8.900 7 7.500zM5 11h3v2H6.500v6.500h11V13H16v-2h3.500v10.500h-15V11z",
};
const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
const iconButton = (action) =>
  `<button type="button" class="km-button" data-action="${action}" title="${hint(action)}" ` +
  `aria-label="${SHORTCUTS.find((shortcut) => shortcut.action === action).does}">${icon(action)}</button>`;

const TEMPLATE = `
<div class="km-head"><p class="km-sentence" role="status"></p>
<div class="km-tools" role="toolbar" aria-label="Tools">
  <button type="button" class="km-button" data-action="share">${icon("share")}<span>Share</span></button>
  <button type="button" class="km-button" data-action="help" title="${hint("help")}"
    aria-label="Help: what K-means does, and the keys">?</button>
</div></div>
<div class="km-main">
  <div class="km-board"><div class="km-stage" role="group">
    <svg class="km-under" aria-hidden="true"></svg>
    <canvas class="km-crowd"></canvas>
    <div class="km-plot"></div>
    <canvas class="km-fade"></canvas>
    <svg class="km-over"></svg>
    <div class="km-sheet" tabindex="0" role="application" hidden></div>
    <svg class="km-strokes" aria-hidden="true"></svg>
    <span class="km-pen-status km-hidden" role="status"></span>
    <button type="button" class="km-moved" title="List them" hidden></button>
  </div><div class="km-hand" role="toolbar" aria-label="By hand"></div></div>
  <div class="km-transport" role="group" aria-label="Steps">
    <div class="km-buttons">
      ${iconButton("first")}
      ${iconButton("back")}
      <button type="button" class="km-button km-play" data-action="play" title="${hint("play")}"></button>
      <button type="button" class="km-button km-next" data-action="next" title="${hint("next")}"></button>
      ${iconButton("last")}
    </div>
    <div class="km-scrub">
      <input type="range" min="0" step="1" aria-label="Half-step">
      <output aria-live="off"><span class="km-wide">half-step </span><span></span></output>
      <label><span class="km-wide">Speed</span><select aria-label="Speed">${SPEEDS.map(
        (speed) => `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`,
      ).join("")}</select></label>
      <span class="km-layers" role="group" aria-label="Show">
        <label><input type="checkbox" data-layer="cells" checked>cells</label>
        <label><input type="checkbox" data-layer="trails" checked>trails</label>
      </span>
    </div>
  </div>
</div>
<div class="km-side">
  <h3>Cost: <span class="km-cost-words"></span></h3>
  <div class="km-cost" role="img"></div>
  <div class="km-cost-notes"></div>
  <table class="km-table">
    <caption class="km-hidden">The clusters after this half-step</caption>
    <thead><tr><th scope="col">Cluster</th><th scope="col">Points</th><th scope="col">Change</th>
      <th scope="col">Center moved</th></tr></thead>
    <tbody></tbody>
  </table>
  <div class="km-why"></div>
  <p class="km-time"></p>
</div>
<div class="km-panel"></div>`;

class Player {
  constructor(root, Plotly, send) {
    this.root = root;
    this.send = send;
    root.innerHTML = TEMPLATE;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", "K-means player");
    this.stage = this.find(".km-stage");
    this.scrub = this.find(".km-scrub input");
    this.speedChoice = this.find(".km-scrub select");
    this.picture = new Picture(this.stage, Plotly);
    // Everything that shows a run and a place in it: setRun(run, theme, index), show(index); beforeAdvance(index), if
    // there, may hold the player before the next half-step by resolving to false; horizon, if there, is the last
    // half-step that may be looked at; destroy(), if there, cleans up.
    const sentence = new Sentence(this.find(".km-sentence"));
    const cost = new CostChart(this.find(".km-cost"), this.find(".km-cost-notes"), Plotly, (index) => this.goBy(index));
    this.parts = [
      sentence,
      cost,
      new ClusterTable(this.find(".km-table tbody")),
      new Timing(this.find(".km-time")),
      new Panel(this.find(".km-panel")),
      new Reach(this),
      new Why(this),
      new Predict(this, { sentence, cost }),
    ];
    this.drawing = new Drawing(this);
    this.dialogs = { share: new Share(this), help: new Help(root, SHORTCUTS) };
    this.index = Number.parseInt(recalled("step"), 10) || 0;
    this.playing = 0; // the number of the current play; 0 while it stands still
    this.plays = 0;
    this.listen();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  destroy() {
    this.pause();
    window.removeEventListener("resize", this.onResize);
    document.removeEventListener("keydown", this.onKey);
    for (const part of [this.picture, ...this.parts, ...Object.values(this.dialogs)]) part.destroy?.();
  }

  get steps() {
    return this.run.steps;
  }

  get step() {
    return this.steps[this.index];
  }

  get last() {
    return this.steps.length - 1;
  }

  /** The last half-step that the scrubber reaches and tells of. */
  get horizon() {
    return Math.max(this.index, Math.min(this.last, ...this.parts.map((part) => part.horizon ?? Infinity)));
  }

  get speed() {
    return Number(this.speedChoice.value);
  }

  /** Take another run, or the same on another theme, and stay at the same place of the story. */
  async load(bytes) {
    const theme = readTheme(this.root);
    const themeKey = JSON.stringify(theme);
    const { session, packed } = unpackMessage(bytes);
    this.session = session;
    this.arrange(session.compact);
    for (const part of [...this.parts, this.drawing]) part.setSession?.(session);
    if (this.drawing.isComing) return;
    const run = unpackRun(packed);
    const sameRun = this.run?.run === run.run;
    if (session.goTo !== null) this.landing = () => session.goTo;
    if (sameRun && this.themeKey === themeKey) return void (this.landing = null);
    const wasAtEnd = this.run && this.index > 0 && this.index === this.last;
    if (!sameRun) this.pause();
    [this.themeKey, this.run] = [themeKey, run];
    this.index = this.landing?.(run) ?? (wasAtEnd ? this.last : Math.min(Math.max(0, this.index), this.last));
    this.landing = null;
    Object.assign(this.root.dataset, { ready: "false", theme: theme.name, run: run.run, steps: run.steps.length });
    this.root.style.setProperty("--km-on-primary", textOn(theme.accent));
    this.find(".km-cost-words").textContent = run.rule.cost;
    await this.picture.setRun(run, theme, this.index);
    for (const part of this.parts) await part.setRun(run, theme, this.index);
    this.fit();
    this.tell();
    if (this.run === run) this.settle();
  }

  /** Give the picture the height that the screen has left, whatever stands above it and below it. */
  fit() {
    if (this.session.compact) return; // its page knows
    const page = this.root.closest("[data-testid=stMain]") ?? document.documentElement;
    const above = this.stage.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop;
    const around = `${Math.ceil(above + this.find(".km-transport").offsetHeight)}px`;
    for (const name of ["--km-around", "--km-around-narrow"]) this.root.style.setProperty(name, around);
  }

  /** Show only the parts that a page wants, if it wants so little; the style knows what belongs to each. */
  arrange(compact) {
    this.root.classList.toggle("km-compact", Boolean(compact));
    if (compact) this.root.dataset.parts = compact.parts.join(" ");
  }

  /** Whether the run may only be looked at, where it is. */
  get isStill() {
    return Boolean(this.session?.compact?.still);
  }

  /** Go to a half-step; glide or fade there if asked to. Resolves when the picture stands still. */
  async go(index, { animate = false } = {}) {
    this.index = Math.min(Math.max(0, index), this.last);
    const [run, target] = [this.run, this.index];
    this.root.dataset.ready = "false";
    this.tell();
    const shown = this.parts.map((part) => part.show(target));
    await Promise.all([this.picture.show(target, { animate, speed: this.speed }), ...shown]);
    if (this.run === run && this.index === target) this.settle();
  }

  /** Go somewhere because a person asked to: playing ends. */
  goBy(index) {
    this.pause();
    return this.go(index, { animate: index === this.index + 1 });
  }

  /** Take the next half-step, if nothing is wanted of the person first. */
  async next() {
    this.pause();
    if (await this.mayAdvance()) return this.go(this.index + 1, { animate: true });
  }

  /** Ask whoever wants something of the person first, before the next half-step is shown. */
  async mayAdvance() {
    for (const part of this.parts) {
      if (part.beforeAdvance && !(await part.beforeAdvance(this.index))) return false;
    }
    return true;
  }

  async play() {
    const play = ++this.plays;
    this.playing = play;
    this.showPlaying();
    if (this.index === this.last) await this.go(0);
    while (this.playing === play && this.index < this.last) {
      await this.wait(DWELL_MS[this.step.phase]);
      if (this.playing !== play) return;
      if (!(await this.mayAdvance())) break;
      await this.go(this.index + 1, { animate: true });
    }
    if (this.playing === play) this.pause();
  }

  pause() {
    if (!this.playing) return;
    this.playing = 0;
    clearTimeout(this.timer);
    this.showPlaying();
    this.rememberStep();
  }

  wait(milliseconds) {
    const still = prefersStill() ? 2 : 1; // without motion the eye needs longer to find what changed
    return new Promise((done) => (this.timer = setTimeout(done, (milliseconds * still) / this.speed)));
  }

  // --- What the picture and the transport say

  tell() {
    const { step } = this;
    const { horizon } = this;
    const place = horizon === this.last ? `${this.index} of ${this.last}` : `${this.index}`;
    this.stage.setAttribute(
      "aria-label",
      `${this.run.title}: ${whole(this.run.n)} points and ${this.run.k} centers after ${stepName(step)}.`,
    );
    const badge = this.find(".km-moved");
    badge.hidden = !step.changed?.length;
    badge.textContent = `${counted(step.changed?.length ?? 0, "point")} changed cluster`;
    this.scrub.max = horizon;
    this.scrub.value = this.index;
    this.scrub.setAttribute("aria-valuetext", `half-step ${place}: ${stepName(step)}`);
    this.find(".km-scrub output").lastChild.textContent = place;
    const coming = this.steps[this.index + 1];
    this.find(".km-next").innerHTML = `<span>${coming ? `Next: ${coming.phase}` : "Start again"}</span>${icon(coming ? "next" : "first")}`;
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
    this.find(".km-sentence").setAttribute("aria-live", this.playing ? "off" : "polite");
  }

  /** Say, for tests and for style, that what should be seen is painted. */
  settle() {
    Object.assign(this.root.dataset, { step: this.index, phase: this.step.phase, ready: "true" });
    if (!this.playing) this.rememberStep();
  }

  rememberStep() {
    remember("step", this.index || null);
  }

  // --- What is heard

  listen() {
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
    const hidden = new Set((recalled("hide") ?? "").split(",").filter(Boolean));
    for (const box of this.root.querySelectorAll("[data-layer]")) {
      const { layer } = box.dataset;
      box.checked = !hidden.has(layer);
      this.picture.shows[layer] = box.checked;
      box.addEventListener("change", () => {
        box.checked ? hidden.delete(layer) : hidden.add(layer);
        remember("hide", [...hidden].join(",") || null);
        this.picture.toggle(layer, box.checked);
      });
    }
    window.addEventListener("resize", (this.onResize = () => this.run && this.fit()));
    this.stage.addEventListener("pointerdown", () => {
      // Plotly keeps a press from moving the focus, and a field that was left would go on taking the keys.
      if (!this.root.contains(document.activeElement)) document.activeElement?.blur();
    }, true);
    this.onKey = (event) => this.hear(event);
    document.addEventListener("keydown", this.onKey);
  }

  act(action) {
    if (this.dialogs[action]) {
      this.pause();
      return this.dialogs[action].open();
    }
    if (action === "play") return this.playing ? this.pause() : this.play();
    if (action === "next" && this.index < this.last) return this.next();
    if (action === "next") return this.goBy(0);
    return this.goBy({ first: 0, back: this.index - 1, last: this.last }[action]);
  }

  hear(event) {
    const action = SHORTCUTS.find(({ key }) => key === event.key)?.action;
    if (!action || !this.run || this.isStill || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.root.querySelector("dialog[open]")) return;
    const target = event.target;
    // Keys belong to the widget that has the focus; the player takes them inside itself and where nothing has it.
    const idle = event.key.startsWith("Arrow") && target.matches("button:not([role])"); // it has no use for arrows
    if (!target.contains(this.root) && !this.root.contains(target) && !idle) return;
    if (target.matches("input, select, textarea") || (event.key === " " && target.matches("button"))) return;
    event.preventDefault();
    if (action === "next" && this.index === this.last) return; // a held key must not begin anew
    const button = this.find(`[data-action="${action}"]`);
    if (button.getAttribute("aria-disabled") !== "true") this.act(action);
  }
}

const players = new WeakMap();
let plotly = null;

function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: url });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("The drawing library could not be loaded; reload the page to try again."));
    document.head.append(script);
  });
  return plotly;
}

function loadStyle(url) {
  if (document.querySelector(`link[href="${url}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: url });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

/** Streamlit calls this when the player appears, and again for every new run and every change of theme. */
export async function mount({ parentElement, data, setTriggerValue }, { plotly: plotlyUrl }) {
  const root = parentElement.querySelector(".kmeans-player");
  const style = new URL("player.css", import.meta.url).href;
  const [Plotly] = await Promise.all([loadPlotly(plotlyUrl), loadStyle(style)]);
  if (!players.has(root)) {
    lookAs(unpackMessage(data).session.compact?.view ?? null);
    players.set(root, new Player(root, Plotly, setTriggerValue));
  }
  const player = players.get(root);
  await player.load(data);
  return () => {
    player.destroy();
    players.delete(root);
  };
}
