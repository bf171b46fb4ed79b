"""Raw tables: columns of cells, before it is decided which of them are numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from typing import Any

from kmeans_tables.header import SAMPLE, header, header_notes, start_of, unique_names
from kmeans_tables.limits import MAX_EMPTY_COLUMNS, UnusableTable, check_cells, check_rows, check_text, check_width
from kmeans_tables.messages import message
from kmeans_tables.table import Kind


class NumberText(str):
    """The text of a number from a workbook, written by ``repr``, so that decimal commas are no question."""

    __slots__ = ()


@dataclass(slots=True)
class RawColumn:
    """A column, before it is decided whether its text is numbers.

    Attributes
    ----------
    name : str
        Its name here, which no other column has.
    header : str
        Its name in the file: it may be empty, long, or that of another column, too.
    cells : (n,) Arrow array
        The cells as they are in the file.
    values : (n,) double or string
        Numbers where the file says that it holds numbers, dates or booleans (``kind``), and otherwise text.
    typed : (n,) bool or None
        Where a text is the ``repr`` of a number. None if it nowhere is.
    """

    name: str
    header: str
    cells: Any
    values: Any
    kind: Kind = "text"
    typed: Any = None


@dataclass(slots=True)
class RawTable:
    """A table, before it is decided which text is numbers.

    Attributes
    ----------
    columns : list of RawColumn
    notes : list of str
        What was guessed so far, without full stops.
    sheets, sheet : tuple of str, and str
        All sheets of a workbook, and the one that was read.
    is_hidden : bool
        Whether that sheet is hidden.
    markers : bool
        Whether a text such as ``NA`` may stand for a missing number.
    separator, encoding : str
        Of separated text: what separates its cells, and its encoding if it is not UTF-8; "" for other files.
    """

    columns: list[RawColumn]
    notes: list[str] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    is_hidden: bool = False
    markers: bool = True
    separator: str = ""
    encoding: str = ""


def from_rows(rows: Iterator[Sequence[str]], *, typed: bool = False) -> RawTable:
    """Return the table of rows: find where it begins and the names of its columns, and fill up short rows.

    Rows without a value are kept below the names, and left out above them. ``typed`` says that some cells may be a
    ``NumberText``.
    """
    head = list(islice(rows, SAMPLE))
    filled = [at for at, row in enumerate(head) if has_value(row)]
    skipped, width = start_of([head[at] for at in filled])
    if not filled[skipped:]:
        raise UnusableTable("files.no_rows")
    named, headers = header([head[at] for at in filled[skipped:]], width)
    check_width(len(headers))
    columns = _Columns(len(headers), typed)
    for row in chain(head[filled[skipped] + named :], rows):
        columns.add(row)
    notes = header_notes(named, headers)
    if skipped:
        notes.append(message("reading.title_lines", count=skipped))
    if columns.short:
        notes.append(message("reading.short_rows", count=columns.short))
    return RawTable(text_columns(headers, columns.arrays(), columns.typed()), notes=notes)


def has_value(row: Sequence[str]) -> bool:
    """Tell whether any cell of a row holds more than white space."""
    return any(row) and any(map(str.strip, row))


def without_blank_ends(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield rows without those at both ends that hold no value; such a row in between is empty.

    Rows without any cell are blank lines and do not count as rows.
    """
    has_begun = False
    blank: list[tuple[Sequence[str], int]] = []
    for row in rows:
        if len(row) > MAX_EMPTY_COLUMNS:
            check_width(len(row))
        if has_value(row):
            for cells, count in blank:
                yield from repeat(cells, count)
            yield row
            blank, has_begun = [], True
        elif has_begun and len(row) > 1 and any(row):
            blank.append((row, 1))
            check_rows(len(blank))
        elif has_begun and len(row) > 1:
            # Counted rather than kept: a small file may end with millions of such rows.
            blank[-1:] = [((), blank[-1][1] + 1)] if blank and not blank[-1][0] else [*blank[-1:], ((), 1)]


def text_columns(headers: Sequence[str], columns: Sequence[Any], typed: Sequence[Any] = ()) -> list[RawColumn]:
    """Return columns of text, ``(n,) string`` each, with unique names."""
    masks = typed or [None] * len(columns)
    return [
        RawColumn(name, title, cells, cells, typed=mask)
        for name, title, cells, mask in zip(unique_names(headers), headers, columns, masks, strict=True)
    ]


class _Columns:
    """A builder of columns from rows. Arrow arrays need a tenth of the memory of Python strings."""

    def __init__(self, width: int, typed: bool) -> None:
        self._width, self._typed = width, typed
        self._rows: list[Sequence[str]] = []
        self._chunks: list[list[Any]] = [[] for _ in range(width)]
        self._masks: list[list[Any]] = [[] for _ in range(width)]
        self._at_once = max(1, 200_000 // max(1, width))
        self._count = self._text = 0
        self.short = 0

    def add(self, row: Sequence[str]) -> None:
        """Add a row; fill up a short one, and require that the extra cells of a long one are empty."""
        if len(row) != self._width:
            row = self._fit(row)
        self._rows.append(row)
        if len(self._rows) >= self._at_once:
            self._pack()

    def _fit(self, row: Sequence[str]) -> Sequence[str]:
        if any(map(str.strip, row[self._width :])):
            number = self._count + len(self._rows) + 1
            raise UnusableTable("files.long_row", cells=len(row), row=number, columns=self._width)
        self.short += 0 < len(row) < self._width
        return [*row[: self._width], *[""] * (self._width - len(row))]

    def _pack(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self._count += len(self._rows)
        check_rows(self._count)
        check_cells(self._count, self._width)
        for chunks, masks, cells in zip(self._chunks, self._masks, zip(*self._rows, strict=True), strict=False):
            self._text += sum(map(len, cells))
            check_text(self._text)
            chunks.append(pa.array(cells, pa.string()))
            if self._typed:
                masks.append(pa.array([type(cell) is NumberText for cell in cells], pa.bool_()))
        self._rows = []

    def arrays(self) -> list[Any]:
        """Return the columns, each a chunked array of ``string``."""
        import pyarrow as pa  # noqa: PLC0415

        self._pack()
        return [pa.chunked_array(chunks, pa.string()) for chunks in self._chunks]

    def typed(self) -> list[Any]:
        """Return, for each column, which cells are ``NumberText``, a chunked array of ``bool``; [] if none is."""
        import pyarrow as pa  # noqa: PLC0415

        return [pa.chunked_array(masks, pa.bool_()) for masks in self._masks] if self._typed else []
