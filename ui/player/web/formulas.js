// The formula of a half-step with the half-step's own numbers in it.

import {
  MEASURES,
  about,
  count,
  formula,
  inBrackets,
  is,
  low,
  name,
  over,
  place,
  row,
  sign,
  space,
  times,
  under,
  value,
} from "./mathml.js";
import { swatch } from "./symbols.js";
import { amount, difference, signedAmount, whole } from "./numbers.js";
import { counted, pointName } from "./sentences.js";

const [i, j, l, n] = [..."ijln"].map((letter) => name(letter));
const point = (index) => low(name("x"), index);
const center = (index) => low(name("c"), index);
const label = (index) => low(name("label"), index);
const size = (index) => low(name("n"), index);
const cost = name("J", "the cost J");
/** A word that works on what follows it, with what it runs over below. */
const working = (word, index, words) => row(under(name(word), index, words), space);
const least = (index, words) => working("arg min", index, words);
const SUM = '<mo largeop="true">∑</mo>';
const sum = (range, words) => under({ m: SUM, t: "" }, range, words);
const inCluster = (index) => row(sign(":", ""), label(index), is, j);
const members = row(i, inCluster(i));
const overMembers = sum(members, "the sum, over the points i of cluster j, of");

const MANY = 4; // coordinates, of which the first are told
/** Where a center is, in all features. */
const placeAt = ({ features }, step, index) =>
  Array.from((step.all ?? step.centers).subarray(features * index, features * (index + 1)));
const told = (coordinates) =>
  `(${coordinates
    .slice(0, MANY)
    .map((coordinate) => amount(coordinate))
    .join(", ")}${coordinates.length > MANY ? ", …" : ""})`;
/** Clusters and points are counted from 1 on the screen, and rows of a table as they are there. */
const at = (index) => count(index + 1);
const which = (run, index) =>
  run.rows ? { m: `<mtext>${pointName(run, index)}</mtext>`, t: pointName(run, index) } : at(index);

/**
 * The parts of a half-step's maths: the general formula; an introduction and lines of [icon, formulas, note] for its
 * own numbers; the cost as [formula, value, change], null at the start; and a legend of [formula, meaning].
 */
export function mathsOf(run, theme, index) {
  const [step, before] = [run.steps[index], run.steps[index - 1]];
  const context = { run, theme, step, before, measure: MEASURES[run.rule.name] };
  return { init: startMaths, assign: assignMaths, refine: refineMaths, move: moveMaths }[step.phase](context);
}

/** How many clusters there are to choose from. */
const clustersOf = ({ run, step: { active } }) =>
  active.every(Boolean) ? run.k : `${active.filter(Boolean).length} still in the run`;

const known = ({ run, step, measure }) => ({
  point: [formula(point(i)), `point i, of ${whole(run.n)}`],
  center: [formula(center(j)), `the ${run.rule.center} of cluster j, of ${clustersOf({ run, step })}`],
  label: [formula(label(i)), "the cluster of point i"],
  distance: [formula(measure.distance(name("a"), name("b"))), measure.legend],
  least: [formula(least(j, "arg min over j")), "the j that makes what follows least"],
  members: [formula(members), "all points of cluster j"],
  cost: [formula(cost), `the cost: the ${run.rule.cost}, over all points`],
});

// --- Assign

function assignMaths(context) {
  const { run, theme, step, measure } = context;
  const { point: example, place: x, cluster: own, other, distances } = step.example;
  const digits = apart(distances);
  const line = (cluster, distance, note) => [
    swatch(run, theme, cluster),
    [
      formula(measure.distance(point(which(run, example)), center(at(cluster))), about, value(distance, digits)),
      formula(about, measure.workedOut(x, placeAt(run, step, cluster))),
    ],
    note,
  ];
  const lines = [line(own, distances[0], "the least")];
  if (other !== null) lines.push(line(other, distances[1], otherNote(context, distances)));
  const rest = restOf(context, x, own, other);
  if (rest) lines.push(["", [], `to the others: ${rest}`]);
  lines.push([swatch(run, theme, own), [formula(label(which(run, example)), is, at(own))], beforeNote(context)]);
  const legend = known(context);
  return {
    general: formula(label(i), is, least(j, "the j with the least value of"), measure.distance(point(i), center(j))),
    intro: `For example ${exampleIs(context)}: ${pointName(run, example)}, at ${told(x)}.`,
    lines,
    cost: costLines(context),
    legend: [legend.label, legend.point, legend.center, legend.distance, legend.least, legend.cost],
  };
}

/** How many digits set two distances apart; none to say if the usual ones do. */
function apart([a, b]) {
  if (b === undefined || a === b || amount(a) !== amount(b)) return undefined;
  return [5, 6, 7, 8, 9].find((digits) => a.toPrecision(digits) !== b.toPrecision(digits)) ?? 10;
}

function exampleIs({ step, before }) {
  if (before.labels && step.reassigned) return "the point that gained most by changing cluster";
  return step.example.other === null ? "one of the points" : "the point nearest to a border";
}

function otherNote({ step, before }, [own, other]) {
  if (before.labels && step.reassigned) return "the cluster that it left";
  return own === other ? "as near: ties go to the lower number" : "the next";
}

/** The example is a point that changed cluster, if any did: then the other cluster is the one that it left. */
function beforeNote({ step, before }) {
  if (!before.labels) return "its first cluster";
  return step.reassigned ? `it was ${step.example.other + 1}` : "as before";
}

/** The distances to all other centers. */
function restOf({ run, step, measure }, x, own, other) {
  const rest = [];
  for (let cluster = 0; cluster < run.k; cluster++) {
    if (cluster === own || cluster === other || !step.active[cluster]) continue;
    rest.push(`${cluster + 1}: ${amount(measure.number(x, placeAt(run, step, cluster)))}`);
  }
  return rest.join(", ");
}

// --- Refine

const CENTERS = {
  mean: ({ cluster, count: points }, to) => [
    formula(center(at(cluster)), about, over(count(1), count(points)), times, place(...to.map((one) => one * points))),
    formula(about, place(...to)),
  ],
  medoid: ({ cluster, point: member }, to, run) => [
    formula(center(at(cluster)), is, point(which(run, member))),
    formula(about, place(...to)),
  ],
  median: ({ cluster }, to) => [formula(center(at(cluster)), about, place(...to))],
};
const OWN_SIGNS = {
  mean: [formula(size(j)), "how many points cluster j has"],
  medoid: [formula(name("arg min")), "the point that makes what follows least"],
  median: [formula(name("median")), "in each coordinate, the value in the middle: half lie below it"],
};
const GENERAL = {
  mean: () => formula(center(j), is, over(count(1), size(j)), overMembers, point(i)),
  medoid: ({ measure }) =>
    formula(
      center(j),
      is,
      least(row(point(l), inCluster(l)), "the point l, of cluster j, with the least value of"),
      overMembers,
      measure.distance(point(i), point(l)),
    ),
  median: () =>
    formula(
      center(j),
      is,
      working("median", members, "the median, in each coordinate, over the points i of cluster j, of"),
      point(i),
    ),
};

function refineMaths(context) {
  const { run, theme, step, before } = context;
  const { cluster, count: points, part } = step.example;
  const rule = run.rule.name;
  const [from, to] = [before, step].map((one) => placeAt(run, one, cluster));
  const way = Math.hypot(...to.map((one, axis) => one - from[axis]));
  const icon = swatch(run, theme, cluster);
  const legend = known(context);
  const whose = `that of cluster ${cluster + 1}, with ${counted(points, "point")}`;
  return {
    general: GENERAL[rule](context),
    intro: way
      ? `For example the ${run.rule.center} that moved farthest: ${whose}.`
      : `No ${run.rule.center} moved. For example ${whose}:`,
    lines: [
      [icon, CENTERS[rule](step.example, to, run), ""],
      ["", [], way ? `it was at ${told(from)}: it moved by ${amount(way)}` : "it was there before"],
      ["", [], `its cluster’s part of the cost ${fell(part)}`],
    ],
    cost: costLines(context),
    legend: [legend.center, legend.point, OWN_SIGNS[rule], legend.members, legend.label, legend.distance, legend.cost],
  };
}

function fell([before, after]) {
  if (before === after) return `stayed at ${amount(after)}`;
  return `${after < before ? "fell" : "rose"} from ${amount(before)} to ${amount(after)}`;
}

// --- The cost

function costLines({ step, before, measure }) {
  const range = row(i, is, count(1));
  // Without a font for mathematics a browser draws the limit over the sign, so it brings its own distance.
  const limit = `<mpadded depth="+0.3em">${n.m}</mpadded>`;
  const all = { m: `<munderover>${SUM}${range.m}${limit}</munderover>`, t: "the sum, over all points i, of" };
  const general = formula(cost, is, all, measure.distance(point(i), center(label(i))));
  const now = formula(cost, about, value(step.cost));
  if (before.cost === null) return [general, now, "It has no value before it."];
  const change = difference(before.cost, step.cost);
  return [general, now, change ? `It was ${amount(before.cost)}: ${signedAmount(change)}.` : "As before."];
}

// --- The start

const nearestSoFar = (index) => low(name("D"), index);
const sumOverAll = sum(l, "the sum over all points l of");
/** How likely it is that point i is drawn. */
const odds = (...drawn) =>
  formula(name("P"), inBrackets(...drawn), is, over(nearestSoFar(i), row(sumOverAll, nearestSoFar(l))));

const STARTS = {
  random: () => [
    formula(center(j), is, point(low(i, j))),
    [[formula(low(i, j)), "the point drawn for cluster j: all are equally likely, and none is drawn twice"]],
  ],
  "k-means++": ({ measure }) => [
    odds(center(j), is, point(i)),
    [
      [formula(name("P")), "how likely it is"],
      [formula(nearestSoFar(i)), `from point i to the nearest center placed so far: ${measure.legend}`],
    ],
  ],
  "greedy-k-means++": ({ measure }) => [
    formula(
      center(j),
      is,
      working("arg min", point(i), "the drawn point i with the least value of"),
      sumOverAll,
      name("min", "the smaller of"),
      inBrackets(nearestSoFar(l), sign(",", "and"), measure.distance(point(l), point(i))),
    ),
    [
      [odds(point(i)), "how likely point i is to be drawn: several points are drawn for each center after the first"],
      [formula(nearestSoFar(i)), `from point i to the nearest center placed so far: ${measure.legend}`],
      [formula(name("arg min")), "the drawn point that makes what follows least"],
    ],
  ],
  farthest: ({ measure }) => [
    formula(
      center(j),
      is,
      working("arg max", point(i), "the point i with the largest value of"),
      working("min", row(l, sign("&lt;", "below"), j), "the least, over the centers l before j, of"),
      measure.distance(point(i), center(l)),
    ),
    [
      [formula(center(l)), "a center placed before; the first is a random point"],
      [formula(name("arg max")), "the point that makes what follows largest"],
      [formula(measure.distance(name("a"), name("b"))), measure.legend],
    ],
  ],
  partition: (context) => [
    GENERAL[context.run.rule.name](context),
    [
      [formula(label(i)), "drawn at random for each point, all clusters equally likely"],
      [formula(members), "all points of cluster j"],
      OWN_SIGNS[context.run.rule.name],
    ],
  ],
  given: () => [formula(center(j), is, name("where it was put")), []],
};

function startMaths(context) {
  const { run, theme, step } = context;
  const [general, own] = STARTS[run.start](context);
  const legend = known(context);
  return {
    general,
    intro: run.k > 1 ? `The ${run.rule.center}s to begin with:` : `The ${run.rule.center} to begin with:`,
    lines: Array.from({ length: run.k }, (_, cluster) => [
      swatch(run, theme, cluster),
      [formula(center(at(cluster)), about, place(...placeAt(run, step, cluster)))],
      "",
    ]),
    cost: null,
    legend: [legend.center, legend.point, ...own],
  };
}

function moveMaths(context) {
  const { run, step, before } = context;
  const to = { m: "<mtext>where you put it</mtext>", t: "where you put it" };
  const moved = Array.from({ length: run.k }, (_, cluster) => cluster).filter((cluster) =>
    [0, 1].some((axis) => step.centers[2 * cluster + axis] !== before.centers[2 * cluster + axis]),
  );
  const { lines } = startMaths(context);
  return {
    ...startMaths(context),
    general: formula(center(j), is, to),
    intro: "Moved by hand:",
    lines: lines.filter((_, cluster) => moved.includes(cluster)),
    cost: step.cost === null ? null : costLines(context),
    legend: [known(context).center],
  };
}
