"""The runs behind "Do the starting centers matter?": outcomes by kind of starting centers, and how results differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kmeans_core import RunConfig, StopReason, run, run_many
from kmeans_core.arrays import Centers
from ui.analyses.starts.coverage import Coverage, missed_clusters
from ui.analyses.starts.crowding import Crowding, crowding_in
from ui.analyses.starts.outcomes import KINDS, Difference, StartOutcome, count_differences
from ui.settings.run_input import RunInput


def _config(inputs: RunInput, kind: str, seed: int) -> RunConfig:
    """Return the run with these starting centers on the input's points."""
    return inputs.with_settings(replace(inputs.settings, init=kind, seed=seed)).config()


def outcomes(inputs: RunInput, first: int, count: int) -> dict[str, list[StartOutcome]]:
    """Return the outcomes of ``count`` runs of each kind of starting centers, with seeds from ``first`` on."""
    runs = [(kind, seed) for kind in KINDS for seed in range(first, first + count)]
    configs = [_config(inputs, kind, seed) for kind, seed in runs]
    by_kind: dict[str, list[StartOutcome]] = {kind: [] for kind in KINDS}
    for (kind, seed), end in zip(runs, run_many(inputs.points, configs), strict=True):
        converged = end.stop_reason is StopReason.CONVERGED
        by_kind[kind].append(StartOutcome(seed, end.cost, end.iterations, end.partition, converged))
    return by_kind


def difference(inputs: RunInput, runs: Sequence[tuple[str, int]]) -> Difference:
    """Return how far the results of runs, each a kind of starting centers and a seed, are from the first one's."""
    first, *other_runs = (run(inputs.points, _config(inputs, kind, seed)).labels for kind, seed in runs)
    most = max(count_differences(labels, first, inputs.settings.k) for labels in other_runs)
    return Difference(most, len(inputs.points))


def crowding(inputs: RunInput, best: tuple[str, int], count: int) -> Crowding:
    """Return how often the starting centers of ``count`` runs crowd into the costliest cluster of the best run."""
    trace = run(inputs.points, _config(inputs, *best))
    placed = {name: _starting_centers(inputs, name, count) for name in ("random", "k-means++")}
    return crowding_in(inputs.points, trace, placed)


def coverage(inputs: RunInput, best: tuple[str, int], winner: str, loser: str, count: int) -> Coverage:
    """Return how often the starting centers of ``count`` runs of two kinds leave out a cluster of the best run."""
    trace = run(inputs.points, _config(inputs, *best))
    kinds = (winner, loser)
    return Coverage(*(missed_clusters(trace, _starting_centers(inputs, name, count)) for name in kinds))


def _starting_centers(inputs: RunInput, kind: str, count: int) -> list[Centers]:
    """Return the starting centers of ``count`` runs: without an iteration, a run is its starting centers."""
    configs = [replace(_config(inputs, kind, seed), max_iter=0) for seed in range(count)]
    return [end.start for end in run_many(inputs.points, configs)]
