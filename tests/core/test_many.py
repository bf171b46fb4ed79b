"""Many runs at once come to what each comes to by itself."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core import (
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    Outcome,
    RunConfig,
    make_dataset,
    many,
    partition_key,
    run,
    run_many,
)
from kmeans_core.messages import message
from tests.core.test_kmeans import config_of
from tests.oracles import Floats


def assert_is_the_run(points: Floats, outcome: Outcome, config: RunConfig) -> None:
    trace = run(points, config)
    assert outcome.config == config
    np.testing.assert_array_equal(outcome.start, trace[0].centers)
    np.testing.assert_array_equal(outcome.centers, trace.centers)
    assert outcome.cost == pytest.approx(trace.cost, rel=1e-10, abs=1e-300)
    assert (outcome.iterations, outcome.stop_reason) == (trace.iterations, trace.stop_reason)
    assert outcome.partition == partition_key(trace.labels)


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
@pytest.mark.parametrize("init", INITIALISERS)
def test_each_outcome_is_that_of_its_run(init: str, empty: str) -> None:
    points, _ = make_dataset("post", seed=0)
    configs = [config_of(points, 9, "mean", init, empty, seed=seed, max_iter=12) for seed in range(8)]
    for outcome, config in zip(run_many(points, configs), configs, strict=True):
        assert_is_the_run(points, outcome, config)


def test_configs_may_differ_in_everything() -> None:
    points, _ = make_dataset("blobs", seed=2, points=300)
    configs = [
        config_of(points, k, rule, init, "keep", seed=seed, max_iter=max_iter)
        for seed, (k, rule) in enumerate([(k, rule) for k in (1, 2, 5) for rule in RULES])
        for init in ("random", "given", "farthest")
        for max_iter in (0, 1, 30)
    ]
    for outcome, config in zip(run_many(points, configs), configs, strict=True):
        assert_is_the_run(points, outcome, config)


@given(st.integers(1, 40), st.integers(1, 3), st.integers(0, 2**32 - 1), st.sampled_from(list(EMPTY_POLICIES)))
def test_points_with_ties_and_empty_clusters(n: int, d: int, seed: int, empty: str) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(-2, 3, size=(n, d)) / 10
    k = int(rng.integers(1, n + 1))
    configs = [RunConfig(k=k, init="random", seed=start, empty=empty, max_iter=9) for start in range(5)]
    for outcome, config in zip(run_many(points, configs), configs, strict=True):
        assert_is_the_run(points, outcome, config)


def test_more_runs_than_fit_in_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    points, _ = make_dataset("moons", seed=0)
    configs = [RunConfig(k=4, init="random", seed=seed) for seed in range(7)]
    expected = [outcome.cost for outcome in run_many(points, configs)]
    monkeypatch.setattr(many, "_BATCH_LABELS", 3 * len(points))
    assert [outcome.cost for outcome in run_many(points, configs)] == expected


def test_no_config_gives_no_outcome() -> None:
    assert run_many([[0.0]], []) == []


def test_a_config_that_does_not_fit_is_refused_before_the_first_run() -> None:
    problem = message("runs.k_too_large", n=3, k=4, is_weighted=False)
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        run_many(np.eye(3), [RunConfig(k=2, init="random"), RunConfig(k=4, init="random")])
    with pytest.raises(ValueError, match="rule must be one of"):
        run_many(np.eye(3), [RunConfig(k=2, init="random"), RunConfig(k=2, init="random", rule="mode")])


def test_arrays_of_an_outcome_are_read_only() -> None:
    (outcome,) = run_many(np.eye(3), [RunConfig(k=2, init="random")])
    assert not outcome.start.flags.writeable
    assert not outcome.centers.flags.writeable
