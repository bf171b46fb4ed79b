"""Numbers with a point or in parentheses are read as they were meant, and a reading in doubt is noted."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from kmeans_tables import ColumnChoice, Table, default_choice, labeled_table, read_table
from kmeans_tables.messages import message
from ui.settings.definitions import UPLOAD
from ui.settings.points import of_table
from ui.settings.record import POST
from ui.settings.table_use import TableUse

THOUSANDS = message("reading.doubtful", form="point groups", columns="“x”", doubt="decimal_points")
DECIMALS = message("reading.doubtful", form="point", columns="“x”", doubt="thousands")
DOUBTS = {
    message("reading.doubtful", form=form, columns=columns, doubt=doubt)
    for form in ("comma groups", "comma", "point groups", "point")
    for columns in ("“x”", "“y”", "“x” and “y”")
    for doubt in ("decimal_commas", "decimal_points", "thousands", "other_columns")
}


def of_columns(separator: str, **columns: list[str]) -> Table:
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    return read_table("a.csv", "\n".join(separator.join(row) for row in rows).encode())


def doubts_in(table: Table) -> list[str]:
    """Return the notes on a reading in doubt."""
    return [note for note in table.notes if note in DOUBTS]


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
    assert doubts_in(table) == ([doubt] if doubt else [])


@pytest.mark.parametrize(
    ("second_column", "values", "doubt"),
    [
        (["1,5", "2", "3"], [987, 1234, 12345], ""),
        (["0.5", "2", "3"], [987, 1.234, 12.345], DECIMALS),
    ],
)
def test_points_are_judged_by_other_columns_first(second_column: list[str], values: list[float], doubt: str) -> None:
    table = of_columns(";", x=["987", "1.234", "12.345"], y=second_column)
    assert table.frame["x"].tolist() == values
    assert doubts_in(table) == ([doubt] if doubt else [])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["(5)", "3"], [-5, 3]),
        (["(5)", "NA", "3"], [-5, None, 3]),
        (["$(5)", "$3"], [-5, 3]),
        (["($ 5)", "$ 3"], [-5, 3]),
        (["(5 €)", "3 €"], [-5, 3]),
        (["(5) €", "3 €"], [-5, 3]),
        (["(5%)", "3%"], [-5, 3]),
        (["(1,234.5)", "3.25"], [-1234.5, 3.25]),
    ],
)
def test_numbers_in_parentheses_are_negative(cells: list[str], values: list[float | None]) -> None:
    table = of_columns(";", x=cells, y=["1", "3", "2"][: len(cells)])
    assert [None if math.isnan(cell) else cell for cell in table.frame["x"]] == values
    assert message("reading.parentheses", columns="“x”") in table.notes


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["$5", "($3)", "-$2"], message("columns.text_because", column="“x”", cell="“($3)”", row=2)),
        (["5", "(3) a", "2"], message("columns.text_because", column="“x”", cell="“(3) a”", row=2)),
        (["$5", "$6", "unknown"], message("columns.text_because", column="“x”", cell="“unknown”", row=3)),
        (["$5", "$6", "7"], message("columns.text_because", column="“x”", cell="“7”", row=3)),
        (["5 kg", "6"], message("columns.text_because", column="“x”", cell="“5 kg”", row=1)),
        (["5 kg", "6 g"], message("columns.units_differ", column="“x”", units="“kg” and “g”")),
        (["12%", "0.15"], message("columns.percent_signs", column="“x”")),
        (["12%", "0.15", "?!"], message("columns.text_because", column="“x”", cell="“12%”", row=1)),
    ],
)
def test_the_reason_names_the_cell_that_does_not_fit(cells: list[str], reason: str) -> None:
    numbers = ["1", "3", "2"][: len(cells)]
    assert of_columns(";", x=cells, y=numbers, z=numbers).unusable["x"] == reason


@pytest.mark.parametrize("mark", ["NA", "-", "..", "n.a.", ""])
def test_a_column_of_marks_holds_no_value(mark: str) -> None:
    table = of_columns(";", x=[mark, mark, mark], y=["1", "3", "2"], z=["1", "5", "2"])
    assert table.unusable["x"] == message("columns.no_value", column="“x”")
    assert "x" not in table.label_columns


def test_the_page_says_how_the_clustered_columns_were_read() -> None:
    table = of_columns(";", x=["987", "1.234", "12.345"], y=["(5)", "3", "2"], z=["5 kg", "6 kg", "8 kg"])
    use = TableUse(ColumnChoice(("x", "y")), table.digest)
    data = of_table(replace(POST.with_data(UPLOAD), table=use), table)
    assert data.notes[-2:] == (
        message("reading.sentence", note=THOUSANDS),
        message("reading.sentence", note=message("reading.parentheses", columns="“y”")),
    )
    assert "kg" not in " ".join(data.notes), "a column that is not clustered needs no note"


@pytest.mark.parametrize("cells", [["(5)", "3", "2"], ["($5)", "$3", "$2"], ["(5 €)", "3 €", "2 €"]])
def test_added_rows_are_written_as_the_column_is(cells: list[str]) -> None:
    table = of_columns(";", x=cells, y=["1", "3", "2"])
    labeled = labeled_table(table, np.arange(3), np.zeros(4, dtype=int), {"x": np.array([-7.0]), "y": np.array([4.0])})
    assert read_table("a.csv", labeled.csv()).frame["x"].tolist() == [-5, 3, 2, -7]


@pytest.mark.parametrize("cells", [["<5", "6", "6", "8"], ["12%", "12%", "0.15", "7%"], ["<5", "<5", ">90", "8"]])
def test_numbers_with_a_few_other_cells_are_no_default_label(cells: list[str]) -> None:
    numbers = ["1", "3", "2", "9"]
    assert default_choice(of_columns(";", x=numbers, y=numbers, z=cells)).label == ""


def test_a_single_formula_without_a_value_is_one_cell() -> None:
    book = openpyxl.Workbook()
    for row in (["x", "y"], [1, "=A2+1"], [2, 5]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    assert read_table("a.xlsx", file.getvalue()).notes == (message("reading.formulas", count=1),)


@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u2009", "\u202f"])
@pytest.mark.parametrize("unit", ["%", "€", "kg"])
def test_a_unit_may_stand_behind_any_space(space: str, unit: str) -> None:
    table = of_columns(";", x=[f"12,5{space}{unit}", f"4{space}{unit}"], y=["1", "3"])
    assert table.frame["x"].tolist() == [12.5, 4]
    assert table.column("x").unit == unit
