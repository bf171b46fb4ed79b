// The points of every cluster as traces of markers, and the axes as Plotly's layout. Pure.

import { rangeOf } from "./data_range.js";
import palette from "./palette.js";

/** @import { PlotlyLayout, PointTrace } from "./plotly.d.ts" */
/** @import { Run, Step, Theme } from "./types.d.ts" */

/** @typedef {[xs: Float32Array, ys: Float32Array]} Places */
/** @typedef {Pick<Step, "labels" | "sizes" | "changed">} Labeling the clusters of all points */

const { markerSizes: MARKER_SIZES } = palette;
const MAX_TITLE_LENGTH = 60;
const DENSE_POINTS = 6000; // more points than this are more transparent
const SMALL_SHARE = 0.7; // of a marker's size, in a small picture
const CLEAR = "rgba(0,0,0,0)";

/**
 * The points of every cluster, after those without one: all points are there while there are no labels.
 * @param {Pick<Run, "points" | "n" | "k">} run
 * @param {Labeling} step
 * @returns {Places[]} `k + 1` of them
 */
export function splitByCluster({ points, n, k }, { labels, sizes }) {
  const counts = [labels ? 0 : n, ...(sizes ?? new Array(k).fill(0))];
  /** @type {Places[]} */
  const groups = counts.map((count) => [new Float32Array(count), new Float32Array(count)]);
  const filled = new Uint32Array(k + 1);
  for (let i = 0; i < n; i++) {
    const group = labels ? labels[i] + 1 : 0;
    const at = filled[group]++;
    groups[group][0][at] = points[2 * i];
    groups[group][1][at] = points[2 * i + 1];
  }
  return groups;
}

/**
 * Some of the points.
 * @param {Float32Array} points `(2n,)`
 * @param {number[]} indices
 * @returns {Places}
 */
export const pickPlaces = (points, indices) => [
  Float32Array.from(indices, (i) => points[2 * i]),
  Float32Array.from(indices, (i) => points[2 * i + 1]),
];

/**
 * The diameter of a marker.
 * @param {number} n how many points there are
 * @param {number} scale of the theme
 * @param {boolean} isSmall
 */
export function markerSize(n, scale, isSmall) {
  const { size } = MARKER_SIZES.find(({ maxPoints }) => n <= (maxPoints ?? Infinity)) ?? MARKER_SIZES[0];
  return (isSmall ? SMALL_SHARE : 1) * scale * size;
}

/**
 * A trace for the points without a cluster, for each cluster, and for the points that switched cluster.
 * @param {Run} run
 * @param {Theme} theme
 * @param {Labeling} step
 * @param {boolean} isSmall
 * @returns {PointTrace[]}
 */
export function pictureTraces(run, theme, step, isSmall) {
  const size = markerSize(run.n, theme.scale, isSmall);
  const opacity = run.n <= DENSE_POINTS ? 0.75 : 0.55;
  // On a dark background, what shines through takes away from the color: blue and green would be too dim.
  const inCluster = theme.name === "dark" ? opacity + 0.25 : opacity;
  const colors = run.colors.slice(0, run.k);
  const reassigned = step.changed ?? [];
  const newCluster = (/** @type {number} */ point) => step.labels?.[point] ?? 0;
  const markers = [
    { color: theme.unassigned, symbol: "circle", size, opacity },
    ...colors.map((color, cluster) => ({ color, symbol: run.symbols[cluster], size, opacity: inCluster })),
    // Filled rather than ringed: where many points switched, rings would hide what they point at.
    {
      color: reassigned.map((point) => colors[newCluster(point)]),
      symbol: reassigned.map((point) => run.symbols[newCluster(point)]),
      size: size + 3,
      opacity: 1,
      line: { width: 1, color: theme.text },
    },
  ];
  const places = [...splitByCluster(run, step), pickPlaces(run.points, reassigned)];
  return places.map(([x, y], i) => ({ x, y, marker: markers[i] }));
}

/**
 * A name as Plotly shows it letter by letter, without taking any of it for markup.
 * @param {string} name
 */
export function axisTitle(name) {
  const short = name.length > MAX_TITLE_LENGTH ? `${name.slice(0, MAX_TITLE_LENGTH - 1)}…` : name;
  return short.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/**
 * @param {Run} run
 * @param {Theme} theme
 * @param {{isSmall: boolean, isMovable: boolean, isTouch: boolean}} options isSmall: no room for numbers at the axes
 * @returns {PlotlyLayout}
 */
export function pictureLayout(run, theme, { isSmall, isMovable, isTouch }) {
  const { scale } = theme;
  const names = isSmall ? null : run.axes;
  const axis = (/** @type {0 | 1} */ feature) => ({
    range: rangeOf(run, feature),
    gridcolor: theme.grid,
    zeroline: false,
    tickfont: { color: theme.muted, size: 12 * scale },
    ticklen: 4,
    tickcolor: CLEAR,
    showticklabels: !isSmall,
    fixedrange: !isMovable,
    title: names && { text: axisTitle(names[feature]), standoff: 6 * scale, font: { size: 13 * scale } },
  });
  const titleRoom = names ? 20 * scale : 0;
  return {
    xaxis: axis(0),
    yaxis: { ...axis(1), ...(run.equalUnits ? { scaleanchor: "x", scaleratio: 1 } : {}) },
    margin: isSmall
      ? { l: 2, r: 2, t: 2, b: 2 }
      : { l: 38 * scale + titleRoom, r: 10, t: 8, b: 26 * scale + titleRoom },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    font: { family: theme.font, color: theme.text },
    modebar: { bgcolor: CLEAR, color: theme.muted, activecolor: theme.text },
    showlegend: false,
    // A finger scrolls the page; a mouse moves the picture.
    dragmode: isTouch || !isMovable ? false : "pan",
    hovermode: false,
  };
}
