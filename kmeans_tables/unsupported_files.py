"""Kinds of files that are not supported: what each of them is, and what to do instead."""

from __future__ import annotations

import re
from typing import Final

from kmeans_tables.limits import UnusableTable

SAVE_AGAIN: Final = "open it in a spreadsheet and save it as .xlsx or CSV"
_EXPORT: Final = "export the table as CSV"
_COPY: Final = "copy the table from it and paste it, or save it as CSV"
_TYPE: Final = "type or copy its numbers into a spreadsheet and save that as CSV"
_UNPACK: Final = "unpack it and choose the file inside"
_SIGNATURES: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "is an old .xls workbook or protected by a password", f"{SAVE_AGAIN}, without a password"),
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
"""The first bytes of unsupported files, what each of them is, and what to do instead."""

_MARKUP: Final = (
    (re.compile(rb"<!doctype html|<html|<table|<head|<body|<meta", re.IGNORECASE), "is a web page (HTML)", SAVE_AGAIN),
    (re.compile(rb"<\?xml|<workbook|<svg", re.IGNORECASE), "is XML", SAVE_AGAIN),
    (re.compile(rb"\{\s*\"|\[\s*[\[{]"), "is JSON", _EXPORT),
)

ARCHIVES: Final = (
    ("opendocument.spreadsheet", "is an OpenDocument spreadsheet (.ods)", SAVE_AGAIN),
    ("opendocument", "is an OpenDocument file, but no spreadsheet", _COPY),
    ("Index/Document.iwa", "is a Numbers or Pages document", "export it there as Excel or CSV"),
    ("Index.zip", "is a Numbers or Pages document", "export it there as Excel or CSV"),
    ("xl/workbook.bin", "is a binary workbook (.xlsb)", SAVE_AGAIN),
    ("word/document.xml", "is a Word document", _COPY),
    ("ppt/presentation.xml", "is a presentation", _COPY),
)
"""Kinds of zip files, by the name of a part or by words in the part ``mimetype``."""


def reject_unsupported_file(name: str, content: bytes) -> None:
    """Raise an ``UnusableTable`` if a file is of an unsupported kind."""
    for start, what, remedy in _SIGNATURES:
        if content.startswith(start):
            raise UnusableTable(f"{what}: {remedy}")
    begin = re.sub(rb"^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)|\0", b"", content[:2000]).lstrip()
    for pattern, what, remedy in _MARKUP:
        if pattern.match(begin):
            raise UnusableTable(f"{what}, whatever its name says: {remedy}")
    if name.lower().endswith((".xlsx", ".xlsm")) and not content.startswith(b"PK"):
        raise UnusableTable(f"is not an Excel workbook, whatever its name says: {SAVE_AGAIN}")
    if name.lower().endswith((".parquet", ".pq")) and not content.startswith(b"PAR1"):
        raise UnusableTable("is not a Parquet file, whatever its name says: save it again as Parquet or CSV")
