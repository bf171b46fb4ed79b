"""Excel workbooks: sheets, dates, formulas, and workbooks that lie."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from kmeans_tables import limits, read_table
from kmeans_tables.messages import message
from tests.tables.files import MAIN, ROWS, SAMPLE, SHEET, XLSX, columns, parquet_of, refusal, with_part, workbook


def test_a_workbook_is_read() -> None:
    table = read_table("a.xlsx", XLSX)
    assert columns(table) == SAMPLE
    assert table.sheets == ("Data",)
    assert table.notes == ()


def test_a_sheet_of_words_before_the_table_is_passed_over() -> None:
    content = workbook(
        ("Read me", [["hello"]]), ("Words", [["a", "b"], ["x", "y"]]), ("Data", [["a", "b"], [1, 2], [3, 5]])
    )
    table = read_table("book.xlsx", content)
    assert table.numeric == ("a", "b")
    assert table.digest != read_table("book.xlsx", content, sheet="Data").digest
    note = message("reading.sheet", is_hidden=False, sheet="“Data”", sheets=3, has_decimal_commas=False)
    assert note in table.notes
    problem = re.escape(message("files.only_names", file="“book.xlsx”"))
    with pytest.raises(ValueError, match=problem):
        read_table("book.xlsx", content, sheet="Read me")
    with pytest.raises(ValueError, match=problem):
        read_table("book.xlsx", workbook(("Read me", [["hello"]]), ("Words", [["a", "b"], ["x", "y"]])))


def test_the_first_sheet_with_data_is_read_unless_another_is_named() -> None:
    content = workbook(("Cover", []), ("Data", ROWS), ("More", [["x", "y"], [1, 2], [3, 4]]))
    table = read_table("a.xlsx", content)
    assert columns(table) == SAMPLE
    assert table.sheets == ("Cover", "Data", "More")
    assert table.notes == (
        message("reading.sheet", is_hidden=False, sheet="“Data”", sheets=3, has_decimal_commas=False),
    )
    assert columns(read_table("a.xlsx", content, sheet="More")) == {"x": [1.0, 3.0], "y": [2.0, 4.0]}
    assert refusal("a.xlsx", content, sheet="Else") == (
        message("files.no_such_sheet", file="“a.xlsx”", sheet="“Else”", sheets="“Cover”, “Data”, and “More”")
    )
    problem = message("files.empty_sheet", file="“a.xlsx”", sheet="“Cover”")
    assert refusal("a.xlsx", content, sheet="Cover") == problem
    assert refusal("a.xlsx", workbook(("Cover", []))) == message("files.empty_sheets", file="“a.xlsx”")


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
    assert table.label_columns == ("day", "when", "sure", "2010")


def test_numbers_of_a_workbook_are_never_parsed_again() -> None:
    # In a text file with decimal commas, 1.234 would be taken for 1234.
    table = read_table("a.xlsx", workbook(("Data", [["a", "b"], [1.234, "1,5"], [5.678, "2,5"]])))
    assert columns(table) == {"a": [1.234, 5.678], "b": [1.5, 2.5]}


def test_formulas_without_a_saved_value_are_missing_and_counted() -> None:
    content = workbook(("Data", [["a", "b", "c"], [1, 2, "=A2+B2"], [3, 4, "=A3+B3"], [5, "=A4", 7]]))
    table = read_table("a.xlsx", content)
    assert columns(table) == {"a": [1.0, 3.0, 5.0], "b": [2.0, 4.0, None], "c": [None, None, 7.0]}
    assert table.notes[0] == message("reading.formulas", count=3)
    with_value = with_part(content, SHEET, lambda part: part.replace(b"<f>A2+B2</f><v />", b"<f>A2+B2</f><v>3</v>"))
    table = read_table("a.xlsx", with_value)
    assert columns(table)["c"] == [3.0, None, 7.0]
    assert table.notes[0] == message("reading.formulas", count=2)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = with_part(XLSX, SHEET, lambda part: part + b" " * 3_000_000)
    assert refusal("a.xlsx", blank) == message("files.unpacks_too_far", file="“a.xlsx”", megabytes=300)
    for limit, value in (("MAX_UNPACKED", 1000), ("MAX_TAGS", 20)):
        with monkeypatch.context() as patch:
            patch.setattr(limits, limit, value)
            megabytes = limits.MAX_UNPACKED // 1_000_000
            assert refusal("a.xlsx", XLSX) == message("files.unpacks_too_far", file="“a.xlsx”", megabytes=megabytes)
    monkeypatch.setattr(limits, "MAX_PARTS", 3)
    assert refusal("a.xlsx", XLSX) == message("files.too_many_parts", file="“a.xlsx”", most=3)


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    bomb = with_part(XLSX, SHEET, lambda part: part + b" " * 3_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as packed:
        size = packed.getinfo(SHEET).file_size
    assert bomb.count(struct.pack("<I", size)) == 2
    bomb = bomb.replace(struct.pack("<I", size), struct.pack("<I", 1000))
    assert refusal("a.xlsx", bomb) == message("files.damaged", file="“a.xlsx”")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused(encoding: str) -> None:
    text = '<?xml version="1.0" encoding="{}"?><!-- <a> --><!DOCTYPE a [<!ENTITY b "{}">]><sst>&b;</sst>'
    part = text.format(encoding, "b" * 100).encode(encoding)
    for name in ("xl/sharedStrings.xml", SHEET, "xl/anything"):
        bomb = with_part(XLSX, name, lambda _: part)
        assert refusal("a.xlsx", bomb) == message("files.document_type", file="“a.xlsx”")


def test_a_sheet_may_not_lie_about_its_size() -> None:
    wide = with_part(XLSX, SHEET, lambda part: part.replace(b'r="C2"', b'r="ZZZ2"'))
    problem = message("files.too_many_columns", file="“a.xlsx”", columns=18_278, most=500)
    assert refusal("a.xlsx", wide) == problem
    far = with_part(XLSX, SHEET, lambda part: part.replace(b'<row r="4"', b'<row r="999999999"'))
    assert refusal("a.xlsx", far) == message("files.large_sheet", file="“a.xlsx”", most=5_000_000)
    claimed = with_part(XLSX, SHEET, lambda part: part.replace(b'ref="A1:C4"', b'ref="A1:XFD1048576"'))
    assert columns(read_table("a.xlsx", claimed)) == SAMPLE


def test_one_long_text_in_every_cell_is_refused() -> None:
    text = "x" * 9_000
    shared = with_part(workbook(("Data", [[0] * 400] * 60)), SHEET, lambda part: part.replace(b't="n"', b't="s"'))
    strings = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'.encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    with_type = with_part(shared, "[Content_Types].xml", lambda part: part.replace(b"</Types>", entry))
    content = with_part(with_type, "xl/sharedStrings.xml", lambda _: strings)
    assert len(content) < 100_000
    assert refusal("a.xlsx", content) == message("files.too_much_text", file="“a.xlsx”", most=limits.MAX_TEXT)
    repeated = {"a": [1.0] * 50_000, "b": [2.0] * 50_000, "c": [text] * 50_000}
    content = parquet_of(repeated)
    assert len(content) < 50_000
    assert refusal("a.parquet", content) == message("files.too_much_text", file="“a.parquet”", most=limits.MAX_TEXT)
    content = parquet_of({"a": [1, 2], "b": [1, 2], "c": ["y", "x" * 50_000]})
    problem = message("files.cell_of_column_too_long", file="“a.parquet”", column="“c”", most=10_000)
    assert refusal("a.parquet", content) == problem


def test_what_openpyxl_warns_of_is_no_matter(recwarn: pytest.WarningsRecorder) -> None:
    plain = with_part(XLSX, "xl/styles.xml", lambda _: f'<styleSheet xmlns="{MAIN}"/>'.encode())
    assert columns(read_table("a.xlsx", plain)) == SAMPLE
    assert not recwarn.list
