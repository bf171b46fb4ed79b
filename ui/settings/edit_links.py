"""How a link and a drawing's file write edits and placed centers, and how they are read.

Edits follow one another without any character that a browser would escape: ``a1.5_2`` adds a point at (1.5, 2), ``x17``
erases point 17, ``m9_2_4.5_3`` drags the center of cluster 2 (counted from 0) to (4.5, 3) at half-step 9. Starting
centers are written ``c1.5_2``.

Longer edits do not fit in a link. It then holds the name of a file, a hash of what the file must hold, so that a
browser that stored the file, or is given it, knows which one a link means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from ui.settings.edits import MAX_EDITS, Add, Edit, Erase, Move, Place, checked_place
from ui.settings.parsers import quoted
from ui.text.messages import message

_WHOLE: Final = r"(\d{1,7})"
_REAL: Final = r"(-?\d{1,10}(?:\.\d{1,40})?)"
_EDIT: Final = re.compile(rf"a{_REAL}_{_REAL}|x{_WHOLE}|m{_WHOLE}_{_WHOLE}_{_REAL}_{_REAL}", re.ASCII)
_CENTER: Final = re.compile(rf"c{_REAL}_{_REAL}", re.ASCII)


def _text(place: Place) -> str:
    """Write a place in plain digits, so that reading it gives the same bits."""
    return "_".join(np.format_float_positional(value, trim="-") for value in place)


def _matches(pattern: re.Pattern[str], text: str, complaint_key: str, most: int, place: str) -> list[re.Match[str]]:
    """Return the matches that make up the whole text, at most ``most``.

    Raises
    ------
    ValueError
        With the sentence to show: the message with the key ``complaint_key``, or that there are too many.
    """
    matches: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if not match:
            raise ValueError(message(complaint_key, text=quoted(text[at:])))
        if len(matches) == most:
            raise ValueError(message("settings.link_edits_too_many", place=place, most=most))
        matches.append(match)
        at = match.end()
    return matches


def encode_places(places: Sequence[Place]) -> str:
    """Write centers for a link."""
    return "".join(f"c{_text(place)}" for place in places)


def decode_places(text: str) -> tuple[Place, ...]:
    """Read centers of a link; raises a ``ValueError`` with the sentence to show."""
    matches = _matches(_CENTER, text, "settings.link_centers_malformed", MAX_EDITS, "link")
    return tuple(checked_place(float(match[1]), float(match[2])) for match in matches)


def encode_edits(edits: Sequence[Edit]) -> str:
    """Write edits for a link."""
    return "".join(map(_edit_text, edits))


def _edit_text(edit: Edit) -> str:
    if isinstance(edit, Erase):
        return f"x{edit.number}"
    return f"a{_text(edit.place)}" if isinstance(edit, Add) else f"m{edit.step}_{edit.cluster}_{_text(edit.place)}"


def decode_edits(text: str, most: int = MAX_EDITS, place: Literal["link", "file"] = "link") -> tuple[Edit, ...]:
    """Return the edits that a link or a file holds; raises a ``ValueError`` with the sentence to show."""
    return tuple(map(_edit_of, _matches(_EDIT, text, "settings.link_edits_malformed", most, place)))


def fit_in_link(edits: Sequence[Edit]) -> bool:
    """Tell whether a link can hold these edits."""
    return len(edits) <= MAX_EDITS


def drawing_name(text: str) -> str:
    """Return what a link says instead of edits that are too many for it: the name of the file with this text."""
    return "file-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def is_drawing_name(text: str) -> bool:
    """Tell whether a link names a file instead of holding edits."""
    return re.fullmatch(r"file-[0-9a-f]{16}", text, re.ASCII) is not None


def _edit_of(match: re.Match[str]) -> Edit:
    add_x, add_y, number, step, cluster, x, y = match.groups()
    if number is not None:
        return Erase(int(number))
    if add_x is not None:
        return Add(checked_place(float(add_x), float(add_y)))
    return Move(int(step), int(cluster), checked_place(float(x), float(y)))
