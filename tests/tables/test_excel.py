"""Excel workbooks: sheets, dates, formulas, and workbooks that lie."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from kmeans_tables import limits, read_table
from tests.tables.files import MAIN, ROWS, SAME, SHEET, XLSX, columns, parquet_of, refusal, with_part, workbook


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
    assert table.label_columns == ("day", "when", "sure", "2010")


def test_numbers_of_a_workbook_are_never_parsed_again() -> None:
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
