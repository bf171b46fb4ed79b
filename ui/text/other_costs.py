"""The costs of a run's half-steps by the other rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Phase, Trace
from kmeans_core.arrays import Centers, Labels, Points
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.rules import Rule
from ui.text.formula_examples import short
from ui.text.messages import message


def other_costs(points: Points, trace: Trace) -> list[dict[str, Any]]:
    """Return, for each other rule, its cost at every half-step and a sentence on how often and why that rose.

    ``cost`` is None where points have no labels; ``rises`` lists the half-steps that raised it.
    """
    run_rule = RULES[trace.config.rule]
    other_rules = [rule for rule in RULES.values() if rule is not run_rule]
    result = []
    for rule, costs in zip(other_rules, _costs_by(points, trace, other_rules), strict=True):
        rises = _rises(costs)
        result.append(
            {
                "rule": rule.name,
                "name": rule.cost_words,
                "cost": [None if cost is None else short(cost) for cost in costs],
                "rises": rises,
                "sentence": _rise_sentence([trace[index].phase for index in rises], len(trace) - 2, run_rule),
            }
        )
    return result


def _costs_by(points: Points, trace: Trace, rules: Sequence[Rule]) -> list[list[float | None]]:
    """Return, for each rule, the cost of every half-step; None where points have no labels."""
    columns = columns_of(points)
    totals: list[NDArray[np.float64] | None] = []
    for index, step in enumerate(trace):
        before = trace[index - 1] if index else step
        if step.labels is None:
            totals.append(None)
        elif step.phase is Phase.ASSIGN and before.labels is not None and 4 * step.reassigned < len(points):
            # The centers have not moved, so only the distances of the few points that switched cluster change the sum.
            reassigned = np.flatnonzero(step.labels != before.labels)
            few = columns.take(reassigned, axis=1)
            old, new = (_costs(few, labels[reassigned], step.centers, rules) for labels in (before.labels, step.labels))
            total = totals[-1]
            assert total is not None
            totals.append(total + (new - old))
        else:
            totals.append(_costs(columns, step.labels, step.centers, rules))
    return [[None if total is None else float(total[at]) for total in totals] for at in range(len(rules))]


def _costs(
    columns: NDArray[np.float64], labels: Labels, centers: Centers, rules: Sequence[Rule]
) -> NDArray[np.float64]:
    """Return the cost of these labels by each rule, ``(r,) float64``, of points as ``(d, m)`` columns."""
    costs = np.zeros(len(rules))
    for start in range(0, columns.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        point_centers = centers.T.take(labels[block], axis=1)
        costs += [distances_to(columns[:, block], point_centers, rule.distance).sum() for rule in rules]
    return costs


def _rises(costs: list[float | None]) -> list[int]:
    """Return the half-steps after which the cost is higher than before, by more than rounding."""
    return [
        index
        for index in range(1, len(costs))
        if (before := costs[index - 1]) is not None
        and (after := costs[index]) is not None
        and after > before * (1 + 1e-12)
    ]


def _rise_sentence(phases: list[Phase], steps: int, rule: Rule) -> str:
    """Say how many of the half-steps raised the cost, and why they may."""
    center, cost_name = rule.center_word, rule.cost_words
    if not phases:
        return message("explanation.other_cost_fell", center=center, cost_name=cost_name)
    return message(
        "explanation.other_cost_rose",
        rises=len(phases),
        steps=steps,
        phases=phases[0].value if len(set(phases)) == 1 else "both",
        assigns=phases.count(Phase.ASSIGN),
        refines=phases.count(Phase.REFINE),
        center=center,
        cost_name=cost_name,
    )
