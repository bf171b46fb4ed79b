// The lines and marks of the cost chart, as Plotly takes them.

import { costsOf, segments, stepsOfPhase } from "./cost_data.js";
import { message } from "./messages.js";
import { difference } from "./numbers.js";
import { stepName } from "./sentences.js";

/** @import { Costs } from "./cost_data.js" */
/** @import { PlotlyTrace } from "./plotly.d.ts" */
/** @import { OtherCost, Phase, Step, Theme } from "./types.d.ts" */

/** @type {{phase: Phase, symbol: string, dash: string}[]} */
const LOOKS = [
  { phase: "assign", symbol: "circle", dash: "solid" },
  { phase: "refine", symbol: "diamond-open", dash: "2px,3px" },
  { phase: "move", symbol: "square-open", dash: "dot" },
];
const HOVER = { hovertemplate: "%{text}<extra></extra>" };

/** Where the marks of each phase are in the traces of `runTraces`. */
export const MARK_TRACES = LOOKS.map((_, i) => LOOKS.length + i);
/** Where the cursor is. */
export const CURSOR_TRACE = 2 * LOOKS.length;

/** @type {(theme: Theme, phase: Phase) => string} */
const colorOf = ({ phases, accent }, phase) => (phase === "assign" || phase === "refine" ? phases[phase] : accent);

/**
 * What a mark says on hover.
 * @param {Step[]} steps
 * @param {Costs} costs
 * @param {number} index
 */
export function hoverText(steps, costs, index) {
  const [before, cost] = [index > 1 ? costs[index - 1] : null, costs[index] ?? 0];
  const kind = before === null ? "first" : "change";
  const change = before === null ? 0 : difference(before, cost);
  return message("cost.hover", { kind, step: stepName(steps[index]), cost, change });
}

/**
 * The run's own cost: a line for each phase, their marks, and the cursor.
 * @param {Step[]} steps
 * @param {number} count of the steps up to the present one
 * @param {Theme} theme
 * @returns {PlotlyTrace[]}
 */
export function runTraces(steps, count, theme) {
  const costs = costsOf(steps);
  const visible = steps.slice(0, count);
  const phases = LOOKS.map((look) => ({ ...look, indices: stepsOfPhase(visible, look.phase) }));
  const lines = phases.map(({ phase, indices, dash }) => ({
    ...segments(
      costs,
      indices.filter((i) => costs[i - 1] !== null),
    ),
    mode: "lines",
    hoverinfo: "skip",
    line: { color: colorOf(theme, phase), width: 1.75 * theme.scale, dash },
    opacity: 0.75,
  }));
  const marks = phases.map(({ phase, indices, symbol }) => ({
    ...HOVER,
    x: indices,
    y: indices.map((i) => costs[i]),
    text: indices.map((i) => hoverText(steps, costs, i)),
    mode: "markers",
    marker: { symbol, size: 7 * theme.scale, color: colorOf(theme, phase) },
  }));
  const ring = { symbol: "circle-open", size: 15 * theme.scale, color: theme.text, line: { width: 2 * theme.scale } };
  const cursor = { ...cursorAt(costs, count - 1), mode: "markers", marker: ring, hoverinfo: "skip", cliponaxis: false };
  return [...lines, ...marks, cursor];
}

/**
 * Where the cursor is: nowhere while there is no cost.
 * @param {Costs} costs
 * @param {number} index
 */
export function cursorAt(costs, index) {
  const cost = costs[index];
  return cost === null ? { x: [], y: [] } : { x: [index], y: [cost] };
}

/**
 * Another rule's cost of the same run, with marks where it rises.
 * @param {Step[]} steps
 * @param {number} count of the steps up to the present one
 * @param {OtherCost} other
 * @param {Theme} theme
 * @returns {PlotlyTrace[]}
 */
export function otherTraces(steps, count, { cost: costs, rises }, theme) {
  const all = costs.slice(0, count).flatMap((_, i) => (i > 0 ? [i] : []));
  const points = (/** @type {number[]} */ indices) => ({
    ...HOVER,
    yaxis: "y2",
    x: indices,
    y: indices.map((i) => costs[i]),
    text: indices.map((i) => hoverText(steps, costs, i)),
  });
  return [
    { ...points(all), mode: "lines", line: { color: theme.muted, width: 1.25 * theme.scale } },
    {
      ...points(rises.filter((i) => i < count)),
      mode: "markers",
      marker: { symbol: "triangle-up", size: 9 * theme.scale, color: theme.text },
    },
  ];
}
