"""Marker shapes of the clusters, for pictures that Python draws. The browser has the same from ``palette.json``."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ui.charts.palette import SHAPES

_OUTLINES: Final = {name: np.array(shape["outline"]) for name, shape in SHAPES.items()}


def outline(symbol: str, radius: float) -> NDArray[np.float64]:
    """Return the corners ``(m, 2)`` of a shape about the origin that looks as large as a circle of that radius."""
    return _OUTLINES[symbol] * radius


def number_place(symbol: str, radius: float) -> tuple[float, float]:
    """Return where in a shape its number is written: triangles have their room below or beside the middle."""
    x, y = SHAPES[symbol]["number"]
    return x * radius, y * radius
