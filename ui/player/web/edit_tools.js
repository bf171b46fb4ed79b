// The buttons beside the picture: Edit, which opens the pens, undo, and redo.

import { message } from "./messages.js";
import { PEN_ICONS, Pens } from "./pens.js";

/** @import { PlayerSession } from "./wire.d.ts" */
/** @import { PlayerContext, PlayerPart, Run } from "./types.d.ts" */
/** @import { PenName } from "./pens.js" */

const PENS = /** @type {(keyof typeof PEN_ICONS)[]} */ (Object.keys(PEN_ICONS));
const HISTORY = /** @type {const} */ (["undo", "redo"]);
const ICONS = {
  ...PEN_ICONS,
  edit: "M4 20l1-5L16 4l4 4L9 19zM13.500 6.500l4 4",
  undo: "M9 6L4 11l5 5M4 11h10a5 5 0 0 1 0 10h-2",
  redo: "M15 6l5 5-5 5M20 11H10a5 5 0 0 0 0 10h2",
};

/** @typedef {keyof typeof ICONS} ToolName */

/** The title of a tool. @param {ToolName} name */
const titleOf = (name) => message("edits.tool", { name });

/** @param {ToolName} name */
const toolButton = (name, attributes = "") =>
  `<button type="button" class="km-button km-icon" data-tool="${name}" aria-label="${titleOf(name)}" ` +
  `title="${titleOf(name)}" ${attributes}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>` +
  `<span>${message("edits.tool_label", { name })}</span></button>`;

/** @implements {PlayerPart} */
export class EditTools {
  /**
   * @param {PlayerContext} player
   * @param {{ onEdit: (edit: object, landing?: number | null) => void, say: (text: string) => void }} options what an
   *   edit, with the step to go to, and a sentence for screen readers are given to
   */
  constructor(player, { onEdit, say }) {
    this.player = player;
    this.onEdit = onEdit;
    this.isOpen = false;
    player
      .find(".km-edit-tools")
      .insertAdjacentHTML(
        "beforeend",
        `${toolButton("edit", 'aria-expanded="false" aria-controls="km-pens"')}` +
          `<span class="km-group km-pens" id="km-pens" role="group" aria-label="${message("edits.pens")}" hidden>` +
          `${PENS.map((name) => toolButton(name)).join("")}</span>` +
          `<span class="km-group" role="group" aria-label="${message("edits.history")}">` +
          `${HISTORY.map((name) => toolButton(name)).join("")}</span>`,
      );
    player
      .find(".km-edit-tools")
      .addEventListener("click", (/** @type {MouseEvent} */ event) => this.handleClick(event));
    this.pens = new Pens(player, { onEdit, say, onChange: (pen) => this.showPen(pen) });
  }

  /** @param {MouseEvent} event */
  handleClick({ target, detail }) {
    const button = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-tool]")) : null;
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const name = /** @type {ToolName} */ (button.dataset.tool);
    if (name === "edit") this.openPens(!this.isOpen);
    else if (name === "undo" || name === "redo") this.onEdit({ kind: name }, this.session?.[name].step);
    else this.pens.take(this.pens.pen === name ? null : name, detail === 0);
  }

  /** @param {PlayerSession} session */
  setSession(session) {
    this.session = session;
    for (const name of HISTORY) {
      const { isAvailable, refusal } = session[name];
      const title = refusal ? message("edits.history_off", { tool: titleOf(name), refusal }) : titleOf(name);
      this.describe(name, { isOff: !isAvailable, title, reason: refusal });
    }
    if (this.run) this.offerPens(this.run);
  }

  /** @param {Run} run */
  setRun(run) {
    this.run = run;
    this.offerPens(run);
  }

  show() {}

  /** Show the pens, or hide them, which puts a pen down. @param {boolean} isOpen */
  openPens(isOpen) {
    if (!isOpen && PENS.some((name) => name === this.pens.pen)) this.pens.take(null);
    this.isOpen = isOpen;
    this.player.find(".km-pens").hidden = !isOpen;
    this.button("edit").setAttribute("aria-expanded", String(isOpen));
  }

  /** Pens need single points; tools that the run cannot have are hidden. @param {Run} run */
  offerPens(run) {
    const isPossible = run.features === 2 && !run.tiles;
    const isLocked = this.session?.locked.includes("data") ?? false;
    this.player.find(".km-edit-tools").hidden = Boolean(this.session?.offline);
    this.button("edit").hidden = !isPossible;
    this.openPens(this.isOpen && isPossible && !isLocked);
    if (this.pens.pen && (isLocked || !isPossible)) this.pens.take(null);
    this.#lockEdit(isLocked);
  }

  /** A locked Edit says so, and opens nothing: no pen in there would work. @param {boolean} isLocked */
  #lockEdit(isLocked) {
    const tool = titleOf("edit");
    const title = isLocked ? message("edits.tool_off", { tool }) : tool;
    const button = this.button("edit");
    this.describe("edit", { isOff: isLocked, title, reason: "" });
    button.setAttribute("aria-label", title);
    const label = isLocked ? message("edits.edit_locked") : message("edits.tool_label", { name: "edit" });
    /** @type {HTMLElement} */ (button.querySelector("span")).textContent = label;
  }

  /**
   * @param {ToolName} name
   * @param {{ isOff: boolean, title: string, reason: string }} state
   */
  describe(name, { isOff, title, reason }) {
    const button = this.button(name);
    button.setAttribute("aria-disabled", String(isOff));
    button.title = title;
    button.ariaDescription = reason || null;
  }

  /** Show which pen is taken; a pen that the keyboard puts down gives the focus back to its button. @param {PenName | null} pen */
  showPen(pen) {
    const before = PENS.find((name) => this.button(name).getAttribute("aria-pressed") === "true");
    const overlay = this.player.find(".km-drawing-overlay");
    if (!pen && before && document.activeElement === overlay) this.button(before).focus({ preventScroll: true });
    for (const name of PENS) this.button(name).setAttribute("aria-pressed", String(name === pen));
  }

  /** @param {ToolName} name @returns {HTMLElement} */
  button(name) {
    return this.player.find(`[data-tool="${name}"]`);
  }
}
