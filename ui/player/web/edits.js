// Reaching into the picture: drag a center, draw, erase and move points, undo and redo.
//
// While a hand is on something, the picture answers at once, from what the browser knows. When it lets go, the server
// is told, computes the run that follows, and keeps it in the link.

import { capitalised, counted } from "./sentences.js";

const CLICK_PIXELS = 4; // a press that strays no farther is a click and no drag
const BRUSH_PIXELS = 12; // how near a point must be to be erased or picked up
const STROKE_PIXELS = 10; // how far apart the points of a stroke are
const RECOLOUR_POINTS = 20000; // above this, colours wait for the server
const LOCKED = "locked by this link";
const FIXED = {
  saved: "Centers cannot be moved on a saved page.",
  shadow: "Centers cannot be moved where the picture is a projection of more than two columns.",
  init: "The starting centers are locked by this link.",
  centers: "The centers are locked by this link.",
};
const NUDGE = { fine: 0.01, coarse: 0.05 }; // of the view, for an arrow key without and with Shift

const PENS = {
  add: { label: "Draw points", icon: "M12 5v14M5 12h14" },
  erase: { label: "Erase points", icon: "M6 6l12 12M18 6L6 18" },
  shift: {
    label: "Move a point",
    icon: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
  },
};
const HISTORY = {
  undo: { label: "Undo the last change", icon: "M9 6L4 11l5 5M4 11h10a5 5 0 0 1 0 10h-2" },
  redo: { label: "Redo it", icon: "M15 6l5 5-5 5M20 11H10a5 5 0 0 0 0 10h2" },
};

const toolButton = (name, { label, icon }) =>
  `<button type="button" class="km-button km-icon" data-tool="${name}" aria-label="${label}" title="${label}">` +
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icon}"/></svg></button>`;

const short = (value) => Number(value.toPrecision(5));

/** The nearest center of every point, ties to the lowest index; what the next assign would say. */
function nearestCenters({ points, n, rule }, centers, active) {
  const labels = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    let least = Infinity;
    for (let j = 0; j < active.length; j++) {
      if (!active[j]) continue;
      const [dx, dy] = [points[2 * i] - centers[2 * j], points[2 * i + 1] - centers[2 * j + 1]];
      const distance = rule.metric === "manhattan" ? Math.abs(dx) + Math.abs(dy) : dx * dx + dy * dy;
      if (distance < least) [least, labels[i]] = [distance, j];
    }
  }
  return labels;
}

export class Reach {
  /**
   * @param player
   * @param onPickCenter takes the cluster of a center that was clicked
   */
  constructor(player, onPickCenter) {
    this.player = player;
    this.onPickCenter = onPickCenter;
    this.picture = player.picture;
    this.pen = null;
    player.find(".km-edit-tools").insertAdjacentHTML(
      "beforeend",
      `<span class="km-group km-pens" role="group" aria-label="Points by hand">${Object.entries(PENS)
        .map(([name, pen]) => toolButton(name, pen))
        .join("")}</span><span class="km-group" role="group" aria-label="History">${Object.entries(HISTORY)
        .map(([name, tool]) => toolButton(name, tool))
        .join("")}</span>`,
    );
    this.sheet = player.find(".km-drawing-overlay");
    this.marks = player.find(".km-strokes");
    this.listen();
  }

  setSession(session) {
    const isRefused = this.session && session.refusals !== this.session.refusals;
    this.session = session;
    this.drawStroke([]); // what was drawn is there now, or was refused
    for (const [name, { label }] of Object.entries(HISTORY)) {
      const { isAvailable, refusal: why } = session[name];
      const button = this.button(name);
      button.setAttribute("aria-disabled", !isAvailable);
      button.title = why ? `${label}. ${why}.` : label;
      button.ariaDescription = why || null;
    }
    if (!this.run) return;
    this.offerPens();
    this.describeCenters();
    if (isRefused) this.takeBack();
  }

  /** Show again what is so: the server refused what the picture shows already. */
  takeBack() {
    this.moved = null;
    this.player.go(this.player.index);
  }

  setRun(run) {
    this.run = run;
    this.offerPens();
    this.release();
    this.drawStroke([]);
    this.describeCenters();
    // Its mark was made anew for this run; a keyboard goes on where it was.
    this.player.root.querySelector(`.km-center[data-cluster="${this.moved}"]`)?.focus({ preventScroll: true });
    this.moved = null;
  }

  show() {
    this.describeCenters();
  }

  /** Points can be drawn, erased and moved where single ones are drawn; what can't be done in this run is not there. */
  offerPens() {
    const { offline, locked } = this.session;
    const isImpossible = this.run.features > 2 || Boolean(this.run.tiles);
    this.player.find(".km-edit-tools").hidden = Boolean(offline);
    this.player.find(".km-pens").hidden = isImpossible;
    const why = locked.includes("data") ? LOCKED : null;
    const off = Boolean(why);
    if (this.pen && (off || isImpossible)) this.takePen(null);
    for (const [name, { label }] of Object.entries(PENS)) {
      const button = this.button(name);
      button.setAttribute("aria-disabled", off);
      button.title = off ? `${label}: ${why}` : label;
      button.ariaDescription = why;
    }
  }

  button(name) {
    return this.player.find(`[data-tool="${name}"]`);
  }

  tell(change) {
    this.player.send("edit", change);
  }

  // --- Listening

  listen() {
    this.player.find(".km-edit-tools").addEventListener("click", (event) => {
      const button = event.target.closest("[data-tool]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const name = button.dataset.tool;
      if (name in PENS) this.takePen(this.pen === name ? null : name, event.detail === 0);
      else this.travel(name);
    });
    const over = this.player.find(".km-centers-layer");
    over.addEventListener("pointerdown", (event) => this.grab(event));
    // A finger on a center drags it and does not scroll the page; touch-action can't say so for a part of an SVG.
    over.addEventListener("touchstart", (event) => this.canDrag && event.preventDefault(), { passive: false });
    over.addEventListener("keydown", (event) => this.nudge(event));
    // Not on the layer itself: a browser takes an SVG that listens to the focus for something to be focused.
    this.player.stage.addEventListener("focusout", ({ target }) => target.closest?.(".km-center") && this.letGo());
    this.sheet.addEventListener("pointerdown", (event) => this.beginStroke(event));
    this.sheet.addEventListener("keydown", (event) => this.steerPen(event));
  }

  /** Escape puts a held center back, or lays a pen down. */
  dismiss() {
    if (!this.held && !this.pen) return false;
    this.held ? this.release() : this.takePen(null);
    return true;
  }

  /** Undo or redo, and come to the half-step where it shows. */
  travel(name) {
    const index = this.session[name].step;
    if (index !== null) this.player.landing = index;
    this.tell({ kind: name });
  }

  say(text) {
    this.player.find(".km-pen-status").textContent = text;
  }

  inWords([x, y]) {
    return `${short(x)}, ${short(y)}`;
  }

  /** Follow a pointer until it is let go; `done` hears whether it ended well. */
  follow(event, moved, done) {
    event.preventDefault();
    const target = event.target.closest("svg, .km-drawing-overlay");
    target.setPointerCapture(event.pointerId);
    const stop = new AbortController();
    const { signal } = stop;
    const end = (well) => {
      stop.abort();
      done(well);
    };
    target.addEventListener("pointermove", moved, { signal });
    target.addEventListener("pointerup", () => end(true), { signal });
    target.addEventListener("pointercancel", () => end(false), { signal });
    document.addEventListener("keydown", (key) => key.key === "Escape" && end(false), { signal });
  }

  /** Where an event is: in pixels of the stage, and in the data, within the view. */
  placeOf(event) {
    const box = this.player.stage.getBoundingClientRect();
    const pixels = [event.clientX - box.left, event.clientY - box.top];
    return { pixels, data: this.within(this.picture.axes().toData(...pixels)) };
  }

  within([x, y]) {
    const { view } = this.picture.axes();
    const clamp = (value, [low, high]) => short(Math.min(high, Math.max(low, value)));
    return [clamp(x, view.x), clamp(y, view.y)];
  }

  // --- Centers

  /** Why no center can be put elsewhere at this half-step, in a sentence; null where it can. */
  get whyFixed() {
    const { offline, locked } = this.session;
    if (offline) return FIXED.saved;
    if (this.run.features > 2) return FIXED.shadow;
    if (locked.includes("centers")) return FIXED.centers;
    // Before the first half-step a drag is another start.
    return this.player.index === 0 && locked.includes("init") ? FIXED.init : null;
  }

  get canDrag() {
    return !this.whyFixed && !this.player.isStill;
  }

  describeCenters() {
    const { rule } = this.run;
    const why = this.whyFixed;
    this.player.stage.classList.toggle("km-draggable", this.canDrag);
    this.player.root.querySelectorAll(".km-center").forEach((mark, j) => {
      const [x, y] = [0, 1].map((axis) => short(this.player.step.centers[2 * j + axis]));
      const title = `${capitalised(rule.center)} ${j + 1} at ${x}, ${y}.`;
      const how = why ?? "Arrow keys move it, Enter lets the run go on from there.";
      const words = { tabindex: 0, role: "button", "aria-label": this.player.isStill ? title : `${title} ${how}` };
      for (const [key, value] of Object.entries(words)) mark.setAttribute(key, value);
    });
  }

  grab(event) {
    const mark = event.target.closest(".km-center");
    if (!mark || event.button !== 0 || this.held || this.player.isStill) return;
    const start = this.placeOf(event);
    const cluster = Number(mark.dataset.cluster) - 1;
    let isDrag = false;
    if (this.canDrag) this.hold(cluster);
    const moved = (move) => {
      const { pixels, data } = this.placeOf(move);
      isDrag ||= Math.hypot(pixels[0] - start.pixels[0], pixels[1] - start.pixels[1]) > CLICK_PIXELS;
      if (isDrag && this.held) this.carry(data);
      if (isDrag && this.whyFixed) this.say(this.whyFixed);
    };
    this.follow(event, moved, (well) => {
      if (well && !isDrag) this.onPickCenter(cluster);
      well ? this.letGo() : this.release();
    });
  }

  hold(cluster) {
    this.player.pause();
    this.held = { cluster, centers: Float32Array.from(this.player.step.centers), place: null };
    this.player.root.dataset.holding = cluster + 1;
  }

  /** Show the held center somewhere else, with the cells and colours that this would mean. */
  carry([x, y]) {
    const { held } = this;
    held.place = [x, y];
    held.centers.set([x, y], 2 * held.cluster);
    if (held.frame) return;
    held.frame = requestAnimationFrame(() => {
      held.frame = null;
      if (this.held !== held) return;
      const { step } = this.player;
      const recolour = step.labels && this.run.n <= RECOLOUR_POINTS;
      const labels = recolour ? nearestCenters(this.run, held.centers, this.run.activeAfterMove) : null;
      this.picture.preview(held.centers, labels);
    });
  }

  /** Let the run go on from where the held center is now. */
  letGo() {
    const { held } = this;
    if (!held) return;
    this.held = null;
    delete this.player.root.dataset.holding;
    if (!held.place) return;
    const step = this.player.index;
    // The move comes after this half-step, and its assign, which the picture shows already, after that.
    if (step > 0) this.player.landing = step + 2;
    this.tell({ kind: "move", step, cluster: held.cluster, place: held.place });
  }

  /** Put the held center back. */
  release() {
    if (!this.held) return;
    const { place } = this.held;
    this.held = null;
    delete this.player.root.dataset.holding;
    if (place) this.player.go(this.player.index);
  }

  nudge(event) {
    const mark = event.target.closest(".km-center");
    if (!mark || this.player.isStill) return;
    const isPress = event.key === "Enter" || event.key === " ";
    if (isPress && this.held) {
      this.moved = mark.dataset.cluster;
      this.letGo();
    } else if (isPress) this.onPickCenter(Number(mark.dataset.cluster) - 1);
    else if (event.key.startsWith("Arrow") && this.canDrag) this.nudgeBy(mark, event);
    else return;
    event.preventDefault();
  }

  nudgeBy(mark, event) {
    if (!this.held) this.hold(Number(mark.dataset.cluster) - 1);
    const { cluster, centers } = this.held;
    const { view } = this.picture.axes();
    const size = event.shiftKey ? NUDGE.coarse : NUDGE.fine;
    const [dx, dy] = this.direction(event.key);
    const [x, y] = [centers[2 * cluster], centers[2 * cluster + 1]];
    const place = this.within([x + dx * size * (view.x[1] - view.x[0]), y + dy * size * (view.y[1] - view.y[0])]);
    this.carry(place);
    this.say(`${capitalised(this.run.rule.center)} ${cluster + 1} at ${this.inWords(place)}`);
  }

  direction(key) {
    return { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
  }

  // --- Pens

  /** @param byKey whether the keyboard took it: then the focus goes with it, and comes back when it is laid down */
  takePen(pen, byKey = false) {
    if (!pen && document.activeElement === this.sheet) this.button(this.pen).focus({ preventScroll: true });
    this.pen = pen;
    this.player.pause();
    for (const name of Object.keys(PENS)) this.button(name).setAttribute("aria-pressed", name === pen);
    this.sheet.hidden = !pen;
    this.drawStroke([]);
    if (!pen) return;
    this.sheet.dataset.pen = pen;
    const keys = {
      add: "Enter draws a point",
      erase: "Enter erases",
      shift: "Enter picks a point up and puts it down",
    };
    this.sheet.setAttribute("aria-label", `${PENS[pen].label}: arrow keys steer, ${keys[pen]}, Escape ends.`);
    const { area } = this.picture.axes();
    this.cursor = [area.x + area.width / 2, area.y + area.height / 2];
    if (byKey) this.sheet.focus({ preventScroll: true });
  }

  beginStroke(event) {
    if (event.button !== 0) return;
    this.stroke = [];
    this.picked = null;
    this.touch(this.placeOf(event));
    this.follow(
      event,
      (move) => this.touch(this.placeOf(move)),
      (well) => this.endStroke(well),
    );
  }

  /** The pen is at a place: do what this pen does, for the eye only. */
  touch({ pixels, data }) {
    if (this.pen === "add") {
      const last = this.stroke.at(-1);
      const far = !last || Math.hypot(pixels[0] - last.pixels[0], pixels[1] - last.pixels[1]) >= STROKE_PIXELS;
      if (far && this.stroke.length < Math.max(1, this.session.pointsLeft)) this.stroke.push({ pixels, data });
    } else if (this.pen === "erase") {
      const known = new Set(this.stroke.map(({ index }) => index));
      for (const hit of this.pointsNear(pixels)) if (!known.has(hit.index)) this.stroke.push(hit);
    } else {
      this.picked ??= this.pointsNear(pixels)[0] ?? null;
      this.stroke = this.picked ? [this.picked, { pixels, data }] : [];
    }
    this.drawStroke(this.stroke);
  }

  endStroke(well) {
    const { stroke, picked, pen } = this;
    this.stroke = [];
    if (!well || !stroke.length) return this.drawStroke([]);
    if (pen === "add") this.tell({ kind: "add", places: stroke.map(({ data }) => data) });
    if (pen === "erase") this.tell({ kind: "erase", indices: stroke.map(({ index }) => index) });
    if (pen === "shift") this.tell({ kind: "shift", index: picked.index, place: stroke.at(-1).data });
  }

  /** The points under the pen, the nearest first. */
  pointsNear([left, top]) {
    const { points, n } = this.run;
    const { toPixels } = this.picture.axes();
    const near = [];
    for (let index = 0; index < n; index++) {
      const pixels = toPixels(points[2 * index], points[2 * index + 1]);
      const distance = Math.hypot(pixels[0] - left, pixels[1] - top);
      if (distance <= BRUSH_PIXELS) near.push({ index, pixels, distance });
    }
    return near.sort((a, b) => a.distance - b.distance);
  }

  drawStroke(stroke, cursor = null) {
    const circle = ({ pixels: [x, y] }, kind) =>
      `<circle cx="${x}" cy="${y}" r="${kind === "cursor" ? BRUSH_PIXELS : 4}" class="km-${kind}"/>`;
    this.marks.innerHTML =
      stroke.map((place) => circle(place, this.pen)).join("") + (cursor ? circle({ pixels: cursor }, "cursor") : "");
    this.player.find(".km-pen-status").textContent = stroke.length
      ? `${counted(stroke.length, "point")} under the pen`
      : "";
  }

  steerPen(event) {
    if (event.key.startsWith("Arrow")) {
      const [dx, dy] = this.direction(event.key);
      const pixels = event.shiftKey ? 2 : 12;
      this.cursor = [this.cursor[0] + dx * pixels, this.cursor[1] - dy * pixels];
      if (this.picked) this.touch(this.atCursor());
    } else if (event.key === "Enter") {
      this.press();
    } else {
      return;
    }
    event.preventDefault();
    this.drawStroke(this.stroke ?? [], this.cursor);
    const done = { add: "Drawn at", erase: "Erased around", shift: this.picked ? "Carried to" : "Put down at" }[
      this.pen
    ];
    this.say(`${event.key === "Enter" ? done : "At"} ${this.inWords(this.atCursor().data)}`);
  }

  atCursor() {
    return { pixels: this.cursor, data: this.within(this.picture.axes().toData(...this.cursor)) };
  }

  /** Enter is the pen's press; with the pen that moves a point, a second one puts it down. */
  press() {
    const carrying = this.pen === "shift" && this.picked;
    if (!carrying) [this.stroke, this.picked] = [[], null];
    this.touch(this.atCursor());
    if (this.pen !== "shift" || carrying) {
      this.endStroke(true);
      this.picked = null;
    }
  }
}
