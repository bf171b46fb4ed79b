// The picture as a file: one drawing of all its layers, in plain SVG 1.1 that any program opens, or a PNG.

import { queryIn } from "./dom.js";
import { isInArea, lookOfPoint, MAX_MARKERS } from "./point_canvas.js";
import { shapePath } from "./shapes.js";
import { colorReader, copyOf, short, svgElement } from "./svg_copy.js";

/** @import { Picture } from "./picture.js" */
/** @import { PointTrace } from "./plotly.d.ts" */
/** @import { Attributes, ColorReader } from "./svg_copy.js" */
/** @import { Axes, Run } from "./types.d.ts" */

/** @typedef {{stage: HTMLElement, picture: Picture, run: Run}} PictureContext */

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
 * One trace's points that are in view.
 * @param {PointTrace} trace
 * @param {Axes} axes
 * @param {ColorReader} readColor
 */
function pointsOfTrace(trace, { toPixels, area }, readColor) {
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
    const d = shapePath(lookOfPoint(trace, i).symbol, size / 2);
    group.append(svgElement("path", { transform, d, ...(Array.isArray(color) ? { fill: color[i] } : {}) }));
  }
  return group;
}

/**
 * Every point that is in view, as a shape that looks like its marker.
 * @param {PictureContext} context
 * @param {ColorReader} readColor
 */
function pointsOf({ picture }, readColor) {
  const axes = picture.axes();
  const groups = picture.traces().map((trace) => pointsOfTrace(trace, axes, readColor));
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

// --- Frame

/** The sizes of an image, in pixels, apart from that of the picture on the screen. */
export const IMAGE_SIZES = /** @type {const} */ ({ slide: [1920, 1080], print: [2400, 1600], square: [1080, 1080] });

/**
 * What goes around a picture, and how large the image is; lines that are "" are left out.
 * @typedef {{ size: keyof typeof IMAGE_SIZES | "screen", title: string, step: string, legend: boolean }} ImageFrame
 */

/**
 * Return where the parts of an image are: the picture as large as fits between the title and the legend.
 * @param {{width: number, height: number}} picture
 * @param {ImageFrame} frame
 */
export function frameLayout(picture, { size, title, step, legend }) {
  const [lines, foot] = [Number(Boolean(title)) + Number(Boolean(step)), Number(legend)];
  if (size === "screen") {
    const unit = 16;
    const [top, bottom] = [lines * 2 * unit, foot * 2.5 * unit];
    return { width: picture.width, height: picture.height + top + bottom, unit, scale: 1, x: 0, y: top };
  }
  const [width, height] = IMAGE_SIZES[size];
  const unit = height / 36;
  const [top, bottom] = [(lines * 2 + 0.5) * unit, (foot * 2.5 + 0.5) * unit];
  const scale = Math.min((width - unit) / picture.width, (height - top - bottom) / picture.height);
  const x = (width - scale * picture.width) / 2;
  return { width, height, unit, scale, x, y: top + (height - top - bottom - scale * picture.height) / 2 };
}

/**
 * The lines above a picture and the legend below it.
 * @param {PictureContext} context
 * @param {ImageFrame} frame
 * @param {ReturnType<typeof frameLayout>} layout
 * @param {string} color
 */
function frameParts({ run }, { title, step, legend }, { width, height, unit }, color) {
  const font = { "font-family": "sans-serif", fill: color };
  const lines = [title, step].filter(Boolean);
  const parts = lines.map((line, i) => {
    const look = { "font-size": (line === title ? 1.4 : 1.1) * unit, "font-weight": line === title ? 700 : 400 };
    return svgElement("text", { ...font, ...look, x: unit, y: (1.6 + 1.9 * i) * unit }, line);
  });
  if (!legend) return parts;
  const gap = Math.min(4 * unit, (width - 2 * unit) / run.colors.length);
  for (const [j, fill] of run.colors.entries()) {
    const [x, y] = [unit * 1.6 + j * gap, height - 1.3 * unit];
    const d = shapePath(run.symbols[j], 0.6 * unit);
    parts.push(svgElement("path", { transform: `translate(${short(x)} ${short(y)})`, d, fill }));
    const place = { x: short(x + unit), y: short(y + 0.4 * unit), "font-size": 1.1 * unit };
    parts.push(svgElement("text", { ...font, ...place }, String(j + 1)));
  }
  return parts;
}

// --- Files

/**
 * A picture as SVG: background, cells, axes, points, centers.
 * @param {PictureContext} context
 * @param {string} title
 * @param {ImageFrame} frame
 * @returns {string}
 */
export function pictureSvg(context, title, frame) {
  const { stage, picture } = context;
  const readColor = colorReader();
  const size = { width: stage.clientWidth, height: stage.clientHeight };
  const copy = (/** @type {string} */ selector) => copyOf(queryIn(stage, selector, SVGElement), readColor);
  const [background] = readColor(getComputedStyle(stage).getPropertyValue("--st-background-color").trim());
  const layers = [
    copy(".km-cells-layer"),
    axesOf(picture.plot, readColor),
    picture.isDense ? imageOf(picture.pointCanvas.canvas, size) : pointsOf(context, readColor),
    copy(".km-centers-layer"),
  ];
  const drawing = layers.filter((layer) => layer !== null);
  const layout = frameLayout(size, frame);
  const { x, y, scale } = layout;
  const transform = [`translate(${short(x)} ${short(y)})`, `scale(${scale.toFixed(4)})`].join(" ");
  const isBare = scale === 1 && !x && !y;
  const [text] = readColor(getComputedStyle(stage).color);
  const whole = { width: layout.width, height: layout.height };
  const content = [
    svgElement("title", {}, title),
    svgElement("rect", { ...whole, fill: background }),
    ...(isBare ? drawing : [svgElement("g", { transform }, ...drawing)]),
    ...frameParts(context, frame, layout, text),
  ];
  const view = { version: "1.1", ...whole, viewBox: `0 0 ${whole.width} ${whole.height}` };
  return new XMLSerializer().serializeToString(svgElement("svg", view, ...content));
}

/**
 * The same as a PNG.
 * @param {PictureContext} context
 * @param {string} title
 * @param {ImageFrame} frame
 * @returns {Promise<Blob>}
 */
export async function picturePng(context, title, frame) {
  const drawing = new Image();
  drawing.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(pictureSvg(context, title, frame))}`;
  await drawing.decode();
  const canvas = document.createElement("canvas");
  const scale = frame.size === "screen" ? PNG_SCALE : 1;
  canvas.width = scale * drawing.naturalWidth;
  canvas.height = scale * drawing.naturalHeight;
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
