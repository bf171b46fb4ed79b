// Very many points on a canvas under Plotly's axes, pixel by pixel. Plotly would pause visibly at every step, and a
// hundred thousand drawing commands take seconds without a graphics card. So many points cover each other, and shapes
// could not be told apart anyway.

import { channelsOf } from "./theme.js";

/** @import { Places } from "./picture_traces.js" */
/** @import { Axes, Raster } from "./types.d.ts" */

const MAX_PIXEL_RATIO = 2; // more is slower and cannot be seen
const DOT_SIZE = { point: 2, outline: 4 }; // in CSS pixels

/** More points than this are dots on the canvas: at 20,000, those play at 48 frames a second and markers at 41. */
export const MAX_MARKERS = 15_000;

/**
 * A color as a pixel.
 * @param {string} color
 * @param {number} [strength] 0 to 255
 */
export const pixel = (color, strength = 255) => {
  const [red, green, blue] = channelsOf(color);
  return ((strength << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};

export class PointCanvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * Replace what is painted.
   * @param {Axes} axes
   * @param {(raster: Raster) => void} draw
   */
  paint(axes, draw) {
    const { canvas } = this;
    const scale = Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    if (!canvas.width || !canvas.height) return;
    const image = this.context.createImageData(canvas.width, canvas.height);
    draw({ pixels: new Uint32Array(image.data.buffer), width: canvas.width, ...rasterAxes(axes, scale) });
    this.context.putImageData(image, 0, 0);
  }
}

/**
 * Where the data is in a raster. Axes are linear, so two places tell where all others are.
 * @param {Pick<Axes, "area" | "toPixels">} axes
 * @param {number} scale
 * @returns {Pick<Raster, "bounds" | "scale" | "x" | "y">}
 */
export function rasterAxes({ area: { x, y, width, height }, toPixels }, scale) {
  const [[left, top], [right, bottom]] = [toPixels(0, 0), toPixels(1, 1)];
  return {
    bounds: [
      Math.ceil(x * scale),
      Math.ceil(y * scale),
      Math.floor((x + width) * scale),
      Math.floor((y + height) * scale),
    ],
    scale,
    x: (value) => (left + value * (right - left)) * scale,
    y: (value) => (top + value * (bottom - top)) * scale,
  };
}

/**
 * Draw points as dots.
 * @param {Raster} raster
 * @param {object} dots
 * @param {Places[]} dots.groups of one color each
 * @param {Places[]} dots.reassigned the same for the points that switched cluster, which get an outline
 * @param {string[]} dots.colors of the groups
 * @param {string} dots.outline
 */
export function paintDots(raster, { groups, reassigned, colors, outline }) {
  const paint = (/** @type {Places} */ group, /** @type {number} */ size, /** @type {string} */ color) =>
    fillDots(raster, group, Math.round(size * raster.scale), pixel(color));
  groups.forEach((group, i) => paint(group, DOT_SIZE.point, colors[i]));
  for (const group of reassigned) paint(group, DOT_SIZE.outline, outline);
  reassigned.forEach((group, i) => paint(group, DOT_SIZE.point, colors[i]));
}

/**
 * @param {Raster} raster
 * @param {Places} places
 * @param {number} size in pixels
 * @param {number} color a pixel
 */
export function fillDots({ pixels, width, bounds: [x0, y0, x1, y1], x: toX, y: toY }, [xs, ys], size, color) {
  for (let i = 0; i < xs.length; i++) {
    const x = Math.round(toX(xs[i]) - size / 2);
    const y = Math.round(toY(ys[i]) - size / 2);
    if (x < x0 || x + size > x1 || y < y0 || y + size > y1) continue;
    for (let row = y; row < y + size; row++) pixels.fill(color, row * width + x, row * width + x + size);
  }
}
