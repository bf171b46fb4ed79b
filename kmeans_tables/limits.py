"""Limits on files and tables, and the checks that enforce them."""

from __future__ import annotations

from typing import Final

from kmeans_tables.wording import counted

MAX_BYTES: Final = 50_000_000
"""The largest file that is read unless an operator says otherwise."""

MAX_ROWS: Final = 1_000_000
"""The most rows: as many as a page can still compute."""

MAX_COLUMNS: Final = 500
"""The most columns a table may have."""

MAX_CELLS: Final = 10_000_000
"""The most cells: 80 MB when all of them are numbers, and several times as much while they are read."""

MAX_CELL: Final = 10_000
"""The most characters in a cell: a longer one is prose, or a quote that was never closed."""

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


class UnusableTable(Exception):  # noqa: N818 - not an error of the program: it says what the user can fix
    """Why a file can't be used, as the end of a sentence that begins with the file's name."""


def check_size(size: int, most: int) -> None:
    """Raise an ``UnusableTable`` if a file has more bytes than ``most``."""
    if size > most:
        few = "take out rows or columns that are not needed"
        raise UnusableTable(f"has {size / 1e6:,.1f} MB, and {most / 1e6:,.6g} MB are the most: {few}")


def check_rows(count: int) -> None:
    """Raise an ``UnusableTable`` if there are too many rows."""
    if count > MAX_ROWS:
        raise UnusableTable(f"has more than {MAX_ROWS:,} rows: take a sample of them")


def check_width(width: int) -> None:
    """Raise an ``UnusableTable`` if there are too many columns."""
    if width > MAX_COLUMNS:
        raise UnusableTable(
            f"has {counted(width, 'column')}, and {MAX_COLUMNS} are the most: take out what is not needed"
        )


def check_cells(rows: int, width: int) -> None:
    """Raise an ``UnusableTable`` if there are too many cells."""
    if rows * width > MAX_CELLS:
        raise UnusableTable(f"has more than {MAX_CELLS:,} cells: take out rows or columns that are not needed")


def check_text(length: int) -> None:
    """Raise an ``UnusableTable`` if all cells together hold too many characters."""
    if length > MAX_TEXT:
        raise UnusableTable(f"has more than {MAX_TEXT:,} characters in its cells: take out columns of long texts")


def check_part_count(count: int) -> None:
    """Raise an ``UnusableTable`` if a zip file has too many parts."""
    if count > MAX_PARTS:
        raise UnusableTable(f"is packed from more than {MAX_PARTS:,} parts: save the table as CSV")


def check_unpacked(size: int, tags: int = 0) -> None:
    """Raise an ``UnusableTable`` if a file unpacks to too many bytes or XML tags."""
    if size > MAX_UNPACKED or tags > MAX_TAGS:
        raise UnusableTable(unpacks_to_too_much())


def too_long(where: str) -> str:
    """Return the problem of a text that is too long, with the remedy."""
    return f"has {where} with more than {MAX_CELL:,} characters: take long texts out, or close a quote that is open"


def unpacks_to_too_much() -> str:
    """Return the problem of a file that unpacks to too much, with the remedy."""
    return f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB, or suspiciously much: save the table as CSV"
