"""Memory stays bounded: no distances of all points to all centers, or to each other, at once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from kmeans_core import RULES, RunConfig, iterate
from kmeans_core.engines.medoid import medoid_index
from kmeans_core.engines.numpy import engine

MB = 2**20


@contextmanager
def at_most(megabytes: float) -> Iterator[None]:
    """Fail if the block needs more memory than this at its peak; NumPy tells tracemalloc about its arrays."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= megabytes * MB, f"{peak / MB:.1f} MB"


@pytest.mark.parametrize("rule", RULES)
def test_assign_needs_blocks_and_not_all_distances(rule: str) -> None:
    """200 000 points and 20 centers: all distances take 32 MB, all differences 64 MB."""
    points = np.random.default_rng(0).normal(size=(200_000, 2))
    ready = engine(points, RULES[rule])
    with at_most(5):
        ready.assign(points[:20])


def test_a_medoid_of_20_000_points_needs_no_matrix() -> None:
    """All pairs take 3.2 GB."""
    columns = np.random.default_rng(0).normal(size=(2, 20_000))
    with at_most(5):
        medoid_index(columns)


def test_the_medoid_in_many_dimensions_goes_by_blocks() -> None:
    """Bounds rule out nothing in 64 dimensions; all pairs of 2 000 points take 32 MB, all differences 2 GB."""
    columns = np.random.default_rng(0).normal(size=(64, 2_000))
    with at_most(10):
        medoid_index(columns)


@pytest.mark.parametrize("rule", RULES)
def test_a_step_keeps_little_more_than_its_labels(rule: str) -> None:
    """A million points in 6 clusters: a byte a point for each assign, beside what the run itself works with."""
    points = np.random.default_rng(0).normal(size=(1_000_000, 2))
    with at_most(150):
        steps = list(iterate(points, RunConfig(k=6, init="random", rule=rule, max_iter=2)))
    sizes = {id(labels): labels.nbytes for step in steps if (labels := step.compact_labels) is not None}
    assert sum(sizes.values()) == 3 * len(points)


def test_labels_to_compute_with_are_made_for_two_steps_at_a_time() -> None:
    """A million points: 8 MB a step for ``labels``, of 22 steps."""
    points = np.arange(1_000_000.0)[:, None]
    steps = list(iterate(points, RunConfig(k=6, init="random", max_iter=10)))
    with at_most(30):
        for step in steps[1:]:
            assert step.labels is not None
            assert step.labels.sum() > 0
