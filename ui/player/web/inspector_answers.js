// What the inspector says of a point, a tile, a center, and of all points that switched cluster: HTML.

import { moveLength } from "./center_geometry.js";
import { escapeHtml } from "./dom.js";
import {
  centersByDistance,
  costShare,
  distanceTo,
  lastReassignment,
  lastReassignmentIn,
  reassignedItems,
} from "./inspection.js";
import { message } from "./messages.js";
import { amount, whole } from "./numbers.js";
import { listed, pointFacts, pointName, stepName } from "./sentences.js";
import { namedSwatch } from "./shapes.js";
import { sharesOf } from "./tiles.js";

/** @import { CenterDistance } from "./inspection.js" */
/** @import { Run, Selection, Step } from "./types.d.ts" */

const MAX_LISTED = 100;

/**
 * What an answer is about: a step of a run.
 * @typedef {object} Context
 * @property {Run} run
 * @property {number} index
 * @property {number} lastVisible the last step that may be told of
 */

/** @param {Context} context */
const stepOf = ({ run, index }) => run.steps[index];

/** @param {string} text */
const heading = (text) =>
  `<h2>${escapeHtml(text)}<button type="button" class="km-button km-close" ` +
  `aria-label="${message("inspector.close")}">×</button></h2>`;

/** @param {string[]} sentences those that are empty are left out */
const paragraph = (...sentences) => `<p>${escapeHtml(sentences.filter(Boolean).join(" "))}</p>`;

/**
 * The answer about what was selected.
 * @param {Context} context
 * @param {Selection} selection in the run
 */
export function answerOf(context, { kind, index }) {
  return { point: pointAnswer, tile: tileAnswer, center: centerAnswer }[kind](context, index);
}

// --- Points

/**
 * @param {Context} context
 * @param {number} point
 */
function pointAnswer(context, point) {
  const { run } = context;
  const cluster = stepOf(context).labels?.[point];
  const kind = cluster === undefined ? "unassigned" : "assigned";
  const title = message("inspector.point", { kind, point: pointName(run, point), cluster: (cluster ?? 0) + 1 });
  const last = cluster === undefined ? "" : lastText(context, point);
  if (!run.coordinates) return heading(title) + paragraph(last, message("inspector.no_distances"));
  const distances = centersByDistance(run, stepOf(context), point);
  return (
    heading(title) +
    paragraph(nearestText(context, cluster, distances), last) +
    distanceTable(context, { point, cluster, distances })
  );
}

/**
 * Which center is nearest, and what that means for a point of a cluster.
 * @param {Context} context
 * @param {number | undefined} cluster
 * @param {CenterDistance[]} distances
 */
function nearestText({ run }, cluster, [first, second]) {
  const values = { center: run.rule.center, cluster: first.cluster + 1 };
  if (cluster === undefined) return message("inspector.will_join", values);
  if (cluster !== first.cluster) return message("inspector.will_switch", values);
  if (!second) return message("inspector.only_center", values);
  return message("inspector.nearest", { ...values, ...secondOf(first, second) });
}

/**
 * @param {CenterDistance} first
 * @param {CenterDistance} second
 */
const secondOf = (first, second) => ({
  second: second.cluster + 1,
  gap: second.distance - first.distance,
});

/**
 * @param {Context} context
 * @param {number} point
 */
function lastText({ run, index }, point) {
  const last = lastReassignment(run, index, point);
  if (!last) return message("inspector.never_switched");
  const step = stepName(run.steps[last.index]);
  return message("inspector.last_switch", { step, index: last.index, from: last.from + 1, to: last.to + 1 });
}

// --- Distances

/**
 * A row for each center, the nearest first, with a bar as long as its distance.
 * @param {Context} context
 * @param {{point: number, cluster: number | undefined, distances: CenterDistance[]}} about
 */
function distanceTable(context, { point, cluster: pointCluster, distances }) {
  const { run, index } = context;
  const before = run.steps[index - 1];
  // If the centers did not move, the distances are those of the step before.
  const previous = before && before.centers !== stepOf(context).centers ? before : null;
  const longest = Math.max(...distances.map(({ distance }) => distance), Number.MIN_VALUE);
  const rows = distances.map(({ cluster, distance }) => {
    const width = ((100 * distance) / longest).toFixed(1);
    const color = run.colors[cluster];
    const old = previous ? `<td>${amount(distanceTo(run, previous, point, cluster))}</td>` : "";
    return (
      `<tr${cluster === pointCluster ? ' class="km-point-cluster"' : ""}>` +
      `<th scope="row">${namedSwatch(run, cluster)}</th>` +
      `<td class="km-bar"><i style="width:${width}%;background:${color}"></i></td>` +
      `<td>${amount(distance)}</td>${old}</tr>`
    );
  });
  return tableOf(message("inspector.distances", { kind: run.tiles ? "tile" : "point" }), rows, Boolean(previous));
}

/**
 * @param {string} caption
 * @param {string[]} rows
 * @param {boolean} hasBefore
 */
function tableOf(caption, rows, hasBefore) {
  const head = [
    message("inspector.center_column"),
    `<span class="km-visually-hidden">${message("inspector.bar_column")}</span>`,
    message("inspector.distance_column"),
    ...(hasBefore ? [message("inspector.before_column")] : []),
  ];
  return (
    `<table class="km-table"><caption class="km-visually-hidden">${caption}</caption>` +
    `<thead><tr>${head.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table>`
  );
}

// --- Tiles

/**
 * @param {Context} context
 * @param {number} tile
 */
function tileAnswer(context, tile) {
  const { run } = context;
  const { labels } = stepOf(context);
  const { groups, k } = run;
  // In a projection, the middle of a tile has no distances.
  const distances = run.coordinates ? centersByDistance(run, stepOf(context), tile) : [];
  const shares = labels && groups ? sharesOf({ groups, k }, labels, tile) : [];
  const cluster = shares.indexOf(Math.max(...shares));
  const title = message("inspector.tile", { count: groups?.totals[tile] ?? 0 });
  return (
    heading(title) +
    paragraph(...tileTexts(context, tile, shares, distances)) +
    (distances.length ? distanceTable(context, { point: tile, cluster, distances }) : "")
  );
}

/**
 * @param {Context} context
 * @param {number} tile
 * @param {number[]} shares how many of its points each cluster has; empty while there are no clusters
 * @param {CenterDistance[]} distances empty where the tile has none
 */
function tileTexts({ run, index }, tile, shares, [first, second]) {
  const texts = [];
  if (first) {
    const values = { center: run.rule.center, cluster: first.cluster + 1 };
    texts.push(
      second
        ? message("inspector.tile_nearest", { ...values, ...secondOf(first, second) })
        : message("inspector.tile_only_center", values),
    );
  }
  const clusters = shares.flatMap((count, cluster) => (count ? [{ cluster, count }] : []));
  if (!clusters.length) return texts;
  const counts = clusters
    .sort((a, b) => b.count - a.count)
    .map(({ cluster, count }) => message("inspector.tile_cluster", { count, cluster: cluster + 1 }));
  texts.push(message("inspector.tile_clusters", { clusters: listed(counts) }));
  const last = lastReassignmentIn(run, index, tile);
  const step = last && stepName(run.steps[last.index]);
  return [
    ...texts,
    last && step ? message("inspector.tile_last_switch", { ...last, step }) : message("inspector.tile_never_switched"),
  ];
}

// --- Centers

/**
 * @param {Context} context
 * @param {number} cluster
 */
function centerAnswer(context, cluster) {
  const { run } = context;
  const step = stepOf(context);
  const title = heading(message("inspector.center", { center: run.rule.center, cluster: cluster + 1 }));
  if (!step.labels) return title + paragraph(message("inspector.center_at_start"));
  return title + paragraph(sizeText(run, step, cluster), nextMoveText(context, cluster));
}

/**
 * @param {Run} run
 * @param {Step} step
 * @param {number} cluster
 */
function sizeText(run, step, cluster) {
  const count = step.sizes?.[cluster] ?? 0;
  if (!run.coordinates) return message("inspector.size", { count });
  const { part, all } = costShare(run, step, cluster);
  if (!(all > 0)) return message("inspector.size_without_cost", { count });
  const share = part / all;
  // The points of a tile are not all in its middle, which is near enough for whole percents only.
  return run.groups
    ? message("inspector.size_about", { count, share })
    : message("inspector.size_with_cost", { count, share, part, all });
}

/**
 * @param {Context} context
 * @param {number} cluster
 */
function nextMoveText(context, cluster) {
  const { run, index, lastVisible } = context;
  const [step, next] = [stepOf(context), run.steps[index + 1]];
  if (!step.active[cluster]) return message("inspector.dropped");
  if (!next) return message("inspector.run_ended");
  if (next.phase !== "refine") return message("inspector.assign_first");
  if (index + 1 > lastVisible) return message("inspector.yours_to_guess");
  const move = moveLength(run, next, step, cluster);
  if (move === 0) return message("inspector.stays");
  if (run.features > 2) return message("inspector.moves", { move });
  const [x, y] = [0, 1].map((axis) => next.centers[2 * cluster + axis]);
  return message("inspector.moves_to", { move, x, y });
}

// --- Points that switched cluster

/**
 * A button for every point that this assign put into another cluster or, with tiles, for their groups.
 * @param {Context} context
 */
export function reassignedList(context) {
  const { run, index } = context;
  const step = stepOf(context);
  const items = reassignedItems(run, step);
  const list = items.slice(0, MAX_LISTED).map((item) => {
    const place = run.groups ? run.groups.tileOf[item] : item;
    const [from, to] = [run.steps[index - 1], step].map(({ labels }) => (labels?.[item] ?? 0) + 1);
    const text = run.groups
      ? message("inspector.tile_item", { tile: place + 1, count: run.groups.counts[item], from, to })
      : message("inspector.point_item", { ...pointFacts(run, place), from, to });
    return `<li><button type="button" class="km-button" data-place="${place}">${text}</button></li>`;
  });
  const kind = run.groups ? "tiles" : "points";
  const rest =
    items.length > MAX_LISTED
      ? `<p>${message("inspector.first_of", { kind, first: MAX_LISTED, all: whole(items.length) })}</p>`
      : "";
  const title = heading(message("inspector.reassigned", { count: step.reassigned }));
  return `${title}<ul class="km-list">${list.join("")}</ul>${rest}`;
}
