// Copies of shapes on the page as plain SVG 1.1, which needs no style sheet.

import { setAttributes } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string | number>} Attributes */
/** @typedef {(color: string) => [color: string, alpha: number]} ColorReader */

/** Properties that a style sheet may set, with the values that need no attribute. */
const SHAPE_DEFAULTS = /** @type {Record<string, string>} */ ({
  opacity: "1",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
});
const TEXT_DEFAULTS = { "font-family": "", "font-size": "", "font-weight": "400", "text-anchor": "start" };
/** Attributes that belong to a shape itself. */
const OWN_ATTRIBUTES = [
  ...["id", "clip-path", "transform", "d", "x", "y", "width", "height", "r", "cx", "cy"],
  ...["x1", "y1", "x2", "y2"],
];
const GROUPS = ["g", "svg", "clipPath"];

/** Two decimals of a pixel. */
export const short = (/** @type {number} */ value) => Number(value.toFixed(2));

/**
 * @param {string} name
 * @param {Attributes} attributes
 * @param {...(Node | string)} content
 */
export function svgElement(name, attributes, ...content) {
  const element = document.createElementNS(SVG, name);
  setAttributes(element, attributes);
  element.append(...content);
  return element;
}

/**
 * Make a reader of colors, however a style writes them: it returns them as SVG 1.1 can, `#rrggbb` and an opacity.
 * @returns {ColorReader}
 */
export function colorReader() {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas to read colors with");
  return (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [hexColor(red, green, blue), alpha / 255];
  };
}

/** @param {...number} channels 0 to 255 */
export const hexColor = (...channels) =>
  `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;

/**
 * The colors and lines of a shape, as attributes.
 * @param {CSSStyleDeclaration} style its computed style
 * @param {boolean} isText
 * @param {ColorReader} readColor
 */
export function presentationOf(style, isText, readColor) {
  /** @type {Attributes} */
  const attributes = {};
  for (const name of ["fill", "stroke"]) {
    const value = style.getPropertyValue(name);
    const [color, alpha] = value === "none" ? ["none", 1] : readColor(value);
    attributes[name] = color;
    const opacity = short(alpha * Number(style.getPropertyValue(`${name}-opacity`)));
    if (opacity < 1) attributes[`${name}-opacity`] = opacity;
  }
  for (const [name, normal] of Object.entries(isText ? { ...SHAPE_DEFAULTS, ...TEXT_DEFAULTS } : SHAPE_DEFAULTS)) {
    const value = style.getPropertyValue(name);
    if (value !== normal) attributes[name] = value;
  }
  return attributes;
}

/**
 * Copy a shape, with everything in it that can be seen.
 * @param {Element} shape
 * @param {ColorReader} readColor
 * @returns {SVGElement | null} null if it cannot be seen
 */
export function copyOf(shape, readColor) {
  const style = getComputedStyle(shape);
  if (style.display === "none" || style.visibility === "hidden") return null;
  const { tagName } = shape;
  const attributes = GROUPS.includes(tagName)
    ? /** @type {Attributes} */ (style.opacity === "1" ? {} : { opacity: style.opacity })
    : presentationOf(style, tagName === "text", readColor);
  for (const name of OWN_ATTRIBUTES) {
    const value = shape.getAttribute(name);
    if (value !== null) attributes[name] = value;
  }
  if (tagName === "text") {
    // Programs disagree on a shift in ems.
    const shift = Number.parseFloat(shape.getAttribute("dy") ?? "") || 0;
    attributes.y = short(Number(attributes.y) + shift * Number.parseFloat(String(attributes["font-size"])));
    return svgElement("text", attributes, shape.textContent ?? "");
  }
  const children = [...shape.children].map((child) => copyOf(child, readColor));
  return svgElement(tagName === "svg" ? "g" : tagName, attributes, ...children.filter((child) => child !== null));
}
