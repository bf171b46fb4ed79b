"""Crowding: how often starting centers fall together into the costliest cluster of the best result.

It is the reason why k-means++ may do worse than random points, where the runs bear it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Trace
from kmeans_core.arrays import Centers, Points
from kmeans_core.engines.distances import columns_of, distances_to
from ui.analyses.starts.outcomes import Kind

_MAX_RUNS: Final = 200
"""The most runs of a kind whose starting centers are examined."""

_MIN_RUNS: Final = 50
"""With fewer runs of a kind, a difference between two kinds may be chance."""

_MAX_PLACED: Final = 10_000_000
"""Points times runs among which starting centers are placed: about a second."""

_STANDARD_ERRORS: Final = 2.6
"""Two shares differ beyond chance by at least this many standard errors: by chance, once in 200 pairs, one way."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """How often starting centers crowd into the costliest cluster of the best result.

    Attributes
    ----------
    cost_share : float
        The share of the best result's cost that this cluster has, 0 .. 1.
    random, spread : (r,) bool
        For the runs of seeds 0 .. r - 1 with random points and with k-means++: whether two or more of their starting
        centers are nearest to that cluster's center.
    """

    cost_share: float
    random: NDArray[np.bool_]
    spread: NDArray[np.bool_]


def spread_is_worse(kinds: Sequence[Kind]) -> bool:
    """Tell whether k-means++ comes close to the best result less often than random points do, beyond chance."""
    by_name = {kind.name: kind for kind in kinds}
    random, spread = by_name["random"], by_name["k-means++"]
    return is_clearly_more(random.close_count, random.run_count, spread.close_count, spread.run_count)


def examined_runs(kinds: Sequence[Kind], n: int) -> int:
    """Return how many runs of a kind to examine on ``n`` points; 0 where those are too few."""
    runs = min(_MAX_RUNS, kinds[0].run_count, _MAX_PLACED // n)
    return runs if runs >= _MIN_RUNS else 0


def crowding_in(points: Points, best: Trace, starts: Mapping[str, Sequence[Centers]]) -> Crowding:
    """Return how often the starting centers of each run, ``(k, d)``, crowd into the best run's costliest cluster.

    ``starts`` holds those of the runs with random points and with k-means++, by the names of the initializers.
    """
    distance = RULES[best.config.rule].distance
    columns, centers = columns_of(points), best.centers.T
    costs = np.bincount(best.labels, distances_to(columns, centers.take(best.labels, axis=1), distance))
    costliest = int(costs.argmax())

    def is_crowded(start: Centers) -> bool:
        nearest = distances_to(start.T[:, :, None], centers[:, None, :], distance).argmin(axis=1)
        return int(np.count_nonzero(nearest == costliest)) > 1

    random, spread = (np.array([is_crowded(start) for start in starts[name]]) for name in ("random", "k-means++"))
    return Crowding(float(costs[costliest] / (costs.sum() or 1.0)), random, spread)


def is_clearly_more(count: int, total: int, other_count: int, other_total: int) -> bool:
    """Tell whether one share is larger than another beyond chance, by the z-test of two proportions."""
    if not total or not other_total:
        return False
    pooled = (count + other_count) / (total + other_total)
    error = (pooled * (1 - pooled) * (1 / total + 1 / other_total)) ** 0.5
    return bool(error > 0 and count / total - other_count / other_total > _STANDARD_ERRORS * error)
