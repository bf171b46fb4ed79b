"""The fast way finds what the plain way finds: every label, every center to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kmeans_core import DATASETS, EMPTY_POLICIES, INITIALISERS, RULES, RunConfig, Trace, make_dataset, run
from kmeans_core.engines import numpy as numpy_engine
from kmeans_core.engines.nearest import NearestSearch
from kmeans_core.engines.numpy import FAST_FROM, NumpyEngine, engine
from kmeans_core.engines.pruned import MeanRuns, PrunedEngine
from kmeans_core.validation import validate_points
from tests.core.test_kmeans import config_of
from tests.oracles import Floats

DIMENSIONS = (1, 2, 3, 5, 16, 64)


def run_twice(points: Floats, config: RunConfig) -> tuple[Trace, Trace]:
    """Return the run by the fast engine and by the plain one, whatever the number of points."""
    traces = []
    for fast_from in (0, len(points) + 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numpy_engine, "FAST_FROM", fast_from)
            traces.append(run(points, config))
    return traces[0], traces[1]


def assert_same(points: Floats, config: RunConfig) -> None:
    assert_same_steps(*run_twice(points, config))


def assert_same_steps(fast: Trace, plain: Trace) -> None:
    """Fail unless both traces are the same, costs apart, of which the last digits may differ."""
    assert len(fast) == len(plain)
    assert fast.stop_reason == plain.stop_reason
    for actual, expected in zip(fast, plain, strict=True):
        np.testing.assert_array_equal(actual.centers, expected.centers)
        assert (actual.phase, actual.iteration, actual.reassigned) == (
            expected.phase,
            expected.iteration,
            expected.reassigned,
        )
        assert actual.relocated == expected.relocated
        if expected.labels is None or expected.cost is None:
            assert actual.labels is None
            assert actual.cost is None
            continue
        np.testing.assert_array_equal(actual.labels, expected.labels)
        assert actual.labels is not None
        assert actual.labels.dtype == expected.labels.dtype
        assert actual.cost == pytest.approx(expected.cost, rel=1e-10, abs=1e-317)


KINDS = ("normal", "lattice", "decimals", "duplicates", "collinear", "outlier", "equal")
SCALES = (1.0, 1e-160, 1e-30, 1e30, 1e140)


def awkward_points(kind: str, n: int, d: int, seed: int) -> Floats:
    """Return points that are hard to tell apart."""
    rng = np.random.default_rng(seed)
    n_distinct = 1 + n // 4
    return {
        "normal": rng.normal(size=(n, d)),
        "lattice": rng.integers(-2, 3, size=(n, d)).astype(np.float64),
        "decimals": rng.integers(-9, 10, size=(n, d)) / 10,
        "duplicates": rng.normal(size=(n_distinct, d))[rng.integers(n_distinct, size=n)],
        "collinear": np.outer(rng.integers(-5, 6, size=n), rng.normal(size=d)),
        "outlier": np.concatenate([rng.normal(size=(n - 1, d)), np.full((1, d), 1e7)]),
        "equal": np.repeat(rng.normal(size=(1, d)), n, axis=0),
    }[kind]


@st.composite
def awkward(draw: st.DrawFn) -> tuple[Floats, RunConfig]:
    """Draw points that are hard to tell apart, and a run on them."""
    n, d, seed = draw(st.integers(1, 60)), draw(st.sampled_from(DIMENSIONS)), draw(st.integers(0, 2**32 - 1))
    points = awkward_points(draw(st.sampled_from(KINDS)), n, d, seed)
    points = points * draw(st.sampled_from(SCALES)) + draw(st.sampled_from([0.0, 0.1, 1e9]))
    k = draw(st.one_of(st.integers(1, min(n, 9)), st.just(n)))
    choice = draw(st.sampled_from(list(INITIALISERS))), draw(st.sampled_from(list(EMPTY_POLICIES)))
    return points, config_of(points, k, "mean", *choice, seed=draw(st.integers(0, 99)), max_iter=8)


@settings(max_examples=200)
@given(awkward())
@example((np.zeros((1, 1)), RunConfig(k=1, init="random")))
@example((np.array([[5e-324], [0.0], [-5e-324]]), RunConfig(k=2, init="random")))
def test_every_half_step_is_the_plain_one(case: tuple[Floats, RunConfig]) -> None:
    assert_same(*case)


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("k", [1, 6, 30])
def test_every_dataset_gives_the_plain_run(name: str, k: int) -> None:
    points, _ = make_dataset(name, seed=3)
    assert_same(points, RunConfig(k=k, init="random", seed=5, max_iter=40))


@pytest.mark.parametrize("d", DIMENSIONS)
def test_many_points_in_many_blocks_give_the_plain_run(d: int) -> None:
    rng = np.random.default_rng(d)
    points = rng.normal(size=(40_000, d)).round(1)
    assert_same(points, RunConfig(k=26, init="random", seed=1, max_iter=4))


def test_more_clusters_than_a_byte_counts() -> None:
    assert_same(np.random.default_rng(0).normal(size=(3_000, 2)), RunConfig(k=300, init="random", max_iter=5))


def test_centers_beyond_all_bounds_leave_the_labels_right() -> None:
    points = np.random.default_rng(0).normal(size=(500, 2))
    far = ((1e150, 0.0), (0.0, 0.0), (1e30, 1.0), (-1e12, 5.0), (0.5, 0.5))
    assert_same(points, RunConfig(k=5, init="given", given=far))


def test_double_precision_serves_where_single_is_in_doubt() -> None:
    """An outlier makes the others nearly equal in single precision."""
    points = np.concatenate([np.random.default_rng(0).normal(size=(2_000, 2)), [[1e6, 1e6]]])
    config = RunConfig(k=3, init="random", seed=2)
    assert_same(points, config)
    search = NearestSearch(points)
    search.nearest(points[None, :3])
    assert search.precision == np.float64


def test_runs_in_step_are_the_single_runs() -> None:
    points, _ = make_dataset("post", seed=0)
    traces = [run(points, RunConfig(k=6, init="random", seed=seed)) for seed in range(7)]
    runs, centers = MeanRuns(points), np.stack([trace[0].centers for trace in traces])
    for index in range(1, min(map(len, traces)), 2):
        labels = runs.assign(centers)
        np.testing.assert_array_equal(labels, [trace[index].labels for trace in traces])
        assert runs.reassigned.tolist() == [trace[index].reassigned for trace in traces]
        for number, trace in enumerate(traces):
            assert runs.cost(number, centers[number]) == pytest.approx(trace[index].cost, rel=1e-12)
        means, counts = runs.means()
        centers = np.where(counts[:, :, None] > 0, means, centers)
        if index + 1 < min(map(len, traces)):
            np.testing.assert_array_equal(centers, [trace[index + 1].centers for trace in traces])


def test_size_and_rule_decide_which_engine_serves() -> None:
    points = np.zeros((FAST_FROM, 2))
    assert isinstance(engine(points, RULES["mean"]), PrunedEngine)
    assert isinstance(engine(points[:-1], RULES["mean"]), NumpyEngine)
    assert isinstance(engine(points, RULES["medoid"]), NumpyEngine)


def test_labels_of_others_are_summed_again() -> None:
    """The engine keeps what belongs to its own labels, and must not take others for them."""
    rng = np.random.default_rng(0)
    points = validate_points(rng.normal(size=(1_500, 3)))
    fast, plain = PrunedEngine(MeanRuns(points)), NumpyEngine(points, RULES["mean"])
    fast.assign(points[:4])
    for k in (4, 4, 5):
        labels = rng.integers(k, size=len(points)).astype(np.uint8)
        assert fast.cost(labels, points[:k]) == pytest.approx(plain.cost(labels, points[:k]), rel=1e-12)
        for actual, expected in zip(fast.refine(labels, k), plain.refine(labels, k), strict=True):
            np.testing.assert_array_equal(actual, expected)
        assert fast.cost(labels, points[:k]) == pytest.approx(plain.cost(labels, points[:k]), rel=1e-12)


def test_a_cost_that_has_lost_its_digits_is_summed_plainly() -> None:
    """Two tight clusters far from each other: the cost is a tiny rest of large numbers."""
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(0, 1e-6, size=(800, 2)), rng.normal(1e3, 1e-6, size=(800, 2))])
    config = RunConfig(k=2, init="given", given=((0.0, 0.0), (1e3, 1e3)))
    fast, plain = run_twice(points, config)
    assert fast.cost == pytest.approx(plain.cost, rel=1e-13)
    assert replace(config, k=2) == fast.config
