// Reads the blocks of bytes that ui/player/protocol.py writes.

import { readGroups, readTiles } from "./tiles.js";

const ARRAY_TYPES = { f4: Float32Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };

function readBlock(buffer, start) {
  const length = new DataView(buffer).getUint32(start, true);
  const facts = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, start + 4, length)));
  return [facts, start + 4 + length];
}

/** Part a message into what concerns this visitor and the run, still packed. */
export function unpackMessage(bytes) {
  // A copy of its own is aligned; what arrives is a view somewhere into a larger message.
  const { buffer } = bytes.slice();
  const [session, start] = readBlock(buffer, 0);
  return { session, packed: { buffer, start } };
}

/** Put other facts about the visitor in front of the run of a message. */
export function withSession(bytes, session) {
  const { packed } = unpackMessage(bytes);
  const text = new TextEncoder().encode(JSON.stringify(session));
  const padded = text.length + (-text.length & 3);
  const run = new Uint8Array(packed.buffer, packed.start);
  const message = new Uint8Array(4 + padded + run.length).fill(0x20, 4, 4 + padded);
  new DataView(message.buffer).setUint32(0, padded, true);
  message.set(text, 4);
  message.set(run, 4 + padded);
  return message;
}

/**
 * Unpack a run: its header, with arrays in place of their descriptions. Its `points` are the places that are drawn: those
 * of all points or, where these are too many, the middles of its `tiles`; labels are then those of its `groups`.
 * Every half-step then holds its centers as they are drawn (and, where points have more than two features, all of
 * theirs in `centerCoordinates`), its labels (null at the start), the points, or groups, that changed cluster in
 * it (null unless it is an assign after the first), the sizes of the clusters, and which of them are active: take part.
 */
export function unpackRun(packed) {
  const [run, array] = readRun(packed);
  return fillSteps(readPlaces(run, array), array);
}

/** Unpack several runs on the same points; each knows all of them as its `siblings`. */
export function unpackRuns(packed) {
  const [{ runs, ...shared }, array] = readRun(packed);
  readPlaces(shared, array);
  const siblings = runs.map((run, i) => fillSteps({ ...shared, ...run, id: `${shared.id}-${i}` }, array));
  for (const run of siblings) run.siblings = siblings;
  return siblings;
}

/** The facts of a block, and what finds an array by its description. */
function readRun({ buffer, start: from }) {
  const [run, start] = readBlock(buffer, from);
  return [run, ({ type, offset, length }) => new ARRAY_TYPES[type](buffer, start + offset, length)];
}

/** Replace the descriptions of arrays in a record. */
function withArrays(record, array) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value?.type ? array(value) : value]));
}

function readPlaces(run, array) {
  if (run.tiles) run.tiles = readTiles(withArrays(run.tiles, array));
  run.points = run.tiles ? run.tiles.middles : array(run.points);
  run.rowNumbers = run.rowNumbers ? array(run.rowNumbers) : null;
  // All features of the points where they have more than two, and are not too many; where they are drawn says less.
  run.coordinates = run.coordinates ? array(run.coordinates) : run.features === 2 ? run.points : null;
  return run;
}

function fillSteps(run, array) {
  if (run.groups) run.groups = readGroups(withArrays(run.groups, array));
  let labels = null;
  let centers = null;
  let coordinates = null;
  let active = null;
  for (const step of run.steps) {
    const before = labels;
    if (step.centers) centers = array(step.centers);
    if (step.centerCoordinates) coordinates = array(step.centerCoordinates);
    if (step.labels) labels = readLabels(step, before, array);
    step.centers = centers;
    step.centerCoordinates = coordinates;
    step.labels = labels;
    step.changed = step.phase === "assign" && before ? difference(before, labels) : null;
    if (step.active) active = step.active;
    step.active = active;
    step.sizes = labels ? clusterSizes(labels, run) : null;
  }
  return run;
}

function readLabels(step, before, array) {
  const sent = array(step.labels);
  if (!step.index) return sent;
  const labels = before.slice();
  array(step.index).forEach((point, i) => (labels[point] = sent[i]));
  return labels;
}

function difference(before, after) {
  const points = [];
  for (let i = 0; i < after.length; i++) if (before[i] !== after[i]) points.push(i);
  return points;
}

function clusterSizes(labels, { k, groups }) {
  const sizes = new Uint32Array(k);
  labels.forEach((label, i) => (sizes[label] += groups ? groups.counts[i] : 1));
  return sizes;
}
