"""The header of a table: where the table begins, and the names of its columns."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kmeans_tables.messages import message
from kmeans_tables.number_formats import is_missing, is_number
from kmeans_tables.wording import in_quotes, one_line

SAMPLE: Final = 200
"""The number of rows at the beginning of a file that guesses are based on."""


def start_of(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the number of title rows above the table, and the usual number of cells in its rows."""
    widths = Counter(_width(row) for row in rows)
    if not widths:
        return 0, 0
    usual = max(widths, key=lambda width: (widths[width], width))
    skipped = 0
    while usual > 1 and skipped < min(20, len(rows) - 1) and _is_title(rows[skipped]):
        skipped += 1
    return skipped, usual


def _width(row: Sequence[str]) -> int:
    """Return the number of cells of a row, without empty ones at its end."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def _is_title(row: Sequence[str]) -> bool:
    return _width(row) == 1 and not is_number(row[0].strip())


def header(rows: Sequence[Sequence[str]], width: int = 0) -> tuple[bool, list[str]]:
    """Tell whether the first row holds the names of the columns, and return the names, given or made up."""
    if _is_data([cell.strip() for cell in rows[0]], rows[1:]):
        return False, [f"column {at}" for at in range(1, max(len(rows[0]), width) + 1)]
    # R writes no name for the column of row names.
    if len(rows[0]) + 1 == width and len(rows) > 1 and all(len(row) == width for row in rows[1:]):
        return True, ["row", *rows[0]]
    return True, list(rows[0])


def header_notes(named: bool, headers: Sequence[str]) -> list[str]:
    """Return the note for a table without a row of names, or with numbers in it."""
    if not named:
        return [message("reading.no_names")]
    numbers = [title.strip() for title in headers if is_number(title.strip())]
    return [message("reading.numbers_as_names", number=in_quotes(numbers[0]))] if numbers else []


def _is_data(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row already is one of the data.

    Numbers name columns (years, wavelengths) if they are unlike the numbers below them. A text that is found again
    below is no name.
    """
    numbers = [at for at, cell in enumerate(first) if is_number(cell)]
    texts = [at for at, cell in enumerate(first) if not is_missing(cell) and at not in numbers]
    if not numbers:
        return False
    if texts and all(any(at < len(row) and row[at].strip() == first[at] for row in rows) for at in texts):
        return True
    values = [_value(first[at]) for at in numbers]
    alike = [_is_alike(_value(first[at]), [row[at] for row in rows if at < len(row)]) for at in numbers]
    # Two numbers are evenly spaced by chance, two years are not.
    enough = len(numbers) > 2 or all(re.fullmatch("[12][0-9]{3}", first[at]) for at in numbers)
    series = enough and _is_series(values) and not all(_is_series(_values(row)) for row in rows)
    has_decimals = any(re.search(r"[0-9][.,][0-9]", first[at]) for at in numbers)
    if not texts:
        return not series or any(alike) or (has_decimals and len(numbers) < _SPECTRUM)
    if has_decimals:
        return any(alike) or not _is_sorted(values)
    return all(alike) and not series


_SPECTRUM: Final = 5
"""This many evenly spaced numbers with decimals are wavelengths, not a row of measurements."""


def _value(cell: str) -> float:
    """Return a number for comparison only: a thousands separator counts as a decimal sign."""
    try:
        return float(re.sub(r"[^0-9.eE+-]", "", cell.replace("−", "-").replace(",", ".")))
    except ValueError:
        return math.nan


def _values(row: Sequence[str]) -> list[float]:
    return [_value(cell) for cell in row if is_number(cell.strip())]


def _is_series(values: Sequence[float]) -> bool:
    """Tell whether numbers are evenly spaced and all different."""
    steps = [right - left for left, right in pairwise(values)]
    return bool(steps) and steps[0] != 0 and all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)


def _is_sorted(values: Sequence[float]) -> bool:
    pairs = list(pairwise(values))
    return all(left < right for left, right in pairs) or all(left > right for left, right in pairs)


def _is_alike(value: float, cells: Sequence[str]) -> bool:
    """Tell whether a number could be one of a column: no farther from the others than they are from one another."""
    column = _values(cells)
    if not column:
        return False
    low, high = min(column), max(column)
    reach = max(high - low, abs(high) / 2, abs(low) / 2)
    return low - reach <= value <= high + reach


def unique_names(names: Sequence[str]) -> list[str]:
    """Return a unique name for each column: on one line, not too long, and not empty."""
    unique: dict[str, None] = {}
    for at, name in enumerate(names, start=1):
        line = one_line(name[:1000])
        base = (line if len(line) <= 60 else line[:59] + "…") or f"column {at}"
        number, candidate = 1, base
        while candidate in unique:
            number += 1
            candidate = f"{base} ({number})"
        unique[candidate] = None
    return list(unique)
