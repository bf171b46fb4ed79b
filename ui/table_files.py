"""Files and pasted texts read as tables.

Knows nothing of Streamlit. What is read comes from anybody, so that every limit is checked before the work is done,
and whatever the bytes, all that is ever raised is a ``ValueError`` with the sentence to show. pandas, PyArrow and
openpyxl are imported where they are used, so that the app starts without them.

All kinds of files become columns of text or of numbers first, and one place decides which text is numbers.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from ui.tables import MAX_CLASSES, Table, in_quotes, listed, one_line

if TYPE_CHECKING:
    import pyarrow as pa

MAX_BYTES: Final = 50_000_000
"""The largest file that is read unless an operator says otherwise."""

MAX_ROWS: Final = 1_000_000
"""The most rows: more than anybody can follow step by step, and as many as a page can still compute."""

MAX_COLUMNS: Final = 500
"""The most columns a table may have."""

MAX_CELLS: Final = 10_000_000
"""The most cells: 80 MB when all of them are numbers, and several times as much while they are read."""

MAX_CELL: Final = 10_000
"""The most characters a cell may hold: longer is a text, or a quote that was never closed."""

MAX_TEXT: Final = 200_000_000
"""The most characters in all cells: a small file can say that one long text stands in every row."""

MAX_UNPACKED: Final = 300_000_000
"""The most bytes that a packed file may unpack to."""

MAX_RATIO: Final = 200
"""No honest part of a workbook is packed better than this, unless it is small."""

MAX_PARTS: Final = 5_000
"""The most parts a workbook may have; an honest one has a few more than it has sheets."""

MAX_TAGS: Final = 30_000_000
"""The most XML tags in a workbook: each costs time to read, and about a minute is enough."""

MAX_SHEET_CELLS: Final = 5_000_000
"""The most cells of a worksheet, which are read at about a hundred thousand a second."""


class _Problem(Exception):  # noqa: N818 - not an error of the program: it says what a person can mend
    """Why a file can't be used, as the end of a sentence that begins with the file's name."""


@dataclass(slots=True)
class _Raw:
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


# To read


def read_table(name: str, content: bytes, *, sheet: str = "", max_bytes: int = MAX_BYTES) -> Table:
    """Read a file: separated text, an Excel workbook (``sheet``, or the first that holds anything) or Parquet.

    Raises
    ------
    ValueError
        If it can't be used, with the sentence to show.
    """
    clean = _clean_name(name)
    return _guarded(in_quotes(clean), lambda: _read(clean, bytes(content), sheet, max_bytes))


def digest_of(content: bytes, sheet: str = "") -> str:
    """Return what names a table in a link: 16 digits of its content, and of the sheet if one was asked for."""
    return hashlib.sha256(content + sheet.encode("utf-8", errors="replace")).hexdigest()[:16]


def read_pasted(text: str, *, max_bytes: int = MAX_BYTES) -> Table:
    """Read what was copied from a spreadsheet or a text; raises a ``ValueError`` with the sentence to show."""
    content = text.encode("utf-8", errors="replace")
    return _guarded("The pasted text", lambda: _read_pasted(content, max_bytes))


def _guarded(subject: str, read: Callable[[], Table]) -> Table:
    """Return what is read, and make a sentence of whatever went wrong: a file from anybody may hold anything."""
    try:
        return read()
    except _Problem as problem:
        raise ValueError(f"{subject} {problem}") from None
    except Exception as error:
        again = "it is damaged, or not what its name says: save it again as .xlsx or CSV"
        raise ValueError(f"{subject} can't be read, as {again}") from error


def _read(name: str, content: bytes, sheet: str, max_bytes: int) -> Table:
    _check_size(len(content), max_bytes)
    if not content:
        raise _Problem("is empty: choose a file with a row of names and rows of numbers")
    _refuse_strangers(name, content)
    if content.startswith(b"PAR1"):
        raw = _parquet(content)
    elif content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _workbook_table(name, content, sheet)
    else:
        raw = _text(*_decoded(content))
    return _table(name, content, raw, sheet)


def _workbook_table(name: str, content: bytes, sheet: str) -> Table:
    """Return a sheet of a workbook: the named one, or the first that holds a table and not words alone."""
    raw = _workbook(content, sheet)
    try:
        return _table(name, content, raw, sheet)
    except _Problem:
        if sheet:
            raise
        for other in raw.sheets[:_SHEETS_TRIED]:
            with suppress(_Problem):
                return _table(name, content, _workbook(content, other))
        raise


_SHEETS_TRIED: Final = 8
"""Each costs as much as all of a file with one sheet."""


def _read_pasted(content: bytes, max_bytes: int) -> Table:
    _check_size(len(content), max_bytes)
    if not content.strip():
        raise _Problem("is empty: copy cells with their row of names, and paste them")
    return _table("pasted table", content, _text(content.decode().removeprefix("\ufeff"), ""))


def _check_size(size: int, most: int) -> None:
    if size > most:
        few = "take out rows or columns that are not needed"
        raise _Problem(f"has {size / 1e6:,.1f} MB, and {most / 1e6:,.6g} MB are the most: {few}")


def _clean_name(name: str) -> str:
    """Return a file's name without folders and what can't be seen, short enough for a heading."""
    last = re.split(r"[/\\]", name)[-1]
    seen = one_line("".join(letter for letter in last if unicodedata.category(letter)[0] != "C"))
    if len(seen) <= 60:
        return seen or "table"
    stem, dot, suffix = seen.rpartition(".")
    return f"{stem[:50]}….{suffix}" if dot and len(suffix) <= 8 else f"{seen[:59]}…"


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


# Other kinds of files

_AGAIN: Final = "open it in a spreadsheet and save it as .xlsx or CSV"
_EXPORT: Final = "export the table as CSV"
_COPY: Final = "copy the table from it and paste it, or save it as CSV"
_TYPE: Final = "type or copy its numbers into a spreadsheet and save that as CSV"
_UNPACK: Final = "unpack it and choose the file inside"
_STRANGERS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "is an old .xls workbook or protected by a password", f"{_AGAIN}, without a password"),
    (b"%PDF", "is a PDF", _COPY),
    (b"{\\rtf", "is a formatted text", _COPY),
    *(
        (start, "is an image", _TYPE)
        for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
    ),
    (b"\x1f\x8b", "is packed with gzip", _UNPACK),
    (b"BZh91AY&SY", "is packed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "is packed with xz", _UNPACK),
    (b"7z\xbc\xaf", "is packed with 7-Zip", _UNPACK),
    (b"Rar!\x1a", "is packed with RAR", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "is packed with Zstandard", _UNPACK),
    (b"SQLite format 3\0", "is an SQLite database", _EXPORT),
    (b"\x89HDF", "is an HDF5 file", _EXPORT),
    (b"\x93NUMPY", "is a NumPy array", _EXPORT),
    (b"ARROW1\0", "is a Feather file", "save it as Parquet or CSV"),
    (b"$FL2@(#)", "is an SPSS file", _EXPORT),
)
"""How files begin that are not read: what each of them is, and what helps."""

_MARKUP: Final = (
    (re.compile(rb"<!doctype html|<html|<table|<head|<body|<meta", re.IGNORECASE), "is a web page (HTML)", _AGAIN),
    (re.compile(rb"<\?xml|<workbook|<svg", re.IGNORECASE), "is XML", _AGAIN),
    (re.compile(rb"\{\s*\"|\[\s*[\[{]"), "is JSON", _EXPORT),
)

_ARCHIVES: Final = (
    ("opendocument.spreadsheet", "is an OpenDocument spreadsheet (.ods)", _AGAIN),
    ("opendocument", "is an OpenDocument file, but no spreadsheet", _COPY),
    ("Index/Document.iwa", "is a Numbers or Pages document", "export it there as Excel or CSV"),
    ("Index.zip", "is a Numbers or Pages document", "export it there as Excel or CSV"),
    ("xl/workbook.bin", "is a binary workbook (.xlsb)", _AGAIN),
    ("word/document.xml", "is a Word document", _COPY),
    ("ppt/presentation.xml", "is a presentation", _COPY),
)
"""What tells the kinds of zip files apart: the name of a part, or words in the part ``mimetype``."""


def _refuse_strangers(name: str, content: bytes) -> None:
    for start, what, remedy in _STRANGERS:
        if content.startswith(start):
            raise _Problem(f"{what}: {remedy}")
    begin = re.sub(rb"^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)|\0", b"", content[:2000]).lstrip()
    for pattern, what, remedy in _MARKUP:
        if pattern.match(begin):
            raise _Problem(f"{what}, whatever its name says: {remedy}")
    if name.lower().endswith((".xlsx", ".xlsm")) and not content.startswith(b"PK"):
        raise _Problem(f"is no Excel workbook, whatever its name says: {_AGAIN}")
    if name.lower().endswith((".parquet", ".pq")) and not content.startswith(b"PAR1"):
        raise _Problem("is no Parquet file, whatever its name says: save it again as Parquet or CSV")


# Text

_WORDS: Final = {
    "\t": "tab-separated",
    ";": "semicolon-separated",
    "|": "separated by “|”",
    ",": "comma-separated",
    " ": "separated by spaces",
}
"""The separators, those first that are seldom part of a cell."""

_SAMPLE: Final = 200
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _decoded(content: bytes) -> tuple[str, str]:
    """Return a file's text, and its encoding if that is worth a word."""
    for mark, codec in ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16")):
        if content.startswith(mark):
            return _strictly(content, codec), codec
    if content.startswith(b"\xfe\xff"):
        return _strictly(content, "UTF-16"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise _Problem(f"says it is {codec}, but is not: save it as CSV in UTF-8") from None


def _text(text: str, encoding: str) -> _Raw:
    """Read separated text."""
    if "\0" in text or len(_CONTROLS.findall(text[:100_000])) > len(text[:100_000]) / 100:
        raise _Problem("is none of the kinds that can be read here: choose a table as CSV, .xlsx or Parquet")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    said = re.match(r"sep=([\t;,|])\n", lines)
    body = lines[said.end() :] if said else lines
    separator = said[1] if said else _separator(body)
    raw = _plain(body, separator) or _quoted_text(body, separator)
    raw.separator = separator
    raw.how = f"Read as {_WORDS[separator]}" if len(raw.columns) > 1 else "Read as a single column"
    raw.encoding = encoding
    return raw


def _cells(lines: str, separator: str, quoting: int = csv.QUOTE_MINIMAL, *, strict: bool = False) -> Any:
    """Return a reader of the cells of each line; runs of spaces are one separator."""
    source: Iterable[str] = io.StringIO(lines)
    if separator == " ":
        source = (re.sub(r"[ \t\xa0]+", " ", line.strip()) + "\n" for line in source)
    return csv.reader(source, delimiter=separator, quoting=quoting, strict=strict)  # type: ignore[arg-type]


def _separator(text: str) -> str:
    """Return the separator that cuts the first lines most evenly into two cells or more."""
    sample = text[:200_000]
    even = {one: _evenness(sample, one) for one in _WORDS}
    best = next((one for one in _WORDS if even[one] >= 0.9), max(even, key=lambda one: even[one]))
    if best == "," and even[" "] >= 0.9 and _spaced_commas(sample):
        return " "
    return best if even[best] > 0 else ","


def _evenness(sample: str, separator: str) -> float:
    """Return which share of the lines has the usual number of cells, 0 if that is 1."""
    try:
        rows = list(islice((row for row in _cells(sample, separator) if any(map(str.strip, row))), _SAMPLE))
    except csv.Error:
        return 0.0
    if not rows:
        return 0.0
    # The sample may end within a row.
    widths = Counter(map(len, rows[:-1] or rows))
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() if width > 1 else 0.0


def _spaced_commas(sample: str) -> bool:
    """Tell whether commas stand within numbers that spaces set apart: ``1,5 2,5``."""
    lines = [line.split() for line in sample.splitlines()[:_SAMPLE] if line.strip()]
    cells = [cell for line in lines[1:-1] or lines[-1:] for cell in line]
    return bool(cells) and all(re.fullmatch(_COMMAS, cell) for cell in cells)


def _plain(text: str, separator: str) -> _Raw | None:
    """Read text without any quotes the fast way; nothing is returned if its rows differ in length."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    from pyarrow import csv as pacsv  # noqa: PLC0415

    head = [] if '"' in text or separator == " " else _head(text, separator)
    if len(head) < 2 or _start_of(head)[0]:
        return None
    names = [str(at) for at in range(len(head[0]))]
    _check_width(len(names))
    try:
        table = pacsv.read_csv(
            pa.BufferReader(text.encode("utf-8", errors="replace")),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=1 << 22),
            parse_options=pacsv.ParseOptions(delimiter=separator, quote_char=False),
            convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowException:
        return None
    filled = pa.chunked_array([[False] * len(table)], pa.bool_())
    for column in table.columns:
        filled = pc.or_(filled, pc.greater(pc.binary_length(pc.utf8_trim_whitespace(column)), 0))
    table = table if pc.all(filled).as_py() else table.filter(filled)
    named, names = _header(head)
    table = table.slice(1) if named else table
    _check_rows(len(table))
    return _Raw(names, table.columns, notes=_unnamed(named))


def _head(text: str, separator: str) -> list[Sequence[str]]:
    """Return the first rows of text without quotes, or none if a cell of them is too long."""
    rows = (row for row in _cells(text[:200_000], separator, csv.QUOTE_NONE) if any(map(str.strip, row)))
    try:
        return list(islice(rows, _SAMPLE))
    except csv.Error:
        return []


def _quoted_text(text: str, separator: str) -> _Raw:
    """Read text by the rules of CSV; where its quotes do not match they are ordinary characters."""
    try:
        return _by_rows(_numbered(_cells(text, separator, strict=True)))
    except csv.Error:
        pass
    try:
        raw = _by_rows(_numbered(_cells(text, separator, csv.QUOTE_NONE)))
    except csv.Error:
        raise _Problem(_too_long("a cell")) from None
    except _Problem as problem:
        raise _Problem(f"{problem}; its quotes do not match, so mend them first") from None
    raw.notes.append("Its quotes do not match, so that they are read as ordinary characters")
    return raw


def _too_long(where: str) -> str:
    return f"has {where} with more than {MAX_CELL:,} characters: take long texts out, or close a quote that is open"


def _numbered(reader: Any) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each row that is not blank with its line."""
    return ((reader.line_num, row) for row in reader if any(row) and any(map(str.strip, row)))


def _by_rows(rows: Iterator[tuple[int, Sequence[str]]]) -> _Raw:
    """Make columns of rows: find where the table begins and what its columns are called, and mend short rows."""
    head = list(islice(rows, _SAMPLE))
    skipped, width = _start_of([row for _, row in head])
    head = head[skipped:]
    if not head:
        raise _Problem("holds no rows: a table needs a row of names and rows of numbers")
    named, names = _header([row for _, row in head], width)
    _check_width(len(names))
    columns = _Columns(len(names))
    for line, row in head[1:] if named else head:
        columns.add(line, row)
    for line, row in rows:
        columns.add(line, row)
    notes = _unnamed(named)
    if skipped:
        lines = "line comes" if skipped == 1 else f"{skipped} lines come"
        notes.append(f"The first {lines} before the table, and {'is' if skipped == 1 else 'are'} left out")
    if columns.short:
        notes.append(f"{_counted(columns.short, 'row')} had too few cells: those at the end count as missing")
    return _Raw(names, columns.arrays(), notes=notes)


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
            columns = f"{_counted(len(row), 'cell')} in line {line:,}, and there are {_counted(self._width, 'column')}"
            raise _Problem(f"has {columns}: put a cell that holds a separator in quotes, and take out lines of text")
        self.short += len(row) < self._width
        return [*row[: self._width], *[""] * (self._width - len(row))]

    def _pack(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self._count += len(self._rows)
        _check_rows(self._count)
        _check_cells(self._count, self._width)
        for chunks, cells in zip(self._chunks, zip(*self._rows, strict=True), strict=False):
            self._text += sum(map(len, cells))
            _check_text(self._text)
            chunks.append(pa.array(cells, pa.string()))
        self._rows = []

    def arrays(self) -> list[Any]:
        """Return the columns, each a chunked array of ``string``."""
        import pyarrow as pa  # noqa: PLC0415

        self._pack()
        return [pa.chunked_array(chunks, pa.string()) for chunks in self._chunks]


def _check_rows(count: int) -> None:
    if count > MAX_ROWS:
        raise _Problem(f"has more than {MAX_ROWS:,} rows: take a sample of them")


def _check_width(width: int) -> None:
    if width > MAX_COLUMNS:
        raise _Problem(f"has {_counted(width, 'column')}, and {MAX_COLUMNS} are the most: take out what is not needed")


def _check_cells(rows: int, width: int) -> None:
    if rows * width > MAX_CELLS:
        raise _Problem(f"has more than {MAX_CELLS:,} cells: take out rows or columns that are not needed")


def _check_text(length: int) -> None:
    if length > MAX_TEXT:
        raise _Problem(f"has more than {MAX_TEXT:,} characters in its cells: take out columns of long texts")


# Where the table begins


def _start_of(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return how many rows with a single text stand above the table, and how many cells its rows usually have."""
    widths = Counter(_width(row) for row in rows)
    if not widths:
        return 0, 0
    usual = max(widths, key=lambda width: (widths[width], width))
    skipped = 0
    while usual > 1 and skipped < min(20, len(rows) - 1) and _is_title(rows[skipped]):
        skipped += 1
    return skipped, usual


def _width(row: Sequence[str]) -> int:
    """Return how many cells a row has without empty ones at its end."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def _is_title(row: Sequence[str]) -> bool:
    return _width(row) == 1 and not _is_number(row[0].strip())


def _header(rows: Sequence[Sequence[str]], width: int = 0) -> tuple[bool, list[str]]:
    """Tell whether the first row names the columns, and return their names, each of them only once."""
    first = [cell.strip() for cell in rows[0]]
    if _is_data(first, rows[1:]):
        return False, _unique([""] * max(len(first), width))
    # R leaves out the name of the rows' names.
    if len(first) + 1 == width and len(rows) > 1 and all(len(row) == width for row in rows[1:]):
        first = ["row", *first]
    return True, _unique(first)


def _unnamed(named: bool) -> list[str]:
    return [] if named else ["The first row is taken for data, as it names no columns"]


def _is_data(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row already is one of the data: names are neither numbers nor found again below."""
    texts = [at for at, cell in enumerate(first) if not _is_missing(cell) and not _is_number(cell)]
    numbers = [cell for cell in first if _is_number(cell)]
    if not numbers:
        return False
    if not texts or any(re.search(r"[0-9][.,][0-9]", cell) for cell in numbers):
        return True
    return all(any(at < len(row) and row[at].strip() == first[at] for row in others) for at in texts)


def _unique(names: Sequence[str]) -> list[str]:
    """Return names for all columns: in one line, not too long, none of them empty or there twice."""
    unique: dict[str, None] = {}
    for at, name in enumerate(names, start=1):
        line = one_line(name[:1000])
        wanted = (line if len(line) <= 60 else line[:59] + "…") or f"column {at}"
        number, candidate = 1, wanted
        while candidate in unique:
            number += 1
            candidate = f"{wanted} ({number})"
        unique[candidate] = None
    return list(unique)


# Which text is numbers

_EXPONENT: Final = r"(?:[eE][+-]?[0-9]+)?"
_POINTS: Final = rf"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+){_EXPONENT}"
_COMMAS: Final = rf"[+-]?(?:[0-9]+,?[0-9]*|,[0-9]+){_EXPONENT}"
_GROUPS: Final = r"[+-]?(?:[1-9][0-9]{{0,2}}(?:{0}[0-9]{{3}})+|[0-9]{{1,3}})(?:{1}[0-9]+)?"
_COMMA_GROUPS: Final = _GROUPS.format(",", r"\.")
_POINT_GROUPS: Final = _GROUPS.format(r"\.", ",")
_SPACES: Final = "[ \u00a0\u2009\u202f'’]"
_SPACE_GROUPS_POINT: Final = _GROUPS.format(_SPACES, r"\.")
_SPACE_GROUPS_COMMA: Final = _GROUPS.format(_SPACES, ",")
_ANY_NUMBER: Final = re.compile(
    "|".join((_POINTS, _COMMAS, _COMMA_GROUPS, _POINT_GROUPS, _SPACE_GROUPS_POINT, _SPACE_GROUPS_COMMA))
)
_INFINITE: Final = r"[+-]?(?:[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|∞)"

_MISSING: Final = ("", "-", "?", "na", "n/a", "nan", "null", "none", "k.a.", "k. a.")
_ERRORS: Final = ("#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!")
"""What a spreadsheet shows where there is no value."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to write numbers: the cells that fit, the separator of thousands, and the decimal sign."""

    pattern: str
    thousands: str
    decimal: str


_READINGS: Final = {
    "point": _Reading(_POINTS, "", "."),
    "comma": _Reading(_COMMAS, "", ","),
    "comma groups": _Reading(_COMMA_GROUPS, ",", "."),
    "point groups": _Reading(_POINT_GROUPS, r"\.", ","),
    "space groups": _Reading(_SPACE_GROUPS_POINT, _SPACES, "."),
    "space groups, comma": _Reading(_SPACE_GROUPS_COMMA, _SPACES, ","),
}


def _is_number(cell: str) -> bool:
    return _ANY_NUMBER.fullmatch(cell.replace("−", "-")) is not None


def _is_missing(cell: str) -> bool:
    return cell.lower() in _MISSING or cell.lower() in _ERRORS


class _Column:
    """A column of text, and which ways to write numbers fit all of its cells."""

    def __init__(self, cells: Any) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        trimmed = pc.utf8_trim_whitespace(cells)
        absent = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array([*_MISSING, *_ERRORS]))
        self.text = pc.if_else(absent, None, trimmed) if pc.any(absent).as_py() else trimmed
        # Nothing is copied that need not be: twenty million cells are no small thing.
        minus = pc.any(pc.match_substring(self.text, "−")).as_py()
        self._signed = pc.replace_substring(self.text, "−", "-") if minus else self.text
        self._infinite = pc.match_substring_regex(self._signed, f"^(?:{_INFINITE})$")
        self._ends = bool(pc.any(self._infinite).as_py())
        values = self._signed.drop_null() if self._signed.null_count else self._signed
        self.values = values.filter(pc.invert(self._infinite.drop_null())) if self._ends else values
        self._fits: dict[str, bool] = {}

    def fits(self, name: str) -> bool:
        """Tell whether all values can be read this way."""
        import pyarrow.compute as pc  # noqa: PLC0415

        if name not in self._fits:
            matches = pc.match_substring_regex(self.values, f"^(?:{_READINGS[name].pattern})$")
            self._fits[name] = bool(len(self.values)) and bool(pc.all(matches).as_py())
        return self._fits[name]

    def holds(self, sign: str) -> bool:
        """Tell whether any value has this character in it."""
        import pyarrow.compute as pc  # noqa: PLC0415

        return bool(pc.any(pc.match_substring(self.values, sign)).as_py())

    def shows_comma(self) -> bool:
        """Tell whether the column can only have been written with decimal commas."""
        if self.fits("point") or self.fits("comma groups"):
            return False
        return self.fits("comma") or self.fits("point groups")

    def shows_point(self) -> bool:
        """Tell whether the column can only have been written with decimal points."""
        if self.fits("point"):
            return self.holds(".") and not self.fits("point groups")
        return self.fits("comma groups") and not self.fits("comma")

    def numbers(self, name: str) -> Any:
        """Return the column as ``double``, null where a value is missing."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        reading = _READINGS[name]
        cells = pc.if_else(self._infinite, "inf", self._signed) if self._ends else self._signed
        if reading.thousands:
            cells = pc.replace_substring_regex(cells, reading.thousands, "")
        if reading.decimal == ",":
            cells = pc.replace_substring(cells, ",", ".")
        return pc.cast(cells, pa.float64())

    def stranger(self) -> tuple[int, str] | None:
        """Return the row, from 1 on, and the text of the first value that is no number, if many look like one."""
        import pyarrow.compute as pc  # noqa: PLC0415

        alike = pc.sum(pc.match_substring_regex(self.values, r"^[^0-9A-Za-z]{0,3}[0-9]")).as_py() or 0
        if 2 * alike < len(self.values) or not alike:
            return None
        single = pc.match_substring_regex(self._signed, f"^(?:{_ANY_NUMBER.pattern}|{_INFINITE})$")
        at = pc.index(single, value=False).as_py()
        return None if at < 0 else (at + 1, self.text[at].as_py())


def _reading(column: _Column, columns: Sequence[_Column], raw: _Raw) -> str:
    """Return how the column's numbers are written, or nothing if it is text.

    ``1,234`` and ``1.234`` alone could be either: what other columns show decides, and else the separator.
    """
    if column.fits("point"):
        doubtful = not raw.exact and column.holds(".") and column.fits("point groups")
        return "point groups" if doubtful and _only_commas(columns) else "point"
    if column.fits("comma") and column.fits("comma groups"):
        by_points = any(other.shows_point() for other in columns)
        by_commas = any(other.shows_comma() for other in columns)
        grouped = by_points if by_points != by_commas else raw.separator == ","
        return "comma groups" if grouped else "comma"
    return next((name for name in _READINGS if column.fits(name)), "")


def _only_commas(columns: Sequence[_Column]) -> bool:
    return any(other.shows_comma() for other in columns) and not any(other.shows_point() for other in columns)


# The table


def _table(name: str, content: bytes, raw: _Raw, sheet: str = "") -> Table:
    """Make the table: numbers where all of a column are, text elsewhere, and notes on what was guessed."""
    import pandas as pd  # noqa: PLC0415

    _check_cells(len(raw.columns[0]) if raw.columns else 0, len(raw.columns))
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


def _told_apart(raw: _Raw) -> _Parts:
    """Tell columns of numbers from columns of text."""
    kept = {name: cells for name, cells in zip(raw.names, raw.columns, strict=True) if not _is_blank(name, cells)}
    columns = {name: _Column(cells) for name, cells in kept.items() if str(cells.type) == "string"}
    for name, column in columns.items():
        _check_cell(name, column)
    readings = {name: _reading(column, list(columns.values()), raw) for name, column in columns.items()}
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
    values = f"{_counted(count, 'infinite value')} of {listed(list(found))}"
    return [f"{values} {'counts' if count == 1 else 'count'} as missing"]


def _is_blank(name: str, cells: Any) -> bool:
    """Tell whether a column has neither a name nor a value, as separators at the end of all rows leave it."""
    import pyarrow.compute as pc  # noqa: PLC0415

    if not re.fullmatch(r"column [0-9]+", name) or str(cells.type) != "string":
        return False
    return not pc.any(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(cells)), 0)).as_py()


def _check_cell(name: str, column: _Column) -> None:
    import pyarrow.compute as pc  # noqa: PLC0415

    if (pc.max(pc.utf8_length(column.text)).as_py() or 0) > MAX_CELL:
        raise _Problem(_too_long(f"a cell of “{name}”"))


def _how_written(readings: Mapping[str, str], encoding: str) -> str:
    commas = any(reading and _READINGS[reading].decimal == "," for reading in readings.values())
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
        raise _Problem("holds no rows below its names: add rows of numbers")
    hint = f"; {reasons[0]}" if reasons else ""
    if not numeric:
        raise _Problem(f"has no column of numbers, and needs two: take units and words out of the cells{hint}")
    if len(numeric) == 1:
        raise _Problem(f"has one column of numbers, “{numeric[0]}”, and needs two: add another{hint}")


def _is_whole(values: NDArray[np.float64]) -> bool:
    """Tell whether a column holds whole numbers of few different values, as labels do."""
    for part in (values[:5_000], values):
        known = part[~np.isnan(part)]
        if np.any(known != np.rint(known)) or len(np.unique(known)) > MAX_CLASSES:
            return False
    return bool(len(known))


# Workbooks

_PIECE: Final = 1 << 20


def _workbook(content: bytes, sheet: str) -> _Raw:
    """Read a sheet of an Excel workbook, after it is known to be no bomb."""
    _check_zip(content)
    formulas = _check_parts(content)
    with warnings.catch_warnings():
        # openpyxl warns of what it leaves out: styles, validations, headers for print.
        warnings.simplefilter("ignore")
        try:
            return _sheet(content, sheet, formulas)
        except _Problem:
            raise
        except Exception as error:
            raise _Problem("is damaged: open it in a spreadsheet and save it again as .xlsx or CSV") from error


def _check_zip(content: bytes) -> None:
    """Refuse a zip file that is no workbook, or claims to unpack to too much."""
    if content.count(b"PK\x01\x02") > MAX_PARTS:
        raise _Problem(f"is packed from more than {MAX_PARTS:,} parts: save the table as CSV")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = {part.filename: part for part in packed.infolist()}
            _check_claims(parts.values())
            kind = next(_pieces(packed, parts["mimetype"]), b"").decode("latin-1") if "mimetype" in parts else ""
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _Problem("is damaged, or was not copied to its end: save or copy it again") from error
    for mark, what, remedy in _ARCHIVES:
        if mark in parts or mark in kind:
            raise _Problem(f"{what}: {remedy}")
    if not any(name.lower().lstrip("/").startswith("xl/") for name in parts):
        raise _Problem("is a zip file: unpack it and choose the table inside")


def _check_claims(parts: Iterable[zipfile.ZipInfo]) -> None:
    parts = list(parts)
    if any(part.flag_bits & 1 for part in parts):
        raise _Problem("is protected by a password: save it without one")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise _Problem(f"is packed in an unusual way: {_AGAIN}")
    # Small parts may say the same thing over and over.
    dense = any(part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    if dense or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _Problem(_unpacks())


def _unpacks() -> str:
    return f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB, or suspiciously much: save the table as CSV"


def _check_parts(content: bytes) -> bool:
    """Unpack every part piece by piece, refuse what would take too long, and tell whether there are formulas."""
    total = tags = 0
    formulas = False
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.infolist():
            prolog, tail = _Prolog(), b""
            for piece in _pieces(packed, part):
                total += len(piece)
                tags += piece.count(b"<")
                if total > MAX_UNPACKED or tags > MAX_TAGS:
                    raise _Problem(_unpacks())
                prolog.feed(piece)
                formulas = formulas or re.search(rb"<(?:\w+:)?f[\s>/]", tail + piece) is not None
                tail = piece[-40:]
    return formulas


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with packed.open(part) as file:
            while piece := file.read(_PIECE):
                yield piece
    except Exception as error:
        raise _Problem("is damaged, or was not copied to its end: save or copy it again") from error


class _Prolog:
    """What stands before the first element of an XML part, where a document type could define entities.

    Expat itself reads it, as it knows of encodings in which a search for ``<!DOCTYPE`` would not find it.
    """

    def __init__(self) -> None:
        self._parser: Any = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._stop
        self._done = False

    def feed(self, piece: bytes) -> None:
        """Read on until the first element; what is no XML is not for this to judge."""
        if self._done:
            return
        try:
            self._parser.Parse(piece, False)
        except _Problem:
            raise
        except Exception:
            self._done = True

    def _refuse(self, *_: object) -> None:
        raise _Problem(f"has a document type in it, which no honest workbook has: {_AGAIN}")

    def _stop(self, *_: object) -> None:
        self._done = True
        raise StopIteration


def _sheet(content: bytes, wanted: str, formulas: bool) -> _Raw:
    import openpyxl  # noqa: PLC0415

    def opened(values: bool) -> Any:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)

    book = opened(True)
    sheets = tuple(str(one.title) for one in book.worksheets)
    if wanted and wanted not in sheets:
        raise _Problem(f"has no sheet {in_quotes(wanted)}: choose one of {listed(sheets)}")
    for title in [wanted] if wanted else sheets:
        found = _sheet_rows(book[title])
        if found:
            break
    else:
        empty = f"nothing in its sheet {in_quotes(wanted)}" if wanted else "nothing in any of its sheets"
        raise _Problem(f"holds {empty}: add a row of names and rows of numbers")
    raw = _by_rows(iter(found))
    raw.exact, raw.sheets = True, sheets
    if len(sheets) > 1:
        raw.how = f"Read from the sheet {in_quotes(title)}, one of {len(sheets)}"
    missing = _without_value(book[title], opened(False)[title]) if formulas else 0
    if missing:
        cells = _counted(missing, "cell with a formula has", "cells with a formula have")
        raw.notes.append(f"{cells} no saved value and count as missing: save the file in a spreadsheet to have them")
    return raw


def _sheet_rows(sheet: Any) -> list[tuple[int, Sequence[str]]]:
    """Return the rows of a sheet that are not blank, as text and equally long, each with its number."""
    sheet.reset_dimensions()
    found: list[tuple[int, Sequence[str]]] = []
    cells = length = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(row) + 1
        if cells > MAX_SHEET_CELLS:
            raise _Problem(
                f"has a sheet with more than {MAX_SHEET_CELLS:,} cells: save it as CSV, which is read faster"
            )
        texts = _without_end([_as_text(value) for value in row])
        if texts:
            _check_width(len(texts))
            length += sum(map(len, texts))
            _check_text(length)
            found.append((number, texts))
    width = max((len(texts) for _, texts in found), default=0)
    return [(number, [*texts, *[""] * (width - len(texts))]) for number, texts in found]


def _without_end(texts: list[str]) -> list[str]:
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _as_text(value: object) -> str:
    """Return what a cell holds, written so that a number is read back to the last bit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value.replace(microsecond=0)).isoformat().replace("T", " ")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _without_value(values: Any, formulas: Any) -> int:
    """Return how many formulas have no value that was saved with them."""
    values.reset_dimensions()
    formulas.reset_dimensions()
    return sum(
        formula.data_type == "f" and value is None
        for row, said in zip(values.iter_rows(values_only=True), formulas.iter_rows(), strict=False)
        for value, formula in zip(row, said, strict=False)
    )


# Parquet


def _parquet(content: bytes) -> _Raw:
    """Read a Parquet file, after what it says of itself is known to be within the limits."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        _check_metadata(file.metadata)
        kinds = {one.name: one.type for one in file.schema_arrow}
        if len(kinds) < len(file.schema_arrow):
            raise _Problem("has two columns of the same name: give each of them its own")
        texts = [name for name, kind in kinds.items() if _is_text(kind)]
        file = parquet.ParquetFile(pa.BufferReader(content), metadata=file.metadata, read_dictionary=texts)
        return _parquet_columns(file, kinds)
    except _Problem:
        raise
    except Exception as error:
        raise _Problem("is damaged, or no Parquet file: save it again as Parquet or CSV") from error


def _check_metadata(metadata: Any) -> None:
    _check_rows(metadata.num_rows)
    _check_width(metadata.num_columns)
    _check_cells(metadata.num_rows, metadata.num_columns)
    # What a group says of a column is not asked for: where that is damaged, PyArrow 26 ends the process.
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    _check_rows(sum(group.num_rows for group in groups))
    said = [group.total_byte_size for group in groups]
    if min(said, default=0) < 0 or sum(said) > MAX_UNPACKED:
        raise _Problem(_unpacks())


def _parquet_columns(file: Any, kinds: Mapping[str, pa.DataType]) -> _Raw:
    """Return the columns of a Parquet file, batch by batch, so that a text in every row is noticed in time.

    Columns of other kinds are not read at all, as those can't be watched in the same way.
    """
    import pyarrow as pa  # noqa: PLC0415

    chunks: dict[str, list[Any]] = {name: [] for name, kind in kinds.items() if _is_cell(kind)}
    rows = length = 0
    for batch in file.iter_batches(batch_size=50_000, columns=list(chunks), use_threads=False):
        rows += len(batch)
        _check_rows(rows)
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            column.validate(full=True)
            length += _text_length(name, column)
            _check_text(length)
            chunks[name].append(_simple(column))
    kept = {name: parts for name, parts in chunks.items() if not any(part is None for part in parts)}
    columns = [pa.chunked_array(parts or [pa.array([], pa.string())]) for parts in kept.values()]
    left_out = [name for name in kinds if name not in kept]
    hold = "holds neither numbers nor text and is" if len(left_out) == 1 else "hold neither numbers nor text and are"
    notes = [f"{listed(left_out)} {hold} left out"] if left_out else []
    return _Raw(_unique(list(kept)), columns, "", notes, exact=True)


def _text_length(name: str, column: Any) -> int:
    """Return how many bytes of text all rows of a column hold once each of them holds its own."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    shared = pa.types.is_dictionary(column.type)
    if not _is_text(column.type.value_type if shared else column.type):
        return 0
    lengths = pc.binary_length(column.dictionary if shared else column)
    # A character has up to four bytes.
    if (pc.max(lengths).as_py() or 0) > 4 * MAX_CELL:
        raise _Problem(_too_long(f"a cell of {in_quotes(name)}"))
    return int(pc.sum(lengths.take(column.indices) if shared else lengths).as_py() or 0)


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number_kind(kind: pa.DataType) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_cell(kind: pa.DataType) -> bool:
    """Tell whether a cell can hold a value of this kind: no list, picture or record."""
    import pyarrow as pa  # noqa: PLC0415

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    when = pa.types.is_temporal(kind) and not pa.types.is_duration(kind)
    return bool(when or pa.types.is_boolean(kind) or pa.types.is_null(kind)) or _is_number_kind(kind) or _is_text(kind)


def _simple(column: Any) -> Any:
    """Return a column as ``double`` or ``string``, or nothing if its values can't be written."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if _is_number_kind(column.type):
        return column.cast(pa.float64(), safe=False)
    # A time zone may be unknown here.
    with suppress(pa.ArrowException):
        return column.cast(pa.string())
    return None
