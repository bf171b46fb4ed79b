"""Checkpoints: long computations can be cancelled, wherever they are, and are none the slower for it."""

from __future__ import annotations

import doctest
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest

from kmeans_core import RULES, RunConfig, backend_available, checkpoints, make_dataset, run, run_many, silhouette
from kmeans_core.checkpoints import checkpoint

POINTS = make_dataset("uniform", points=60_000, seed=0)[0]
MOST_SECONDS = 0.5
"""The most CPU seconds between two checkpoints on these points: far more than on a machine that does nothing else."""


class CancelledError(Exception):
    """Nobody waits for the result."""


def longest_pause(work: Callable[[], object], passes: int | None = None) -> float:
    """Return the longest CPU time of a computation between two checkpoints; cancel it at one of them."""
    times = [time.thread_time()]

    def call() -> None:
        times.append(time.thread_time())
        if passes is not None and len(times) > passes:
            raise CancelledError

    with checkpoints.checkpoints(call):
        if passes is None:
            work()
        else:
            with pytest.raises(CancelledError):
                work()
    assert len(times) > 2
    return float(np.diff([*times, time.thread_time()]).max())


@pytest.mark.parametrize("backend", ["numpy", "tensorflow"])
@pytest.mark.parametrize("rule", RULES)
def test_a_run_passes_checkpoints_at_every_half_step(rule: str, backend: str) -> None:
    if not backend_available(backend):
        pytest.skip(f"{backend} is not installed")
    config = RunConfig(k=5, rule=rule, max_iter=3, backend=backend)
    run(POINTS[:2_000], config)  # TensorFlow compiles its graphs, once
    assert longest_pause(lambda: run(POINTS, config)) < MOST_SECONDS * (1 if backend == "numpy" else 20)


@pytest.mark.parametrize("backend", ["numpy", "tensorflow"])
@pytest.mark.parametrize("rule", RULES)
def test_no_checkpoint_is_passed_with_a_lock_that_another_run_needs(rule: str, backend: str) -> None:
    """A run that lets another go first at a checkpoint must not keep it waiting."""
    if not backend_available(backend):
        pytest.skip(f"{backend} is not installed")
    points, numbers = POINTS[:20_000], count()
    config = RunConfig(k=3, rule=rule, max_iter=2, backend=backend)
    run(points, config)
    with ThreadPoolExecutor(1) as pool:

        def let_another_run() -> None:
            number = next(numbers)
            if number < 20 or number % 20 == 0:
                pool.submit(run, points, config).result(timeout=20)

        with checkpoints.checkpoints(let_another_run):
            run(points, config)
    assert next(numbers) > 5


def test_a_refine_of_medoids_can_be_cancelled_in_the_middle() -> None:
    """In many dimensions the sums of all pairs are needed: minutes, of which nobody waits for the rest."""
    points = np.random.default_rng(0).standard_normal((20_000, 32))
    config = RunConfig(k=1, rule="medoid", init="given", given=(tuple(points[0]),), max_iter=1)
    assert longest_pause(lambda: run(points, config), passes=50) < MOST_SECONDS


@pytest.mark.parametrize(
    "work",
    [
        lambda: run_many(POINTS, [RunConfig(k=6, seed=seed) for seed in range(40)]),
        lambda: silhouette(POINTS, np.arange(len(POINTS)) % 5),
        lambda: run(POINTS, RunConfig(k=12, init="greedy-k-means++")),
    ],
    ids=["many runs", "silhouettes", "greedy"],
)
def test_other_long_work_can_be_cancelled(work: Callable[[], object]) -> None:
    assert longest_pause(work, passes=30) < MOST_SECONDS


def test_without_a_caller_who_asks_a_checkpoint_does_nothing() -> None:
    checkpoint()
    with checkpoints.checkpoints(lambda: pytest.fail("called after its block")):
        pass
    checkpoint()


def test_the_example_is_true() -> None:
    assert doctest.testmod(checkpoints).failed == 0
