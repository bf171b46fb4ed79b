// Short texts about a run: names of points and steps, and descriptions of what is drawn.

import { message } from "./messages.js";

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
 * @param {Pick<Run, "title" | "n" | "k" | "tiles">} run
 * @param {Step} step
 */
export function inThePicture({ title, n, k, tiles }, step) {
  const values = { title, points: n, k, step: stepName(step) };
  return tiles
    ? message("player.picture_of_tiles", { ...values, tiles: tiles.numbers.length })
    : message("player.picture", values);
}

/**
 * A point's name: its row in a table, or else its number.
 * @param {Pick<Run, "rows" | "rowNumbers">} run
 * @param {number} index
 */
export function pointName({ rows, rowNumbers }, index) {
  const number = rowNumbers ? rowNumbers[index] : index + 1;
  const kind = !rows ? "point" : number > rows ? "drawn" : "row";
  return message("player.point_name", { kind, number });
}

/**
 * The index of the point that has a number on the screen; -1 if none has it.
 * @param {Pick<Run, "rowNumbers">} run
 * @param {number} number from 1
 */
export function pointNumbered({ rowNumbers }, number) {
  return rowNumbers ? rowNumbers.indexOf(number) : number - 1;
}

/** @param {string} word */
export function capitalized(word) {
  return word[0].toUpperCase() + word.slice(1);
}

/**
 * A step's name, as a title.
 * @param {Pick<Step, "phase" | "iteration">} step
 */
export function stepName({ phase, iteration }) {
  return message("steps.name", { phase, iteration });
}
