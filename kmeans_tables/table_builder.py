"""From a raw table to a table, with notes on every guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tables.limits import UnusableTable, check_cells
from kmeans_tables.messages import message
from kmeans_tables.number_formats import FORMATS
from kmeans_tables.raw_table import RawColumn, RawTable
from kmeans_tables.reading_notes import reading_notes
from kmeans_tables.table import MAX_CLASSES, Column, Table, digest_of
from kmeans_tables.values import Values, values_of
from kmeans_tables.wording import in_quotes, listed


def build_table(name: str, content: bytes, raw: RawTable, sheet: str = "") -> Table:
    """Return the table: columns of numbers where every cell is one, text elsewhere, and notes on every guess."""
    import pandas as pd  # noqa: PLC0415

    rows = len(raw.columns[0].cells) if raw.columns else 0
    check_cells(rows, len(raw.columns))
    blank = {column.name for column in raw.columns if _is_blank(column)}
    read = values_of(raw, [column for column in raw.columns if column.name not in blank])
    numeric = [values.raw.name for values in read if not values.reason]
    _check_usable(rows, numeric, [values for values in read if values.reason])
    by_name = {values.raw.name: values for values in read}
    frame = pd.DataFrame({name: values.series() for name, values in by_name.items()})
    columns = tuple(_column(column, by_name.get(column.name)) for column in raw.columns)
    return Table(
        name=name,
        digest=digest_of(content, sheet),
        frame=frame,
        numeric=tuple(numeric),
        label_columns=tuple(values.raw.name for values in read if _is_label(values)),
        notes=tuple(_notes(raw, [column for column in columns if not column.is_blank], rows)),
        sheets=raw.sheets,
        columns=columns,
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
        is_plain_text=values.is_plain_text,
        doubt=values.doubt,
        words=values.words,
        in_parentheses=values.in_parentheses,
        markers=values.markers,
        infinite=values.infinite,
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
        present = part[~np.isnan(part)]
        if np.any(present != np.rint(present)) or len(np.unique(present)) > MAX_CLASSES:
            return False
    return bool(len(present))


def _check_usable(rows: int, numeric: Sequence[str], columns: Sequence[Values]) -> None:
    """Raise an ``UnusableTable`` if no points can be made from the table."""
    if not rows:
        raise UnusableTable("files.only_names")
    reason = next((values.reason for values in columns if not values.is_plain_text), "")
    if not numeric:
        raise UnusableTable("files.no_numbers", has_reason=bool(reason), reason=reason)
    if len(numeric) == 1:
        column = in_quotes(numeric[0])
        raise UnusableTable("files.one_column", column=column, has_reason=bool(reason), reason=reason)


# Notes


def _notes(raw: RawTable, columns: Sequence[Column], rows: int) -> list[str]:
    """Return a sentence for every guess."""
    notes = [*_form_notes(raw, columns), *raw.notes, *reading_notes(columns)]
    notes += [column.reason for column in columns if not (column.is_plain_text or column.is_empty) and column.reason]
    if empty := [column.name for column in columns if column.is_empty]:
        notes.append(message("columns.no_values", columns=listed(empty), count=len(empty)))
    if rows == 1:
        notes.append(message("reading.one_row"))
    return notes


_SEPARATOR_NAMES: Final = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "space"}


def _form_notes(raw: RawTable, columns: Sequence[Column]) -> list[str]:
    """Return the note on how the cells of separated text are written, or from which of several sheets they are."""
    has_commas = any(column.form in FORMATS and FORMATS[column.form].decimal == "," for column in columns)
    if raw.separator:
        separator = _SEPARATOR_NAMES[raw.separator] if len(raw.columns) > 1 else "none"
        return [
            message(
                "reading.separated",
                separator=separator,
                has_decimal_commas=has_commas,
                has_encoding=bool(raw.encoding),
                encoding=raw.encoding,
            )
        ]
    if len(raw.sheets) < 2:
        return []
    return [
        message(
            "reading.sheet",
            is_hidden=raw.is_hidden,
            sheet=in_quotes(raw.sheet),
            sheets=len(raw.sheets),
            has_decimal_commas=has_commas,
        )
    ]
