"""Numbers that judge a clustering, whatever found it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kmeans_core.distances import columns_of, distances_to
from kmeans_core.kmeans import checked_points
from kmeans_core.rules import RULES
from kmeans_core.types import one_of


def cost_of(points: ArrayLike, labels: ArrayLike, centers: ArrayLike, *, rule: str = "mean") -> float:
    """Return what a rule would pay for these labels and centers, be they its own or another rule's.

    With the rule of a run and the labels and centers of one of its half-steps this is the step's own cost. Only that
    one is sure never to rise in the run; another rule's may.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
    labels : (n,) array-like of int
        Cluster of each point, 0 .. k - 1.
    centers : (k, d) array-like of finite real numbers
        A cluster without points may have any center; it adds nothing.
    rule : str
        A key of ``RULES``: what the distance of a point to its center counts.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the points cannot be clustered, the shapes do not fit together, a label names no center, or the rule is not
        known.

    Examples
    --------
    >>> points = [[0.0, 0.0], [3.0, 4.0]]
    >>> [cost_of(points, [0, 0], [[0.0, 0.0]], rule=rule) for rule in ("mean", "medoid", "median")]
    [25.0, 5.0, 7.0]
    """
    array = checked_points(points)
    chosen = RULES[one_of("rule", rule, RULES)]
    places = np.asarray(centers, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != array.shape[1]:
        raise ValueError(f"centers must have shape (k, {array.shape[1]}), as the points do, got {places.shape}")
    own = np.asarray(labels)
    if own.shape != (len(array),) or own.dtype.kind not in "iu":
        raise ValueError(f"labels must be {len(array)} whole numbers, got shape {own.shape} of {own.dtype}")
    if own.min() < 0 or own.max() >= len(places):
        raise ValueError(f"labels must be in 0..{len(places) - 1}, got {own.min()}..{own.max()}")
    distances = distances_to(columns_of(array), places.T.take(own, axis=1), chosen.distance)
    return float(distances.sum())
