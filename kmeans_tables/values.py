"""The values of columns: numbers, dates, or booleans where every cell is one, and text otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_tables.dates import AmbiguousDates, days_of
from kmeans_tables.limits import MAX_CELL, cell_too_long
from kmeans_tables.messages import message
from kmeans_tables.number_formats import FORMATS
from kmeans_tables.raw_table import RawColumn, RawTable
from kmeans_tables.table import LARGEST, Kind
from kmeans_tables.text_column import Doubt, TextColumn, format_of
from kmeans_tables.wording import in_quotes, listed


@dataclass(slots=True)
class Values:
    """The values of a column, and how they were read.

    Attributes
    ----------
    raw : RawColumn
    kind : str
    numbers : (n,) float64 or None
        NaN where a value is missing. None where the column is text.
    text : (n,) string or None
        Null where a cell is empty.
    form : str
        The name of the number format, or of the order of dates.
    doubt : str
        Why the numbers could be written in another format; empty if there is no doubt.
    unit, words : str
        What stands beside every number, and which word is 1: ``true`` or ``yes``.
    markers : dict of int
        How many cells stand for a missing value, by their text.
    in_parentheses : bool
        Whether negative numbers are written like ``(5)``.
    infinite : int
        How many values are infinite, and count as missing.
    reason : str
        Why the column can't be clustered, a sentence without its full stop; empty if it can.
    is_plain_text : bool
        Whether nothing in it looks like a number, so that the reason needs no note.
    """

    raw: RawColumn
    kind: Kind = "text"
    numbers: NDArray[np.float64] | None = None
    text: Any = None
    form: str = ""
    doubt: Doubt = ""
    unit: str = ""
    words: str = ""
    markers: dict[str, int] = field(default_factory=dict)
    in_parentheses: bool = False
    infinite: int = 0
    reason: str = ""
    is_plain_text: bool = False

    @property
    def missing(self) -> int:
        """Return the number of rows without a value."""
        return int(self.text.null_count) if self.numbers is None else int(np.count_nonzero(np.isnan(self.numbers)))

    def series(self) -> Any:
        """Return the series for a data frame: the numbers, or the text."""
        return self.text.to_pandas() if self.numbers is None else self.numbers

    @property
    def is_empty(self) -> bool:
        """Return whether no row has a value."""
        return self.missing == (len(self.text) if self.numbers is None else len(self.numbers))


def values_of(raw: RawTable, columns: Sequence[RawColumn]) -> list[Values]:
    """Return the values of these columns of a table."""
    texts = {
        column.name: TextColumn(column.values, column.typed, markers=raw.markers)
        for column in columns
        if str(column.values.type) == "string"
    }
    for name, text in texts.items():
        _check_cell(name, text)
    text_columns = list(texts.values())
    read = [
        _of_text(column, texts[column.name], text_columns, raw.separator)
        if column.name in texts
        else Values(column, column.kind, _array(column.values))
        for column in columns
    ]
    for values in read:
        _judge(values)
    return read


def _of_text(column: RawColumn, text: TextColumn, columns: Sequence[TextColumn], separator: str) -> Values:
    """Return the values of a column of text; the other columns show how numbers are written in this file."""
    form, doubt = format_of(text, columns, separator)
    if form:
        numbers = _array(text.numbers(form))
        unit, markers, negatives = text.unit, text.markers(), text.in_parentheses
        return Values(column, "number", numbers, None, form, doubt, unit, "", markers, negatives)
    if not text.has_numerals:
        return Values(column, text=text.numerals, markers=text.markers(), infinite=text.infinite_count())
    if booleans := text.booleans():
        return Values(column, "boolean", _array(booleans[0]), words=booleans[1], markers=text.markers())
    try:
        days = days_of(text.numerals) if text.typed is None and text.has_numerals else None
    except AmbiguousDates:
        row, cell = text.first()
        reason = message("columns.ambiguous_dates", column=in_quotes(column.name), cell=in_quotes(cell), row=row)
        return Values(column, text=text.text, reason=reason)
    if days:
        return Values(column, "date", days[0], form=days[1], markers=text.markers())
    name = in_quotes(column.name)
    why = _why_text(name, text)
    return Values(column, text=text.text, reason=why or message("columns.text", column=name), is_plain_text=not why)


def _why_text(name: str, text: TextColumn) -> str:
    """Return why a column with numbers in it is text; "" if nothing in it looks like a number."""
    if any(map(text.fits, FORMATS)):
        row, cell = text.first()
        sign = "comma" if text.fits("point") else "point"
        return message("columns.other_decimals", column=name, cell=in_quotes(cell), row=row, sign=sign)
    if set(text.units) == {"", "%"}:
        return message("columns.percent_signs", column=name)
    if 1 < len(text.units) <= _FEW_UNITS and all(text.units):
        return message("columns.units_differ", column=name, units=listed(text.units))
    if stranger := text.stranger():
        return message("columns.text_because", column=name, cell=in_quotes(stranger[1]), row=stranger[0])
    return ""


_FEW_UNITS = 5
"""The most distinct units of a column; more of them are text."""


def _array(values: Any) -> NDArray[np.float64]:
    """Return an Arrow column of ``double`` as ``(n,) float64`` that can be written to, NaN where it is null."""
    return np.array(values.to_numpy(), dtype=np.float64)


def _judge(values: Values) -> None:
    """Replace infinite values by missing ones, and note why a column of numbers can't be clustered."""
    if values.numbers is not None:
        infinite = np.isinf(values.numbers)
        values.infinite = int(np.count_nonzero(infinite))
        values.numbers[infinite] = np.nan
    if values.is_empty:
        values.reason, values.is_plain_text = message("columns.no_value", column=in_quotes(values.raw.name)), False
    elif values.numbers is not None and (largest := float(np.nanmax(np.abs(values.numbers)))) > LARGEST:
        name = in_quotes(values.raw.name)
        values.reason = message("columns.too_large", column=name, value=f"{largest:.3g}", most=f"{LARGEST:g}")


def _check_cell(name: str, column: TextColumn) -> None:
    import pyarrow.compute as pc  # noqa: PLC0415

    if (pc.max(pc.utf8_length(column.text)).as_py() or 0) > MAX_CELL:
        raise cell_too_long(in_quotes(name))
