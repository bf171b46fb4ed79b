"""The gap criterion: the K that the gap statistic picks, on the points and on uniform noise.

``kmeans_core.gap`` computes the statistic; this module has the noise, the pick, and the curves of the page.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core import gap_statistic
from kmeans_core.arrays import Points
from ui.analyses.how_many.curves import Criterion, Curve

MAX_POINTS: Final = 10_000
"""The gap statistic clusters at most this many points, a hundred times for each K, and noise has at most as many."""

REFERENCE_SETS: Final = 10
"""How many sets of uniform noise the points are compared with."""

RUNS_PER_REFERENCE_SET: Final = 8
"""How many runs each K has on each of those sets: on noise, results cost nearly the same."""


def uniform_noise(points: Points, count: int, draw: int) -> Points:
    """Return ``(count, d)`` points drawn uniformly over the box of ``points``; the same draw gives the same noise."""
    low, high = points.min(axis=0), points.max(axis=0)
    # Datasets are drawn with a seed of one word. With the same seed, uniform data would be compared with itself.
    noise: Points = np.random.default_rng([draw, 0, 1]).random((count, points.shape[1])) * (high - low) + low
    return noise


def gap_pick(gap: NDArray[np.float64], error: NDArray[np.float64]) -> int | None:
    """Return the authors' choice: the smallest K whose gap is at least the next one's less that one's error."""
    sufficient = np.flatnonzero(gap[:-1] >= gap[1:] - error[1:])
    return int(sufficient[0]) + 1 if len(sufficient) else None


def gap_curve(squares: ArrayLike, reference: ArrayLike) -> Curve:
    """Return the gap of the sums of squares ``(m,)`` for K = 1, 2, ... against those of noise ``(b, m)``."""
    values, errors = gap_statistic(squares, reference)
    return Curve(values, gap_pick(values, errors), errors)


def gap_criterion(squares: ArrayLike, noise_squares: ArrayLike, reference: ArrayLike) -> Criterion:
    """Return the gap statistic of the points, and of each set of noise against the other sets.

    A single set of noise proves little: by the authors' choice, chance alone may favor a K above 1. The criterion
    shows the first set with the most frequent pick.

    Parameters
    ----------
    squares : (m,) float
        The points' sum of squares for K = 1, 2, ...
    noise_squares : (m,) float
        The same for one set of noise.
    reference : (b, m) float
        The same for the sets of noise that the points are compared with.
    """
    sets = np.vstack([noise_squares, reference])
    curves = [gap_curve(row, np.delete(sets, index, axis=0)) for index, row in enumerate(sets)]
    picks = tuple(curve.pick for curve in curves)
    shown_set = max(range(len(picks)), key=lambda index: (picks.count(picks[index]), -index))
    return Criterion("gap", gap_curve(squares, reference), curves[shown_set], picks)
