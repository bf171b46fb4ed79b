// The cost of every half-step: what the assigns took off it and what the refines did, and, on demand, the cost that
// another rule would have paid, which nobody kept from rising.

import { amount, difference, signedAmount } from "./numbers.js";
import { counted, stepName } from "./sentences.js";

const FAINT = 0.25; // what is still to come is there, but it is no news yet
const AIR = 0.06; // of the height, above and below the lines

const NAMES = { assign: "assigns", refine: "refines", move: "by hand" };

/** What every chart of costs over half-steps looks like; `end` is the last half-step. */
export function costLayout(theme, end, costs) {
  const axis = { gridcolor: theme.grid, zeroline: false, tickfont: { color: theme.muted, size: 12 * theme.scale } };
  return {
    xaxis: { ...axis, range: [-0.6, end + 0.6], title: { text: "half-step", standoff: 4 } },
    yaxis: { ...axis, nticks: 5, tickmode: "auto", tickformat: tickFormat(costs) },
    margin: { l: 42 * theme.scale, r: 10, t: 6, b: 36 * theme.scale },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.muted, size: 12 * theme.scale },
    showlegend: false,
    hoverlabel: { bgcolor: theme.background, font: { color: theme.text } },
    dragmode: false,
    hovermode: "closest",
  };
}

const sample = (content) => `<svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">${content}</svg>`;
const SAMPLES = {
  assign: sample('<path class="km-solid" d="M0 6h28"/><circle cx="14" cy="6" r="4"/>'),
  refine: sample('<path class="km-dotted" d="M0 6h28"/><path class="km-outline" d="M14 1l5 5-5 5-5-5z"/>'),
  move: sample('<path class="km-thin" d="M0 6h28"/><path class="km-outline" d="M10 2h8v8h-8z"/>'),
  other: sample('<path class="km-thin" d="M0 6h28"/>'),
  rise: sample('<path class="km-rise" d="M14 1l6 10H8z"/>'),
};

const NOTES = `
<p class="km-cost-key"></p>
<label class="km-other-cost">Also show <select></select></label>
<p class="km-other-cost-note" hidden></p>`;

export class CostChart {
  constructor(element, notes, { Plotly, view, onPick }) {
    this.view = view;
    this.Plotly = Plotly;
    this.element = element;
    this.onPick = onPick;
    notes.innerHTML = NOTES;
    [this.key, this.also, this.words] = ["p", "select", ".km-other-cost-note"].map((name) => notes.querySelector(name));
    this.wish = this.view.get("also");
    this.also.addEventListener("change", () => {
      this.wish = this.also.value || null;
      this.view.set("also", this.wish);
      this.draw(this.index);
    });
    this.concealed = false;
    this.resizing = new ResizeObserver(() => this.run && element.clientHeight && Plotly.Plots.resize(element));
    this.resizing.observe(element);
  }

  restoreView() {
    this.wish = this.view.get("also");
    return this.draw(this.index);
  }

  destroy() {
    this.gone = true;
    this.resizing.disconnect();
    this.Plotly.purge(this.element);
  }

  async setRun(run, theme, index) {
    const first = !this.run;
    [this.run, this.theme] = [run, theme];
    this.also.innerHTML =
      `<option value="">nothing</option>` +
      run.otherCosts.map(({ rule, name }) => `<option value="${rule}">${name}</option>`).join("");
    await this.draw(index);
    if (first) this.element.on("plotly_click", ({ points }) => this.onPick(points[0].x));
  }

  /** Leave out what is still to come, axes and all, or show it again. */
  async conceal(on, index) {
    if (this.concealed === on) return;
    this.concealed = on;
    if (this.run) await this.draw(index);
  }

  /** The half-steps that may be seen. */
  get seen() {
    return this.concealed ? this.run.steps.slice(0, this.index + 1) : this.run.steps;
  }

  /** The other rule's cost that is asked for, or null; the run's own rule is no other. */
  get other() {
    return (!this.concealed && this.run.otherCosts.find(({ rule }) => rule === this.wish)) || null;
  }

  async draw(index) {
    this.index = index;
    const { other } = this;
    this.also.value = other?.rule ?? "";
    this.also.disabled = this.concealed;
    this.also.title = this.concealed ? "Not while you predict: it would tell too much" : "";
    this.tell(other);
    const traces = [...this.ownTraces(index), ...(other ? this.otherTraces(other) : [])];
    await this.Plotly.react(this.element, traces, this.layout(other), { displayModeBar: false, responsive: false });
  }

  // --- In words

  tell(other) {
    const { rule } = this.run;
    const steps = this.seen;
    const by = { assign: 0, refine: 0, move: 0 };
    for (const [i, step] of steps.entries()) {
      if (i > 1) by[step.phase] += (step.cost ?? 0) - (steps[i - 1].cost ?? step.cost ?? 0);
    }
    const parts = Object.entries(by)
      .filter(([phase, change]) => phase !== "move" || change)
      .map(([phase, change]) => [phase, `${NAMES[phase]} ${signedAmount(change)}`]);
    if (other) parts.push(["other", other.name]);
    if (other?.rises.length) parts.push(["rise", "it rose"]);
    this.key.innerHTML =
      `<span>${this.concealed ? "So far" : "In all"}:</span> ` +
      parts.map(([name, text]) => `<span>${SAMPLES[name]} ${text}</span>`).join(" ");
    this.words.hidden = !other;
    this.words.textContent = other
      ? `${other.sentence} Each line has its own scale, ${other.name} on the right: ` +
        "the first assign is as high on both."
      : "";
    const costs = steps.map(({ cost }) => cost).filter((cost) => cost !== null);
    if (!costs.length) {
      this.element.setAttribute("aria-label", "Cost after each half-step: there is none yet.");
      return;
    }
    const [before, after] = [costs[0], costs.at(-1)].map((cost) => amount(cost));
    this.element.setAttribute(
      "aria-label",
      `Cost, the ${rule.cost}, over ${counted(steps.length - 1, "half-step")}: from ${before} to ${after}; ` +
        `${parts[0][1]}, ${parts[1][1]}.${other ? ` Also shown: the ${other.name}. ${other.sentence}` : ""}`,
    );
  }

  // --- In lines

  /** What joins each half-step of a kind with the one before it, as pieces of one line. */
  pieces(costs, halfSteps) {
    return {
      x: halfSteps.flatMap((i) => [i - 1, i, null]),
      y: halfSteps.flatMap((i) => [costs[i - 1], costs[i], null]),
      mode: "lines",
      hoverinfo: "skip",
    };
  }

  halfSteps(phase) {
    return this.seen.flatMap((step, i) => (step.phase === phase && step.cost !== null ? [i] : []));
  }

  /** The lines of assigns and refines, then their marks, then the cursor: "show" counts on this order. */
  ownTraces(index) {
    const { theme, run } = this;
    const costs = run.steps.map(({ cost }) => cost);
    const kinds = [
      { halfSteps: this.halfSteps("assign"), symbol: "circle", dash: "solid" },
      { halfSteps: this.halfSteps("refine"), symbol: "diamond-open", dash: "2px,3px" },
      { halfSteps: this.halfSteps("move"), symbol: "square-open", dash: "dot" },
    ];
    const lines = kinds.map(({ halfSteps, dash }) => ({
      ...this.pieces(
        costs,
        halfSteps.filter((i) => costs[i - 1] !== null),
      ),
      line: { color: theme.accent, width: 1.75 * theme.scale, dash },
      opacity: 0.75,
    }));
    const marks = kinds.map(({ halfSteps, symbol }) => ({
      x: halfSteps,
      y: halfSteps.map((i) => costs[i]),
      text: halfSteps.map((i) => this.hover(costs, i)),
      mode: "markers",
      marker: { symbol, size: 7 * theme.scale, color: theme.accent, opacity: reached(halfSteps, index) },
      hovertemplate: "%{text}<extra></extra>",
    }));
    const ring = { symbol: "circle-open", size: 15 * theme.scale, color: theme.text, line: { width: 2 * theme.scale } };
    return [
      ...lines,
      ...marks,
      { ...this.cursor(index), mode: "markers", marker: ring, hoverinfo: "skip", cliponaxis: false },
    ];
  }

  otherTraces({ cost, rises }) {
    const { theme } = this;
    const all = cost.flatMap((_, i) => (i > 0 ? [i] : []));
    const right = { yaxis: "y2", hovertemplate: "%{text}<extra></extra>" };
    return [
      {
        ...right,
        x: all,
        y: all.map((i) => cost[i]),
        text: all.map((i) => this.hover(cost, i)),
        mode: "lines",
        line: { color: theme.muted, width: 1.25 * theme.scale },
      },
      {
        ...right,
        x: rises,
        y: rises.map((i) => cost[i]),
        text: rises.map((i) => this.hover(cost, i)),
        mode: "markers",
        marker: { symbol: "triangle-up", size: 9 * theme.scale, color: theme.text },
      },
    ];
  }

  hover(costs, i) {
    const change = i > 1 ? ` (${signedAmount(difference(costs[i - 1], costs[i]))})` : "";
    return `${stepName(this.run.steps[i])}: ${amount(costs[i])}${change}`;
  }

  cursor(index) {
    const { cost } = this.run.steps[index];
    return { x: cost === null ? [] : [index], y: cost === null ? [] : [cost] };
  }

  layout(other) {
    const { theme } = this;
    const layout = costLayout(
      theme,
      this.end,
      this.run.steps.map(({ cost }) => cost),
    );
    const [left, right] = this.ranges(other);
    return {
      ...layout,
      yaxis: { ...layout.yaxis, ...left },
      yaxis2: {
        ...layout.yaxis,
        tickformat: tickFormat(other?.cost ?? []),
        ...right,
        overlaying: "y",
        side: "right",
        showgrid: false,
      },
      margin: { ...layout.margin, r: other ? 42 * theme.scale : 10 },
    };
  }

  /** Ranges of both axes: on each, a height is the same share of the first assign's cost. */
  ranges(other) {
    const both = [this.run.steps.map(({ cost }) => cost), other?.cost].filter(Boolean).map((costs) => costs.slice(1));
    if (this.concealed) {
      // From 0: a range that fits the whole run would show how low the cost will fall.
      const range = [0, 1.08 * Math.max(...this.run.steps.map(({ cost }) => cost ?? 0)) || 1];
      return [{ autorange: false, range }, {}];
    }
    if (!other || both.some(([first]) => !first)) return [this.ownRange(), { autorange: true }];
    const shares = both.flatMap((costs) => costs.map((cost) => cost / costs[0]));
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    const air = AIR * (high - low || 1);
    return both.map(([first]) => ({ autorange: false, range: [(low - air) * first, (high + air) * first] }));
  }

  /** The half-step that the chart reaches to. */
  get end() {
    return this.concealed ? Math.max(8, this.index + 2) : this.run.steps.length - 1;
  }

  /** All costs with some air; the same at every half-step, so that the curve stands still. */
  ownRange() {
    const costs = this.run.steps.map(({ cost }) => cost).filter((cost) => cost !== null);
    const [low, high] = [Math.min(...costs), Math.max(...costs)];
    const air = AIR * (high - low) || high / 2 || 1;
    return { autorange: false, range: [Math.max(0, low - 1.5 * air), high + 1.5 * air] };
  }

  async show(index) {
    this.index = index;
    if (this.concealed) return this.draw(index);
    const { x, y } = this.cursor(index);
    const marks = [3, 4, 5];
    const opacity = marks.map((trace) => reached(this.element.data[trace].x, index));
    await this.Plotly.restyle(this.element, { "marker.opacity": opacity }, marks);
    if (this.gone) return;
    await this.Plotly.restyle(this.element, { x: [x], y: [y] }, [6]);
  }
}

/** Thousands and millions by their letter; smaller costs as they are, for "400m" would not be read as 0.4. */
function tickFormat(costs) {
  return Math.max(...costs.filter((cost) => cost !== null), 0) >= 1000 ? "~s" : "";
}

function reached(halfSteps, index) {
  return halfSteps.map((i) => (i <= index ? 1 : FAINT));
}
