"""From separated text (CSV, TSV, and the like) to a raw table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from kmeans_tables.header import SAMPLE, header, header_notes, start_of
from kmeans_tables.limits import MAX_CELL, UnmatchedQuotes, UnusableTable, check_lines, check_rows, check_width
from kmeans_tables.messages import message
from kmeans_tables.number_formats import COMMAS, is_number
from kmeans_tables.raw_table import RawTable, from_rows, text_columns, without_blank_ends

_SEPARATORS: Final = "\t;|, "
"""The separators in order of preference: those rarely part of a cell come first."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_text(content: bytes) -> tuple[str, str]:
    """Return a file's text, and its encoding if it is not UTF-8."""
    for mark, codec in ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16")):
        if content.startswith(mark):
            return _decode_strictly(content, codec), codec
    if content.startswith(b"\xfe\xff"):
        return _decode_strictly(content, "UTF-16"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _decode_strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise UnusableTable("files.wrong_encoding", encoding=codec) from None


def text_table(text: str, encoding: str) -> RawTable:
    """Return the table of separated text."""
    if "\0" in text or len(_CONTROLS.findall(text[:100_000])) > len(text[:100_000]) / 100:
        raise UnusableTable("unsupported.other")
    check_lines(text)
    declaration = re.match(r"sep=([\t;,|])(?:\r\n|\r|\n)", text)
    body, notes = _without_comments(text[declaration.end() :] if declaration else text)
    separator = declaration[1] if declaration else _separator(body)
    raw = _plain(body, separator) or _quoted_text(body, separator)
    raw.separator = separator
    raw.encoding = encoding
    raw.notes = notes + raw.notes
    return raw


def _without_comments(text: str) -> tuple[str, list[str]]:
    """Return the text without the lines above the table that begin with ``#``, and notes on them.

    The last of them is the row of names if nothing else is, as NumPy's ``savetxt`` writes it.
    """
    comments = re.match(r"(?:\s*#[^\r\n]*(?:\r\n|\r|\n))+", text)
    body = text[comments.end() :] if comments else text
    if not comments or not body.strip():
        return text, []
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", comments[0]) if line.strip()]
    names = re.sub(r"^#\s+", "", lines[-1])
    notes = []
    if _are_names(names, body):
        body = f"{names}\n{body}"
        notes, lines = [message("reading.names_in_comment")], lines[:-1]
    if lines:
        notes.append(message("reading.comments", count=len(lines)))
    return body, notes


def _are_names(line: str, body: str) -> bool:
    """Tell whether a line names the columns of a body that has no names itself."""
    separator = _separator(body)
    try:
        names = next(_cells(line, separator))
        rows = [row for row in islice(_cells(body[:200_000], separator), SAMPLE) if any(map(str.strip, row))]
    except (csv.Error, StopIteration):
        return False
    has_names = not rows or header(rows)[0]
    return not has_names and len(names) == len(rows[0]) > 1 and not any(is_number(name.strip()) for name in names)


def _cells(lines: str, separator: str, quoting: int = csv.QUOTE_MINIMAL, *, strict: bool = False) -> Any:
    """Return a reader of the cells of each line; runs of spaces are one separator."""
    source: Iterable[str] = io.StringIO(lines, newline="")
    if separator == " ":
        source = (re.sub(r"[ \t\xa0]+", " ", line.strip()) + "\n" for line in source)
    return csv.reader(source, delimiter=separator, quoting=quoting, strict=strict)  # type: ignore[arg-type]


def _separator(text: str) -> str:
    """Return the separator that cuts the first lines most evenly into two cells or more."""
    sample = text[:200_000]
    even = {separator: _evenness(sample, separator) for separator in _SEPARATORS}
    best = next(
        (separator for separator in _SEPARATORS if even[separator] >= 0.9),
        max(even, key=lambda separator: even[separator]),
    )
    if best == "," and even[" "] >= 0.9 and _spaced_commas(sample):
        return " "
    return best if even[best] > 0 else ","


def _evenness(sample: str, separator: str) -> float:
    """Return the share of lines with the most common number of cells; 0 if that number is 1."""
    try:
        rows = list(islice((row for row in _cells(sample, separator) if any(map(str.strip, row))), SAMPLE))
    except csv.Error:
        return 0.0
    if not rows:
        return 0.0
    # The sample may end within a row.
    widths = Counter(map(len, rows[:-1] or rows))
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() if width > 1 else 0.0


def _spaced_commas(sample: str) -> bool:
    """Tell whether spaces separate numbers with decimal commas: ``1,5 2,5``."""
    lines = [line.split() for line in re.split(r"[\r\n]+", sample)[:SAMPLE] if line.strip()]
    cells = [cell for line in lines[1:-1] or lines[-1:] for cell in line]
    return bool(cells) and all(re.fullmatch(COMMAS, cell) for cell in cells)


def _plain(text: str, separator: str) -> RawTable | None:
    """Return the table of text without quotes, the fast way; None if its rows differ in length."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    from pyarrow import csv as pacsv  # noqa: PLC0415

    head = [] if '"' in text or separator == " " else _head(text, separator)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(head) < 2 or start_of(head)[0]:
        return None
    names = [str(at) for at in range(len(head[0]))]
    check_width(len(names))
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
    if not pc.all(filled).as_py():
        # Separators alone are an empty row, except at both ends of the file.
        rows = pc.indices_nonzero(filled)
        table = table.slice(rows[0].as_py(), rows[-1].as_py() - rows[0].as_py() + 1)
    named, headers = header(head)
    table = table.slice(1) if named else table
    check_rows(len(table))
    return RawTable(text_columns(headers, table.columns), notes=header_notes(named, headers))


def _head(text: str, separator: str) -> list[Sequence[str]]:
    """Return the first rows of text without quotes; [] if one of their cells is too long."""
    rows = (row for row in _cells(text[:200_000], separator, csv.QUOTE_NONE) if any(map(str.strip, row)))
    try:
        return list(islice(rows, SAMPLE))
    except csv.Error:
        return []


def _quoted_text(text: str, separator: str) -> RawTable:
    """Return the table of text by the rules of CSV; quotes that do not match are ordinary characters."""
    try:
        return from_rows(without_blank_ends(_cells(text, separator, strict=True)))
    except csv.Error:
        pass
    try:
        raw = from_rows(without_blank_ends(_cells(text, separator, csv.QUOTE_NONE)))
    except csv.Error:
        raise UnusableTable("files.cell_too_long", most=MAX_CELL) from None
    except UnusableTable as problem:
        raise UnmatchedQuotes(problem) from None
    raw.notes.append(message("reading.quotes"))
    return raw
