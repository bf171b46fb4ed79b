"""Where the first centers come from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ks_2samp
from sklearn.cluster import KMeans, kmeans_plusplus

from kmeans_core import INITIALISERS, RULES, RunConfig, iterate, make_dataset, run_many
from kmeans_core.engines import get_backend
from kmeans_core.seeding import Seeding
from tests import oracles
from tests.oracles import Floats

RANDOM_INITIALISERS = [name for name in INITIALISERS if name != "given"]
RANDOM = {"random", "k-means++", "greedy-k-means++", "farthest", "partition"}
PLUS_PLUS = ["k-means++", "greedy-k-means++"]
SPREAD = ["k-means++", "greedy-k-means++", "farthest"]


def place(points: Floats, k: int, init: str, *, rule: str = "mean", seed: int = 0, backend: str = "numpy") -> Floats:
    step = next(iterate(points, RunConfig(k=k, init=init, rule=rule, seed=seed, backend=backend)))
    assert step.labels is None
    assert step.cost is None
    return step.centers


def rows_of(points: Floats, centers: Floats) -> NDArray[np.bool_]:
    """Return (k, n): which points each center is."""
    is_equal: NDArray[np.bool_] = (centers[:, None] == points).all(axis=2)
    return is_equal


@pytest.fixture(scope="module")
def post() -> Floats:
    return make_dataset("post", seed=0)[0]


def test_every_initializer_is_described() -> None:
    assert {*RANDOM, "given"} <= set(INITIALISERS)
    for name, initializer in INITIALISERS.items():
        assert initializer.name == name
        assert initializer.title
        assert initializer.summary.endswith(".")


@pytest.mark.parametrize("init", RANDOM_INITIALISERS)
@pytest.mark.parametrize("rule", RULES)
def test_the_seed_decides(post: Floats, init: str, rule: str) -> None:
    first = place(post, 6, init, rule=rule, seed=3)
    np.testing.assert_array_equal(first, place(post, 6, init, rule=rule, seed=3))
    if init in RANDOM:
        assert not np.array_equal(first, place(post, 6, init, rule=rule, seed=4))


@pytest.mark.parametrize("init", RANDOM_INITIALISERS)
@pytest.mark.parametrize("rule", RULES)
def test_the_start_is_the_same_on_every_backend(post: Floats, init: str, rule: str, backend: str) -> None:
    expected = place(post, 6, init, rule=rule)
    np.testing.assert_allclose(place(post, 6, init, rule=rule, backend=backend), expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("init", RANDOM_INITIALISERS)
@pytest.mark.parametrize("k", [1, 2, 19, 20])
def test_starts_that_draw_points_draw_different_ones(init: str, k: int) -> None:
    points = np.random.default_rng(0).normal(size=(20, 3))
    centers = place(points, k, init)
    assert centers.shape == (k, 3)
    if INITIALISERS[init].draws_points:
        assert rows_of(points, centers).any(axis=0).sum() == k


@pytest.mark.parametrize("init", RANDOM_INITIALISERS)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("k", [1, 3, 7])
def test_points_that_are_all_equal_are_no_obstacle(init: str, rule: str, k: int) -> None:
    points = np.full((7, 2), 0.1)
    np.testing.assert_allclose(place(points, k, init, rule=rule), points[:k], rtol=1e-15)


@pytest.mark.parametrize("init", SPREAD)
def test_spread_starts_take_every_place_before_they_take_one_twice(init: str) -> None:
    points = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 5.0]], 4, axis=0)
    for seed in range(20):
        centers = place(points, 5, init, seed=seed)
        assert len(np.unique(centers[:3], axis=0)) == 3


@pytest.mark.parametrize("init", RANDOM_INITIALISERS)
def test_as_many_centers_as_points_are_the_points_however_often_they_repeat(init: str) -> None:
    points = np.array([[0.0], [0.0], [0.0], [2.0], [7.0], [7.0]])
    for seed in range(10):
        assert sorted(place(points, 6, init, seed=seed).ravel()) == [0, 0, 0, 2, 7, 7]


def test_the_random_start_is_the_posts(post: Floats) -> None:
    """The generator's choice of k indices, none twice."""
    indices = np.random.default_rng(8).choice(len(post), size=6, replace=False)
    np.testing.assert_array_equal(place(post, 6, "random", seed=8), post[indices])


def test_random_points_are_all_equally_likely() -> None:
    points = np.arange(5.0)[:, None]
    draws = np.concatenate([place(points, 2, "random", seed=seed).ravel() for seed in range(1000)])
    assert np.bincount(draws.astype(int)) == pytest.approx([400] * 5, rel=0.15)


@pytest.mark.parametrize(("rule", "weights"), [("mean", [9 + 16, 36]), ("medoid", [5, 6]), ("median", [3 + 4, 6])])
def test_k_means_plus_plus_weighs_by_the_rules_own_cost(rule: str, weights: list[float]) -> None:
    """Two points to choose from, once the one at the origin is taken: (3, 4) and (0, 6)."""
    points = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 6.0]])
    starts = [place(points, 2, "k-means++", rule=rule, seed=seed) for seed in range(3000)]
    second = [start[1, 0] == 3 for start in starts if not start[0].any()]
    assert np.mean(second) == pytest.approx(weights[0] / sum(weights), abs=0.035)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("k", [2, 7, 21])
def test_the_greedy_start_keeps_the_best_of_the_points_it_draws(rule: str, k: int) -> None:
    """2 + floor(ln k) draws for each center, by the odds of k-means++; the least cost of all points decides."""
    points = np.random.default_rng(5).normal(size=(60, 2))
    for seed in range(5):
        rng = np.random.default_rng(seed)
        indices = [int(rng.integers(60))]
        for _ in range(k - 1):
            nearest = oracles.all_distances(points, points[indices], RULES[rule].distance).min(axis=1)
            candidates = rng.choice(60, size=2 + math.floor(math.log(k)), p=nearest / nearest.sum())
            costs = [
                oracles.all_distances(points, points[[*indices, candidate]], RULES[rule].distance).min(axis=1).sum()
                for candidate in candidates
            ]
            indices.append(int(candidates[np.argmin(costs)]))
        np.testing.assert_array_equal(place(points, k, "greedy-k-means++", rule=rule, seed=seed), points[indices])


@pytest.mark.parametrize(("dataset", "k"), [("post", 6), ("uniform", 12)])
def test_the_greedy_start_is_as_good_as_scikit_learns(dataset: str, k: int) -> None:
    """Costs of 200 starts, and of the runs from them, drawn from the same distribution; the plain start's is another.

    A two-sample Kolmogorov-Smirnov test: with these seeds, the p-values lie far from both bounds.
    """
    points = make_dataset(dataset, seed=0)[0]
    seeds = range(200)

    def costs_of(starts: list[Floats]) -> list[float]:
        return [oracles.all_distances(points, start, "sqeuclidean").min(axis=1).sum() for start in starts]

    outcomes_by_init = {
        init: run_many(points, [RunConfig(k=k, init=init, seed=seed) for seed in seeds]) for init in PLUS_PLUS
    }
    scikit = [kmeans_plusplus(points, k, random_state=seed)[0] for seed in seeds]
    ends = [KMeans(k, n_init=1, tol=0, random_state=seed, algorithm="lloyd").fit(points).inertia_ for seed in seeds]
    starts = {init: costs_of([outcome.start for outcome in outcomes]) for init, outcomes in outcomes_by_init.items()}
    assert ks_2samp(starts["greedy-k-means++"], costs_of(scikit)).pvalue > 0.05
    # Equal ends must be equal numbers.
    costs_by_init, expected = (
        np.round(costs, 3) for costs in ([end.cost for end in outcomes_by_init["greedy-k-means++"]], ends)
    )
    assert ks_2samp(costs_by_init, expected).pvalue > 0.05
    assert ks_2samp(starts["k-means++"], starts["greedy-k-means++"]).pvalue < 1e-6
    assert np.mean(starts["greedy-k-means++"]) < 0.9 * np.mean(starts["k-means++"])


@pytest.mark.parametrize("rule", RULES)
def test_farthest_takes_the_farthest_and_the_lowest_index_of_several(rule: str) -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 5.0], [0.0, -5.0], [5.0, 0.0], [0.0, 4.0]])
    for seed in range(10):
        centers = place(points, 4, "farthest", rule=rule, seed=seed)
        for count in range(1, 4):
            nearest = oracles.all_distances(points, centers[:count], RULES[rule].distance).min(axis=1)
            np.testing.assert_array_equal(centers[count], points[nearest.argmax()])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(5))
def test_a_partition_leaves_no_cluster_empty(rule: str, seed: int) -> None:
    """With k = n each cluster is one point, so every point is a center."""
    points = np.random.default_rng(1).normal(size=(9, 2))
    assert rows_of(points, place(points, 9, "partition", rule=rule, seed=seed)).any(axis=0).all()


def test_a_partition_puts_the_means_near_the_middle(post: Floats) -> None:
    centers = place(post, 3, "partition")
    assert np.abs(centers - post.mean(axis=0)).max() < 0.1 * post.std(axis=0).min() * 6


def test_a_partition_refines_by_the_rule(post: Floats) -> None:
    assert rows_of(post, place(post, 6, "partition", rule="medoid")).any(axis=1).all()
    assert not rows_of(post, place(post, 6, "partition", rule="mean")).any()


def test_given_centers_are_taken_as_they_are(post: Floats, backend: str) -> None:
    centers = ((0.5, 1.0), (-3.0, 7.0))
    step = next(iterate(post, RunConfig(k=2, init="given", given=centers, backend=backend)))
    assert step.centers.tolist() == [list(center) for center in centers]


@pytest.mark.parametrize("init", INITIALISERS)
def test_points_are_not_handed_out_by_reference(init: str) -> None:
    """A start's centers are a copy, or freezing them would freeze the caller's points."""
    points = np.random.default_rng(0).normal(size=(5, 1))
    start = ((0.0,), (1.0,)) if init == "given" else None
    rule = RULES["mean"]
    engine = get_backend("numpy")(points, rule)
    centers = INITIALISERS[init].place(Seeding(points, 2, np.random.default_rng(0), rule, engine, start))
    assert not np.shares_memory(centers, points)
    assert centers.dtype == np.float64
