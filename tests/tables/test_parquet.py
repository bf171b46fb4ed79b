"""Parquet files: types, and files that claim too much."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from kmeans_tables import limits, read_table
from tests.tables.files import NAN, PARQUET, SAME, columns, parquet_of, refusal


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
    assert table.label_columns == ("int", "bool", "class", "number", "day")
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
