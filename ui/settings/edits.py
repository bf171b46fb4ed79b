"""Edits: points that were drawn or erased and centers that were dragged, and how they change points and runs.

Points keep their number for good: the generated ones come first, and an added point gets the next number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Points
from ui.text.messages import message

MAX_EDITS: Final = 200
"""The most edits that a link holds: about 3 kB, which any browser, proxy and QR code can carry."""

MAX_DRAWING_EDITS: Final = 5_000
"""The most edits that a file holds: more than anybody draws, and few enough to repeat at every change."""

MAX_COORDINATE: Final = 1e9
"""No coordinate of an edit may be larger: nothing so far away is on the screen."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Add:
    """A point that was drawn."""

    place: Place


@dataclass(frozen=True, slots=True)
class Erase:
    """A point that was erased, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Move:
    """A center that was dragged at half-step ``step`` of the run so far, to ``place``."""

    step: int
    cluster: int
    place: Place


Edit = Add | Erase | Move


def remaining_numbers(n: int, edits: Sequence[Edit]) -> NDArray[np.int64]:
    """Return the numbers of the points that are left of ``n`` generated and all added ones; at least one is."""
    total = n + sum(isinstance(edit, Add) for edit in edits)
    left = np.ones(total, dtype=np.bool_)
    for edit in edits:
        # There is nothing to cluster without a point, so the last one can't be erased.
        if isinstance(edit, Erase) and edit.number < total and np.count_nonzero(left) > 1:
            left[edit.number] = False
    return np.flatnonzero(left)


def edit_summary(n: int, edits: Sequence[Edit], unit: Literal["point", "row"] = "point") -> str:
    """Say how many points were drawn and erased, and how many there are now; "" where none was.

    ``unit`` is what each of the ``n`` points before any edit is called: ``point``, or ``row`` of a table.
    """
    left = remaining_numbers(n, edits)
    added, removed = int(np.count_nonzero(left >= n)), n - int(np.count_nonzero(left < n))
    if not added and not removed:
        return ""
    change = "both" if added and removed else "drawn" if added else "erased"
    return message("settings.edit_summary", what=change, drawn=added, erased=removed, unit=unit, left=len(left))


def count_ineffective(n: int, k: int, edits: Sequence[Edit]) -> int:
    """Return how many edits name a point or a center that ``n`` generated points and ``k`` clusters do not have."""
    total = n + sum(isinstance(edit, Add) for edit in edits)
    return sum(
        edit.number >= total if isinstance(edit, Erase) else isinstance(edit, Move) and edit.cluster >= k
        for edit in edits
    )


def edited_points(points: Points, edits: Sequence[Edit]) -> Points:
    """Return the points ``(m, 2)`` after all edits, in the order of their numbers."""
    if not edits:
        return points
    additions = [edit.place for edit in edits if isinstance(edit, Add)]
    all_points = np.concatenate([points, np.reshape(additions, (-1, 2))])
    return all_points[remaining_numbers(len(points), edits)]


def complete_centers(centers: Sequence[Place], k: int, points: Points) -> tuple[Place, ...]:
    """Return k starting centers: the first of those placed, and for each missing one a point far from all."""
    places = np.reshape(centers[:k], (-1, 2))
    while len(places) < k:
        if len(places):
            nearest = np.min([np.square(points - center).sum(axis=1) for center in places], axis=0)
        else:
            nearest = np.zeros(len(points))
        places = np.vstack([places, points[int(np.argmax(nearest))]])
    return round_places(places)


def touches_points(edits: Sequence[Edit]) -> bool:
    """Tell whether any point was drawn or erased."""
    return any(not isinstance(edit, Move) for edit in edits)


def round_places(centers: Centers) -> tuple[Place, ...]:
    """Return centers rounded to six digits, for links: no screen shows more."""
    return tuple((float(f"{x:.6g}"), float(f"{y:.6g}")) for x, y in centers)


def checked_place(x: float, y: float) -> Place:
    """Return the place of an edit.

    Raises
    ------
    ValueError
        If a coordinate is not finite or too large.
    """
    if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) <= MAX_COORDINATE):
        raise ValueError(message("settings.link_place_too_far", most=MAX_COORDINATE, x=f"{x:g}", y=f"{y:g}"))
    return float(x), float(y)


def checked_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits, if they are few enough to repeat at every change.

    Raises
    ------
    ValueError
        If there are too many. Each dragged center is another run, so fewer of them are allowed than of points.
    """
    moves = sum(isinstance(edit, Move) for edit in edits)
    if len(edits) > MAX_DRAWING_EDITS:
        raise ValueError(message("settings.too_many_edits", most=MAX_DRAWING_EDITS, count=len(edits)))
    if moves > MAX_EDITS:
        raise ValueError(message("settings.too_many_moves", most=MAX_EDITS, count=moves))
    return tuple(edits)
