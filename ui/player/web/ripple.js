// Assign ripples outward from the centers: a copy of the old points lies over the new ones, and growing discs around the
// centers are taken out of it. So points show their new color in the order of their distance to the nearest center.

import { centerAt } from "./center_geometry.js";

/** @import { Axes, Place, Run, Step } from "./types.d.ts" */

const MEASURED = 2000; // points that tell how far the discs must grow
const MARKER = 10; // pixels around a point that belong to its marker

/**
 * Return where the discs begin, and how large they are when they hold all points, in pixels.
 * @param {Pick<Run, "points">} run
 * @param {Pick<Step, "centers" | "active">} step
 * @param {Axes["toPixels"]} toPixels
 */
export function discsOf({ points }, { centers, active }, toPixels) {
  const middles = active.flatMap((isActive, cluster) => (isActive ? [toPixels(...centerAt(centers, cluster))] : []));
  const stride = Math.max(1, Math.floor(points.length / 2 / MEASURED));
  let reach = 0;
  for (let i = 0; i < points.length / 2; i += stride) {
    const [x, y] = toPixels(...centerAt(points, i));
    reach = Math.max(reach, Math.min(...middles.map(([left, top]) => Math.hypot(left - x, top - y))));
  }
  return { middles, reach: reach + MARKER };
}

/**
 * Take discs out of what is drawn.
 * @param {CanvasRenderingContext2D} context
 * @param {Place[]} middles
 * @param {number} radius
 * @param {number} scale pixels of the canvas for each of CSS
 */
export function eraseDiscs(context, middles, radius, scale) {
  context.globalCompositeOperation = "destination-out";
  for (const [x, y] of middles) {
    context.beginPath();
    context.arc(x * scale, y * scale, radius * scale, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalCompositeOperation = "source-over";
}
