// Numbers and half-steps in words, as ui/text/step_sentences.py writes them.

import { message } from "./messages.js";
import { whole } from "./numbers.js";

export function counted(count, noun) {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** How points of more than two features are drawn, and what in their place where they are too many; else nothing. */
export function drawnAs({ n, tiles, projection }) {
  const drawn = tiles ? message("player.drawn_as_tiles", { points: n, tiles: tiles.numbers.length }) : "";
  return [projection, drawn].filter(Boolean).join(" ");
}

/** What a picture shows, for who can't see it. */
export function inThePicture({ title, n, k, tiles }, step) {
  const values = { title, points: n, k, step: stepName(step) };
  return tiles
    ? message("player.picture_of_tiles", { ...values, tiles: tiles.numbers.length })
    : message("player.picture", values);
}

/** What a point is called: by its row in a table, and else by its place among the points; as ui/settings/points.py has it. */
export function pointName({ rows, rowNumbers }, index) {
  const number = rowNumbers ? rowNumbers[index] : index + 1;
  const kind = !rows ? "point" : number > rows ? "drawn" : "row";
  return message("player.point_name", { kind, number });
}

/** Which point has this number, from 1 on; -1 where none has. */
export function pointNumbered({ rowNumbers }, number) {
  return rowNumbers ? rowNumbers.indexOf(number) : number - 1;
}

export function capitalised(word) {
  return word[0].toUpperCase() + word.slice(1);
}

/** What a half-step is called, as a title. */
export function stepName({ phase, iteration }) {
  return message("steps.name", { phase, iteration });
}

/** The one sentence above the picture, and why the run ended where it ended. */
export class Sentence {
  constructor(element) {
    element.innerHTML = "<b></b> <span></span> <em></em>";
    [this.name, this.text, this.ending] = element.children;
    this.element = element;
    this.resizing = new ResizeObserver(() => this.run && this.reserve());
    this.resizing.observe(element);
  }

  destroy() {
    this.resizing.disconnect();
  }

  setRun(run, theme, index) {
    this.run = run;
    this.width = null;
    this.reserve();
    this.show(index);
  }

  /** Keep room for the longest sentence of the run, so that nothing below moves from step to step. */
  reserve() {
    const { clientWidth } = this.element;
    if (clientWidth === this.width) return;
    this.width = clientWidth;
    const said = this.run.steps.map(({ sentence }) => sentence);
    said.push(`${said.pop()} ${this.run.ending.sentence}`);
    said.sort((a, b) => b.length - a.length);
    // Measured on a copy: a screen reader would read aloud what is tried here.
    const copy = this.element.cloneNode();
    for (const name of ["role", "aria-live"]) copy.removeAttribute(name);
    copy.style.cssText = `position: absolute; visibility: hidden; min-height: 0; width: ${clientWidth}px`;
    this.element.after(copy);
    const heights = said.slice(0, 3).map((sentence) => {
      copy.textContent = sentence;
      return copy.offsetHeight;
    });
    copy.remove();
    this.element.style.minHeight = `${Math.max(...heights)}px`;
  }

  /** Say something else instead, until the next half-step is shown. */
  say(name, text) {
    this.name.textContent = name;
    this.text.textContent = text;
    this.ending.textContent = "";
  }

  show(index) {
    const { sentence } = this.run.steps[index];
    const colon = sentence.indexOf(":") + 1;
    this.say(sentence.slice(0, colon), sentence.slice(colon).trim());
    this.ending.textContent = index === this.run.steps.length - 1 ? this.run.ending.sentence : "";
  }
}
