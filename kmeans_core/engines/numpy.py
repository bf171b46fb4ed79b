"""The NumPy backend: one column a feature, blocks of points that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.engines import BACKENDS, Engine
from kmeans_core.engines.distances import BLOCK, Floats, columns_of, distances_to
from kmeans_core.engines.exact import Summands
from kmeans_core.engines.median import weighted_median
from kmeans_core.engines.medoid import medoid_index
from kmeans_core.engines.pruned import MeanRuns, PrunedEngine
from kmeans_core.magnitudes import magnified
from kmeans_core.rules import CenterKind, Distance, Rule
from kmeans_core.types import Centers, Labels, Points, Weights, label_dtype

Counts = NDArray[np.int64]

FAST_FROM: Final = BACKENDS["numpy"].prunes_from
"""From so many points on, screening them is faster than looking at each."""


class NumpyEngine:
    """Points as columns, with the rule's distance and center. Fulfils the ``Engine`` protocol."""

    def __init__(self, points: Points, rule: Rule, weights: Weights | None = None) -> None:
        self._columns = columns_of(points)
        self._weights = weights
        self._distance: Distance = rule.distance
        # Squares compare as the distances do, so that the root of all k x n is not needed.
        self._compared: Distance = "sqeuclidean" if rule.distance == "euclidean" else rule.distance
        self._points, self._rule = points, rule
        self._centers_of: CentersOf | None = None

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        k, n = len(centers), self._columns.shape[1]
        labels = np.empty(n, label_dtype(k))
        nearest = np.empty(n)
        size = max(1, BLOCK // k)
        for start in range(0, n, size):
            block = slice(start, start + size)
            distances = distances_to(self._columns[:, block], centers.T[:, :, None], self._compared)
            labels[block] = distances.argmin(axis=0)
            distances.min(axis=0, out=nearest[block])
        if self._distance != self._compared:
            np.sqrt(nearest, out=nearest)
        if self._weights is not None:
            nearest *= self._weights
        return labels, float(nearest.sum())

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster; NaN where a cluster is empty."""
        if self._centers_of is None:
            self._centers_of = centers_of(self._points, self._rule, self._weights)
        return self._centers_of(labels, k)

    def distances(self, labels: Labels, centers: Centers) -> Floats:
        """Return the distance of each point to its own center."""
        return distances_to(self._columns, centers.T.take(labels, axis=1), self._distance)

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        distances = self.distances(labels, centers)
        if self._weights is not None:
            distances *= self._weights
        return float(distances.sum())


CentersOf = Callable[[Labels, int], tuple[Centers, Counts]]
"""``(labels, k) -> (centers, counts)``: the refine of points that are known."""


def centers_of(points: Points, rule: Rule, weights: Weights | None) -> CentersOf:
    """Return the refine of a rule for these points."""
    if rule.center == "mean":
        summands = Summands(points, weights)
        return partial(_means, summands, summands.pieces())
    if weights is None or weights.all():
        return partial(_each, _CENTER[rule.center], columns_of(points), weights)
    counted = weights > 0
    centers = partial(_each, _CENTER[rule.center], columns_of(points[counted]), weights[counted])
    return lambda labels, k: centers(labels[counted], k)


def _means(summands: Summands, pieces: Floats, labels: Labels, k: int) -> tuple[Centers, Counts]:
    """Return the mean of each cluster, from sums that are exact in any order of its points."""
    places = labels.astype(np.intp)  # once, or bincount does it for every column
    columns = [[np.bincount(places, column, k) for column in piece.T] for piece in pieces]
    sums = summands.completed(np.array(columns).transpose(0, 2, 1), labels)
    counts = summands.counts(labels, k)
    return summands.means(sums, counts), counts


Center = Callable[[Floats, Weights | None], Floats]
"""``(columns, weights) -> center``, from ``(d, m)`` and ``(m,)`` to ``(d,)``."""


def _each(center: Center, columns: Floats, weights: Weights | None, labels: Labels, k: int) -> tuple[Centers, Counts]:
    """Return the ``center`` of each cluster, and the counts."""
    counts = np.bincount(labels, minlength=k)
    centers = np.full((k, len(columns)), np.nan)
    by_cluster = np.split(np.argsort(labels, kind="stable"), np.cumsum(counts)[:-1])
    for cluster, members in enumerate(by_cluster):
        if len(members):
            centers[cluster] = center(columns[:, members], None if weights is None else weights[members])
    return centers, counts


def _median(columns: Floats, weights: Weights | None) -> Floats:
    return np.median(columns, axis=1) if weights is None else weighted_median(columns, weights)


def _medoid(columns: Floats, weights: Weights | None) -> Floats:
    return columns[:, medoid_index(magnified(columns), weights)]


_CENTER: Final[dict[CenterKind, Center]] = {"medoid": _medoid, "median": _median}


def engine(points: Points, rule: Rule, weights: Weights | None = None) -> Engine:
    """Make points ready for a rule: by the plain engine above, or by one that finds the same faster.

    Parameters
    ----------
    points : (n, d) float64
    rule : Rule
    weights : (n,) float64, or None
        0 or more. A point of weight w counts as w copies.

    Returns
    -------
    Engine
    """
    if rule.center == "mean" and len(points) >= FAST_FROM:
        return PrunedEngine(MeanRuns(points, weights))
    return NumpyEngine(points, rule, weights)
