"""The best center of each cluster: means from exact sums, medoids, and medians."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from kmeans_core.arrays import Centers, Counts, Floats, Labels, Points, Weights
from kmeans_core.engines.distances import columns_of
from kmeans_core.engines.exact import Summands
from kmeans_core.engines.median import median
from kmeans_core.engines.medoid import medoid_index
from kmeans_core.engines.units import magnify
from kmeans_core.rules import CenterKind, Rule

Refine = Callable[[Labels, int], tuple[Centers, Counts]]
"""``(labels, k) -> (centers, counts)``: the refine of points that are made ready."""


def _medoid(columns: Floats, weights: Weights | None) -> Floats:
    return columns[:, medoid_index(magnify(columns), weights)]


_CENTER: Final[dict[CenterKind, Callable[[Floats, Weights | None], Floats]]] = {"medoid": _medoid, "median": median}
"""``(columns, weights) -> center`` of one cluster, from ``(d, m)`` and ``(m,)`` to ``(d,)``."""


def refine_for(points: Points, rule: Rule, weights: Weights | None) -> Refine:
    """Return the refine of a rule for these points."""
    if rule.center == "mean":
        summands = Summands(points, weights)
        return partial(_means, summands, summands.pieces())
    if weights is None or weights.all():
        return partial(_each_center, rule.center, columns_of(points), weights)
    has_weight = weights > 0
    refine = partial(_each_center, rule.center, columns_of(points[has_weight]), weights[has_weight])
    return lambda labels, k: refine(labels[has_weight], k)


def _means(summands: Summands, pieces: Floats, labels: Labels, k: int) -> tuple[Centers, Counts]:
    """Return the mean of each cluster, from sums that are exact in any order of its points."""
    places = labels.astype(np.intp)  # once, or bincount does it for every column
    # excerpt: numpy.mean
    columns = [[np.bincount(places, column, k) for column in piece.T] for piece in pieces]
    sums = summands.complete(np.array(columns).transpose(0, 2, 1), labels)
    counts = summands.counts(labels, k)
    return summands.means(sums, counts), counts  # excerpt: numpy.mean


def _each_center(
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
