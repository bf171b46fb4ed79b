"""Files of other kinds are refused with a remedy."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.tables.files import refusal


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "is an old .xls workbook"),
        ("a.pdf", b"%PDF-1.7\n", "is a PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "is an image"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "is an image"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "is a web page (HTML)"),
        ("a.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "is a web page (HTML)"),
        ("a.xls", '<?xml version="1.0"?><Workbook/>'.encode("utf-16"), "is XML"),
        ("a.json", b'[{"a": 1}]', "is JSON"),
        ("a.csv.gz", b"\x1f\x8b\x08", "is packed with gzip"),
        ("a.xlsx", b"a,b\n1,2\n", "is not an Excel workbook"),
        ("a.parquet", b"a,b\n1,2\n", "is not a Parquet file"),
        ("a.csv", bytes(range(256)), "none of the kinds that can be read"),
    ],
)
def test_other_kinds_of_files_are_named_with_a_remedy(name: str, content: bytes, said: str) -> None:
    message = refusal(name, content)
    assert said in message
    assert ": " in message


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "is an OpenDocument spreadsheet (.ods)"),
        ("Index/Document.iwa", "", "is a Numbers or Pages document"),
        ("xl/workbook.bin", "", "is a binary workbook (.xlsb)"),
        ("word/document.xml", "", "is a Word document"),
        ("a.csv", "a,b\n1,2\n", "is a zip file: unpack it"),
    ],
)
def test_zip_files_are_told_apart(part: str, text: str, said: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(part, text)
    assert said in refusal("a.zip", file.getvalue())
