"""The cost of any labels and centers, by any rule."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as np
import pytest

from kmeans_core import EMPTY_POLICIES, RULES, RunConfig, cost_of, make_dataset, metrics, run

POINTS = np.array([[0.0, 0.0], [3.0, 4.0], [10.0, 0.0], [10.0, 2.0]])
LABELS = np.array([0, 0, 1, 1])
CENTERS = np.array([[0.0, 0.0], [10.0, 1.0]])


def test_the_docstring_is_true() -> None:
    result = doctest.testmod(metrics)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(("rule", "cost"), [("mean", 25.0 + 2.0), ("medoid", 5.0 + 2.0), ("median", 7.0 + 2.0)])
def test_by_hand(rule: str, cost: float) -> None:
    assert cost_of(POINTS, LABELS, CENTERS, rule=rule) == cost
    assert cost_of(POINTS.tolist(), LABELS.tolist(), CENTERS.tolist(), rule=rule) == cost


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
@pytest.mark.parametrize("rule", RULES)
def test_for_the_runs_own_rule_it_is_the_trace_s_cost(backend: str, rule: str, empty: str) -> None:
    points, _ = make_dataset("post", points_per_blob=60)
    trace = run(points, RunConfig(k=12, rule=rule, seed=3, backend=backend, empty=empty))
    for step in trace[1:]:
        assert step.labels is not None
        told = cost_of(points, step.labels, step.centers, rule=rule)
        # NumPy adds in the same order; another library need not.
        assert told == step.cost if backend == "numpy" else told == pytest.approx(step.cost, rel=1e-12)


def test_an_empty_cluster_adds_nothing_wherever_its_center_is() -> None:
    lonely = np.vstack([CENTERS, [[1e9, 1e9]]])
    assert cost_of(POINTS, LABELS, lonely) == cost_of(POINTS, LABELS, CENTERS)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"rule": "mode"}, "rule must be one of mean, medoid, median, got 'mode'"),
        ({"labels": [0, 0, 1]}, r"labels must be 4 whole numbers, got shape \(3,\)"),
        ({"labels": [0.0, 0.0, 1.0, 1.0]}, "labels must be 4 whole numbers, .* float64"),
        ({"labels": [0, 0, 1, 2]}, r"labels must be in 0\.\.1, got 0\.\.2"),
        ({"labels": [-1, 0, 1, 1]}, r"labels must be in 0\.\.1, got -1\.\.1"),
        ({"centers": [[0.0], [1.0]]}, r"centers must have shape \(k, 2\), as the points do, got \(2, 1\)"),
        ({"points": [[np.nan, 0.0]] * 4}, "points must be"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed: dict[str, Any], told: str) -> None:
    given: dict[str, Any] = {"points": POINTS, "labels": LABELS, "centers": CENTERS} | changed
    with pytest.raises(ValueError, match=told):
        cost_of(**given)
