"""Where a table begins, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from kmeans_tables.number_formats import is_missing, is_number
from kmeans_tables.wording import one_line

SAMPLE: Final = 200
"""How many rows at the beginning of a file are looked at."""


def start_of(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return how many rows with a single text stand above the table, and how many cells its rows usually have."""
    widths = Counter(_width(row) for row in rows)
    if not widths:
        return 0, 0
    usual = max(widths, key=lambda width: (widths[width], width))
    skipped = 0
    while usual > 1 and skipped < min(20, len(rows) - 1) and _is_title(rows[skipped]):
        skipped += 1
    return skipped, usual


def _width(row: Sequence[str]) -> int:
    """Return how many cells a row has without empty ones at its end."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def _is_title(row: Sequence[str]) -> bool:
    return _width(row) == 1 and not is_number(row[0].strip())


def header(rows: Sequence[Sequence[str]], width: int = 0) -> tuple[bool, list[str]]:
    """Tell whether the first row names the columns, and return their names, each of them only once."""
    first = [cell.strip() for cell in rows[0]]
    if _is_data(first, rows[1:]):
        return False, unique_names([""] * max(len(first), width))
    # R leaves out the name of the rows' names.
    if len(first) + 1 == width and len(rows) > 1 and all(len(row) == width for row in rows[1:]):
        first = ["row", *first]
    return True, unique_names(first)


def unnamed(named: bool) -> list[str]:
    """Return the note for a table without a row of names."""
    return [] if named else ["The first row is taken for data, as it names no columns"]


def _is_data(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row already is one of the data: names are neither numbers nor found again below."""
    texts = [at for at, cell in enumerate(first) if not is_missing(cell) and not is_number(cell)]
    numbers = [cell for cell in first if is_number(cell)]
    if not numbers:
        return False
    if not texts or any(re.search(r"[0-9][.,][0-9]", cell) for cell in numbers):
        return True
    return all(any(at < len(row) and row[at].strip() == first[at] for row in others) for at in texts)


def unique_names(names: Sequence[str]) -> list[str]:
    """Return names for all columns: in one line, not too long, none of them empty or there twice."""
    unique: dict[str, None] = {}
    for at, name in enumerate(names, start=1):
        line = one_line(name[:1000])
        wanted = (line if len(line) <= 60 else line[:59] + "…") or f"column {at}"
        number, candidate = 1, wanted
        while candidate in unique:
            number += 1
            candidate = f"{wanted} ({number})"
        unique[candidate] = None
    return list(unique)
