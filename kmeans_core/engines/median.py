"""The median of a cluster in each feature, with weights as the median of copies."""

from __future__ import annotations

from math import fsum

import numpy as np

from kmeans_core.arrays import Floats, Weights


def median(columns: Floats, weights: Weights | None) -> Floats:
    """Return the median ``(d,)`` of a cluster's points ``(d, m)`` and their weights ``(m,)``."""
    # excerpt: numpy.median
    return np.median(columns, axis=1) if weights is None else weighted_median(columns, weights)


def weighted_median(columns: Floats, weights: Weights) -> Floats:
    """Return the median of each feature, where a point of weight w counts as w copies.

    Where exactly half of the weight lies below, the median is halfway between the two values in the middle, as
    ``np.median`` has it for an even number of values.

    Parameters
    ----------
    columns : (d, m) float64
        The points of one cluster, one row a feature; m is at least 1.
    weights : (m,) float64
        Above 0.

    Returns
    -------
    (d,) float64
    """
    order = np.argsort(columns, axis=1, kind="stable")
    values = np.take_along_axis(columns, order, axis=1)
    sorted_weights = weights[order]
    # The weight at or below each value.
    below = np.cumsum(sorted_weights, axis=1)
    half = below[:, -1:] / 2
    # A sum of m terms is off by less than m half units in the last place of itself; twice that is safe.
    slack = half * (2 * len(weights) * np.finfo(np.float64).eps)
    places = np.argmax(below >= half - slack, axis=1)
    centers: Floats = values[np.arange(len(values)), places]
    for feature in np.flatnonzero(below[np.arange(len(values)), places] <= (half + slack)[:, 0]).tolist():
        centers[feature] = _middle(values[feature], sorted_weights[feature], int(places[feature]))
    return centers


def _middle(values: Floats, weights: Floats, place: int) -> float:
    """Return the median of sorted values, searching from ``place`` on by exact sums of weights."""
    # The sum is rounded once, at its end, so that its sign is right.
    while (more := fsum([*weights[: place + 1].tolist(), *(-weights[place + 1 :]).tolist()])) < 0:
        place += 1
    return float(values[place] if more else (values[place] + values[place + 1]) / 2)
