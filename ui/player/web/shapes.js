// Marker shapes as SVG paths about the origin: a center has the shape of its points.

import palette from "./palette.js";

/** @import { Place, Run, Theme } from "./types.d.ts" */

/**
 * Return the path of a shape that looks as large as a circle of that radius.
 * @param {string} name as Plotly names it
 * @param {number} radius in pixels
 */
export function shapePath(name, radius) {
  const corners = palette.shapes[name].outline.map(([x, y]) => `${(x * radius).toFixed(2)},${(y * radius).toFixed(2)}`);
  return `M${corners.join("L")}Z`;
}

/**
 * Return where a number is written in a shape: triangles have their room below or beside the middle.
 * @param {string} name
 * @param {number} radius
 * @returns {Place}
 */
export function shapeMiddle(name, radius) {
  const [x, y] = palette.shapes[name].number;
  return [x * radius, y * radius];
}

/**
 * Return the marker of cluster j, as markup for a line of text.
 * @param {Run} run
 * @param {Theme} theme
 * @param {number} j
 */
export function swatch(run, theme, j) {
  return (
    `<svg viewBox="-11 -11 22 22" width="16" height="16" class="km-swatch" aria-hidden="true">` +
    `<path d="${shapePath(run.symbols[j], 7)}" fill="${run.colors[theme.name][j]}"/></svg>`
  );
}
