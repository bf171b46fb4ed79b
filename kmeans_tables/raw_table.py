"""A table before its columns are told apart: names and Arrow arrays of text or numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kmeans_tables.header import SAMPLE, header, start_of, unnamed
from kmeans_tables.limits import Problem, check_cells, check_rows, check_text, check_width
from kmeans_tables.wording import counted


@dataclass(slots=True)
class RawTable:
    """A table before it is known which text is numbers: Arrow arrays of ``string`` or ``double``, one a column.

    ``exact`` says that a point in a number is a decimal point for certain, as programs write it.
    """

    names: list[str]
    columns: list[Any]
    how: str = ""
    notes: list[str] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    exact: bool = False
    separator: str = ""
    encoding: str = ""


def from_rows(rows: Iterator[tuple[int, Sequence[str]]]) -> RawTable:
    """Make columns of rows: find where the table begins and what its columns are called, and mend short rows."""
    head = list(islice(rows, SAMPLE))
    skipped, width = start_of([row for _, row in head])
    head = head[skipped:]
    if not head:
        raise Problem("holds no rows: a table needs a row of names and rows of numbers")
    named, names = header([row for _, row in head], width)
    check_width(len(names))
    columns = _Columns(len(names))
    for line, row in head[1:] if named else head:
        columns.add(line, row)
    for line, row in rows:
        columns.add(line, row)
    notes = unnamed(named)
    if skipped:
        lines = "line comes" if skipped == 1 else f"{skipped} lines come"
        notes.append(f"The first {lines} before the table, and {'is' if skipped == 1 else 'are'} left out")
    if columns.short:
        notes.append(f"{counted(columns.short, 'row')} had too few cells: those at the end count as missing")
    return RawTable(names, columns.arrays(), notes=notes)


class _Columns:
    """Cells of rows, kept by column: as Arrow arrays, which need a tenth of the memory of Python's strings."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows: list[Sequence[str]] = []
        self._chunks: list[list[Any]] = [[] for _ in range(width)]
        self._at_once = max(1, 200_000 // max(1, width))
        self._count = self._text = 0
        self.short = 0

    def add(self, line: int, row: Sequence[str]) -> None:
        """Add a row of the file's line; one that is short is filled up, one that is long must be empty there."""
        if len(row) != self._width:
            row = self._fitted(line, row)
        self._rows.append(row)
        if len(self._rows) >= self._at_once:
            self._pack()

    def _fitted(self, line: int, row: Sequence[str]) -> Sequence[str]:
        if any(map(str.strip, row[self._width :])):
            columns = f"{counted(len(row), 'cell')} in line {line:,}, and there are {counted(self._width, 'column')}"
            raise Problem(f"has {columns}: put a cell that holds a separator in quotes, and take out lines of text")
        self.short += len(row) < self._width
        return [*row[: self._width], *[""] * (self._width - len(row))]

    def _pack(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self._count += len(self._rows)
        check_rows(self._count)
        check_cells(self._count, self._width)
        for chunks, cells in zip(self._chunks, zip(*self._rows, strict=True), strict=False):
            self._text += sum(map(len, cells))
            check_text(self._text)
            chunks.append(pa.array(cells, pa.string()))
        self._rows = []

    def arrays(self) -> list[Any]:
        """Return the columns, each a chunked array of ``string``."""
        import pyarrow as pa  # noqa: PLC0415

        self._pack()
        return [pa.chunked_array(chunks, pa.string()) for chunks in self._chunks]
