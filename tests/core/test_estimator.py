"""The estimator: all of scikit-learn's own checks, and what it adds to them."""

from __future__ import annotations

import doctest
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans as ScikitKMeans
from sklearn.datasets import load_iris
from sklearn.metrics import pairwise_distances
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import kmeans_core
from kmeans_core import RULES, KMeans, RunConfig, estimator, make_dataset, run

CHECKED = [KMeans(n_clusters=3), KMeans(n_clusters=2, rule="medoid", init="k-means++", n_init=2)]


@parametrize_with_checks(CHECKED)  # type: ignore[untyped-decorator]
def test_scikit_learns_own_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def test_the_example_is_true() -> None:
    result = doctest.testmod(estimator)
    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize("rule", RULES)
def test_what_it_learns_is_what_the_trace_ends_with(rule: str) -> None:
    points, _ = make_dataset("blobs", seed=1)
    fitted = KMeans(4, rule=rule, random_state=3).fit(points)
    again = run(points, fitted.trace_.config)
    np.testing.assert_array_equal(fitted.labels_, again.labels)
    np.testing.assert_array_equal(fitted.cluster_centers_, again.centers)
    assert (fitted.inertia_, fitted.n_iter_) == (again.cost, again.iterations)
    np.testing.assert_array_equal(fitted.predict(points), fitted.labels_)
    assert fitted.score(points) == pytest.approx(-fitted.inertia_)


def test_from_the_same_centers_it_is_scikit_learns_answer() -> None:
    points, start = load_iris().data, load_iris().data[[3, 77, 140]]
    ours = KMeans(3, init=start).fit(points)
    theirs = ScikitKMeans(3, init=start, n_init=1, tol=0).fit(points)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_)
    np.testing.assert_allclose(ours.transform(points), theirs.transform(points))
    assert ours.inertia_ == pytest.approx(theirs.inertia_)


def test_the_best_of_several_starts_is_kept() -> None:
    points, _ = make_dataset("post", seed=0)
    seeds = np.random.RandomState(0)
    costs = [run(points, RunConfig(k=6, seed=int(seeds.randint(2**31 - 1)), max_iter=300)).cost for _ in range(10)]
    assert KMeans(6, n_init=10, random_state=0).fit(points).inertia_ == pytest.approx(min(costs), rel=1e-12)
    assert max(costs) > 1.01 * min(costs)


def test_distances_to_all_centers_are_the_rules() -> None:
    points, _ = make_dataset("blobs", seed=1, points=50)
    for rule, metric in (("mean", "euclidean"), ("medoid", "euclidean"), ("median", "manhattan")):
        fitted = KMeans(3, rule=rule, random_state=0).fit(points)
        np.testing.assert_allclose(
            fitted.transform(points), pairwise_distances(points, fitted.cluster_centers_, metric=metric), atol=1e-12
        )


def test_it_goes_into_a_pipeline_and_names_what_it_gives() -> None:
    iris = load_iris(as_frame=False)
    pipeline = make_pipeline(StandardScaler(), KMeans(3, random_state=0)).fit(iris.data)
    assert pipeline.get_feature_names_out().tolist() == ["kmeans0", "kmeans1", "kmeans2"]
    assert clone(pipeline).fit(iris.data)[-1].inertia_ == pipeline[-1].inertia_


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n_clusters": 0}, "k must be at least 1, got 0"),
        ({"n_init": 0}, "n_init must be a whole number of at least 1, got 0"),
        ({"rule": "mode"}, "rule must be one of mean, medoid, median, got 'mode'"),
        ({"init": "given"}, "go together"),
        ({"init": [[0.0, 0.0]]}, "given must hold k = 2 centers, got 1"),
        ({"n_clusters": 9}, "n_samples=5 should be >= n_clusters=9"),
    ],
)
def test_a_wrong_parameter_is_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KMeans(**({"n_clusters": 2} | wrong)).fit(np.eye(5, 2))


def test_without_scikit_learn_it_says_what_is_missing() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None; sys.modules['sklearn.base'] = None\n"
        "import kmeans_core\ntry:\n    kmeans_core.KMeans\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "kmeans_core.KMeans needs scikit-learn: pip install scikit-learn"


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'KMedoids'"):
        kmeans_core.KMedoids  # noqa: B018
