"""Starts that go wrong on purpose, because seeing them fail shows what a start is for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Final

import numpy as np

from kmeans_core import RunConfig, run
from kmeans_core.types import Centers, Points, Trace
from ui.settings.edits import Place, as_places

_TRIES: Final = 16

_MANY: Final = 50_000
"""Of so many points, spread evenly over all, the blobs are those of all."""

_ENOUGH: Final = 600
"""So many points, spread evenly over all, tell which of many starts ends worst."""

_LONG: Final = 25
"""Iterations after which it is clear where a run ends."""


def _good_run(points: Points, k: int) -> Trace:
    """Return the best of a few well-started runs: its clusters stand for the blobs."""
    tries = (run(points, RunConfig(k=k, init="greedy-k-means++", seed=seed, max_iter=50)) for seed in range(_TRIES))
    return min(tries, key=lambda trace: trace.cost)


def _members(points: Points, good: Trace, cluster: int, count: int) -> Centers:
    """Return ``count`` points of a cluster, spread evenly over its members; some twice if it has fewer."""
    members = np.flatnonzero(good.labels == cluster)
    spread: Centers = points[members[np.linspace(0, len(members) - 1, count).astype(int)]]
    return spread


def all_in_one(points: Points, good: Trace, _rule: str) -> Centers:
    """Put all centers into the largest blob."""
    k = len(good.centers)
    return _members(points, good, int(np.bincount(good.labels, minlength=k).argmax()), k)


def two_in_one(points: Points, good: Trace, rule: str) -> Centers:
    """Put one center into each blob, but two into one and none into another: the pair of blobs that ends worst."""
    k = len(good.centers)
    if k == 1:
        return good.centers
    some = points[:: max(1, len(points) // _ENOUGH)]

    def crowd(crowded: int, bare: int) -> Centers:
        centers = good.centers.copy()
        centers[[crowded, bare]] = _members(points, good, crowded, 2)
        return centers

    def end(centers: Centers) -> float:
        config = RunConfig(k=k, rule=rule, init="given", given=as_places(centers), max_iter=_LONG)
        return run(some, config).cost if k <= len(some) else 0.0

    return max((crowd(*pair) for pair in permutations(range(k), 2)), key=end)


def on_one_spot(points: Points, good: Trace, _rule: str) -> Centers:
    """Put all centers on the same spot."""
    return np.repeat(_members(points, good, 0, 1), len(good.centers), axis=0)


BAD_STARTS: Final[dict[str, Callable[[Points, Trace, str], Centers]]] = {
    "All in one blob": all_in_one,
    "Two in one blob, none in another": two_in_one,
    "All on one spot": on_one_spot,
}
"""What a button says, and where it puts the centers."""


def bad_start(name: str, points: Points, k: int, rule: str = "mean") -> tuple[Place, ...]:
    """Return where the bad start of that name puts k centers, at most as many as there are points."""
    some = points[:: max(1, len(points) // _MANY)]
    return as_places(BAD_STARTS[name](some, _good_run(some, min(k, len(some))), rule))
