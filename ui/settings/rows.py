"""Which row of its table each point is, and what a point is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.settings.edits import Edit, remaining_numbers
from ui.settings.points import Data


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The row of a table that each point is.

    Row 1 is the first one below the names of the columns, whether or not rows before it were left out.

    Attributes
    ----------
    count : int
        The number of rows of the table.
    numbers : (n,) int64
        From 1 on, rising; those of points that were drawn continue above ``count``.
    """

    count: int
    numbers: NDArray[np.int64]

    @property
    def are_all(self) -> bool:
        """Whether the points are the first rows, in their order, so that their numbers need no mention."""
        return bool(self.numbers[-1] == len(self.numbers))


def rows_of(data: Data, edits: Sequence[Edit]) -> Rows | None:
    """Return the row of each point after these edits; None for generated points."""
    if data.prepared is None:
        return None
    n, left = len(data.points), remaining_numbers(len(data.points), edits)
    additions = np.arange(len(edits)) + data.table_rows
    return Rows(data.table_rows, np.concatenate([data.prepared.rows[:n], additions])[left].astype(np.int64) + 1)


def point_facts(rows: Rows | None, index: int) -> dict[str, str | int]:
    """Return what a point is called, as values of a message: the kind ``point``, ``row``, or ``drawn``; its number."""
    if rows is None:
        return {"kind": "point", "number": index + 1}
    number = int(rows.numbers[index])
    return {"kind": "row" if number <= rows.count else "drawn", "number": number}
