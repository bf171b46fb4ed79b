// Very many points on a canvas under Plotly's axes, pixel by pixel: Plotly would take a visible pause for every
// half-step, and a hundred thousand drawing commands take seconds without a graphics card. At such numbers points cover
// each other, and shapes could not be told apart anyway.

import { channelsOf } from "./theme.js";

const MOST_DEVICE_PIXELS = 2; // sharper than that is slower and not seen

export const CROWD = 15_000; // points from which on dots are the smoother play: 48 frames a second instead of 41 at 20 000

/** A colour as a pixel, of a strength up to 255. */
export const pixel = (color, strength = 255) => {
  const [red, green, blue] = channelsOf(color);
  return ((strength << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};

export class Crowd {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * Paint a picture anew.
   * @param axes {toPixels, area} of the picture
   * @param draw is given the raster: its `pixels` in rows of `width`, the `bounds` [left, top, right, bottom] of what
   *   may be painted, the `scale` of its pixels, and `x` and `y`, which tell where a place of the data is in it
   */
  paint(axes, draw) {
    const { canvas } = this;
    const scale = Math.min(devicePixelRatio, MOST_DEVICE_PIXELS);
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    if (!canvas.width || !canvas.height) return;
    const image = this.context.createImageData(canvas.width, canvas.height);
    const { x, y, width, height } = axes.area;
    // Axes are linear: two places tell where all others are.
    const [[left, top], [right, bottom]] = [axes.toPixels(0, 0), axes.toPixels(1, 1)];
    draw({
      pixels: new Uint32Array(image.data.buffer),
      width: canvas.width,
      bounds: [
        Math.ceil(x * scale),
        Math.ceil(y * scale),
        Math.floor((x + width) * scale),
        Math.floor((y + height) * scale),
      ],
      scale,
      x: (value) => (left + value * (right - left)) * scale,
      y: (value) => (top + value * (bottom - top)) * scale,
    });
    this.context.putImageData(image, 0, 0);
  }
}

/**
 * Draw points as dots.
 * @param groups [[xs, ys], ...] of one colour each
 * @param changed the same for those that changed cluster, which stand out
 * @param colors of the groups
 * @param outline the colour around a point that changed
 */
export function paintDots(raster, { groups, changed, colors, outline }) {
  const paint = (group, size, color) => dots(raster, group, Math.round(size * raster.scale), pixel(color));
  groups.forEach((group, i) => paint(group, 2, colors[i]));
  for (const group of changed) paint(group, 4, outline);
  changed.forEach((group, i) => paint(group, 2, colors[i]));
}

function dots({ pixels, width, bounds: [x0, y0, x1, y1], x: toX, y: toY }, [xs, ys], size, color) {
  for (let i = 0; i < xs.length; i++) {
    const x = Math.round(toX(xs[i]) - size / 2);
    const y = Math.round(toY(ys[i]) - size / 2);
    if (x < x0 || x + size > x1 || y < y0 || y + size > y1) continue;
    for (let row = y; row < y + size; row++) pixels.fill(color, row * width + x, row * width + x + size);
  }
}
