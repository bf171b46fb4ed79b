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
    phases: { assign: palette.phases.assign[name], refine: palette.phases.refine[name] },
    runs: palette.runs.map((color) => color[name]),
    font: variable("font"),
    scale: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
  };
}

/**
 * Give the styles the accents of a theme, each with the color of text on it.
 * @param {HTMLElement} element
 * @param {Theme} theme
 */
export function setAccents(element, { accent, phases, runs }) {
  element.style.setProperty("--km-on-primary", textOn(accent));
  for (const [phase, color] of Object.entries(phases)) {
    element.style.setProperty(`--km-${phase}`, color);
    element.style.setProperty(`--km-on-${phase}`, textOn(color));
  }
  runs.forEach((color, i) => element.style.setProperty(`--kc-run-${i + 1}`, color));
}

/** Whether fingers, rather than a mouse, point at the screen. */
export const isTouchScreen = () => matchMedia("(pointer: coarse)").matches;

export function prefersStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
