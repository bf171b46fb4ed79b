"""What a person changed by hand: points drawn, erased, centers dragged; how it is applied, and how a link carries it.

Knows nothing of Streamlit. A link writes edits one after the other, without anything in between that a browser would
escape: ``a1.5_2`` adds a point at (1.5, 2), ``x17`` erases point 17, ``m9_2_4.5_3`` moves the center of cluster 2
(counted from 0) to (4.5, 3) at half-step 9. Centers that start a run are written ``c1.5_2``.
Points keep their number for good: the generated ones come first, and a point that is added gets the next number.

A link holds so much and no more. Longer edits are written as the name of a file, made from what it must hold, so that
a browser which kept the file, or is given it, knows which one a link means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Trace, branch
from kmeans_core.types import Centers, Points
from ui.settings.parsers import quoted
from ui.text.messages import message
from ui.text.numbers import counted

MAX_EDITS: Final = 200
"""The most edits that a link holds: about 3 kB, which any browser, proxy and QR code can carry."""

MAX_BY_HAND: Final = 5_000
"""The most edits that a file holds: more than anybody draws, and few enough to be done again at every change."""

LARGEST: Final = 1e9
"""No coordinate set by hand may be larger: such a place is no place on the screen."""

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
    """A center that was dragged, after half-step ``step`` of the run up to here."""

    step: int
    cluster: int
    place: Place


Edit = Add | Erase | Move

# The points


def numbers_left(n: int, edits: Sequence[Edit]) -> NDArray[np.int64]:
    """Return the numbers of the points that are left of ``n`` generated and all added ones; at least one is."""
    total = n + sum(isinstance(edit, Add) for edit in edits)
    left = np.ones(total, dtype=np.bool_)
    for edit in edits:
        # There is nothing to cluster without a point, so the last one can't be erased.
        if isinstance(edit, Erase) and edit.number < total and np.count_nonzero(left) > 1:
            left[edit.number] = False
    return np.flatnonzero(left)


def changed_points(n: int, edits: Sequence[Edit], one: str = "point") -> str:
    """Say how many points were drawn and erased by hand, and how many there are now; nothing where none was.

    ``one`` is what each of the ``n`` points before any edit is called.
    """
    left = numbers_left(n, edits)
    drawn, erased = int(np.count_nonzero(left >= n)), n - int(np.count_nonzero(left < n))
    if not drawn and not erased:
        return ""
    done = [f"drew {counted(drawn, 'point')}"] if drawn else []
    done += [f"erased {counted(erased, one)}"] if erased else []
    return f"You {' and '.join(done)}: {counted(len(left), 'point')} are clustered."


def without_effect(n: int, k: int, edits: Sequence[Edit]) -> int:
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
    added = [edit.place for edit in edits if isinstance(edit, Add)]
    everything = np.concatenate([points, np.reshape(added, (-1, 2))])
    return everything[numbers_left(len(points), edits)]


# The run


def fitted_centers(centers: Sequence[Place], k: int, points: Points) -> tuple[Place, ...]:
    """Return k centers placed by hand: the first of those given, and for each that is missing a point far from all."""
    placed = np.reshape(centers[:k], (-1, 2))
    while len(placed) < k:
        if len(placed):
            nearest = np.min([np.square(points - center).sum(axis=1) for center in placed], axis=0)
        else:
            nearest = np.zeros(len(points))
        placed = np.vstack([placed, points[int(np.argmax(nearest))]])
    return as_places(placed)


def touches_points(edits: Sequence[Edit]) -> bool:
    """Tell whether any point was drawn or erased."""
    return any(not isinstance(edit, Move) for edit in edits)


def as_places(centers: Centers) -> tuple[Place, ...]:
    """Return centers as a link can carry them: rounded to six digits, as no screen shows more."""
    return tuple((float(f"{x:.6g}"), float(f"{y:.6g}")) for x, y in centers)


def moved_by_hand(points: Points, trace: Trace, edits: Sequence[Edit]) -> Trace:
    """Return the run after all of its centers' moves; one that does not fit this run is left out."""
    for edit in edits:
        if isinstance(edit, Move) and edit.cluster < trace.config.k:
            index = min(edit.step, len(trace) - 1)
            centers = trace[index].centers.copy()
            centers[edit.cluster] = edit.place
            trace = branch(points, trace, index, centers)
    return trace


# The link

_WHOLE: Final = r"(\d{1,7})"
_REAL: Final = r"(-?\d{1,10}(?:\.\d{1,40})?)"
_EDIT: Final = re.compile(rf"a{_REAL}_{_REAL}|x{_WHOLE}|m{_WHOLE}_{_WHOLE}_{_REAL}_{_REAL}", re.ASCII)
_CENTER: Final = re.compile(rf"c{_REAL}_{_REAL}", re.ASCII)


def _text(place: Place) -> str:
    """Write a place in plain digits, so that reading it gives the same bits."""
    return "_".join(np.format_float_positional(value, trim="-") for value in place)


def _matches(pattern: re.Pattern[str], text: str, malformed: str, most: int, place: str) -> list[re.Match[str]]:
    """Return the matches that make up the whole text, at most ``most``.

    Raises
    ------
    ValueError
        With the sentence to show: the message with the key ``malformed``, or that there are too many.
    """
    matches: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if not match:
            raise ValueError(message(malformed, text=quoted(text[at:])))
        if len(matches) == most:
            raise ValueError(message("settings.link_edits_too_many", place=place, most=most))
        matches.append(match)
        at = match.end()
    return matches


def checked_place(x: float, y: float) -> Place:
    """Return a place set by hand.

    Raises
    ------
    ValueError
        If a coordinate is not finite or too large.
    """
    if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) <= LARGEST):
        raise ValueError(message("settings.link_place_too_far", most=f"{LARGEST:g}", x=f"{x:g}", y=f"{y:g}"))
    return float(x), float(y)


def encode_places(places: Sequence[Place]) -> str:
    """Write centers for a link."""
    return "".join(f"c{_text(place)}" for place in places)


def decode_places(text: str) -> tuple[Place, ...]:
    """Read centers of a link; raises a ``ValueError`` with the sentence to show."""
    matches = _matches(_CENTER, text, "settings.link_centers_malformed", MAX_EDITS, "link")
    return tuple(checked_place(float(match[1]), float(match[2])) for match in matches)


def encode_edits(edits: Sequence[Edit]) -> str:
    """Write edits for a link."""
    return "".join(map(_encoded, edits))


def _encoded(edit: Edit) -> str:
    if isinstance(edit, Erase):
        return f"x{edit.number}"
    return f"a{_text(edit.place)}" if isinstance(edit, Add) else f"m{edit.step}_{edit.cluster}_{_text(edit.place)}"


def decode_edits(text: str, most: int = MAX_EDITS, place: Literal["link", "file"] = "link") -> tuple[Edit, ...]:
    """Return the edits that a link or a file holds; raises a ``ValueError`` with the sentence to show."""
    return tuple(map(_decoded, _matches(_EDIT, text, "settings.link_edits_malformed", most, place)))


def fit_a_link(edits: Sequence[Edit]) -> bool:
    """Tell whether a link can hold these edits."""
    return len(edits) <= MAX_EDITS


def file_name(text: str) -> str:
    """Return what a link says instead of edits that are too many for it: the name of the file with this text."""
    return "file-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def is_file_name(text: str) -> bool:
    """Tell whether a link names a file instead of holding edits."""
    return re.fullmatch(r"file-[0-9a-f]{16}", text, re.ASCII) is not None


def checked_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return edits that are not too many to be done again at every change.

    Raises
    ------
    ValueError
        If they are; each move of a center is another run, so there may be fewer of them than of points.
    """
    moves = sum(isinstance(edit, Move) for edit in edits)
    for what, count, most in (("changes by hand", len(edits), MAX_BY_HAND), ("moves of centers", moves, MAX_EDITS)):
        if count > most:
            raise ValueError(f"No more than {most} {what} can be kept, and these would be {count}; undo some")
    return tuple(edits)


def _decoded(match: re.Match[str]) -> Edit:
    add_x, add_y, number, step, cluster, x, y = match.groups()
    if number is not None:
        return Erase(int(number))
    if add_x is not None:
        return Add(checked_place(float(add_x), float(add_y)))
    return Move(int(step), int(cluster), checked_place(float(x), float(y)))
