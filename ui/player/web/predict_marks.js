// What "Predict" draws in the picture: the crosshair that a guess is placed with, and the guess beside the answer.

const STEP = 10; // pixels an arrow key moves the crosshair by; five times that with Shift
const RING = 19;
const LABEL_ROOM = 90; // pixels
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const TEMPLATE = `
<div class="km-crosshair" tabindex="0" role="application" hidden>
  <svg aria-hidden="true"><g><path d="M-22 0H-6M6 0H22M0 -22V-6M0 6V22"/><circle r="12"/></g></svg>
</div>
<svg class="km-answer-marks" aria-hidden="true">
  <circle class="km-target" r="${RING}"/>
  <line class="km-guess-error"/>
  <circle class="km-truth" r="${RING}"/>
  <g class="km-guess"><circle r="${RING - 6}"/><path d="M-5 0H5M0 -5V5"/></g>
  <circle class="km-picked" r="${RING + 5}"/>
  <text></text>
</svg>
<span class="km-visually-hidden" role="status"></span>`;

export class Marks {
  /**
   * @param stage the picture's element
   * @param picture tells where the data is on the screen
   * @param onPlace hears a placed guess, as [x, y] of the data
   */
  constructor(stage, picture, onPlace) {
    [this.stage, this.picture, this.onPlace] = [stage, picture, onPlace];
    stage.insertAdjacentHTML("beforeend", TEMPLATE);
    [this.aim, this.layer, this.told] = [...stage.children].slice(-3);
    this.cross = this.aim.querySelector("g");
    this.marks = {};
    this.at = null;
    this.aim.addEventListener("click", (event) => this.onPlace(this.placeOf(event)));
    this.aim.addEventListener("keydown", (event) => this.hear(event));
  }

  /** Follow the picture when it is moved, zoomed or resized. */
  follow() {
    if (this.following) return;
    this.following = true;
    for (const event of ["afterplot", "relayouting"]) this.picture.plot.on(`plotly_${event}`, () => this.draw());
  }

  placeOf({ clientX, clientY }) {
    const { left, top } = this.stage.getBoundingClientRect();
    return this.picture.axes().toData(clientX - left, clientY - top);
  }

  /** Let a place be chosen, beginning at a center's own. */
  startAiming(from, label) {
    [this.at, this.moved] = [from, false];
    this.aim.hidden = false;
    this.aim.setAttribute("aria-label", label);
    // An image has no parts that could be operated.
    this.stage.setAttribute("role", "group");
    this.draw();
  }

  stopAiming() {
    this.at = null;
    this.aim.hidden = true;
    this.told.textContent = "";
    this.stage.setAttribute("role", "img");
  }

  hear(event) {
    const arrow = ARROWS[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      // The key that asked for the question must not answer it too.
      if (this.moved && !event.repeat) this.onPlace(this.at);
    } else if (arrow && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.nudge(arrow, event.shiftKey ? 5 * STEP : STEP);
    }
  }

  nudge(direction, by) {
    const { toPixels, toData, area } = this.picture.axes();
    const [left, top] = toPixels(...this.at).map((value, i) => value + by * direction[i]);
    const within = (value, low, length) => Math.min(Math.max(value, low), low + length);
    this.at = toData(within(left, area.x, area.width), within(top, area.y, area.height));
    this.moved = true;
    this.told.textContent = this.at.map((value, i) => `${"xy"[i]} ${Number(value.toPrecision(3))}`).join(", ");
    this.draw();
  }

  /**
   * Draw what belongs to a question or its answer.
   * @param marks {target, guess, picked, truth, label}: places as [x, y] or null, those of the center asked about, of a
   *   placed guess, of a center that was named, and of the answer; label is said beside the guess
   */
  show(marks) {
    this.marks = marks;
    this.draw();
  }

  draw() {
    if (!this.picture.plot._fullLayout) return; // nothing is drawn yet, or no more
    const { toPixels } = this.picture.axes();
    const place = (element, at) => {
      element.style.display = at ? "" : "none";
      if (at) {
        element.setAttribute(
          "transform",
          `translate(${toPixels(...at)
            .map((v) => v.toFixed(1))
            .join(" ")})`,
        );
      }
    };
    const { guess, truth, label } = this.marks;
    place(this.cross, this.at);
    for (const name of ["target", "guess", "picked", "truth"]) {
      place(this.layer.querySelector(`.km-${name}`), this.marks[name]);
    }
    this.drawLine(guess ? [guess, truth].map((at) => toPixels(...at)) : null, label);
  }

  drawLine(ends, label) {
    const [off, text] = [this.layer.querySelector(".km-guess-error"), this.layer.querySelector("text")];
    off.style.display = text.style.display = ends ? "" : "none";
    if (!ends) return;
    const [[x1, y1], [x2, y2]] = ends;
    for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) off.setAttribute(key, value);
    // Beside the guess and away from the answer, so that neither is covered, unless the picture ends there.
    const { width } = this.stage.getBoundingClientRect();
    const right = x1 >= x2 ? x1 < width - LABEL_ROOM : x1 < LABEL_ROOM;
    text.setAttribute("x", x1 + (right ? RING : -RING));
    text.setAttribute("y", y1);
    text.setAttribute("text-anchor", right ? "start" : "end");
    text.textContent = label;
  }
}
