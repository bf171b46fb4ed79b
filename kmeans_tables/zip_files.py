"""Checks of zip files: whether they are workbooks, and how much they unpack to."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from kmeans_tables.limits import MAX_RATIO, UnusableTable, check_part_count, check_unpacked, unpacks_too_far
from kmeans_tables.unsupported_files import ARCHIVES

_PIECE: Final = 1 << 20


def check_zip(content: bytes) -> None:
    """Raise an ``UnusableTable`` for a zip file that is not a workbook, or claims to unpack to too much."""
    check_part_count(content.count(b"PK\x01\x02"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            _check_claims(parts.values())
            kind = next(_pieces(archive, parts["mimetype"]), b"").decode("latin-1") if "mimetype" in parts else ""
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise UnusableTable("files.damaged") from error
    for mark, key in ARCHIVES:
        if mark in parts or mark in kind:
            raise UnusableTable(key)
    if not any(name.lower().lstrip("/").startswith("xl/") for name in parts):
        raise UnusableTable("unsupported.zip")


def _check_claims(parts: Iterable[zipfile.ZipInfo]) -> None:
    parts = list(parts)
    if any(part.flag_bits & 1 for part in parts):
        raise UnusableTable("files.password")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise UnusableTable("files.unusual_packing")
    # Small parts may say the same thing over and over.
    dense = any(part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    if dense:
        raise unpacks_too_far()
    check_unpacked(sum(part.file_size for part in parts))


@dataclass(slots=True)
class Part:
    """Facts about a part of a workbook, collected before openpyxl reads it.

    Attributes
    ----------
    merged : list of str
        Ranges of merged cells, like ``A2:A3``.
    hidden_rows : int
    """

    merged: list[str] = field(default_factory=list)
    hidden_rows: int = 0


@dataclass(slots=True)
class Parts:
    """The parts of a workbook by name, and whether any cell has a formula."""

    parts: dict[str, Part] = field(default_factory=dict)
    formulas: bool = False


_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell [^>]*?ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row [^>]*?hidden=[\"'](?:1|true)[\"']")
_MOST_MERGED: Final = 100_000
"""The most merged ranges that are filled down."""


def check_parts(content: bytes) -> Parts:
    """Unpack every part in pieces and return facts that openpyxl omits; refuse too much work as ``UnusableTable``."""
    total = tags = 0
    parts = Parts()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            prolog, rest, part = _Prolog(), b"", Part()
            for piece in _pieces(archive, entry):
                total += len(piece)
                tags += piece.count(b"<")
                check_unpacked(total, tags)
                prolog.feed(piece)
                # A tag may lie in two pieces: what is cut off waits for the next one.
                whole, _, rest = (rest[-_LONGEST_TAG:] + piece).rpartition(b"<")
                parts.formulas = parts.formulas or _FORMULA.search(whole) is not None
                part.hidden_rows += len(_HIDDEN_ROW.findall(whole))
                part.merged += [ref.decode() for ref in _MERGED.findall(whole)][: _MOST_MERGED - len(part.merged)]
                rest = b"<" + rest
            parts.parts[entry.filename] = part
    return parts


_LONGEST_TAG: Final = 10_000
"""The most bytes of a tag that are kept until the next piece."""


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(part) as file:
            while piece := file.read(_PIECE):
                yield piece
    except Exception as error:
        raise UnusableTable("files.damaged") from error


class _Prolog:
    """The text before the first element of an XML part, where a document type could define entities.

    Expat itself reads it, as it knows of encodings in which a search for ``<!DOCTYPE`` would not find it.
    """

    def __init__(self) -> None:
        self._parser: Any = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._stop
        self._is_done = False

    def feed(self, piece: bytes) -> None:
        """Read until the first element; ignore what is no XML."""
        if self._is_done:
            return
        try:
            self._parser.Parse(piece, False)
        except UnusableTable:
            raise
        except Exception:
            self._is_done = True

    def _refuse(self, *_: object) -> None:
        raise UnusableTable("files.document_type")

    def _stop(self, *_: object) -> None:
        self._is_done = True
        raise StopIteration
