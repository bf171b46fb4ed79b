// The player: one run, one position in it, and all that can be asked about it there.

import { CostChart } from "./cost_chart.js";
import { Drawing } from "./stored_edits.js";
import { Help } from "./help.js";
import { hint, takeFocus } from "./keys.js";
import { mounter } from "./mount.js";
import { ExplanationPanel } from "./explanation_panel.js";
import { message } from "./messages.js";
import { unpackMessage, unpackRun } from "./protocol.js";
import { Picture } from "./picture.js";
import { Predict } from "./predict.js";
import { Reach } from "./edits.js";
import { Share } from "./share.js";
import { ClusterTable, Timing } from "./cluster_table.js";
import { readTheme, textOn } from "./theme.js";
import { CONTROLS, icon, LAYERS, Transport } from "./transport.js";
import { settingsInUrl, ViewState } from "./view_state.js";
import { Inspector } from "./inspector.js";
import { counted, drawnAs, inThePicture, stepName } from "./sentences.js";
import { StepSentence } from "./step_sentence.js";

/** @import { PlayerPart } from "./types.d.ts" */

const TEMPLATE = `
<div class="km-head"><p class="km-sentence km-live" role="status"></p>
<div class="km-tools" role="toolbar" aria-label="Tools">
  <button type="button" class="km-button" data-action="share">${icon("share")}<span>Share</span></button>
  <button type="button" class="km-button" data-action="help" title="${hint("help")}"
    aria-label="Help: what K-means does, and the keys">?</button>
</div></div>
<div class="km-main">
  <div class="km-board"><div class="km-stage" role="group">
    ${LAYERS}
    <div class="km-drawing-overlay" tabindex="0" role="application" hidden></div>
    <svg class="km-strokes" aria-hidden="true"></svg>
    <span class="km-pen-status km-visually-hidden" role="status"></span>
    <button type="button" class="km-reassigned" title="List them" hidden></button>
  </div><div class="km-edit-tools" role="toolbar" aria-label="By hand"></div></div>
  <p class="km-drawing-note"></p>
  ${CONTROLS}
</div>
<div class="km-side">
  <h2>Cost: <span class="km-cost-name"></span></h2>
  <div class="km-cost" role="img"></div>
  <div class="km-cost-notes"></div>
  <table class="km-table">
    <caption class="km-visually-hidden">The clusters after this half-step</caption>
    <thead><tr><th scope="col">Cluster</th><th scope="col">Points</th><th scope="col">Change</th>
      <th scope="col">Center moved</th></tr></thead>
    <tbody></tbody>
  </table>
  <div class="km-inspector"></div>
  <p class="km-timing"></p>
</div>
<div class="km-panel"></div>`;

/** What stands below the picture, which has the height that is left. */
const BELOW = [".km-notes", ".km-drawing-note", ".km-transport"];

/** The view that a message begins with: a page's own, the one of its link, or the one that the run was left with. */
function firstView(bytes) {
  const { session, packed } = unpackMessage(bytes);
  const view = new ViewState(session.compact?.view ?? session.offline ?? null);
  view.restore(() => unpackRun(packed).id);
  return view;
}

class Player extends Transport {
  constructor(root, { Plotly, send, addresses, message: bytes }) {
    super(root, TEMPLATE, firstView(bytes));
    Object.assign(this, { Plotly, send, addresses });
    root.setAttribute("aria-label", "K-means player");
    this.stage = this.find(".km-stage");
    this.picture = new Picture(this.stage, Plotly, { hidden: this.hidden });
    /** @type {PlayerPart[]} */
    const sentence = (this.sentence = new StepSentence(this.find(".km-sentence")));
    const cost = new CostChart(this.find(".km-cost"), this.find(".km-cost-notes"), {
      Plotly,
      view: this.view,
      onPick: (/** @type {number} */ index) => this.goBy(index),
    });
    const inspector = new Inspector(this);
    this.parts = [
      sentence,
      cost,
      new ClusterTable(this.find(".km-table tbody")),
      new Timing(this.find(".km-timing")),
      new ExplanationPanel(this.find(".km-panel"), this.view),
      (this.reach = new Reach(this, (cluster) => inspector.select({ kind: "center", index: cluster }))),
      inspector,
      new Predict(this, { sentence, cost }),
    ];
    this.drawing = new Drawing(this);
    this.dialogs = { share: new Share(this), help: new Help(root, () => this.keysOfCenters()) };
    window.addEventListener("resize", (this.onResize = () => this.run && this.fit()));
    // The sentence takes its room a moment after a window's new width is known.
    this.fitting = new ResizeObserver(this.onResize);
    for (const part of [".km-sentence", ...BELOW]) this.fitting.observe(this.find(part));
    // Plotly keeps a press from moving the focus, and a field that was left would go on taking the keys.
    this.stage.addEventListener("pointerdown", () => takeFocus(this.root), true);
  }

  destroy() {
    super.destroy();
    if (this.run) this.view.store(this.run.id);
    window.removeEventListener("resize", this.onResize);
    this.fitting.disconnect();
    for (const part of [this.picture, ...this.parts, ...Object.values(this.dialogs)]) part.destroy?.();
  }

  get isLoaded() {
    return Boolean(this.run);
  }

  get pictures() {
    return [this.picture];
  }

  get steps() {
    return this.run.steps;
  }

  get step() {
    return this.steps[this.index];
  }

  get phase() {
    return this.step.phase;
  }

  get coming() {
    return this.steps[this.index + 1]?.phase ?? null;
  }

  /** Whether the run stopped at its limit, and may have a higher one. */
  get continues() {
    return this.session.canContinue && this.run.ending.reason === "max_iter";
  }

  /** Have the run go on from its last half-step, which is where this stays. */
  fetchMore() {
    this.pause();
    this.landing = this.index;
    this.send("edit", { kind: "continue" });
  }

  get placeName() {
    return stepName(this.step);
  }

  get last() {
    return this.steps.length - 1;
  }

  get lastVisible() {
    return Math.max(this.index, Math.min(this.last, ...this.parts.map((part) => part.lastVisible ?? Infinity)));
  }

  /** Take another run, or the same on another theme, and stay at the same place of the story. */
  async load(bytes) {
    const theme = readTheme(this.root);
    const themeKey = JSON.stringify(theme);
    const { session, packed } = unpackMessage(bytes);
    this.session = session;
    this.message = bytes;
    this.arrange(session.compact);
    this.root.classList.toggle("km-offline", Boolean(session.offline));
    for (const part of [...this.parts, this.drawing]) part.setSession?.(session);
    if (this.drawing.isComing) return;
    const run = unpackRun(packed);
    const sameRun = this.run?.id === run.id;
    if (session.goToStep !== null) this.landing = session.goToStep;
    this.settings = settingsInUrl();
    this.view.rewrite();
    if (sameRun && this.themeKey === themeKey) return void (this.landing = null);
    const wasAtEnd = this.run && this.index > 0 && this.index === this.last;
    if (!sameRun) this.pause();
    [this.themeKey, this.run] = [themeKey, run];
    const turn = ++this.turn;
    this.arrive(wasAtEnd);
    Object.assign(this.root.dataset, { ready: "false", theme: theme.name, run: run.id, steps: run.steps.length });
    this.root.style.setProperty("--km-on-primary", textOn(theme.accent));
    this.find(".km-cost-name").textContent = run.rule.cost;
    this.find(".km-drawing-note").textContent = drawnAs(run);
    this.find('[data-layer="cells"]').closest("label").hidden = run.features > 2;
    // The room of the sentence first: the picture has what is left.
    this.sentence.setRun(run, theme, this.index);
    this.fit();
    await this.picture.setRun(run, theme, this.index);
    for (const part of this.parts) {
      if (this.run !== run) return; // another one came meanwhile
      await part.setRun(run, theme, this.index);
    }
    this.showControls();
    if (turn === this.turn) this.settle();
  }

  /** Give the picture the height that the screen has left, whatever stands above it and below it. */
  fit() {
    if (this.session.compact) return; // its page knows
    const page = this.root.closest("[data-testid=stMain]") ?? document.documentElement;
    const above = this.stage.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop;
    const below = BELOW.reduce((sum, part) => sum + this.find(part).offsetHeight, 0);
    const around = `${Math.ceil(above + below)}px`;
    for (const name of ["--km-outside-height", "--km-outside-height-narrow"]) this.root.style.setProperty(name, around);
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

  paint(index, motion) {
    return Promise.all([...this.parts.map((part) => part.show(index)), this.picture.show(index, motion)]);
  }

  restoreView() {
    for (const part of this.parts) part.restoreView?.();
    super.restoreView();
  }

  /** Ask whoever wants something of the person first, before the next half-step is shown. */
  async mayAdvance() {
    for (const part of this.parts) {
      if (part.beforeAdvance && !(await part.beforeAdvance(this.index))) return false;
    }
    return true;
  }

  keysOfCenters() {
    if (this.reach.whyFixed) return [];
    return [
      "Press Tab to reach a center. Arrow keys move it (farther with Shift), Enter continues the run from there, and Esc " +
        "puts it back.",
    ];
  }

  dismiss() {
    return this.parts.some((part) => part.dismiss?.());
  }

  showControls() {
    super.showControls();
    const { step } = this;
    const { title, n } = this.run;
    const bare = this.session?.compact && !this.session.compact.parts.includes("centers");
    this.stage.setAttribute("aria-label", bare ? `${title}: ${counted(n, "point")}.` : inThePicture(this.run, step));
    const badge = this.find(".km-reassigned");
    badge.hidden = !step.changed?.length;
    badge.textContent = message("inspector.reassigned", { count: step.reassigned });
  }
}

/** Start in a file of its own, where nobody is to be told anything. */
export async function start(root, Plotly, bytes) {
  await new Player(root, { Plotly, send: () => {}, addresses: null, message: bytes }).load(bytes);
}

export const mount = mounter(".kmeans-player", "player.css", Player);
