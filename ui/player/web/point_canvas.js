// The points on a canvas above Plotly's axes, pixel by pixel: without a graphics card, 14,000 commands to draw an image
// take six times as long, and a hundred thousand take seconds. Plotly's own markers need WebGL, whose contexts are few and
// slow to make, and two thirds of its bundle.
//
// Very many points are dots: they cover each other, and shapes could not be told apart anyway.

import { shapePath } from "./shapes.js";
import { channelsOf } from "./theme.js";

/** @import { Places } from "./picture_traces.js" */
/** @import { PointTrace } from "./plotly.d.ts" */
/** @import { Axes, Raster } from "./types.d.ts" */

const MAX_PIXEL_RATIO = 2; // more is slower and cannot be seen
const MAX_REACH = 0.75; // of a marker from its middle, as a share of its size: the tips of triangles and stars
const MAX_STAMPS = 200;
const DOT_SIZE = { point: 2, outline: 4 }; // in CSS pixels

/** More points than this are dots. */
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

// --- Markers

/** @typedef {{color: string, symbol: string, size: number, opacity: number, line?: {color: string, width: number}}} Look */

/** A marker as pixels: red, green, blue, and opacity of each. @typedef {{ bytes: Uint8ClampedArray, size: number }} Stamp */

/** @type {Map<string, Stamp>} */
const stamps = new Map();

/**
 * Return a marker, which is drawn once for each look.
 * @param {Look} look
 * @param {number} scale
 * @returns {Stamp}
 */
function stampOf(look, scale) {
  const key = JSON.stringify([look, scale]);
  const stamp = stamps.get(key) ?? drawStamp(look, scale);
  if (stamps.size >= MAX_STAMPS) stamps.clear();
  stamps.set(key, stamp);
  return stamp;
}

/**
 * @param {Look} look
 * @param {number} scale
 */
function drawStamp({ color, symbol, size, opacity, line }, scale) {
  const path = new Path2D(shapePath(symbol, size / 2));
  const reach = Math.ceil((MAX_REACH * size + (line?.width ?? 0)) * scale);
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * reach, height: 2 * reach });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.translate(reach, reach);
  context.scale(scale, scale);
  context.globalAlpha = opacity;
  context.fillStyle = color;
  context.fill(path);
  if (line) {
    context.strokeStyle = line.color;
    context.lineWidth = line.width;
    context.stroke(path);
  }
  return { bytes: context.getImageData(0, 0, 2 * reach, 2 * reach).data, size: 2 * reach };
}

/**
 * Put a stamp over what is painted.
 * @param {Uint8ClampedArray} bytes of the raster
 * @param {Raster} raster
 * @param {Stamp} stamp
 * @param {number} x of its middle
 * @param {number} y
 */
function putStamp(bytes, { width, bounds: [x0, y0, x1, y1] }, stamp, x, y) {
  const [left, top] = [Math.round(x - stamp.size / 2), Math.round(y - stamp.size / 2)];
  const [from, to] = [Math.max(left, x0), Math.min(left + stamp.size, x1)];
  const last = Math.min(top + stamp.size, y1);
  for (let row = Math.max(top, y0); row < last; row++) {
    let at = 4 * (row * width + from);
    let source = 4 * ((row - top) * stamp.size + from - left);
    for (let column = from; column < to; column++, at += 4, source += 4) {
      const over = stamp.bytes[source + 3];
      if (!over) continue;
      const under = (bytes[at + 3] * (255 - over)) / 255;
      for (let channel = 0; channel < 3; channel++) {
        const sum = stamp.bytes[source + channel] * over + bytes[at + channel] * under;
        bytes[at + channel] = sum / (over + under);
      }
      bytes[at + 3] = over + under;
    }
  }
}

/**
 * Return the look of one point of a trace.
 * @param {PointTrace} trace
 * @param {number} i
 * @returns {Look}
 */
export function lookOfPoint({ marker: { color, symbol, ...look } }, i) {
  return {
    ...look,
    color: Array.isArray(color) ? color[i] : color,
    symbol: Array.isArray(symbol) ? symbol[i] : symbol,
  };
}

/**
 * Draw points as markers.
 * @param {Raster} raster
 * @param {PointTrace[]} traces drawn in this order
 * @param {(look: Look, scale: number) => Stamp} makeStamp
 */
export function paintMarkers(raster, traces, makeStamp = stampOf) {
  const bytes = new Uint8ClampedArray(raster.pixels.buffer);
  for (const trace of traces) {
    const { x, y, marker } = trace;
    /** The stamps of this trace by the points' colors and symbols. @type {Map<string, Stamp>} */
    const looks = new Map();
    for (let i = 0; i < x.length; i++) {
      const key = Array.isArray(marker.color) ? `${marker.color[i]} ${marker.symbol[i]}` : "";
      const stamp = looks.get(key) ?? makeStamp(lookOfPoint(trace, i), raster.scale);
      looks.set(key, stamp);
      putStamp(bytes, raster, stamp, raster.x(x[i]), raster.y(y[i]));
    }
  }
}

/**
 * Whether a marker can be seen between the axes.
 * @param {Axes["area"]} area
 * @param {number} left
 * @param {number} top
 * @param {number} size
 */
export const isInArea = ({ x, y, width, height }, left, top, size) =>
  left >= x - size && left <= x + width + size && top >= y - size && top <= y + height + size;

// --- Dots

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
