"""CSV, TSV, and pasted text: separators, encodings, numbers, names, and limits."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from kmeans_tables import limits, read_pasted, read_table
from kmeans_tables.messages import message
from tests.tables.files import CSV, SAMPLE, columns, read, refusal

FILE = "“a.csv”"
ONE_COLUMN = message("files.one_column", file=FILE, column="“a”", has_reason=False, reason="")
LONG_CELL = message("files.cell_too_long", file=FILE, most=10_000)


def separation(separator: str, *, has_decimal_commas: bool = False, encoding: str = "") -> str:
    """Return the note on how the cells of a file are separated."""
    values = {"has_decimal_commas": has_decimal_commas, "has_encoding": bool(encoding), "encoding": encoding}
    return message("reading.separated", separator=separator, **values)


def absence(cell: str) -> str:
    """Return the note on one cell of column “b” that counts as missing."""
    marker = message("reading.marker", text=f"“{cell}”", count=1)
    return message("reading.markers", markers=marker, count=1, columns="“b”")


ABSENT = absence("NA")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("a,b,c\n1,2.5,x\n3,4.5,y\n5,,x\n", (separation("comma"),)),
        ("a\tb\tc\n1\t2.5\tx\n3\t4.5\ty\n5\t\tx\n", (separation("tab"),)),
        ("a;b;c\n1;2,5;x\n3;4,5;y\n5;;x\n", (separation("semicolon", has_decimal_commas=True),)),
        ("a|b|c\n1|2.5|x\n3|4.5|y\n5||x\n", (separation("bar"),)),
        ("a  b c\n 1 2.5   x\n3\t4.5 y \n5 NA x\n", (separation("space"), ABSENT)),
        ("a b c\n1,0 2,5 x\n3,0 4,5 y\n5,0 NA x\n", (separation("space", has_decimal_commas=True), ABSENT)),
        ("a\tb\tc\n1\t2,5\tx\n3\t4,5\ty\n5\t\tx\n", (separation("tab", has_decimal_commas=True),)),
        ('"a","b","c"\r\n"1","2.5","x"\r\n\r\n"3","4.5","y"\r\n\r\n"5","","x"\r\n,,', (separation("comma"),)),
        ("a,b,c\r1,2.5,x\r3,4.5,y\r5,,x", (separation("comma"),)),
        ("\ufeffsep=;\na;b;c;\n1;2.5;x;\n3;4.5;y;\n5;;x;\n", (separation("semicolon"),)),
    ],
)
def test_text_is_read_however_it_is_separated(text: str, notes: tuple[str, ...]) -> None:
    table = read(text)
    assert columns(table) == SAMPLE
    assert table.notes == notes
    assert table.numeric == ("a", "b")
    assert table.label_columns == ("a", "c")
    assert table.n == 3
    assert columns(read_pasted(text)) == SAMPLE


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings_are_found_out(encoding: str, name: str) -> None:
    table = read("größe,b,wo\n1,2,Köln\n3,4,Łódź\n".replace("Łódź", "Málaga"), encoding)
    assert columns(table) == {"größe": [1.0, 3.0], "b": [2.0, 4.0], "wo": ["Köln", "Málaga"]}
    assert table.notes == (separation("comma", encoding=name),)


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
    assert message("reading.thousands", sign="comma", columns="“a”") in read("a;b\n1,234;1.5\n12;2.25\n").notes
    doubt = message("reading.doubtful", form="comma groups", columns="“a”", doubt="decimal_commas")
    assert doubt in read('a,b\n"1,234",1\n12,2\n').notes


@pytest.mark.parametrize(
    "cell", ["$12", "12 €", "12 cm", "1_000", "2021_01", "٣", "0x1F", "1,2,3", "2007-11-11", "1e", "1 2"]
)
def test_a_column_with_units_is_text_and_says_why(cell: str) -> None:
    table = read(f"a;b;c\n1;2;{cell}\n3;4;5\n6;7;8\n")
    assert table.numeric == ("a", "b")
    assert table.frame["c"].tolist() == [cell, "5", "8"]
    assert message("columns.text_because", column="“c”", cell=f"“{cell}”", row=1) in table.notes


@pytest.mark.parametrize("cell", ["NA", "N/A", "nan", "NaN", "", "-", "?", "null", "None", " ", "k.A.", "#DIV/0!"])
def test_a_marker_is_missing_among_numbers_and_a_text_among_texts(cell: str) -> None:
    table = read(f"a,b,c\n1,{cell},{cell}\n2,3,x\n4,5,y\n")
    text = cell.strip() or None
    assert columns(table) == {"a": [1.0, 2.0, 4.0], "b": [None, 3.0, 5.0], "c": [text, "x", "y"]}
    assert (absence(cell) in table.notes) == bool(text)
    assert [table.column(name).missing for name in "abc"] == [0, 1, 0 if text else 1]


@pytest.mark.parametrize(
    ("cell", "is_rounded"),
    [
        ("9007199254740992", False),
        ("9007199254740993", True),
        ("-9007199254740993", True),
        ("90071992547409920", False),
        ("1e100", False),
        ("9007199254740993.5", False),
        ("123456789012345", False),
    ],
)
def test_whole_numbers_that_are_rounded_are_mentioned(cell: str, is_rounded: bool) -> None:
    table = read(f"a,b\n1,{cell}\n2,3\n")
    assert (message("reading.rounded", count=1, columns="“b”") in table.notes) == is_rounded


@pytest.mark.parametrize("cell", ["inf", "-Inf", "Infinity", "∞", "1e999"])
def test_infinite_values_count_as_missing_and_are_mentioned(cell: str) -> None:
    table = read(f"a,b\n1,{cell}\n2,3\n")
    assert columns(table)["b"] == [None, 3.0]
    assert message("reading.infinite", count=1, columns="“b”") in table.notes


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
    assert message("reading.no_names") in read("1,2\n3,4\n").notes


def test_lines_above_the_table_and_short_rows_are_mended() -> None:
    table = read("My measurements\n\na,b,c\n1,2,3\n4,5\n6,7,8,,\n")
    assert columns(table) == {"a": [1.0, 4.0, 6.0], "b": [2.0, 5.0, 7.0], "c": [3.0, None, 8.0]}
    assert message("reading.title_lines", count=1) in table.notes
    assert message("reading.short_rows", count=1) in table.notes


def test_quotes_hold_separators_and_lines_and_may_be_wrong() -> None:
    table = read('a,b,c\n1,2,"x, ""y""\nz"\n3,4,12" disk\n')
    assert columns(table)["c"] == ['x, "y"\nz', '12" disk']
    table = read('a,b,c\n1,2,"open\n3,4,y\n')
    assert columns(table)["c"] == ['"open', "y"]
    assert message("reading.quotes") in table.notes


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", message("files.empty", file=FILE)),
        ("a,b\n", message("files.only_names", file=FILE)),
        ("a,b\n1,2\n3,4,5\n", message("files.long_row", file=FILE, cells=3, row=2, columns=2)),
        ("a,b\nx,y\n", message("files.no_numbers", file=FILE, has_reason=False, reason="")),
        (
            'a,b\n1,"x\n1,2\n3,4,5\n',
            message("files.unmatched_quotes", problem=message("files.long_row", file=FILE, cells=3, row=3, columns=2)),
        ),
        ("a,b\nx,12%\ny,3\n", message("columns.percent_signs", column="“b”")),
        ("a\n1\n2\n", ONE_COLUMN),
        ("a,b\n1,\n2,\n", ONE_COLUMN),
        ("a,b\n1,2\0\n", message("unsupported.other", file=FILE)),
        ("a,b\n1,2\n" + "\x01\x02" * 50, message("unsupported.other", file=FILE)),
        ("a,b\n1," + "x" * 10_001, message("files.cell_of_column_too_long", file=FILE, column="“b”", most=10_000)),
        ("a,b\n1," + "x" * 200_000, LONG_CELL),
        (",".join("ab" * 251) + "\n", message("files.too_many_columns", file=FILE, columns=502, most=500)),
        ("," * 20_000 + "\n1,2\n", message("files.too_many_columns", file=FILE, columns=20_001, most=500)),
        ("a,b\n1,2\n" + "," * 1_000_001, message("files.line_too_long", file=FILE, most=1_000_000)),
        ("a,b\r1,2\r" + "x" * 1_000_001 + "\r", message("files.line_too_long", file=FILE, most=1_000_000)),
        ("  \n \n", message("files.no_rows", file=FILE)),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str, problem: str) -> None:
    assert problem in refusal("a.csv", text.encode())


def test_one_row_is_enough_to_read_and_is_mentioned() -> None:
    assert message("reading.one_row") in read("a,b\n1,2\n").notes


def test_limits_protect(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal("a.csv", b"a,b\n1,2\n" * 1000, max_bytes=1000) == (
        message("files.too_large", file="“a.csv”", megabytes=0.008, most=0.001)
    )
    for content in (b"a,b\n" + b"1,2\n" * 1001, b'"a",b\n' + b"1,2\n" * 1001):
        with monkeypatch.context() as patch:
            patch.setattr(limits, "MAX_ROWS", 1000)
            assert refusal("a.csv", content) == message("files.too_many_rows", file=FILE, most=1000)
        with monkeypatch.context() as patch:
            patch.setattr(limits, "MAX_CELLS", 2000)
            assert refusal("a.csv", content) == message("files.too_many_cells", file=FILE, most=2000)
    monkeypatch.setattr(limits, "MAX_TEXT", 1000)
    problem = message("files.too_much_text", file=FILE, most=1000)
    assert refusal("a.csv", b'"a",b\n' + b"1,2\n" * 1001) == problem


def test_pasting_nothing_is_refused() -> None:
    pasted = message("files.pasted")
    with pytest.raises(ValueError, match=re.escape(message("files.nothing_pasted", file=pasted))):
        read_pasted(" \n")
    problem = message("files.one_column", file=pasted, column="“column 1”", has_reason=False, reason="")
    with pytest.raises(ValueError, match=re.escape(problem)):
        read_pasted("1\n2\n")
    problem = message("files.too_large", file=pasted, megabytes=0.08, most=0.001)
    with pytest.raises(ValueError, match=re.escape(problem)):
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


def test_empty_rows_as_wide_as_a_worksheet_and_many_lines_are_read() -> None:
    lines = ["a,b", "1,2"] + ["5,6." + "0" * 400] * 3_000 + ["," * 16_383]
    assert read("\r\n".join(lines)).n == 3_001
