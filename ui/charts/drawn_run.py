"""A run as Python draws it: where points and centers are in the plane, and which points switched cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Trace
from kmeans_core.arrays import Centers, Points


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRun:
    """A run, and where it is drawn.

    Attributes
    ----------
    trace : Trace
    places : (n, 2) float64
        Where each point is drawn.
    centers : sequence of (k, 2) float64
        Where the centers are drawn after each half-step.
    equal_units : bool
        Whether a unit is as long in x as in y.
    axes : (str, str), optional
        What is across and what is upwards, where that has a name.

    Raises
    ------
    ValueError
        If the places and centers are not those of the trace.
    """

    trace: Trace
    places: Points
    centers: Sequence[Centers]
    equal_units: bool
    axes: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        n, k = len(self.trace.labels), self.trace.config.k
        if self.places.shape != (n, 2):
            raise ValueError(f"places must have the shape {(n, 2)}, one for each point, got {self.places.shape}")
        if len(self.centers) != len(self.trace) or any(places.shape != (k, 2) for places in self.centers):
            raise ValueError(f"centers must be {len(self.trace)} arrays of the shape {(k, 2)}, one for each half-step")


def switches_of(trace: Trace, index: int) -> NDArray[np.bool_] | None:
    """Return which points ``(n,)`` switched cluster in a half-step; None where none had one before, or has one now."""
    before, now = trace[max(index - 1, 0)].compact_labels, trace[index].compact_labels
    return None if before is None or now is None else np.not_equal(before, now)
