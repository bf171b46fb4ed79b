// Why is this point where it is, and where is this center drawn to? Answers for what was clicked.

import { moveOf } from "./cluster_table.js";
import { swatch } from "./symbols.js";
import { sharesOf } from "./tiles.js";
import { amount, whole } from "./numbers.js";
import { capitalised, counted, pointName, pointNumbered, stepName } from "./sentences.js";

const CLICK_PIXELS = 4;
const MARK_PIXELS = 14; // from the middle of a mark to its edge
const NEAR_PIXELS = 14;
const MOST_LISTED = 100;

const HINTS = {
  point: "Click a point or a center to see why it is where it is.",
  tile: "Click a tile or a center to see why it is where it is. Single points are too many to be looked at.",
};

const ROWS = "Row 1 is the first one below the names of the columns.";

const UNTOLD = "There are too many points in too many columns to bring all their distances here.";

export class Why {
  constructor(player) {
    this.player = player;
    this.element = player.find(".km-inspector");
    this.element.innerHTML = `
      <form class="km-lookup"><label><span></span> <input type="number" min="1" inputmode="numeric" required></label>
        <button type="submit" class="km-button">Look</button></form>
      <div class="km-inspector-answer"></div><p class="km-visually-hidden" role="status"></p>`;
    [this.form, this.answer, this.status] = this.element.children;
    this.glance = Object.assign(document.createElement("button"), { type: "button", className: "km-inspector-note" });
    player.stage.append(this.glance);
    this.chosen = this.readChosen(this.player.view.get("look"));
    player.chooseCenter = (cluster) => this.choose({ kind: "center", index: cluster });
    this.listen();
  }

  restoreView() {
    this.listed = this.fromList = false;
    this.chosen = this.readChosen(this.player.view.get("look"));
  }

  readChosen(text) {
    const match = /^([ptc])(\d{1,7})$/.exec(text ?? "");
    return match && { kind: { p: "point", t: "tile", c: "center" }[match[1]], index: Number(match[2]) - 1 };
  }

  setRun(run, theme, index) {
    [this.run, this.theme] = [run, theme];
    this.colors = run.colors[theme.name];
    this.form.querySelector("span").textContent = `Look at ${run.tiles ? "tile" : run.rows ? "row" : "point"}`;
    const { max } = Object.assign(this.form.querySelector("input"), { max: run.rowNumbers?.at(-1) ?? this.count });
    this.form.title = run.rows && !run.tiles ? `${ROWS} The last one is ${whole(Number(max))}.` : "";
    this.show(index);
  }

  show(index) {
    this.index = index;
    const count = { [this.kind]: this.count, center: this.run.k }[this.chosen?.kind] ?? 0;
    if (this.chosen && (this.chosen.index < 0 || this.chosen.index >= count)) this.keep(null); // another run's
    this.player.picture.choose(this.chosen);
    this.element.parentElement.classList.toggle("km-inspecting", Boolean(this.chosen || this.listed));
    this.glance.textContent = "";
    if (this.listed) return this.listChanged();
    if (!this.chosen) {
      this.answer.innerHTML = `<p>${HINTS[this.kind]}${this.run.rows && !this.run.tiles ? ` ${ROWS}` : ""}</p>`;
    } else {
      this.answer.innerHTML = {
        point: () => this.aboutPoint(),
        tile: () => this.aboutTile(),
        center: () => this.aboutCenter(),
      }[this.chosen.kind]();
    }
    // Where a lesson asks about the picture, nothing may lie on it.
    if (!this.chosen || this.player.isStill) return;
    this.glance.textContent = this.answer.querySelector("p").textContent;
    this.placeGlance();
  }

  /** Lay the note to the end of the picture where it covers less of what it is about. */
  placeGlance() {
    const { glance, step } = this;
    glance.classList.remove("km-inspector-note-top");
    const { kind, index: chosen } = this.chosen;
    const isCenter = kind === "center";
    const near = isCenter ? [{ j: chosen }] : this.run.coordinates ? this.byDistance(chosen).slice(0, 2) : [];
    const places = near.map(({ j }) => step.centers.slice(2 * j, 2 * j + 2));
    if (!isCenter) places.push(this.run.points.slice(2 * chosen, 2 * chosen + 2));
    const { toPixels } = this.player.picture.axes();
    const tops = places.map(([x, y]) => toPixels(x, y)[1]);
    const [from, height] = [glance.offsetTop - MARK_PIXELS, glance.offsetHeight + 2 * MARK_PIXELS];
    const under = tops.filter((top) => top > from).length;
    glance.classList.toggle(
      "km-inspector-note-top",
      height < from && under > tops.filter((top) => top < height).length,
    );
  }

  keep(chosen) {
    this.chosen = chosen;
    this.player.view.set("look", chosen && `${chosen.kind[0]}${chosen.index + 1}`);
  }

  choose(chosen, fromList = false) {
    this.listed = this.fromList && !chosen; // closed, a point that was found in the list gives way to the list
    this.fromList = fromList && Boolean(chosen);
    this.keep(chosen);
    this.show(this.index);
    // What was asked for is read aloud; that it changes with every half-step is not, or nothing else would be heard.
    this.status.textContent = chosen ? this.answer.querySelector("p").textContent : "";
  }

  // --- Listening

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.lookFor(this.form.querySelector("input").valueAsNumber);
    });
    this.answer.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) {
        this.choose(button.dataset.place ? { kind: this.kind, index: Number(button.dataset.place) } : null, true);
      }
    });
    this.player.find(".km-reassigned").addEventListener("click", () => {
      this.listed = true;
      this.show(this.index);
      this.answer.scrollIntoView({ block: "nearest" });
    });
    this.glance.addEventListener("click", () => this.answer.scrollIntoView({ block: "nearest" }));
    const { stage } = this.player;
    // Plotly keeps clicks on its own layer to itself; pointers pass by here first.
    stage.addEventListener(
      "pointerdown",
      (event) => (this.pressed = event.button === 0 && event.target.closest(".km-plot") ? event : null),
      true,
    );
    window.addEventListener("pointerup", (this.onUp = (event) => this.released(event)), true);
  }

  /** Look at what has a number on the screen; a row may have been left out, or erased. */
  lookFor(number) {
    const index = this.run.tiles ? number - 1 : pointNumbered(this.run, number);
    this.choose(index < 0 ? null : { kind: this.kind, index });
    if (index >= 0) return;
    this.answer.innerHTML = `<p>Row ${whole(number)} is not in this run: it was left out or erased.</p>`;
    this.status.textContent = this.answer.textContent;
  }

  destroy() {
    window.removeEventListener("pointerup", this.onUp, true);
  }

  released(event) {
    const { pressed } = this;
    this.pressed = null;
    const [dx, dy] = pressed ? [event.clientX - pressed.clientX, event.clientY - pressed.clientY] : [Infinity, 0];
    if (Math.hypot(dx, dy) > CLICK_PIXELS || event.target.closest(".modebar")) return;
    const box = this.player.stage.getBoundingClientRect();
    const index = this.nearest(event.clientX - box.left, event.clientY - box.top);
    this.choose(index === null ? null : { kind: this.kind, index });
  }

  /** The drawn point, or tile, that is nearest to a place of the picture, if any is near. */
  nearest(left, top) {
    const { points } = this.run;
    const { toPixels } = this.player.picture.axes();
    // A tile is near from its edges on, which may be far from its middle when the view is small.
    const [zero, size] = [toPixels(0, 0), toPixels(...(this.run.tiles?.size ?? [0, 0]))];
    const [width, height] = [0, 1].map((axis) => Math.abs(size[axis] - zero[axis]) / 2);
    let [least, found] = [NEAR_PIXELS, null];
    for (let i = 0; i < this.count; i++) {
      const [x, y] = toPixels(points[2 * i], points[2 * i + 1]);
      const distance = Math.hypot(Math.max(0, Math.abs(x - left) - width), Math.max(0, Math.abs(y - top) - height));
      if (distance < least) [least, found] = [distance, i];
    }
    return found;
  }

  // --- Answers

  get step() {
    return this.run.steps[this.index];
  }

  /** What is drawn and can be looked at: "point", or "tile" where points are too many. */
  get kind() {
    return this.run.tiles ? "tile" : "point";
  }

  get count() {
    return this.run.points.length / 2;
  }

  get word() {
    return this.run.rule.center;
  }

  /** From a point to a center, in all features. */
  distance(point, step, j) {
    const { coordinates, features, rule } = this.run;
    const centers = step.centerCoordinates ?? step.centers;
    let sum = 0;
    for (let axis = 0; axis < features; axis++) {
      const way = Math.abs(coordinates[features * point + axis] - centers[features * j + axis]);
      sum += rule.metric === "manhattan" ? way : way * way;
    }
    return rule.metric === "manhattan" ? sum : Math.sqrt(sum);
  }

  heading(text) {
    return `<h2>${text}<button type="button" class="km-button km-close" aria-label="Close">×</button></h2>`;
  }

  aboutPoint() {
    const { index: point } = this.chosen;
    const own = this.step.labels?.[point];
    const where = own === undefined ? "" : ` is in cluster ${own + 1}`;
    const heading = this.heading(`Why ${pointName(this.run, point)}${where}`);
    if (!this.run.coordinates) return `${heading}<p>${own === undefined ? "" : this.lastChange(point)} ${UNTOLD}</p>`;
    const rows = this.byDistance(point);
    return `${heading}<p>${this.whyPoint(point, own, rows)}</p>${this.distances(point, own, rows)}`;
  }

  /** The centers in the run, the nearest first. */
  byDistance(point) {
    return this.step.active
      .flatMap((active, j) => (active ? [{ j, now: this.distance(point, this.step, j) }] : []))
      .sort((a, b) => a.now - b.now || a.j - b.j);
  }

  distances(point, own, rows) {
    const { step } = this;
    // Where the centers stood still, no distance was another before.
    const stood = this.run.steps[this.index - 1] ?? step;
    const before = stood.centers === step.centers ? null : stood;
    const longest = Math.max(...rows.map(({ now }) => now), Number.MIN_VALUE);
    const bars = rows.map(({ j, now }) => {
      const was = before ? `<td>${amount(this.distance(point, before, j))}</td>` : "";
      return (
        `<tr${j === own ? ' class="km-own-cluster"' : ""}><th scope="row">${swatch(this.run, this.theme, j)}<span>${j + 1}</span></th>` +
        `<td class="km-bar"><i style="width:${((100 * now) / longest).toFixed(1)}%;background:${this.colors[j]}"></i></td>` +
        `<td>${amount(now)}</td>${was}</tr>`
      );
    });
    const from = this.run.tiles ? "tile’s middle" : "point";
    return (
      `<table class="km-table"><caption class="km-visually-hidden">Distance of the ${from} to every center</caption>` +
      `<thead><tr><th scope="col">Center</th><th scope="col"><span class="km-visually-hidden">Bar</span>` +
      `</th><th scope="col">Distance</th>${before ? '<th scope="col">Before</th>' : ""}</tr></thead><tbody>${bars.join("")}</tbody></table>`
    );
  }

  whyPoint(point, own, rows) {
    const [first, second] = rows;
    const nearest = `${capitalised(this.word)} ${first.j + 1} is nearest`;
    if (own === undefined) return `${nearest}, so it will join cluster ${first.j + 1}.`;
    const gap = second ? `; ${second.j + 1} is ${amount(second.now - first.now)} farther away` : "";
    const told =
      own === first.j
        ? `${nearest}${gap}.`
        : `${nearest} now: in the next assign it will change to cluster ${first.j + 1}.`;
    return `${told} ${this.lastChange(point)}`;
  }

  lastChange(point) {
    for (let i = this.index; i > 0; i--) {
      const [step, before] = [this.run.steps[i], this.run.steps[i - 1]];
      if (before.labels && step.labels[point] !== before.labels[point]) {
        return `It last changed in half-step ${i}, ${stepName(step)}, from cluster ${before.labels[point] + 1} to ${step.labels[point] + 1}.`;
      }
    }
    return "It has never changed its cluster.";
  }

  aboutTile() {
    const { index: tile } = this.chosen;
    const { labels } = this.step;
    const isPlane = Boolean(this.run.coordinates); // else the middle of a tile is no place that has distances
    const rows = isPlane ? this.byDistance(tile) : [];
    const shares = labels ? sharesOf(this.run, labels, tile) : [];
    const own = shares.indexOf(Math.max(...shares));
    const heading = this.heading(`A tile of ${counted(this.run.groups.held[tile], "point")}`);
    return `${heading}<p>${this.whyTile(tile, shares, rows)}</p>${isPlane ? this.distances(tile, own, rows) : ""}`;
  }

  whyTile(tile, shares, [first, second]) {
    const gap = second ? `; ${second.j + 1} is ${amount(second.now - first.now)} farther away` : "";
    const nearest = first ? `From its middle, ${this.word} ${first.j + 1} is nearest${gap}.` : "";
    const clusters = shares.flatMap((count, j) => (count ? [{ j, count }] : [])).sort((a, b) => b.count - a.count);
    if (!clusters.length) return nearest;
    const told = clusters.map(({ j, count }) => `${whole(count)} in cluster ${j + 1}`).join(", ");
    return `${nearest} In it: ${told}. ${this.lastChangeIn(tile)}`;
  }

  lastChangeIn(tile) {
    const { counts, starts } = this.run.groups;
    for (let i = this.index; i > 0; i--) {
      const [step, before] = [this.run.steps[i], this.run.steps[i - 1]];
      let changed = 0;
      for (let group = starts[tile]; before.labels && group < starts[tile + 1]; group++) {
        if (step.labels[group] !== before.labels[group]) changed += counts[group];
      }
      if (changed) {
        return `Last, ${counted(changed, "point")} of it changed cluster in half-step ${i}, ${stepName(step)}.`;
      }
    }
    return "No point of it has ever changed its cluster.";
  }

  aboutCenter() {
    const { index: j } = this.chosen;
    const { step, word } = this;
    const title = this.heading(`${capitalised(word)} ${j + 1}`);
    if (!step.labels) return `${title}<p>It stands where the start put it and has no points yet.</p>`;
    const { groups, rule, coordinates } = this.run;
    if (!coordinates) return `${title}<p>It has ${counted(step.sizes[j], "point")}. ${this.pull(j)}</p>`;
    let [own, all] = [0, 0];
    step.labels.forEach((label, i) => {
      const distance = this.distance(groups ? groups.tileOf[i] : i, step, label);
      const cost = (rule.name === "mean" ? distance * distance : distance) * (groups ? groups.counts[i] : 1);
      all += cost;
      if (label === j) own += cost;
    });
    const percent = `${Math.round((100 * own) / all)}% of the cost`;
    // A tile's points are not all in its middle: that is near enough for whole percents, and not for more.
    const some = groups ? `about ${percent}` : `${percent} (${amount(own)} of ${amount(all)})`;
    const share = all > 0 ? some : "no cost";
    return `${title}<p>It has ${counted(step.sizes[j], "point")}, which make up ${share}. ${this.pull(j)}</p>`;
  }

  pull(j) {
    if (!this.step.active[j]) return "It was taken out of the run.";
    const next = this.run.steps[this.index + 1];
    if (!next) return "The run has ended.";
    if (this.index + 1 > this.player.lastVisible && next.phase === "refine")
      return "Where it goes next is for you to say.";
    if (next.phase !== "refine") return "Next, points are assigned; then it is drawn to the middle of those it gets.";
    const far = moveOf(this.run, next, this.step, j);
    if (far === 0) return "It is at its best place already, so it will stay.";
    const to =
      this.run.features > 2 ? "" : `, to (${[0, 1].map((axis) => amount(next.centers[2 * j + axis])).join(", ")})`;
    return `They draw it ${amount(far)} away${to}: there it goes next.`;
  }

  /** Every point, or tile's group, that this assign gave another cluster, as a way to look at it. */
  listChanged() {
    const { changed, labels, reassigned } = this.step;
    const before = this.run.steps[this.index - 1]?.labels;
    if (!changed?.length) {
      this.listed = false;
      return this.show(this.index);
    }
    const { groups } = this.run;
    const listed = groups ? [...changed].sort((a, b) => groups.counts[b] - groups.counts[a]) : changed;
    const items = listed.slice(0, MOST_LISTED).map((i) => {
      const place = groups ? groups.tileOf[i] : i;
      const points = groups ? `: ${counted(groups.counts[i], "point")}, ` : ": ";
      return (
        `<li><button type="button" class="km-button" data-place="${place}">` +
        `${groups ? `Tile ${whole(place + 1)}` : capitalised(pointName(this.run, place))}` +
        `${points}${before[i] + 1} → ${labels[i] + 1}</button></li>`
      );
    });
    const rest =
      changed.length > MOST_LISTED
        ? `<p>The first ${MOST_LISTED} of ${whole(changed.length)}${groups ? ", by their points" : ""}.</p>`
        : "";
    const heading = this.heading(`${counted(reassigned, "point")} changed cluster`);
    this.answer.innerHTML = `${heading}<ul class="km-list">${items.join("")}</ul>${rest}`;
  }
}
