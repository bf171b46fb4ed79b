// Why is this point where it is, and where is this center drawn to? Answers for what was clicked.

import { swatch } from "./symbols.js";
import { recalled, remember } from "./view.js";
import { amount, capitalised, counted, stepName, whole } from "./words.js";

const CLICK_PIXELS = 4;
const NEAR_PIXELS = 14;
const MOST_LISTED = 100;

const HINT = "Click a point or a center to see why it is where it is.";

export class Why {
  constructor(player) {
    this.player = player;
    this.element = player.find(".km-why");
    this.element.innerHTML = `
      <form class="km-find"><label>Look at point <input type="number" min="1" inputmode="numeric" required></label>
        <button type="submit" class="km-button">Look</button></form>
      <div class="km-explain"></div><p class="km-hidden" role="status"></p>`;
    [this.form, this.answer, this.status] = this.element.children;
    this.glance = Object.assign(document.createElement("button"), { type: "button", className: "km-glance" });
    player.stage.append(this.glance);
    this.chosen = this.readChosen(recalled("look"));
    player.chooseCenter = (cluster) => this.choose({ kind: "center", index: cluster });
    this.listen();
  }

  readChosen(text) {
    const match = /^([pc])(\d{1,7})$/.exec(text ?? "");
    return match && { kind: match[1] === "p" ? "point" : "center", index: Number(match[2]) - 1 };
  }

  setRun(run, theme, index) {
    [this.run, this.theme] = [run, theme];
    this.colors = run.colors[theme.name];
    this.form.querySelector("input").max = run.n;
    const count = this.chosen?.kind === "point" ? run.n : run.k;
    if (this.chosen && (this.chosen.index < 0 || this.chosen.index >= count)) this.chosen = null;
    this.show(index);
  }

  show(index) {
    this.index = index;
    this.player.picture.choose(this.chosen);
    this.element.parentElement.classList.toggle("km-looking", Boolean(this.chosen || this.listed));
    this.glance.textContent = "";
    if (this.listed) return this.listChanged();
    if (!this.chosen) this.answer.innerHTML = `<p>${HINT}</p>`;
    else this.answer.innerHTML = this.chosen.kind === "point" ? this.aboutPoint() : this.aboutCenter();
    if (this.chosen) this.glance.textContent = this.answer.querySelector("p").textContent;
  }

  choose(chosen, fromList = false) {
    this.listed = this.fromList && !chosen; // closed, a point that was found in the list gives way to the list
    this.fromList = fromList && Boolean(chosen);
    this.chosen = chosen;
    remember("look", chosen && `${chosen.kind[0]}${chosen.index + 1}`);
    this.show(this.index);
    // What was asked for is read aloud; that it changes with every half-step is not, or nothing else would be heard.
    this.status.textContent = chosen ? this.answer.querySelector("p").textContent : "";
  }

  // --- Listening

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose({ kind: "point", index: this.form.querySelector("input").valueAsNumber - 1 });
    });
    this.answer.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.choose(button.dataset.point ? { kind: "point", index: Number(button.dataset.point) } : null, true);
    });
    this.player.find(".km-moved").addEventListener("click", () => {
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

  destroy() {
    window.removeEventListener("pointerup", this.onUp, true);
  }

  released(event) {
    const { pressed } = this;
    this.pressed = null;
    const [dx, dy] = pressed ? [event.clientX - pressed.clientX, event.clientY - pressed.clientY] : [Infinity, 0];
    if (Math.hypot(dx, dy) > CLICK_PIXELS || event.target.closest(".modebar")) return;
    const box = this.player.stage.getBoundingClientRect();
    const index = this.nearestPoint(event.clientX - box.left, event.clientY - box.top);
    this.choose(index === null ? null : { kind: "point", index });
  }

  nearestPoint(left, top) {
    const { points, n } = this.run;
    const { toPixels } = this.player.picture.axes();
    let [least, found] = [NEAR_PIXELS, null];
    for (let i = 0; i < n; i++) {
      const [x, y] = toPixels(points[2 * i], points[2 * i + 1]);
      const distance = Math.hypot(x - left, y - top);
      if (distance < least) [least, found] = [distance, i];
    }
    return found;
  }

  // --- Answers

  get step() {
    return this.run.steps[this.index];
  }

  get word() {
    return this.run.rule.center;
  }

  distance(point, centers, j) {
    const { points, rule } = this.run;
    const [dx, dy] = [points[2 * point] - centers[2 * j], points[2 * point + 1] - centers[2 * j + 1]];
    return rule.metric === "manhattan" ? Math.abs(dx) + Math.abs(dy) : Math.hypot(dx, dy);
  }

  heading(text) {
    return `<h3>${text}<button type="button" class="km-button km-close" aria-label="Close">×</button></h3>`;
  }

  aboutPoint() {
    const { index: point } = this.chosen;
    const { step } = this;
    // Where the centers stood still, no distance was another before.
    const stood = this.run.steps[this.index - 1]?.centers ?? step.centers;
    const before = stood === step.centers ? null : stood;
    const rows = step.alive
      .flatMap((alive, j) => (alive ? [{ j, now: this.distance(point, step.centers, j) }] : []))
      .sort((a, b) => a.now - b.now || a.j - b.j);
    const longest = Math.max(...rows.map(({ now }) => now), Number.MIN_VALUE);
    const own = step.labels?.[point];
    const bars = rows.map(({ j, now }) => {
      const was = before ? `<td>${amount(this.distance(point, before, j))}</td>` : "";
      return (
        `<tr${j === own ? ' class="km-own"' : ""}><th scope="row">${swatch(this.run, this.theme, j)}<span>${j + 1}</span></th>` +
        `<td class="km-bar"><i style="width:${((100 * now) / longest).toFixed(1)}%;background:${this.colors[j]}"></i></td>` +
        `<td>${amount(now)}</td>${was}</tr>`
      );
    });
    const where = own === undefined ? "" : ` is in cluster ${own + 1}`;
    return (
      this.heading(`Why point ${whole(point + 1)}${where}`) +
      `<p>${this.whyPoint(point, own, rows)}</p><table class="km-table"><caption class="km-hidden">Distance of the point ` +
      `to every center</caption><thead><tr><th scope="col">Center</th><th scope="col"><span class="km-hidden">Bar</span>` +
      `</th><th scope="col">Distance</th>${before ? '<th scope="col">Before</th>' : ""}</tr></thead><tbody>${bars.join("")}</tbody></table>`
    );
  }

  whyPoint(point, own, rows) {
    const [first, second] = rows;
    const nearest = `${capitalised(this.word)} ${first.j + 1} is nearest`;
    if (own === undefined) return `${nearest}, so it will join cluster ${first.j + 1}.`;
    const gap = second ? `; ${second.j + 1} is ${amount(second.now - first.now)} farther away` : "";
    const told =
      own === first.j ? `${nearest}${gap}.` : `${nearest} now: in the next assign it will change to cluster ${first.j + 1}.`;
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

  aboutCenter() {
    const { index: j } = this.chosen;
    const { step, word } = this;
    const title = this.heading(`${capitalised(word)} ${j + 1}`);
    if (!step.labels) return `${title}<p>It stands where the start put it and has no points yet.</p>`;
    let [own, all] = [0, 0];
    for (let i = 0; i < this.run.n; i++) {
      const distance = this.distance(i, step.centers, step.labels[i]);
      const cost = this.run.rule.name === "mean" ? distance * distance : distance;
      all += cost;
      if (step.labels[i] === j) own += cost;
    }
    const share = all > 0 ? `${Math.round((100 * own) / all)} % of the cost (${amount(own)} of ${amount(all)})` : "no cost";
    return `${title}<p>It has ${counted(step.sizes[j], "point")}, which make up ${share}. ${this.pull(j)}</p>`;
  }

  pull(j) {
    if (!this.step.alive[j]) return "It was taken out of the run.";
    const next = this.run.steps[this.index + 1];
    if (!next) return "The run has ended.";
    if (this.index + 1 > this.player.horizon && next.phase === "refine") return "Where it goes next is for you to say.";
    if (next.phase !== "refine") return "Next, points are assigned; then it is drawn to the middle of those it gets.";
    const [x, y] = [next.centers[2 * j], next.centers[2 * j + 1]];
    const far = Math.hypot(x - this.step.centers[2 * j], y - this.step.centers[2 * j + 1]);
    if (far === 0) return "It is at its best place already, so it will stay.";
    return `They draw it ${amount(far)} away, to (${amount(x)}, ${amount(y)}): there it goes next.`;
  }

  /** Every point that this assign gave another cluster, as a way to look at it. */
  listChanged() {
    const { changed, labels } = this.step;
    const before = this.run.steps[this.index - 1]?.labels;
    if (!changed?.length) {
      this.listed = false;
      return this.show(this.index);
    }
    const items = [...changed.slice(0, MOST_LISTED)].map(
      (point) =>
        `<li><button type="button" class="km-button" data-point="${point}">Point ${whole(point + 1)}: ` +
        `${before[point] + 1} → ${labels[point] + 1}</button></li>`,
    );
    const rest = changed.length > MOST_LISTED ? `<p>The first ${MOST_LISTED} of ${whole(changed.length)}.</p>` : "";
    const heading = this.heading(`${counted(changed.length, "point")} changed cluster`);
    this.answer.innerHTML = `${heading}<ul class="km-list">${items.join("")}</ul>${rest}`;
  }
}
