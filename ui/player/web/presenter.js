// The presenter view: the page without its frame and in large type, a timer, speaker notes, and a black screen. The URL
// says that it is on, so a reload returns to it.

import { elementIn, queryIn } from "./dom.js";
import { actionOf, hint, PRESENTER_SHORTCUTS, takeFocus } from "./keys.js";
import { message } from "./messages.js";

/** @import { PlayerContext, PlayerPart } from "./types.d.ts" */
/** @import { PlayerSession, PresentationFacts } from "./wire.d.ts" */

const NOTES_BUTTON = '[data-presenter="notes"]';
const TICK_MS = 250; // a second is late by a quarter at most

/**
 * @param {"timer" | "notes" | "blank" | "leave"} action
 * @param {string} content
 * @param {string} title
 */
const button = (action, content, title) =>
  `<button type="button" class="km-button" data-presenter="${action}" title="${title}">${content}</button>`;

const template = () => `
<div class="km-presenter" role="toolbar" aria-label="${message("presenter.view")}" hidden>
  ${button("timer", `<span role="timer"></span><span class="km-visually-hidden">${message("presenter.restart")}</span>`, hint("timer"))}
  ${button("notes", message("presenter.notes"), hint("notes"))}
  ${button("blank", message("presenter.blank"), hint("blank"))}
  ${button("leave", message("presenter.leave"), hint("leave"))}
</div>
<dialog class="km-blank" aria-label="${message("presenter.blank_label")}" tabindex="-1"></dialog>`;

const notesTemplate = () => `
<section class="km-card km-speaker-notes" aria-label="${message("presenter.notes_title")}" tabindex="0" hidden>
  <h2>${message("presenter.notes_title")}</h2><div dir="auto"></div>
</section>`;

/**
 * Return what a timer shows: the time since its start, or what is left of its minutes, which is negative after them.
 * @param {number} seconds since its start
 * @param {number} minutes 0 to count up
 */
export function timerText(seconds, minutes) {
  const time = minutes ? minutes * 60 - seconds : seconds;
  const whole = Math.abs(time);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return (time < 0 ? "−" : "") + [...(hours ? [hours] : []), ...parts].join(":");
}

/** @implements {PlayerPart} */
export class Presenter {
  /**
   * @param {PlayerContext & { redraw(): Promise<void> }} player
   */
  constructor(player) {
    this.player = player;
    /** @type {PresentationFacts | null} */
    this.presentation = null;
    /** When the timer began, in milliseconds of the page; null before the view was opened. @type {number | null} */
    this.start = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.ticking = undefined;
    player.root.insertAdjacentHTML("beforeend", template());
    player.find(".km-side").insertAdjacentHTML("beforeend", notesTemplate());
    this.bar = player.find(".km-presenter");
    this.notes = player.find(".km-speaker-notes");
    this.black = queryIn(player.root, ".km-blank", HTMLDialogElement);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.#handleKey(event);
    document.addEventListener("keydown", this.onKey);
    this.#listen();
  }

  #listen() {
    this.bar.addEventListener("click", ({ target }) => {
      const pressed = target instanceof Element && target.closest("[data-presenter]");
      if (pressed instanceof HTMLElement) this.act(pressed.dataset.presenter ?? "");
    });
    this.black.addEventListener("click", () => this.black.close());
    this.black.addEventListener("keydown", (event) => {
      event.preventDefault(); // whatever key: it shows the picture again, and does nothing else
      this.black.close();
    });
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const action = this.isOn ? actionOf(event, this.player.root, PRESENTER_SHORTCUTS) : undefined;
    if (!action) return;
    event.preventDefault();
    this.act(action);
  }

  /** Whether the URL asks for the view. */
  get isWanted() {
    return Boolean(this.presentation) && this.player.view.get("present") === "1";
  }

  get isOn() {
    return document.documentElement.dataset.presenting === "true";
  }

  /** @param {string} action */
  act(action) {
    if (action === "timer") this.restart();
    else if (action === "notes") this.showNotes(Boolean(this.notes.hidden));
    else if (action === "blank") this.blank();
    else if (action === "leave") this.leave();
  }

  // --- A part of the player

  /** @param {PlayerSession} session */
  setSession({ presentation }) {
    this.presentation = presentation;
    const notes = presentation?.notes ?? "";
    elementIn(this.notes, "div").textContent = notes;
    elementIn(this.bar, NOTES_BUTTON).hidden = !notes;
    if (!notes) this.showNotes(false);
    if (this.isWanted !== this.isOn) this.#turn(this.isWanted); // before anything is drawn in the size of the page
  }

  setRun() {}

  show() {}

  restoreView() {
    if (this.isWanted !== this.isOn) this.turn(this.isWanted);
  }

  dismiss() {
    const wasOn = this.isOn;
    if (wasOn) this.leave();
    return wasOn;
  }

  destroy() {
    clearInterval(this.ticking);
    document.removeEventListener("keydown", this.onKey);
    delete document.documentElement.dataset.presenting;
  }

  // --- What a person does

  open() {
    this.player.view.set("present", "1");
    this.turn(true);
  }

  leave() {
    this.player.view.set("present", null);
    this.turn(false);
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.#turn(isOn);
    takeFocus(this.player.root);
    this.player.redraw();
  }

  /** @param {boolean} isOn */
  #turn(isOn) {
    this.bar.hidden = !isOn;
    this.showNotes(false); // the class sees this screen
    clearInterval(this.ticking);
    if (isOn) {
      document.documentElement.dataset.presenting = "true";
      this.start ??= performance.now();
      this.showTime();
      this.ticking = setInterval(() => this.showTime(), TICK_MS);
    } else delete document.documentElement.dataset.presenting;
  }

  restart() {
    this.start = performance.now();
    this.showTime();
  }

  showTime() {
    const seconds = Math.floor((performance.now() - (this.start ?? 0)) / 1000);
    const minutes = this.presentation?.minutes ?? 0;
    const timer = elementIn(this.bar, '[data-presenter="timer"]');
    timer.dataset.over = String(minutes > 0 && seconds > minutes * 60);
    const place = elementIn(timer, "[role=timer]");
    const text = timerText(seconds, minutes);
    if (place.textContent !== text) place.textContent = text;
  }

  /** @param {boolean} isShown */
  showNotes(isShown) {
    const areThere = Boolean(this.presentation?.notes);
    this.notes.hidden = !(isShown && areThere);
    elementIn(this.bar, NOTES_BUTTON).setAttribute("aria-pressed", String(!this.notes.hidden));
  }

  blank() {
    this.player.pause();
    this.black.showModal();
    this.black.focus();
  }
}
