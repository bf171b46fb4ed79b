"""Parquet files: types, and files that claim too much."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from kmeans_tables import limits, read_table
from kmeans_tables.messages import message
from tests.tables.files import NAN, PARQUET, SAMPLE, columns, parquet_of, refusal


def test_parquet_is_read() -> None:
    table = read_table("a.parquet", PARQUET)
    assert columns(table) == SAMPLE
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
    assert table.label_columns == ("int", "bool", "class", "number", "day")
    columns_left_out = "“list”, “bytes”, “a.b”, and “span”"
    assert message("reading.other_types", columns=columns_left_out, count=4) in table.notes
    assert message("reading.infinite", count=1, columns="“float”") in table.notes
    assert message("columns.no_values", columns="“none” and “never”", count=2) in table.notes


def test_parquet_that_claims_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = message("files.too_many_rows", file="“a.parquet”", most=1_000_000)
    assert refusal("a.parquet", parquet_of({"a": np.zeros(1_000_001)})) == problem
    wide = parquet_of({f"c{at}": [1] for at in range(501)})
    assert refusal("a.parquet", wide) == message("files.too_many_columns", file="“a.parquet”", columns=501, most=500)
    twice = parquet_of(pa.table([[1, 2], [3, 4]], names=["a", "a"]))
    assert refusal("a.parquet", twice) == message("files.same_names", file="“a.parquet”")
    monkeypatch.setattr(limits, "MAX_UNPACKED", 100)
    assert refusal("a.parquet", PARQUET) == message("files.unpacks_too_far", file="“a.parquet”", megabytes=0)


def test_what_cannot_be_watched_in_parquet_is_not_read() -> None:
    rows = 100_000
    chunk = pa.array(["x" * 1_000_000])
    words = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), chunk)
    lists = pa.ListArray.from_arrays(pa.array(range(rows + 1), pa.int32()), words)
    content = parquet_of({"a": np.arange(rows), "b": np.arange(rows) % 7, "c": lists})
    assert len(content) < 1_000_000
    assert read_table("a.parquet", content).numeric == ("a", "b")
