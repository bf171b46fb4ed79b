// The player: one run, a step of it, and the parts that show something of it there.

import { CenterDrag } from "./center_drag.js";
import { ClusterTable, Timing } from "./cluster_table.js";
import { CostChart } from "./cost_chart.js";
import { EditTools } from "./edit_tools.js";
import { ExplanationPanel } from "./explanation_panel.js";
import { Help } from "./help.js";
import { Inspector } from "./inspector.js";
import { takeFocus } from "./keys.js";
import { message } from "./messages.js";
import { mounter } from "./mount.js";
import { Picture } from "./picture.js";
import { BELOW_PICTURE, TEMPLATE } from "./player_template.js";
import { Predict } from "./predict.js";
import { unpackMessage, unpackRun } from "./protocol.js";
import { drawnAs, inThePicture, stepName } from "./sentences.js";
import { Share } from "./share.js";
import { StepSentence } from "./step_sentence.js";
import { StoredEditNotes } from "./stored_edit_notes.js";
import { readTheme, textOn } from "./theme.js";
import { Transport } from "./transport.js";
import { settingsInUrl, ViewState } from "./view_state.js";

/** @import { MountOptions } from "./mount.js" */
/** @import { CompactLayout, PlayerSession } from "./wire.d.ts" */
/** @import { Motion, PlayerContext, PlayerPart, Run, Theme } from "./types.d.ts" */

/**
 * Return the view to begin with: a page's own, the one of its link, or the one that the run was left with.
 * @param {Uint8Array} bytes
 */
function firstView(bytes) {
  const { session, packed } = unpackMessage(bytes);
  const view = new ViewState(session.compact?.view ?? session.offline ?? null);
  view.restore(() => unpackRun(packed).id);
  return view;
}

/** @implements {PlayerContext} */
class Player extends Transport {
  /**
   * @param {HTMLElement} root
   * @param {MountOptions} options
   */
  constructor(root, { Plotly, send, addresses, message: bytes }) {
    super(root, TEMPLATE, firstView(bytes));
    this.Plotly = Plotly;
    this.send = send;
    this.addresses = addresses;
    /** The last message. */
    this.message = bytes;
    /** @type {PlayerSession} */
    this.session = unpackMessage(bytes).session;
    /** The run that is shown, once one is. @type {Run | undefined} */
    this.loaded = undefined;
    /** The theme as text. */
    this.themeKey = "";
    root.setAttribute("aria-label", message("player.label"));
    this.stage = /** @type {HTMLElement} */ (this.find(".km-stage"));
    this.picture = new Picture(this.stage, Plotly, { hidden: this.hidden });
    this.sentence = new StepSentence(this.find(".km-sentence"));
    this.notes = new StoredEditNotes(this);
    this.inspector = new Inspector(this);
    this.drag = this.makeDrag();
    this.parts = this.makeParts();
    const share = new Share(this, this.notes);
    this.notes.connect(share);
    this.dialogs.share = share;
    this.dialogs.help = new Help(root, () => (this.drag.refusal ? [] : [message("edits.help")]));
    this.onResize = () => this.loaded && this.fit();
    window.addEventListener("resize", this.onResize);
    // The sentence takes its height a moment after the window has its new width.
    this.fitting = new ResizeObserver(this.onResize);
    for (const part of [".km-sentence", ...BELOW_PICTURE]) this.fitting.observe(this.find(part));
    // Plotly keeps a press from moving the focus, and a field that was left would keep getting the keys.
    this.stage.addEventListener("pointerdown", () => takeFocus(root), true);
  }

  makeDrag() {
    return new CenterDrag(this, {
      onPick: (cluster) => this.inspector.select({ kind: "center", index: cluster }),
      onDrop: (edit, landing) => this.edit(edit, landing),
      say: (text) => this.say(text),
    });
  }

  /** @returns {PlayerPart[]} */
  makeParts() {
    const cost = new CostChart(this.find(".km-cost"), this.find(".km-cost-notes"), {
      Plotly: this.Plotly,
      view: this.view,
      onPick: (/** @type {number} */ index) => this.goBy(index),
    });
    const tools = new EditTools(this, {
      onEdit: (edit, landing) => this.edit(edit, landing),
      say: (text) => this.say(text),
    });
    return [
      this.sentence,
      cost,
      new ClusterTable(this.find(".km-table tbody")),
      new Timing(this.find(".km-timing")),
      new ExplanationPanel(this.find(".km-panel"), this.view),
      tools,
      tools.pens,
      this.drag,
      this.inspector,
      new Predict(this, { sentence: this.sentence, cost }),
    ];
  }

  /** @override */
  destroy() {
    super.destroy();
    if (this.loaded) this.view.store(this.loaded.id);
    window.removeEventListener("resize", this.onResize);
    this.fitting.disconnect();
    this.picture.destroy();
    for (const part of this.parts) part.destroy?.();
    for (const dialog of Object.values(this.dialogs)) dialog.destroy?.();
  }

  // --- What the transport and the parts ask

  /** @returns {Run} */
  get run() {
    return /** @type {Run} */ (this.loaded);
  }

  get step() {
    return this.run.steps[this.index];
  }

  /** @override */
  get isLoaded() {
    return Boolean(this.loaded);
  }

  /** @override */
  get isStill() {
    return Boolean(this.session.compact?.still);
  }

  /** @override */
  get pictures() {
    return [this.picture];
  }

  /** @override */
  get last() {
    return this.run.steps.length - 1;
  }

  /** @override */
  get lastVisible() {
    return Math.max(this.index, Math.min(this.last, ...this.parts.map((part) => part.lastVisible ?? Infinity)));
  }

  /** @override */
  get phase() {
    return this.step.phase;
  }

  /** @override */
  get coming() {
    return this.run.steps[this.index + 1]?.phase ?? null;
  }

  /** @override */
  get placeName() {
    return stepName(this.step);
  }

  /** Whether the run stopped at its limit of iterations, and may have a higher one. @override */
  get continues() {
    return this.session.canContinue && this.run.ending.reason === "max_iter";
  }

  /** Let the run go on from its last step, which stays on the screen. @override */
  fetchMore() {
    this.pause();
    this.edit({ kind: "continue" }, this.index);
  }

  /**
   * Ask Python for an edit, and go to a step once its run is here.
   * @param {object} edit
   * @param {number | null} [landing]
   */
  edit(edit, landing = null) {
    if (landing !== null) this.position.landing = landing;
    this.send("edit", edit);
  }

  /**
   * Tell a screen reader about the pen or the center that is being moved.
   * @param {string} text
   */
  say(text) {
    this.find(".km-pen-status").textContent = text;
  }

  /** @override */
  async mayAdvance() {
    for (const part of this.parts) {
      if (part.beforeAdvance && !(await part.beforeAdvance(this.index))) return false;
    }
    return true;
  }

  /** @override */
  dismiss() {
    return this.parts.some((part) => part.dismiss?.());
  }

  /**
   * @param {number} index
   * @param {Motion} motion
   * @override
   */
  paint(index, motion) {
    return Promise.all([...this.parts.map((part) => part.show(index)), this.picture.show(index, motion)]);
  }

  /** @override */
  restoreView() {
    for (const part of this.parts) part.restoreView?.();
    super.restoreView();
  }

  // --- Messages

  /**
   * Take a message: another run, or the same one for other settings of the session or on another theme.
   * @param {Uint8Array} bytes
   */
  async load(bytes) {
    const { session, packed } = unpackMessage(bytes);
    this.message = bytes;
    this.takeSession(session);
    if (this.notes.areComing) return;
    const run = unpackRun(packed);
    const theme = readTheme(this.root);
    const themeKey = JSON.stringify(theme);
    const isSameRun = this.loaded?.id === run.id;
    if (session.goToStep !== null) this.position.landing = session.goToStep;
    this.settings = settingsInUrl();
    this.view.rewrite();
    if (isSameRun && this.themeKey === themeKey) {
      this.position.landing = null;
      return;
    }
    const wasAtEnd = this.isLoaded && this.index > 0 && this.index === this.last;
    if (!isSameRun) this.pause();
    this.themeKey = themeKey;
    this.loaded = run;
    this.position.arrive(this.last, wasAtEnd);
    await this.showRun(run, theme);
  }

  /** @param {PlayerSession} session */
  takeSession(session) {
    this.session = session;
    this.showLayout(session.compact);
    this.root.classList.toggle("km-offline", Boolean(session.offline));
    for (const part of [...this.parts, this.notes]) part.setSession?.(session);
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   */
  async showRun(run, theme) {
    const turn = ++this.turn;
    Object.assign(this.root.dataset, { ready: "false", theme: theme.name, run: run.id, steps: run.steps.length });
    this.root.style.setProperty("--km-on-primary", textOn(theme.accent));
    this.find(".km-cost-name").textContent = run.rule.cost;
    this.find(".km-drawing-note").textContent = drawnAs(run);
    this.find('label:has([data-layer="cells"])').hidden = run.features > 2;
    // The sentence takes its height first: the picture gets what is left.
    this.sentence.setRun(run, theme, this.index);
    this.fit();
    await this.picture.setRun(run, theme, this.index);
    for (const part of this.parts) {
      if (this.loaded !== run) return; // another run came meanwhile
      await part.setRun(run, theme, this.index);
    }
    this.showControls();
    if (turn === this.turn) this.settle();
  }

  // --- What is on the screen

  /** Give the picture the height that is left on the screen. */
  fit() {
    if (this.session.compact) return; // its page decides
    const page = this.root.closest(".stMain") ?? document.documentElement;
    const above = this.stage.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop;
    const below = BELOW_PICTURE.reduce((sum, part) => sum + this.find(part).offsetHeight, 0);
    const height = `${Math.ceil(above + below)}px`;
    for (const name of ["--km-outside-height", "--km-outside-height-narrow"]) this.root.style.setProperty(name, height);
  }

  /**
   * Show only the parts that a page wants; compact.css hides the others.
   * @param {CompactLayout | null} compact
   */
  showLayout(compact) {
    this.root.classList.toggle("km-compact", Boolean(compact));
    if (compact) this.root.dataset.parts = compact.parts.join(" ");
  }

  /** @override */
  showControls() {
    super.showControls();
    const { step, run } = this;
    const { compact } = this.session;
    const isBare = compact && !compact.parts.includes("centers");
    const label = isBare ? message("player.points", { title: run.title, points: run.n }) : inThePicture(run, step);
    this.stage.setAttribute("aria-label", label);
    const badge = this.find(".km-reassigned");
    badge.hidden = !step.changed?.length;
    badge.textContent = message("inspector.reassigned", { count: step.reassigned });
  }
}

/**
 * Start the player of a saved page, which has no Python to report to.
 * @param {HTMLElement} root
 * @param {MountOptions["Plotly"]} Plotly
 * @param {Uint8Array} bytes
 */
export async function start(root, Plotly, bytes) {
  const addresses = { base: "", plotly: "" };
  await new Player(root, { Plotly, send: () => {}, addresses, message: bytes }).load(bytes);
}

export const mount = mounter(".kmeans-player", "player.css", Player);
