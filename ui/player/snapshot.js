// The picture as it is now, as a file: one drawing of all its layers.

const SVG = "http://www.w3.org/2000/svg";
const SHARPER = 2; // pixels of a PNG for each of the screen's
/** What a style sheet may say of a shape; a file has no style sheet. */
const LOOKS = [
  "display", "visibility", "opacity", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity",
  "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "paint-order", "font-family", "font-size", "font-weight",
  "text-anchor",
];

const dataOf = (text) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;

/** Return a layer's shapes with their looks written into them. */
function withLooks(layer) {
  const copy = layer.cloneNode(true);
  const [from, to] = [layer, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  from.forEach((shape, i) => {
    const style = getComputedStyle(shape);
    if (shape.style.transform) to[i].setAttribute("transform", new DOMMatrix(style.transform).toString());
    for (const name of ["class", "style", "tabindex", "role", "aria-label"]) to[i].removeAttribute(name);
    for (const look of LOOKS) to[i].setAttribute(look, style.getPropertyValue(look));
  });
  copy.removeAttribute("display");
  return copy;
}

function image(href, width, height) {
  const element = document.createElementNS(SVG, "image");
  for (const [name, value] of Object.entries({ href, width, height })) element.setAttribute(name, value);
  return element;
}

/** Return the picture of a stage as SVG: background, cells, points, axes, centers. */
export async function asSvg(stage, Plotly, title) {
  const { clientWidth: width, clientHeight: height } = stage;
  const find = (selector) => stage.querySelector(selector);
  const whole = document.createElementNS(SVG, "svg");
  const size = { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` };
  for (const [name, value] of Object.entries(size)) whole.setAttribute(name, value);
  const name = document.createElementNS(SVG, "title");
  name.textContent = title;
  const ground = document.createElementNS(SVG, "rect");
  const color = getComputedStyle(stage).getPropertyValue("--st-background-color").trim();
  for (const [key, value] of Object.entries({ width, height, fill: color })) ground.setAttribute(key, value);
  whole.append(name, ground, withLooks(find(".km-under")));
  const crowd = find(".km-crowd");
  if (crowd.width && crowd.height) whole.append(image(crowd.toDataURL(), width, height));
  whole.append(image(await Plotly.toImage(find(".km-plot"), { format: "svg", width, height }), width, height));
  whole.append(withLooks(find(".km-over")));
  return new XMLSerializer().serializeToString(whole);
}

/** Return the same as the bytes of a PNG. */
export async function asPng(stage, Plotly, title) {
  const drawing = new Image();
  drawing.src = dataOf(await asSvg(stage, Plotly, title));
  await drawing.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SHARPER * stage.clientWidth, SHARPER * stage.clientHeight];
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** What the files of a run are called, like "old-faithful-k2": as takeaway.py calls those that the server makes. */
export function fileStem({ title, k }) {
  const plain = title.replace(/\.\w{1,8}$/, "").toLowerCase();
  const name = plain.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40).replace(/^-|-$/g, "");
  return `${name || "k-means"}-k${k}`;
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
