"""What pictures that are drawn in Python have in common: marker shapes, axes, and who changed. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, log10, pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Trace
from kmeans_core.types import Centers, Points

Pixels = NDArray[np.float64]
"""``(m, 2) float64``: x and y in a picture, y downwards."""


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
        if len(self.centers) != len(self.trace) or any(some.shape != (k, 2) for some in self.centers):
            raise ValueError(f"centers must be {len(self.trace)} arrays of the shape {(k, 2)}, one for each half-step")


# --- Marker shapes, as the player's symbols.js has them


def _corners(count: int, turn: float = 0.0, inner: float | None = None) -> list[tuple[float, float]]:
    """Return the corners of a polygon, or of a star whose every second corner is at ``inner``; the first is on top."""
    total = count if inner is None else 2 * count
    radii = [inner if inner is not None and i % 2 else 1.0 for i in range(total)]
    angles = [2 * pi * (i / total + turn) - pi / 2 for i in range(total)]
    return [(radius * cos(angle), radius * sin(angle)) for radius, angle in zip(radii, angles, strict=True)]


def _plus(turn: float) -> list[tuple[float, float]]:
    arm = 0.42
    quarter = [(-arm, -1.0), (arm, -1.0), (arm, -arm)]
    outline = []
    for _ in range(4):
        outline += quarter
        quarter = [(-y, x) for x, y in quarter]
    c, s = cos(2 * pi * turn), sin(2 * pi * turn)
    return [(x * c - y * s, x * s + y * c) for x, y in outline]


# Each with the scale at which it looks as large as the others.
_SHAPES: Final = {
    "circle": (_corners(40), 1.0),
    "square": (_corners(4, 1 / 8), 1.28),
    "diamond": (_corners(4), 1.28),
    "triangle-up": (_corners(3), 1.42),
    "triangle-down": (_corners(3, 1 / 2), 1.42),
    "cross": (_plus(0), 1.22),
    "x": (_plus(1 / 8), 1.22),
    "star": (_corners(5, inner=0.5), 1.42),
    "pentagon": (_corners(5), 1.14),
    "hexagram": (_corners(6, inner=0.58), 1.3),
    "triangle-left": (_corners(3, 3 / 4), 1.42),
    "triangle-right": (_corners(3, 1 / 4), 1.42),
}

_NUMBER_SHIFTS: Final = {
    "triangle-up": (0.0, 0.1),
    "triangle-down": (0.0, -0.1),
    "triangle-left": (0.1, 0.0),
    "triangle-right": (-0.1, 0.0),
}


def outline(symbol: str, radius: float) -> Pixels:
    """Return the corners of a shape about the origin that looks as large as a circle of that radius."""
    corners, scale = _SHAPES[symbol]
    return np.array(corners) * (scale * radius)


def number_place(symbol: str, radius: float) -> tuple[float, float]:
    """Return where in a shape its number stands: triangles have their room below or beside the middle."""
    x, y = _NUMBER_SHIFTS.get(symbol, (0.0, 0.0))
    return x * radius, y * radius


def rgb(color: str) -> tuple[int, int, int]:
    """Return the three parts of a color that is written ``#RRGGBB``."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def ink_on(color: str) -> str:
    """Return black or white, whichever reads better on the color: the two meet at a luminance of 0.179."""
    parts = [value / 255 for value in rgb(color)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#FFFFFF"


# --- Where a place of the data is in a picture


@dataclass(frozen=True, slots=True)
class View:
    """A part of the plane, and the rectangle of a picture that shows it.

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
        """Return a few round numbers along an axis (0 is x): where in the picture, and how they are written."""
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
    """Return a view on all points and centers of a run, with some air around them.

    Parameters
    ----------
    places : (n, 2) float64
        Where the points are drawn.
    centers : sequence of (k, 2) float64
        Where the centers are, for every half-step.
    area : tuple
        Left, top, width and height of the picture's part for it.
    equal : bool
        Whether a unit is as long in x as in y; the view then takes in more of the axis that has room.
    """
    low = np.min([places.min(axis=0), *(some.min(axis=0) for some in centers)], axis=0)
    high = np.max([places.max(axis=0), *(some.max(axis=0) for some in centers)], axis=0)
    spans = high - low
    # So little that it is lost beside the numbers themselves is nothing to look into.
    largest = np.maximum(np.abs(low), np.abs(high))
    flat = spans <= largest * 1e-12
    air = np.where(flat, np.maximum(1.0, largest) * 0.5, spans * 0.05)
    low, high = low - air, high + air
    if equal:
        middle, spans = (low + high) / 2, high - low
        spans = np.array(area[2:]) * float(np.max(spans / area[2:]))
        low, high = middle - spans / 2, middle + spans / 2
    return View((float(low[0]), float(low[1])), (float(high[0]), float(high[1])), area)


def shape_of_data(places: NDArray[np.float64], centers: Sequence[NDArray[np.float64]]) -> float:
    """Return how many times as high as wide the points and centers of a run lie; 1 where that means nothing."""
    whole = view_of(places, centers, area=(0.0, 0.0, 1.0, 1.0), equal=False)
    return (whole.high[1] - whole.low[1]) / (whole.high[0] - whole.low[0])


# --- A half-step


def changed(trace: Trace, index: int) -> NDArray[np.bool_] | None:
    """Tell which points ``(n,)`` changed cluster in a half-step; None where none had a cluster before, or has now."""
    before, now = trace[max(index - 1, 0)].compact_labels, trace[index].compact_labels
    return None if before is None or now is None else np.not_equal(before, now)
