"""Why k-means++ may do worse than random points: a reason computed from the runs. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Trace
from kmeans_core.engines.distances import columns_of, distances_to
from kmeans_core.types import Centers, Points
from ui.analyses.starts import CLOSE_WORDS, Kind

_LOOKED_AT: Final = 200
"""Runs of a kind whose starting centers are looked at for a reason."""

_FEWEST: Final = 50
"""With fewer runs of a kind, a difference between two kinds may be chance."""

_PLACED_POINTS: Final = 10_000_000
"""Points, times clusters, times runs, that starting centers are placed among for a reason: about a second."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """How often starting centers crowd into the most expensive cluster of the best result.

    Attributes
    ----------
    share : float
        The share of the best result's cost that this cluster has, 0 .. 1.
    random, spread : (r,) bool
        For the runs of seeds 0 .. r - 1 with random points and with k-means++: whether two or more of their starting
        centers are nearest to that cluster's center.
    """

    share: float
    random: NDArray[np.bool_]
    spread: NDArray[np.bool_]


def does_worse(kinds: Sequence[Kind]) -> bool:
    """Tell whether k-means++ comes close to the best result less often than random points do, beyond chance."""
    by_name = {kind.name: kind for kind in kinds}
    random, spread = by_name["random"], by_name["k-means++"]
    return _is_clearly_more(random.close, len(random.outcomes), spread.close, len(spread.outcomes))


def looked_at(kinds: Sequence[Kind], n: int) -> int:
    """Return the runs of a kind whose starting centers are looked at on ``n`` points; 0 where those are too few."""
    runs = min(_LOOKED_AT, len(kinds[0].outcomes), _PLACED_POINTS // n)
    return runs if runs >= _FEWEST else 0


def measured(points: Points, best: Trace, starts: Mapping[str, Sequence[Centers]]) -> Crowding:
    """Return how often the starting centers of each run, ``(k, d)``, crowd into the best run's costliest cluster."""
    distance = RULES[best.config.rule].distance
    columns, centers = columns_of(points), best.centers.T
    paid = np.bincount(best.labels, distances_to(columns, centers.take(best.labels, axis=1), distance))
    widest = int(paid.argmax())

    def is_crowded(start: Centers) -> bool:
        nearest = distances_to(start.T[:, :, None], centers[:, None, :], distance).argmin(axis=1)
        return int(np.count_nonzero(nearest == widest)) > 1

    random, spread = (np.array([is_crowded(start) for start in starts[name]]) for name in ("random", "k-means++"))
    return Crowding(float(paid[widest] / (paid.sum() or 1.0)), random, spread)


def crowding_told(kinds: Sequence[Kind], crowd: Crowding) -> str:
    """Say why k-means++ does worse than random points here, where the numbers bear it out; else nothing."""
    spread = next(kind for kind in kinds if kind.name == "k-means++")
    close = np.array([spread.is_close(outcome) for outcome in spread.outcomes[: len(crowd.spread)]])
    many, more, fewer = (int(np.count_nonzero(some)) for some in (crowd.spread, ~crowd.spread, crowd.random))
    with_, without = (int(np.count_nonzero(close[some])) for some in (crowd.spread, ~crowd.spread))
    count = len(crowd.spread)
    if not (_is_clearly_more(many, count, fewer, len(crowd.random)) and _is_clearly_more(without, more, with_, many)):
        return ""
    return (
        "Why does k-means++ do worse here? It favors points far from the centers so far, and the cluster of the best "
        f"result with the largest cost ({100 * crowd.share:.0f}\N{NARROW NO-BREAK SPACE}% of the total) has many of "
        f"them. Two or more starting centers fell into that cluster in {many} of {count} runs with k-means++, but in "
        f"{fewer} of {len(crowd.random)} with random points. Of those {many}, {with_} came within {CLOSE_WORDS} of "
        f"the best cost; of the other {more}, {without} did."
    )


_BEYOND_CHANCE: Final = 2.6
"""Standard errors that two shares differ by at least: by chance that happens once in 200 pairs, one way."""


def _is_clearly_more(some: int, of: int, others: int, of_others: int) -> bool:
    """Tell whether one share is larger than another beyond chance, by the z-test of two proportions."""
    if not of or not of_others:
        return False
    pooled = (some + others) / (of + of_others)
    error = (pooled * (1 - pooled) * (1 / of + 1 / of_others)) ** 0.5
    return bool(error > 0 and some / of - others / of_others > _BEYOND_CHANCE * error)
