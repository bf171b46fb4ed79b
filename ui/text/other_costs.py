"""What the half-steps of a run cost by the rules that it does not follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Phase, Trace
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.rules import Rule
from kmeans_core.types import Centers, Labels, Points
from ui.text.formula_examples import short
from ui.text.messages import message


def other_costs(points: Points, trace: Trace) -> list[dict[str, Any]]:
    """Return what each of the other rules would pay at every half-step, and in a sentence when and why that rose.

    ``cost`` is None at the start; ``rises`` lists the half-steps that raised it.
    """
    own = RULES[trace.config.rule]
    others = [rule for rule in RULES.values() if rule is not own]
    told = []
    for rule, costs in zip(others, _costs_by(points, trace, others), strict=True):
        rises = _rises(costs)
        told.append(
            {
                "rule": rule.name,
                "name": rule.cost_words,
                "cost": [None if cost is None else short(cost) for cost in costs],
                "rises": rises,
                "sentence": _rise_sentence([trace[index].phase for index in rises], len(trace) - 2, own),
            }
        )
    return told


def _costs_by(points: Points, trace: Trace, rules: Sequence[Rule]) -> list[list[float | None]]:
    """Return, for each rule, the cost of every half-step; None at the start."""
    columns = columns_of(points)
    found: list[NDArray[np.float64] | None] = []
    for index, step in enumerate(trace):
        before = trace[index - 1] if index else step
        if step.labels is None:
            found.append(None)
        elif step.phase is Phase.ASSIGN and before.labels is not None and 4 * step.reassigned < len(points):
            # The centers stand still, so that only what the few pay who changed is another sum.
            changed = np.flatnonzero(step.labels != before.labels)
            few = columns.take(changed, axis=1)
            old, new = (_paid(few, labels[changed], step.centers, rules) for labels in (before.labels, step.labels))
            paid = found[-1]
            assert paid is not None
            found.append(paid + (new - old))
        else:
            found.append(_paid(columns, step.labels, step.centers, rules))
    return [[None if paid is None else float(paid[at]) for paid in found] for at in range(len(rules))]


def _paid(columns: NDArray[np.float64], labels: Labels, centers: Centers, rules: Sequence[Rule]) -> NDArray[np.float64]:
    """Return the cost of these labels by each rule, ``(r,) float64``, of points as ``(d, m)`` columns."""
    paid = np.zeros(len(rules))
    for start in range(0, columns.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        own = centers.T.take(labels[block], axis=1)
        paid += [distances_to(columns[:, block], own, rule.distance).sum() for rule in rules]
    return paid


def _rises(costs: list[float | None]) -> list[int]:
    """Return the half-steps after which the cost is higher than before, by more than rounding."""
    return [
        index
        for index in range(1, len(costs))
        if (before := costs[index - 1]) is not None
        and (after := costs[index]) is not None
        and after > before * (1 + 1e-12)
    ]


def _rise_sentence(phases: list[Phase], steps: int, own: Rule) -> str:
    """Say how many of the half-steps raised the cost, and why they may."""
    center, cost_name = own.center_word, own.cost_words
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
