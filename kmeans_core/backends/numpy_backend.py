"""The NumPy backend: one column a feature, blocks of points that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.backends import BACKENDS, Engine
from kmeans_core.distances import BLOCK, Floats, columns_of, distances_to
from kmeans_core.exact import grids_of, in_pieces
from kmeans_core.medoid import medoid_index
from kmeans_core.rules import CenterKind, Distance, Rule
from kmeans_core.screening import ScreeningEngine
from kmeans_core.types import Centers, Labels, Points, label_dtype

Counts = NDArray[np.int64]

FAST_FROM: Final = BACKENDS["numpy"].screens_from
"""From so many points on, screening them is faster than looking at each."""


class NumpyEngine:
    """Points as columns, with the rule's distance and center. Fulfils the ``Engine`` protocol."""

    def __init__(self, points: Points, rule: Rule) -> None:
        self._columns = columns_of(points)
        self._distance: Distance = rule.distance
        # Squares compare as the distances do, so that the root of all k x n is not needed.
        self._compared: Distance = "sqeuclidean" if rule.distance == "euclidean" else rule.distance
        self._centers_of = _CENTERS_OF[rule.center]

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
        return labels, float(nearest.sum())

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster; NaN where a cluster is empty."""
        counts = np.bincount(labels, minlength=k)
        return self._centers_of(self._columns, labels, counts), counts

    def distances(self, labels: Labels, centers: Centers) -> Floats:
        """Return what each point adds to the rule's cost."""
        return distances_to(self._columns, centers.T.take(labels, axis=1), self._distance)

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        return float(self.distances(labels, centers).sum())


def _means(columns: Floats, labels: Labels, counts: Counts) -> Centers:
    """Return the mean of each cluster, from sums that are exact in any order of its points."""
    places = labels.astype(np.intp)  # once, or bincount does it for every piece

    sums = np.zeros((len(counts), len(columns)))
    for feature, column in enumerate(columns):
        for piece in in_pieces(column, grids_of(np.abs(column).max(), len(column))):
            sums[:, feature] += np.bincount(places, weights=piece, minlength=len(counts))
    with np.errstate(invalid="ignore"):  # 0 / 0 is the NaN of an empty cluster
        return sums / counts[:, None]


def _each(center: Callable[[Floats], Floats]) -> Callable[[Floats, Labels, Counts], Centers]:
    """Lift ``center``, from the ``(d, m)`` columns of one cluster to its center, to all clusters."""

    def centers_of(columns: Floats, labels: Labels, counts: Counts) -> Centers:
        centers = np.full((len(counts), len(columns)), np.nan)
        by_cluster = np.split(np.argsort(labels, kind="stable"), np.cumsum(counts)[:-1])
        for cluster, members in enumerate(by_cluster):
            if len(members):
                centers[cluster] = center(columns[:, members])
        return centers

    return centers_of


def _median(columns: Floats) -> Floats:
    return np.median(columns, axis=1)


def _medoid(columns: Floats) -> Floats:
    return columns[:, medoid_index(columns)]


_CENTERS_OF: Final[dict[CenterKind, Callable[[Floats, Labels, Counts], Centers]]] = {
    "mean": _means,
    "medoid": _each(_medoid),
    "median": _each(_median),
}


def engine(points: Points, rule: Rule) -> Engine:
    """Make points ready for a rule: by the plain engine above, or by one that finds the same faster.

    Parameters
    ----------
    points : (n, d) float64
    rule : Rule

    Returns
    -------
    Engine
    """
    if rule.center == "mean" and len(points) >= FAST_FROM:
        return ScreeningEngine(points)
    return NumpyEngine(points, rule)
