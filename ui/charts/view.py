"""Where a place of the data is in a picture that Python draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float64]
"""``(m, 2) float64``: x and y in a picture, y downwards."""


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the plane, and the rectangle of a picture that shows it.

    ``low`` and ``high`` are the ends of x and y in the data, ``area`` is left, top, width and height in pixels.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    area: tuple[float, float, float, float]

    def pixels(self, places: NDArray[np.float64]) -> Pixels:
        """Return where places ``(m, 2)`` of the data are in the picture."""
        left, top, width, height = self.area
        low, high = np.array(self.low), np.array(self.high)
        shares: Pixels = (np.asarray(places, dtype=np.float64) - low) / (high - low)
        return shares * (width, -height) + (left, top + height)

    def ticks(self, axis: int, most: int = 6) -> list[tuple[float, str]]:
        """Return at most ``most`` round numbers along an axis (0 is x): where in the picture, and their texts."""
        low, high = self.low[axis], self.high[axis]
        step = _round_step((high - low) / most)
        values = [i * step for i in range(ceil(low / step), floor(high / step) + 1)]
        places = np.zeros((len(values), 2))
        places[:, axis] = values
        at = self.pixels(places)[:, axis].tolist()
        largest = max(abs(low), abs(high))
        return [(place, _tick_text(value, step, largest)) for place, value in zip(at, values, strict=True)]


def _round_step(least: float) -> float:
    """Return the least of 1, 2 and 5, at any power of ten, that is not below ``least``."""
    power: float = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def _tick_text(value: float, step: float, largest: float) -> str:
    if step >= 1e-4 and largest < 1e6:
        text = f"{value:.{max(0, -floor(log10(step) + 1e-9))}f}"
    else:
        text = f"{value:.{min(15, max(1, ceil(log10(largest / step)) + 1))}g}"
    return text.replace("-", "\u2212")


def view_of(
    places: NDArray[np.float64],
    centers: Sequence[NDArray[np.float64]],
    *,
    area: tuple[float, float, float, float],
    equal: bool,
) -> View:
    """Return a view of all points and centers of a run, with a margin of 5% of their extent.

    Parameters
    ----------
    places : (n, 2) float64
        Where the points are drawn.
    centers : sequence of (k, 2) float64
        Where the centers are, for every half-step.
    area : tuple
        Left, top, width and height of the picture's part for it.
    equal : bool
        Whether both axes have the same scale; the view is then larger along the axis that has room.
    """
    low = np.min([places.min(axis=0), *(step_centers.min(axis=0) for step_centers in centers)], axis=0)
    high = np.max([places.max(axis=0), *(step_centers.max(axis=0) for step_centers in centers)], axis=0)
    spans = high - low
    # An extent within the rounding error of the coordinates themselves counts as none.
    largest = np.maximum(np.abs(low), np.abs(high))
    is_flat = spans <= largest * 1e-12
    margin = np.where(is_flat, np.maximum(1.0, largest) * 0.5, spans * 0.05)
    low, high = low - margin, high + margin
    if equal:
        middle, spans = (low + high) / 2, high - low
        spans = np.array(area[2:]) * float(np.max(spans / area[2:]))
        low, high = middle - spans / 2, middle + spans / 2
    return View((float(low[0]), float(low[1])), (float(high[0]), float(high[1])), area)


def aspect_ratio(places: NDArray[np.float64], centers: Sequence[NDArray[np.float64]]) -> float:
    """Return the height of a view on these points and centers, in the data, divided by its width."""
    whole = view_of(places, centers, area=(0.0, 0.0, 1.0, 1.0), equal=False)
    return (whole.high[1] - whole.low[1]) / (whole.high[0] - whole.low[0])
