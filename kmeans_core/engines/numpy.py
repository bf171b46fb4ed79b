"""The NumPy engine: one column per feature, in blocks of points that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from kmeans_core.arrays import Centers, Counts, Floats, Labels, Points, Weights, label_dtype
from kmeans_core.engines import BACKENDS, Engine
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.engines.exact import Summands
from kmeans_core.engines.median import median
from kmeans_core.engines.medoid import medoid_index
from kmeans_core.engines.pruned import MeanRuns, PrunedEngine
from kmeans_core.engines.units import magnify
from kmeans_core.rules import CenterKind, Distance, Rule

FAST_FROM: Final = BACKENDS["numpy"].prunes_from


def engine(points: Points, rule: Rule, weights: Weights | None = None) -> Engine:
    """Make points ``(n, d)`` and their weights ``(n,)`` ready for a rule, by the faster of two engines.

    From ``FAST_FROM`` points on, the pruned engine finds the same labels and means sooner.
    """
    if rule.center == "mean" and len(points) >= FAST_FROM:
        return PrunedEngine(MeanRuns(points, weights))
    return NumpyEngine(points, rule, weights)


class NumpyEngine:
    """The plain engine, and the reference for all others. Fulfils the ``Engine`` protocol."""

    def __init__(self, points: Points, rule: Rule, weights: Weights | None = None) -> None:
        self._points, self._rule, self._weights = points, rule, weights
        self._columns = columns_of(points)
        self._centers_of: CentersOf | None = None

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        n, k = len(self._points), len(centers)
        # Squares compare as the distances do, so roots are taken of the nearest only.
        compared: Distance = "sqeuclidean" if self._rule.distance == "euclidean" else self._rule.distance
        labels, nearest = np.empty(n, label_dtype(k)), np.empty(n)
        size = max(1, BLOCK // k)
        for start in range(0, n, size):
            block = slice(start, start + size)
            # excerpt: numpy.assign
            distances = distances_to(self._columns[:, block], centers.T[:, :, None], compared)
            labels[block] = distances.argmin(axis=0)  # excerpt: numpy.assign
            distances.min(axis=0, out=nearest[block])
        if compared != self._rule.distance:
            np.sqrt(nearest, out=nearest)
        return labels, self._sum(nearest)

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster, NaN where a cluster is empty, and count its points."""
        if self._centers_of is None:
            self._centers_of = centers_of(self._points, self._rule, self._weights)
        return self._centers_of(labels, k)

    def distances(self, labels: Labels, centers: Centers) -> Floats:
        """Return the distance of each point to its own center."""
        return distances_to(self._columns, centers.T.take(labels, axis=1), self._rule.distance)

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        return self._sum(self.distances(labels, centers))

    def _sum(self, distances: Floats) -> float:
        """Return the weighted sum of distances, which it may overwrite."""
        if self._weights is not None:
            distances *= self._weights
        return float(distances.sum())


CentersOf = Callable[[Labels, int], tuple[Centers, Counts]]
"""``(labels, k) -> (centers, counts)``: the refine of given points."""


def _medoid(columns: Floats, weights: Weights | None) -> Floats:
    return columns[:, medoid_index(magnify(columns), weights)]


_CENTER: Final[dict[CenterKind, Callable[[Floats, Weights | None], Floats]]] = {"medoid": _medoid, "median": median}
"""``(columns, weights) -> center`` of one cluster, from ``(d, m)`` and ``(m,)`` to ``(d,)``."""


def centers_of(points: Points, rule: Rule, weights: Weights | None) -> CentersOf:
    """Return the refine of a rule for these points."""
    if rule.center == "mean":
        summands = Summands(points, weights)
        return partial(_means, summands, summands.pieces())
    if weights is None or weights.all():
        return partial(_centers_by_cluster, rule.center, columns_of(points), weights)
    counted = weights > 0
    refine = partial(_centers_by_cluster, rule.center, columns_of(points[counted]), weights[counted])
    return lambda labels, k: refine(labels[counted], k)


def _means(summands: Summands, pieces: Floats, labels: Labels, k: int) -> tuple[Centers, Counts]:
    """Return the mean of each cluster, from sums that are exact in any order of its points."""
    places = labels.astype(np.intp)  # once, or bincount does it for every column
    # excerpt: numpy.mean
    columns = [[np.bincount(places, column, k) for column in piece.T] for piece in pieces]
    sums = summands.completed(np.array(columns).transpose(0, 2, 1), labels)
    counts = summands.counts(labels, k)
    return summands.means(sums, counts), counts  # excerpt: numpy.mean


def _centers_by_cluster(
    kind: CenterKind, columns: Floats, weights: Weights | None, labels: Labels, k: int
) -> tuple[Centers, Counts]:
    """Return the center of each cluster, of a kind that needs one cluster at a time."""
    counts = np.bincount(labels, minlength=k)
    centers = np.full((k, len(columns)), np.nan)
    by_cluster = np.split(np.argsort(labels, kind="stable"), np.cumsum(counts)[:-1])
    for cluster, members in enumerate(by_cluster):
        if len(members):
            # excerpt: numpy.medoid numpy.median
            centers[cluster] = _CENTER[kind](columns[:, members], None if weights is None else weights[members])
    return centers, counts
