"""The textbook form, which the app shows, does what the production code does."""

from __future__ import annotations

import numpy as np
import pytest

from kmeans_core import RunConfig, make_dataset, run, textbook

FUNCTIONS = {"mean": textbook.k_means, "medoid": textbook.k_medoids, "median": textbook.k_medians}


@pytest.mark.parametrize("rule", FUNCTIONS)
@pytest.mark.parametrize("k", [1, 3, 7])
def test_the_textbook_form_has_the_labels_and_centers_of_a_run(rule: str, k: int) -> None:
    points, _ = make_dataset("post", points_per_blob=30)
    trace = run(points, RunConfig(k=k, rule=rule, init="random", max_iter=300))
    labels, centers = FUNCTIONS[rule](points, k, lambda _points, _k: trace[0].centers.copy())
    np.testing.assert_array_equal(labels, trace.labels)
    np.testing.assert_allclose(centers, trace.centers, rtol=1e-9, atol=1e-12)


def test_an_empty_cluster_keeps_its_center_as_in_a_run() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]])
    places = ((0.0, 0.0), (9.0, 0.0), (99.0, 0.0))
    trace = run(points, RunConfig(k=3, init="given", given=places, empty="keep"))
    labels, centers = textbook.k_means(points, 3, lambda _points, _k: np.array(places))
    np.testing.assert_array_equal(labels, trace.labels)
    np.testing.assert_array_equal(centers, trace.centers)
