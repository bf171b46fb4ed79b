"""Each rule by hand, and what all of them have in common."""

from __future__ import annotations

from dataclasses import fields
from math import sqrt

import numpy as np
import pytest

from kmeans_core import RULES, Phase, RunConfig, Trace, run


def run_by_hand(backend: str, rule: str, points: list[list[float]], rows: list[list[float]]) -> Trace:
    start = tuple(tuple(center) for center in rows)
    return run(points, RunConfig(k=len(rows), rule=rule, init="given", given=start, backend=backend))


def test_every_rule_is_fully_described() -> None:
    assert list(RULES) == ["mean", "medoid", "median"]
    for name, rule in RULES.items():
        assert rule.name == name
        assert all(getattr(rule, field.name) for field in fields(rule))


def test_the_mean_rule_by_hand(backend: str) -> None:
    """Points 0 1 2 | 9 10 14: the centers go from 0, 2 to 0.5, 8.75 to 1, 11, and stay."""
    trace = run_by_hand(backend, "mean", [[0], [1], [2], [9], [10], [14]], [[0], [2]])
    records = [(step.phase, step.centers.ravel().tolist(), step.cost, step.reassigned) for step in trace]
    assert records == [
        (Phase.INIT, [0, 2], None, 0),
        # 1 is as near to 0 as to 2, and goes to the lower index.
        (Phase.ASSIGN, [0, 2], 0 + 1 + 0 + 49 + 64 + 144, 6),
        (Phase.REFINE, [0.5, 8.75], 0.25 + 0.25 + 6.75**2 + 0.25**2 + 1.25**2 + 5.25**2, 0),
        (Phase.ASSIGN, [0.5, 8.75], 0.25 + 0.25 + 2.25 + 0.25**2 + 1.25**2 + 5.25**2, 1),
        (Phase.REFINE, [1, 11], 1 + 0 + 1 + 4 + 1 + 9, 0),
        (Phase.ASSIGN, [1, 11], 16, 0),
    ]
    assert trace.labels.tolist() == [0, 0, 0, 1, 1, 1]


def test_the_medoid_rule_by_hand(backend: str) -> None:
    """The corner of a 3-4-5 triangle is nearest to the other two in sum: 3 + 4, against 3 + 5 and 4 + 5."""
    trace = run_by_hand(backend, "medoid", [[3, 0], [0, 0], [0, 4], [50, 0]], [[0, 4], [50, 1]])
    assert [step.centers.tolist() for step in trace] == [
        [[0, 4], [50, 1]],
        [[0, 4], [50, 1]],
        [[0, 0], [50, 0]],
        [[0, 0], [50, 0]],
    ]
    assert [step.cost for step in trace] == [None, 5 + 4 + 0 + 1, 7, 7]


def test_the_median_rule_by_hand(backend: str) -> None:
    """An odd count has a middle one; of an even count it is the mean of the two middle ones, by coordinate."""
    points = [[0, 0], [1, 9], [5, 1], [100, 100], [104, 106], [101, 101], [111, 100]]
    trace = run_by_hand(backend, "median", [[float(x), float(y)] for x, y in points], [[0, 0], [100, 100]])
    assert trace.centers.tolist() == [[1, 1], [102.5, 100.5]]
    assert [step.cost for step in trace] == [
        None,
        (0 + 10 + 6) + (0 + 10 + 2 + 11),
        (2 + 8 + 4) + (3 + 7 + 2 + 9),
        (2 + 8 + 4) + (3 + 7 + 2 + 9),
    ]


@pytest.mark.parametrize(
    ("rule", "label", "cost"), [("mean", 0, 3.0**2 + 3.0**2), ("medoid", 0, sqrt(18)), ("median", 1, 5.0)]
)
def test_each_rule_has_its_own_nearest_center(backend: str, rule: str, label: int, cost: float) -> None:
    """From the origin (3, 3) is nearer than (0, 5) as the crow flies, and farther by the streets."""
    trace = run(
        [[0.0, 0.0], [3.0, 3.0], [0.0, 5.0]],
        RunConfig(k=2, rule=rule, init="given", given=((3.0, 3.0), (0.0, 5.0)), backend=backend, max_iter=0),
    )
    assert trace.labels[0] == label
    assert trace.cost == cost


def test_another_rules_cost_may_rise() -> None:
    """Refining to a medoid raises the sum of squares here, and so does no harm to the rule's own cost."""
    points = np.array([[-1.0, 0.0], [0.0, 0.0], [0.1, 0.0], [10.0, 0.0]])
    trace = run(points, RunConfig(k=1, rule="medoid", init="given", given=((2.275, 0.0),), max_iter=1))
    before, after = trace[1], trace[2]

    def sum_of_squares(center: float) -> float:
        return float(((points[:, 0] - center) ** 2).sum())

    assert sum_of_squares(after.centers[0, 0]) > sum_of_squares(before.centers[0, 0])
    assert after.cost is not None
    assert before.cost is not None
    assert after.cost < before.cost
