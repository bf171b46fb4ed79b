// The costs of several runs in one chart: a line for each, told apart by its dashes, and a cursor over all.

import { runNumberLabels } from "./compare_labels.js";
import { costLayout } from "./cost_layout.js";
import { message } from "./messages.js";
import { amount, amounts, percent } from "./numbers.js";
import { stepName } from "./sentences.js";

/** @import { Costs as CostSeries } from "./cost_data.js" */
/** @import { Plotly, PlotlyElement, PlotlyLayout, PlotlyTrace } from "./plotly.d.ts" */
/** @import { Run, Theme } from "./types.d.ts" */
/** @import { ComparisonSession } from "./wire.d.ts" */

// Colors belong to clusters, so lines differ in their dashes.
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const LINE_PIXELS = 15; // the height of a number

/**
 * Plotly's dashes of a run's line.
 * @param {number} i
 */
const dashOf = (i) => (DASHES[i].length ? DASHES[i].map((length) => `${length}px`).join(",") : "solid");

/**
 * A piece of a run's line, to stand beside its name.
 * @param {number} number from 1
 */
export function lineSample(number) {
  return (
    `<svg class="kc-line" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">` +
    `<path d="M0 6h28" stroke-dasharray="${DASHES[number - 1].join(" ")}"/></svg>`
  );
}

/** The chart below the pictures of a comparison. */
export class Costs {
  #element;
  #note;
  #Plotly;
  #onPick;
  #resizing;
  /** @type {Run[] | null} */
  #runs = null;
  /** @type {Theme | null} */
  #theme = null;
  #index = 0;
  /** @type {number | null} */
  #firstDifference = null;
  /** Whether lines are shares of their runs' first costs, since the rules measure costs differently. */
  #inShares = false;
  /** @type {CostSeries[]} */
  #lines = [];
  /** @type {{l: number, r: number, t: number, b: number}} */
  #margin = { l: 0, r: 0, t: 0, b: 0 };
  /** @type {[number, number]} */
  #range = [0, 1];

  /**
   * @param {PlotlyElement} element
   * @param {HTMLElement} note
   * @param {Plotly} Plotly
   * @param {(index: number) => void} onPick is given the half-step that was clicked
   */
  constructor(element, note, Plotly, onPick) {
    this.#element = element;
    this.#note = note;
    this.#Plotly = Plotly;
    this.#onPick = onPick;
    this.#resizing = new ResizeObserver(() => this.#runs && Plotly.Plots.resize(element));
    this.#resizing.observe(element);
  }

  destroy() {
    this.#resizing.disconnect();
    this.#Plotly.purge(this.#element);
  }

  /**
   * @param {Run[]} runs
   * @param {Theme} theme
   * @param {number} index
   * @param {Pick<ComparisonSession, "sameScale" | "firstDifference">} session
   */
  async setRuns(runs, theme, index, { sameScale, firstDifference }) {
    const isFirst = !this.#runs;
    [this.#runs, this.#theme, this.#index, this.#firstDifference] = [runs, theme, index, firstDifference];
    const initial = runs.map(({ steps }) => steps[1]?.cost ?? 0);
    // Shares of zero mean nothing.
    this.#inShares = !sameScale && initial.every(Boolean);
    this.#lines = runs.map(({ steps }, i) =>
      steps.map(({ cost }) => (this.#inShares && cost !== null ? cost / initial[i] : cost)),
    );
    this.#describe();
    const config = { displayModeBar: false, responsive: false };
    await this.#Plotly.react(this.#element, this.#traces(theme), this.#layout(theme), config);
    if (isFirst) this.#element.on("plotly_click", ({ points }) => this.#onPick(points[0].x));
  }

  /** @param {number} index */
  async show(index) {
    this.#index = index;
    if (!this.#theme) return;
    const { x, y } = this.#cursorTrace(this.#theme);
    const layout = { shapes: this.#shapes(this.#theme), annotations: this.#annotations(this.#theme) };
    await this.#Plotly.update(this.#element, { x: [x], y: [y] }, layout, [this.#lines.length]);
  }

  get #end() {
    return Math.max(...this.#lines.map((line) => line.length - 1));
  }

  /** Say what the chart shows, for those who can't see it, and why lines may be shares. */
  #describe() {
    this.#note.textContent = this.#inShares ? message("compare.chart_shares") : "";
    const firsts = this.#texts(this.#lines.map((line) => line[1]));
    const lasts = this.#texts(this.#lines.map((line) => line[line.length - 1]));
    const runs = this.#lines.map((_, i) =>
      message("compare.chart_run", { run: i + 1, first: firsts[i], last: lasts[i] }),
    );
    const sentences = [message("compare.chart_alt", { steps: this.#end, runs: runs.join("; ") })];
    if (this.#firstDifference !== null) {
      sentences.push(message("compare.chart_difference_alt", { step: this.#firstDifference }));
    }
    this.#element.setAttribute("aria-label", sentences.join(" "));
  }

  /**
   * Costs as text: where they may be compared, those that differ read differently.
   * @param {CostSeries} values
   */
  #texts(values) {
    const numbers = values.map((value) => value ?? 0);
    return this.#inShares ? numbers.map(percent) : amounts(numbers);
  }

  /**
   * A line for each run, and above them the places where each is now.
   * @param {Theme} theme
   */
  #traces(theme) {
    const lines = this.#lines.map((line, i) => ({
      x: line.map((_, at) => at),
      y: line,
      text: line.map((cost, at) => cost !== null && this.#pointText(i, at, cost)),
      mode: "lines+markers",
      line: { color: i ? theme.text : theme.accent, width: 2, dash: dashOf(i) },
      marker: { size: 5 * theme.scale },
      hovertemplate: "%{text}<extra></extra>",
    }));
    return [...lines, this.#cursorTrace(theme)];
  }

  /**
   * What a point of a line says when it is hovered.
   * @param {number} i the run
   * @param {number} at the half-step
   * @param {number} cost
   */
  #pointText(i, at, cost) {
    const step = this.#runs ? stepName(this.#runs[i].steps[at]) : "";
    return message("compare.chart_point", {
      run: i + 1,
      step,
      cost: this.#inShares ? percent(cost) : amount(cost),
    });
  }

  /** Where each run is now: its half-step and its cost. */
  #places() {
    return this.#lines.map((line) => {
      const at = Math.min(this.#index, line.length - 1);
      return { at, cost: line[at] };
    });
  }

  /**
   * @param {Theme} theme
   * @returns {PlotlyTrace}
   */
  #cursorTrace(theme) {
    const places = this.#places();
    return {
      x: places.map(({ at }) => at),
      y: places.map(({ cost }) => cost),
      mode: "markers",
      marker: { symbol: "circle-open", size: 13 * theme.scale, color: theme.text, line: { width: 2 } },
      hoverinfo: "skip",
      cliponaxis: false,
    };
  }

  /**
   * @param {Theme} theme
   * @returns {PlotlyLayout}
   */
  #layout(theme) {
    const layout = costLayout(theme, this.#end, this.#lines.flat());
    const costs = this.#lines.flat().filter((cost) => cost !== null);
    const [low, high] = [Math.min(...costs), Math.max(...costs)];
    const padding = 0.09 * (high - low) || high / 2 || 1;
    this.#margin = { ...layout.margin, t: LINE_PIXELS * theme.scale };
    this.#range = [Math.max(0, low - padding), high + 1.6 * padding];
    const format = this.#inShares ? { tickformat: ".0%" } : {};
    return {
      ...layout,
      margin: this.#margin,
      yaxis: { ...layout.yaxis, range: this.#range, autorange: false, ...format },
      shapes: this.#shapes(theme),
      annotations: this.#annotations(theme),
    };
  }

  /**
   * Vertical lines: the cursor, and the first difference.
   * @param {Theme} theme
   */
  #shapes(theme) {
    const vertical = (/** @type {number} */ x, /** @type {object} */ line) => {
      return { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, layer: "below", line };
    };
    const cursor = vertical(this.#index, { color: theme.muted, width: 1 });
    const difference = this.#firstDifference;
    return difference === null
      ? [cursor]
      : [cursor, vertical(difference, { color: theme.accent, width: 2, dash: "dot" })];
  }

  /**
   * The name of the first difference, and the runs' numbers beside their places.
   * @param {Theme} theme
   */
  #annotations(theme) {
    const { clientWidth, clientHeight } = this.#element;
    const pixels = {
      x: (clientWidth - this.#margin.l - this.#margin.r) / (this.#end + 1.2),
      y: (clientHeight - this.#margin.t - this.#margin.b) / (this.#range[1] - this.#range[0]),
    };
    const labels = runNumberLabels(this.#places(), pixels, LINE_PIXELS * theme.scale, theme);
    const difference = this.#firstDifference;
    if (difference === null) return labels;
    const xanchor = difference > this.#end / 2 ? "right" : "left";
    const text = message("compare.chart_difference");
    const above = { yref: "paper", y: 1, yanchor: "bottom", showarrow: false };
    return [...labels, { x: difference, xanchor, text, font: { color: theme.text }, ...above }];
  }
}
