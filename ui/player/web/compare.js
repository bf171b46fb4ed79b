// Several runs on the same points, side by side and in lock-step: one transport, one clock, a picture for each.

import { Costs, lineSample } from "./compare_costs.js";
import { Ways } from "./compare_settings.js";
import { Help } from "./help.js";
import { hint } from "./keys.js";
import { mounter } from "./mount.js";
import { unpackMessage, unpackRuns } from "./protocol.js";
import { Picture } from "./picture.js";
import { readTheme, textOn } from "./theme.js";
import { CONTROLS, LAYERS } from "./controls.js";
import { Transport } from "./transport.js";
import { settingsInUrl, ViewState } from "./view_state.js";
import { amount, amounts, whole } from "./numbers.js";
import { drawnAs, inThePicture, stepName } from "./sentences.js";
import { StepSentence } from "./step_sentence.js";

const TEMPLATE = `
<div class="kc-tools"><div class="kc-suggestions" role="toolbar" aria-label="Comparisons"></div></div>
<div class="kc-runs"><p class="km-drawing-note"></p></div>
<div class="kc-side">
  <h2>Cost</h2>
  <div class="kc-costs" role="img"></div>
  <p class="kc-note"></p>
</div>
<p class="km-visually-hidden km-live" role="status"></p>
${CONTROLS}`;

const PART = '<button type="button" class="km-button kc-first-difference" hidden></button>';
const HELP = `<button type="button" class="km-button" data-action="help" title="${hint("help")}"
  aria-label="Help: what K-means does, and the keys">?</button>`;

const RUN = `
<div class="kc-head"><h2></h2><div class="kc-settings"></div></div>
<div class="km-stage" role="img">${LAYERS}<span class="kc-ended" aria-hidden="true">ended</span></div>
<div class="kc-foot"><span class="kc-facts"></span><a class="kc-open" title="Open this run in the player">Step through it</a></div>
<p class="kc-sentence"></p>`;

/** One run's place on the page. */
class View {
  /** `costAt` gives how this run's cost is written at a half-step, beside the others'; null where there is none. */
  constructor(parent, number, Plotly, hidden, costAt) {
    this.number = number;
    this.costAt = costAt;
    this.section = document.createElement("section");
    this.section.className = "kc-run";
    this.section.setAttribute("aria-label", `Run ${number}`);
    this.section.innerHTML = RUN;
    parent.append(this.section);
    this.find("h2").innerHTML = `${lineSample(number)} Run ${number}`;
    this.stage = this.find(".km-stage");
    this.picture = new Picture(this.stage, Plotly, { hidden, movable: false });
    this.sentence = new StepSentence(this.find(".kc-sentence"));
  }

  find(selector) {
    return this.section.querySelector(selector);
  }

  destroy() {
    this.picture.destroy();
    this.sentence.destroy();
    this.section.remove();
  }

  get last() {
    return this.run.steps.length - 1;
  }

  /** The run's own half-step at a half-step of the clock: it stays at its end. */
  own(index) {
    return Math.min(index, this.last);
  }

  async setRun(run, theme, index) {
    this.run = run;
    await this.picture.setRun(run, theme, this.own(index));
    this.sentence.setRun(run, theme, this.own(index));
    this.tell(index);
  }

  show(index, motion) {
    this.sentence.show(this.own(index));
    this.tell(index);
    return this.picture.show(this.own(index), { ...motion, animate: motion.animate && index <= this.last });
  }

  tell(index) {
    const { run } = this;
    const ended = index > this.last;
    const step = run.steps[this.own(index)];
    if (ended) this.sentence.say("Ended", `at half-step ${this.last}. ${run.ending.sentence}`);
    this.section.dataset.ended = ended;
    const facts = step.cost === null ? ["no cost yet"] : [`cost ${this.costAt(index)}`];
    if (ended) facts.push("ended");
    else if (step.changed) facts.push(`${whole(step.reassigned)} changed`);
    this.find(".kc-facts").textContent = facts.join(" · ");
    this.stage.setAttribute("aria-label", `Run ${this.number}, ${inThePicture(run, step)}`);
  }

  /** What a screen reader is told of this half-step. */
  get aloud() {
    return `Run ${this.number}. ${this.find(".kc-sentence").textContent}`;
  }
}

class Compare extends Transport {
  constructor(root, { Plotly, send, addresses }) {
    super(root, TEMPLATE, new ViewState());
    this.Plotly = Plotly;
    this.home = new URL("../../", addresses.base);
    root.setAttribute("aria-label", "Runs side by side");
    this.find(".km-scrub").insertAdjacentHTML("beforeend", PART);
    // What is used seldom leaves its room beside the controls to the pictures.
    this.find(".kc-tools").append(this.find(".km-layers"));
    this.find(".kc-tools").insertAdjacentHTML("beforeend", HELP);
    this.find(".km-track").insertAdjacentHTML("beforeend", '<i class="kc-first-difference-mark" hidden></i>');
    this.dialogs = { help: new Help(root) };
    this.views = [];
    this.costs = new Costs(this.find(".kc-costs"), this.find(".kc-note"), Plotly, (index) => this.goBy(index));
    this.ways = new Ways(root, (text) => {
      this.pause();
      send("ways", text);
    });
    this.find(".kc-first-difference").addEventListener("click", () => this.goBy(this.session.firstDifference));
    this.find(".kc-runs").addEventListener("click", (event) => {
      const link = event.target.closest(".kc-open");
      // A click that asks for a tab of its own is the browser's.
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      send("open", { run: Number(link.dataset.run), step: this.index });
    });
  }

  destroy() {
    super.destroy();
    this.costs.destroy();
    for (const view of this.views) view.destroy();
  }

  get isLoaded() {
    return Boolean(this.runs);
  }

  get pictures() {
    return this.views.map(({ picture }) => picture);
  }

  get last() {
    return Math.max(...this.runs.map(({ steps }) => steps.length - 1));
  }

  /** The half-steps of the run that goes on the longest. */
  get longest() {
    return this.runs.find(({ steps }) => steps.length - 1 === this.last).steps;
  }

  get phase() {
    return this.longest[this.index].phase;
  }

  /** How the runs' costs are written at a half-step: those that differ read differently, where they may be compared. */
  costTexts(index) {
    const costs = this.runs.map(({ steps }) => steps[Math.min(index, steps.length - 1)].cost);
    const known = costs.filter((cost) => cost !== null);
    const texts = this.session.sameScale ? amounts(known) : known.map((cost) => amount(cost));
    return costs.map((cost) => (cost === null ? null : texts.shift()));
  }

  get coming() {
    const kinds = new Set(this.runs.flatMap(({ steps }) => steps[this.index + 1]?.phase ?? []));
    return kinds.size > 1 ? "half-step" : ([...kinds][0] ?? null);
  }

  get placeName() {
    return stepName(this.longest[this.index]);
  }

  /** Take other runs, or the same on another theme, and stay at the same place of the story. */
  async load(bytes) {
    const theme = readTheme(this.root);
    const themeKey = JSON.stringify(theme);
    const { session, packed } = unpackMessage(bytes);
    this.session = session;
    this.settings = settingsInUrl();
    this.view.rewrite();
    const runs = unpackRuns(packed);
    const [{ id: name }] = runs;
    const isSame = this.name === name && this.themeKey === themeKey;
    const wasAtEnd = this.runs && this.index > 0 && this.index === this.last;
    if (this.name !== name) this.pause();
    if (!isSame && session.goToStep !== null) this.position.landing = session.goToStep;
    if (isSame) return this.showSession();
    [this.name, this.themeKey, this.runs] = [name, themeKey, runs];
    this.find('[data-layer="cells"]').closest("label").hidden = runs[0].features > 2;
    const turn = ++this.turn;
    this.position.arrive(this.last, wasAtEnd);
    Object.assign(this.root.dataset, {
      ready: "false",
      theme: theme.name,
      run: name,
      runs: runs.length,
      steps: this.last + 1,
    });
    this.root.style.setProperty("--km-on-primary", textOn(theme.accent));
    while (this.views.length > runs.length) this.views.pop().destroy();
    while (this.views.length < runs.length) {
      const i = this.views.length;
      this.views.push(
        new View(this.find(".kc-runs"), i + 1, this.Plotly, this.hidden, (index) => this.costTexts(index)[i]),
      );
    }
    this.find(".km-drawing-note").textContent = drawnAs(runs[0]);
    this.showSession();
    // All at once, so that no picture is ahead of the others.
    await Promise.all(this.views.map((view, i) => view.setRun(runs[i], theme, this.index)));
    if (this.runs !== runs) return; // others came meanwhile
    await this.costs.setRuns(runs, theme, this.index, session);
    this.showControls();
    this.readAloud();
    if (turn === this.turn) this.settle();
  }

  /** Show what belongs to this visitor: how the runs differ, and where they part. */
  showSession() {
    const { firstDifference: parts, links } = this.session;
    this.ways.show(this.session);
    this.views.forEach(({ section }, i) => {
      const link = section.querySelector(".kc-open");
      link.href = new URL(`?${links[i]}`, this.home).href;
      link.dataset.run = i;
      link.setAttribute("aria-label", `Step through run ${i + 1} in the player`);
    });
    const [button, mark] = [".kc-first-difference", ".kc-first-difference-mark"].map((selector) => this.find(selector));
    button.hidden = mark.hidden = parts === null;
    button.innerHTML = `<span><span class="km-wide-only">They </span>part at ${parts}</span>`;
    button.setAttribute("aria-label", `Go to half-step ${parts}, where the runs part`);
    button.title = "The first half-step at which the runs are not alike";
    this.root.style.setProperty("--kc-first-difference", parts === null ? 0 : parts / this.last);
  }

  async paint(index, motion) {
    const shown = this.views.map((view) => view.show(index, motion));
    this.readAloud();
    await Promise.all([...shown, this.costs.show(index)]);
  }

  /** Tell a screen reader what the pictures' sentences say, all at once. */
  readAloud() {
    this.find(".km-live").textContent = this.views.map(({ aloud }) => aloud).join(" ");
  }
}

export const mount = mounter(".kmeans-compare", "compare.css", Compare);
