"""Colors, marker shapes of the clusters, and icons: ``palette.json``, which the player's scripts read as well.

A cluster has the same color on both themes, so that everybody can call it by the same name. ``tools/palette_search.py``
found the colors: their contrast with both pages is at least 3 to 1, and they differ as much as possible under normal
vision and under simulated color deficiencies. Shapes tell the clusters apart where colors can't; their outlines are
scaled so that all look equally large, and y points downwards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

ThemeName = Literal["light", "dark"]


class Shape(TypedDict):
    """A marker shape of radius 1: its corners, and where its number is written."""

    outline: list[tuple[float, float]]
    number: tuple[float, float]


PALETTE_FILE: Final = Path(__file__).with_name("palette.json")
_PALETTE: Final[Any] = json.loads(PALETTE_FILE.read_text(encoding="utf-8"))

BACKGROUND: Final[Mapping[ThemeName, str]] = _PALETTE["background"]
"""The page behind a picture; also set in ``.streamlit/config.toml``, which a test compares."""

MUTED: Final[Mapping[ThemeName, str]] = _PALETTE["muted"]
"""Color of numbers at axes."""

GRID: Final[Mapping[ThemeName, str]] = _PALETTE["grid"]
"""Color of grid lines."""

UNASSIGNED: Final[Mapping[ThemeName, str]] = _PALETTE["unassigned"]
"""Color of points that have no cluster yet."""

PHASE_COLORS: Final[Mapping[str, Mapping[ThemeName, str]]] = _PALETTE["phases"]
"""The accent of each phase: darker than every cluster on the light theme, and lighter on the dark one."""

CLUSTER_COLORS: Final[tuple[str, ...]] = tuple(cluster["color"] for cluster in _PALETTE["clusters"])
"""Color of each cluster, in cluster order."""

CLUSTER_COLOR_NAMES: Final[tuple[str, ...]] = tuple(cluster["name"] for cluster in _PALETTE["clusters"])
"""What the colors are called in plain English; ``message("clusters.look")`` says them."""

CLUSTER_SYMBOLS: Final[tuple[str, ...]] = tuple(_PALETTE["symbols"])
"""Plotly's name of each cluster's marker shape, in cluster order."""

SHAPES: Final[Mapping[str, Shape]] = _PALETTE["shapes"]
"""Marker shapes by Plotly's names."""

ICONS: Final[Mapping[str, str]] = _PALETTE["icons"]
"""The icons of buttons and of answers: SVG paths in a square of 24 pixels."""

MAX_K: Final = len(CLUSTER_SYMBOLS)
"""The most clusters that the app can show so that a person can tell them apart."""

_MARKER_SIZES: Final[Any] = _PALETTE["markerSizes"]

_MAX_DARK_LUMINANCE: Final[float] = _PALETTE["maxDarkLuminance"]


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green, and blue of a color that is written ``#RRGGBB``."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def marker_size(n: int) -> float:
    """Return the diameter of the markers of ``n`` points in pixels."""
    return next(float(row["size"]) for row in _MARKER_SIZES if row["maxPoints"] is None or n <= row["maxPoints"])


def text_color_on(color: str) -> str:
    """Return black or white, whichever has more contrast with the color.

    The two contrasts of the Web Content Accessibility Guidelines are equal at a luminance of 0.179.
    """
    shares = [channel / 255 for channel in rgb(color)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > _MAX_DARK_LUMINANCE else "#FFFFFF"
