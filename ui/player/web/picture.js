// The picture: axes by Plotly, and layers of our own for the points and the centers, which ask Plotly's axes where a
// place of the data is on the screen.

import { CenterLayer } from "./center_layer.js";
import { queryIn } from "./dom.js";
import { pickPlaces, pictureLayout, pictureTraces, splitByCluster } from "./picture_traces.js";
import { MAX_MARKERS, paintDots, paintMarkers, PointCanvas } from "./point_canvas.js";
import { discsOf, eraseDiscs } from "./ripple.js";
import { isTouchScreen, prefersStill } from "./theme.js";
import { paintTiles } from "./tiles.js";

/** @import { LayerName } from "./center_layer.js" */
/** @import { Labeling } from "./picture_traces.js" */
/** @import { Plotly, PlotlyAxis, PlotlyElement } from "./plotly.d.ts" */
/** @import { Axes, Motion, Range, Raster, Run, Selection, Step, Theme } from "./types.d.ts" */

const RIPPLE_MILLISECONDS = 200;
const TARGET_MILLISECONDS = 300; // how long the targets are seen before the centers go there
const GLIDE_MILLISECONDS = 600;
const SMALL_WIDTH = 260; // pixels: a narrower picture has no room for numbers at the axes

/** What Plotly draws: axes alone. */
const NO_POINTS = [{ x: [], y: [] }];

/** @param {number} milliseconds */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * @param {Range} range
 * @returns {Range}
 */
const ascending = (range) => [Math.min(...range), Math.max(...range)];

/** @param {number} share of the time that has passed, 0 to 1 */
export const easeInOut = (share) => (share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2);

export class Picture {
  /** @type {Run | null} */
  #run = null;
  /** @type {Theme | null} */
  #theme = null;
  /** The step whose points are drawn. */
  #index = 0;
  /** @type {Labeling | null} the labels that are drawn */
  #labeling = null;
  /** @type {ArrayLike<number> | null} where the centers are drawn */
  #centers = null;
  /** @type {boolean[] | null} which clusters take part in a preview; null while there is none */
  #activeInPreview = null;
  /** Whether the points are drawn as in a preview, so that any step must draw them again. */
  #isPreviewed = false;
  /** Counts what is shown, so that a newer animation ends an older one. */
  #turn = 0;
  #isGliding = false;
  #isFitting = false;
  /** Whether the visitor chose the view. */
  #isZoomed = false;
  #isListening = false;
  #isDestroyed = false;
  /** @type {(() => void)[]} */
  #listeners = [];

  /**
   * @param {HTMLElement} stage
   * @param {Plotly} Plotly
   * @param {{hidden: Set<string>, movable?: boolean}} options names of the layers that are not shown at first; whether a
   *   mouse may move the view and zoom
   */
  constructor(stage, Plotly, { hidden, movable = true }) {
    this.Plotly = Plotly;
    this.isMovable = movable;
    this.plot = /** @type {PlotlyElement} */ (queryIn(stage, ".km-plot", HTMLElement));
    this.fade = queryIn(stage, ".km-fade", HTMLCanvasElement);
    const [under, over] = [".km-cells-layer", ".km-centers-layer"].map((name) => queryIn(stage, name, SVGElement));
    this.centerLayer = new CenterLayer(under, over, hidden);
    this.pointCanvas = new PointCanvas(queryIn(stage, ".km-point-canvas", HTMLCanvasElement));
    // A stage that is removed or hidden has no room to fit.
    this.resizing = new ResizeObserver(() => {
      if (this.#run && stage.clientHeight) this.resize();
    });
    this.resizing.observe(stage);
  }

  destroy() {
    this.#isDestroyed = true; // Plotly may still call back, and must not find the plot empty
    this.#turn++;
    this.resizing.disconnect();
    this.Plotly.purge(this.plot);
  }

  /**
   * Call a function whenever the picture is drawn, moved, zoomed, or resized.
   * @param {() => void} listener
   */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  // --- State

  /** Whether there are axes. */
  get isDrawn() {
    return Boolean(this.plot._fullLayout);
  }

  get isSmall() {
    return this.plot.clientWidth < SMALL_WIDTH;
  }

  /** Whether the points are too many for markers, and are dots or tiles. */
  get isDense() {
    return (this.#run?.n ?? 0) > MAX_MARKERS;
  }

  /**
   * Where the data is on the screen.
   * @returns {Axes}
   */
  axes() {
    const { xaxis, yaxis } = /** @type {{xaxis: PlotlyAxis, yaxis: PlotlyAxis}} */ (this.plot._fullLayout);
    return {
      toPixels: (x, y) => [xaxis._offset + xaxis.l2p(x), yaxis._offset + yaxis.l2p(y)],
      toData: (left, top) => [xaxis.p2l(left - xaxis._offset), yaxis.p2l(top - yaxis._offset)],
      view: { x: ascending(xaxis.range), y: ascending(yaxis.range) },
      area: { x: xaxis._offset, y: yaxis._offset, width: xaxis._length, height: yaxis._length },
    };
  }

  /** The points as markers; also where they are too many to be drawn as such. */
  traces() {
    const [run, theme, labeling] = [this.#run, this.#theme, this.#labeling];
    return run && theme && labeling ? pictureTraces(run, theme, labeling, this.isSmall) : [];
  }

  // --- What is shown

  /**
   * Draw another run, or the same one on another theme.
   * @param {Run} run
   * @param {Theme} theme
   * @param {number} index
   */
  async setRun(run, theme, index) {
    this.#turn++;
    this.fade.style.opacity = "0";
    this.#isZoomed = false;
    this.#run = run;
    this.#theme = theme;
    this.#index = index;
    this.#labeling = run.steps[index]; // Plotly asks for a painting while it takes the new run
    await this.Plotly.react(this.plot, NO_POINTS, this.#layout(run, theme), {
      displaylogo: false,
      showAxisRangeEntryBoxes: false, // a tap beside the picture would open a field there
      displayModeBar: this.isMovable && matchMedia("(hover: hover)").matches ? "hover" : false,
      modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
      responsive: false,
    });
    if (this.#isDestroyed) return;
    this.#listen();
    if (this.#run !== run) return; // another one came meanwhile
    this.pointCanvas.clear();
    this.#paint();
    this.centerLayer.setRun(run, theme);
    this.#centers = run.steps[this.#index].centers; // a key may have gone to another step meanwhile
    this.#activeInPreview = null;
    this.#place();
  }

  /**
   * Show a step.
   * @param {number} index
   * @param {Motion} motion
   * @returns {Promise<void>} resolves when the step is painted and nothing moves any more
   */
  async show(index, { animate, speed }) {
    if (!this.#run) return;
    const turn = ++this.#turn;
    const [before, step] = [this.#run.steps[this.#index], this.#run.steps[index]];
    const moves = animate && !prefersStill();
    this.fade.style.opacity = "0"; // an animation that this one ends may have left it
    this.#index = index;
    this.#activeInPreview = null;
    if (this.#isPreviewed || before.labels !== step.labels || before.changed !== step.changed) {
      this.#isPreviewed = false;
      const ripples = moves && step.phase === "assign";
      if (ripples) this.#keepFrame();
      this.#drawPoints(step);
      if (ripples) await this.#ripple(step, RIPPLE_MILLISECONDS / speed, turn);
    }
    if (turn !== this.#turn) return;
    if (moves && step.phase === "refine") await this.#glide(step.centers, speed, turn);
    if (turn !== this.#turn) return;
    this.centerLayer.hideTarget();
    this.#centers = step.centers;
    this.#place();
  }

  /**
   * Show the centers elsewhere for a moment.
   * @param {ArrayLike<number>} centers
   * @param {Uint8Array | null} labels of the points; null leaves them as they are
   */
  preview(centers, labels) {
    if (!this.#run) return;
    this.#centers = centers;
    this.#activeInPreview = this.#run.activeAfterMove;
    this.#place();
    if (!labels) return;
    const sizes = new Uint32Array(this.#run.k);
    for (const label of labels) sizes[label]++;
    this.#drawPoints({ labels, sizes, changed: null });
    this.#isPreviewed = true;
  }

  /**
   * Point out a point, a tile, or a center.
   * @param {Selection | null} selection
   */
  select(selection) {
    this.centerLayer.selection = selection;
    this.#place();
  }

  /**
   * @param {LayerName} layer
   * @param {boolean} isVisible
   */
  toggle(layer, isVisible) {
    this.centerLayer.visible[layer] = isVisible;
    this.#place();
  }

  /** Fit the room there is now. Axes of equal scale would only widen, so the view is set again. */
  async resize() {
    await this.Plotly.Plots.resize(this.plot);
    const [run, theme] = [this.#run, this.#theme];
    if (this.#isDestroyed || this.#isZoomed || !run || !theme) return;
    this.#isFitting = true;
    const { margin, xaxis, yaxis } = this.#layout(run, theme);
    await this.Plotly.relayout(this.plot, {
      margin,
      "xaxis.range": xaxis.range,
      "yaxis.range": yaxis.range,
      "xaxis.showticklabels": xaxis.showticklabels,
      "yaxis.showticklabels": yaxis.showticklabels,
    });
    this.#isFitting = false;
  }

  // --- Points and axes

  #listen() {
    if (this.#isListening) return;
    this.#isListening = true;
    this.plot.on("plotly_relayout", (change) => {
      if (!this.#isFitting && "xaxis.range[0]" in change) this.#isZoomed = true;
    });
    this.plot.on("plotly_doubleclick", () => (this.#isZoomed = false));
    for (const event of ["plotly_afterplot", "plotly_relayouting"]) {
      this.plot.on(event, () => {
        this.#paint();
        this.#place();
        for (const listener of this.#listeners) listener();
      });
    }
  }

  /**
   * @param {Run} run
   * @param {Theme} theme
   */
  #layout(run, theme) {
    const isTouch = isTouchScreen();
    return pictureLayout(run, theme, { isSmall: this.isSmall, isMovable: this.isMovable, isTouch });
  }

  /** @param {Labeling} labeling */
  #drawPoints(labeling) {
    this.#labeling = labeling;
    this.#paint();
  }

  #paint() {
    const [run, theme, labeling] = [this.#run, this.#theme, this.#labeling];
    if (this.#isDestroyed || !this.isDrawn || !run || !theme || !labeling) return;
    this.pointCanvas.paint(this.axes(), (raster) => {
      if (run.tiles) paintRunTiles(raster, run, theme, labeling);
      else if (this.isDense) paintRunDots(raster, run, theme, labeling);
      else paintMarkers(raster, this.traces());
    });
  }

  // --- Motion

  /** Keep a copy of the points as they are painted now. */
  #keepFrame() {
    const { canvas } = this.pointCanvas;
    this.fade.width = canvas.width;
    this.fade.height = canvas.height;
    if (canvas.width && canvas.height) this.fade.getContext("2d")?.drawImage(canvas, 0, 0);
    this.fade.style.opacity = "1";
  }

  /**
   * Let the new colors spread from the centers over that copy.
   * @param {Step} step
   * @param {number} milliseconds
   * @param {number} turn
   */
  async #ripple(step, milliseconds, turn) {
    const context = this.fade.getContext("2d");
    if (!this.#run || !context) return;
    const { middles, reach } = discsOf(this.#run, step, this.axes().toPixels);
    const scale = this.fade.width / Math.max(1, this.fade.clientWidth);
    const start = performance.now();
    for (let share = 0; share < 1;) {
      const now = await new Promise(requestAnimationFrame);
      if (turn !== this.#turn) return; // something newer is shown
      share = Math.min(1, Math.max(0, (now - start) / milliseconds));
      eraseDiscs(context, middles, share * reach, scale);
    }
    this.fade.style.opacity = "0";
  }

  /**
   * Show where the centers will go, then move them there.
   * @param {Float32Array} target
   * @param {number} speed
   * @param {number} turn
   */
  async #glide(target, speed, turn) {
    const from = Float32Array.from(this.#centers ?? target);
    this.#isGliding = true;
    try {
      this.centerLayer.showTarget(target, from);
      await wait(TARGET_MILLISECONDS / speed);
      const start = performance.now();
      for (let share = 0; share < 1;) {
        const now = await new Promise(requestAnimationFrame);
        if (turn !== this.#turn) return; // something newer is shown
        share = Math.min(1, Math.max(0, ((now - start) / GLIDE_MILLISECONDS) * speed));
        const eased = easeInOut(share);
        this.#centers = from.map((value, i) => value + (target[i] - value) * eased);
        this.#place();
      }
    } finally {
      this.#isGliding = false;
    }
  }

  /** Put the layers of the centers where they belong. */
  #place() {
    // Plotly may call while one run replaces another.
    if (this.#isDestroyed || this.centerLayer.run !== this.#run || !this.#centers) return;
    const index = this.#isGliding ? this.#index - 1 : this.#index;
    const labels = this.#labeling?.labels ?? null;
    this.centerLayer.place(this.#centers, index, this.axes(), this.#activeInPreview, labels);
  }
}

/** @typedef {(raster: Raster, run: Run, theme: Theme, labeling: Labeling) => void} Painter */

/** @type {Painter} */
function paintRunTiles(raster, run, theme, labeling) {
  const colors = run.colors.slice(0, run.k);
  paintTiles(raster, run, labeling, { colors, unassigned: theme.unassigned, outline: theme.text });
}

/** @type {Painter} */
function paintRunDots(raster, run, theme, labeling) {
  const colors = run.colors.slice(0, run.k);
  const reassigned = colors.map((_, cluster) =>
    (labeling.changed ?? []).filter((point) => labeling.labels?.[point] === cluster),
  );
  paintDots(raster, {
    groups: splitByCluster(run, labeling),
    reassigned: [[], ...reassigned].map((points) => pickPlaces(run.points, points)),
    colors: [theme.unassigned, ...colors],
    outline: theme.text,
  });
}
