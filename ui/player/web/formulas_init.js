// The formulas of the starting centers, one for each initializer.

import { coordinatesOf } from "./center_geometry.js";
import {
  center,
  CENTER_FORMULAS,
  clusterNumber,
  I,
  J,
  L,
  label,
  legendOf,
  operator,
  point,
  RULE_LEGENDS,
  sumOver,
} from "./formula_notation.js";
import { approximately, bracketed, equals, formula, fraction, name, row, sign, subscript, vector } from "./mathml.js";
import { message } from "./messages.js";
import { swatch } from "./shapes.js";

/** @import { Context, LegendEntry, StepFormulas } from "./formula_notation.js" */
/** @import { Expression } from "./mathml.js" */

/** The distance of a point to the nearest center so far, as the rule measures it. */
const nearestDistance = (/** @type {Expression} */ index) => subscript(name("D"), index);
const sumOverAll = () => sumOver(L, message("math.sum_over_l"));

/**
 * The probability that point i is drawn, in the notation of the initializer.
 * @param {...Expression} event
 */
const drawFormula = (...event) =>
  formula(
    name("P"),
    bracketed(...event),
    equals(),
    fraction(nearestDistance(I), row(sumOverAll(), nearestDistance(L))),
  );

/** @type {(context: Context) => LegendEntry} */
const nearestDistanceLegend = ({ distance }) => [
  formula(nearestDistance(I)),
  message("math.legend_nearest_distance", { distance: distance.legend() }),
];

/** @type {Record<string, (context: Context) => [general: string, legend: LegendEntry[]]>} */
const INITIALISERS = {
  random: () => [
    formula(center(J), equals(), point(subscript(I, J))),
    [[formula(subscript(I, J)), message("math.legend_random_point")]],
  ],
  "k-means++": (context) => [
    drawFormula(center(J), equals(), point(I)),
    [[formula(name("P")), message("math.legend_probability")], nearestDistanceLegend(context)],
  ],
  "greedy-k-means++": (context) => [
    formula(
      center(J),
      equals(),
      operator("arg min", point(I), message("math.least_candidate")),
      sumOverAll(),
      name("min", message("math.smaller_of")),
      bracketed(nearestDistance(L), sign(",", message("math.and")), context.distance.symbolic(point(L), point(I))),
    ),
    [
      [drawFormula(point(I)), message("math.legend_candidate")],
      nearestDistanceLegend(context),
      [formula(name("arg min")), message("math.legend_least_candidate")],
    ],
  ],
  farthest: ({ distance }) => [
    formula(
      center(J),
      equals(),
      operator("arg max", point(I), message("math.largest_point")),
      operator("min", row(L, sign("&lt;", message("math.below")), J), message("math.least_center")),
      distance.symbolic(point(I), center(L)),
    ),
    [
      [formula(center(L)), message("math.legend_earlier_center")],
      [formula(name("arg max")), message("math.legend_largest_point")],
      [formula(distance.symbolic(name("a"), name("b"))), distance.legend()],
    ],
  ],
  partition: (context) => [
    CENTER_FORMULAS[context.run.rule.name](context.distance),
    [
      [formula(label(I)), message("math.legend_random_label")],
      legendOf(context).members,
      RULE_LEGENDS[context.run.rule.name](),
    ],
  ],
  given: () => [formula(center(J), equals(), name(message("math.where_it_was_put"))), []],
};

/**
 * @param {Context} context
 * @returns {StepFormulas}
 */
export function initFormulas(context) {
  const { run, step } = context;
  const [general, legend] = INITIALISERS[run.init](context);
  const { center: centers, point: points } = legendOf(context);
  return {
    general,
    intro: message("math.init_intro", { center: run.rule.center, k: run.k }),
    lines: Array.from({ length: run.k }, (_, cluster) => ({
      icon: swatch(run, cluster),
      formulas: [formula(center(clusterNumber(cluster)), approximately(), vector(coordinatesOf(run, step, cluster)))],
      note: "",
    })),
    cost: null,
    legend: [centers, points, ...legend],
  };
}
