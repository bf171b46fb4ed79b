"""The default choice of columns, and choices that do not fit."""

from __future__ import annotations

import re

import pytest

from kmeans_tables import MAX_FEATURES, ColumnChoice, check_choice, default_choice, prepare_points, read_table
from kmeans_tables.messages import message
from tests.tables.files import CSV, read, sentence


def test_the_first_choice_leaves_out_counters_and_constants() -> None:
    rows = "".join(
        f"{at},7,{at * 1.5},{1000 * at % 7000},{name},{kind},x\n"
        for at, name, kind in zip(range(1, 9), "abcdefgh", "uvuvuvuv", strict=True)
    )
    table = read("id,flag,a,b,name,kind,same\n" + rows)
    assert default_choice(table) == ColumnChoice(("a", "b"), standardize=True, missing="drop", label="kind")
    assert default_choice(read("id,b\n1,5\n2,5\n")) == ColumnChoice(("id", "b"))
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


NO_LONG_COLUMN = message("choice.no_such_column", column=f"“{'b ' * 30}…”", columns="“a” and “b”")


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        (ColumnChoice(("a", "z")), message("choice.no_such_column", column="“z”", columns="“a” and “b”")),
        (ColumnChoice(("a", "c")), message("choice.text", column="“c”", columns="“a” and “b”")),
        (ColumnChoice(("a",)), message("choice.too_few", fewest=2, chosen="one", column="“a”", columns="“a” and “b”")),
        (ColumnChoice(()), message("choice.too_few", fewest=2, chosen="none", column="", columns="“a” and “b”")),
        (ColumnChoice(("a", "a")), message("choice.chosen_twice", column="“a”")),
        (
            ColumnChoice(("a", "b"), label="z"),
            message("choice.no_such_label", column="“z”", labels="“a” and “c”", has_labels=True),
        ),
        (ColumnChoice(("a", "b"), missing="guess"), message("choice.missing", missing="“guess”")),  # type: ignore[arg-type]
        (ColumnChoice(("a", "b\n" * 99)), NO_LONG_COLUMN),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_in_a_sentence(choice: ColumnChoice, problem: str) -> None:
    with pytest.raises(ValueError) as failure:
        prepare_points(read_table("a.csv", CSV), choice)
    assert problem in sentence(failure.value)


def test_a_choice_may_not_have_too_many_columns() -> None:
    names = tuple(f"c{at}" for at in range(MAX_FEATURES + 1))
    table = read(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    assert check_choice(table, ColumnChoice(names[1:])) == ColumnChoice(names[1:])
    problem = message("choice.too_many", most=MAX_FEATURES, count=MAX_FEATURES + 1)
    with pytest.raises(ValueError, match=re.escape(problem)):
        check_choice(table, ColumnChoice(names))
