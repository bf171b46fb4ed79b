// The cost after every step: what assign and refine steps saved and, on request, the same run's cost by another rule.

import {
  changesByPhase,
  costsOf,
  numbersOf,
  otherCostNamed,
  rangeOfCosts,
  sharedRanges,
  tickFormat,
} from "./cost_data.js";
import { costLayout } from "./cost_layout.js";
import { otherTraces, runTraces } from "./cost_traces.js";
import { elementIn, escapeHtml, queryIn } from "./dom.js";
import { message } from "./messages.js";
import { amount } from "./numbers.js";

/** @import { Plotly, PlotlyElement } from "./plotly.d.ts" */
/** @import { OtherCost, PlayerPart, Run, Theme, View } from "./types.d.ts" */

const MIN_CONCEALED_END = 8; // the last step on the axis while later steps are concealed

const template = () => `
<p class="km-cost-key"></p>
<label class="km-second-cost">${message("cost.second")} <select></select></label>
<p class="km-second-cost-note" hidden></p>`;

const sample = (/** @type {string} */ content, phase = "") =>
  `<svg viewBox="0 0 28 12" width="28" height="12" data-accent="${phase}" aria-hidden="true">${content}</svg>`;
const SAMPLES = {
  assign: sample('<path class="km-solid" d="M0 6h28"/><circle cx="14" cy="6" r="4"/>', "assign"),
  refine: sample('<path class="km-dotted" d="M0 6h28"/><path class="km-outline" d="M14 1l5 5-5 5-5-5z"/>', "refine"),
  move: sample('<path class="km-thin" d="M0 6h28"/><path class="km-outline" d="M10 2h8v8h-8z"/>'),
  other: sample('<path class="km-thin" d="M0 6h28"/>'),
  rise: sample('<path class="km-rise" d="M14 1l6 10H8z"/>'),
};

/** @implements {PlayerPart} */
export class CostChart {
  /** @type {Run | null} */
  #run = null;
  /** @type {Theme | null} */
  #theme = null;
  #index = 0;
  #isConcealed = false;
  #isDestroyed = false;
  /** @type {string | null} the rule whose cost the visitor wants to see */
  #rule;

  /**
   * @param {PlotlyElement} element
   * @param {HTMLElement} notes takes the key and the choice of another cost
   * @param {{Plotly: Plotly, view: View, onPick: (index: number) => void}} context onPick takes a clicked step
   */
  constructor(element, notes, { Plotly, view, onPick }) {
    this.element = element;
    this.Plotly = Plotly;
    this.view = view;
    this.onPick = onPick;
    notes.innerHTML = template();
    this.key = elementIn(notes, ".km-cost-key");
    this.choice = queryIn(notes, "select", HTMLSelectElement);
    this.note = elementIn(notes, ".km-second-cost-note");
    this.#rule = view.get("also");
    this.choice.addEventListener("change", () => {
      this.#rule = this.choice.value || null;
      view.set("also", this.#rule);
      this.#draw();
    });
    this.resizing = new ResizeObserver(() => {
      if (this.#run && element.clientHeight) Plotly.Plots.resize(element);
    });
    this.resizing.observe(element);
  }

  // --- As a part of the player

  restoreView() {
    this.#rule = this.view.get("also");
    return this.#draw();
  }

  destroy() {
    this.#isDestroyed = true;
    this.resizing.disconnect();
    this.Plotly.purge(this.element);
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   * @param {number} index
   */
  async setRun(run, theme, index) {
    const isFirst = !this.#run;
    this.#run = run;
    this.#theme = theme;
    this.#index = index;
    const options = run.otherCosts.map(({ rule, name }) => `<option value="${rule}">${name}</option>`);
    this.choice.innerHTML = `<option value="">${message("cost.no_other")}</option>${options.join("")}`;
    await this.#draw();
    if (isFirst) this.element.on("plotly_click", ({ points }) => this.onPick(points[0].x));
  }

  /** Show the costs up to a step. @param {number} index */
  show(index) {
    this.#index = index;
    return this.#draw();
  }

  /**
   * Leave out what the axes tell of later steps, or show it again.
   * @param {boolean} isConcealed
   * @param {number} index
   */
  async conceal(isConcealed, index) {
    if (this.#isConcealed === isConcealed) return;
    this.#isConcealed = isConcealed;
    this.#index = index;
    await this.#draw();
  }

  // --- Drawing

  async #draw() {
    const [run, theme] = [this.#run, this.#theme];
    if (!run || !theme || this.#isDestroyed) return;
    const other = this.#isConcealed ? null : otherCostNamed(run.otherCosts, this.#rule);
    this.choice.value = other?.rule ?? "";
    this.choice.disabled = this.#isConcealed;
    this.choice.title = this.#isConcealed ? message("cost.concealed") : "";
    // The curve grows with the steps: the future would take the suspense, but not the range, or the curve would jump.
    const count = this.#index + 1;
    this.#describe(run, count, other);
    this.element.setAttribute("aria-label", chartDescription(run, count, other));
    const traces = runTraces(run.steps, count, theme);
    if (other) traces.push(...otherTraces(run.steps, count, other, theme));
    const config = { displayModeBar: false, responsive: false, showAxisRangeEntryBoxes: false };
    await this.Plotly.react(this.element, traces, this.#layout(run, theme, other), config);
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   * @param {OtherCost | null} other
   */
  #layout(run, theme, other) {
    const costs = costsOf(run.steps);
    const end = this.#isConcealed ? Math.max(MIN_CONCEALED_END, this.#index + 2) : run.steps.length - 1;
    const layout = costLayout(theme, end, costs);
    const shared = other && sharedRanges(costs, other.cost);
    const range = rangeOfCosts(costs);
    const right = shared ? { autorange: false, range: shared[1] } : { autorange: true };
    return {
      ...layout,
      yaxis: { ...layout.yaxis, autorange: false, range: shared ? shared[0] : range },
      yaxis2: {
        ...layout.yaxis,
        ...right,
        title: { text: "" },
        tickformat: tickFormat(other?.cost ?? []),
        overlaying: "y",
        side: "right",
        showgrid: false,
      },
      margin: { ...layout.margin, r: other ? layout.margin.l : layout.margin.r },
    };
  }

  // --- Words

  /**
   * @param {Run} run
   * @param {number} count of the steps up to the present one
   * @param {OtherCost | null} other
   */
  #describe(run, count, other) {
    const steps = run.steps.slice(0, count);
    this.key.innerHTML = keyHtml(changesByPhase(steps), other, count === run.steps.length);
    this.note.hidden = !other;
    this.note.textContent = other ? message("cost.other_note", { sentence: other.sentence, cost: other.name }) : "";
  }
}

/**
 * The key of the chart.
 * @param {ReturnType<typeof changesByPhase>} changes
 * @param {OtherCost | null} other
 * @param {boolean} isEnd whether the changes are those of the whole run
 */
function keyHtml({ assign, refine, move }, other, isEnd) {
  /** @type {[sample: string, text: string][]} */
  const entries = [
    [SAMPLES.assign, message("cost.saved_by_assign", { saved: -assign })],
    [SAMPLES.refine, message("cost.saved_by_refine", { saved: -refine })],
  ];
  if (move) entries.push([SAMPLES.move, message("cost.changed_by_move", { change: move })]);
  if (other) entries.push([SAMPLES.other, escapeHtml(other.name)]);
  if (other?.rises.length) entries.push([SAMPLES.rise, message("cost.rose")]);
  const heading = `<span>${message("cost.span", { is_end: isEnd })}</span> `;
  return heading + entries.map(([icon, text]) => `<span>${icon} ${text}</span>`).join(" ");
}

/**
 * What the chart shows, for those who can't see it.
 * @param {Run} run
 * @param {number} count of the steps up to the present one
 * @param {OtherCost | null} other
 */
export function chartDescription({ steps, rule }, count, other) {
  const visible = steps.slice(0, count);
  const costs = numbersOf(costsOf(visible));
  if (!costs.length) return message("cost.no_cost");
  const { assign, refine } = changesByPhase(visible);
  const text = message("cost.description", {
    cost: rule.cost,
    steps: count - 1,
    before: amount(costs[0]),
    after: amount(costs[costs.length - 1]),
    assign: -assign,
    refine: -refine,
  });
  return other ? `${text} ${message("cost.other_description", { cost: other.name, sentence: other.sentence })}` : text;
}
