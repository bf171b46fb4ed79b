"""Raw columns as columns of numbers or of text, with notes on what was guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_tables.limits import MAX_CELL, Problem, check_cells, too_long
from kmeans_tables.number_formats import READINGS, TextColumn, reading_of
from kmeans_tables.raw_table import RawTable
from kmeans_tables.table import MAX_CLASSES, Table, digest_of
from kmeans_tables.wording import counted, in_quotes, listed


def table_of(name: str, content: bytes, raw: RawTable, sheet: str = "") -> Table:
    """Make the table: numbers where all of a column are, text elsewhere, and notes on what was guessed."""
    import pandas as pd  # noqa: PLC0415

    check_cells(len(raw.columns[0]) if raw.columns else 0, len(raw.columns))
    parts = _told_apart(raw)
    infinite = _without_infinite(parts.numbers)
    columns = {**parts.numbers, **parts.texts}
    frame = pd.DataFrame({column: columns[column] for column in raw.names if column in columns})
    empty = [column for column in frame if not frame[column].notna().any()]
    numeric = [column for column in frame if column in parts.numbers and column not in empty]
    _check_usable(len(frame), numeric, parts.reasons)
    labels = {column for column in numeric if _is_whole(parts.numbers[column])} | parts.texts.keys()
    notes = [raw.how + _how_written(parts.readings, raw.encoding)] if raw.how else []
    notes += [*raw.notes, *_thousands(parts.readings), *infinite, *parts.reasons]
    if empty:
        notes.append(f"{listed(empty)} {'holds' if len(empty) == 1 else 'hold'} no value at all")
    if len(frame) == 1:
        notes.append("There is one row only: K-means needs more to find anything")
    return Table(
        name=name,
        digest=digest_of(content, sheet),
        frame=frame,
        numeric=tuple(numeric),
        others=tuple(column for column in frame if column in labels and column not in empty),
        notes=tuple(notes),
        sheets=raw.sheets,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Columns of numbers and of text by name, how the numbers were written, and why what looks like some is text."""

    numbers: dict[str, NDArray[np.float64]]
    texts: dict[str, Any]
    readings: dict[str, str]
    reasons: list[str]


def _told_apart(raw: RawTable) -> _Parts:
    """Tell columns of numbers from columns of text."""
    kept = {name: cells for name, cells in zip(raw.names, raw.columns, strict=True) if not _is_blank(name, cells)}
    columns = {name: TextColumn(cells) for name, cells in kept.items() if str(cells.type) == "string"}
    for name, column in columns.items():
        _check_cell(name, column)
    others = list(columns.values())
    readings = {
        name: reading_of(column, others, exact=raw.exact, separator=raw.separator) for name, column in columns.items()
    }
    numbers = {
        name: np.array((columns[name].numbers(readings[name]) if name in columns else cells).to_numpy())
        for name, cells in kept.items()
        if readings.get(name, "there")
    }
    texts = {name: column.text.to_pandas() for name, column in columns.items() if not readings[name]}
    strangers = {name: columns[name].stranger() for name in texts}
    reasons = [
        f"“{name}” is text because of {in_quotes(stranger[1])} in row {stranger[0]:,}"
        for name, stranger in strangers.items()
        if stranger
    ]
    return _Parts(numbers, texts, readings, reasons)


def _without_infinite(numbers: Mapping[str, NDArray[np.float64]]) -> list[str]:
    """Make infinite values missing ones, in place, and return the sentence that says so."""
    where = {name: np.isinf(values) for name, values in numbers.items()}
    found = {name: int(np.count_nonzero(infinite)) for name, infinite in where.items() if infinite.any()}
    for name in found:
        numbers[name][where[name]] = np.nan
    if not found:
        return []
    count = sum(found.values())
    values = f"{counted(count, 'infinite value')} of {listed(list(found))}"
    return [f"{values} {'counts' if count == 1 else 'count'} as missing"]


def _is_blank(name: str, cells: Any) -> bool:
    """Tell whether a column has neither a name nor a value, as separators at the end of all rows leave it."""
    import pyarrow.compute as pc  # noqa: PLC0415

    if not re.fullmatch(r"column [0-9]+", name) or str(cells.type) != "string":
        return False
    return not pc.any(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(cells)), 0)).as_py()


def _check_cell(name: str, column: TextColumn) -> None:
    import pyarrow.compute as pc  # noqa: PLC0415

    if (pc.max(pc.utf8_length(column.text)).as_py() or 0) > MAX_CELL:
        raise Problem(too_long(f"a cell of “{name}”"))


def _how_written(readings: Mapping[str, str], encoding: str) -> str:
    commas = any(reading and READINGS[reading].decimal == "," for reading in readings.values())
    return " with decimal commas" * commas + f", in {encoding}" * bool(encoding)


def _thousands(readings: Mapping[str, str]) -> list[str]:
    """Return a sentence for every separator of thousands that was taken out."""
    notes = []
    for word, kinds in (
        ("Commas", {"comma groups"}),
        ("Points", {"point groups"}),
        ("Spaces and apostrophes", {"space groups", "space groups, comma"}),
    ):
        names = [name for name, reading in readings.items() if reading in kinds]
        if names:
            notes.append(f"{word} in {listed(names)} are taken to separate thousands")
    return notes


def _check_usable(rows: int, numeric: Sequence[str], reasons: Sequence[str]) -> None:
    """Refuse a table of which no points can be made."""
    if not rows:
        raise Problem("holds no rows below its names: add rows of numbers")
    hint = f"; {reasons[0]}" if reasons else ""
    if not numeric:
        raise Problem(f"has no column of numbers, and needs two: take units and words out of the cells{hint}")
    if len(numeric) == 1:
        raise Problem(f"has one column of numbers, “{numeric[0]}”, and needs two: add another{hint}")


def _is_whole(values: NDArray[np.float64]) -> bool:
    """Tell whether a column holds whole numbers of few different values, as labels do."""
    for part in (values[:5_000], values):
        known = part[~np.isnan(part)]
        if np.any(known != np.rint(known)) or len(np.unique(known)) > MAX_CLASSES:
            return False
    return bool(len(known))
