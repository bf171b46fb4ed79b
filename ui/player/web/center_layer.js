// The layers of the centers: cells under the points; centers, their trails, and rays above them.
//
// They are SVG layers of their own: a center that glides moves sixty times a second, and neither Plotly's axes nor the
// points need to be drawn again for that.

import { centerAt, comparableDistance } from "./center_geometry.js";
import { distancePaths } from "./distance_paths.js";
import { setAttributes } from "./dom.js";
import { shapeMiddle, shapePath } from "./shapes.js";
import { textOn } from "./theme.js";
import { voronoiCells } from "./voronoi.js";

/** @import { Axes, Metric, Place, Run, Selection, Step, Theme } from "./types.d.ts" */
/** @import { Polygon } from "./voronoi.js" */

const SVG = "http://www.w3.org/2000/svg";
const CENTER_RADIUS = 11; // pixels, on a desktop screen
/** How large centers are in narrow pictures, by their width in pixels. */
const RADIUS_SHARES = [
  { maxWidth: 260, share: 0.65 },
  { maxWidth: 420, share: 0.8 },
  { maxWidth: Infinity, share: 1 },
];
const TRAIL_MOVES = 12; // older moves have faded away
const RING_RADIUS = 9;

/** @typedef {"cells" | "trails" | "squares"} LayerName */

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {Element} parent
 */
function addShape(name, attributes, parent) {
  const shape = document.createElementNS(SVG, name);
  setAttributes(shape, attributes);
  parent.append(shape);
  return /** @type {SVGElement} */ (shape);
}

// --- Arithmetic

/**
 * The radius of a center's marker in a picture of some width, in pixels.
 * @param {number} width
 * @param {number} scale of the theme
 */
export const centerRadius = (width, scale) =>
  CENTER_RADIUS * scale * (RADIUS_SHARES.find(({ maxWidth }) => width < maxWidth)?.share ?? 1);

/**
 * The order in which centers are stacked, the lowest first: where they meet, those with points are on top.
 * @param {boolean[]} active
 * @param {Uint32Array | null} sizes
 */
export function stackingOrder(active, sizes) {
  const rank = (/** @type {number} */ cluster) => (active[cluster] ? (sizes?.[cluster] === 0 ? 1 : 2) : 0);
  return active.map((_, cluster) => cluster).sort((a, b) => rank(a) - rank(b) || a - b);
}

/**
 * Where all centers were up to a step: each time they moved, of the latest moves.
 * @param {Pick<Step, "centers">[]} steps
 * @param {number} index
 */
export function trailOf(steps, index) {
  const centers = steps.slice(0, index + 1).map((step) => step.centers);
  return centers.filter((places, i) => places !== centers[i - 1]).slice(-TRAIL_MOVES - 1);
}

/**
 * The two centers nearest to a place, among those that take part.
 * @param {ArrayLike<number>} centers
 * @param {boolean[]} active
 * @param {Place} place
 * @param {Metric} metric
 * @returns {Place[]}
 */
export function nearestCenters(centers, active, [x, y], metric) {
  const distance = (/** @type {Place} */ [cx, cy]) => comparableDistance(cx - x, cy - y, metric);
  return active
    .flatMap((isActive, cluster) => (isActive ? [centerAt(centers, cluster)] : []))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 2);
}

// --- Layers

/** The shapes of one run, made once and then moved. */
class Shapes {
  /**
   * @param {SVGElement} under
   * @param {SVGElement} over
   * @param {Run} run
   * @param {Theme} theme
   */
  constructor(under, over, run, theme) {
    const radius = centerRadius(over.clientWidth, theme.scale);
    const colors = run.colors.slice(0, run.k);
    const clips = [under, over].map((svg, i) => {
      svg.replaceChildren();
      const id = `km-clip-${run.id}-${i}`;
      const rectangle = addShape("rect", {}, addShape("clipPath", { id }, svg));
      return { rectangle, group: addShape("g", { "clip-path": `url(#${id})` }, svg) };
    });
    const [below, above] = clips.map(({ group }) => group);
    this.clips = clips.map(({ rectangle }) => rectangle);
    this.cells = colors.map((color) => addShape("path", { fill: color, stroke: color, class: "km-cell" }, below));
    this.squares = colors.map((color) => addShape("path", { fill: color, stroke: color, class: "km-square" }, below));
    this.lines = colors.map((color) => addShape("path", { stroke: color, class: "km-line" }, below));
    this.trails = colors.map((color) => addShape("g", { stroke: color, class: "km-trail" }, above));
    this.rays = [0, 1].map((rank) => addShape("line", { class: `km-ray km-ray-${rank}` }, above));
    this.ring = addShape("circle", { r: RING_RADIUS, class: "km-ring" }, above);
    this.nextPlaces = colors.map((color, cluster) =>
      addShape("path", { d: shapePath(run.symbols[cluster], radius), stroke: color, class: "km-next-place" }, above),
    );
    this.marks = colors.map((color, cluster) => addCenter(run, theme, { cluster, color, radius }, above));
  }
}

/**
 * @param {Run} run
 * @param {Theme} theme
 * @param {{cluster: number, color: string, radius: number}} center
 * @param {Element} parent
 */
function addCenter(run, theme, { cluster, color, radius }, parent) {
  const symbol = run.symbols[cluster];
  const group = addShape("g", { class: "km-center", "data-cluster": cluster + 1 }, parent);
  const d = shapePath(symbol, radius);
  addShape("path", { d, fill: color, stroke: theme.background, "stroke-width": 6 }, group);
  addShape("path", { d, fill: color, stroke: theme.text, "stroke-width": 1.75 }, group);
  const [x, y] = shapeMiddle(symbol, radius);
  const number = addShape("text", { x, y, fill: textOn(color), dy: "0.36em" }, group);
  number.textContent = String(run.names[cluster] + 1);
  return group;
}

export class CenterLayer {
  /** @type {Run | null} */
  #run = null;
  /** @type {Shapes | null} */
  #shapes = null;
  /** @type {Axes | null} */
  #axes = null;
  #order = "";
  /** @type {Selection | null} */
  selection = null;

  /**
   * @param {SVGElement} under
   * @param {SVGElement} over
   * @param {Set<string>} hidden names of the layers that are not shown at first
   */
  constructor(under, over, hidden) {
    this.under = under;
    this.over = over;
    /** @type {Record<LayerName, boolean>} */
    this.visible = {
      cells: !hidden.has("cells"),
      trails: !hidden.has("trails"),
      squares: !hidden.has("squares"),
    };
  }

  get run() {
    return this.#run;
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   */
  setRun(run, theme) {
    this.#run = run;
    this.#shapes = new Shapes(this.under, this.over, run, theme);
    this.#order = "";
    this.hideTarget();
  }

  /**
   * Put everything where it belongs.
   * @param {ArrayLike<number>} centers as they are now, in mid-glide too
   * @param {number} index the step whose past is shown as trails
   * @param {Axes} axes
   * @param {boolean[] | null} activeInPreview which clusters take part, unless it is as in the step
   * @param {Uint8Array | null} labels as the points are drawn
   */
  place(centers, index, axes, activeInPreview, labels) {
    const [run, shapes] = [this.#run, this.#shapes];
    if (!run || !shapes) return;
    this.#axes = axes;
    const { sizes, active: activeInStep } = run.steps[index];
    const active = activeInPreview ?? activeInStep;
    for (const clip of shapes.clips) setAttributes(clip, axes.area);
    shapes.marks.forEach((mark, cluster) => {
      this.#move(mark, centerAt(centers, cluster));
      mark.classList.toggle("km-dropped", !active[cluster]);
      mark.classList.toggle("km-empty-center", active[cluster] && sizes?.[cluster] === 0);
    });
    this.#stack(shapes, stackingOrder(active, sizes));
    this.#drawCells(run, shapes, centers, active);
    this.#drawDistances(run, shapes, centers, labels);
    this.#drawTrails(shapes, this.visible.trails ? [...trailOf(run.steps, index), centers] : []);
    this.#drawSelection(run, shapes, centers, active);
  }

  /**
   * @param {Shapes} shapes
   * @param {number[]} order
   */
  #stack({ marks }, order) {
    if (order.join() === this.#order) return;
    this.#order = order.join();
    for (const cluster of order) marks[cluster].parentNode?.append(marks[cluster]);
  }

  /** @param {Place} place in the data */
  #toPixels(place) {
    return /** @type {Axes} */ (this.#axes).toPixels(...place);
  }

  /**
   * @param {SVGElement} shape
   * @param {Place} place in the data
   */
  #move(shape, place) {
    const [left, top] = this.#toPixels(place);
    shape.setAttribute("transform", `translate(${left.toFixed(2)} ${top.toFixed(2)})`);
  }

  /** @param {Polygon} polygon */
  #pathOf(polygon) {
    const corners = polygon.map((corner) =>
      this.#toPixels(corner)
        .map((value) => value.toFixed(1))
        .join(","),
    );
    return `M${corners.join("L")}Z`;
  }

  /**
   * @param {Run} run
   * @param {Shapes} shapes
   * @param {ArrayLike<number>} centers
   * @param {boolean[]} active
   */
  #drawCells({ features, rule }, { cells }, centers, active) {
    const places = active.map((isActive, cluster) => (isActive ? centerAt(centers, cluster) : null));
    // In a projection of more features, borders are not lines.
    const isShown = this.visible.cells && features === 2;
    const polygons = isShown ? voronoiCells(places, /** @type {Axes} */ (this.#axes).view, rule.metric) : [];
    cells.forEach((path, cluster) => {
      const pieces = polygons[cluster] ?? [];
      path.setAttribute("d", pieces.map((polygon) => this.#pathOf(polygon)).join(""));
    });
  }

  /**
   * @param {Run} run
   * @param {Shapes} shapes
   * @param {ArrayLike<number>} centers
   * @param {Uint8Array | null} labels
   */
  #drawDistances(run, { lines, squares }, centers, labels) {
    const { toPixels } = /** @type {Axes} */ (this.#axes);
    const visibleLabels = this.visible.squares ? labels : null;
    distancePaths(run, visibleLabels, centers, toPixels, this.selection).forEach((paths, cluster) => {
      lines[cluster].setAttribute("d", paths.lines);
      squares[cluster].setAttribute("d", paths.squares);
    });
  }

  /**
   * Draw the path of every center up to now; the older a move, the fainter.
   * @param {Shapes} shapes
   * @param {ArrayLike<number>[]} positions of all centers, from the oldest
   */
  #drawTrails({ trails }, positions) {
    const moves = Math.max(0, positions.length - 1);
    trails.forEach((trail, cluster) => {
      while (trail.childElementCount < moves) addShape("line", {}, trail);
      while (trail.childElementCount > moves) trail.lastChild?.remove();
      for (let move = 0; move < moves; move++) {
        const [x1, y1] = this.#toPixels(centerAt(positions[move], cluster));
        const [x2, y2] = this.#toPixels(centerAt(positions[move + 1], cluster));
        setAttributes(trail.children[move], { x1, y1, x2, y2, "stroke-opacity": (move + 1) / moves });
      }
    });
  }

  /**
   * Draw a ring around the selected point or the middle of the selected tile, with rays to its two nearest centers; or
   * a halo on the selected center.
   * @param {Run} run
   * @param {Shapes} shapes
   * @param {ArrayLike<number>} centers
   * @param {boolean[]} active
   */
  #drawSelection({ points, rule }, { marks, ring, rays }, centers, active) {
    const { kind, index } = this.selection ?? { kind: null, index: -1 };
    const isPoint = (kind === "point" || kind === "tile") && 2 * index < points.length;
    marks.forEach((mark, cluster) => mark.classList.toggle("km-selected", kind === "center" && index === cluster));
    for (const shape of [ring, ...rays]) shape.style.display = isPoint ? "" : "none";
    if (!isPoint) return;
    const place = centerAt(points, index);
    this.#move(ring, place);
    const [x1, y1] = this.#toPixels(place);
    const nearest = nearestCenters(centers, active, place, rule.metric);
    rays.forEach((ray, rank) => {
      const [x2, y2] = nearest[rank] ? this.#toPixels(nearest[rank]) : [x1, y1];
      setAttributes(ray, { x1, y1, x2, y2 });
    });
  }

  /**
   * Show where every center is about to go.
   * @param {ArrayLike<number>} target
   * @param {ArrayLike<number>} centers where they are now
   */
  showTarget(target, centers) {
    this.#shapes?.nextPlaces.forEach((outline, cluster) => {
      const [to, from] = [target, centers].map((places) => centerAt(places, cluster));
      outline.style.display = to[0] !== from[0] || to[1] !== from[1] ? "" : "none";
      this.#move(outline, to);
    });
  }

  hideTarget() {
    for (const outline of this.#shapes?.nextPlaces ?? []) outline.style.display = "none";
  }
}
