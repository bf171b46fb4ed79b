// The picture: points and axes by Plotly, and the layers of the centers, which ask Plotly's axes where a place of the
// data is on the screen.

import { Crowd, CROWD, paintDots } from "./point_canvas.js";
import { Overlay } from "./center_layer.js";
import { prefersStill } from "./theme.js";
import { paintTiles } from "./tiles.js";

const FADE_MS = 200;
const TARGET_MS = 300;
const GLIDE_MS = 600;
const SMALL = 260; // pixels wide
const UNASSIGNED = { light: "#8a8f98", dark: "#7d828c" };

/** Browsers have few WebGL contexts, phones only eight, and else keep them until they collect their garbage. */
const giveBack = (context) => context?.getExtension("WEBGL_lose_context")?.loseContext();

const hasWebGL = (() => {
  let known = null;
  return () => {
    if (known === null) {
      const context = document.createElement("canvas").getContext("webgl");
      known = Boolean(context);
      giveBack(context);
    }
    return known;
  };
})();

const easeInOut = (t) => (t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2);

/** A name as Plotly shows it letter by letter, and takes none of it for markup. */
const plain = (name) =>
  (name.length > 60 ? `${name.slice(0, 59)}…` : name).replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The points of every cluster as [xs, ys]; all of them in the first place while there are no labels. */
function splitPoints({ points, n, k }, { labels, sizes }) {
  const groups = [labels ? 0 : n, ...(sizes ?? new Array(k).fill(0))].map((size) => [
    new Float32Array(size),
    new Float32Array(size),
  ]);
  const filled = new Uint32Array(k + 1);
  for (let i = 0; i < n; i++) {
    const group = labels ? labels[i] + 1 : 0;
    const at = filled[group]++;
    groups[group][0][at] = points[2 * i];
    groups[group][1][at] = points[2 * i + 1];
  }
  return groups;
}

function pickPoints(points, indices) {
  return [0, 1].map((feature) => Float32Array.from(indices, (point) => points[2 * point + feature]));
}

/** The least and the largest value of a feature over the points and all centers, with some air around. */
export function range(run, feature) {
  let [low, high] = [Infinity, -Infinity];
  // Runs that are seen together are seen from the same place.
  const steps = (run.siblings ?? [run]).flatMap((one) => one.steps);
  for (const values of [run.points, ...steps.map((step) => step.centers)]) {
    for (let i = feature; i < values.length; i += 2) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  const air = high > low ? (high - low) * 0.05 : Math.max(1, Math.abs(low)) * 0.5;
  return [low - air, high + air];
}

export class Picture {
  /**
   * @param hidden names of the layers that are not shown at first
   * @param movable whether a mouse may move the view, and zoom in and out
   */
  constructor(stage, Plotly, { hidden, movable = true }) {
    this.Plotly = Plotly;
    this.movable = movable;
    this.plot = stage.querySelector(".km-plot");
    this.fade = stage.querySelector(".km-fade");
    this.overlay = new Overlay(
      stage.querySelector(".km-cells-layer"),
      stage.querySelector(".km-centers-layer"),
      hidden,
    );
    this.crowd = new Crowd(stage.querySelector(".km-point-canvas"));
    this.shown = null; // the half-step whose points are drawn
    this.glide = 0; // counts glides, so that a newer one ends an older one
    this.zoomed = false; // whether a person chose the view
    // A stage that goes away, or is hidden, has no room to fit.
    this.resizing = new ResizeObserver(() => this.run && stage.clientHeight && this.resize());
    this.resizing.observe(stage);
  }

  destroy() {
    this.gone = true; // what Plotly still has to do must not find the plot empty
    this.glide++;
    this.resizing.disconnect();
    const canvases = [...this.plot.querySelectorAll(".gl-canvas-context, .gl-canvas-focus")];
    this.Plotly.purge(this.plot);
    for (const canvas of canvases) giveBack(canvas.getContext("webgl"));
  }

  /** Fit the room there is now. Axes of equal scale would only ever widen, so the view is set anew. */
  async resize() {
    await this.Plotly.Plots.resize(this.plot);
    if (this.gone || this.zoomed || !this.run) return;
    this.fitting = true;
    const { margin, xaxis, yaxis } = this.layout();
    await this.Plotly.relayout(this.plot, {
      margin,
      "xaxis.range": xaxis.range,
      "yaxis.range": yaxis.range,
      "xaxis.showticklabels": xaxis.showticklabels,
      "yaxis.showticklabels": yaxis.showticklabels,
    });
    this.fitting = false;
  }

  /** Draw another run, or the same run on another theme, at that half-step. */
  async setRun(run, theme, index) {
    this.glide++;
    this.zoomed = false;
    this.run = run;
    this.theme = theme;
    this.shown = index;
    this.points = run.steps[index]; // Plotly calls for a painting while it takes the new run
    this.colors = run.colors[theme.name].slice(0, run.k);
    await this.Plotly.react(this.plot, this.traces(run.steps[index]), this.layout(), {
      displaylogo: false,
      displayModeBar: this.movable && matchMedia("(hover: hover)").matches ? "hover" : false,
      modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
      responsive: false,
    });
    if (this.gone) return;
    if (!this.listens) {
      this.listens = true;
      this.plot.on("plotly_relayout", (change) => {
        if (!this.fitting && "xaxis.range[0]" in change) this.zoomed = true;
      });
      this.plot.on("plotly_doubleclick", () => (this.zoomed = false));
      for (const event of ["afterplot", "relayouting"]) {
        this.plot.on(`plotly_${event}`, () => {
          this.paintCrowd();
          this.place();
        });
      }
    }
    if (this.run !== run) return; // another one came meanwhile
    this.crowd.clear();
    this.paintCrowd();
    this.overlay.setRun(run, theme);
    this.centers = run.steps[index].centers;
    this.activeInPreview = null;
    this.place();
  }

  /** Which layers are shown: "cells", "trails". */
  get shows() {
    return this.overlay.shows;
  }

  /** Point out a point, a tile or a center: {kind, index}, or null. */
  choose(chosen) {
    this.overlay.chosen = chosen;
    this.place();
  }

  toggle(layer, on) {
    this.shows[layer] = on;
    this.place();
  }

  /** Show a half-step; moving there if asked to. Resolves when it is painted and nothing moves any more. */
  async show(index, { animate, speed }) {
    const turn = ++this.glide;
    const before = this.run.steps[this.shown];
    const step = this.run.steps[index];
    const move = animate && !prefersStill();
    this.shown = index;
    this.activeInPreview = null;
    if (this.previewed || before.labels !== step.labels || before.changed !== step.changed) {
      this.previewed = false;
      const fading = move && step.phase === "assign" && this.keepFrame();
      await this.drawPoints(step);
      if (fading) await this.fadeFrame(FADE_MS / speed);
    }
    if (turn !== this.glide) return;
    if (move && step.phase === "refine") await this.glideCenters(step.centers, speed, turn);
    if (turn !== this.glide) return;
    this.overlay.hideTarget();
    this.centers = step.centers;
    this.place();
  }

  /** Show the centers elsewhere for a moment, with the points as these labels say, if there are any. */
  preview(centers, labels) {
    this.centers = centers;
    this.activeInPreview = this.run.activeAfterMove;
    this.place();
    if (!labels) return;
    const sizes = new Uint32Array(this.run.k);
    for (const label of labels) sizes[label]++;
    this.drawPoints({ labels, sizes, changed: null });
    this.previewed = true; // so that the next half-step is drawn, whichever it is
  }

  // --- Plotly's part: the points

  markerSize() {
    const { n } = this.run;
    const share = this.isSmall ? 0.7 : 1;
    return share * this.theme.scale * (n <= 400 ? 9 : n <= 1500 ? 7 : n <= 6000 ? 5 : n <= 25000 ? 4 : 3);
  }

  groups(step) {
    return [...splitPoints(this.run, step), pickPoints(this.run.points, step.changed ?? [])];
  }

  /** Whether there is no room for numbers at the axes. */
  get isSmall() {
    return this.plot.clientWidth < SMALL;
  }

  get isCrowd() {
    return this.run.n > CROWD;
  }

  traces(step) {
    // Plotly then draws the axes alone.
    if (this.isCrowd) return [{ type: "scatter", x: [], y: [] }];
    const type = hasWebGL() ? "scattergl" : "scatter";
    const size = this.markerSize();
    const opacity = this.run.n <= 6000 ? 0.75 : 0.55;
    const looks = [
      { color: UNASSIGNED[this.theme.name], symbol: "circle", size, opacity },
      ...this.colors.map((color, j) => ({ color, symbol: this.run.symbols[j], size, opacity })),
      // Filled, and not just ringed: where many changed, rings would hide what they point at.
      { ...this.changedLook(step), size: size + 3, opacity: 1, line: { width: 1, color: this.theme.text } },
    ];
    return this.groups(step).map(([x, y], i) => ({ type, mode: "markers", x, y, marker: looks[i], hoverinfo: "skip" }));
  }

  /** The points that changed cluster wear their new cluster's look. */
  changedLook({ labels, changed }) {
    const ofNewCluster = (looks) => (changed ?? []).map((point) => looks[labels[point]]);
    return { color: ofNewCluster(this.colors), symbol: ofNewCluster(this.run.symbols) };
  }

  layout() {
    const {
      isSmall,
      run: { axes: names },
    } = this;
    const axis = (feature) => ({
      range: range(this.run, feature),
      gridcolor: this.theme.grid,
      zeroline: false,
      tickfont: { color: this.theme.muted, size: 12 * this.theme.scale },
      ticklen: 4,
      tickcolor: "rgba(0,0,0,0)",
      showticklabels: !isSmall,
      fixedrange: !this.movable,
      title:
        isSmall || !names
          ? null
          : { text: plain(names[feature]), standoff: 6 * this.theme.scale, font: { size: 13 * this.theme.scale } },
    });
    const room = !isSmall && names ? 20 * this.theme.scale : 0;
    const touch = matchMedia("(pointer: coarse)").matches;
    const { scale } = this.theme;
    return {
      xaxis: axis(0),
      yaxis: { ...axis(1), ...(this.run.equalUnits ? { scaleanchor: "x", scaleratio: 1 } : {}) },
      margin: isSmall ? { l: 2, r: 2, t: 2, b: 2 } : { l: 38 * scale + room, r: 10, t: 8, b: 26 * scale + room },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: this.theme.font, color: this.theme.text },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: this.theme.muted, activecolor: this.theme.text },
      showlegend: false,
      // A finger scrolls the page; a mouse moves the picture.
      dragmode: touch || !this.movable ? false : "pan",
      hovermode: false,
    };
  }

  paintCrowd() {
    if (!this.isCrowd) return;
    this.crowd.paint(this.axes(), (raster) => (this.run.tiles ? this.paintTiles(raster) : this.paintDots(raster)));
  }

  paintTiles(raster) {
    const looks = { colors: this.colors, unassigned: UNASSIGNED[this.theme.name], outline: this.theme.text };
    paintTiles(raster, this.run, this.points, looks);
  }

  paintDots(raster) {
    const { labels, changed } = this.points;
    const byCluster = this.colors.map((_, j) => (changed ?? []).filter((point) => labels[point] === j));
    paintDots(raster, {
      groups: splitPoints(this.run, this.points),
      changed: [[], ...byCluster].map((points) => pickPoints(this.run.points, points)),
      colors: [UNASSIGNED[this.theme.name], ...this.colors],
      outline: this.theme.text,
    });
  }

  drawPoints(step) {
    this.points = step;
    if (this.gone) return;
    if (this.isCrowd) return this.paintCrowd();
    const traces = this.traces(step);
    return this.Plotly.restyle(
      this.plot,
      { x: traces.map(({ x }) => x), y: traces.map(({ y }) => y), marker: traces.map(({ marker }) => marker) },
      traces.map((_, i) => i),
    );
  }

  /** Keep a copy of the points as they are painted now; false where there is no canvas to copy. */
  keepFrame() {
    const canvas = this.isCrowd ? this.crowd.canvas : this.plot.querySelector(".gl-canvas-context");
    if (!canvas) return false;
    this.fade.width = canvas.width;
    this.fade.height = canvas.height;
    this.fade.getContext("2d").drawImage(canvas, 0, 0);
    this.fade.style.transition = "none";
    this.fade.style.opacity = 1;
    return true;
  }

  async fadeFrame(milliseconds) {
    this.fade.getBoundingClientRect(); // so that the transition starts from 1
    this.fade.style.transition = `opacity ${milliseconds}ms linear`;
    this.fade.style.opacity = 0;
    await new Promise((done) => setTimeout(done, milliseconds));
  }

  // --- The layers of the centers

  /** Where the data is on the screen, in pixels of the stage. */
  axes() {
    const { xaxis, yaxis } = this.plot._fullLayout;
    return {
      toPixels: (x, y) => [xaxis._offset + xaxis.l2p(x), yaxis._offset + yaxis.l2p(y)],
      toData: (left, top) => [xaxis.p2l(left - xaxis._offset), yaxis.p2l(top - yaxis._offset)],
      view: { x: [...xaxis.range].sort((a, b) => a - b), y: [...yaxis.range].sort((a, b) => a - b) },
      area: { x: xaxis._offset, y: yaxis._offset, width: xaxis._length, height: yaxis._length },
    };
  }

  place() {
    // Plotly may call while one run makes way for another.
    if (this.gone || this.overlay.run !== this.run || !this.centers) return;
    const index = this.gliding ? this.shown - 1 : this.shown;
    this.overlay.place(this.centers, index, this.axes(), this.activeInPreview);
  }

  /** Show where the centers will go, then let them. */
  async glideCenters(target, speed, turn) {
    const from = this.centers;
    this.gliding = true;
    try {
      this.overlay.showTarget(target, from);
      await new Promise((done) => setTimeout(done, TARGET_MS / speed));
      const started = performance.now();
      for (let share = 0; share < 1;) {
        const now = await new Promise(requestAnimationFrame);
        if (turn !== this.glide) return; // something newer is on its way
        share = Math.min(1, Math.max(0, ((now - started) / GLIDE_MS) * speed));
        const eased = easeInOut(share);
        this.centers = from.map((value, i) => value + (target[i] - value) * eased);
        this.place();
      }
    } finally {
      this.gliding = false;
    }
  }
}
