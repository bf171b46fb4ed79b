// Numbers and half-steps in words, as ui/text/narration.py writes them.

const THIN_SPACE = "\u202f";
const MINUS = "\u2212";

export function whole(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

export function counted(count, noun) {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const asTiles = ({ numbers }) =>
  `, drawn as ${counted(numbers.length, "tile")}: the stronger a tile’s color, the more points it holds.`;

/** Which shadow of the points is drawn, and what in their place where they are too many; else nothing. */
export function drawnAs({ n, tiles, shadow }) {
  return [shadow, tiles ? `${counted(n, "point")}${asTiles(tiles)}` : ""].filter(Boolean).join(" ");
}

/** What a picture shows, for who can't see it. */
export function inThePicture({ title, n, k, tiles }, step) {
  return `${title}: ${counted(n, "point")} and ${k} centers after ${stepName(step)}${tiles ? asTiles(tiles) : "."}`;
}

/** What a point is called: by its row in a table, and else by its place among the points; as ui/settings/points.py has it. */
export function pointName({ rows, rowNumbers }, index) {
  const number = rowNumbers ? rowNumbers[index] : index + 1;
  if (!rows) return `point ${whole(number)}`;
  return `${number > rows ? "drawn point" : "row"} ${whole(number)}`;
}

/** Which point has this number, from 1 on; -1 where none has. */
export function pointNumbered({ rowNumbers }, number) {
  return rowNumbers ? rowNumbers.indexOf(number) : number - 1;
}

export function capitalised(word) {
  return word[0].toUpperCase() + word.slice(1);
}

const DIGITS = 4; // significant digits of an amount

export function amount(number, digits = DIGITS) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size < 1e-4 || size >= 1e12) return number.toExponential(digits - 1);
  if (size < 1000) return String(Number(number.toPrecision(digits)));
  const decimals = Math.max(0, digits - String(Math.trunc(size)).length);
  if (!decimals) return whole(number);
  const [integer, fraction] = number.toFixed(decimals).split(".");
  return `${whole(Number(integer))}.${fraction}`;
}

/** Whether two costs differ by no more than rounding. */
const nearlyEqual = (one, other) => Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));

/** Numbers written so that those that differ read differently, with as few digits as that takes. */
export function amounts(numbers) {
  const inOrder = [...numbers].sort((a, b) => a - b);
  const wanted = inOrder.filter((number, i) => !i || !nearlyEqual(inOrder[i - 1], number)).length;
  for (let digits = DIGITS; ; digits += 1) {
    const texts = numbers.map((number) => amount(number, digits));
    if (new Set(texts).size >= wanted || digits === 17) return texts;
  }
}

export function signed(number) {
  return number === 0 ? "0" : (number > 0 ? "+" : MINUS) + whole(Math.abs(number));
}

/** The change from one number to another, as their rounded forms on the screen have it. */
export function difference(before, after) {
  const [least, change] = [Math.min(Math.abs(before), Math.abs(after)), after - before];
  return least >= 1000 ? Math.round(after) - Math.round(before) : change;
}

/** A measured number with its sign, for a change. */
export function signedAmount(number) {
  return number === 0 ? "0" : (number > 0 ? "+" : MINUS) + amount(Math.abs(number));
}

export function duration(seconds) {
  const units = [
    [1, "s"],
    [1e-3, "ms"],
    [1e-6, "µs"],
  ];
  const [size, unit] = units.find(([least]) => seconds >= least) ?? units.at(-1);
  return `${Number((seconds / size).toPrecision(2))}${THIN_SPACE}${unit}`;
}

export function stepName(step) {
  if (step.phase === "init") return "Start";
  if (step.phase === "move") return "By hand";
  const name = step.phase === "assign" ? "Assign" : "Refine";
  return step.phase === "assign" && step.iteration === 0 ? name : `${name} ${step.iteration}`;
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
