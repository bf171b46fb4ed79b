// Very many points, as dots on a canvas under Plotly's axes: Plotly would take a visible pause for every half-step.
// At such numbers dots cover each other, and shapes could not be told apart anyway.

import { channelsOf } from "./theme.js";

const MOST_DEVICE_PIXELS = 2; // sharper than that is slower and not seen

export const CROWD = 15_000; // points from which on dots are the smoother play: 48 frames a second instead of 41 at 20 000

const opaque = (color) => {
  const [red, green, blue] = channelsOf(color);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
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
   * Paint the points, pixel by pixel: a hundred thousand drawing commands would take seconds without a graphics card.
   * @param groups [[xs, ys], ...] of one colour each
   * @param changed the same for those that changed cluster, which stand out
   * @param colors of the groups
   * @param axes {toPixels, area} of the picture
   * @param outline the colour around a point that changed
   */
  paint({ groups, changed, colors, axes, outline }) {
    const { canvas } = this;
    const scale = Math.min(devicePixelRatio, MOST_DEVICE_PIXELS);
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    if (!canvas.width || !canvas.height) return;
    const image = this.context.createImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    const paint = (group, size, color) => this.dots(pixels, group, axes, scale, Math.round(size * scale), opaque(color));
    groups.forEach((group, i) => paint(group, 2, colors[i]));
    for (const group of changed) paint(group, 4, outline);
    changed.forEach((group, i) => paint(group, 2, colors[i]));
    this.context.putImageData(image, 0, 0);
  }

  dots(pixels, [xs, ys], axes, scale, size, color) {
    const { width } = this.canvas;
    const { area } = axes;
    // Axes are linear: two places tell where all others are.
    const [[left, top], [right, bottom]] = [axes.toPixels(0, 0), axes.toPixels(1, 1)];
    const [x0, y0] = [Math.ceil(area.x * scale), Math.ceil(area.y * scale)];
    const [x1, y1] = [Math.floor((area.x + area.width) * scale) - size, Math.floor((area.y + area.height) * scale) - size];
    for (let i = 0; i < xs.length; i++) {
      const x = Math.round((left + xs[i] * (right - left)) * scale - size / 2);
      const y = Math.round((top + ys[i] * (bottom - top)) * scale - size / 2);
      if (x < x0 || x > x1 || y < y0 || y > y1) continue;
      for (let row = y; row < y + size; row++) pixels.fill(color, row * width + x, row * width + x + size);
    }
  }
}
