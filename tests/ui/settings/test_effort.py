"""The estimate of how long runs take."""

from __future__ import annotations

import pytest

from kmeans_core import RULES
from ui.settings.effort import run_seconds


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_estimate_that_grows_with_points_and_runs(rule: str) -> None:
    assert 0 < run_seconds(3072, rule) < run_seconds(6144, rule) == run_seconds(3072, rule, runs=2)


def test_medoids_take_longest_and_means_least() -> None:
    assert run_seconds(1000, "mean") < run_seconds(1000, "median") < run_seconds(1000, "medoid")
