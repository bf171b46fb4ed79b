"""Zip files: refused if they are no workbook, or if they unpack to too much."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.parsers import expat

from kmeans_tables.foreign_files import ARCHIVES, SAVE_AGAIN
from kmeans_tables.limits import MAX_RATIO, Problem, check_part_count, check_unpacked, unpacks_to_too_much

_PIECE: Final = 1 << 20


def check_zip(content: bytes) -> None:
    """Refuse a zip file that is no workbook, or claims to unpack to too much."""
    check_part_count(content.count(b"PK\x01\x02"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = {part.filename: part for part in packed.infolist()}
            _check_claims(parts.values())
            kind = next(_pieces(packed, parts["mimetype"]), b"").decode("latin-1") if "mimetype" in parts else ""
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise Problem("is damaged, or was not copied to its end: save or copy it again") from error
    for mark, what, remedy in ARCHIVES:
        if mark in parts or mark in kind:
            raise Problem(f"{what}: {remedy}")
    if not any(name.lower().lstrip("/").startswith("xl/") for name in parts):
        raise Problem("is a zip file: unpack it and choose the table inside")


def _check_claims(parts: Iterable[zipfile.ZipInfo]) -> None:
    parts = list(parts)
    if any(part.flag_bits & 1 for part in parts):
        raise Problem("is protected by a password: save it without one")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Problem(f"is packed in an unusual way: {SAVE_AGAIN}")
    # Small parts may say the same thing over and over.
    dense = any(part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    if dense:
        raise Problem(unpacks_to_too_much())
    check_unpacked(sum(part.file_size for part in parts))


def check_parts(content: bytes) -> bool:
    """Unpack every part piece by piece, refuse what would take too long, and tell whether there are formulas."""
    total = tags = 0
    formulas = False
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.infolist():
            prolog, tail = _Prolog(), b""
            for piece in _pieces(packed, part):
                total += len(piece)
                tags += piece.count(b"<")
                check_unpacked(total, tags)
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
        raise Problem("is damaged, or was not copied to its end: save or copy it again") from error


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
        except Problem:
            raise
        except Exception:
            self._done = True

    def _refuse(self, *_: object) -> None:
        raise Problem(f"has a document type in it, which no honest workbook has: {SAVE_AGAIN}")

    def _stop(self, *_: object) -> None:
        self._done = True
        raise StopIteration
