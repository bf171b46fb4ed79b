"""How large and how small numbers may be, so that squared distances neither overflow nor vanish.

A squared difference overflows float64 above 1.3e154, and below 1.5e-154 it loses digits until it is 0, so that distinct
points look equal. Too large values are refused, because their cost could not be reported. Small ones are multiplied by
a power of 2, which rounds nothing, wherever distances are computed: labels and centers are those of exact arithmetic on
the same values, and a cost too small for a float is reported as the nearest one, which may be 0.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kmeans_core.engines.distances import BLOCK
from kmeans_core.types import Weights

Floats = NDArray[np.float64]

_KINDS: Final = {name: np.finfo(name) for name in ("float64", "float32")}


def refuse_overflow(
    name: str, largest: float, shape: tuple[int, ...], weights: Weights | None = None, precision: str = "float64"
) -> None:
    """Refuse a value with which squared distances, or their weighted sum over n points, would overflow."""
    limit = _highest(shape, weights, precision)
    if largest > limit:
        raise ValueError(
            f"{name} must be small enough for their squared distances to be added up, got a value of size "
            f"{largest:.6g}: rescale the data so that no value is larger than {limit:.1e}"
        )


class Unit(NamedTuple):
    """The unit in which distances are computed.

    Attributes
    ----------
    exponent : int
        The power of 2 by which values are multiplied, 0 or more.
    extreme : bool
        Whether even so the squares of some differences vanish, because others must not overflow.
    """

    exponent: int = 0
    extreme: bool = False


PLAIN: Final = Unit()
"""The unit of all but extreme values: their own."""


def unit_for(
    points: Floats, centers: Floats | None = None, weights: Weights | None = None, precision: str = "float64"
) -> Unit:
    """Return the unit in which no squared distance vanishes, if there is one.

    Parameters
    ----------
    points : (n, d) float64
    centers : (k, d) float64, or None
        Those that are known; neither is too large for ``refuse_overflow``.
    weights : (n,) float64, or None
    precision : {"float64", "float32"}
        In float32, which exists to show what rounding does, as much as is possible has to do.
    """
    arrays = [points] if centers is None else [points, centers]
    low = _lowest(points.shape, weights, precision)
    least = min(_smallest(values, low) for values in arrays)
    if least >= low:
        return PLAIN
    most = max(float(np.abs(values).max()) for values in arrays)
    wanted = _exponent(low) - _exponent(least) + 1
    room = max(0, _exponent(_highest(points.shape, weights, precision)) - _exponent(most) - 1)
    return Unit(min(wanted, room), wanted > room and precision == "float64")


def magnified(values: Floats) -> Floats:
    """Return values times a power of 2, so that the squares of their differences are as large as all values allow.

    Most are returned as they are. This serves clusters of tiny values beside large ones, in tables without a unit.
    """
    largest = max(float(values.max()), -float(values.min()))
    return np.ldexp(values, 200 - _exponent(largest)) if 0 < largest < 2.0**-300 else values


def _highest(shape: tuple[int, ...], weights: Weights | None, precision: str) -> float:
    """Return the largest size of values with which weighted sums of squared distances do not overflow."""
    n, d = shape
    total = n if weights is None else max(n, float(weights.sum()))
    return sqrt(float(_KINDS[precision].max) / d / total) / 2


def _lowest(shape: tuple[int, ...], weights: Weights | None, precision: str) -> float:
    """Return the smallest size above 0 of values whose squared distances to centers do not vanish.

    Values of at least s are whole multiples of ``eps s / 2``, so that means of n of them, and their differences from
    values, are 0 or at least ``eps s / (2 n)``. The square of that, times the smallest weight, must be a normal number,
    because TensorFlow takes smaller ones for 0.
    """
    kind = _KINDS[precision]
    least = 1.0 if weights is None else min(1.0, float(weights[weights > 0].min()))
    return sqrt(float(kind.tiny) / least) * 2 * shape[0] / float(kind.eps)


def _smallest(values: Floats, low: float) -> float:
    """Return the smallest size of values that is above 0 and below ``low``; infinity if there is none."""
    flat, least = values.reshape(-1), np.inf
    for start in range(0, len(flat), BLOCK):
        sizes = np.abs(flat[start : start + BLOCK])
        if sizes.min() < low:
            least = sizes.min(where=(sizes > 0) & (sizes < low), initial=least)
    return float(least)


def _exponent(value: float) -> int:
    return int(np.frexp(value)[1])
