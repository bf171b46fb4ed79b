"""What judges a clustering, whatever found it."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kmeans_core import (
    EMPTY_POLICIES,
    RULES,
    RunConfig,
    adjusted_rand_index,
    cost_of,
    gap_statistic,
    make_dataset,
    match_clusters,
    metrics,
    run,
    silhouette,
)
from tests.core.test_memory import at_most

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
    trace = run(points, RunConfig(k=12, init="random", rule=rule, seed=3, backend=backend, empty=empty))
    for step in trace[1:]:
        assert step.labels is not None
        cost = cost_of(points, step.labels, step.centers, rule=rule)
        # NumPy adds in the same order; another library need not.
        assert cost == step.cost if backend == "numpy" else cost == pytest.approx(step.cost, rel=1e-12)


def test_an_empty_cluster_adds_nothing_wherever_its_center_is() -> None:
    lonely = np.vstack([CENTERS, [[1e9, 1e9]]])
    assert cost_of(POINTS, LABELS, lonely) == cost_of(POINTS, LABELS, CENTERS)


@pytest.mark.parametrize(
    ("changes", "problem"),
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
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, Any], problem: str) -> None:
    arguments: dict[str, Any] = {"points": POINTS, "labels": LABELS, "centers": CENTERS} | changes
    with pytest.raises(ValueError, match=problem):
        cost_of(**arguments)


# --- how good is a clustering


def clustering(seed: int, n: int, k: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 3)) * 10.0 ** rng.integers(-3, 4), rng.integers(k, size=n)


@pytest.mark.parametrize("distance", ["euclidean", "sqeuclidean", "cityblock"])
@pytest.mark.parametrize(("seed", "n", "k"), [(0, 40, 2), (1, 700, 5), (2, 30, 25)])
def test_silhouettes_are_scikit_learns(seed: int, n: int, k: int, distance: Any) -> None:
    points, labels = clustering(seed, n, k)
    expected = sklearn.metrics.silhouette_samples(points, labels, metric=distance)
    np.testing.assert_allclose(silhouette(points, labels, distance=distance), expected, atol=1e-12)


def test_silhouettes_by_hand() -> None:
    # From 0: 1 to its own, 10.5 to the others. The last point is alone.
    silhouettes = silhouette([[0.0], [1.0], [10.0], [11.0], [100.0]], [0, 0, 1, 1, 2])
    np.testing.assert_allclose(silhouettes, [9.5 / 10.5, 8.5 / 9.5, 8.5 / 9.5, 9.5 / 10.5, 0.0])
    # Labels may leave numbers out, and equal points have no nearer cluster.
    np.testing.assert_array_equal(silhouette(np.zeros((4, 2)), [1, 1, 7, 7]), 0.0)


def test_silhouettes_need_two_clusters() -> None:
    with pytest.raises(ValueError, match="at least two clusters"):
        silhouette(POINTS, [3, 3, 3, 3])
    with pytest.raises(ValueError, match="distance must be one of"):
        silhouette(POINTS, LABELS, distance="cosine")  # type: ignore[arg-type]


@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 8), st.integers(1, 8))
def test_the_adjusted_rand_index_is_scikit_learns(seed: int, n: int, k: int, second_k: int) -> None:
    rng = np.random.default_rng(seed)
    labels, second_labels = rng.integers(k, size=n), rng.integers(second_k, size=n)
    expected = sklearn.metrics.adjusted_rand_score(labels, second_labels)
    assert adjusted_rand_index(labels, second_labels) == pytest.approx(expected, abs=1e-12)


@given(st.data(), st.integers(1, 30))
def test_the_adjusted_rand_index_is_the_nearest_float_to_its_formula(data: st.DataObject, n: int) -> None:
    """Hubert and Arabie's formula over all pairs of points, in fractions."""
    names = st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 3), min_size=n, max_size=n)
    labels, second_labels = data.draw(names), data.draw(names)
    pairs = list(combinations(range(n), 2))
    first_pairs, second_pairs = ([every[i] == every[j] for i, j in pairs] for every in (labels, second_labels))
    shared = sum(in_first and in_second for in_first, in_second in zip(first_pairs, second_pairs, strict=True))
    expected = Fraction(sum(first_pairs) * sum(second_pairs), len(pairs) or 1)
    maximum = Fraction(sum(first_pairs) + sum(second_pairs), 2)
    index = (shared - expected) / (maximum - expected) if maximum != expected else 1
    assert adjusted_rand_index(labels, second_labels) == float(index)


def test_the_adjusted_rand_index_of_many_clusters_needs_no_table_of_them() -> None:
    """20 000 clusters by 20 000: a cell for each two of them takes 3.2 GB, the pairs that share points one each."""
    rng = np.random.default_rng(0)
    labels, second_labels = rng.permutation(20_000), np.arange(20_000) // 2
    with at_most(5):
        assert adjusted_rand_index(labels, labels[::-1]) == 1.0
        index = adjusted_rand_index(second_labels, rng.permutation(second_labels))
    assert abs(index) < 0.01
    assert adjusted_rand_index(labels, second_labels) == 0.0
    assert adjusted_rand_index(labels, second_labels) == sklearn.metrics.adjusted_rand_score(labels, second_labels)


def test_the_adjusted_rand_index_of_many_points_does_not_overflow() -> None:
    labels = np.arange(200_000) % 2
    assert adjusted_rand_index(labels, 1 - labels) == 1
    assert abs(adjusted_rand_index(labels, labels[::-1] * (labels > 1))) < 1e-9


@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 7))
def test_matched_clusters_agree_as_far_as_they_can(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    labels, second_labels = rng.integers(k, size=n), rng.integers(k, size=n)
    names = match_clusters(labels, second_labels, k=k)
    assert sorted(names) == list(range(k))
    best = max((np.array(perm)[labels] == second_labels).sum() for perm in permutations(range(k)))
    assert (names[labels] == second_labels).sum() == best


def test_matching_gives_a_renamed_clustering_its_names_back() -> None:
    rng = np.random.default_rng(0)
    reference = np.concatenate([np.arange(12), rng.integers(12, size=300)])
    names = rng.permutation(12)
    matches = match_clusters(np.argsort(names)[reference], reference, k=12)
    np.testing.assert_array_equal(matches, names)


def test_the_gap_by_hand() -> None:
    gap, error = gap_statistic([np.e, 1.0], [[np.e**2, np.e], [np.e**4, np.e**3]])
    np.testing.assert_allclose(gap, [3 - 1, 2 - 0])
    np.testing.assert_allclose(error, [np.sqrt(1.5), np.sqrt(1.5)])


def test_the_gap_finds_three_blobs_and_nothing_in_uniform_points() -> None:
    blobs, _ = make_dataset("blobs", blobs=3, points=300, separation=8)
    flat, _ = make_dataset("uniform", points=300)
    assert first_good_k(blobs) == 3
    assert first_good_k(flat) == 1


def first_good_k(points: NDArray[np.float64]) -> int:
    """The authors' choice among 1 .. 5."""
    rng = np.random.default_rng(0)

    def costs(sample: NDArray[np.float64]) -> list[float]:
        return [
            min(run(sample, RunConfig(k=k, init="k-means++", seed=seed, max_iter=50)).cost for seed in range(5))
            for k in range(1, 6)
        ]

    reference = [costs(rng.uniform(points.min(axis=0), points.max(axis=0), points.shape)) for _ in range(8)]
    gap, error = gap_statistic(costs(points), reference)
    return int(np.argmax(gap[:-1] >= gap[1:] - error[1:])) + 1


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: adjusted_rand_index([0, 1], [0]), "other_labels must be 2 whole numbers"),
        (lambda: adjusted_rand_index([0.5], [0]), "labels must be whole numbers"),
        (lambda: adjusted_rand_index([], []), "labels must be whole numbers"),
        (lambda: adjusted_rand_index([-1], [0]), r"labels must be 0 or more, got -1\.\.-1"),
        (lambda: match_clusters([0, 3], [0, 1], k=3), r"labels must be in 0\.\.2, got 0\.\.3"),
        (lambda: match_clusters([0], [0], k=17), r"k must be in 1\.\.16, got 17"),
        (lambda: gap_statistic([1.0], [[1.0, 2.0]]), "shape"),
        (lambda: gap_statistic([np.nan], [[1.0]]), "costs must be finite"),
        (lambda: gap_statistic([1.0], [[-1.0]]), "reference must be finite and not negative"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_a_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
