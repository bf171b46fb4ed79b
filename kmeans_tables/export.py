"""Export of a table with the cluster of every row. All other cells stay as they are in the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tables.cells import text_of
from kmeans_tables.number_formats import ERRORS, FORMATS, MISSING
from kmeans_tables.table import Column, Table

CLUSTER: Final = "cluster"
"""The name of the column of clusters, counted from 1; cells of rows that were left out are empty."""

_ROWS_PER_CHUNK: Final = 50_000
"""Rows that are written at once: as Python strings, their cells take about 100 bytes each."""


@dataclass(frozen=True, slots=True, eq=False)
class LabeledTable:
    """Columns with their clusters.

    Attributes
    ----------
    headers : tuple of str
        The names as they are in the file.
    names : tuple of str
        Names that differ, for files in which they must.
    columns : tuple of Arrow arrays
        The cells, ``(n,)`` each; the clusters are the last.
    numbers : frozenset of str
        The names of columns of numbers, in which a text such as ``NA`` stands for a missing one.
    texts : frozenset of str
        The names of columns that are text in a file with types, and stay text.
    """

    headers: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[Any, ...]
    numbers: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def csv(self, separator: str = ",") -> bytes:
        """Return the table as separated text in UTF-8, with a mark by which Excel sees the encoding.

        A cell is put in quotes where it has to be, and otherwise comes back as it went in.
        """
        texts = [text_of(column) for column in self.columns]
        file = io.StringIO(newline="")
        # Python's writer puts a lone carriage return in quotes only if lines end with one.
        ending = "\r\n" if any(_holds_return(text) for text in texts) or "\r" in "".join(self.headers) else "\n"
        writer = csv.writer(file, delimiter=separator, lineterminator=ending)
        writer.writerow(self.headers)
        for start in range(0, len(texts[-1]), _ROWS_PER_CHUNK):
            writer.writerows(zip(*(text.slice(start, _ROWS_PER_CHUNK).to_pylist() for text in texts), strict=True))
        return file.getvalue().encode("utf-8-sig", errors="replace")

    def parquet(self) -> bytes:
        """Return the table as Parquet.

        What came from Parquet keeps its types. Text becomes whole numbers or doubles where these are written as
        the cells are: 1.10 may be a version, and stays text.
        """
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415

        columns = {
            target: _with_type(column, name in self.numbers) if self._may_be_numbers(name, column) else column
            for target, name, column in zip(self._unique_names(), self.names, self.columns, strict=True)
        }
        file = io.BytesIO()
        parquet.write_table(pa.table(columns), file)
        return file.getvalue()

    def _unique_names(self) -> tuple[str, ...]:
        """Return the names of the file, whole, where they differ; and the app's own where they don't."""
        counts = Counter(self.headers)
        whole = tuple(
            header if header and counts[header] == 1 else name
            for header, name in zip(self.headers, self.names, strict=True)
        )
        return whole if len(set(whole)) == len(whole) else self.names

    def _may_be_numbers(self, name: str, column: Any) -> bool:
        return str(column.type) == "string" and name not in self.texts


def labeled_table(
    table: Table,
    rows: NDArray[np.intp],
    labels: NDArray[Any],
    extra_values: Mapping[str, NDArray[np.float64]] | None = None,
) -> LabeledTable:
    """Return a table with the clusters of these rows, and with rows that are not in the file.

    Parameters
    ----------
    table : Table
    rows : (n,) intp
        The rows of the table that were clustered.
    labels : (n + m,) int
        The cluster of each of them, counted from 0, and then of each added row.
    extra_values : mapping of str to (m,) float64, optional
        Name of a column: its values in rows to add at the end. All other cells of these are empty.
    """
    import pyarrow as pa  # noqa: PLC0415

    extra = len(labels) - len(rows)
    clusters, absent = np.zeros(table.n + extra, dtype=np.int64), np.ones(table.n + extra, dtype=bool)
    places = np.append(rows, np.arange(table.n, table.n + extra))
    clusters[places], absent[places] = np.asarray(labels, dtype=np.int64) + 1, False
    headers = tuple(column.header for column in table.columns)
    names = tuple(column.name for column in table.columns)
    cells = tuple(_with_added(column, (extra_values or {}).get(column.name), extra) for column in table.columns)
    free = free_name(CLUSTER, {*headers, *names})
    numbers = frozenset(column.name for column in table.columns if column.kind == "number")
    cluster_cells = pa.chunked_array([pa.array(clusters, mask=absent)])
    texts = frozenset(column.name for column in table.columns if table.has_types and str(column.cells.type) == "string")
    return LabeledTable((*headers, free), (*names, free), (*cells, cluster_cells), numbers, texts)


def _with_added(column: Column, values: NDArray[np.float64] | None, count: int) -> Any:
    """Return a column's cells, followed by ``count`` more: these values, or empty ones."""
    import pyarrow as pa  # noqa: PLC0415

    cells = column.cells if isinstance(column.cells, pa.ChunkedArray) else pa.chunked_array([column.cells])
    if not count:
        return cells
    is_text = str(cells.type) == "string"
    if values is None:
        more = pa.array([""] * count) if is_text else pa.nulls(count, cells.type)
    elif not is_text and pa.types.is_floating(cells.type):
        more = pa.array(values).cast(cells.type, safe=False)
    else:
        # As text, so that no cell of the file is rounded where the new ones are not whole numbers.
        cells = text_of(cells)
        more = pa.array([_number_text(value, column) for value in values.tolist()])
    return pa.chunked_array([*cells.chunks, more], type=cells.type)


def _number_text(value: float, column: Column) -> str:
    """Return a number in the column's own format: decimal sign, unit, negatives, and dates."""
    if column.kind == "date":
        return str(np.datetime64("1970-01-01", "s") + np.timedelta64(round(value * 86_400), "s"))
    text = repr(int(value)) if value.is_integer() and abs(value) < _ALL_DIGITS else repr(value)
    if column.form in FORMATS and FORMATS[column.form].decimal == ",":
        text = text.replace(".", ",")
    if column.in_parentheses and value < 0:
        text = f"({text.removeprefix('-')})"
    return f"{text} {column.unit}" if column.unit else text


_ALL_DIGITS: Final = 2**53
"""Whole numbers below this are written without an exponent or a decimal point."""


def free_name(name: str, names: Collection[str]) -> str:
    """Return a name that no column has yet: this one, or this one with a number."""
    while name in names:
        name += " (K-means)"
    return name


def _holds_return(text: Any) -> bool:
    import pyarrow.compute as pc  # noqa: PLC0415

    return bool(pc.any(pc.match_substring(text, "\r")).as_py())


_WHOLE: Final = r"^(?:0|-?[1-9][0-9]{0,17})$"
"""A whole number that ``int64`` keeps as it is written: no leading zeros, as codes have them, and no -0."""

_DECIMAL: Final = r"^-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?$"


def _with_type(column: Any, is_number: bool) -> Any:
    """Return text as ``int64`` or ``double`` where these give back all cells as they are written, null where empty."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    absent = pa.array(["", *MISSING, *ERRORS] if is_number else [""])
    cells = pc.if_else(pc.is_in(pc.utf8_lower(column), value_set=absent), None, column)
    if cells.null_count == len(cells):
        return column
    if pc.all(pc.match_substring_regex(cells, _WHOLE)).as_py():
        return pc.cast(cells, pa.int64())
    if not pc.all(pc.match_substring_regex(cells, _DECIMAL)).as_py():
        return column
    doubles = pc.cast(cells, pa.float64())
    return doubles if any(pc.all(pc.equal(cells, text)).as_py() for text in _texts(doubles)) else column


def _texts(doubles: Any) -> Iterator[Any]:
    """Yield doubles as Arrow and Python write them with the fewest digits, whole numbers as ``2`` and as ``2.0``.

    ``1.10`` is none of these, as it would come back as ``1.1``; neither is ``1e5``, nor a mixture of ``2`` and ``2.0``.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    yield pc.cast(doubles, pa.string())
    yield text_of(doubles)
    texts = [None if value is None else repr(value) for value in doubles.to_pylist()]
    yield pa.chunked_array([pa.array(texts, pa.string())])
    yield pa.chunked_array([pa.array([text and text.removesuffix(".0") for text in texts], pa.string())])


def as_labeled(columns: Sequence[tuple[str, NDArray[Any]]]) -> LabeledTable:
    """Return arrays ``(n,)`` with their names as a table, for points that no file holds."""
    import pyarrow as pa  # noqa: PLC0415

    names = tuple(name for name, _ in columns)
    return LabeledTable(names, names, tuple(pa.chunked_array([pa.array(values)]) for _, values in columns))
