"""Outcomes of many runs, grouped by the kind of starting centers that they began with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kmeans_core import INITIALISERS, match_clusters
from kmeans_core.arrays import Labels
from kmeans_core.datasets import SEED
from kmeans_core.messages.numbers import amounts
from server.config import LIMITS
from ui.settings.effort import BATCH_SECONDS, UNASKED_SECONDS, run_seconds
from ui.settings.record import Settings
from ui.text.messages import message

RUN_COUNTS: Final = tuple(n for n in (25, 50, 100, 200, 500, 1000, 2000) if n <= max(25, LIMITS.max_starts))
"""The numbers of runs of each kind to choose from."""

UNUSED: Final = ("init", "seed", "max_iter")
"""Settings that this page chooses itself."""

KINDS: Final = tuple(name for name in INITIALISERS if name != "given")
"""The kinds of starting centers that depend on chance."""

CLOSE: Final = 1e-3
"""A run is close to the best result if its cost is at most this fraction higher."""

MAX_COMPARED: Final = 12
"""Labels are compared for at most this many partitions close to the best one."""

_ROUNDING: Final = 1e-9
"""Costs that differ by a smaller fraction are equal: they are sums of the same terms in another order."""

_MAX_BATCH: Final = 100
"""The most runs of each kind in one batch."""


class Result(Protocol):
    """The result of a run, for a comparison of results."""

    @property
    def cost(self) -> float:
        """The rule's own cost."""

    @property
    def partition(self) -> bytes:
        """The key of the clustering, from ``kmeans_core.partition_key``: equal keys mean the same result."""


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """The result of one run: seed, final cost, iterations, key of the partition, and whether it converged."""

    seed: int
    cost: float
    iterations: int
    partition: bytes
    converged: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """All runs so far from one kind of starting centers.

    Attributes
    ----------
    name : str
        Key of ``INITIALISERS``.
    outcomes : tuple of StartOutcome
    best_cost : float
        The lowest cost of all runs of all kinds.
    best_partitions : frozenset of bytes
        The partitions with that cost.
    """

    name: str
    outcomes: tuple[StartOutcome, ...]
    best_cost: float
    best_partitions: frozenset[bytes]

    @property
    def title(self) -> str:
        """The kind's name on the screen."""
        return INITIALISERS[self.name].title

    @property
    def run_count(self) -> int:
        """How many runs there are."""
        return len(self.outcomes)

    @property
    def best_count(self) -> int:
        """How many runs found the best result, the very same partition of the points."""
        return sum(outcome.partition in self.best_partitions for outcome in self.outcomes)

    @property
    def close_count(self) -> int:
        """How many runs found the best result or another one that costs hardly more."""
        return sum(self.is_close(outcome) for outcome in self.outcomes)

    def is_close(self, outcome: StartOutcome) -> bool:
        """Tell whether a run found the best result or another one that costs hardly more."""
        return outcome.partition in self.best_partitions or outcome.cost <= self.best_cost * (1 + CLOSE)

    @property
    def result_count(self) -> int:
        """How many different partitions the runs found."""
        return len({outcome.partition for outcome in self.outcomes})

    @property
    def stopped_count(self) -> int:
        """How many runs reached the iteration limit before converging."""
        return sum(not outcome.converged for outcome in self.outcomes)

    @property
    def costs(self) -> NDArray[np.float64]:
        """The final costs, ``(r,) float64``."""
        return np.array([outcome.cost for outcome in self.outcomes])

    @property
    def median_iterations(self) -> float:
        """The median number of iterations."""
        return float(np.median([outcome.iterations for outcome in self.outcomes]))

    @property
    def cheapest(self) -> StartOutcome:
        """The first run with the kind's lowest cost."""
        return min(self.outcomes, key=lambda outcome: outcome.cost)

    @property
    def costliest(self) -> StartOutcome:
        """The first run with the kind's highest cost."""
        return max(self.outcomes, key=lambda outcome: outcome.cost)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far results close to the best one are from it: at most ``points`` of ``n`` points switch cluster."""

    points: int
    n: int


class Extremes(NamedTuple):
    """A kind's best and worst run, and their costs as the screen shows them."""

    best: StartOutcome
    worst: StartOutcome
    best_cost: str
    worst_cost: str


def best_partitions(results: Iterable[Result]) -> frozenset[bytes]:
    """Return the partitions with the lowest cost: one, or several whose costs differ by rounding alone."""
    every = list(results)
    lowest = min(result.cost for result in every)
    return frozenset(result.partition for result in every if result.cost <= lowest * (1 + _ROUNDING))


def seed_batches(settings: Settings, n: int, count: int) -> list[tuple[int, int]]:
    """Return the first seed and the number of runs of each kind for each batch of the work on ``n`` points."""
    size = max(3, min(_MAX_BATCH, int(BATCH_SECONDS / run_seconds(settings, n, len(KINDS)))))
    return [(first, min(size, count - first)) for first in range(0, count, size)]


def is_heavy(settings: Settings, n: int, count: int) -> bool:
    """Tell whether ``count`` runs of each kind take so long that the page waits for a click."""
    return run_seconds(settings, n, count * len(KINDS)) > UNASKED_SECONDS


def group_by_kind(batches: Sequence[Mapping[str, Sequence[StartOutcome]]]) -> list[Kind]:
    """Return the kinds of starting centers with their runs, each against the best result of all."""
    by_kind = {name: tuple(outcome for batch in batches for outcome in batch[name]) for name in KINDS}
    every = [outcome for outcomes in by_kind.values() for outcome in outcomes]
    best_cost, partitions = min(outcome.cost for outcome in every), best_partitions(every)
    return [Kind(name, outcomes, best_cost, partitions) for name, outcomes in by_kind.items()]


def close_runs(kinds: Sequence[Kind]) -> list[tuple[str, int]]:
    """Return the kind and seed of one run for the best result and for each other partition close to it, by cost."""
    every = sorted(
        ((outcome.cost, kind.name, outcome) for kind in kinds for outcome in kind.outcomes if kind.is_close(outcome)),
        key=lambda run: run[0],
    )
    first: dict[bytes, tuple[str, int]] = {}
    for _, name, outcome in every:
        first.setdefault(outcome.partition, (name, outcome.seed))
    return list(first.values())


def count_differences(labels: Labels, other_labels: Labels, k: int) -> int:
    """Return how many points are in another cluster, with the clusters of one clustering matched to the other's."""
    return int(np.count_nonzero(match_clusters(labels, other_labels, k=k)[labels] != other_labels))


def clicked_run(data: object) -> tuple[str, int] | None:
    """Return the kind and seed of a bar that was clicked; None if no bar of ours holds this ``data``."""
    match data:
        case [str(kind), int(seed)] if kind in KINDS and SEED.low <= seed <= SEED.high:
            return kind, seed
    return None


def extremes(kinds: Sequence[Kind]) -> list[Extremes]:
    """Return each kind's best and worst run, with costs written so that different results read differently."""
    results = results_by_cost(kinds)
    pairs = [(kind.cheapest, kind.costliest) for kind in kinds]
    costs_by_partition = {outcome.partition: results[outcome.partition][1] for pair in pairs for outcome in pair}
    texts = dict(zip(costs_by_partition, amounts(list(costs_by_partition.values())), strict=True))
    return [Extremes(best, worst, texts[best.partition], texts[worst.partition]) for best, worst in pairs]


def results_by_cost(kinds: Sequence[Kind]) -> dict[bytes, tuple[int, float]]:
    """Return the rank of each partition, 1 for the best one, and its lowest cost."""
    lowest: dict[bytes, float] = {}
    for kind in kinds:
        for outcome in kind.outcomes:
            lowest[outcome.partition] = min(outcome.cost, lowest.get(outcome.partition, np.inf))
    in_order = sorted(lowest.items(), key=lambda result: result[1])
    return {partition: (rank, cost) for rank, (partition, cost) in enumerate(in_order, start=1)}


def kind_numbers(kinds: Sequence[Kind]) -> dict[str, list[object]]:
    """Return the kinds as the columns of a table."""
    return {
        message("starts.column_init"): [kind.title for kind in kinds],
        message("starts.column_runs"): [kind.run_count for kind in kinds],
        message("starts.column_best"): [kind.best_count for kind in kinds],
        message("starts.column_close", percent=100 * CLOSE): [kind.close_count for kind in kinds],
        message("starts.column_best_share"): [round(kind.best_count / kind.run_count, 4) for kind in kinds],
        message("starts.column_results"): [kind.result_count for kind in kinds],
        message("starts.column_lowest_cost"): [float(kind.costs.min()) for kind in kinds],
        message("starts.column_median_cost"): [float(np.median(kind.costs)) for kind in kinds],
        message("starts.column_highest_cost"): [float(kind.costs.max()) for kind in kinds],
        message("starts.column_median_iterations"): [kind.median_iterations for kind in kinds],
        message("starts.column_stopped"): [kind.stopped_count for kind in kinds],
    }


def run_numbers(kinds: Sequence[Kind]) -> dict[str, list[object]]:
    """Return every run as the columns of a table.

    Runs with the same number in "result" found the same partition; 1 is the best one.
    """
    every = [(kind.name, outcome) for kind in kinds for outcome in kind.outcomes]
    results = results_by_cost(kinds)
    return {
        message("starts.column_init"): [name for name, _ in every],
        message("starts.column_seed"): [outcome.seed for _, outcome in every],
        message("starts.column_cost"): [outcome.cost for _, outcome in every],
        message("starts.column_result"): [results[outcome.partition][0] for _, outcome in every],
        message("starts.column_iterations"): [outcome.iterations for _, outcome in every],
        message("starts.column_converged"): [outcome.converged for _, outcome in every],
    }
