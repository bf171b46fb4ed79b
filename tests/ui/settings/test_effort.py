"""The estimate of how long runs take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmeans_core import RULES
from ui.settings.effort import run_seconds
from ui.settings.links import decode
from ui.settings.record import POST


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_estimate_that_grows_with_points_clusters_and_runs(rule: str) -> None:
    settings = replace(POST, rule=rule)
    assert 0 < run_seconds(settings, 3072) < run_seconds(settings, 6144) == run_seconds(settings, 3072, runs=2)
    assert run_seconds(replace(settings, k=2), 3072) < run_seconds(settings, 3072)


def test_medoids_take_longest_and_means_least() -> None:
    mean, median, medoid = (run_seconds(replace(POST, rule=rule), 1000) for rule in ("mean", "median", "medoid"))
    assert mean < median < medoid


def test_more_features_take_longer() -> None:
    columns = "petal length (cm),petal width (cm),sepal length (cm),sepal width (cm)"
    assert run_seconds(decode({"data": "iris"})[0], 150) < run_seconds(
        decode({"data": "iris", "columns": columns})[0], 150
    )
