// The picture in words: where the points and clusters lie, how wide they are, and where their centers are.

import { centerAt } from "./center_geometry.js";
import { escapeHtml } from "./dom.js";
import { message } from "./messages.js";
import { amount as format, percent } from "./numbers.js";
import { listed } from "./sentences.js";
import { lookOf } from "./shapes.js";

/** @import { Place, PlayerPart, Run, Step, Theme } from "./types.d.ts" */

/**
 * A number with the three digits that a sentence may have.
 * @param {number} number
 */
const amount = (number) => format(Number(number.toPrecision(3)));

/** What lies at a place: a point, or the points of a group of a tile. @typedef {{ place: Place, weight: number }} Item */
/** @typedef {{ low: Place, high: Place }} Box */

const [ROWS, COLUMNS] = [
  ["lower", "middle", "upper"],
  ["left", "center", "right"],
];
const AREAS = ROWS.length * COLUMNS.length;
const MAX_DENSE = 3; // areas that are named
const CLOSE = 0.1; // of a cluster's spread: a center that near is in the middle of its points

/**
 * What is drawn, in the order of the labels.
 * @param {Run} run
 * @returns {Item[]}
 */
function itemsOf({ points, tiles, groups }) {
  if (tiles && groups) {
    return Array.from(groups.counts, (weight, i) => ({ place: centerAt(points, groups.tileOf[i]), weight }));
  }
  return Array.from({ length: points.length / 2 }, (_, i) => ({ place: centerAt(points, i), weight: 1 }));
}

/**
 * The lowest and highest coordinates.
 * @param {Item[]} items
 * @returns {Box}
 */
export function boxOf(items) {
  /** @type {Box} */
  const box = { low: [Infinity, Infinity], high: [-Infinity, -Infinity] };
  for (const { place } of items) {
    for (const axis of [0, 1]) {
      box.low[axis] = Math.min(box.low[axis], place[axis]);
      box.high[axis] = Math.max(box.high[axis], place[axis]);
    }
  }
  return box;
}

/**
 * The third of a box that holds a place, on each axis: `upper_left`, `middle_center`.
 * @param {Place} place
 * @param {Box} box
 */
export function areaOf(place, { low, high }) {
  const [column, row] = [0, 1].map((axis) => {
    const extent = high[axis] - low[axis];
    const third = extent ? Math.floor((3 * (place[axis] - low[axis])) / extent) : 1;
    return Math.min(2, Math.max(0, third));
  });
  return `${ROWS[row]}_${COLUMNS[column]}`;
}

/**
 * How many points there are, where their middle is, and how far they are from it: the root of the mean square.
 * @param {Item[]} items
 */
export function summaryOf(items) {
  const size = items.reduce((sum, { weight }) => sum + weight, 0);
  const middle = /** @type {Place} */ (
    [0, 1].map((axis) => items.reduce((sum, { place, weight }) => sum + weight * place[axis], 0) / size)
  );
  const squares = items.map(
    ({ place, weight }) => weight * ((place[0] - middle[0]) ** 2 + (place[1] - middle[1]) ** 2),
  );
  return { size, middle, spread: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / size) };
}

/** @param {Place} place */
const coordinates = ([x, y]) => ({ x: amount(x), y: amount(y) });

/**
 * Where the points lie, and where most of them are.
 * @param {Item[]} items
 * @param {Box} box
 */
function describePoints(items, box) {
  const { size } = summaryOf(items);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { place, weight } of items) {
    const area = areaOf(place, box);
    counts.set(area, (counts.get(area) ?? 0) + weight);
  }
  const dense = [...counts].filter(([, count]) => count > size / AREAS).sort(([, a], [, b]) => b - a);
  const areas = dense
    .slice(0, MAX_DENSE)
    .map(([area, count]) =>
      message("description.area", { area, share: percent(Math.round((100 * count) / size) / 100) }),
    );
  const { low, high } = box;
  return [
    message("description.points", {
      points: size,
      left: amount(low[0]),
      right: amount(high[0]),
      bottom: amount(low[1]),
      top: amount(high[1]),
    }),
    ...(areas.length ? [message("description.dense", { areas: listed(areas) })] : []),
  ];
}

/**
 * Where a cluster lies, how wide it is, and where its center is.
 * @param {Run} run
 * @param {Step} step
 * @param {number} cluster
 * @param {Item[]} items all that is drawn
 * @param {Box} box
 */
function describeCluster(run, step, cluster, items, box) {
  const center = centerAt(step.centers, cluster);
  const members = items.filter((_, i) => step.labels?.[i] === cluster);
  if (!members.length) return describeCenter(run, step, cluster, box);
  const { size, middle, spread } = summaryOf(members);
  const offset = Math.hypot(center[0] - middle[0], center[1] - middle[1]);
  return message("description.cluster", {
    number: run.names[cluster] + 1,
    look: lookOf(run, cluster, 2),
    ...coordinates(middle),
    size,
    spread: amount(spread),
    area: areaOf(middle, box),
    is_close: offset <= CLOSE * spread,
    offset: amount(offset),
    center_x: amount(center[0]),
    center_y: amount(center[1]),
  });
}

/**
 * How many points a cluster has and where its center is, without what the next refine depends on.
 * @param {Run} run
 * @param {Step} step
 * @param {number} cluster
 * @param {Box} box
 */
function describeCenter(run, step, cluster, box) {
  const center = centerAt(step.centers, cluster);
  const size = step.sizes?.[cluster] ?? 0;
  const facts = { number: run.names[cluster] + 1, look: lookOf(run, cluster, 2), area: areaOf(center, box), size };
  return message("description.center", { ...facts, ...coordinates(center), is_assigned: Boolean(step.sizes) });
}

/**
 * The picture after a step, in sentences.
 * @param {Run} run
 * @param {number} index
 * @param {boolean} isConcealed whether the sentences leave out where centers will go
 */
export function pictureSentences(run, index, isConcealed = false) {
  const step = run.steps[index];
  const items = itemsOf(run);
  const box = boxOf(items);
  const describe = (/** @type {number} */ cluster) =>
    isConcealed ? describeCenter(run, step, cluster, box) : describeCluster(run, step, cluster, items, box);
  const clusters = step.active.flatMap((isActive, cluster) => (isActive ? [describe(cluster)] : []));
  return [...describePoints(items, box), ...clusters];
}

/** @implements {PlayerPart} */
export class PictureDescription {
  /** @type {Run | null} */
  #run = null;
  #index = 0;
  #isConcealed = false;

  /** @param {HTMLElement} element takes the sentences */
  constructor(element) {
    this.element = element;
  }

  /**
   * @param {Run} run
   * @param {Theme} _theme
   * @param {number} index
   */
  setRun(run, _theme, index) {
    this.#run = run;
    this.show(index);
  }

  /** @param {number} index */
  show(index) {
    this.#index = index;
    if (!this.#run) return;
    const sentences = pictureSentences(this.#run, index, this.#isConcealed).map(
      (sentence) => `<li>${escapeHtml(sentence)}</li>`,
    );
    this.element.innerHTML = sentences.join("");
  }

  /**
   * Leave out what would answer a question about the next step, or say it again.
   * @param {boolean} isConcealed
   */
  conceal(isConcealed) {
    this.#isConcealed = isConcealed;
    this.show(this.#index);
  }
}
