"""A raw table as a table, with notes on what was guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tables.limits import Problem, check_cells
from kmeans_tables.number_formats import FORMATS
from kmeans_tables.raw_table import RawColumn, RawTable
from kmeans_tables.table import IS_TEXT, MAX_CLASSES, Column, Table, digest_of
from kmeans_tables.values import Values, values_of
from kmeans_tables.wording import counted, in_quotes, listed


def table_of(name: str, content: bytes, raw: RawTable, sheet: str = "") -> Table:
    """Make the table: numbers where all of a column are, text elsewhere, and notes on what was guessed."""
    import pandas as pd  # noqa: PLC0415

    rows = len(raw.columns[0].cells) if raw.columns else 0
    check_cells(rows, len(raw.columns))
    blank = {column.name for column in raw.columns if _is_blank(column)}
    read = values_of(raw, [column for column in raw.columns if column.name not in blank])
    numeric = [values.raw.name for values in read if not values.reason]
    _check_usable(rows, numeric, [values for values in read if values.reason])
    by_name = {values.raw.name: values for values in read}
    frame = pd.DataFrame({name: values.series() for name, values in by_name.items()})
    return Table(
        name=name,
        digest=digest_of(content, sheet),
        frame=frame,
        numeric=tuple(numeric),
        others=tuple(values.raw.name for values in read if _is_label(values)),
        notes=tuple(_notes(raw, read, rows)),
        sheets=raw.sheets,
        columns=tuple(_column(column, by_name.get(column.name)) for column in raw.columns),
        has_types=not raw.markers,
    )


def _column(raw: RawColumn, values: Values | None) -> Column:
    if values is None:
        return Column(raw.name, raw.header, raw.cells, missing=len(raw.cells), is_blank=True)
    return Column(
        name=raw.name,
        header=raw.header,
        cells=raw.cells,
        kind=values.kind,
        form=values.form,
        unit=values.unit,
        missing=values.missing,
        reason=values.reason,
    )


def _is_blank(column: RawColumn) -> bool:
    """Tell whether a column has neither a name nor a value, as separators at the end of all rows leave it."""
    import pyarrow.compute as pc  # noqa: PLC0415

    if not re.fullmatch(r"column [0-9]+", column.name) or str(column.values.type) != "string":
        return False
    return not pc.any(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(column.values)), 0)).as_py()


def _is_label(values: Values) -> bool:
    """Tell whether a column could hold labels: text, booleans, dates, or few different whole numbers."""
    if values.is_empty:
        return False
    if values.kind == "date" and values.numbers is not None:
        return len(np.unique(values.numbers)) <= MAX_CLASSES
    return values.numbers is None or values.kind == "boolean" or _is_whole(values.numbers)


def _is_whole(numbers: NDArray[np.float64]) -> bool:
    """Tell whether a column holds whole numbers of few different values, as labels do."""
    for part in (numbers[:5_000], numbers):
        known = part[~np.isnan(part)]
        if np.any(known != np.rint(known)) or len(np.unique(known)) > MAX_CLASSES:
            return False
    return bool(len(known))


def _check_usable(rows: int, numeric: Sequence[str], others: Sequence[Values]) -> None:
    """Refuse a table of which no points can be made."""
    if not rows:
        raise Problem("holds no rows below its names: add rows of numbers")
    reasons = [_sentence(values) for values in others if values.reason != IS_TEXT]
    hint = f"; {reasons[0]}" if reasons else ""
    if not numeric:
        raise Problem(f"has no column of numbers, and needs two: take words out of the cells{hint}")
    if len(numeric) == 1:
        raise Problem(f"has one column of numbers, “{numeric[0]}”, and needs two: add another{hint}")


# Notes


def _notes(raw: RawTable, read: Sequence[Values], rows: int) -> list[str]:
    """Return what was guessed, a sentence each."""
    notes = [raw.how + _how_written(read, raw.encoding)] if raw.how else []
    notes += [
        *raw.notes,
        *_thousands(read),
        *_doubts(read),
        *_units(read),
        *_negatives(read),
        *_dates(read),
        *_booleans(read),
    ]
    notes += [*_markers(read), *_infinite(read)]
    notes += [_sentence(values) for values in read if values.reason not in ("", IS_TEXT) and not values.is_empty]
    if empty := _names(values for values in read if values.is_empty):
        notes.append(f"{listed(empty)} {'holds' if len(empty) == 1 else 'hold'} no value at all")
    if rows == 1:
        notes.append("There is one row only: K-means needs more to find anything")
    return notes


def _sentence(values: Values) -> str:
    return f"{in_quotes(values.raw.name)} {values.reason}"


def _names(read: Any) -> list[str]:
    return [values.raw.name for values in read]


def _how_written(read: Sequence[Values], encoding: str) -> str:
    commas = any(values.form in FORMATS and FORMATS[values.form].decimal == "," for values in read)
    return " with decimal commas" * commas + f", in {encoding}" * bool(encoding)


_GROUPS: Final = (
    ("Commas", {"comma groups"}),
    ("Points", {"point groups"}),
    ("Spaces and apostrophes", {"space groups", "space groups, comma"}),
)


def _thousands(read: Sequence[Values]) -> list[str]:
    """Return a sentence for every separator of thousands that was taken out."""
    return [
        f"{word} in {listed(names)} are taken to separate thousands"
        for word, forms in _GROUPS
        if (names := _names(values for values in read if values.form in forms and not values.doubt))
    ]


_TAKEN: Final = {
    "comma groups": "Commas in {} are taken to separate thousands",
    "comma": "Commas in {} are taken as decimal commas",
    "point groups": "Points in {} are taken to separate thousands",
    "point": "Points in {} are taken as decimal points",
}


def _doubts(read: Sequence[Values]) -> list[str]:
    """Return a sentence for every reading that is in doubt, and why it is."""
    by_reading: dict[tuple[str, str], list[str]] = {}
    for values in read:
        if values.doubt:
            by_reading.setdefault((values.form, values.doubt), []).append(values.raw.name)
    readings = sorted(by_reading, key=lambda reading: list(_TAKEN).index(reading[0]))
    return [f"{_TAKEN[form].format(listed(by_reading[form, doubt]))}, though {doubt}" for form, doubt in readings]


def _units(read: Sequence[Values]) -> list[str]:
    notes = []
    for unit in dict.fromkeys(values.unit for values in read if values.unit):
        names = _names(values for values in read if values.unit == unit)
        have = "is read without its" if len(names) == 1 else "are read without their"
        what = "percent sign: 12% counts as 12" if unit == "%" else f"unit {in_quotes(unit)}"
        notes.append(f"{listed(names)} {have} {what}")
    return notes


def _negatives(read: Sequence[Values]) -> list[str]:
    names = _names(values for values in read if values.in_parentheses)
    return [f"Numbers in parentheses in {listed(names)} are taken as negative: (5) counts as -5"] if names else []


def _dates(read: Sequence[Values]) -> list[str]:
    names = _names(values for values in read if values.kind == "date" and not values.is_empty)
    hold = "holds dates, which count" if len(names) == 1 else "hold dates, which count"
    return [f"{listed(names)} {hold} as days since 1970-01-01"] if names else []


def _booleans(read: Sequence[Values]) -> list[str]:
    by_words: dict[str, list[str]] = {}
    for values in read:
        if values.kind == "boolean" and not values.is_empty:
            by_words.setdefault(values.words or "true is 1, false is 0", []).append(values.raw.name)
    return [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} read as numbers: {w}" for w, names in by_words.items()
    ]


def _markers(read: Sequence[Values]) -> list[str]:
    """Return which texts count as missing, how many cells have them, and in which columns."""
    counts: Counter[str] = Counter()
    for values in read:
        counts.update(values.markers)
    if not counts:
        return []
    cells = listed_counts(counts)
    names = listed(_names(values for values in read if values.markers))
    return [f"{cells} {'counts' if counts.total() == 1 else 'count'} as missing in {names}"]


def listed_counts(counts: Counter[str], most: int = 8) -> str:
    """Return texts with the number of their cells, for a sentence."""
    told = [f"{in_quotes(text)} ({counted(count, 'cell')})" for text, count in counts.most_common(most)]
    if len(counts) > most:
        told.append(f"{len(counts) - most} more")
    return " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else told[0]


def _infinite(read: Sequence[Values]) -> list[str]:
    count = sum(values.infinite for values in read)
    if not count:
        return []
    names = _names(values for values in read if values.infinite)
    infinite = f"{counted(count, 'infinite value')} of {listed(names)}"
    return [f"{infinite} {'counts' if count == 1 else 'count'} as missing"]
