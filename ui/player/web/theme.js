// The colors of the page's theme, as Streamlit sets them, and whether the visitor prefers reduced motion.

import palette from "./palette.js";

/** @import { Theme } from "./types.d.ts" */

const HEX = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i;

/**
 * Return an opaque color as #rrggbb. A canvas writes every color that way; painting it and reading the pixel would wait
 * for the graphics card.
 * @param {string} color
 */
function hexOf(color) {
  if (HEX.test(color)) return color;
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.fillStyle = color;
  return context.fillStyle;
}

/**
 * Return red, green, and blue, 0 to 255, of an opaque color in any notation of CSS.
 * @param {string} color
 */
export function channelsOf(color) {
  return (HEX.exec(hexOf(color)) ?? []).slice(1).map((channel) => Number.parseInt(channel, 16));
}

/** @param {string} color */
function luminance(color) {
  const [red, green, blue] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Return black or white, whichever has more contrast with the color.
 * @param {string} color
 */
export function textOn(color) {
  return luminance(color) > palette.maxDarkLuminance ? "#000" : "#fff";
}

/**
 * Return what the player draws with on the page's current theme.
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const variable = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}`).trim();
  const background = variable("background-color");
  const name = luminance(background) > palette.maxDarkLuminance ? "light" : "dark";
  return {
    name,
    background,
    text: variable("text-color"),
    muted: palette.muted[name],
    grid: palette.grid[name],
    unassigned: palette.unassigned[name],
    accent: variable("primary-color"),
    font: variable("font"),
    scale: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
  };
}

export function prefersStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
