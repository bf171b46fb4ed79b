"""Initializers: where the starting centers come from.

All draw from one seeded ``numpy.random.Generator``, so that a seed gives the same starting centers on every backend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Floats, label_dtype
from kmeans_core.choices import Choice
from kmeans_core.engines.distances import columns_of, distances_to
from kmeans_core.engines.medoid import TIE
from kmeans_core.seeding import Seeding

InitName = Literal["random", "k-means++", "greedy-k-means++", "farthest", "partition", "given"]
"""The names of the initializers: the keys of ``INITIALISERS``, and ``"given"`` for starting centers of your own."""


def random_points(seeding: Seeding) -> Centers:
    """Choose k different points at random, each as likely as its weight: Forgy's method, and the post's."""
    n = len(seeding.points)
    return seeding.points[seeding.rng.choice(n, size=seeding.k, replace=False, p=seeding.odds)]  # excerpt: init.random


def k_means_plus_plus(seeding: Seeding) -> Centers:
    """Draw points one by one, each in proportion to what it adds to the cost so far, its ``Rule.distance``.

    Source: D. Arthur and S. Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007.
    """

    def draw(columns: Floats, nearest: Floats, picks: NDArray[np.bool_]) -> int:
        return int(seeding.rng.choice(len(nearest), p=_cost_shares(seeding, nearest, picks)))  # excerpt: init.k-means++

    return _draw_centers(seeding, draw)


def greedy_k_means_plus_plus(seeding: Seeding) -> Centers:
    """Draw ``2 + int(ln k)`` points for each center as k-means++ does, and keep the one that leaves the lowest cost.

    Source: C. Grunau et al., A nearly tight analysis of greedy k-means++, SODA 2023. It is scikit-learn's "k-means++".
    """
    count = 2 + int(np.log(seeding.k))

    def draw(columns: Floats, nearest: Floats, picks: NDArray[np.bool_]) -> int:
        # excerpt: init.greedy-k-means++
        candidates = seeding.rng.choice(len(nearest), size=count, p=_cost_shares(seeding, nearest, picks))
        costs = []
        for point in candidates.tolist():
            # excerpt: init.greedy-k-means++
            distances = np.minimum(nearest, distances_to(columns, columns[:, point], seeding.rule.distance))
            costs.append(float((distances if seeding.weights is None else distances * seeding.weights).sum()))
        # Costs that are equal up to rounding count as equal, so that the order of a sum never decides.
        return int(candidates[np.argmax(np.array(costs) <= min(costs) * (1 + TIE))])  # excerpt: init.greedy-k-means++

    return _draw_centers(seeding, draw)


def farthest_points(seeding: Seeding) -> Centers:
    """Choose a random point, then again and again the point that is farthest from the centers so far.

    Source: T. F. Gonzalez, Clustering to minimize the maximum intercluster distance, Theor. Comput. Sci. 38, 1985.
    """

    def draw(columns: Floats, nearest: Floats, picks: NDArray[np.bool_]) -> int:
        is_excluded = picks if seeding.weights is None else picks | (seeding.weights == 0)
        return int(np.argmax(np.where(is_excluded, -1.0, nearest)))  # excerpt: init.farthest

    return _draw_centers(seeding, draw)


def random_partition(seeding: Seeding) -> Centers:
    """Give every point a random cluster, none left empty, and take the rule's center of each.

    Source: J. M. Peña, J. A. Lozano and P. Larrañaga, An empirical comparison of four initialization methods for the
    K-means algorithm, Pattern Recognit. Lett. 20(10), 1999.
    """
    n, k = len(seeding.points), seeding.k
    labels = seeding.rng.integers(k, size=n)  # excerpt: init.partition
    # Each cluster gets a point of its own, so that none is empty.
    labels[seeding.rng.choice(n, size=k, replace=False, p=seeding.odds)] = np.arange(k)
    return seeding.engine.refine(labels.astype(label_dtype(k)), k)[0]  # excerpt: init.partition


def given_centers(seeding: Seeding) -> Centers:
    """Take the placed centers, which need not be points even with the medoid rule."""
    return np.array(seeding.given, dtype=np.float64)  # excerpt: init.given


def _draw_centers(seeding: Seeding, draw: Callable[[Floats, Floats, NDArray[np.bool_]], int]) -> Centers:
    """Choose a random point, then k - 1 more by ``draw(columns, nearest, picks)``.

    It gets the points as ``(d, n)`` columns, each point's distance to the nearest center, and which points were picked.
    """
    columns, n = columns_of(seeding.points), len(seeding.points)
    if seeding.exponent:
        columns = np.ldexp(columns, seeding.exponent)
    first = seeding.rng.integers(n) if (odds := seeding.odds) is None else seeding.rng.choice(n, p=odds)
    indices, picks = [int(first)], np.zeros(n, dtype=np.bool_)
    nearest = np.full(n, np.inf)
    while True:
        picks[indices[-1]] = True
        # excerpt: init.k-means++ init.greedy-k-means++ init.farthest
        np.minimum(nearest, distances_to(columns, columns[:, indices[-1]], seeding.rule.distance), out=nearest)
        if len(indices) == seeding.k:
            return seeding.points[indices]
        indices.append(draw(columns, nearest, picks))  # excerpt: init.k-means++ init.greedy-k-means++ init.farthest


def _cost_shares(seeding: Seeding, nearest: Floats, picks: NDArray[np.bool_]) -> Floats:
    """Return each point's share of the current cost, ``(n,)``; if that is 0, the points not picked share by weight."""
    shares = nearest if seeding.weights is None else nearest * seeding.weights
    if not shares.any():
        shares = np.where(picks, 0.0, 1.0 if seeding.weights is None else seeding.weights)
    odds: Floats = shares / shares.sum()
    return odds


@dataclass(frozen=True, slots=True)
class Initialiser(Choice):
    """A registered initializer and its function; ``draws_points`` tells whether all of its centers are points."""

    place: Callable[[Seeding], Centers]
    draws_points: bool = True


_INITIALISERS = (
    Initialiser("random", "initialisers.random_title", "initialisers.random_summary", random_points),
    Initialiser("k-means++", "initialisers.k_means_title", "initialisers.k_means_summary", k_means_plus_plus),
    Initialiser(
        "greedy-k-means++",
        "initialisers.greedy_k_means_title",
        "initialisers.greedy_k_means_summary",
        greedy_k_means_plus_plus,
    ),
    Initialiser("farthest", "initialisers.farthest_title", "initialisers.farthest_summary", farthest_points),
    Initialiser(
        "partition",
        "initialisers.partition_title",
        "initialisers.partition_summary",
        random_partition,
        draws_points=False,
    ),
    Initialiser("given", "initialisers.given_title", "initialisers.given_summary", given_centers, draws_points=False),
)

INITIALISERS: Final[Mapping[str, Initialiser]] = MappingProxyType({entry.name: entry for entry in _INITIALISERS})
"""The initializers by name. A new one is a function and an entry; ``# excerpt: init.NAME`` marks its lines to show."""
