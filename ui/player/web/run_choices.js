// The choices right below the picture: how many clusters, other random starting centers, and centers of one's own.

import { message } from "./messages.js";

/** @import { PlayerSession, RunChoiceFacts } from "./wire.d.ts" */
/** @import { PlayerContext, PlayerPart, Run } from "./types.d.ts" */
/** @import { Pens } from "./pens.js" */

/** @typedef {"fewer" | "more" | "init" | "place"} ChoiceName */

const START = 0; // the step that shows starting centers

const stepper = (/** @type {"fewer" | "more"} */ name, /** @type {string} */ sign) =>
  `<button type="button" class="km-button km-icon" data-choice="${name}" aria-label="${message("choices.k", { change: name })}"
    title="${message("choices.k", { change: name })}">${sign}</button>`;

const TEMPLATE = `
<span class="km-stepper" role="group" aria-label="${message("choices.k_group")}">
  ${stepper("fewer", "−")}<output></output>${stepper("more", "+")}
</span>
<button type="button" class="km-button" data-choice="init">${message("choices.new_start")}</button>
<button type="button" class="km-button" data-choice="place" aria-pressed="false"></button>`;

/** @implements {PlayerPart} */
export class RunChoices {
  /**
   * @param {PlayerContext} player
   * @param {Pens} pens
   * @param {(edit: object, landing?: number | null, options?: { plays?: boolean }) => void} onEdit
   */
  constructor(player, pens, onEdit) {
    this.pens = pens;
    this.onEdit = onEdit;
    this.box = player.find(".km-run-choices");
    this.box.innerHTML = TEMPLATE;
    this.box.addEventListener("click", (event) => this.handleClick(event));
    /** @type {RunChoiceFacts | null} */
    this.choices = null;
  }

  /** @param {MouseEvent} event */
  handleClick({ target, detail }) {
    const button =
      target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-choice]")) : null;
    if (!button || !this.choices || button.getAttribute("aria-disabled") === "true") return;
    const name = /** @type {ChoiceName} */ (button.dataset.choice);
    if (name === "place") this.pens.take(this.pens.pen === "place" ? null : "place", detail === 0);
    else if (name === "init") this.drawStart();
    else this.onEdit({ kind: "k", k: this.choices.k + (name === "more" ? 1 : -1) }, START);
  }

  /** @param {{ plays?: boolean }} [options] whether the new run plays at once */
  drawStart(options = {}) {
    this.onEdit({ kind: "init" }, START, options);
  }

  focusStepper() {
    this.button(this.isOff("more") ? "fewer" : "more").focus();
  }

  /** @param {PlayerSession} session */
  setSession({ choices, locked }) {
    this.choices = choices;
    this.box.hidden = !choices;
    if (!choices) return;
    const { k, low, high } = choices;
    /** @type {HTMLElement} */ (this.box.querySelector("output")).textContent = message("choices.k_value", { k });
    const isLocked = (/** @type {string[]} */ ...names) => names.some((name) => locked.includes(name));
    this.turnOff("fewer", k <= low || isLocked("k"));
    this.turnOff("more", k >= high || isLocked("k"));
    this.turnOff("init", isLocked("seed", "init"));
    this.turnOff("place", isLocked("init", "centers"));
    this.showPen();
  }

  /** Nobody can place a center where the picture is only a projection of the points. @param {Run} run */
  setRun({ features }) {
    this.button("place").hidden = features > 2;
  }

  show() {}

  /** Show whether centers are being placed, and how many are left. */
  showPen() {
    const isPlacing = this.pens.pen === "place";
    const left = (this.choices?.k ?? 0) - (isPlacing ? this.pens.placed.length : 0);
    const button = this.button("place");
    button.textContent = message("choices.place", { is_placing: isPlacing, left });
    button.setAttribute("aria-pressed", String(isPlacing));
  }

  /** @param {ChoiceName} name */
  isOff(name) {
    return this.button(name).getAttribute("aria-disabled") === "true";
  }

  /**
   * @param {ChoiceName} name
   * @param {boolean} isOff
   */
  turnOff(name, isOff) {
    this.button(name).setAttribute("aria-disabled", String(isOff));
  }

  /** @param {ChoiceName} name @returns {HTMLElement} */
  button(name) {
    return /** @type {HTMLElement} */ (this.box.querySelector(`[data-choice="${name}"]`));
  }
}
