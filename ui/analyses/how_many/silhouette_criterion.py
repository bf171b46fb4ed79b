"""The silhouette criterion: the mean silhouette of each K, and the K with the largest one."""

from __future__ import annotations

from math import nan
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core import RULES, silhouette
from kmeans_core.arrays import Labels, Points
from kmeans_core.rules import Distance
from ui.analyses.how_many.curves import Curve
from ui.charts.thumbnails import sample
from ui.settings.run_input import RunInput

MAX_POINTS: Final = 4_000
"""Silhouettes use at most this many points: all pairs of more would take too long."""

RunSilhouettes = tuple[NDArray[np.float64], Labels]
"""The silhouettes ``(m,)`` of some points of a run, and their clusters ``(m,)``."""


def silhouettes(points: Points, labels: Labels, rule: str) -> NDArray[np.float64]:
    """Return the silhouettes ``(m,)`` of points by the rule's unsquared distance; empty for a single cluster."""
    if len(np.unique(labels)) < 2:
        return np.empty(0)
    distance: Distance = "cityblock" if RULES[rule].distance == "cityblock" else "euclidean"
    return silhouette(points, labels, distance=distance)


def mean_silhouette(points: Points, labels: Labels, rule: str) -> float:
    """Return the mean of ``silhouettes``; NaN for a single cluster."""
    values = silhouettes(points, labels, rule)
    return float(values.mean()) if len(values) else nan


def silhouette_pick(means: ArrayLike) -> int | None:
    """Return the K with the largest mean silhouette; None if no K has one."""
    values = np.asarray(means, dtype=np.float64)
    return None if np.isnan(values).all() else int(np.nanargmax(values)) + 1


def silhouette_curve(means: ArrayLike) -> Curve:
    """Return the mean silhouettes ``(m,)`` for K = 1, 2, ... with the criterion's pick."""
    return Curve(np.asarray(means, dtype=np.float64), silhouette_pick(means))


def run_silhouettes(inputs: RunInput) -> RunSilhouettes:
    """Return the silhouettes ``(m,)`` of up to ``MAX_POINTS`` points of a run, and their clusters ``(m,)``."""
    labels = inputs.trace().compact_labels
    points_used = sample(len(inputs.points), MAX_POINTS)
    return silhouettes(inputs.points[points_used], labels[points_used], inputs.settings.rule), labels[points_used]
