"""A table that was read from a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

MAX_CLASSES: Final = 50
"""Whole numbers with more different values than this are no labels, and neither is a text by default."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Table:
    """A table that was read.

    ``frame`` holds columns of numbers as float64, with NaN where one is missing, and all others as text.
    ``numeric`` names the columns of numbers, ``others`` those that could be labels, ``notes`` says what was guessed,
    a sentence each, and ``sheets`` names all sheets of a workbook. ``digest`` names the content in a link.
    """

    name: str
    digest: str
    frame: pd.DataFrame
    numeric: tuple[str, ...]
    others: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.frame)


def digest_of(content: bytes, sheet: str = "") -> str:
    """Return what names a table in a link: 16 digits of its content, and of the sheet if one was asked for."""
    return hashlib.sha256(content + sheet.encode("utf-8", errors="replace")).hexdigest()[:16]
