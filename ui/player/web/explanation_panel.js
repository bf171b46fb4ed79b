// The panel that explains a step: its explanation, its math, and its code, in tabs.

import { elementIn, queryIn } from "./dom.js";
import { TABS, tabNamed } from "./explanation_tabs.js";
import { message } from "./messages.js";

/** @import { TabName } from "./explanation_tabs.js" */
/** @import { PlayerPart, Run, Theme, View } from "./types.d.ts" */

const NARROW = "(max-width: 640px)"; // on a phone the panel is closed until it is asked for

/** @type {() => Record<TabName, string>} */
const tabTitles = () => ({
  explanation: message("panel.explanation"),
  math: message("panel.math"),
  code: message("panel.code"),
});

const template = () => {
  const tabs = Object.entries(tabTitles());
  const buttons = tabs.map(
    ([name, title]) =>
      `<button type="button" role="tab" id="km-tab-${name}" aria-controls="km-panel-body-${name}" ` +
      `data-tab="${name}">${title}</button>`,
  );
  const bodies = tabs.map(
    ([name]) =>
      `<div role="tabpanel" class="km-${name}" id="km-panel-body-${name}" aria-labelledby="km-tab-${name}" ` +
      `tabindex="0" hidden></div>`,
  );
  return `
<div class="km-panel-bar">
  <h2><button type="button" class="km-panel-toggle" aria-controls="km-panel-body"><svg viewBox="0 0 24 24"
    aria-hidden="true"><path d="M8 5l8 7-8 7"/></svg>${message("panel.title")}</button></h2>
  <div class="km-tabs" role="tablist" aria-label="${message("panel.tabs")}">${buttons.join("")}</div>
</div>
<div id="km-panel-body">${bodies.join("")}</div>`;
};

/** @implements {PlayerPart} */
export class ExplanationPanel {
  /** @type {Run | null} */
  #run = null;
  #index = 0;
  /** @type {TabName} */
  #tab = "explanation";
  #isOpen = false;

  /**
   * @param {HTMLElement} element
   * @param {View} view
   */
  constructor(element, view) {
    element.innerHTML = template();
    this.element = element;
    this.view = view;
    this.toggle = elementIn(element, ".km-panel-toggle");
    this.body = elementIn(element, "#km-panel-body");
    this.tabs = [...element.querySelectorAll("button[role=tab]")].filter((tab) => tab instanceof HTMLButtonElement);
    this.opensByItself = !matchMedia(NARROW).matches;
    this.#readView();
    this.#listen();
  }

  #readView() {
    this.#tab = tabNamed(this.view.get("tab"));
    const panel = this.view.get("panel");
    this.#isOpen = panel === "open" || (panel !== "closed" && this.opensByItself);
  }

  #listen() {
    this.toggle.addEventListener("click", () => {
      this.#isOpen = !this.#isOpen;
      const state = this.#isOpen ? "open" : "closed";
      this.view.set("panel", this.#isOpen === this.opensByItself ? null : state);
      this.#draw();
    });
    const list = queryIn(this.element, "[role=tablist]", HTMLElement);
    list.addEventListener("click", ({ target }) => {
      if (target instanceof HTMLElement && target.dataset.tab) this.#choose(tabNamed(target.dataset.tab));
    });
    list.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const current = this.tabs.findIndex(({ dataset }) => dataset.tab === this.#tab);
    const targets = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: this.tabs.length - 1 };
    const target = /** @type {Record<string, number>} */ (targets)[event.key];
    if (target === undefined) return;
    event.preventDefault(); // or the player would act on the key
    const tab = this.tabs[(target + this.tabs.length) % this.tabs.length];
    this.#choose(tabNamed(tab.dataset.tab ?? null));
    tab.focus();
  }

  /** @param {TabName} tab */
  #choose(tab) {
    this.#tab = tab;
    this.view.set("tab", tab === "explanation" ? null : tab);
    this.#draw();
  }

  // --- As a part of the player

  restoreView() {
    this.#readView();
    this.#draw();
  }

  /**
   * @param {Run} run
   * @param {Theme} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.#run = run;
    this.#index = index;
    this.#draw();
  }

  /** @param {number} index */
  show(index) {
    this.#index = index;
    this.#fill();
  }

  // --- Display

  #draw() {
    this.toggle.setAttribute("aria-expanded", String(this.#isOpen));
    this.body.hidden = !this.#isOpen;
    this.element.classList.toggle("km-panel-closed", !this.#isOpen);
    for (const tab of this.tabs) {
      const isChosen = tab.dataset.tab === this.#tab;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      elementIn(this.body, `#km-panel-body-${tab.dataset.tab}`).hidden = !isChosen;
    }
    this.body.style.minHeight = "";
    this.#fill();
  }

  #fill() {
    if (!this.#isOpen || !this.#run) return;
    const body = elementIn(this.body, `#km-panel-body-${this.#tab}`);
    const isOpen = body.querySelector("details")?.open ?? false;
    body.innerHTML = TABS[this.#tab](this.#run, this.#index);
    const details = body.querySelector("details");
    if (details) details.open = isOpen; // what a person opened stays open from step to step
    // The panel only grows, so that the page does not jump under a reader while it plays.
    this.body.style.minHeight = `${Math.ceil(this.body.getBoundingClientRect().height)}px`;
  }
}
