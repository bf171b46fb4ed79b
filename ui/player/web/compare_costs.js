// The costs of several runs in one chart: a line for each, told apart by its color and its dashes, and a cursor over all.

import { costLayout } from "./cost_layout.js";
import { closePlaces, costLines, costRange, linesUpTo, lastStep, placesAt } from "./cost_lines.js";
import { message } from "./messages.js";
import { amount, amounts } from "./numbers.js";
import { stepName, valueList } from "./sentences.js";

/** @import { Costs } from "./cost_data.js" */
/** @import { Plotly, PlotlyElement, PlotlyLayout, PlotlyTrace } from "./plotly.d.ts" */
/** @import { ComparisonSession } from "./wire.d.ts" */
/** @import { Range, Run, Theme } from "./types.d.ts" */

const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const LINE_PIXELS = 15; // the height of a line of text

/** @param {number} i */
const dashOf = (i) => DASHES[i].map((length) => `${length}px`).join(",") || "solid";

/**
 * Return a piece of a run's line, to be shown beside its name.
 * @param {number} number of the run, from 1
 */
export function lineSample(number) {
  return (
    `<svg class="kc-line" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">` +
    `<path d="M0 6h28" stroke="var(--kc-run-${number})" stroke-dasharray="${DASHES[number - 1].join(" ")}"/></svg>`
  );
}

/** @param {number} value */
const percent = (value) => `${amount(100 * value, 3)}%`;

export class CompareCosts {
  /** @type {Run[]} */
  #runs = [];
  /** @type {Costs[]} */
  #lines = [];
  #areShares = false;
  #index = 0;
  /** @type {number | null} */
  #firstDifference = null;
  /** @type {Theme | null} */
  #theme = null;
  /** @type {Range} */
  #range = [0, 1];

  /**
   * @param {PlotlyElement} element
   * @param {HTMLElement} note
   * @param {{ Plotly: Plotly, onPick: (index: number) => void }} options
   */
  constructor(element, note, { Plotly, onPick }) {
    this.element = element;
    this.note = note;
    this.Plotly = Plotly;
    this.onPick = onPick;
    this.resizing = new ResizeObserver(() => this.#runs.length && Plotly.Plots.resize(element));
    this.resizing.observe(element);
  }

  destroy() {
    this.resizing.disconnect();
    this.Plotly.purge(this.element);
  }

  /** @returns {Theme} */
  get theme() {
    return /** @type {Theme} */ (this.#theme);
  }

  /**
   * @param {Run[]} runs
   * @param {Theme} theme
   * @param {number} index
   * @param {ComparisonSession} session
   */
  async setRuns(runs, theme, index, { sameScale, firstDifference }) {
    const isFirst = !this.#runs.length;
    const { lines, areShares } = costLines(runs, sameScale);
    [this.#runs, this.#theme, this.#index, this.#firstDifference] = [runs, theme, index, firstDifference];
    [this.#lines, this.#areShares, this.#range] = [lines, areShares, costRange(lines)];
    this.#describe();
    const config = { displayModeBar: false, responsive: false, showAxisRangeEntryBoxes: false };
    await this.Plotly.react(this.element, this.#traces(), this.#layout(), config);
    if (isFirst) this.element.on("plotly_click", ({ points }) => this.onPick(points[0].x));
  }

  /**
   * Show another step.
   * @param {number} index
   */
  show(index) {
    this.#index = index;
    this.#describe();
    const traces = this.#traces();
    const data = {
      x: traces.map(({ x }) => x),
      y: traces.map(({ y }) => y),
      text: traces.map(({ text }) => text ?? ""),
    };
    const layout = { shapes: this.#shapes(), annotations: this.#annotations() };
    return this.Plotly.update(this.element, data, layout, [...traces.keys()]);
  }

  get #end() {
    return lastStep(this.#lines);
  }

  // --- In words

  #describe() {
    this.note.textContent = this.#areShares ? message("compare.chart_shares") : "";
    const lines = this.#index ? linesUpTo(this.#lines, this.#index) : [];
    const [firsts, lasts] = [1, -1].map((at) => this.#texts(lines.map((line) => line.at(at) ?? 0)));
    const runs = firsts.map((first, i) => message("compare.chart_run", { run: i + 1, first, last: lasts[i] }));
    const step = this.#firstDifference === null ? "none" : String(this.#firstDifference);
    const label = message("compare.chart_alt", { steps: this.#end, runs: runs.join(" "), step });
    this.element.setAttribute("aria-label", label.replace("  ", " "));
  }

  /**
   * Return costs as text: those that differ read differently, if they can be compared.
   * @param {number[]} costs
   */
  #texts(costs) {
    return this.#areShares ? costs.map(percent) : amounts(costs);
  }

  /** @param {number} cost */
  #text(cost) {
    return this.#areShares ? percent(cost) : amount(cost);
  }

  // --- In lines

  /**
   * A line for each run up to the step, and the cursor above them.
   * @returns {PlotlyTrace[]}
   */
  #traces() {
    const { theme } = this;
    const lines = linesUpTo(this.#lines, this.#index).map((line, i) => ({
      x: line.map((_, at) => at),
      y: line,
      text: line.map((cost, at) => {
        const step = stepName(this.#runs[i].steps[at]);
        return cost !== null && message("compare.chart_point", { run: i + 1, step, cost: this.#text(cost) });
      }),
      mode: "lines+markers",
      line: { color: theme.runs[i], width: 2, dash: dashOf(i) },
      marker: { size: 5 * theme.scale },
      hovertemplate: "%{text}<extra></extra>",
    }));
    return [...lines, this.#cursorTrace()];
  }

  #cursorTrace() {
    const places = placesAt(this.#lines, this.#index);
    const { scale, text } = this.theme;
    return {
      x: places.map(({ at }) => at),
      y: places.map(({ cost }) => cost),
      mode: "markers",
      marker: { symbol: "circle-open", size: 13 * scale, color: text, line: { width: 2 } },
      hoverinfo: "skip",
      cliponaxis: false,
    };
  }

  /** @returns {PlotlyLayout} */
  #layout() {
    const layout = costLayout(this.theme, this.#end, this.#lines.flat());
    const format = this.#areShares ? { tickformat: ".0%" } : {};
    return {
      ...layout,
      margin: { ...layout.margin, t: LINE_PIXELS * this.theme.scale },
      yaxis: { ...layout.yaxis, range: this.#range, autorange: false, ...format },
      shapes: this.#shapes(),
      annotations: this.#annotations(),
    };
  }

  #shapes() {
    const { muted, accent } = this.theme;
    const upright = (/** @type {number} */ x, /** @type {object} */ line) => ({
      ...{ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, layer: "below", line },
    });
    const cursor = upright(this.#index, { color: muted, width: 1 });
    if (this.#firstDifference === null) return [cursor];
    return [cursor, upright(this.#firstDifference, { color: accent, width: 2, dash: "dot" })];
  }

  #annotations() {
    const x = this.#firstDifference;
    if (x === null) return this.#runNumbers();
    const above = { yref: "paper", y: 1, yanchor: "bottom", showarrow: false, font: { color: this.theme.text } };
    const text = message("compare.chart_difference");
    return [...this.#runNumbers(), { ...above, x, xanchor: x > this.#end / 2 ? "right" : "left", text }];
  }

  /** The numbers of the runs beside their places; those of places that are close, in one text. */
  #runNumbers() {
    const { theme, element } = this;
    const { l, r, b } = costLayout(theme, this.#end, []).margin;
    const line = LINE_PIXELS * theme.scale;
    const perStep = (element.clientWidth - l - r) / (this.#end + 1.2);
    const perCost = (element.clientHeight - line - b) / (this.#range[1] - this.#range[0]);
    return closePlaces(placesAt(this.#lines, this.#index), { perStep, perCost, line }).map((group) => ({
      x: Math.max(...group.map(({ at }) => at)),
      y: (group[0].cost + group[group.length - 1].cost) / 2,
      xanchor: "left",
      xshift: 9 * theme.scale,
      text: valueList(group.map(({ run }) => run)),
      showarrow: false,
      bgcolor: theme.background,
      borderpad: 0,
      font: { color: group.length > 1 ? theme.text : theme.runs[group[0].run - 1], weight: 600 },
    }));
  }
}
