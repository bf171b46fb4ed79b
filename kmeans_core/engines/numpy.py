"""The NumPy engine: one column per feature, in blocks of points that stay in the processor's cache."""

from __future__ import annotations

from typing import Final

import numpy as np

from kmeans_core.arrays import Centers, Counts, Floats, Labels, Points, Weights, label_dtype
from kmeans_core.engines import BACKENDS, Engine, cluster_centers
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.engines.pruned import MeanRuns, PrunedEngine
from kmeans_core.rules import Distance, Rule

FAST_FROM: Final = BACKENDS["numpy"].prunes_from


def engine(points: Points, rule: Rule, weights: Weights | None = None) -> Engine:
    """Make points ``(n, d)`` and their weights ``(n,)`` ready for a rule, by the faster of two engines.

    From ``FAST_FROM`` points on, the pruned engine finds the same labels and means sooner.
    """
    if rule.center == "mean" and len(points) >= FAST_FROM:
        return PrunedEngine(MeanRuns(points, weights))
    return NumpyEngine(points, rule, weights)


class NumpyEngine:
    """The plain engine, and the reference for all others. Fulfills the ``Engine`` protocol."""

    def __init__(self, points: Points, rule: Rule, weights: Weights | None = None) -> None:
        self._points, self._rule, self._weights = points, rule, weights
        self._columns = columns_of(points)
        self._refine: cluster_centers.Refine | None = None

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        n, k = len(self._points), len(centers)
        # Squares compare as the distances do, so roots are taken of the nearest only.
        distance: Distance = "sqeuclidean" if self._rule.distance == "euclidean" else self._rule.distance
        labels, nearest = np.empty(n, label_dtype(k)), np.empty(n)
        size = max(1, BLOCK // k)
        for start in range(0, n, size):
            block = slice(start, start + size)
            distances = distances_to(self._columns[:, block], centers.T[:, :, None], distance)  # excerpt: numpy.assign
            labels[block] = distances.argmin(axis=0)  # excerpt: numpy.assign
            distances.min(axis=0, out=nearest[block])
        if distance != self._rule.distance:
            np.sqrt(nearest, out=nearest)
        return labels, self._sum(nearest)

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster, NaN where a cluster is empty, and count its points."""
        if self._refine is None:
            self._refine = cluster_centers.refine_for(self._points, self._rule, self._weights)
        return self._refine(labels, k)

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
