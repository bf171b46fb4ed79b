// The slider of steps. A thumb that scrolls the page begins anywhere, so a touch counts only once it moves sideways, or
// ends where it began.

const SLOP = 8; // pixels that a finger moves by itself

/**
 * What a touch on the slider wants, by how far it has moved.
 * @param {number} dx
 * @param {number} dy
 * @returns {"slide" | "scroll" | "unknown"}
 */
export function touchIntent(dx, dy) {
  if (Math.max(Math.abs(dx), Math.abs(dy)) < SLOP) return "unknown";
  return Math.abs(dx) > Math.abs(dy) ? "slide" : "scroll";
}

export class Scrubber {
  /**
   * @param {HTMLInputElement} input
   * @param {{ step: () => number, onPick: (step: number) => void }} options the step that is shown, and what one that
   *   was picked is given to, once a frame at most, however fast the thumb is dragged
   */
  constructor(input, { step, onPick }) {
    this.input = input;
    this.step = step;
    this.onPick = onPick;
    /** Where a touch began that has not moved sideways yet. @type {{ x: number, y: number } | null} */
    this.press = null;
    /** The step that the next frame picks. @type {number | null} */
    this.target = null;
    input.addEventListener("input", () => this.press || this.pick());
    input.addEventListener("pointerdown", (event) => this.begin(event));
    input.addEventListener("pointermove", (event) => this.follow(event));
    input.addEventListener("pointerup", () => this.end(true));
    input.addEventListener("pointercancel", () => this.end(false)); // the browser scrolls
  }

  /** @param {Pick<PointerEvent, "pointerType" | "clientX" | "clientY">} event */
  begin({ pointerType, clientX: x, clientY: y }) {
    this.press = pointerType === "touch" ? { x, y } : null;
  }

  /** @param {Pick<PointerEvent, "clientX" | "clientY">} event */
  follow({ clientX, clientY }) {
    if (!this.press) return;
    const intent = touchIntent(clientX - this.press.x, clientY - this.press.y);
    if (intent === "slide") this.end(true);
    else if (intent === "scroll") this.input.value = String(this.step());
  }

  /** @param {boolean} isMeant whether the touch was meant for the slider */
  end(isMeant) {
    if (!this.press) return;
    this.press = null;
    if (isMeant) this.pick();
    else this.input.value = String(this.step());
  }

  pick() {
    const isWaiting = this.target !== null;
    this.target = Number(this.input.value);
    if (isWaiting) return;
    requestAnimationFrame(() => {
      this.onPick(this.target ?? this.step());
      this.target = null;
    });
  }
}
