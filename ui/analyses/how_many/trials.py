"""Trials of K: the best of several runs with each K, on the points and on uniform noise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, NamedTuple

from kmeans_core import RunConfig, StopReason, Trace
from kmeans_core.arrays import Points
from ui.analyses.best_run import best_index, best_run, lowest_cost
from ui.analyses.how_many import gap_criterion, silhouette_criterion
from ui.analyses.how_many.gap_criterion import REFERENCE_SETS, RUNS_PER_REFERENCE_SET, uniform_noise
from ui.analyses.how_many.silhouette_criterion import mean_silhouette
from ui.charts.thumbnails import sample
from ui.settings.effort import UNASKED_SECONDS, run_seconds
from ui.settings.record import Settings
from ui.settings.run_input import RunInput

MAX_TRIED_K: Final = 15
"""The largest K that is tried: more than there are colors, so that the curves show what comes after them."""

INIT: Final = "greedy-k-means++"
"""The starting centers of all runs: of all kinds, the one that most often finds the best result."""

SAMPLE_POINTS: Final = 1_000
"""Large data is tried on a random sample of this many points first."""

SAMPLE_RUNS: Final = 8
"""How many runs each K has on the sample: a quarter of those on as many points, so that all K are there in seconds."""

_SAMPLE_REFERENCE_RUNS: Final = 4

SAMPLE_SEED: Final = 0
"""The random seed of all samples, as in ``ui.charts.thumbnails.sample``."""

_SAMPLED_SECONDS: Final = 8.0
"""Data for which all K take longer than this is tried on a sample first."""

UNUSED: Final = ("k", "init", "seed", "max_iter")
"""Settings that this page chooses itself."""


class Pair(NamedTuple):
    """A number measured on the points, and the same number on uniform noise."""

    points: float
    noise: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The best run with one K, on the points and on uniform noise.

    Attributes
    ----------
    k : int
    seed : int
        Random seed of the best run on the points.
    converged : bool
        Whether that run converged.
    costs : Pair
        By the rule's own cost.
    silhouettes : Pair
        Means over the points that silhouettes use; NaN for a single cluster.
    squares : Pair
        Sums of squares for the gap statistic.
    reference : tuple of float
        The sum of squares on each reference set of the gap statistic.
    """

    k: int
    seed: int
    converged: bool
    costs: Pair
    silhouettes: Pair
    squares: Pair
    reference: tuple[float, ...]


def runs_per_k(n: int, rule: str) -> int:
    """Return how many runs each K has on ``n`` points; the best one counts.

    Measured on the post's data and on uniform noise, K = 1 .. 15: with 32 runs the best cost is at most 0.5% above the
    best of 200 by scikit-learn, and not at all up to K = 7.
    """
    if rule != "mean":
        return 16 if n <= 5_000 else 8
    return 32 if n <= 5_000 else 16 if n <= 50_000 else 8


def trial_settings(settings: Settings) -> Settings:
    """Return the settings without what this page decides itself, so that visitors share cached trials."""
    return replace(settings.canonical(UNUSED), k=1, init=INIT)


def k_batches(n: int) -> list[tuple[int, ...]]:
    """Return the values of K in the order and the batches in which they are tried; K = 1 alone would say nothing."""
    values = tuple(range(1, min(MAX_TRIED_K, n) + 1))
    return [values[:2], *((k,) for k in values[2:])]


def trial_seconds(settings: Settings, n: int, ks: Iterable[int]) -> float:
    """Return about how many seconds it takes to try these values of K on ``n`` points, on noise, and for the gap."""
    count = min(n, gap_criterion.MAX_POINTS)
    return sum(
        run_seconds(candidate, n, runs_per_k(n, settings.rule))
        + run_seconds(candidate, count, runs_per_k(count, settings.rule))
        + run_seconds(replace(candidate, rule="mean"), count, REFERENCE_SETS * RUNS_PER_REFERENCE_SET)
        for candidate in (replace(settings, k=k) for k in ks)
    )


def is_heavy(settings: Settings, n: int) -> bool:
    """Tell whether trying all K takes so long that the page waits for a click."""
    return trial_seconds(settings, n, chain.from_iterable(k_batches(n))) > UNASKED_SECONDS


def needs_sample(settings: Settings, n: int) -> bool:
    """Tell whether trying all K takes so long that a sample answers first."""
    return n > 2 * SAMPLE_POINTS and trial_seconds(settings, n, chain.from_iterable(k_batches(n))) > _SAMPLED_SECONDS


def trial(
    points: Points, best: Trace, *, runs: int | None = None, reference_runs: int = RUNS_PER_REFERENCE_SET
) -> Trial:
    """Measure the best run ``best`` on the points ``(n, d)``, and the best one with the same K on uniform noise.

    Silhouettes use up to ``silhouette_criterion.MAX_POINTS`` points, the gap statistic and the noise up to
    ``gap_criterion.MAX_POINTS``: a random sample of larger data. The gap statistic clusters its sample separately: a
    clustering of all points need not be the best one of the sample. ``runs`` are the runs on each of them,
    ``runs_per_k`` if that is None, and ``reference_runs`` those on each reference set.
    """
    silhouette_points = sample(len(points), silhouette_criterion.MAX_POINTS)
    first_points = slice(silhouette_criterion.MAX_POINTS)
    sampled = points[sample(len(points), gap_criterion.MAX_POINTS)]
    count, rule = len(sampled), best.config.rule
    config = replace(best.config, init=INIT, given=None)
    noise = uniform_noise(points, count, 0)
    noise_best = best_run(noise, config, range(runs or runs_per_k(count, rule)))
    square_runs = runs or runs_per_k(count, "mean")
    return Trial(
        k=config.k,
        seed=best.config.seed,
        converged=best.stop_reason is StopReason.CONVERGED,
        costs=Pair(best.cost, noise_best.cost),
        silhouettes=Pair(
            mean_silhouette(points[silhouette_points], best.labels[silhouette_points], rule),
            mean_silhouette(noise[first_points], noise_best.labels[first_points], rule),
        ),
        squares=Pair(_squares(sampled, best, config, square_runs), _squares(noise, noise_best, config, square_runs)),
        reference=_reference_squares(points, count, config, reference_runs),
    )


def _squares(points: Points, best: Trace, config: RunConfig, runs: int) -> float:
    """Return the lowest sum of squares on the points; a best run by means on all of them has found it already."""
    if config.rule == "mean" and len(best.labels) == len(points):
        return best.cost
    return lowest_cost(points, replace(config, rule="mean"), range(runs))


def _reference_squares(points: Points, count: int, config: RunConfig, runs: int) -> tuple[float, ...]:
    """Return the lowest sum of squares on each reference set of ``count`` points."""
    by_means = replace(config, rule="mean")
    return tuple(
        lowest_cost(uniform_noise(points, count, draw), by_means, range(runs)) for draw in range(1, REFERENCE_SETS + 1)
    )


def best_trial(inputs: RunInput, k: int) -> Trial:
    """Return the trial of ``k``, by the best of several runs from the settings' starting centers."""
    settings = inputs.settings
    seeds = range(runs_per_k(len(inputs.points), settings.rule))
    runs = [inputs.with_settings(replace(settings, k=k, seed=seed)) for seed in seeds]
    best = best_index(inputs.points, [candidate.config() for candidate in runs])
    return trial(inputs.points, runs[best].trace())


def sampled_trials(inputs: RunInput) -> list[Trial]:
    """Return the trials of all K on a random sample of the points, from the settings' starting centers.

    A trial's seed belongs to the sample: the same seed starts another run on all points.
    """
    points = inputs.points[sample(len(inputs.points), SAMPLE_POINTS)]
    seeds = range(SAMPLE_RUNS)
    configs = (
        inputs.with_settings(replace(inputs.settings, k=k)).config() for ks in k_batches(len(points)) for k in ks
    )
    return [
        trial(points, best_run(points, config, seeds), runs=SAMPLE_RUNS, reference_runs=_SAMPLE_REFERENCE_RUNS)
        for config in configs
    ]
