// The costs of several runs on one chart: a line for each, told apart by how it is dashed, and a cursor over all.

import { costLayout } from "./cost_layout.js";
import { amount, amounts } from "./numbers.js";
import { counted, stepName } from "./sentences.js";

// Colours are the clusters'; lines differ in their dashes.
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const dashOf = (i) => (DASHES[i].length ? DASHES[i].map((length) => `${length}px`).join(",") : "solid");

/** A piece of a run's line, to stand beside its name. */
export function lineSample(number) {
  return (
    `<svg class="kc-line" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">` +
    `<path d="M0 6h28" stroke-dasharray="${DASHES[number - 1].join(" ")}"/></svg>`
  );
}

const LINE_PIXELS = 15; // the height of a number

const share = (value) => `${Number((100 * value).toPrecision(3))}%`;

export class Costs {
  constructor(element, note, Plotly, onPick) {
    Object.assign(this, { element, note, Plotly, onPick });
    this.resizing = new ResizeObserver(() => this.runs && Plotly.Plots.resize(element));
    this.resizing.observe(element);
  }

  destroy() {
    this.resizing.disconnect();
    this.Plotly.purge(this.element);
  }

  async setRuns(runs, theme, index, { sameScale, firstDifference: parts }) {
    const first = !this.runs;
    Object.assign(this, { runs, theme, index, parts });
    const initial = runs.map(({ steps }) => steps[1]?.cost);
    // Shares of nothing would say nothing.
    this.inShares = !sameScale && initial.every(Boolean);
    this.lines = runs.map(({ steps }, i) =>
      steps.map(({ cost }) => (this.inShares && cost !== null ? cost / initial[i] : cost)),
    );
    this.tell();
    await this.Plotly.react(this.element, this.traces(), this.layout(), { displayModeBar: false, responsive: false });
    if (first) this.element.on("plotly_click", ({ points }) => this.onPick(points[0].x));
  }

  tell() {
    this.note.textContent = this.inShares
      ? "The rules count cost differently, so their costs can’t be compared: each line is a share of that run’s first cost."
      : "";
    const [firsts, lasts] = [1, -1].map((at) => this.texts(this.lines.map((line) => line.at(at))));
    const ends = this.lines.map((_, i) => `run ${i + 1} from ${firsts[i]} to ${lasts[i]}`);
    const cursor = this.parts === null ? "" : ` The runs part at half-step ${this.parts}.`;
    this.element.setAttribute(
      "aria-label",
      `Cost over ${counted(this.end, "half-step")}: ${ends.join("; ")}.${cursor}`,
    );
  }

  /** Costs as text: where they may be compared, those that differ read differently. */
  texts(values) {
    return this.inShares ? values.map(share) : amounts(values);
  }

  text(value) {
    return this.inShares ? share(value) : amount(value);
  }

  get end() {
    return Math.max(...this.lines.map((line) => line.length - 1));
  }

  /** A line a run, and above them the places where each is now. */
  traces() {
    const { theme } = this;
    const lines = this.lines.map((line, i) => ({
      x: line.map((_, at) => at),
      y: line,
      text: line.map(
        (cost, at) => cost !== null && `Run ${i + 1}, ${stepName(this.runs[i].steps[at])}: ${this.text(cost)}`,
      ),
      mode: "lines+markers",
      line: { color: i ? theme.text : theme.accent, width: 2, dash: dashOf(i) },
      marker: { size: 5 * theme.scale },
      hovertemplate: "%{text}<extra></extra>",
    }));
    return [...lines, this.here()];
  }

  /** Where each run is now: its half-step and its cost. */
  places() {
    return this.lines.map((line) => {
      const at = Math.min(this.index, line.length - 1);
      return { at, cost: line[at] };
    });
  }

  here() {
    const places = this.places();
    return {
      x: places.map(({ at }) => at),
      y: places.map(({ cost }) => cost),
      mode: "markers",
      marker: { symbol: "circle-open", size: 13 * this.theme.scale, color: this.theme.text, line: { width: 2 } },
      hoverinfo: "skip",
      cliponaxis: false,
    };
  }

  layout() {
    const layout = costLayout(this.theme, this.end, this.lines.flat());
    const costs = this.lines.flat().filter((cost) => cost !== null);
    const [low, high] = [Math.min(...costs), Math.max(...costs)];
    const air = 0.09 * (high - low) || high / 2 || 1;
    this.margin = { ...layout.margin, t: LINE_PIXELS * this.theme.scale };
    const range = (this.range = [Math.max(0, low - air), high + 1.6 * air]);
    return {
      ...layout,
      margin: this.margin,
      yaxis: { ...layout.yaxis, range, autorange: false, ...(this.inShares ? { tickformat: ".0%" } : {}) },
      shapes: this.shapes(),
      annotations: this.annotations(),
    };
  }

  shapes() {
    const upright = (x, line) => ({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, layer: "below", line });
    const cursor = upright(this.index, { color: this.theme.muted, width: 1 });
    return this.parts === null
      ? [cursor]
      : [cursor, upright(this.parts, { color: this.theme.accent, width: 2, dash: "dot" })];
  }

  annotations() {
    const font = { color: this.theme.text };
    const parting = { x: this.parts, xanchor: this.parts > this.end / 2 ? "right" : "left", text: "they part", font };
    const above = { yref: "paper", y: 1, yanchor: "bottom", showarrow: false };
    return [...this.numbers(), ...(this.parts === null ? [] : [{ ...parting, ...above }])];
  }

  /** The runs' numbers beside their places and over the lines; one for several, from the top, where these are near. */
  numbers() {
    const { theme, range, margin, element } = this;
    const line = LINE_PIXELS * theme.scale;
    const across = (element.clientWidth - margin.l - margin.r) / (this.end + 1.2);
    const up = (element.clientHeight - margin.t - margin.b) / (range[1] - range[0]);
    const isNear = (one, other) =>
      Math.abs(one.at - other.at) * across < 1.5 * line && Math.abs(one.cost - other.cost) * up < 0.9 * line;
    const groups = [];
    for (const place of this.places()
      .map((one, i) => ({ ...one, name: i + 1 }))
      .sort((a, b) => b.cost - a.cost)) {
      if (place.cost === null) continue;
      const group = groups.find((members) => members.some((member) => isNear(member, place)));
      if (group) group.push(place);
      else groups.push([place]);
    }
    return groups.map((group) => ({
      x: Math.max(...group.map(({ at }) => at)),
      y: (group[0].cost + group.at(-1).cost) / 2,
      xanchor: "left",
      xshift: 9 * theme.scale,
      text: group.map(({ name }) => name).join(", "),
      showarrow: false,
      bgcolor: theme.background,
      borderpad: 0,
      font: { color: theme.text },
    }));
  }

  show(index) {
    this.index = index;
    const { x, y } = this.here();
    const layout = { shapes: this.shapes(), annotations: this.annotations() };
    return this.Plotly.update(this.element, { x: [x], y: [y] }, layout, [this.lines.length]);
  }
}
