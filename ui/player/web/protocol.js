// Reads the messages from Python: ui/player/protocol.py writes them, and ui/player/schema.py has their types.

import { message } from "./messages.js";
import { readGroups, readTiles } from "./tiles.js";

/** @import { ArrayPlace, ComparisonFacts, PlayerSession, RunFacts, RunIdentity } from "./wire.d.ts" */
/** @import { SceneFacts, StepFacts, Version } from "./wire.d.ts" */
/** @import { ArrayAt, Groups, Run, Step } from "./types.d.ts" */

/** @type {Version} */
const VERSION = 4;

const ARRAY_TYPES = { f4: Float32Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };

/**
 * One or more runs that are not unpacked yet.
 * @typedef {{ buffer: ArrayBuffer, offset: number }} Packed
 */

/** The message is of another version than the scripts: the page was opened before the server was updated. */
export class VersionError extends Error {
  constructor() {
    super(message("player.outdated_page"));
  }
}

/**
 * Return the facts of a block, and where it ends.
 * @template Facts
 * @param {ArrayBuffer} buffer
 * @param {number} offset
 * @returns {[Facts, number]}
 */
function readBlock(buffer, offset) {
  const length = new DataView(buffer).getUint32(offset, true);
  const facts = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, offset + 4, length)));
  if (facts.version !== VERSION) throw new VersionError();
  return [facts, offset + 4 + length];
}

/**
 * Return the facts of a message from a component that shows no run.
 * @template Facts
 * @param {Uint8Array} bytes
 * @returns {Facts}
 */
export function unpackFacts(bytes) {
  /** @type {[Facts, number]} */
  const [facts] = readBlock(bytes.slice().buffer, 0);
  return facts;
}

/**
 * Split a message into what concerns this visitor and the run, still packed.
 * @template [Session=PlayerSession]
 * @param {Uint8Array} bytes
 * @returns {{ session: Session, packed: Packed }}
 */
export function unpackMessage(bytes) {
  // What arrives is a view into a larger message, anywhere; a copy is aligned.
  const { buffer } = bytes.slice();
  /** @type {[Session, number]} */
  const [session, offset] = readBlock(buffer, 0);
  return { session, packed: { buffer, offset } };
}

/**
 * Return a message with the same run for another visitor.
 * @param {Uint8Array} bytes
 * @param {PlayerSession} session
 */
export function withSession(bytes, session) {
  const { packed } = unpackMessage(bytes);
  const text = new TextEncoder().encode(JSON.stringify({ ...session, version: VERSION }));
  const padded = text.length + (-text.length & 3);
  const run = new Uint8Array(packed.buffer, packed.offset);
  const whole = new Uint8Array(4 + padded + run.length).fill(0x20, 4, 4 + padded);
  new DataView(whole.buffer).setUint32(0, padded, true);
  whole.set(text, 4);
  whole.set(run, 4 + padded);
  return whole;
}

/**
 * Unpack a run.
 * @param {Packed} packed
 * @returns {Run}
 */
export function unpackRun(packed) {
  /** @type {[SceneFacts & RunFacts & RunIdentity, ReadArray]} */
  const [facts, array] = readRun(packed);
  return asRun(facts, readScene(facts, array), facts.id, array);
}

/**
 * Unpack several runs on the same points; each has all of them as its `siblings`.
 * @param {Packed} packed
 * @returns {Run[]}
 */
export function unpackRuns(packed) {
  /** @type {[SceneFacts & ComparisonFacts & RunIdentity, ReadArray]} */
  const [{ runs, ...facts }, array] = readRun(packed);
  const scene = readScene(facts, array);
  const siblings = runs.map((run, i) => asRun(run, scene, `${facts.id}-${i}`, array));
  for (const run of siblings) run.siblings = siblings;
  return siblings;
}

/** Returns the array at a place of a message. @typedef {<Where extends ArrayPlace>(where: Where) => ArrayAt<Where>} ReadArray */

/**
 * Return the facts of a block, and the function that reads the arrays behind it.
 * @template Facts
 * @param {Packed} packed
 * @returns {[Facts, ReadArray]}
 */
function readRun({ buffer, offset: from }) {
  /** @type {[Facts, number]} */
  const [facts, end] = readBlock(buffer, from);
  /** @type {(where: ArrayPlace) => ArrayAt<ArrayPlace>} */
  const array = ({ type, offset, length }) => new ARRAY_TYPES[type](buffer, end + offset, length);
  return [facts, /** @type {ReadArray} */ (array)];
}

/**
 * Return what all runs on the same points share.
 * @param {SceneFacts} facts
 * @param {ReadArray} array
 */
function readScene({ points, coordinates, rowNumbers, tiles: tileFacts, ...scene }, array) {
  const tiles = tileFacts && readTiles({ ...tileFacts, numbers: array(tileFacts.numbers) });
  const places = tiles?.middles ?? (points ? array(points) : new Float32Array());
  const inPlane = scene.features === 2 ? places : null;
  return {
    ...scene,
    ...(tiles ? { tiles } : {}),
    points: places,
    rowNumbers: rowNumbers ? array(rowNumbers) : null,
    coordinates: coordinates ? array(coordinates) : inPlane,
  };
}

/**
 * @param {RunFacts} facts
 * @param {ReturnType<typeof readScene>} scene
 * @param {string} id
 * @param {ReadArray} array
 * @returns {Run}
 */
function asRun({ steps, groups: groupFacts, ...run }, scene, id, array) {
  const groups = groupFacts && readGroups({ perTile: array(groupFacts.perTile), counts: array(groupFacts.counts) });
  const facts = { texts: [], code: { kinds: {}, excerpts: [] }, otherCosts: [], ...run };
  return { ...facts, ...scene, ...(groups ? { groups } : {}), id, steps: readSteps(steps, run.k, groups, array) };
}

/**
 * Return the half-steps, each with all of its values, including those that were not sent because they did not change.
 * @param {StepFacts[]} steps
 * @param {number} k
 * @param {Groups | undefined} groups
 * @param {ReadArray} array
 * @returns {Step[]}
 */
function readSteps(steps, k, groups, array) {
  /** @type {Step[]} */
  const read = [];
  for (const { index, ...facts } of steps) {
    const before = read.at(-1);
    const labels = facts.labels ? readLabels(array(facts.labels), index && array(index), before) : before?.labels;
    const earlier = facts.phase === "assign" ? before?.labels : null;
    read.push({
      ...facts,
      example: facts.example ?? null,
      explanation: facts.explanation ?? [],
      code: facts.code ?? "",
      active: facts.active ?? before?.active ?? [],
      centers: facts.centers ? array(facts.centers) : (before?.centers ?? new Float32Array()),
      centerCoordinates: facts.centerCoordinates ? array(facts.centerCoordinates) : (before?.centerCoordinates ?? null),
      labels: labels ?? null,
      changed: earlier && labels ? difference(earlier, labels) : null,
      sizes: labels ? clusterSizes(labels, k, groups) : null,
    });
  }
  return read;
}

/**
 * @param {Uint8Array} sent all labels or, with `index`, those of the points there
 * @param {Uint32Array | undefined} index
 * @param {Step | undefined} before
 */
function readLabels(sent, index, before) {
  if (!index || !before?.labels) return sent;
  const labels = before.labels.slice();
  index.forEach((point, i) => (labels[point] = sent[i]));
  return labels;
}

/**
 * Return the indices at which labels differ.
 * @param {Uint8Array} before
 * @param {Uint8Array} after
 */
function difference(before, after) {
  const points = [];
  for (let i = 0; i < after.length; i++) if (before[i] !== after[i]) points.push(i);
  return points;
}

/**
 * Return how many points each cluster has.
 * @param {Uint8Array} labels
 * @param {number} k
 * @param {Groups | undefined} groups
 */
function clusterSizes(labels, k, groups) {
  const sizes = new Uint32Array(k);
  labels.forEach((label, i) => (sizes[label] += groups ? groups.counts[i] : 1));
  return sizes;
}
