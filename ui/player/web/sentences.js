// Short texts about a run: names of points and steps, and descriptions of what is drawn.

import { message } from "./messages.js";
import { lookOf } from "./shapes.js";

/** @import { Run, Step } from "./types.d.ts" */

/**
 * How points of more than two features are drawn, and what is drawn where there are too many; "" if points are drawn as
 * they are.
 * @param {Pick<Run, "n" | "tiles" | "projection">} run
 */
export function drawnAs({ n, tiles, projection }) {
  const tilesText = tiles ? message("player.drawn_as_tiles", { points: n, tiles: tiles.numbers.length }) : "";
  return [projection, tilesText].filter(Boolean).join(" ");
}

/**
 * What the picture shows, for those who can't see it.
 * @param {Pick<Run, "title" | "n" | "k" | "tiles" | "names" | "symbols">} run
 * @param {Step} step
 */
export function inThePicture(run, step) {
  const { title, n, k, tiles } = run;
  const values = { title, points: n, k, step: stepName(step) };
  const picture = tiles
    ? message("player.picture_of_tiles", { ...values, tiles: tiles.numbers.length })
    : message("player.picture", values);
  const clusters = [...(step.sizes ?? [])].map((size, j) =>
    message("clusters.in_picture", { number: run.names[j] + 1, look: lookOf(run, j, 2), size }),
  );
  return clusters.length ? `${picture} ${message("clusters.picture", { clusters: listed(clusters) })}` : picture;
}

/**
 * What a point is called, as values of a message: a kind, and its row in a table or else its number.
 * @param {Pick<Run, "rows" | "rowNumbers">} run
 * @param {number} index
 */
export function pointFacts({ rows, rowNumbers }, index) {
  const number = rowNumbers ? rowNumbers[index] : index + 1;
  return { kind: !rows ? "point" : number > rows ? "drawn" : "row", number };
}

/**
 * A point's name within a sentence.
 * @param {Pick<Run, "rows" | "rowNumbers">} run
 * @param {number} index
 */
export function pointName(run, index) {
  return message("player.point_name", pointFacts(run, index));
}

/**
 * The index of the point that has a number on the screen; -1 if none has it.
 * @param {Pick<Run, "rowNumbers">} run
 * @param {number} number from 1
 */
export function pointNumbered({ rowNumbers }, number) {
  return rowNumbers ? rowNumbers.indexOf(number) : number - 1;
}

const conjunction = new Intl.ListFormat("en");
const series = new Intl.ListFormat("en", { type: "unit", style: "short" });

/**
 * Names or numbers within a sentence: `1, 2, and 5`.
 * @param {(string | number)[]} items
 */
export const listed = (items) => conjunction.format(items.map(String));

/**
 * Values side by side: `1, 2, 5`.
 * @param {(string | number)[]} items
 */
export const valueList = (items) => series.format(items.map(String));

/**
 * A step's name, as a title.
 * @param {Pick<Step, "phase" | "iteration">} step
 */
export function stepName({ phase, iteration }) {
  return message("steps.name", { phase, iteration });
}
