// What lies under the points (the cells) and over them (the centers, where they came from, where they go).
//
// Layers of our own, because Plotly repaints its WebGL canvases for every change, however small, while a center that
// glides has to move sixty times a second.

import { voronoiCells } from "./voronoi.js";
import { shapeMiddle, shapePath } from "./symbols.js";
import { textOn } from "./theme.js";

const SVG = "http://www.w3.org/2000/svg";
const CENTER_RADIUS = 11; // pixels, on a desk's screen
const PHONE = 420; // a picture narrower than this has smaller centers
const SMALL = 260; // and one narrower than this has yet smaller ones
const TRAIL_MOVES = 12; // older moves have faded away

function svgElement(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  setAll(element, attributes);
  parent?.append(element);
  return element;
}

function setAll(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
}

export class Overlay {
  /** @param hidden names of the layers that are not shown at first */
  constructor(under, over, hidden) {
    [this.under, this.over] = [under, over];
    this.shows = { cells: !hidden.has("cells"), trails: !hidden.has("trails") };
    this.chosen = null;
  }

  setRun(run, theme) {
    this.run = run;
    const { clientWidth } = this.over;
    this.radius = CENTER_RADIUS * theme.scale * (clientWidth < SMALL ? 0.65 : clientWidth < PHONE ? 0.8 : 1);
    const colors = run.colors[theme.name].slice(0, run.k);
    this.under.replaceChildren();
    this.over.replaceChildren();
    this.clips = [this.under, this.over].map((svg, i) => {
      const clip = svgElement("clipPath", { id: `km-clip-${run.id}-${i}` }, svg);
      return svgElement("rect", {}, clip);
    });
    const [below, above] = [this.under, this.over].map((svg, i) =>
      svgElement("g", { "clip-path": `url(#km-clip-${run.id}-${i})` }, svg),
    );
    this.cells = colors.map((color) => svgElement("path", { fill: color, stroke: color, class: "km-cell" }, below));
    this.trails = colors.map((color) => svgElement("g", { stroke: color, class: "km-trail" }, above));
    this.rays = [0, 1].map((rank) => svgElement("line", { class: `km-ray km-ray-${rank}` }, above));
    this.ring = svgElement("circle", { r: 9, class: "km-ring" }, above);
    this.ghosts = colors.map((color, j) =>
      svgElement("path", { d: shapePath(run.symbols[j], this.radius), stroke: color, class: "km-ghost" }, above),
    );
    this.marks = colors.map((color, j) => this.makeMark(color, j, theme, above));
    this.stacked = null;
    this.hideTarget();
  }

  makeMark(color, j, theme, parent) {
    const symbol = this.run.symbols[j];
    const group = svgElement("g", { class: "km-center", "data-cluster": j + 1 }, parent);
    const path = shapePath(symbol, this.radius);
    svgElement("path", { d: path, fill: color, stroke: theme.background, "stroke-width": 6 }, group);
    svgElement("path", { d: path, fill: color, stroke: theme.text, "stroke-width": 1.75 }, group);
    const [x, y] = shapeMiddle(symbol, this.radius);
    svgElement("text", { x, y, fill: textOn(color), dy: "0.36em" }, group).textContent = this.run.names[j] + 1;
    return group;
  }

  /**
   * Put everything where it belongs.
   * @param centers flat [x, y, x, y, ...] as they are now, in mid-glide too
   * @param index the half-step whose past is shown as trails
   * @param axes {toPixels, view, area} of the picture
   * @param activeInPreview which clusters take part, where that is not as in the half-step
   */
  place(centers, index, axes, activeInPreview) {
    this.axes = axes;
    const { sizes } = this.run.steps[index];
    const active = activeInPreview ?? this.run.steps[index].active;
    for (const clip of this.clips) setAll(clip, axes.area);
    this.marks.forEach((mark, j) => {
      this.moveTo(mark, centers[2 * j], centers[2 * j + 1]);
      mark.classList.toggle("km-dropped", !active[j]);
      mark.classList.toggle("km-vacant", active[j] && sizes?.[j] === 0);
    });
    this.stack(active, sizes);
    this.drawCells(centers, active);
    this.drawTrails(centers, index);
    this.drawChosen(centers, active);
  }

  /** Where centers meet, those with points lie on top. */
  stack(active, sizes) {
    const rank = (j) => (active[j] ? (sizes?.[j] === 0 ? 1 : 2) : 0);
    const order = this.marks.map((_, j) => j).sort((a, b) => rank(a) - rank(b) || a - b);
    if (order.join() === this.stacked?.join()) return;
    this.stacked = order;
    for (const j of order) this.marks[j].parentNode.append(this.marks[j]);
  }

  moveTo(element, x, y) {
    const [left, top] = this.axes.toPixels(x, y);
    element.setAttribute("transform", `translate(${left.toFixed(2)} ${top.toFixed(2)})`);
  }

  pathOf(polygon) {
    const corners = polygon.map(([x, y]) =>
      this.axes
        .toPixels(x, y)
        .map((value) => value.toFixed(1))
        .join(","),
    );
    return `M${corners.join("L")}Z`;
  }

  drawCells(centers, active) {
    const places = active.map((is, j) => (is ? [centers[2 * j], centers[2 * j + 1]] : null));
    // In a shadow of more features, borders are no lines.
    const cells =
      this.shows.cells && this.run.features === 2
        ? voronoiCells(places, this.axes.view, this.run.rule.metric)
        : places.map(() => []);
    this.cells.forEach((path, j) => path.setAttribute("d", cells[j].map((polygon) => this.pathOf(polygon)).join("")));
  }

  /**
   * A ring around the chosen point, or the middle of the chosen tile, with rays to its nearest and second nearest
   * center; a halo on a chosen center.
   */
  drawChosen(centers, active) {
    const { chosen, run } = this;
    const isPoint = chosen && chosen.kind !== "center" && 2 * chosen.index < run.points.length;
    this.marks.forEach((mark, j) =>
      mark.classList.toggle("km-chosen", chosen?.kind === "center" && chosen.index === j),
    );
    for (const element of [this.ring, ...this.rays]) element.style.display = isPoint ? "" : "none";
    if (!isPoint) return;
    const place = [run.points[2 * chosen.index], run.points[2 * chosen.index + 1]];
    this.moveTo(this.ring, ...place);
    const [x1, y1] = this.axes.toPixels(...place);
    const far = ([x, y]) =>
      run.rule.metric === "manhattan"
        ? Math.abs(x - place[0]) + Math.abs(y - place[1])
        : Math.hypot(x - place[0], y - place[1]);
    const nearest = active
      .flatMap((is, j) => (is ? [[centers[2 * j], centers[2 * j + 1]]] : []))
      .sort((a, b) => far(a) - far(b));
    this.rays.forEach((ray, rank) => {
      const [x2, y2] = nearest[rank] ? this.axes.toPixels(...nearest[rank]) : [x1, y1];
      setAll(ray, { x1, y1, x2, y2 });
    });
  }

  /** The way of every center up to now; the older a move, the fainter. */
  drawTrails(centers, index) {
    const past = this.shows.trails ? this.placesUpTo(index) : [];
    const way = past.length ? [...past, centers] : [];
    this.trails.forEach((trail, j) => {
      while (trail.childElementCount < way.length - 1) svgElement("line", {}, trail);
      while (trail.childElementCount > Math.max(0, way.length - 1)) trail.lastChild.remove();
      for (let move = 0; move + 1 < way.length; move++) {
        const [x1, y1] = this.axes.toPixels(way[move][2 * j], way[move][2 * j + 1]);
        const [x2, y2] = this.axes.toPixels(way[move + 1][2 * j], way[move + 1][2 * j + 1]);
        setAll(trail.children[move], { x1, y1, x2, y2, "stroke-opacity": (move + 1) / (way.length - 1) });
      }
    });
  }

  placesUpTo(index) {
    const places = [];
    for (const step of this.run.steps.slice(0, index + 1)) {
      if (places.at(-1) !== step.centers) places.push(step.centers);
    }
    return places.slice(-TRAIL_MOVES - 1);
  }

  /** Show where every center is about to go. */
  showTarget(target, centers) {
    this.ghosts.forEach((ghost, j) => {
      const goes = target[2 * j] !== centers[2 * j] || target[2 * j + 1] !== centers[2 * j + 1];
      ghost.style.display = goes ? "" : "none";
      this.moveTo(ghost, target[2 * j], target[2 * j + 1]);
    });
  }

  hideTarget() {
    for (const ghost of this.ghosts) ghost.style.display = "none";
  }
}
