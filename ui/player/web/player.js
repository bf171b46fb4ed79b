// The player: one run, a step of it, and the parts that show something of it there.

import { CenterDrag } from "./center_drag.js";
import { ClusterTable } from "./cluster_table.js";
import { CostChart } from "./cost_chart.js";
import { CostTable } from "./cost_table.js";
import { DragHint } from "./drag_hint.js";
import { distanceKind, distanceNote } from "./distance_paths.js";
import { storeDrag } from "./edit_storage.js";
import { EditTools } from "./edit_tools.js";
import { ExplanationPanel } from "./explanation_panel.js";
import { FinishCard } from "./finish_card.js";
import { Help } from "./help.js";
import { selectableKind } from "./inspection.js";
import { Inspector } from "./inspector.js";
import { takeFocus } from "./keys.js";
import { message } from "./messages.js";
import { mounter } from "./mount.js";
import { Picture } from "./picture.js";
import { PictureDescription } from "./picture_description.js";
import { BELOW_PICTURE, TEMPLATE } from "./player_template.js";
import { Predict } from "./predict.js";
import { Presenter } from "./presenter.js";
import { unpackMessage, unpackRun, withSession } from "./protocol.js";
import { drawnAs, inThePicture, stepName } from "./sentences.js";
import { joinStops } from "./roving.js";
import { RunChoices } from "./run_choices.js";
import { Share } from "./share.js";
import { StepSentence } from "./step_sentence.js";
import { StatusRegion } from "./status_region.js";
import { StoredEditNotes } from "./stored_edit_notes.js";
import { isTouchScreen, readTheme, setAccents } from "./theme.js";
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
  /** Whether the next run plays as soon as it is here. */
  playsNext = false;

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
    this.presenter = new Presenter(this);
    /** @type {PlayerPart[]} */
    this.parts = [...this.makeParts(), this.presenter]; // Escape leaves the view where it closes nothing else
    const share = new Share(this, this.notes, () => this.presenter.open());
    this.notes.connect(share);
    this.dialogs.share = share;
    this.dialogs.help = new Help(root, {
      notes: () => (this.drag.refusal ? [] : [message("edits.help")]),
      presents: Boolean(this.session.presentation),
      gestures: () => [selectableKind(this.run), "center", ...(this.drag.refusal ? [] : ["drag"]), "slider"],
    });
    this.refreshTools = joinStops(/** @type {HTMLElement} */ (this.find(".km-tools")));
    this.status = new StatusRegion(root, this.find(".km-live"));
    this.onResize = () => this.loaded && this.fit();
    window.addEventListener("resize", this.onResize);
    this.fitting = new ResizeObserver(this.onResize);
    this.watchSizes();
    this.keepKeys();
  }

  /** Plotly keeps a press from moving the focus, and a field that was left would keep getting the keys. */
  keepKeys() {
    this.stage.addEventListener("pointerdown", () => takeFocus(this.root), true);
  }

  /** Fit the picture again whenever something around it takes another size. */
  watchSizes() {
    // The sentence takes its height a moment after the window has its new width.
    for (const part of [".km-sentence", ...BELOW_PICTURE]) this.fitting.observe(this.find(part));
    // The parts of the page above may load later than the player.
    let above = this.root.closest(".stElementContainer")?.previousElementSibling;
    for (; above; above = above.previousElementSibling) this.fitting.observe(above);
  }

  makeDrag() {
    return new CenterDrag(this, {
      onPick: (cluster) => this.inspector.select({ kind: "center", index: cluster }),
      onDrop: (edit, landing) => {
        storeDrag();
        this.edit(edit, landing);
      },
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
    const choices = new RunChoices(this, tools.pens, (...edit) => this.edit(...edit));
    tools.pens.onChange = (pen) => {
      tools.showPen(pen);
      choices.showPen();
      this.showPlacing(pen, tools.pens.placed.length);
    };
    const panel = new ExplanationPanel(this.find(".km-panel"), this.view);
    const description = new PictureDescription(this.find(".km-description ul"));
    /** What a prediction must not be told. */
    const conceal = (/** @type {boolean} */ isOn, /** @type {number} */ index) => {
      description.conceal(isOn);
      return cost.conceal(isOn, index);
    };
    return [
      this.sentence,
      cost,
      new CostTable(this.find(".km-costs")),
      description,
      new ClusterTable(this.find(".km-clusters tbody")),
      panel,
      tools,
      tools.pens,
      choices,
      this.drag,
      new DragHint(this, this.drag),
      new FinishCard(this, { choices, onEdit: (edit, landing) => this.edit(edit, landing) }),
      this.inspector,
      new Predict(this, { sentence: this.sentence, cost: { conceal } }),
    ];
  }

  /**
   * Say which center is placed next; a note on another run's center would lie in the way.
   * @param {string | null} pen
   * @param {number} count how many are placed
   */
  showPlacing(pen, count) {
    if (pen === "place") this.inspector.select(null);
    this.sentence.showPlacing(pen === "place" ? { number: count + 1, k: this.run.k } : null);
  }

  /** @override */
  destroy() {
    super.destroy();
    if (this.loaded) this.view.store(this.loaded.id);
    window.removeEventListener("resize", this.onResize);
    this.fitting.disconnect();
    this.status.destroy();
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

  get isCompact() {
    return Boolean(this.session.compact);
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
  get phases() {
    return this.run.steps.slice(0, this.lastVisible + 1).map(({ phase }) => phase);
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
   * @param {{ plays?: boolean }} [options] whether the run then plays
   */
  edit(edit, landing = null, { plays = false } = {}) {
    if (landing !== null) this.position.landing = landing;
    this.playsNext = plays;
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
    const plays = this.playsNext && !isSameRun;
    this.playsNext = false;
    await this.showRun(run, theme);
    if (plays && this.loaded === run) this.play();
  }

  /** Draw the run again, for another size of type. */
  async redraw() {
    // What a message says once was said.
    if (this.loaded) await this.load(withSession(this.message, { ...this.session, goToStep: null, note: "" }));
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
    setAccents(this.root, theme);
    this.find(".km-cost-name").textContent = run.rule.cost;
    this.find('label:has([data-layer="cells"])').hidden = run.features > 2;
    this.find('label:has([data-layer="squares"])').hidden = distanceKind(run) === "none";
    // The sentence takes its height first: the picture gets what is left.
    this.sentence.setRun(run, theme, this.index);
    this.fit();
    this.arrival = this.fillParts(run, theme);
    await this.arrival;
    if (this.loaded !== run) return; // another run came meanwhile
    this.showControls();
    if (turn === this.turn) this.settle();
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   */
  async fillParts(run, theme) {
    for (const part of [this.picture, ...this.parts]) {
      if (this.loaded === run) await part.setRun(run, theme, this.index);
    }
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
    this.refreshTools();
    const { step, run } = this;
    const { compact } = this.session;
    const isBare = compact && !compact.parts.includes("centers");
    const label = isBare ? message("player.points", { title: run.title, points: run.n }) : inThePicture(run, step);
    this.stage.setAttribute("aria-label", label);
    const badge = this.find(".km-reassigned");
    badge.hidden = !step.changed?.length;
    badge.textContent = message("inspector.reassigned", { count: step.reassigned });
    this.showNote();
  }

  /** Say what the picture leaves out, and what its lines are. */
  showNote() {
    const { selection } = this.picture.centerLayer;
    const distances = this.hidden.has("squares") ? "" : distanceNote(this.run, this.index, selection, isTouchScreen());
    const note = [drawnAs(this.run), distances].filter(Boolean).join(" ");
    if (this.find(".km-drawing-note").textContent !== note) this.find(".km-drawing-note").textContent = note;
  }

  /**
   * @param {HTMLInputElement} box
   * @param {boolean} isShown
   * @override
   */
  showLayer(box, isShown) {
    super.showLayer(box, isShown);
    if (this.isLoaded) this.showNote();
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
