"""The power of 2 by which values are multiplied before distances are computed, so that small ones do not vanish.

Below 1.5e-154 a squared difference loses digits until it is 0, so that distinct points look equal. Small values are
therefore multiplied by a power of 2, which rounds nothing: labels and centers are those of exact arithmetic on the same
values, and a cost too small for a float is reported as the nearest one, which may be 0.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from kmeans_core.arrays import Floats, Weights
from kmeans_core.engines.distances import BLOCK
from kmeans_core.validation import largest_allowed


class Unit(NamedTuple):
    """The unit in which distances are computed.

    Attributes
    ----------
    exponent : int
        The power of 2 by which values are multiplied, 0 or more.
    extreme : bool
        Whether the squares of some differences vanish even so, because larger values must not overflow.
    """

    exponent: int = 0
    extreme: bool = False


PLAIN: Final = Unit()
"""The unit of all but extreme values: their own."""


def unit_for(
    points: Floats, centers: Floats | None = None, weights: Weights | None = None, precision: str = "float64"
) -> Unit:
    """Return the unit in which no squared distance vanishes, or the best there is.

    Parameters
    ----------
    points : (n, d) float64
    centers : (k, d) float64, or None
        The known centers; points and centers have passed ``validate_magnitude``.
    weights : (n,) float64, or None
    precision : {"float64", "float32"}
        float32 exists to show what rounding does, so it never counts as extreme.
    """
    arrays = [points] if centers is None else [points, centers]
    low = _smallest_safe(points.shape, weights, precision)
    smallest = min(_smallest_below(low, values) for values in arrays)
    if smallest >= low:
        return PLAIN
    largest = max(float(np.abs(values).max()) for values in arrays)
    bits = _exponent(low) - _exponent(smallest) + 1
    room = max(0, _exponent(largest_allowed(points.shape, weights, precision)) - _exponent(largest) - 1)
    return Unit(min(bits, room), bits > room and precision == "float64")


def magnify(values: Floats) -> Floats:
    """Return values times a power of 2, so that the squares of their differences are as large as all values allow.

    Most are returned as they are. This serves clusters of tiny values beside large ones, in tables without a unit.
    """
    largest = max(float(values.max()), -float(values.min()))
    return np.ldexp(values, 200 - _exponent(largest)) if 0 < largest < 2.0**-300 else values


def _smallest_safe(shape: tuple[int, ...], weights: Weights | None, precision: str) -> float:
    """Return the smallest magnitude above 0 of values whose squared distances to centers do not vanish.

    Values of at least s are whole multiples of ``eps s / 2``, so means of n of them, and their differences from
    values, are 0 or at least ``eps s / (2 n)``. The square of that, times the smallest weight, must be a normal number,
    because TensorFlow takes smaller ones for 0.
    """
    kind = np.finfo(precision)
    weight = 1.0 if weights is None else min(1.0, float(weights[weights > 0].min()))
    return sqrt(float(kind.tiny) / weight) * 2 * shape[0] / float(kind.eps)


def _smallest_below(low: float, values: Floats) -> float:
    """Return the smallest magnitude of values that is above 0 and below ``low``; infinity if there is none."""
    flat, smallest = values.reshape(-1), np.inf
    for start in range(0, len(flat), BLOCK):
        sizes = np.abs(flat[start : start + BLOCK])
        if sizes.min() < low:
            smallest = sizes.min(where=(sizes > 0) & (sizes < low), initial=smallest)
    return float(smallest)


def _exponent(value: float) -> int:
    return int(np.frexp(value)[1])
