"""A point of weight w counts as w copies, for every rule, backend, and engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import (
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    RunConfig,
    Trace,
    backend_available,
    branch,
    cost_of,
    iterate,
    run,
    run_many,
)
from kmeans_core.engines import numpy as numpy_engine
from kmeans_core.messages import message
from tests import oracles
from tests.oracles import Floats, Ints

ENGINES = ["numpy", "numpy pruned"]
"""Each way to compute; rules other than the mean have no pruned engine, so both names mean the same."""

if backend_available("tensorflow"):
    ENGINES += ["tensorflow", "tensorflow pruned"]


@contextmanager
def engine_of(name: str) -> Iterator[str]:
    """Let runs take one engine, however few points they have; yield the name of its backend."""
    backend, _, pruned = name.partition(" ")
    with pytest.MonkeyPatch.context() as patch:
        # Import here, not above, so that collecting the tests does not load TensorFlow.
        module = numpy_engine if backend == "numpy" else import_module("kmeans_core.engines.tensorflow.engine")
        patch.setattr(module, "FAST_FROM", 0 if pruned else np.inf)
        yield backend


def rows_of(centers: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(center) for center in centers.tolist())


def first_copies(weights: Ints) -> Ints:
    """Return where the first copy of each point is; of one without copies, where it would be."""
    return np.cumsum(weights) - weights


def assert_same_as_copies(weighted: Trace, copied: Trace, weights: Ints) -> None:
    """Hold a run with weights to that of the copies: labels and centers to the last bit, costs to rounding.

    It may have further iterations, in which only points without weight switch cluster.
    """
    places, counted = first_copies(weights), weights > 0
    steps = [*copied, *[copied[-1]] * (len(weighted) - len(copied))]
    for weighted_step, copies_step in zip(weighted, steps, strict=True):
        np.testing.assert_array_equal(weighted_step.centers, copies_step.centers)
        if weighted_step.labels is not None and copies_step.labels is not None:
            np.testing.assert_array_equal(weighted_step.labels[counted], copies_step.labels[places[counted]])
            assert weighted_step.cost == pytest.approx(copies_step.cost, rel=1e-11)
    for weighted_step, copies_step in zip(weighted, copied, strict=False):
        assert [entry.cluster for entry in weighted_step.relocated] == [
            entry.cluster for entry in copies_step.relocated
        ]


NUMBERS_OF_COPIES = {8: [0, 0, 1, 1, 1, 2, 3, 8], 24: [0] * 6 + [1] * 6 + [2, 3] * 5 + [20, 13]}
"""By the number of points: few sizes, since XLA compiles for each."""


@st.composite
def weighted_cases(draw: st.DrawFn) -> tuple[Floats, Ints, dict[str, Any]]:
    """Draw points with ties and duplicates, whole weights with zeros among them, and a run from given centers."""
    n, rng = draw(st.sampled_from(list(NUMBERS_OF_COPIES))), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    normal = rng.normal(size=(n, 2))
    points = draw(st.sampled_from([rng.integers(-3, 4, (n, 2)) / 10, normal, normal**9, normal**40]))
    weights = rng.permutation(NUMBERS_OF_COPIES[n])
    k = draw(st.integers(1, 5))
    centers = points[rng.choice(n, size=k, replace=False)] + draw(st.sampled_from([0.0, 0.05, 100.0]))
    empty = draw(st.sampled_from(list(EMPTY_POLICIES)))
    return points, weights, {"k": k, "init": "given", "given": centers, "empty": empty, "max_iter": 6}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=40)
@given(case=weighted_cases())
def test_a_weight_is_a_number_of_copies(engine: str, rule: str, case: tuple[Floats, Ints, dict[str, Any]]) -> None:
    points, weights, choice = case
    with engine_of(engine) as backend:
        config = RunConfig(rule=rule, backend=backend, **choice)
        weighted, copied = run(points, config, weights), run(np.repeat(points, weights, axis=0), config)
    assert_same_as_copies(weighted, copied, weights)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ENGINES)
def test_weights_may_be_fractions(engine: str, rule: str) -> None:
    """Multiplied by a power of 2, weights give the same run; with a constant, costs that are so many times larger."""
    rng = np.random.default_rng(1)
    points, weights = rng.normal(size=(300, 3)), rng.integers(1, 9, size=300)
    with engine_of(engine) as backend:
        config = RunConfig(k=4, rule=rule, backend=backend, init="given", given=rows_of(points[:4]))
        whole, eighths = run(points, config, weights), run(points, config, weights / 8)
    for whole_step, eighths_step in zip(whole, eighths, strict=True):
        np.testing.assert_array_equal(whole_step.centers, eighths_step.centers)
        np.testing.assert_array_equal(whole_step.labels, eighths_step.labels)
        if whole_step.cost is not None:
            assert eighths_step.cost == pytest.approx(whole_step.cost / 8, rel=1e-14)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_medoid_of_a_large_cluster_heeds_weights(engine: str) -> None:
    """So many points that most are ruled out by bounds."""
    rng = np.random.default_rng(2)
    points, weights = rng.normal(size=(700, 2)), rng.integers(0, 30, size=700)
    with engine_of(engine) as backend:
        trace = run(points, RunConfig(k=1, init="random", rule="medoid", backend=backend), weights)
    sums = oracles.all_distances(points, points, "euclidean") @ weights
    sums[weights == 0] = np.inf
    np.testing.assert_array_equal(trace.centers, points[[sums.argmin()]])
    assert trace.cost == pytest.approx(sums.min())


def test_a_median_between_halves_of_the_weight_is_exact() -> None:
    """0.1 + 0.1 + 0.1 is more than 0.3 in binary, 0.1 + 0.2 + 0.5 less than 0.8: no sum may be rounded on the way."""
    points = [[0.0], [1.0], [2.0], [7.0]]
    median = RunConfig(k=1, init="random", rule="median")
    assert run(points, median, [0.1, 0.1, 0.1, 0.3]).centers.tolist() == [[2.0]]
    assert run(points, median, [0.25, 0.25, 0.25, 0.75]).centers.tolist() == [[4.5]]
    assert run(points, median, [1e-40, 1.0, 1.0, 1e-40]).centers.tolist() == [[1.5]]
    assert run(points, median, [2e-40, 1.0, 1.0, 1e-40]).centers.tolist() == [[1.0]]


@pytest.mark.parametrize("init", [name for name in INITIALISERS if name != "given"])
def test_points_without_weight_start_nothing(init: str) -> None:
    """Whatever the seed, the zeros stay where they are, far away."""
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(size=(6, 2)), rng.normal(1e6, 1, size=(30, 2))])
    weights = np.repeat([1.0, 0.0], [6, 30])
    weights[0] = 3
    for seed in range(10):
        step = next(iterate(points, RunConfig(k=6, init=init, seed=seed), weights))
        assert np.abs(step.centers).max() < 100


@pytest.mark.parametrize("init", ["random", "k-means++"])
def test_starts_draw_by_weight(init: str) -> None:
    points, weights = np.array([[0.0], [10.0], [20.0]]), [1.0, 2.0, 5.0]
    first = [next(iterate(points, RunConfig(k=1, init=init, seed=seed), weights)).centers[0, 0] for seed in range(800)]
    assert np.bincount((np.array(first) / 10).astype(int)) / 800 == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=0.05)


def test_equal_weights_change_nothing_but_the_cost() -> None:
    points = np.random.default_rng(4).normal(size=(50, 2))
    for init in ("random", "k-means++", "farthest", "partition"):
        config = RunConfig(k=4, init=init, seed=3)
        plain, doubled = run(points, config), run(points, config, [2.0] * 50)
        np.testing.assert_array_equal(plain.labels, doubled.labels)
        np.testing.assert_array_equal(plain.centers, doubled.centers)
        assert doubled.cost == pytest.approx(2 * plain.cost)


def test_many_runs_and_moves_and_costs_heed_weights() -> None:
    rng = np.random.default_rng(5)
    points, weights = rng.normal(size=(200, 2)), rng.integers(0, 5, size=200)
    for rule in RULES:
        for empty in EMPTY_POLICIES:
            configs = [RunConfig(k=4, rule=rule, seed=seed, empty=empty, init="k-means++") for seed in range(5)]
            for outcome in run_many(points, configs, weights):
                trace = run(points, outcome.config, weights)
                np.testing.assert_array_equal(outcome.centers, trace.centers)
                assert outcome.cost == pytest.approx(trace.cost, rel=1e-12)
                assert cost_of(points, trace.labels, trace.centers, weights, rule=rule) == pytest.approx(trace.cost)
        trace = run(points, configs[0], weights)
        branch_trace = branch(points, trace, 1, points[:4], weights)
        rerun = run(points, RunConfig(k=4, rule=rule, init="given", given=rows_of(points[:4]), empty=empty), weights)
        np.testing.assert_array_equal(branch_trace.centers, rerun.centers)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], r"weights must be 3 finite numbers .* got shape \(1,\)"),
        ([[1.0]] * 3, r"got shape \(3, 1\)"),
        ([1.0, -2.0, 1.0], r"got -2.0 for point 1"),
        ([1.0, 1.0, np.nan], r"got nan for point 2"),
        ([1.0, np.inf, 1.0], r"got inf for point 1"),
        ([0.0, 0.0, 0.0], r"weights must not all be zero"),
        ([1.0, 1e-60, 1.0], r"weights must be 0 or in 1e-50\.\.1e\+50, got 1e-60\.\.1"),
        ([1.0, 0.0, 0.0], re.escape(message("runs.k_too_large", n=1, k=2, is_weighted=True))),
        (["a", "b", "c"], r"weights must be 3 finite numbers"),
    ],
)
def test_weights_that_can_t_be_used_are_refused_in_a_sentence(weights: object, message: str) -> None:
    points = [[0.0], [1.0], [2.0]]
    with pytest.raises(ValueError, match=message):
        run(points, RunConfig(k=2, init="random"), weights)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=message):
        run_many(points, [RunConfig(k=2, init="random")], weights)  # type: ignore[arg-type]
