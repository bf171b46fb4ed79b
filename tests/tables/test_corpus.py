"""Small files of all kinds are read as they were meant, and their export is their own cells plus the clusters."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from kmeans_tables import ColumnChoice, Table, default_choice, labeled_table, prepare_points, read_table
from kmeans_tables.messages import message
from tests.tables.readings import CORPUS, READINGS

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
READABLE = [name for name, reading in READINGS.items() if not reading.refusal]

# How the csv module has to be asked for the cells of a text file, where it is not a comma and UTF-8.
SEPARATORS = {
    ";": ["semicolons", "separator-named", "thousands-by", "decimal-commas-by", "points-for", "spaces-for"],
    ";;": ["percent.csv", "german-dates", "day-and-month", "trailing", "blank-lines.csv", "latin1"],
    "\t": ["tabs", "separated-by-tabs", "decimal-commas-in-doubt"],
    "|": ["pipes", "separated-by-pipes"],
    " ": ["spaces.txt", "index-of-r"],
}
ENCODINGS = {"utf16-umlauts.csv": "utf-16", "utf16.csv": "utf-16", "windows1252.csv": "cp1252", "latin1.csv": "cp1252"}
LINES_ABOVE = {
    "quoted-rows-without-values.csv": 2,
    "separator-named-by-excel.csv": 1,
    "comments-above.csv": 2,
    "title-above.csv": 2,
}


def open_file(name: str) -> Table:
    return read_table(name, (CORPUS / name).read_bytes())


def export_rows(table: Table) -> list[list[str]]:
    """The rows of the exported CSV, the names first, as any reader of CSV has them."""
    rows = np.arange(1, table.n)  # the first row is left out
    content = labeled_table(table, rows, np.arange(len(rows))).csv().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), strict=True))


def test_every_file_has_its_reading() -> None:
    # One file is wide, to be clustered in many columns: what it holds is of no interest.
    assert sorted([*READINGS, "wide.csv"]) == sorted(path.name for path in CORPUS.iterdir())


@pytest.mark.parametrize("name", READINGS)
def test_a_file_is_read_as_it_was_meant(name: str) -> None:
    expected = READINGS[name]
    if expected.refusal:
        with pytest.raises(ValueError, match=re.escape(expected.refusal)):
            open_file(name)
        return
    table = open_file(name)
    values = {column: [None if pd.isna(cell) else cell for cell in table.frame[column]] for column in table.frame}
    assert values == expected.values
    texts = [column for column in table.frame if table.column(column).kind == "text"]
    noted = {column: reason for column, reason in table.unusable.items() if not table.column(column).is_plain_text}
    assert noted == expected.reasons
    assert set(table.unusable) == set(texts) | set(expected.reasons)
    assert [note for note in table.notes if is_guess(note, table)] == expected.notes
    assert (default_choice(table).columns, default_choice(table).label) == (expected.opens_on, expected.label)


def is_guess(note: str, table: Table) -> bool:
    return not note.startswith("Read as") and note not in table.unusable.values()


# The export


def rows_of(name: str) -> list[list[str]]:
    """The cells of a file as another reader has them, the names first."""
    path = CORPUS / name
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        columns = [[None if cell is None else text_of(cell) for cell in column.to_pylist()] for column in table.columns]
        return [table.column_names, *([cell or "" for cell in row] for row in zip(*columns, strict=True))]
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, data_only=True)["Data"]
        # A workbook has no days without a time.
        rows = sheet.iter_rows(values_only=True)
        return without_blank_ends(
            [["" if cell is None else text_of(cell).removesuffix(" 00:00:00") for cell in row] for row in rows]
        )
    separator = next((sign[0] for sign, starts in SEPARATORS.items() if name.startswith(tuple(starts))), ",")
    text = path.read_bytes().decode(ENCODINGS.get(name, "utf-8-sig"))
    source: Any = io.StringIO(text, newline="")
    if separator == " ":
        source = [" ".join(line.split()) for line in text.splitlines()]
    quoting: Any = csv.QUOTE_NONE if name == "unmatched-quote.csv" else csv.QUOTE_MINIMAL
    lines = list(csv.reader(source, delimiter=separator, quoting=quoting))[LINES_ABOVE.get(name, 0) :]
    return without_blank_ends(lines)


def without_blank_ends(rows: list[list[str]]) -> list[list[str]]:
    """The rows from the first to the last that hold a value, without blank lines."""
    filled = [at for at, row in enumerate(rows) if any(map(str.strip, row))]
    return [row for row in rows[filled[0] : filled[-1] + 1] if len(row) > 1 or any(map(str.strip, row))]


def text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("+01:00", "Z")


MADE_UP: dict[str, Callable[[list[list[str]]], list[list[str]]]] = {
    # What the file itself does not have: names, or the value of merged cells; or a time in another zone.
    "header-in-a-comment.csv": lambda rows: [["x", "y"], *rows[2:]],
    "no-header.csv": lambda rows: [["column 1", "column 2", "column 3"], *rows],
    "no-names.csv": lambda rows: [["column 1", "column 2"], *rows],
    "no-header-with-names-in-front.csv": lambda rows: [["column 1", "column 2", "column 3"], *rows],
    "index-of-r.txt": lambda rows: [["row", *rows[0]], *rows[1:]],
    "uneven-rows.csv": lambda rows: [[*row, ""][:3] for row in rows],
    "merged-labels.xlsx": lambda rows: [[row[0] or above[0], *row[1:]] for above, row in zip([rows[0], *rows], rows)],  # noqa: B905
    "dates.parquet": lambda rows: [rows[0], *([*row[:2], row[2].replace(" 07", " 06"), row[3]] for row in rows[1:])],
}


@pytest.mark.parametrize("name", READABLE)
def test_the_export_is_the_file_and_one_column(name: str) -> None:
    out, rows = export_rows(open_file(name)), rows_of(name)
    expected = MADE_UP[name](rows) if name in MADE_UP else rows
    assert [row[:-1] for row in out] == expected
    assert out[0][-1] == ("cluster (K-means)" if "called-cluster" in name else "cluster")
    assert [row[-1] for row in out[1:]] == ["", *map(str, range(1, len(expected) - 1))], "whole numbers, one left out"


# Separated by commas, 1,250 is more likely to be 1250, and 1.250 to be 1.25: read again, they need their own file.
IN_DOUBT = {"decimal-commas-in-doubt.tsv", "text-beside-numbers.xlsx", "points-for-thousands-in-doubt.csv"}


@pytest.mark.parametrize("name", sorted(set(READABLE) - IN_DOUBT))
def test_the_export_is_read_again_as_the_same_numbers(name: str) -> None:
    table = open_file(name)
    copy = read_table("a.csv", labeled_table(table, np.arange(table.n), np.arange(table.n) % 2).csv())
    columns = set(table.numeric) & set(copy.numeric)
    assert columns
    for column in columns:
        np.testing.assert_array_equal(copy.frame[column], table.frame[column], err_msg=column)


def test_parquet_keeps_its_types_and_text_becomes_numbers_only_where_nothing_is_lost() -> None:
    source = parquet.read_table(CORPUS / "dates.parquet")
    table = open_file("dates.parquet")
    export = parquet.read_table(io.BytesIO(labeled_table(table, np.array([1]), np.array([4])).parquet()))
    assert export.drop_columns(["cluster"]).equals(source)
    assert export["cluster"].to_pylist() == [None, 5]
    file = io.BytesIO()
    parquet.write_table(pa.table({"digits": ["1", "2"], "x": [1, 2], "y": [1.5, 2]}), file)
    table = read_table("a.parquet", file.getvalue())
    assert table.frame["digits"].tolist() == [1, 2]
    export = parquet.read_table(io.BytesIO(labeled_table(table, np.arange(2), np.arange(2)).parquet()))
    assert export["digits"].to_pylist() == ["1", "2"], "text stays text"
    table = open_file("identifiers.csv")
    export = parquet.read_table(io.BytesIO(labeled_table(table, np.arange(2), np.arange(2)).parquet()))
    assert export["id"].to_pylist() == ["1234567890123456789", "1234567890123456790"]
    assert export["zip"].to_pylist() == ["04994", "00501"]
    assert export["x"].to_pylist() == ["1.50", "2.50"], "a version 1.50 is not 1.5"
    assert export["y"].type == pa.int64()
    table = open_file("markers-among-numbers.csv")
    export = parquet.read_table(io.BytesIO(labeled_table(table, np.arange(4), np.arange(4)).parquet()))
    assert export["y"].to_pylist() == [None, 3, None, 7]


@pytest.mark.parametrize("rows", [1, 199, 200, 201, 5000])
@pytest.mark.parametrize("gap", ["", "NA"])
def test_a_long_gap_at_the_top_changes_nothing(rows: int, gap: str) -> None:
    above = f"1,{gap},{gap},{gap},{gap},{gap}\n" * rows
    below = '2,"1,5",2024-01-01,5 kg,yes,1e3\n3,"2,5",2024-01-02,6 kg,no,8\n'
    table = read_table("a.csv", f"n,comma,day,weight,sure,y\n{above}{below}".encode())
    assert table.numeric == ("n", "comma", "day", "weight", "sure", "y")
    assert table.frame.iloc[rows:].to_numpy().tolist() == [[2, 1.5, 19723, 5, 1, 1000], [3, 2.5, 19724, 6, 0, 8]]


def test_one_word_at_the_end_makes_text_of_a_column() -> None:
    rows = '2,"1,5",2024-01-01,5 kg,yes,7,8\n' * 300 + "3,x,x,x,x,8,9\n"
    table = read_table("a.csv", f"n,comma,day,weight,sure,y,z\n{rows}".encode())
    assert table.numeric == ("n", "y", "z")
    assert table.unusable["comma"] == message("columns.text_because", column="“comma”", cell="“x”", row=301)


def test_classes_are_called_as_the_file_calls_them() -> None:
    table = open_file("booleans.csv")
    ready = prepare_points(table, ColumnChoice(("x", "alive"), label="alive"))
    assert ready.truth is not None
    assert [ready.names[label] for label in ready.truth] == ["TRUE", "false", "TRUE"]


CELLS = st.text(st.sampled_from("ab01.,;\t \"'=-+€\r\nä\u2028\u0085"), max_size=6)
TABLES = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.tuples(CELLS, CELLS), min_size=n, max_size=n),
        st.lists(st.integers(-(10**18), 10**18), min_size=n, max_size=n),
    )
)


@EXAMPLES
@given(content=TABLES)
def test_any_cell_comes_back_as_it_went_in(content: tuple[list[tuple[str, str]], list[int]]) -> None:
    texts, numbers = content
    rows = [
        ["n", "first", "m", "second"],
        *([str(m), first, "7", second] for m, (first, second) in zip(numbers, texts, strict=True)),
    ]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    table = read_table("a.csv", file.getvalue().encode())
    assert [row[:-1] for row in export_rows(table)] == rows
    stored = io.BytesIO()
    parquet.write_table(pa.table({name: list(cells) for name, *cells in zip(*rows, strict=True)}), stored)
    assert [row[:-1] for row in export_rows(read_table("a.parquet", stored.getvalue()))] == rows


@pytest.mark.parametrize("blank", [",,\n", '"",,\n'])
def test_a_row_without_values_is_a_row_with_gaps(blank: str) -> None:
    table = read_table("a.csv", f"a,b,x\n1,2,p\n{blank}3,4,q\n{blank}{blank}".encode())
    ready = prepare_points(table, ColumnChoice(("a", "b")))
    assert ready.rows.tolist() == [0, 2]
    assert ready.notes == (message("choice.rows_dropped", count=1, rows=3),)
    out = labeled_table(table, ready.rows, np.array([0, 1])).csv().decode("utf-8-sig")
    assert out == "a,b,x,cluster\n1,2,p,1\n,,,\n3,4,q,2\n"


def test_many_empty_rows_at_the_end_cost_no_memory() -> None:
    table = read_table("a.csv", b'a,b\n"1",2\n3,4\n' + b",\n" * 2_000_000)
    assert table.n == 2


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1.5", "2.25", "-0.125"], pa.float64()),
        (["1.5", "2", "-3"], pa.float64()),
        (["1.5", "2.0", "-3.0"], pa.float64()),
        (["1e-07", "0.1", "1e+20"], pa.float64()),
        (["1", "-2", "0"], pa.int64()),
        # Versions, hashes, amounts with all their decimals, and more digits than a double has.
        (["1.10", "1.1", "1.9"], pa.string()),
        (["1.10", "1.20", "1.90"], pa.string()),
        (["1.0", "1", "1.1"], pa.string()),
        (["1e5", "2e7", "3e9"], pa.string()),
        (["1E+20", "0.5", "3.5"], pa.string()),
        (["0.12345678901234567", "0.5", "1.5"], pa.string()),
        (["0.30000000000000001", "0.5", "1.5"], pa.string()),
        (["12345678901234567.5", "0.5", "1.5"], pa.string()),
        (["123456789012.5", "0.0001", "2"], pa.float64()),
        (["123456789012.5", "1e-05", "2.0"], pa.float64()),
        (["-0", "1", "2"], pa.float64()),
        (["007", "1.5", "2.5"], pa.string()),
        (["+1.5", "1.5", "2.5"], pa.string()),
        (["1e999", "1.5", "2.5"], pa.string()),
    ],
)
def test_text_becomes_a_number_in_parquet_only_if_that_is_written_alike(cells: list[str], kind: pa.DataType) -> None:
    rows = "".join(f"{cell},{at},{at * at}\n" for at, cell in enumerate(cells))
    table = read_table("a.csv", f"v,x,y\n{rows}".encode())
    export = parquet.read_table(io.BytesIO(labeled_table(table, np.arange(3), np.arange(3)).parquet()))
    assert export["v"].type == kind
    if kind == pa.string():
        assert export["v"].to_pylist() == cells
    else:
        assert export["v"].to_pylist() == [float(cell) for cell in cells]


def frame_of(name: str) -> pd.DataFrame | None:
    """Return what pandas reads, with infinite values missing as they are here; None where it is no plain CSV to it."""
    try:
        return pd.read_csv(CORPUS / name, encoding="utf-8-sig").replace([np.inf, -np.inf], np.nan)
    except (pd.errors.ParserError, UnicodeDecodeError):
        return None


PLAIN = {name: frame for name in READABLE if name.endswith(".csv") and (frame := frame_of(name)) is not None}


@pytest.mark.parametrize("name", PLAIN)
def test_columns_that_pandas_reads_as_numbers_have_the_same_numbers(name: str) -> None:
    """What pandas takes for text may be numbers here, with units and so on."""
    table = read_table(name, (CORPUS / name).read_bytes())
    for column in comparable_columns(name, table):
        np.testing.assert_array_equal(table.frame[column], PLAIN[name][column].astype(float))


def comparable_columns(name: str, table: Table) -> list[str]:
    """Return the columns that both pandas and the reader take for numbers, in as many rows."""
    frame = PLAIN[name]
    shared = frame.columns.intersection(table.numeric) if len(frame) == table.n else []
    return [column for column in shared if frame[column].dtype.kind in "if"]


def test_pandas_reads_most_of_the_plain_files() -> None:
    assert len(PLAIN) > 50
    assert sum(bool(comparable_columns(name, open_file(name))) for name in PLAIN) > 40
