// The picture as a file: one drawing of all its layers, in plain SVG 1.1 that any program opens, or a PNG.

import { queryIn } from "./dom.js";
import { MAX_MARKERS } from "./point_canvas.js";
import { colorReader, copyOf, short, svgElement } from "./svg_copy.js";

/** @import { Picture } from "./picture.js" */
/** @import { Plotly, PlotlyTrace } from "./plotly.d.ts" */
/** @import { Attributes, ColorReader } from "./svg_copy.js" */
/** @import { Axes } from "./types.d.ts" */

/** @typedef {{stage: HTMLElement, picture: Picture, Plotly: Plotly}} PictureContext */
/** @typedef {[symbol: string, size: number]} MarkerLook */

const XLINK = "http://www.w3.org/1999/xlink";
const PNG_SCALE = 2; // pixels of a PNG for each CSS pixel
const CLIP = "km-points";
const KEEP_MILLISECONDS = 60_000; // how long a download's address stays valid

/** A file draws up to this many points as shapes; more are an image in it, as they are on the screen. */
export const MAX_SHAPES = MAX_MARKERS;

// --- Axes

/**
 * The grid, the numbers, and the names of Plotly's axes.
 * @param {Element} plot
 * @param {ColorReader} readColor
 */
function axesOf(plot, readColor) {
  const shapes = plot.querySelectorAll(".gridlayer path, .xtick text, .ytick text, .g-xtitle text, .g-ytitle text");
  const copies = [...shapes].flatMap((shape) => {
    const copy = copyOf(shape, readColor);
    const matrix = /** @type {SVGGraphicsElement} */ (shape).getCTM(); // of all groups around it
    if (!copy || !matrix) return [];
    const { a, b, c, d, e, f } = matrix;
    copy.setAttribute("transform", `matrix(${[a, b, c, d, e, f].map(short).join(" ")})`);
    return [copy];
  });
  return svgElement("g", {}, ...copies);
}

// --- Points

/**
 * The symbol of one point of a trace.
 * @param {PlotlyTrace} trace
 * @param {number} i
 * @returns {string}
 */
const symbolOf = ({ marker: { symbol } }, i) => (Array.isArray(symbol) ? symbol[i] : symbol);

/**
 * All the looks of markers in some traces.
 * @param {PlotlyTrace[]} traces
 * @returns {MarkerLook[]}
 */
export function markerLooks(traces) {
  /** @type {Map<string, MarkerLook>} */
  const looks = new Map();
  for (const trace of traces) {
    for (let i = 0; i < trace.x.length; i++) {
      /** @type {MarkerLook} */
      const look = [symbolOf(trace, i), trace.marker.size];
      looks.set(look.join(), look);
    }
  }
  return [...looks.values()];
}

/**
 * The outlines that Plotly gives markers about the origin.
 * @param {Plotly} Plotly
 * @param {MarkerLook[]} looks
 * @returns {Promise<Map<string, string>>} paths by look
 */
async function outlinesOf(Plotly, looks) {
  const along = looks.map((_, i) => i);
  const marker = { symbol: looks.map(([symbol]) => symbol), size: looks.map(([, size]) => size) };
  const figure = { data: [{ type: "scatter", mode: "markers", x: along, y: along, marker }], layout: {} };
  const svg = await Plotly.toImage(figure, { format: "svg", width: 800, height: 600, imageDataOnly: true });
  const shapes = new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll("path.point");
  return new Map(looks.map((look, i) => [look.join(), shapes[i].getAttribute("d") ?? ""]));
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

/**
 * One trace's points that are in view.
 * @param {PlotlyTrace} trace
 * @param {Axes} axes
 * @param {Map<string, string>} outlines
 * @param {ColorReader} readColor
 */
function pointsOfTrace(trace, { toPixels, area }, outlines, readColor) {
  const { x, y, marker } = trace;
  const { color, size, opacity, line } = marker;
  /** @type {Attributes} */
  const stroke = line ? { stroke: readColor(line.color)[0], "stroke-width": line.width } : {};
  const group = svgElement("g", { "fill-opacity": opacity, ...stroke });
  if (!Array.isArray(color)) group.setAttribute("fill", color);
  for (let i = 0; i < x.length; i++) {
    const [left, top] = toPixels(x[i], y[i]);
    if (!isInArea(area, left, top, size)) continue;
    const transform = `translate(${short(left)} ${short(top)})`;
    const d = outlines.get([symbolOf(trace, i), size].join()) ?? "";
    group.append(svgElement("path", { transform, d, ...(Array.isArray(color) ? { fill: color[i] } : {}) }));
  }
  return group;
}

/**
 * Every point that is in view, as a shape that looks like its marker.
 * @param {PictureContext} context
 * @param {ColorReader} readColor
 */
async function pointsOf({ picture, Plotly }, readColor) {
  const axes = picture.axes();
  const traces = picture.traces();
  const outlines = await outlinesOf(Plotly, markerLooks(traces));
  const groups = traces.map((trace) => pointsOfTrace(trace, axes, outlines, readColor));
  const clip = svgElement("clipPath", { id: CLIP }, svgElement("rect", axes.area));
  const filled = groups.filter((group) => group.firstChild);
  return svgElement("g", {}, clip, svgElement("g", { "clip-path": `url(#${CLIP})` }, ...filled));
}

/**
 * Points that are too many for shapes, as the canvas shows them.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} size
 */
function imageOf(canvas, size) {
  const image = svgElement("image", size);
  image.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL());
  return image;
}

// --- Files

/**
 * A picture as SVG: background, cells, points, axes, centers.
 * @param {PictureContext} context
 * @param {string} title
 * @returns {Promise<string>}
 */
export async function pictureSvg(context, title) {
  const { stage, picture } = context;
  const readColor = colorReader();
  const size = { width: stage.clientWidth, height: stage.clientHeight };
  const copy = (/** @type {string} */ selector) => copyOf(queryIn(stage, selector, SVGElement), readColor);
  const [background] = readColor(getComputedStyle(stage).getPropertyValue("--st-background-color").trim());
  const layers = [
    svgElement("title", {}, title),
    svgElement("rect", { ...size, fill: background }),
    copy(".km-cells-layer"),
    picture.isPainted ? imageOf(picture.pointCanvas.canvas, size) : await pointsOf(context, readColor),
    axesOf(picture.plot, readColor),
    copy(".km-centers-layer"),
  ];
  const view = { version: "1.1", ...size, viewBox: `0 0 ${size.width} ${size.height}` };
  return new XMLSerializer().serializeToString(svgElement("svg", view, ...layers.filter((layer) => layer !== null)));
}

/**
 * The same as a PNG.
 * @param {PictureContext} context
 * @param {string} title
 * @returns {Promise<Blob>}
 */
export async function picturePng(context, title) {
  const drawing = new Image();
  drawing.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await pictureSvg(context, title))}`;
  await drawing.decode();
  const canvas = document.createElement("canvas");
  canvas.width = PNG_SCALE * context.stage.clientWidth;
  canvas.height = PNG_SCALE * context.stage.clientHeight;
  canvas.getContext("2d")?.drawImage(drawing, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser made no PNG"))), "image/png"),
  );
}

/**
 * Save a file in the visitor's downloads.
 * @param {BlobPart} content
 * @param {string} name
 * @param {string} type
 */
export function download(content, name, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MILLISECONDS);
}
