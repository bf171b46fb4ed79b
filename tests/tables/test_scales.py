"""How much each column counts: its share of the total variance, and what is said of a column that dominates."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kmeans_tables import ColumnChoice, Table, default_choice, prepare_points, read_pasted, scale_note, variance_shares
from kmeans_tables.messages import message
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.links import decode
from ui.settings.points import of_table
from ui.settings.record import POST

IRIS = ("sepal width (cm)", "petal length (cm)")
ALL_OF_PENGUINS = ("bill length (mm)", "bill depth (mm)", "flipper length (mm)", "body mass (g)")


def exact_shares(points: list[list[float]]) -> list[float]:
    """Each column's part of the squared distances, summed over all pairs of rows, as fractions."""
    parts = [
        sum((Fraction(first[at]) - Fraction(second[at])) ** 2 for first, second in combinations(points, 2))
        for at in range(len(points[0]))
    ]
    total = sum(parts)
    return [float(part / total) if total else 0.0 for part in parts]


@given(arrays(np.float64, st.tuples(st.integers(2, 7), st.integers(1, 4)), elements=st.integers(-50, 50).map(float)))
def test_the_shares_are_those_of_the_squared_distances_between_rows(points: np.ndarray) -> None:
    np.testing.assert_allclose(variance_shares(points), exact_shares(points.tolist()), atol=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e139])
def test_the_shares_do_not_depend_on_the_unit(scale: float) -> None:
    points = np.array([[0.0, 0.0], [3.0, 1.0], [6.0, 2.0]])
    np.testing.assert_allclose(variance_shares(points * scale), [0.9, 0.1])


def table_with_deviations(*deviations: float) -> Table:
    values = np.array([-1.0, 1.0, -1.0, 1.0])[:, None] * np.array(deviations)
    rows = ["\t".join(f"{value!r}" for value in row) for row in values.tolist()]
    return read_pasted("\n".join(["\t".join("abcdef"[: len(deviations)]), *rows]))


def note(table: Table, *columns: str, standardize: bool = False) -> str:
    choice = ColumnChoice(columns, standardize=standardize)
    ready = prepare_points(table, choice)
    return scale_note(ready.points * ready.deviations, columns, standardized=standardize)


def test_nothing_is_said_of_a_wide_column_among_others_as_wide() -> None:
    # Twelve times as wide as the narrowest, and yet not half of the variance.
    table = table_with_deviations(12, 1, 11, 11)
    assert note(table, "a", "b", "c", "d") == ""
    assert note(table, "a", "b") == message("clustering.dominated", column="“a”", is_nearly_all=False, share=0.9931)


@pytest.mark.parametrize(("wide", "has_note"), [(2.9, False), (3.1, True)])
def test_it_speaks_from_nine_tenths_of_the_variance_on(wide: float, has_note: bool) -> None:
    assert bool(note(table_with_deviations(1, wide), "a", "b")) == has_note


def test_it_says_what_standardizing_does_and_does_not_promise_that_it_helps() -> None:
    table = built_in("penguins")
    assert note(table, *ALL_OF_PENGUINS) == (
        message("clustering.dominated", column="“body mass (g)”", is_nearly_all=True, share=0.9996)
    )
    assert note(table, *ALL_OF_PENGUINS, standardize=True) == (
        message("clustering.was_dominated", column="“body mass (g)”", is_nearly_all=True, share=0.9996)
    )
    # Here it would not help: “When does it fail?” says by how much.
    column = "“petal length (cm)”"
    assert note(built_in("iris"), *IRIS) == (
        message("clustering.dominated", column=column, is_nearly_all=False, share=0.9425)
    )


def test_constants_and_single_rows_have_no_variance() -> None:
    assert variance_shares(np.array([[0.1, 5.0]] * 3)).tolist() == [0, 0]
    assert note(read_pasted("a\tb\n1\t2\n"), "a", "b") == ""
    assert note(read_pasted("a\tb\n1\t2\n1\t2\n"), "a", "b") == ""
    assert note(read_pasted("a\tb\n1\t2\n1\t3\n"), "a", "b") == "", "the other column is constant, which is said"


@pytest.mark.parametrize(("wide", "standardized"), [(9.9, False), (10.1, True)])
def test_a_table_opens_standardized_from_ten_times_the_deviation_on(wide: float, standardized: bool) -> None:
    assert default_choice(table_with_deviations(wide, 1)).standardize == standardized


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_tables_open_as_they_always_did(name: str) -> None:
    settings, _ = decode({"data": name})
    assert settings.table == POST.with_data(name).table
    assert settings.table is not None
    assert settings.table.choice.standardize == (name == "faithful")
    assert of_table(settings, built_in(name)).prepared is not None
