// Several runs on the same points, side by side and in lock-step: one transport, and a picture for each run.

import { distanceKind } from "./distance_paths.js";
import { CompareCosts } from "./compare_costs.js";
import { CompareRun } from "./compare_run.js";
import { CONTROLS, HELP_BUTTON } from "./controls.js";
import { numbersOf } from "./cost_data.js";
import { Help } from "./help.js";
import { message, messageHtml } from "./messages.js";
import { mounter } from "./mount.js";
import { amount, amounts } from "./numbers.js";
import { unpackMessage, unpackRuns } from "./protocol.js";
import { drawnAs, stepName } from "./sentences.js";
import { readTheme, setAccents } from "./theme.js";
import { Transport } from "./transport.js";
import { VariantEditor } from "./variant_editor.js";
import { settingsInUrl, ViewState } from "./view_state.js";

/** @import { MountOptions } from "./mount.js" */
/** @import { Packed } from "./protocol.js" */
/** @import { ComparisonSession } from "./wire.d.ts" */
/** @import { Motion, Phase, Run, Theme } from "./types.d.ts" */

const template = () => `
<div class="kc-tools"><div class="kc-suggestions" role="toolbar" aria-label="${message("compare.suggestions")}"></div></div>
<div class="kc-runs"><p class="km-drawing-note"></p></div>
<div class="kc-side">
  <h2>${message("compare.cost")}</h2>
  <div class="kc-costs" role="img"></div>
  <p class="kc-note"></p>
</div>
<p class="km-visually-hidden km-live" role="status"></p>
${CONTROLS}`;

const DIFFERENCE_BUTTON = '<button type="button" class="km-button kc-first-difference" hidden></button>';
const DIFFERENCE_MARK = '<i class="kc-first-difference-mark" hidden></i>';

class Compare extends Transport {
  /** @type {Run[]} */
  #runs = [];
  /** The id of what is shown, and the theme as text. */
  #content = { id: "", theme: "" };
  /** @type {CompareRun[]} */
  #views = [];
  /** @type {ComparisonSession | null} */
  #session = null;

  /**
   * @param {HTMLElement} root
   * @param {MountOptions} options
   */
  constructor(root, { Plotly, send, addresses }) {
    super(root, template(), new ViewState());
    this.Plotly = Plotly;
    this.send = send;
    this.home = new URL("../../", addresses.base);
    root.setAttribute("aria-label", message("compare.label"));
    // What is rarely used leaves the space beside the controls to the pictures.
    this.find(".kc-tools").append(this.find(".km-layers"));
    this.find(".kc-tools").insertAdjacentHTML("beforeend", HELP_BUTTON);
    this.find(".km-scrub").insertAdjacentHTML("beforeend", DIFFERENCE_BUTTON);
    this.find(".km-track").insertAdjacentHTML("beforeend", DIFFERENCE_MARK);
    this.dialogs.help = new Help(root, { gestures: () => ["slider"] });
    this.costs = new CompareCosts(this.find(".kc-costs"), this.find(".kc-note"), {
      Plotly,
      onPick: (index) => this.goBy(index),
    });
    this.editor = new VariantEditor(root, (text) => {
      this.pause();
      send("variants", text);
    });
    this.find(".kc-first-difference").addEventListener("click", () => this.goBy(this.session.firstDifference ?? 0));
    this.find(".kc-runs").addEventListener("click", (/** @type {MouseEvent} */ event) => this.openRun(event));
  }

  /**
   * Open a run in the player, unless the browser opens its link in another tab.
   * @param {MouseEvent} event
   */
  openRun(event) {
    /** @type {HTMLElement | null} */
    const link = event.target instanceof Element ? event.target.closest(".kc-open") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.send("open", { run: Number(link.dataset.run), step: this.index });
  }

  /** @override */
  destroy() {
    super.destroy();
    this.costs.destroy();
    for (const view of this.#views) view.destroy();
  }

  // --- What the transport asks

  /** @returns {ComparisonSession} */
  get session() {
    return /** @type {ComparisonSession} */ (this.#session);
  }

  /** @override */
  get isLoaded() {
    return this.#runs.length > 0;
  }

  /** @override */
  get pictures() {
    return this.#views.map(({ picture }) => picture);
  }

  /** @override */
  get last() {
    return Math.max(...this.#runs.map(({ steps }) => steps.length - 1));
  }

  /** The steps of the longest run. */
  get steps() {
    const longest = this.#runs.find(({ steps }) => steps.length - 1 === this.last);
    return /** @type {Run} */ (longest).steps;
  }

  get step() {
    return this.steps[this.index];
  }

  /** @override */
  get phases() {
    return this.steps.map(({ phase }) => phase);
  }

  /** @override */
  get phase() {
    return this.step.phase;
  }

  /**
   * @override
   * @returns {Phase | "half-step" | null}
   */
  get coming() {
    const phases = new Set(this.#runs.flatMap(({ steps }) => steps[this.index + 1]?.phase ?? []));
    return phases.size > 1 ? "half-step" : ([...phases][0] ?? null);
  }

  /** @override */
  get placeName() {
    return stepName(this.step);
  }

  /**
   * @param {number} index
   * @param {Motion} motion
   * @override
   */
  async paint(index, motion) {
    const transitions = this.#views.map((view) => view.show(index, motion));
    this.noteEnd(index);
    this.readAloud();
    await Promise.all([...transitions, this.costs.show(index)]);
  }

  /**
   * The costs of all runs at a step as texts: those that differ read differently, if they can be compared.
   * @param {number} index
   */
  costTexts(index) {
    const costs = this.#runs.map(({ steps }) => steps[Math.min(index, steps.length - 1)].cost);
    const numbers = numbersOf(costs);
    const texts = this.session.sameScale ? amounts(numbers) : numbers.map((cost) => amount(cost));
    return costs.map((cost) => (cost === null ? null : (texts.shift() ?? null)));
  }

  // --- Messages

  /**
   * Take a message: other runs, or the same ones for another session or on another theme.
   * @param {Uint8Array} bytes
   */
  async load(bytes) {
    const theme = readTheme(this.root);
    /** @type {{ session: ComparisonSession, packed: Packed }} */
    const { session, packed } = unpackMessage(bytes);
    const runs = unpackRuns(packed);
    const content = { id: runs[0].id, theme: JSON.stringify(theme) };
    const areSame = this.#content.id === content.id;
    this.#session = session;
    this.settings = settingsInUrl();
    this.view.rewrite();
    if (areSame && this.#content.theme === content.theme) {
      this.showSession();
      return;
    }
    const wasAtEnd = this.isLoaded && this.index > 0 && this.index === this.last;
    if (!areSame) {
      this.pause();
      this.root.dataset.ended = "false";
    }
    if (session.goToStep !== null) this.position.landing = session.goToStep;
    this.#content = content;
    this.#runs = runs;
    this.position.arrive(this.last, wasAtEnd);
    await this.showRuns(runs, theme);
  }

  /**
   * @param {Run[]} runs
   * @param {Theme} theme
   */
  async showRuns(runs, theme) {
    const turn = ++this.turn;
    const facts = { ready: "false", theme: theme.name, run: runs[0].id, runs: runs.length, steps: this.last + 1 };
    Object.assign(this.root.dataset, facts);
    setAccents(this.root, theme);
    this.find('label:has([data-layer="cells"])').hidden = runs[0].features > 2;
    this.find('label:has([data-layer="squares"])').hidden = distanceKind(runs[0]) === "none";
    this.find(".km-drawing-note").textContent = drawnAs(runs[0]);
    this.makeViews(runs.length);
    this.showSession();
    // All at once, so that no picture is ahead of the others.
    const pictures = this.#views.map((view, i) => view.setRun(runs[i], theme, this.index));
    this.arrival = Promise.all([...pictures, this.costs.setRuns(runs, theme, this.index, this.session)]);
    await this.arrival;
    if (this.#runs !== runs) return; // other runs came meanwhile
    this.noteEnd(this.index);
    this.showControls();
    this.readAloud();
    if (turn === this.turn) this.settle();
  }

  /** Have as many places as there are runs. @param {number} count */
  makeViews(count) {
    while (this.#views.length > count) this.#views.pop()?.destroy();
    while (this.#views.length < count) {
      const i = this.#views.length;
      const costAt = (/** @type {number} */ index) => this.costTexts(index)[i];
      const options = { Plotly: this.Plotly, hidden: this.hidden, costAt };
      this.#views.push(new CompareRun(this.find(".kc-runs"), i + 1, options));
    }
  }

  /** Show what belongs to this visitor: how the runs differ, and the first difference. */
  showSession() {
    const { firstDifference: step, links } = this.session;
    this.editor.show(this.session);
    this.#views.forEach((view, i) => {
      const link = view.find(".kc-open");
      link.setAttribute("href", new URL(`?${links[i]}`, this.home).href);
      link.dataset.run = String(i);
      link.setAttribute("aria-label", message("compare.open_label", { run: i + 1 }));
    });
    const button = this.find(".kc-first-difference");
    button.hidden = this.find(".kc-first-difference-mark").hidden = step === null;
    this.root.style.setProperty("--kc-first-difference", String(step === null ? 0 : step / this.last));
    if (step === null) return;
    button.innerHTML = `<span>${messageHtml("compare.difference", { step })}</span>`;
    button.setAttribute("aria-label", message("compare.difference_label", { step }));
    button.title = message("compare.difference_title");
  }

  /** Once the end was seen, the page says above the pictures how the runs end. @param {number} index */
  noteEnd(index) {
    if (index > 0 && index === this.last) this.root.dataset.ended = "true";
  }

  /** Let a screen reader say the sentences of all runs at once, and at the end how they end. */
  readAloud() {
    const ending = this.index > 0 && this.index === this.last ? this.session.ending : "";
    const sentences = [...this.#views.map(({ spoken }) => spoken), ending];
    this.find(".km-live").textContent = sentences.filter(Boolean).join(" ");
  }
}

export const mount = mounter(".kmeans-compare", "compare.css", Compare);
