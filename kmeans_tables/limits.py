"""Limits on files and tables, and the checks that enforce them."""

from __future__ import annotations

from typing import Final

from kmeans_tables.messages import message

MAX_BYTES: Final = 50_000_000
"""The largest file that is read unless an operator says otherwise."""

MAX_ROWS: Final = 1_000_000
"""The most rows: as many as a page can still compute."""

MAX_COLUMNS: Final = 500
"""The most columns a table may have."""

MAX_EMPTY_COLUMNS: Final = 16_384
"""The most cells of a row before empty ones are dropped: a worksheet is that wide, and may be saved whole."""

MAX_CELLS: Final = 10_000_000
"""The most cells: 80 MB when all of them are numbers, and several times as much while they are read."""

MAX_CELL: Final = 10_000
"""The most characters in a cell: a longer one is prose, or a quote that was never closed."""

MAX_LINE: Final = 1_000_000
"""The most characters in a line: 2,000 for each cell of the widest table."""

MAX_TEXT: Final = 200_000_000
"""The most characters in all cells: a small file can repeat one long text in every row."""

MAX_UNPACKED: Final = 300_000_000
"""The most bytes that a packed file may unpack to."""

MAX_RATIO: Final = 200
"""The highest compression ratio of a part of a workbook; parts of real workbooks stay below it."""

MAX_PARTS: Final = 5_000
"""The most parts of a workbook; a real one has a few more than it has sheets."""

MAX_TAGS: Final = 30_000_000
"""The most XML tags in a workbook: this many take about a minute to read."""

MAX_SHEET_CELLS: Final = 5_000_000
"""The most cells of a worksheet, which are read at about a hundred thousand a second."""


_TEXT_FACTOR: Final = 8
"""How many times its size text takes while it is read: 5 to 8 measured with 37 to 49 MB, and 13 with commas alone."""


class UnusableTable(Exception):  # noqa: N818 - not an error of the program: it says what the user can fix
    """Why a file can't be used.

    Parameters
    ----------
    key : str
        The message with the sentence to show; its placeholder ``file`` is left to ``sentence``.
    **values : object
        The other placeholders.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self._key, self._values = key, values

    def sentence(self, file: str) -> str:
        """Return the sentence to show, without its full stop.

        Parameters
        ----------
        file : str
            What the sentence calls the file.
        """
        return message(self._key, file=file, **self._values)


class UnmatchedQuotes(UnusableTable):
    """Why separated text can't be used whose quotes do not match, which may be the cause."""

    def __init__(self, problem: UnusableTable) -> None:
        Exception.__init__(self)
        self._problem = problem

    def sentence(self, file: str) -> str:
        """Return the sentence to show, without its full stop."""
        return message("files.unmatched_quotes", problem=self._problem.sentence(file))


def check_size(size: int, most: int) -> None:
    """Raise an ``UnusableTable`` if a file has more bytes than ``most``."""
    if size > most:
        raise UnusableTable("files.too_large", megabytes=size / 1e6, most=most / 1e6)


def reading_bytes(content: bytes) -> int:
    """Return about the most bytes of memory that reading a file takes."""
    if content.startswith((b"PK\x03\x04", b"PAR1")):
        return min(MAX_RATIO * len(content), MAX_UNPACKED)
    return _TEXT_FACTOR * len(content)


def check_rows(count: int) -> None:
    """Raise an ``UnusableTable`` if there are too many rows."""
    if count > MAX_ROWS:
        raise UnusableTable("files.too_many_rows", most=MAX_ROWS)


def check_width(width: int) -> None:
    """Raise an ``UnusableTable`` if there are too many columns."""
    if width > MAX_COLUMNS:
        raise UnusableTable("files.too_many_columns", columns=width, most=MAX_COLUMNS)


def check_cells(rows: int, width: int) -> None:
    """Raise an ``UnusableTable`` if there are too many cells."""
    if rows * width > MAX_CELLS:
        raise UnusableTable("files.too_many_cells", most=MAX_CELLS)


def check_text(length: int) -> None:
    """Raise an ``UnusableTable`` if all cells together hold too many characters."""
    if length > MAX_TEXT:
        raise UnusableTable("files.too_much_text", most=MAX_TEXT)


def check_lines(text: str) -> None:
    """Raise an ``UnusableTable`` if a line of text is longer than a row may be.

    Python's reader cuts a line into cells in one step, in which no other thread runs: 1.4 s for 49 MB of commas.
    """
    start = 0
    while len(text) - start > MAX_LINE:
        end = max(text.rfind(mark, start, start + MAX_LINE + 1) for mark in "\r\n")
        if end < 0:
            raise UnusableTable("files.line_too_long", most=MAX_LINE)
        start = end + 1


def check_part_count(count: int) -> None:
    """Raise an ``UnusableTable`` if a zip file has too many parts."""
    if count > MAX_PARTS:
        raise UnusableTable("files.too_many_parts", most=MAX_PARTS)


def check_unpacked(size: int, tags: int = 0) -> None:
    """Raise an ``UnusableTable`` if a file unpacks to too many bytes or XML tags."""
    if size > MAX_UNPACKED or tags > MAX_TAGS:
        raise unpacks_too_far()


def cell_too_long(column: str) -> UnusableTable:
    """Return the error for a cell that is too long, of a column with this quoted name."""
    return UnusableTable("files.cell_of_column_too_long", column=column, most=MAX_CELL)


def unpacks_too_far() -> UnusableTable:
    """Return the error for a file that unpacks to too much."""
    return UnusableTable("files.unpacks_too_far", megabytes=MAX_UNPACKED // 1_000_000)
