"""Numbers with a point or in parentheses are read as they were meant, and a reading in doubt is noted."""

from __future__ import annotations

import pytest

from kmeans_tables import Table, read_table

THOUSANDS = "are taken to separate thousands, though they could be decimal points"
DECIMALS = "are taken as decimal points, though they could separate thousands"


def of_columns(separator: str, **columns: list[str]) -> Table:
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    return read_table("a.csv", "\n".join(separator.join(row) for row in rows).encode())


@pytest.mark.parametrize(
    ("separator", "cells", "values", "doubt"),
    [
        # Whole numbers of three digits show groups: as decimals they would be written 987.000.
        (";", ["987", "1.234", "12.345"], [987, 1234, 12345], THOUSANDS),
        ("\t", ["450", "-1.234", "12.345"], [450, -1234, 12345], THOUSANDS),
        ("|", ["987", "1.234", "12"], [987, 1234, 12], THOUSANDS),
        (",", ["987", "1.234", "12.345"], [987, 1.234, 12.345], DECIMALS),
        # Two groups in one number prove it.
        (";", ["987", "1.234.567", "12.345"], [987, 1234567, 12345], ""),
        ("\t", ["1.500", "1.234.567", "12"], [1500, 1234567, 12], ""),
        # Without whole numbers of three digits nothing shows which it is.
        (";", ["5", "1.234", "12.345"], [5, 1.234, 12.345], DECIMALS),
        (";", ["1.234", "2.500", "12.345"], [1.234, 2.5, 12.345], DECIMALS),
        (",", ["5", "1.234", "12.345"], [5, 1.234, 12.345], DECIMALS),
        # Three decimals everywhere, separated by commas: the usual English file.
        (",", ["1.234", "2.500", "12.345"], [1.234, 2.5, 12.345], ""),
        # No group begins with 0 or has other than three digits, and thousands are written 1.234 throughout.
        (";", ["0.123", "1.234", "987"], [0.123, 1.234, 987], ""),
        (",", ["0.123", "1.234", "2.500"], [0.123, 1.234, 2.5], ""),
        (";", ["1.5", "1.234", "987"], [1.5, 1.234, 987], ""),
        (";", ["1234", "1.234", "987"], [1234, 1.234, 987], ""),
        (";", ["1.234e3", "1.234", "987"], [1234, 1.234, 987], ""),
        (";", ["987", "450", "12"], [987, 450, 12], ""),
    ],
)
def test_points_are_judged_by_the_numbers_of_their_column(
    separator: str, cells: list[str], values: list[float], doubt: str
) -> None:
    table = of_columns(separator, x=cells, y=["1", "3", "2"])
    assert table.frame["x"].tolist() == values
    wanted = [] if not doubt else [f"Points in “x” {doubt}"]
    assert [note for note in table.notes if "though" in note] == wanted


@pytest.mark.parametrize(
    ("other", "values", "doubt"),
    [
        (["1,5", "2", "3"], [987, 1234, 12345], ""),
        (["0.5", "2", "3"], [987, 1.234, 12.345], DECIMALS),
    ],
)
def test_points_are_judged_by_other_columns_first(other: list[str], values: list[float], doubt: str) -> None:
    table = of_columns(";", x=["987", "1.234", "12.345"], y=other)
    assert table.frame["x"].tolist() == values
    wanted = [] if not doubt else [f"Points in “x” {doubt}"]
    assert [note for note in table.notes if "though" in note] == wanted
