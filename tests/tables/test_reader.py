"""A table from anybody is read as its maker meant it, or refused in one sentence; then it becomes points."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from kmeans_tables import (
    LARGEST,
    MAX_FEATURES,
    Choice,
    Table,
    checked_choice,
    default_choice,
    limits,
    prepared,
    read_pasted,
    read_table,
)
from tools.paths import ROOT
from ui.settings.built_in_tables import BUILT_IN, built_in

SOME = settings(max_examples=60, deadline=timedelta(seconds=8), suppress_health_check=[HealthCheck.too_slow])
NAN = float("nan")


def read(text: str, encoding: str = "utf-8") -> Table:
    return read_table("a.csv", text.encode(encoding))


def columns(table: Table) -> dict[str, list[Any]]:
    """All columns, with None where a value is missing."""
    return {name: [None if pd.isna(cell) else cell for cell in table.frame[name]] for name in table.frame}


def refusal(name: str, content: bytes, **more: Any) -> str:
    with pytest.raises(ValueError) as caught:
        read_table(name, content, **more)
    return sentence(caught.value)


def sentence(error: ValueError) -> str:
    """Return the message, which must be fit for the screen."""
    text = str(error)
    assert text == " ".join(text.split()), "one line"
    assert text.isprintable()
    assert len(text) < 1000
    assert not text.endswith(".")
    return text


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet_of(table: Any, **more: Any) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(table), file, **more)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a zip file in which one part is another, or was added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return file.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
ROWS: list[list[Any]] = [["a", "b", "c"], [1, 2.5, "x"], [3, 4.5, "y"], [5, None, "x"]]
CSV = b"a,b,c\n1,2.5,x\n3,4.5,y\n5,,x\n"
XLSX = workbook(("Data", ROWS))
PARQUET = parquet_of({"a": [1, 3, 5], "b": [2.5, 4.5, None], "c": ["x", "y", "x"]})
ABSENT = "; “NA” (1 cell) counts as missing in “b”"
SAME = {"a": [1.0, 3.0, 5.0], "b": [2.5, 4.5, None], "c": ["x", "y", "x"]}

# Text


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("a,b,c\n1,2.5,x\n3,4.5,y\n5,,x\n", "Read as comma-separated"),
        ("a\tb\tc\n1\t2.5\tx\n3\t4.5\ty\n5\t\tx\n", "Read as tab-separated"),
        ("a;b;c\n1;2,5;x\n3;4,5;y\n5;;x\n", "Read as semicolon-separated with decimal commas"),
        ("a|b|c\n1|2.5|x\n3|4.5|y\n5||x\n", "Read as separated by “|”"),
        ("a  b c\n 1 2.5   x\n3\t4.5 y \n5 NA x\n", f"Read as separated by spaces{ABSENT}"),
        ("a b c\n1,0 2,5 x\n3,0 4,5 y\n5,0 NA x\n", f"Read as separated by spaces with decimal commas{ABSENT}"),
        ("a\tb\tc\n1\t2,5\tx\n3\t4,5\ty\n5\t\tx\n", "Read as tab-separated with decimal commas"),
        ('"a","b","c"\r\n"1","2.5","x"\r\n\r\n"3","4.5","y"\r\n\r\n"5","","x"\r\n,,', "Read as comma-separated"),
        ("a,b,c\r1,2.5,x\r3,4.5,y\r5,,x", "Read as comma-separated"),
        ("\ufeffsep=;\na;b;c;\n1;2.5;x;\n3;4.5;y;\n5;;x;\n", "Read as semicolon-separated"),
    ],
)
def test_text_is_read_however_it_is_separated(text: str, how: str) -> None:
    table = read(text)
    assert columns(table) == SAME
    assert "; ".join(table.notes) == how
    assert table.numeric == ("a", "b")
    assert table.others == ("a", "c")
    assert table.n == 3
    assert columns(read_pasted(text)) == SAME


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ", in UTF-16"),
        ("utf-32", ", in UTF-32"),
        ("cp1252", ", in Windows-1252"),
    ],
)
def test_encodings_are_found_out(encoding: str, note: str) -> None:
    table = read("größe,b,wo\n1,2,Köln\n3,4,Łódź\n".replace("Łódź", "Málaga"), encoding)
    assert columns(table) == {"größe": [1.0, 3.0], "b": [2.0, 4.0], "wo": ["Köln", "Málaga"]}
    assert table.notes == (f"Read as comma-separated{note}",)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a;b\n1.234;1,5\n12;2,5\n", [1234, 12]),  # other columns have decimal commas
        ("a;b\n1.234,5;1\n12;2\n", [1234.5, 12]),
        ("a;b\n1.234.567;1\n12;2\n", [1234567, 12]),
        ("a;b\n1,234;1\n12,5;2\n", [1.234, 12.5]),
        ("a;b\n1,234;1\n12;2\n", [1.234, 12]),  # in doubt, after a semicolon, a decimal comma
        ("a;b\n1,234;1.5\n12;2.25\n", [1234, 12]),  # other columns have decimal points
        ('a,b\n"1,234",1\n12,2\n', [1234, 12]),
        ('a,b\n"1,5",1\n12,2\n', [1.5, 12]),
        ("a\tb\n1,234,567\t1\n999.5\t2\n", [1234567, 999.5]),
        ("a;b\n1.234;1\n12;2\n", [1.234, 12]),
        ("a;b\n1 234,5;1\n12;2\n", [1234.5, 12]),
        ("a;b\n1\u202f234;1\n12;2\n", [1234, 12]),
        ("a;b\n1'234.5;1\n12;2\n", [1234.5, 12]),
        ("a,b\n-1e3,1\n+.5E-1,2\n", [-1000, 0.05]),
        ("a,b\n−1,1\n2.,2\n", [-1, 2]),
    ],
)
def test_numbers_are_read_as_they_were_meant(text: str, numbers: list[float]) -> None:
    table = read(text)
    assert table.frame["a"].tolist() == numbers
    assert "a" in table.numeric


def test_thousands_are_mentioned() -> None:
    assert "Commas in “a” are taken to separate thousands" in read("a;b\n1,234;1.5\n12;2.25\n").notes
    doubt = "Commas in “a” are taken to separate thousands, though they could be decimal commas"
    assert doubt in read('a,b\n"1,234",1\n12,2\n').notes


@pytest.mark.parametrize(
    "cell", ["$12", "12 €", "12 cm", "1_000", "2021_01", "٣", "0x1F", "1,2,3", "2007-11-11", "1e", "1 2"]
)
def test_a_column_with_units_is_text_and_says_why(cell: str) -> None:
    table = read(f"a;b;c\n1;2;{cell}\n3;4;5\n6;7;8\n")
    assert table.numeric == ("a", "b")
    assert table.frame["c"].tolist() == [cell, "5", "8"]
    assert f"“c” is text because of “{cell}” in row 1" in table.notes


@pytest.mark.parametrize("cell", ["NA", "N/A", "nan", "NaN", "", "-", "?", "null", "None", " ", "k.A.", "#DIV/0!"])
def test_a_marker_is_missing_among_numbers_and_a_text_among_texts(cell: str) -> None:
    table = read(f"a,b,c\n1,{cell},{cell}\n2,3,x\n4,5,y\n")
    text = cell.strip() or None
    assert columns(table) == {"a": [1.0, 2.0, 4.0], "b": [None, 3.0, 5.0], "c": [text, "x", "y"]}
    assert (f"“{cell}” (1 cell) counts as missing in “b”" in table.notes) == bool(text)
    assert [table.column(name).missing for name in "abc"] == [0, 1, 0 if text else 1]


@pytest.mark.parametrize("cell", ["inf", "-Inf", "Infinity", "∞", "1e999"])
def test_infinite_values_count_as_missing_and_are_mentioned(cell: str) -> None:
    table = read(f"a,b\n1,{cell}\n2,3\n")
    assert columns(table)["b"] == [None, 3.0]
    assert "1 infinite value of “b” counts as missing" in table.notes


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1,2\n3,4\n", ["column 1", "column 2"]),
        ("5.1,3.5,setosa\n4.9,3.1,virginica\n", ["column 1", "column 2", "column 3"]),
        ("1,2,x\n3,4,y\n5,6,x\n", ["column 1", "column 2", "column 3"]),
        ("country,2010,2011\nFrance,1,2\nSpain,3,4\n", ["country", "2010", "2011"]),
        (",a,a,a (2),\n1,2,3,4,5\n", ["column 1", "a", "a (2)", "a (2) (2)", "column 5"]),
        ("x y\n1 1.5 2\n2 3.5 4\n", ["row", "x", "y"]),
        ('" two\n lines",b\n1,2\n', ["two lines", "b"]),
        ("a" * 99 + "," + "a" * 99 + "\n1,2\n", ["a" * 59 + "…", "a" * 59 + "… (2)"]),
    ],
)
def test_every_column_gets_a_name_of_its_own(text: str, names: list[str]) -> None:
    assert list(read(text).frame.columns) == names


def test_no_names_are_mentioned() -> None:
    assert "The first row is taken for data, as it names no columns" in read("1,2\n3,4\n").notes


def test_lines_above_the_table_and_short_rows_are_mended() -> None:
    table = read("My measurements\n\na,b,c\n1,2,3\n4,5\n6,7,8,,\n")
    assert columns(table) == {"a": [1.0, 4.0, 6.0], "b": [2.0, 5.0, 7.0], "c": [3.0, None, 8.0]}
    assert "The first line comes before the table, and is left out" in table.notes
    assert "1 row had too few cells: those at the end count as missing" in table.notes


def test_quotes_hold_separators_and_lines_and_may_be_wrong() -> None:
    table = read('a,b,c\n1,2,"x, ""y""\nz"\n3,4,12" disk\n')
    assert columns(table)["c"] == ['x, "y"\nz', '12" disk']
    table = read('a,b,c\n1,2,"open\n3,4,y\n')
    assert columns(table)["c"] == ['"open', "y"]
    assert "Its quotes do not match, so that they are read as ordinary characters" in table.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b\n", "holds no rows below its names"),
        ("a,b\n1,2\n3,4,5\n", "has 3 cells in row 2, and there are 2 columns"),
        ("a,b\nx,y\n", "has no column of numbers, and needs two"),
        ('a,b\n1,"x\n1,2\n3,4,5\n', "its quotes do not match, so mend them first"),
        ("a,b\nx,12%\ny,3\n", "“b” is text, as some cells have a percent sign and others have none"),
        ("a\n1\n2\n", "has one column of numbers, “a”, and needs two"),
        ("a,b\n1,\n2,\n", "has one column of numbers, “a”, and needs two"),
        ("a,b\n1,2\0\n", "none of the kinds that can be read"),
        ("a,b\n1,2\n" + "\x01\x02" * 50, "none of the kinds that can be read"),
        ("a,b\n1," + "x" * 10_001, "more than 10,000 characters"),
        ("a,b\n1," + "x" * 200_000, "more than 10,000 characters"),
        (",".join("ab" * 251) + "\n", "has 502 columns, and 500 are the most"),
        ("  \n \n", "holds no rows"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str, said: str) -> None:
    assert said in refusal("a.csv", text.encode())


def test_one_row_is_enough_to_read_and_is_mentioned() -> None:
    assert "There is one row only: K-means needs more to find anything" in read("a,b\n1,2\n").notes


def test_limits_protect(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal("a.csv", b"a,b\n1,2\n" * 1000, max_bytes=1000) == (
        "“a.csv” has 0.0 MB, and 0.001 MB are the most: take out rows or columns that are not needed"
    )
    for content in (b"a,b\n" + b"1,2\n" * 1001, b'"a",b\n' + b"1,2\n" * 1001):
        with monkeypatch.context() as patch:
            patch.setattr(limits, "MAX_ROWS", 1000)
            assert "has more than 1,000 rows" in refusal("a.csv", content)
        with monkeypatch.context() as patch:
            patch.setattr(limits, "MAX_CELLS", 2000)
            assert "has more than 2,000 cells" in refusal("a.csv", content)
    monkeypatch.setattr(limits, "MAX_TEXT", 1000)
    assert "characters in its cells" in refusal("a.csv", b'"a",b\n' + b"1,2\n" * 1001)


def test_pasting_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="The pasted text is empty"):
        read_pasted(" \n")
    with pytest.raises(ValueError, match="The pasted text has one column of numbers"):
        read_pasted("1\n2\n")
    with pytest.raises(ValueError, match=r"The pasted text has 0\.1 MB"):
        read_pasted("1\t2\n" * 20_000, max_bytes=1000)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Users\\me\\a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\n\u202eb\0.csv", "ab.csv"),
        ("", "table"),
        ("x/", "table"),
        ("n" * 100 + ".csv", "n" * 50 + "….csv"),
        ("n" * 100, "n" * 59 + "…"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert read_table(name, CSV).name == clean


def test_the_digest_names_the_content() -> None:
    assert read_table("a.csv", CSV).digest == read_table("b.csv", CSV).digest
    assert read_table("a.csv", CSV).digest != read_table("a.csv", CSV + b"\n").digest
    assert len(read_table("a.csv", CSV).digest) == 16


def test_fast_and_slow_ways_agree() -> None:
    # A quote anywhere takes the slow way.
    for text in ("a,b,c\n1,2,x\n\n , ,\n3,NA,y\n", "1;2,5\n1.000;3\n", "a\tb\n1\t2\t\n".replace("\t\n", "\n")):
        fast, slow = read(text), read(text + '""')
        pd.testing.assert_frame_equal(fast.frame, slow.frame)
        assert fast.notes == slow.notes


# Other kinds of files


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
        ("a.xlsx", b"a,b\n1,2\n", "is no Excel workbook"),
        ("a.parquet", b"a,b\n1,2\n", "is no Parquet file"),
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


# Workbooks


def test_a_workbook_is_read() -> None:
    table = read_table("a.xlsx", XLSX)
    assert columns(table) == SAME
    assert table.sheets == ("Data",)
    assert table.notes == ()


def test_a_sheet_of_words_before_the_table_is_passed_over() -> None:
    content = workbook(
        ("Read me", [["hello"]]), ("Words", [["a", "b"], ["x", "y"]]), ("Data", [["a", "b"], [1, 2], [3, 5]])
    )
    table = read_table("book.xlsx", content)
    assert table.numeric == ("a", "b")
    assert table.digest != read_table("book.xlsx", content, sheet="Data").digest
    assert "from the sheet “Data”" in " ".join(table.notes)
    with pytest.raises(ValueError, match="no rows below its names"):
        read_table("book.xlsx", content, sheet="Read me")
    with pytest.raises(ValueError, match="no rows below its names"):
        read_table("book.xlsx", workbook(("Read me", [["hello"]]), ("Words", [["a", "b"], ["x", "y"]])))


def test_the_first_sheet_with_data_is_read_unless_another_is_named() -> None:
    content = workbook(("Cover", []), ("Data", ROWS), ("More", [["x", "y"], [1, 2], [3, 4]]))
    table = read_table("a.xlsx", content)
    assert columns(table) == SAME
    assert table.sheets == ("Cover", "Data", "More")
    assert table.notes == ("Read from the sheet “Data”, one of 3",)
    assert columns(read_table("a.xlsx", content, sheet="More")) == {"x": [1.0, 3.0], "y": [2.0, 4.0]}
    assert refusal("a.xlsx", content, sheet="Else") == (
        "“a.xlsx” has no sheet “Else”: choose one of “Cover”, “Data” and “More”"
    )
    assert "nothing in its sheet “Cover”" in refusal("a.xlsx", content, sheet="Cover")
    assert "nothing in any of its sheets" in refusal("a.xlsx", workbook(("Cover", [])))


def test_a_workbook_may_hold_titles_gaps_dates_and_errors() -> None:
    rows: list[list[Any]] = [
        ["My measurements"],
        [],
        [None, "day", "when", "a", "b", "sure", 2010],
        [None, date(2024, 2, 29), datetime(2024, 2, 29, 13, 30), 1234.567, "1,5", True, 1],
        [],
        [None, None, None, 1.5, "2", False, "#DIV/0!"],
    ]
    table = read_table("a.xlsx", workbook(("Data", rows)))
    assert columns(table) == {
        "day": [19782.0, None, None],
        "when": [19782.5625, None, None],
        "a": [1234.567, None, 1.5],
        "b": [1.5, None, 2.0],
        "sure": [1.0, None, 0.0],
        "2010": [1.0, None, None],
    }
    assert table.others == ("day", "when", "sure", "2010")


def test_numbers_of_a_workbook_are_never_read_anew() -> None:
    # In a text file with decimal commas, 1.234 would be taken for 1234.
    table = read_table("a.xlsx", workbook(("Data", [["a", "b"], [1.234, "1,5"], [5.678, "2,5"]])))
    assert columns(table) == {"a": [1.234, 5.678], "b": [1.5, 2.5]}


def test_formulas_without_a_saved_value_are_missing_and_counted() -> None:
    content = workbook(("Data", [["a", "b", "c"], [1, 2, "=A2+B2"], [3, 4, "=A3+B3"], [5, "=A4", 7]]))
    table = read_table("a.xlsx", content)
    assert columns(table) == {"a": [1.0, 3.0, 5.0], "b": [2.0, 4.0, None], "c": [None, None, 7.0]}
    assert table.notes[0].startswith("3 cells with a formula have no saved value and count as missing")
    saved = with_part(content, SHEET, lambda part: part.replace(b"<f>A2+B2</f><v />", b"<f>A2+B2</f><v>3</v>"))
    table = read_table("a.xlsx", saved)
    assert columns(table)["c"] == [3.0, None, 7.0]
    assert table.notes[0].startswith("2 cells")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = with_part(XLSX, SHEET, lambda part: part + b" " * 3_000_000)
    assert "unpacks to more than 300 MB, or suspiciously much" in refusal("a.xlsx", blank)
    for limit, value in (("MAX_UNPACKED", 1000), ("MAX_TAGS", 20)):
        with monkeypatch.context() as patch:
            patch.setattr(limits, limit, value)
            assert "unpacks to more than" in refusal("a.xlsx", XLSX)
    monkeypatch.setattr(limits, "MAX_PARTS", 3)
    assert "more than 3 parts" in refusal("a.xlsx", XLSX)


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    bomb = with_part(XLSX, SHEET, lambda part: part + b" " * 3_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as packed:
        size = packed.getinfo(SHEET).file_size
    assert bomb.count(struct.pack("<I", size)) == 2
    assert "is damaged" in refusal("a.xlsx", bomb.replace(struct.pack("<I", size), struct.pack("<I", 1000)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused(encoding: str) -> None:
    text = '<?xml version="1.0" encoding="{}"?><!-- <a> --><!DOCTYPE a [<!ENTITY b "{}">]><sst>&b;</sst>'
    part = text.format(encoding, "b" * 100).encode(encoding)
    for name in ("xl/sharedStrings.xml", SHEET, "xl/anything"):
        bomb = with_part(XLSX, name, lambda _: part)
        assert "has a document type in it" in refusal("a.xlsx", bomb)


def test_a_sheet_may_not_lie_about_its_size() -> None:
    wide = with_part(XLSX, SHEET, lambda part: part.replace(b'r="C2"', b'r="ZZZ2"'))
    assert "columns, and 500 are the most" in refusal("a.xlsx", wide)
    far = with_part(XLSX, SHEET, lambda part: part.replace(b'<row r="4"', b'<row r="999999999"'))
    assert "has a sheet with more than 5,000,000 cells" in refusal("a.xlsx", far)
    claimed = with_part(XLSX, SHEET, lambda part: part.replace(b'ref="A1:C4"', b'ref="A1:XFD1048576"'))
    assert columns(read_table("a.xlsx", claimed)) == SAME


def test_one_long_text_in_every_cell_is_refused() -> None:
    text = "x" * 9_000
    shared = with_part(workbook(("Data", [[0] * 400] * 60)), SHEET, lambda part: part.replace(b't="n"', b't="s"'))
    strings = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'.encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    named = with_part(shared, "[Content_Types].xml", lambda part: part.replace(b"</Types>", entry))
    content = with_part(named, "xl/sharedStrings.xml", lambda _: strings)
    assert len(content) < 100_000
    assert "characters in its cells" in refusal("a.xlsx", content)
    repeated = {"a": [1.0] * 50_000, "b": [2.0] * 50_000, "c": [text] * 50_000}
    content = parquet_of(repeated)
    assert len(content) < 50_000
    assert "characters in its cells" in refusal("a.parquet", content)
    assert "10,000 characters" in refusal("a.parquet", parquet_of({"a": [1, 2], "b": [1, 2], "c": ["y", "x" * 50_000]}))


def test_what_openpyxl_warns_of_is_no_matter(recwarn: pytest.WarningsRecorder) -> None:
    plain = with_part(XLSX, "xl/styles.xml", lambda _: f'<styleSheet xmlns="{MAIN}"/>'.encode())
    assert columns(read_table("a.xlsx", plain)) == SAME
    assert not recwarn.list


# Parquet


def test_parquet_is_read() -> None:
    table = read_table("a.parquet", PARQUET)
    assert columns(table) == SAME
    assert table.notes == ()


def test_parquet_may_hold_anything() -> None:
    content = parquet_of(
        {
            "int": pa.array([1, 2, None], pa.int8()),
            "float": pa.array([1.5, float("inf"), NAN], pa.float32()),
            "decimal": pa.array(["1.10", "2.20", None]).cast(pa.decimal128(9, 2)),
            "bool": pa.array([True, False, None]),
            "class": pa.array(["x", "y", None]).dictionary_encode(),
            "number": pa.array([7, 8, 7]).dictionary_encode(),
            "day": pa.array([date(2024, 2, 29), None, date(2024, 3, 1)]),
            "list": pa.array([[1], [2], None]),
            "bytes": pa.array([b"1", b"2", None]),
            "a.b": pa.array([{"c": "x"}, None, None]),
            "span": pa.array([timedelta(1), None, None]),
            "none": pa.nulls(3),
            "never": [NAN, NAN, None],
        }
    )
    table = read_table("a.parquet", content)
    assert columns(table) == {
        "int": [1.0, 2.0, None],
        "float": [1.5, None, None],
        "decimal": [1.1, 2.2, None],
        "bool": [1.0, 0.0, None],
        "class": ["x", "y", None],
        "number": [7.0, 8.0, 7.0],
        "day": [19782.0, None, 19783.0],
        "none": [None, None, None],
        "never": [None, None, None],
    }
    assert table.numeric == ("int", "float", "decimal", "bool", "number", "day")
    assert table.others == ("int", "bool", "class", "number", "day")
    assert "“list”, “bytes”, “a.b” and “span” hold neither numbers nor text and are left out" in table.notes
    assert "1 infinite value of “float” counts as missing" in table.notes
    assert "“none” and “never” hold no value at all" in table.notes


def test_parquet_that_claims_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "has more than 1,000,000 rows" in refusal("a.parquet", parquet_of({"a": np.zeros(1_000_001)}))
    many = parquet_of({f"c{at}": [1] for at in range(501)})
    assert "has 501 columns, and 500 are the most" in refusal("a.parquet", many)
    twice = parquet_of(pa.table([[1, 2], [3, 4]], names=["a", "a"]))
    assert "has two columns of the same name" in refusal("a.parquet", twice)
    monkeypatch.setattr(limits, "MAX_UNPACKED", 100)
    assert "unpacks to more than" in refusal("a.parquet", PARQUET)


def test_what_cannot_be_watched_in_parquet_is_not_read() -> None:
    rows = 100_000
    one = pa.array(["x" * 1_000_000])
    words = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), one)
    lists = pa.ListArray.from_arrays(pa.array(range(rows + 1), pa.int32()), words)
    content = parquet_of({"a": np.arange(rows), "b": np.arange(rows) % 7, "c": lists})
    assert len(content) < 1_000_000
    assert read_table("a.parquet", content).numeric == ("a", "b")


# Whatever the bytes


def _read_or_refused(name: str, content: bytes, *, known: bool) -> None:
    """Read, and assert that nothing but a sentence comes of it, and that the reason was ``known``."""
    try:
        table = read_table(name, content)
    except ValueError as error:
        sentence(error)
        assert not known or error.__cause__ is None
        return
    assert len(table.numeric) >= 2
    for note in table.notes:
        sentence(ValueError(note))
    choice = default_choice(table)
    for other in (choice, replace(choice, missing="fill", standardize=not choice.standardize)):
        try:
            assert np.isfinite(prepared(table, other).points).all()
        except ValueError as error:
            sentence(error)


@SOME
@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b"PK\x05\x06" + bytes(18))
def test_any_bytes(content: bytes) -> None:
    _read_or_refused("a.csv", content, known=not content.startswith((b"PK", b"PAR1")))


LETTERS = st.text(st.sampled_from("0123456789.,;|\t\n \"'-+eEa€%?\r\ufeff\u2028∞"), max_size=80)


@SOME
@given(st.one_of(st.text(max_size=80), LETTERS))
@example("\ud800\t2\n3\t4")
@example("sep=;\n")
@example("a,b,c\n1e999,1,3\n1e999,2,5\n")
@example("1,2\n3,4\n" + " " * 70)
def test_any_text(text: str) -> None:
    _read_or_refused("a.txt", text.encode("utf-8", errors="replace"), known=True)
    try:
        read_pasted(text)
    except ValueError as error:
        sentence(error)
        assert error.__cause__ is None


def mutated(content: bytes, *, inside: bool) -> st.SearchStrategy[bytes]:
    """Change some bytes of a file, or of one part of a zip file, or leave out its end."""
    spots = st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=4)

    def change(spots: list[tuple[int, int]], cut: int) -> bytes:
        new = bytearray(content)
        for at, value in spots:
            new[at] = value
        return bytes(new[: len(new) - cut])

    whole = st.builds(change, spots, st.one_of(st.just(0), st.integers(0, len(content))))
    if not inside:
        return whole
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    one = st.sampled_from(sorted(parts)).flatmap(
        lambda name: mutated(parts[name], inside=False).map(lambda new: with_part(content, name, lambda _: new))
    )
    return st.one_of(whole, one)


@SOME
@given(mutated(b'a;"b";c\n1;2,5;x\n3;4,5;"y\nz"\n5;;x\n', inside=False))
def test_damaged_text(content: bytes) -> None:
    _read_or_refused("a.csv", content, known=not content.startswith(b"P"))


@SOME
@given(mutated(XLSX, inside=True))
def test_damaged_workbooks(content: bytes) -> None:
    _read_or_refused("a.xlsx", content, known=False)


@SOME
@given(mutated(PARQUET, inside=False))
def test_damaged_parquet(content: bytes) -> None:
    _read_or_refused("a.parquet", content, known=False)


# Round trips

NUMBERS = st.floats(-LARGEST, LARGEST)
FRAMES = st.integers(1, 8).flatmap(
    lambda n: st.builds(
        lambda one, two, three: pd.DataFrame({"a": one, "b": two, "c": three}, dtype=np.float64),
        st.lists(NUMBERS, min_size=n, max_size=n),
        st.lists(st.one_of(NUMBERS, st.integers(-9999, 9999)), min_size=n, max_size=n),
        st.lists(st.one_of(NUMBERS, st.none()), min_size=n, max_size=n).filter(lambda some: some.count(None) < n),
    )
)


def _excel(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_excel(file, index=False)
    return file.getvalue()


def _parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


WAYS: dict[str, Callable[[Any], bytes]] = {
    "comma.csv": lambda frame: frame.to_csv(index=False).encode(),
    "semicolon.csv": lambda frame: frame.to_csv(index=False, sep=";", decimal=",").encode("utf-16"),
    "tab.tsv": lambda frame: frame.to_csv(index=False, sep="\t").encode(),
    "tab and comma.tsv": lambda frame: frame.to_csv(index=False, sep="\t", decimal=",").encode(),
    "quoted.csv": lambda frame: frame.to_csv(index=False, quoting=1).encode(),
    "bare.csv": lambda frame: frame.to_csv(index=False, header=False).encode(),
    "a.parquet": _parquet,
}


@pytest.mark.parametrize("name", WAYS)
@settings(SOME, max_examples=25)
@given(frame=FRAMES)
def test_numbers_come_back_to_the_last_bit(name: str, frame: pd.DataFrame) -> None:
    back = read_table(name, WAYS[name](frame))
    assert back.numeric == (("column 1", "column 2", "column 3") if name == "bare.csv" else ("a", "b", "c"))
    np.testing.assert_array_equal(back.frame.to_numpy(), frame.to_numpy())


@settings(SOME, max_examples=25)
@given(frame=FRAMES)
def test_numbers_come_back_from_a_workbook(frame: pd.DataFrame) -> None:
    # openpyxl writes 16 digits, which make the largest number larger.
    frame = frame.clip(-LARGEST / 2, LARGEST / 2)
    back = read_table("a.xlsx", _excel(frame))
    np.testing.assert_allclose(back.frame.to_numpy(), frame.to_numpy(), rtol=1e-15)


# Choices


def test_the_first_choice_leaves_out_counters_and_constants() -> None:
    rows = "".join(
        f"{at},7,{at * 1.5},{1000 * at % 7000},{name},{kind},x\n"
        for at, name, kind in zip(range(1, 9), "abcdefgh", "uvuvuvuv", strict=True)
    )
    table = read("id,flag,a,b,name,kind,same\n" + rows)
    assert default_choice(table) == Choice(("a", "b"), standardize=True, missing="drop", label="kind")
    assert default_choice(read("id,b\n1,5\n2,5\n")) == Choice(("id", "b"))
    assert default_choice(read("a,b,c\n1.5,1,x\n2,7,y\n")).label == "", "a text that differs in every row names them"


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        ("customer,x,y", ["10017,1.5,2", "10001,2.5,2", "10009,3.5,4"]),  # different whole numbers
        ("Unnamed: 0,x,y", ["0,1.5,2", "1,2.5,2", "2,3.5,4"]),
        (",x,y", ["0,1.5,2", "1,2.5,2", "2,3.5,4"]),
        ("row,x,y", ["3,1.5,2", "2,2.5,2", "1,3.5,4"]),
        ("PassengerId,x,y", ["5,1.5,2", "5,2.5,2", "6,3.5,4"]),
        ("zip,x,y", ["04994,1.5,2", "04994,2.5,2", "10115,3.5,4"]),
        ("same,x,y", ["7,1.5,2", "7,2.5,2", "7,3.5,4"]),
        ("day,x,y", ["2024-01-01,1.5,2", "2024-01-03,2.5,2", "2024-01-02,3.5,4"]),
        ("sure,x,y", ["yes,1.5,2", "no,2.5,2", "yes,3.5,4"]),
        ("target,x,y", ["0,1.5,2", "1,2.5,2", "1,3.5,4"]),
    ],
)
def test_what_measures_nothing_is_not_chosen_at_first(names: str, rows: list[str]) -> None:
    table = read("\n".join([names, *rows]))
    assert len(table.numeric) == 3, "it can be chosen"
    assert default_choice(table).columns == ("x", "y")


@pytest.mark.parametrize("name", ["valid", "grid", "humid", "acidity", "codec", "nominal"])
def test_a_name_that_only_ends_like_an_identifier_is_a_measure(name: str) -> None:
    assert default_choice(read(f"{name},x,y\n5,1,2\n5,2,2\n6,2,4\n")).columns == (name, "x")


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(("a", "z")), "There is no column “z”: choose among “a” and “b”"),
        (Choice(("a", "c")), "“c” holds text, not numbers: choose among “a” and “b”"),
        (Choice(("a",)), "Choose at least two columns, not “a” alone: there are “a” and “b”"),
        (Choice(()), "Choose at least two columns, not none"),
        (Choice(("a", "a")), "“a” is chosen twice"),
        (Choice(("a", "b"), label="z"), "There is no column of labels “z”: choose among “a” and “c”"),
        (Choice(("a", "b"), missing="guess"), "can be dropped or filled, not “guess”"),  # type: ignore[arg-type]
        (Choice(("a", "b\n" * 99)), "There is no column “b b b"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_in_a_sentence(choice: Choice, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        prepared(read_table("a.csv", CSV), choice)
    assert said in sentence(caught.value)


def test_a_choice_may_not_have_too_many_columns() -> None:
    names = tuple(f"c{at}" for at in range(MAX_FEATURES + 1))
    table = read(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    assert checked_choice(table, Choice(names[1:])) == Choice(names[1:])
    with pytest.raises(ValueError, match=f"Choose at most {MAX_FEATURES} columns, not {MAX_FEATURES + 1}"):
        checked_choice(table, Choice(names))


# Points


def test_rows_with_gaps_are_left_out_or_filled() -> None:
    table = read("a,b,c\n1,10,x\n2,,y\n4,40,\n,,x\n")
    out = prepared(table, Choice(("b", "a"), label="c"))
    np.testing.assert_array_equal(out.points, [[10, 1], [40, 4]])
    assert out.points.flags.c_contiguous
    assert out.points.dtype == np.float64
    assert out.rows.tolist() == [0, 2]
    assert out.rows.dtype == np.intp
    assert out.truth is not None
    assert out.truth.tolist() == [0, -1]
    assert out.truth.dtype == np.int64
    assert out.names == ("x",)
    assert out.notes == ("2 of 4 rows have no number in a chosen column and are left out",)
    filled = prepared(table, Choice(("b", "a"), missing="fill", label="c"))
    np.testing.assert_array_equal(filled.points, [[10, 1], [25, 2], [40, 4], [25, 2]])
    assert filled.notes == ("2 of 4 rows have no number in a chosen column and are filled with the column's median",)
    assert filled.truth is not None
    assert filled.truth.tolist() == [0, 1, -1, 0]
    assert table.frame["b"].isna().sum() == 2, "the table stays as it is"


def test_whole_numbers_may_be_labels() -> None:
    out = prepared(read("a,b,year\n1,2,2009\n3,4,2007\n5,6,2009\n"), Choice(("a", "b"), label="year"))
    assert out.truth is not None
    assert (out.truth.tolist(), out.names) == ([1, 0, 1], ("2007", "2009"))


def test_standardized_points_can_be_turned_back() -> None:
    table = built_in("penguins")
    choice = Choice(("bill length (mm)", "body mass (g)"), standardize=True)
    out, raw = prepared(table, choice), prepared(table, Choice(choice.columns))
    np.testing.assert_allclose(out.points.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(out.points.std(axis=0), 1)
    np.testing.assert_allclose(out.points * out.deviations + out.means, raw.points)
    assert raw.truth is None
    assert (raw.means.tolist(), raw.deviations.tolist()) == ([0, 0], [1, 1])


@pytest.mark.parametrize("value", [0.0, 0.1, 1e140, -1e-300])
def test_a_constant_column_becomes_0_and_is_mentioned(value: float) -> None:
    table = read("flag,b\n" + "".join(f"{value!r},{at}\n" for at in range(3)))
    out = prepared(table, Choice(("flag", "b"), standardize=True))
    assert out.points[:, 0].tolist() == [0, 0, 0]
    assert out.notes == ("“flag” has the same value in every row: it adds nothing",)


def test_nothing_left_and_numbers_too_large_are_refused() -> None:
    table = read("a,b,c\n1,,2e140\n,1,3\n")
    with pytest.raises(ValueError, match="Every row lacks a number in a chosen column"):
        prepared(table, Choice(("a", "b")))
    with pytest.raises(ValueError, match=r"“c” holds 2e\+140, and 1e\+140 is the largest number"):
        prepared(table, Choice(("a", "c")))


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx"])
def test_a_column_that_is_unusable_does_not_refuse_the_others(name: str) -> None:
    frame = pd.DataFrame({"c": [1.0, -2e140, 3.0], "none": [NAN] * 3, "a": [1.0, 2, 3], "b": [4.0, 4, 4]})
    write = {"a.csv": WAYS["comma.csv"], "a.parquet": _parquet, "a.xlsx": _excel}
    table = read_table(name, write[name](frame))
    assert table.numeric == ("a", "b"), "a constant can be clustered"
    assert table.unusable == {
        "c": "holds 2e+140, and 1e+140 is the largest number: divide the column",
        "none": "holds no value at all",
    }
    assert "“c” holds 2e+140, and 1e+140 is the largest number: divide the column" in table.notes
    with pytest.raises(ValueError, match="“none” holds no value at all: choose among “a” and “b”"):
        checked_choice(table, Choice(("a", "none")))


# Built-in tables


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_tables_are_what_they_say(name: str) -> None:
    one, table = BUILT_IN[name], built_in(name)
    assert table is built_in(name)
    assert checked_choice(table, Choice(one.columns, label=one.label)).columns == one.columns
    assert not [note for note in table.notes if "text because" in note]
    assert all((one.title, one.sentence, one.source, one.license))


def test_built_in_tables_agree_with_what_is_known_of_them() -> None:
    iris, faithful, penguins = map(built_in, ("iris", "faithful", "penguins"))
    assert iris.frame["species"].value_counts().to_dict() == {"setosa": 50, "versicolor": 50, "virginica": 50}
    assert iris.frame[list(iris.numeric)].mean().round(3).tolist() == [5.843, 3.057, 3.758, 1.199]
    assert faithful.n == 272
    assert faithful.frame.mean().round(3).tolist() == [3.488, 70.897]
    assert penguins.frame["species"].value_counts().to_dict() == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    assert penguins.frame["body mass (g)"].isna().sum() == 2
    assert penguins.frame["body mass (g)"].mean().round(2) == 4201.75
    with pytest.raises(ValueError, match="There is no built-in table “tulips”: choose among “iris”"):
        built_in("tulips")


def test_the_app_starts_without_the_libraries_that_read_tables() -> None:
    look = "import sys, kmeans_tables; print(sorted({'pandas', 'pyarrow', 'openpyxl'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
