"""Files of other kinds are refused with a remedy."""

from __future__ import annotations

import io
import zipfile

import pytest

from kmeans_tables.messages import message
from tests.tables.files import refusal


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_workbook"),
        ("a.pdf", b"%PDF-1.7\n", "pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "image"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        ("a.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "html"),
        ("a.xls", '<?xml version="1.0"?><Workbook/>'.encode("utf-16"), "xml"),
        ("a.json", b'[{"a": 1}]', "json_text"),
        ("a.csv.gz", b"\x1f\x8b\x08", "gzip"),
        ("a.xlsx", b"a,b\n1,2\n", "no_workbook"),
        ("a.parquet", b"a,b\n1,2\n", "no_parquet"),
        ("a.csv", bytes(range(256)), "other"),
    ],
)
def test_other_kinds_of_files_are_named_with_a_remedy(name: str, content: bytes, kind: str) -> None:
    problem = refusal(name, content)
    assert problem == message(f"unsupported.{kind}", file=f"“{name}”")
    assert ": " in problem


@pytest.mark.parametrize(
    ("part", "text", "kind"),
    [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "spreadsheet"),
        ("Index/Document.iwa", "", "numbers"),
        ("xl/workbook.bin", "", "binary_workbook"),
        ("word/document.xml", "", "word"),
        ("a.csv", "a,b\n1,2\n", "zip"),
    ],
)
def test_zip_files_are_told_apart(part: str, text: str, kind: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(part, text)
    assert refusal("a.zip", file.getvalue()) == message(f"unsupported.{kind}", file="“a.zip”")
