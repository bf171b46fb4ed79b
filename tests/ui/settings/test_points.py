"""Tables as settings: what a link says of them, how they are drawn, and that nobody else gets to see them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import run
from kmeans_tables import ColumnChoice, read_pasted, read_table
from tests.messages import read_packed
from ui.player.protocol import pack_run
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import UPLOAD
from ui.settings.edits import Add, Erase, Move, edited_points
from ui.settings.links import decode, encode
from ui.settings.points import generated, of_table
from ui.settings.record import OPENING, Settings
from ui.settings.rows import point_name, rows_of
from ui.settings.table_use import TableUse

IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


def of_link(**link: str) -> Settings:
    found, complaints = decode(link)
    assert not complaints
    return found


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_table_that_comes_with_the_app_opens_with_its_own_columns_and_k(name: str) -> None:
    chosen = OPENING.with_data(name)
    assert chosen.table is not None
    assert chosen.table.choice.columns == BUILT_IN[name].columns
    assert chosen.k == BUILT_IN[name].groups
    assert decode(encode(chosen)) == (chosen, [])
    assert of_table(chosen, built_in(name)).points.shape[1] == 2
    assert chosen.with_data("post").table is None


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=6, unique=True), st.booleans())
@settings(max_examples=60)
def test_any_names_of_columns_survive_the_link(names: list[str], standardize: bool) -> None:
    link = {"data": UPLOAD, "table": "0123456789abcdef", "k": "2"}
    chosen = of_link(**link)
    assert chosen.table is not None
    text = encode(chosen) | {
        "columns": ",".join(name.replace("%", "%25").replace(",", "%2C") for name in names),
        "standardize": "yes" if standardize else "no",
    }
    again = of_link(**text)
    assert again.table is not None
    assert again.table.choice.columns == tuple(names)
    assert again.table.choice.standardize == standardize
    assert decode(encode(again))[0] == again


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"columns": "bill length (mm),age"}, "There is no column “age”"),
        ({"columns": "species,bill length (mm)"}, "“species” holds text, not numbers"),
        ({"columns": "bill length (mm)"}, "Choose at least two columns"),
        ({"label": "nobody"}, "There is no column of labels “nobody”"),
        ({"standardize": "perhaps"}, "Standardize must be one of yes, no, not “perhaps”"),
        ({"missing": "invent"}, "Rows with a missing value must be one of drop, fill"),
    ],
)
def test_a_link_that_does_not_fit_the_table_is_a_sentence_and_a_working_choice(link: dict[str, str], said: str) -> None:
    found, complaints = decode({"data": "penguins", **link})
    assert len(complaints) == 1
    assert said in complaints[0]
    assert len(of_table(found, built_in("penguins")).points) > 300


def test_a_start_by_hand_is_for_two_columns() -> None:
    found, complaints = decode({"data": "iris", "columns": ",".join(IRIS), "init": "given", "edits": "a1_2"})
    assert found.init == "random"
    assert not found.edits
    assert "two columns, not in 4" in complaints[0]


def test_two_columns_are_drawn_as_they_are_and_named() -> None:
    data = of_table(of_link(data="iris"), built_in("iris"))
    assert data.projection is None
    assert data.axes == ("petal length (cm)", "petal width (cm)")
    assert data.places(data.points) is data.points


def test_the_principal_components_are_those_of_scikit_learn() -> None:
    from sklearn.decomposition import PCA  # noqa: PLC0415 - slow to import

    data = of_table(of_link(data="iris", columns=",".join(IRIS)), built_in("iris"))
    theirs = PCA(2).fit(data.points)
    ours = data.places(data.points)
    for side, there in enumerate(theirs.transform(data.points).T):
        sign = np.sign(ours[:, side] @ there)
        np.testing.assert_allclose(ours[:, side], sign * there, atol=1e-9)
    assert data.projection is not None
    assert f"{100 * theirs.explained_variance_ratio_.sum():.3g}% of the variance" in data.projection.words


def test_two_of_four_columns_can_be_drawn_and_the_page_says_so() -> None:
    chosen = of_link(data="iris", columns=",".join(IRIS), axes="petal width (cm),sepal width (cm)")
    data = of_table(chosen, built_in("iris"))
    np.testing.assert_array_equal(data.places(data.points), data.points[:, [3, 1]])
    assert data.axes == ("petal width (cm)", "sepal width (cm)")
    assert data.projection is not None
    assert "4 columns; the picture shows two of them" in data.projection.words


@pytest.mark.parametrize("columns", [["a", "b"], ["a", "b", "c"]])
def test_columns_that_do_not_vary_can_be_drawn(columns: list[str]) -> None:
    table = read_pasted("a\tb\tc\n" + "1\t2\t3\n" * 5)
    chosen, _ = of_link(data=UPLOAD, columns=",".join(columns)).with_table(table)
    data = of_table(chosen, table)
    assert np.isfinite(data.places(data.points)).all()
    assert "the same value in every row" in " ".join(data.notes)


def test_what_became_of_the_rows_is_said() -> None:
    chosen = of_link(data="penguins", columns="bill length (mm),body mass (g)", standardize="no")
    notes = " ".join(of_table(chosen, built_in("penguins")).notes)
    assert "342 rows in 2 columns" in notes
    assert "2 of 344 rows have no number in a chosen column and are left out" in notes
    assert "“body mass (g)” has more than 99.9% of the total variance" in notes
    filled = of_link(data="penguins", missing="fill", columns="bill length (mm),body mass (g)", standardize="yes")
    notes = " ".join(of_table(filled, built_in("penguins")).notes)
    assert "344 rows in 2 columns, each standardized" in notes
    assert "filled with the column's median" in notes
    assert "before, “body mass (g)” had more than 99.9% of the total" in notes


def test_a_table_is_kept_no_longer_than_somebody_has_it() -> None:
    import gc  # noqa: PLC0415
    import weakref  # noqa: PLC0415

    table = read_table("mine.csv", b"x,y\n1,2\n3,4\n5,7\n")
    chosen, _ = of_link(data=UPLOAD).with_table(table)
    of_table(chosen, table)
    reference = weakref.ref(table)
    del table
    gc.collect()
    assert reference() is None


def test_a_run_in_four_columns_is_packed_with_all_of_their_centers() -> None:
    chosen = of_link(data="iris", columns=",".join(IRIS), k="3")
    data = of_table(chosen, built_in("iris"))
    trace = run(data.points, chosen.run_config(data.points))
    packed = pack_run(data.points, trace, **data.look)
    for said in (b'"features":4', b'"coordinates":', b'"centerCoordinates":', b"principal component 1 (92%)"):
        assert said in packed
    assert len(packed) < 60_000


def test_points_are_named_by_the_row_of_the_table_even_where_rows_were_left_out_or_changed_by_hand() -> None:
    text = "name\tx\ty\n" + "".join(f"r{i}\t{'' if i in (1, 4) else i}\t{i * i}\n" for i in range(1, 8))
    table = read_pasted(text)
    chosen = Settings(UPLOAD, (), table=TableUse(ColumnChoice(("x", "y")), table.digest))
    data = of_table(chosen, table)
    edits = (Erase(1), Add((9.0, 9.0)), Add((8.0, 8.0)), Erase(5), Move(2, 0, (1.0, 1.0)))
    for edited in ((), edits):
        points, rows = edited_points(data.points, edited), rows_of(data, edited)
        assert rows is not None
        names = [point_name(rows, index) for index in range(len(points))]
        # In this table row i holds x = i, which tells every point where it is from.
        expected = [f"row {x:.0f}" if x * x == y else f"drawn point { ({9: 8, 8: 9}[int(x)]) }" for x, y in points]
        assert names == expected
    assert names == ["row 2", "row 5", "row 6", "row 7", "drawn point 9"]
    assert point_name(None, 4) == "point 5"
    assert rows_of(generated(OPENING), ()) is None


def test_row_numbers_are_sent_only_where_they_say_something() -> None:
    def header(missing: str) -> dict[str, Any]:
        chosen = of_link(data="penguins", missing=missing)
        data = of_table(chosen, built_in("penguins"))
        trace = run(data.points, chosen.run_config(data.points))
        return read_packed(pack_run(data.points, trace, **data.look, rows=rows_of(data, ())))

    frame = built_in("penguins").frame
    there = frame[["bill length (mm)", "flipper length (mm)"]].notna().all(axis=1)
    assert header("drop")["rowNumbers"].tolist() == [at + 1 for at, is_there in enumerate(there) if is_there]
    assert header("drop")["rows"] == header("fill")["rows"] == 344
    assert "rowNumbers" not in header("fill")


@pytest.mark.parametrize(
    ("small", "words", "name"), [(1e-3, "more than 99.9% of", "(more than 99%)"), (0.0, "100% of", "(100%)")]
)
def test_what_components_leave_out_is_not_rounded_away(small: float, words: str, name: str) -> None:
    rng = np.random.default_rng(0)
    values = np.outer(rng.normal(size=40), [1.0, 2.0, 0.5]) + small * rng.normal(size=(40, 3))
    rows = ["\t".join(map(repr, row)) for row in values.tolist()]
    table = read_pasted("\n".join(["a\tb\tc", *rows]))
    data = of_table(Settings(UPLOAD, (), table=TableUse(ColumnChoice(("a", "b", "c")), table.digest)), table)
    assert data.projection is not None
    assert data.axes is not None
    variances = np.linalg.eigvalsh(np.cov(values.T))
    assert (100 * variances[1:].sum() / variances.sum() < 100 - 1e-9) == (small > 0)
    assert words in data.projection.words
    assert name in data.axes[0]
