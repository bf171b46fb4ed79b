// The picture as it is now, as a file: one drawing of all its layers, in plain SVG 1.1 that any program can open.

import { CROWD } from "./point_canvas.js";

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink";
const SHARPER = 2; // pixels of a PNG for each of the screen's
const CLIP = "km-points";

/** Points up to which a file draws each as a shape; more are an image in it, as they are on the screen. */
export const MOST_SHAPES = CROWD;

/** What a style sheet may say of a shape, and what goes without saying; a file has no style sheet. */
const LOOKS = {
  opacity: "1",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
};
const TEXT_LOOKS = { "font-family": "", "font-size": "", "font-weight": "400", "text-anchor": "start" };
/** What of a shape on the page is its own, and not the page's. */
const KEPT = [
  "id",
  "clip-path",
  "transform",
  "d",
  "x",
  "y",
  "width",
  "height",
  "r",
  "cx",
  "cy",
  "x1",
  "y1",
  "x2",
  "y2",
];

const dataOf = (text) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
const short = (value) => Number(value.toFixed(2));

function element(name, attributes, ...content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** A colour, however a style writes it, as SVG 1.1 can: #rrggbb and how opaque it is. */
function plainColor(color) {
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
  return [`#${[red, green, blue].map((channel) => channel.toString(16).padStart(2, "0")).join("")}`, alpha / 255];
}

/** The colours and lines of a shape on the page, as attributes. */
function looksOf(shape) {
  const style = getComputedStyle(shape);
  const looks = {};
  for (const name of ["fill", "stroke"]) {
    const said = style.getPropertyValue(name);
    const [color, alpha] = said === "none" ? ["none", 1] : plainColor(said);
    looks[name] = color;
    const opacity = short(alpha * Number(style.getPropertyValue(`${name}-opacity`)));
    if (opacity < 1) looks[`${name}-opacity`] = opacity;
  }
  const isText = shape.tagName === "text";
  for (const [name, usual] of Object.entries(isText ? { ...LOOKS, ...TEXT_LOOKS } : LOOKS)) {
    const said = style.getPropertyValue(name);
    if (said !== usual) looks[name] = said;
  }
  return looks;
}

/** A copy of a shape on the page, and of all that is in it and can be seen; null where it can't. */
function copyOf(shape) {
  const style = getComputedStyle(shape);
  const isGroup = ["g", "svg", "clipPath"].includes(shape.tagName);
  if (style.display === "none" || style.visibility === "hidden") return null;
  const attributes = isGroup ? (style.opacity === "1" ? {} : { opacity: style.opacity }) : looksOf(shape);
  for (const name of KEPT) if (shape.hasAttribute(name)) attributes[name] = shape.getAttribute(name);
  if (shape.tagName !== "text") {
    return element(
      shape.tagName === "svg" ? "g" : shape.tagName,
      attributes,
      ...[...shape.children].map(copyOf).filter(Boolean),
    );
  }
  // Programs differ in what they make of a shift in ems.
  const shift = Number.parseFloat(shape.getAttribute("dy")) || 0;
  attributes.y = short(Number(attributes.y) + shift * Number.parseFloat(attributes["font-size"]));
  return element("text", attributes, shape.textContent);
}

/** The grid, the numbers and the names of Plotly's axes. */
function axesOf(plot) {
  const shapes = plot.querySelectorAll(".gridlayer path, .xtick text, .ytick text, .g-xtitle text, .g-ytitle text");
  const copies = [...shapes].map((shape) => {
    const copy = copyOf(shape);
    const { a, b, c, d, e, f } = shape.getCTM(); // from all groups around it
    copy?.setAttribute("transform", `matrix(${[a, b, c, d, e, f].map(short).join(" ")})`);
    return copy;
  });
  return element("g", {}, ...copies.filter(Boolean));
}

/** The outlines that Plotly gives its markers about the origin: `looks` are [symbol, size]. */
async function outlinesOf(Plotly, looks) {
  const along = looks.map((_, i) => i);
  const marker = { symbol: looks.map(([symbol]) => symbol), size: looks.map(([, size]) => size) };
  const figure = { data: [{ type: "scatter", mode: "markers", x: along, y: along, marker }], layout: {} };
  const drawn = await Plotly.toImage(figure, { format: "svg", width: 800, height: 600, imageDataOnly: true });
  const shapes = new DOMParser().parseFromString(drawn, "image/svg+xml").querySelectorAll("path.point");
  return new Map(looks.map((look, i) => [look.join(), shapes[i].getAttribute("d")]));
}

/** Every point that is in view, as a shape that looks like its marker. */
async function pointsOf(picture, Plotly) {
  const { toPixels, area } = picture.axes();
  const traces = picture.traces(picture.points).map(({ x, y, marker }) => ({
    x,
    y,
    marker,
    symbolOf: (i) => (Array.isArray(marker.symbol) ? marker.symbol[i] : marker.symbol),
  }));
  const looks = new Map();
  for (const { x, marker, symbolOf } of traces) {
    for (let i = 0; i < x.length; i++) looks.set([symbolOf(i), marker.size].join(), [symbolOf(i), marker.size]);
  }
  const outlines = await outlinesOf(Plotly, [...looks.values()]);
  const groups = traces.map(({ x, y, marker, symbolOf }) => {
    const { color, size, opacity, line } = marker;
    const edge = line ? { stroke: plainColor(line.color)[0], "stroke-width": line.width } : {};
    const group = element("g", { "fill-opacity": opacity, ...edge });
    if (!Array.isArray(color)) group.setAttribute("fill", color);
    for (let i = 0; i < x.length; i++) {
      const [left, top] = toPixels(x[i], y[i]);
      if (
        left < area.x - size ||
        left > area.x + area.width + size ||
        top < area.y - size ||
        top > area.y + area.height + size
      ) {
        continue;
      }
      const fill = Array.isArray(color) ? { fill: color[i] } : {};
      const place = {
        transform: `translate(${short(left)} ${short(top)})`,
        d: outlines.get([symbolOf(i), size].join()),
      };
      group.append(element("path", { ...place, ...fill }));
    }
    return group;
  });
  const clip = element("clipPath", { id: CLIP }, element("rect", area));
  return element(
    "g",
    {},
    clip,
    element("g", { "clip-path": `url(#${CLIP})` }, ...groups.filter((group) => group.firstChild)),
  );
}

/** Points that are too many for shapes, as the canvas has them. */
function imageOf(canvas, size) {
  const image = element("image", size);
  image.setAttributeNS(XLINK, "xlink:href", canvas.toDataURL());
  return image;
}

/** Return a picture as SVG: background, cells, points, axes, centers. */
export async function asSvg({ stage, picture, Plotly }, title) {
  const size = { width: stage.clientWidth, height: stage.clientHeight };
  const find = (selector) => stage.querySelector(selector);
  const [ground] = plainColor(getComputedStyle(stage).getPropertyValue("--st-background-color").trim());
  const crowd = find(".km-point-canvas");
  const layers = [
    element("title", {}, title),
    element("rect", { ...size, fill: ground }),
    copyOf(find(".km-cells-layer")),
    picture.isCrowd ? imageOf(crowd, size) : await pointsOf(picture, Plotly),
    axesOf(find(".km-plot")),
    copyOf(find(".km-centers-layer")),
  ];
  const view = { version: "1.1", ...size, viewBox: `0 0 ${size.width} ${size.height}` };
  return new XMLSerializer().serializeToString(element("svg", view, ...layers.filter(Boolean)));
}

/** Return the same as the bytes of a PNG. */
export async function asPng(player, title) {
  const { stage } = player;
  const drawing = new Image();
  drawing.src = dataOf(await asSvg(player, title));
  await drawing.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SHARPER * stage.clientWidth, SHARPER * stage.clientHeight];
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Give somebody a file. */
export function download(content, name, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
