"""Entry points: ``read_table`` for files, ``read_pasted`` for pasted text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from kmeans_tables.csv_text import decode_text, text_table
from kmeans_tables.excel import workbook
from kmeans_tables.limits import MAX_BYTES, UnusableTable, check_size
from kmeans_tables.messages import message
from kmeans_tables.parquet import parquet_table
from kmeans_tables.table import Table
from kmeans_tables.table_builder import build_table
from kmeans_tables.unsupported_files import reject_unsupported_file
from kmeans_tables.wording import in_quotes, one_line


def read_table(name: str, content: bytes, *, sheet: str = "", max_bytes: int = MAX_BYTES) -> Table:
    """Read a file: separated text, an Excel workbook (``sheet``, or the first that holds anything) or Parquet.

    Raises
    ------
    ValueError
        If it can't be used, with the sentence to show.
    """
    clean = _clean_name(name)
    return _guard(in_quotes(clean), lambda: _read(clean, bytes(content), sheet, max_bytes))


def read_pasted(text: str, *, max_bytes: int = MAX_BYTES) -> Table:
    """Read cells copied from a spreadsheet or a text; raises ``ValueError`` with the sentence to show."""
    content = text.encode("utf-8", errors="replace")
    return _guard(message("files.pasted"), lambda: _read_pasted(content, max_bytes))


def _guard(file: str, read: Callable[[], Table]) -> Table:
    """Return the table, and turn any error into a sentence: a file may hold anything."""
    try:
        return read()
    except UnusableTable as problem:
        raise ValueError(problem.sentence(file)) from None
    except Exception as error:
        raise ValueError(message("files.unreadable", file=file)) from error


def _read(name: str, content: bytes, sheet: str, max_bytes: int) -> Table:
    check_size(len(content), max_bytes)
    if not content:
        raise UnusableTable("files.empty")
    reject_unsupported_file(name, content)
    if content.startswith(b"PAR1"):
        raw = parquet_table(content)
    elif content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _workbook_table(name, content, sheet)
    else:
        raw = text_table(*decode_text(content))
    return build_table(name, content, raw, sheet)


def _workbook_table(name: str, content: bytes, sheet: str) -> Table:
    """Return the named sheet of a workbook, or the first one that holds a table rather than prose."""
    raw = workbook(content, sheet)
    try:
        return build_table(name, content, raw, sheet)
    except UnusableTable:
        if sheet:
            raise
        for title in raw.sheets[:_SHEETS_TRIED]:
            with suppress(UnusableTable):
                return build_table(name, content, workbook(content, title))
        raise


_SHEETS_TRIED: Final = 8
"""The most sheets to try: reading each costs as much as a file with one sheet."""


def _read_pasted(content: bytes, max_bytes: int) -> Table:
    check_size(len(content), max_bytes)
    if not content.strip():
        raise UnusableTable("files.nothing_pasted")
    return build_table(message("files.pasted_name"), content, text_table(content.decode().removeprefix("\ufeff"), ""))


def _clean_name(name: str) -> str:
    """Return a file's name without folders and invisible characters, short enough for a heading."""
    last = re.split(r"[/\\]", name)[-1]
    visible = one_line("".join(letter for letter in last if unicodedata.category(letter)[0] != "C"))
    if len(visible) <= 60:
        return visible or "table"
    stem, dot, suffix = visible.rpartition(".")
    return f"{stem[:50]}….{suffix}" if dot and len(suffix) <= 8 else f"{visible[:59]}…"
