"""The best of several runs that differ in their random seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kmeans_core import RunConfig, Trace, run, run_many
from kmeans_core.arrays import Points


def best_index(points: Points, configs: Sequence[RunConfig]) -> int:
    """Return the index of the config whose run has the lowest cost, the first one of equals."""
    costs = [outcome.cost for outcome in run_many(points, configs)]
    return costs.index(min(costs))


def best_run(points: Points, config: RunConfig, seeds: Iterable[int]) -> Trace:
    """Return the run with the lowest cost of these random seeds."""
    configs = _with_seeds(config, seeds)
    return run(points, configs[best_index(points, configs)])


def lowest_cost(points: Points, config: RunConfig, seeds: Iterable[int]) -> float:
    """Return the cost of ``best_run`` without recording that run's half-steps."""
    return min(outcome.cost for outcome in run_many(points, _with_seeds(config, seeds)))


def _with_seeds(config: RunConfig, seeds: Iterable[int]) -> list[RunConfig]:
    return [replace(config, seed=seed) for seed in seeds]
