"""A picture of points in words: strip by strip from left to right, where each strip's points lie.

That is what a sighted person sees, not how many groups there are: a reader has to follow the parts from strip to strip,
as an eye does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from kmeans_core.arrays import Points
from kmeans_core.messages.lists import joined_clauses
from ui.text.markup import html_of
from ui.text.messages import message

_MAX_STRIPS: Final = 12
"""The most rows to keep in mind; a round width then gives at least five."""

_GAP: Final = 1 / 8
"""The share of the height that is empty between two parts: about a finger's width on a page."""


@dataclass(frozen=True, slots=True)
class Part:
    """Points of a strip without a wide gap between them: how many, and from where to where they lie, upward."""

    count: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of the picture between two places across, and its parts, the lowest first."""

    left: float
    right: float
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many points the strip has."""
        return sum(part.count for part in self.parts)


def strip_width(span: float) -> float:
    """Return the smallest width of the form 1, 2, or 5 times a power of ten that gives few strips."""
    narrowest = span / (_MAX_STRIPS - 1)  # strips that begin at a multiple of the width may be one more
    power = 10.0 ** math.floor(math.log10(narrowest))
    return next((digit * power for digit in (1, 2, 5) if digit * power >= narrowest), 10 * power)


def widest_gap(points: Points) -> float:
    """Return how far apart upward two points of a strip may be and still belong to one part."""
    return float(np.ptp(points[:, 1]) * _GAP)


def strips(points: Points) -> Iterator[Strip]:
    """Yield the strips of a picture, from left to right; its points ``(n, 2)`` must not all have the same x."""
    x, y = points[:, 0], points[:, 1]
    width = strip_width(float(np.ptp(x)))
    numbers = np.floor(x / width).astype(int)
    for number in range(numbers.min(), numbers.max() + 1):
        heights = np.sort(y[numbers == number])
        parts = np.split(heights, np.flatnonzero(np.diff(heights) > widest_gap(points)) + 1)
        yield Strip(
            left=number * width,
            right=(number + 1) * width,
            parts=tuple(Part(len(part), float(part[0]), float(part[-1])) for part in parts if len(part)),
        )


def picture_html(points: Points) -> str:
    """Return a picture in words as HTML: its size, how to read it, and a table of its strips."""
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    size = message("tutorial.words_size", n=len(points), left=left, right=right, bottom=bottom, top=top)
    rows = "".join(map(_row_html, strips(points)))
    heads = "".join(
        f'<th scope="col">{html_of(message(key))}</th>'
        for key in ("tutorial.words_strip", "tutorial.words_count", "tutorial.words_parts")
    )
    return (
        f"<p>{html_of(size)}</p><p>{html_of(message('tutorial.words_note', gap=widest_gap(points)))}</p>"
        f'<table class="tutorial-words"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row_html(strip: Strip) -> str:
    """Return the row of a strip."""
    parts = [message("tutorial.words_part", count=part.count, low=part.low, high=part.high) for part in strip.parts]
    place = message("tutorial.words_range", left=strip.left, right=strip.right)
    where = joined_clauses(parts) if parts else message("tutorial.words_empty")
    return f'<tr><th scope="row">{html_of(place)}</th><td>{strip.count}</td><td>{html_of(where)}</td></tr>'
