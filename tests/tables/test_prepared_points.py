"""From a table and a choice of columns to points."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from kmeans_tables import ColumnChoice, check_choice, prepare_points, read_table
from kmeans_tables.messages import message
from tests.tables.files import (
    NAN,
    WRITERS,
    excel_from,
    parquet_from,
    read,
)
from ui.settings.built_in_tables import built_in


def test_rows_with_gaps_are_left_out_or_filled() -> None:
    table = read("a,b,c\n1,10,x\n2,,y\n4,40,\n,,x\n")
    out = prepare_points(table, ColumnChoice(("b", "a"), label="c"))
    np.testing.assert_array_equal(out.points, [[10, 1], [40, 4]])
    assert out.points.flags.c_contiguous
    assert out.points.dtype == np.float64
    assert out.rows.tolist() == [0, 2]
    assert out.rows.dtype == np.intp
    assert out.truth is not None
    assert out.truth.tolist() == [0, -1]
    assert out.truth.dtype == np.int64
    assert out.names == ("x",)
    assert out.notes == (message("choice.rows_dropped", count=2, rows=4),)
    filled = prepare_points(table, ColumnChoice(("b", "a"), missing="fill", label="c"))
    np.testing.assert_array_equal(filled.points, [[10, 1], [25, 2], [40, 4], [25, 2]])
    assert filled.notes == (message("choice.rows_filled", count=2, rows=4),)
    assert filled.truth is not None
    assert filled.truth.tolist() == [0, 1, -1, 0]
    assert table.frame["b"].isna().sum() == 2, "the table stays as it is"


def test_whole_numbers_may_be_labels() -> None:
    out = prepare_points(read("a,b,year\n1,2,2009\n3,4,2007\n5,6,2009\n"), ColumnChoice(("a", "b"), label="year"))
    assert out.truth is not None
    assert (out.truth.tolist(), out.names) == ([1, 0, 1], ("2007", "2009"))


def test_standardized_points_can_be_turned_back() -> None:
    table = built_in("penguins")
    choice = ColumnChoice(("bill length (mm)", "body mass (g)"), standardize=True)
    out, raw = prepare_points(table, choice), prepare_points(table, ColumnChoice(choice.columns))
    np.testing.assert_allclose(out.points.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(out.points.std(axis=0), 1)
    np.testing.assert_allclose(out.points * out.deviations + out.means, raw.points)
    assert raw.truth is None
    assert (raw.means.tolist(), raw.deviations.tolist()) == ([0, 0], [1, 1])


@pytest.mark.parametrize("value", [0.0, 0.1, 1e140, -1e-300])
def test_a_constant_column_becomes_0_and_is_mentioned(value: float) -> None:
    table = read("flag,b\n" + "".join(f"{value!r},{at}\n" for at in range(3)))
    out = prepare_points(table, ColumnChoice(("flag", "b"), standardize=True))
    assert out.points[:, 0].tolist() == [0, 0, 0]
    assert out.notes == (message("choice.constant", column="“flag”"),)


def test_nothing_left_and_numbers_too_large_are_refused() -> None:
    table = read("a,b,c\n1,,2e140\n,1,3\n")
    with pytest.raises(ValueError, match=re.escape(message("choice.no_complete_row"))):
        prepare_points(table, ColumnChoice(("a", "b")))
    reason = message("columns.too_large", column="“c”", value="2e+140", most="1e+140")
    problem = message("choice.unusable", reason=reason, columns="“a” and “b”")
    with pytest.raises(ValueError, match=re.escape(problem)):
        prepare_points(table, ColumnChoice(("a", "c")))


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx"])
def test_a_column_that_is_unusable_does_not_refuse_the_others(name: str) -> None:
    frame = pd.DataFrame({"c": [1.0, -2e140, 3.0], "none": [NAN] * 3, "a": [1.0, 2, 3], "b": [4.0, 4, 4]})
    write = {"a.csv": WRITERS["comma.csv"], "a.parquet": parquet_from, "a.xlsx": excel_from}
    table = read_table(name, write[name](frame))
    assert table.numeric == ("a", "b"), "a constant can be clustered"
    assert table.unusable == {
        "c": message("columns.too_large", column="“c”", value="2e+140", most="1e+140"),
        "none": message("columns.no_value", column="“none”"),
    }
    assert message("columns.too_large", column="“c”", value="2e+140", most="1e+140") in table.notes
    problem = message("choice.unusable", reason=table.unusable["none"], columns="“a” and “b”")
    with pytest.raises(ValueError, match=re.escape(problem)):
        check_choice(table, ColumnChoice(("a", "none")))
