"""Starting centers that go wrong on purpose: seeing them fail shows why starting centers matter."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Final

import numpy as np

from kmeans_core import RunConfig, Trace, run
from kmeans_core.arrays import Centers, Points
from ui.settings.edits import Place, round_places
from ui.text.messages import message

_TRIES: Final = 16
"""Runs of which the best one stands for the blobs."""

_MOST_SAMPLED: Final = 50_000
"""The most points, evenly spread over all, that are clustered to find the blobs."""

_MOST_RANKED: Final = 600
"""The most points, evenly spread over the sample, that are clustered to compare bad starting centers."""

_MAX_ITER: Final = 25
"""Iterations after which it is clear where a run ends."""


def _good_run(points: Points, k: int) -> Trace:
    """Return the best of several runs with good starting centers; its clusters stand for the blobs."""
    runs = (run(points, RunConfig(k=k, init="greedy-k-means++", seed=seed, max_iter=50)) for seed in range(_TRIES))
    return min(runs, key=lambda trace: trace.cost)


def _members(points: Points, good: Trace, cluster: int, count: int) -> Centers:
    """Return ``count`` points of a cluster, spread evenly over its members; some twice if it has fewer."""
    members = np.flatnonzero(good.labels == cluster)
    spread: Centers = points[members[np.linspace(0, len(members) - 1, count).astype(int)]]
    return spread


def crowd_largest_blob(points: Points, good: Trace, _rule: str) -> Centers:
    """Put all centers into the largest blob."""
    k = len(good.centers)
    return _members(points, good, int(np.bincount(good.labels, minlength=k).argmax()), k)


def crowd_blob(points: Points, good: Trace, rule: str) -> Centers:
    """Put two centers into one blob and none into another, for the pair of blobs with the worst result."""
    k = len(good.centers)
    if k == 1:
        return good.centers
    sample = points[:: max(1, len(points) // _MOST_RANKED)]

    def place(crowd: int, empty: int) -> Centers:
        centers = good.centers.copy()
        centers[[crowd, empty]] = _members(points, good, crowd, 2)
        return centers

    def final_cost(centers: Centers) -> float:
        config = RunConfig(k=k, rule=rule, init="given", given=round_places(centers), max_iter=_MAX_ITER)
        return run(sample, config).cost if k <= len(sample) else 0.0

    return max((place(*pair) for pair in permutations(range(k), 2)), key=final_cost)


def stack_centers(points: Points, good: Trace, _rule: str) -> Centers:
    """Put all centers on the same spot."""
    return np.repeat(_members(points, good, 0, 1), len(good.centers), axis=0)


BAD_CENTERS: Final[dict[str, Callable[[Points, Trace, str], Centers]]] = {
    message("settings.bad_init_one_blob"): crowd_largest_blob,
    message("settings.bad_init_crowded_blob"): crowd_blob,
    message("settings.bad_init_one_spot"): stack_centers,
}
"""By title, the functions that place bad starting centers."""


def bad_centers(title: str, points: Points, k: int, rule: str = "mean") -> tuple[Place, ...]:
    """Return k bad starting centers, or as many as there are points."""
    sample = points[:: max(1, len(points) // _MOST_SAMPLED)]
    return round_places(BAD_CENTERS[title](sample, _good_run(sample, min(k, len(sample))), rule))
