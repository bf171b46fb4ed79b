"""Kinds of files that are not supported, and the message on each: what it is, and what to do instead."""

from __future__ import annotations

import re
from typing import Final

from kmeans_tables.limits import UnusableTable

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "unsupported.old_workbook"),
    (b"%PDF", "unsupported.pdf"),
    (b"{\\rtf", "unsupported.formatted_text"),
    *(
        (start, "unsupported.image")
        for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
    ),
    (b"\x1f\x8b", "unsupported.gzip"),
    (b"BZh91AY&SY", "unsupported.bzip2"),
    (b"\xfd7zXZ", "unsupported.xz"),
    (b"7z\xbc\xaf", "unsupported.seven_zip"),
    (b"Rar!\x1a", "unsupported.rar"),
    (b"\x28\xb5\x2f\xfd", "unsupported.zstandard"),
    (b"SQLite format 3\0", "unsupported.sqlite"),
    (b"\x89HDF", "unsupported.hdf5"),
    (b"\x93NUMPY", "unsupported.numpy"),
    (b"ARROW1\0", "unsupported.feather"),
    (b"$FL2@(#)", "unsupported.spss"),
)
"""The first bytes of unsupported files, and the message on each kind."""

_MARKUP: Final = (
    (re.compile(rb"<!doctype html|<html|<table|<head|<body|<meta", re.IGNORECASE), "unsupported.html"),
    (re.compile(rb"<\?xml|<workbook|<svg", re.IGNORECASE), "unsupported.xml"),
    (re.compile(rb"\{\s*\"|\[\s*[\[{]"), "unsupported.json_text"),
)

ARCHIVES: Final = (
    ("opendocument.spreadsheet", "unsupported.spreadsheet"),
    ("opendocument", "unsupported.open_document"),
    ("Index/Document.iwa", "unsupported.numbers"),
    ("Index.zip", "unsupported.numbers"),
    ("xl/workbook.bin", "unsupported.binary_workbook"),
    ("word/document.xml", "unsupported.word"),
    ("ppt/presentation.xml", "unsupported.presentation"),
)
"""Kinds of zip files, by the name of a part or by words in the part ``mimetype``, and the message on each."""


def reject_unsupported_file(name: str, content: bytes) -> None:
    """Raise an ``UnusableTable`` if a file is of an unsupported kind."""
    for start, key in _SIGNATURES:
        if content.startswith(start):
            raise UnusableTable(key)
    begin = re.sub(rb"^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)|\0", b"", content[:2000]).lstrip()
    for pattern, key in _MARKUP:
        if pattern.match(begin):
            raise UnusableTable(key)
    if name.lower().endswith((".xlsx", ".xlsm")) and not content.startswith(b"PK"):
        raise UnusableTable("unsupported.no_workbook")
    if name.lower().endswith((".parquet", ".pq")) and not content.startswith(b"PAR1"):
        raise UnusableTable("unsupported.no_parquet")
