// Marker shapes as SVG paths about the origin: a center has the shape of its points.

import { message } from "./messages.js";
import palette from "./palette.js";

/** @import { Place, Run } from "./types.d.ts" */

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
 * @param {number} j
 */
export function swatch(run, j) {
  return (
    `<svg viewBox="-11 -11 22 22" width="16" height="16" class="km-swatch" aria-hidden="true">` +
    `<path d="${shapePath(run.symbols[j], 7)}" fill="${run.colors[j]}"/></svg>`
  );
}

/**
 * Return the color and the shape of cluster j in words, for those who can't see them: "green diamonds".
 * @param {Pick<Run, "names" | "symbols" | "tiles">} run
 * @param {number} j
 * @param {number} count of the marks: a center is one, and has its shape even where points are drawn as tiles
 */
export function lookOf({ names, symbols, tiles }, j, count) {
  const shape = tiles && count > 1 ? "tile" : symbols[j];
  return message("clusters.look", { color: palette.clusters[names[j]].name, shape, count });
}

/**
 * Return the marker of cluster j with its number, and with its look for a screen reader, as the head of a table's row.
 * @param {Run} run
 * @param {number} j
 */
export function namedSwatch(run, j) {
  return `${swatch(run, j)}<span>${j + 1}</span><span class="km-visually-hidden">, ${lookOf(run, j, 1)}</span>`;
}
