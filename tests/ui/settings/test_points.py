"""Tables as settings: what a link says of them, how they are drawn, and that nobody else gets to see them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import run
from kmeans_tables import ColumnChoice, read_pasted, read_table
from kmeans_tables.messages import message as table_message
from tests.messages import read_packed
from ui.player.protocol import pack_run
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import UPLOAD
from ui.settings.edits import Add, Erase, Move, edited_points
from ui.settings.links import decode, encode
from ui.settings.parsers import not_an_option
from ui.settings.points import generate_data, of_table
from ui.settings.record import POST, Settings
from ui.settings.rows import point_facts, rows_of
from ui.settings.table_use import TableUse
from ui.text.messages import message

IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


MEASURES = "“bill length (mm)”, “bill depth (mm)”, “flipper length (mm)”, and “body mass (g)”"
LABELS = "“species”, “island”, and “sex”"


def of_link(**link: str) -> Settings:
    settings, complaints = decode(link)
    assert not complaints
    return settings


@pytest.mark.parametrize(("factor", "unit"), [("10", "dm"), ("100", "cm"), ("1000", "mm"), ("70", "")])
def test_axes_have_units_where_these_differ_by_the_factor(factor: str, unit: str) -> None:
    axes = generate_data(of_link(data="unscaled", unit_factor=factor)).axes
    titles = (message("settings.width_axis", unit=unit), message("settings.height_axis"))
    assert axes == (titles if unit else None)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_table_that_comes_with_the_app_opens_with_its_own_columns_and_k(name: str) -> None:
    settings = POST.with_data(name)
    assert settings.table is not None
    assert settings.table.choice.columns == BUILT_IN[name].columns
    assert settings.k == BUILT_IN[name].groups
    assert decode(encode(settings)) == (settings, [])
    assert of_table(settings, built_in(name)).points.shape[1] == 2
    assert settings.with_data("post").table is None


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=6, unique=True), st.booleans())
@settings(max_examples=60)
def test_any_names_of_columns_survive_the_link(names: list[str], standardize: bool) -> None:
    link = {"data": UPLOAD, "table": "0123456789abcdef", "k": "2"}
    use = of_link(**link)
    assert use.table is not None
    text = encode(use) | {
        "columns": ",".join(name.replace("%", "%25").replace(",", "%2C") for name in names),
        "standardize": "yes" if standardize else "no",
    }
    copy = of_link(**text)
    assert copy.table is not None
    assert copy.table.choice.columns == tuple(names)
    assert copy.table.choice.standardize == standardize
    assert decode(encode(copy))[0] == copy


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ({"columns": "bill length (mm),age"}, table_message("choice.no_such_column", column="“age”", columns=MEASURES)),
        ({"columns": "species,bill length (mm)"}, table_message("choice.text", column="“species”", columns=MEASURES)),
        (
            {"columns": "bill length (mm)"},
            table_message("choice.too_few", fewest=2, chosen="one", column="“bill length (mm)”", columns=MEASURES),
        ),
        (
            {"label": "nobody"},
            table_message("choice.no_such_label", column="“nobody”", has_labels=True, labels=LABELS),
        ),
        (
            {"standardize": "perhaps"},
            not_an_option(message("settings.standardize_title"), ["yes", "no"], "perhaps"),
        ),
        ({"missing": "invent"}, not_an_option(message("settings.missing_title"), ["drop", "fill"], "invent")),
    ],
)
def test_a_link_that_does_not_fit_the_table_is_a_sentence_and_a_working_choice(
    link: dict[str, str], problem: str
) -> None:
    settings, complaints = decode({"data": "penguins", **link})
    assert len(complaints) == 1
    assert problem in complaints[0]
    assert len(of_table(settings, built_in("penguins")).points) > 300


def test_a_start_by_hand_is_for_two_columns() -> None:
    settings, complaints = decode({"data": "iris", "columns": ",".join(IRIS), "init": "given", "edits": "a1_2"})
    assert settings.init == "random"
    assert not settings.edits
    assert complaints == [message("settings.placed_centers_dropped", features=4)]


def test_two_columns_are_drawn_as_they_are_and_named() -> None:
    data = of_table(of_link(data="iris"), built_in("iris"))
    assert data.projection is None
    assert data.axes == ("petal length (cm)", "petal width (cm)")
    assert data.places(data.points) is data.points


def test_the_principal_components_are_those_of_scikit_learn() -> None:
    from sklearn.decomposition import PCA  # noqa: PLC0415 - slow to import

    data = of_table(of_link(data="iris", columns=",".join(IRIS)), built_in("iris"))
    pca = PCA(2).fit(data.points)
    places = data.places(data.points)
    for side, scores in enumerate(pca.transform(data.points).T):
        sign = np.sign(places[:, side] @ scores)
        np.testing.assert_allclose(places[:, side], sign * scores, atol=1e-9)
    assert data.projection is not None
    share = f"{100 * pca.explained_variance_ratio_.sum():.3g}%"
    assert data.projection.words == message("settings.projection_components", columns=4, share=share, almost=False)


def test_two_of_four_columns_can_be_drawn_and_the_page_says_so() -> None:
    settings = of_link(data="iris", columns=",".join(IRIS), axes="petal width (cm),sepal width (cm)")
    data = of_table(settings, built_in("iris"))
    np.testing.assert_array_equal(data.places(data.points), data.points[:, [3, 1]])
    assert data.axes == ("petal width (cm)", "sepal width (cm)")
    assert data.projection is not None
    assert data.projection.words == message("settings.projection_columns", columns=4)


@pytest.mark.parametrize("columns", [["a", "b"], ["a", "b", "c"]])
def test_columns_that_do_not_vary_can_be_drawn(columns: list[str]) -> None:
    table = read_pasted("a\tb\tc\n" + "1\t2\t3\n" * 5)
    settings, _ = of_link(data=UPLOAD, columns=",".join(columns)).with_table(table)
    data = of_table(settings, table)
    assert np.isfinite(data.places(data.points)).all()
    notes = [table_message("choice.constant", column=f"“{column}”") for column in columns]
    assert {f"{note}." for note in notes} <= set(data.notes)


def test_what_became_of_the_rows_is_said() -> None:
    settings = of_link(data="penguins", columns="bill length (mm),body mass (g)", standardize="no")
    title, mass = BUILT_IN["penguins"].title, "“body mass (g)”"
    marker = table_message("reading.marker", text="“NA”", count=4)
    absences = table_message("reading.markers", markers=marker, count=4, columns=f"“bill length (mm)” and {mass}")
    assert of_table(settings, built_in("penguins")).notes == sentences(
        table_message("clustering.rows", table=title, rows=342, columns=2, is_standardized=False),
        table_message("choice.rows_dropped", count=2, rows=344),
        table_message("clustering.dominated", column=mass, is_nearly_all=True, share=0.0),
        absences,
    )
    filled = of_link(data="penguins", missing="fill", columns="bill length (mm),body mass (g)", standardize="yes")
    assert of_table(filled, built_in("penguins")).notes == sentences(
        table_message("clustering.rows", table=title, rows=344, columns=2, is_standardized=True),
        table_message("choice.rows_filled", count=2, rows=344),
        table_message("clustering.was_dominated", column=mass, is_nearly_all=True, share=0.0),
        absences,
    )


def sentences(*notes: str) -> tuple[str, ...]:
    return tuple(f"{note}." for note in notes)


def test_a_table_is_kept_no_longer_than_somebody_has_it() -> None:
    import gc  # noqa: PLC0415
    import weakref  # noqa: PLC0415

    table = read_table("mine.csv", b"x,y\n1,2\n3,4\n5,7\n")
    settings, _ = of_link(data=UPLOAD).with_table(table)
    of_table(settings, table)
    reference = weakref.ref(table)
    del table
    gc.collect()
    assert reference() is None


def test_a_run_in_four_columns_is_packed_with_all_of_their_centers() -> None:
    settings = of_link(data="iris", columns=",".join(IRIS), k="3")
    data = of_table(settings, built_in("iris"))
    trace = run(data.points, settings.run_config(data.points))
    packed = pack_run(data.points, trace, **data.look)
    axis = message("settings.component_axis", number=1, share="92%", almost=False).encode()
    for part in (b'"features":4', b'"coordinates":', b'"centerCoordinates":', axis):
        assert part in packed
    assert len(packed) < 60_000


def test_points_are_named_by_the_row_of_the_table_even_where_rows_were_left_out_or_changed_by_hand() -> None:
    text = "name\tx\ty\n" + "".join(f"r{i}\t{'' if i in (1, 4) else i}\t{i * i}\n" for i in range(1, 8))
    table = read_pasted(text)
    settings = Settings(UPLOAD, (), table=TableUse(ColumnChoice(("x", "y")), table.digest))
    data = of_table(settings, table)
    edits = (Erase(1), Add((9.0, 9.0)), Add((8.0, 8.0)), Erase(5), Move(2, 0, (1.0, 1.0)))
    for applied_edits in ((), edits):
        points, rows = edited_points(data.points, applied_edits), rows_of(data, applied_edits)
        assert rows is not None
        names = [point_facts(rows, index) for index in range(len(points))]
        # In this table row i holds x = i, which tells every point where it is from.
        expected = [("row", int(x)) if x * x == y else ("drawn", {9: 8, 8: 9}[int(x)]) for x, y in points]
        assert names == [{"kind": kind, "number": number} for kind, number in expected]
    assert expected == [("row", 2), ("row", 5), ("row", 6), ("row", 7), ("drawn", 9)]
    assert point_facts(None, 4) == {"kind": "point", "number": 5}
    assert rows_of(generate_data(POST), ()) is None


def test_row_numbers_are_sent_only_where_they_say_something() -> None:
    def header(missing: str) -> dict[str, Any]:
        settings = of_link(data="penguins", missing=missing)
        data = of_table(settings, built_in("penguins"))
        trace = run(data.points, settings.run_config(data.points))
        return read_packed(pack_run(data.points, trace, **data.look, rows=rows_of(data, ())))

    frame = built_in("penguins").frame
    is_complete = frame[["bill length (mm)", "flipper length (mm)"]].notna().all(axis=1)
    assert header("drop")["rowNumbers"].tolist() == (np.flatnonzero(is_complete) + 1).tolist()
    assert header("drop")["rows"] == header("fill")["rows"] == 344
    assert "rowNumbers" not in header("fill")


@pytest.mark.parametrize(
    ("small", "share", "axis_share"),
    [
        (1e-3, "99.9%", "99%"),
        (0.0, "100%", "100%"),
    ],
)
def test_what_components_leave_out_is_not_rounded_away(small: float, share: str, axis_share: str) -> None:
    rng = np.random.default_rng(0)
    values = np.outer(rng.normal(size=40), [1.0, 2.0, 0.5]) + small * rng.normal(size=(40, 3))
    rows = ["\t".join(map(repr, row)) for row in values.tolist()]
    table = read_pasted("\n".join(["a\tb\tc", *rows]))
    data = of_table(Settings(UPLOAD, (), table=TableUse(ColumnChoice(("a", "b", "c")), table.digest)), table)
    assert data.projection is not None
    assert data.axes is not None
    variances = np.linalg.eigvalsh(np.cov(values.T))
    assert (100 * variances[1:].sum() / variances.sum() < 100 - 1e-9) == (small > 0)
    almost = small > 0
    assert data.projection.words == message("settings.projection_components", columns=3, share=share, almost=almost)
    assert data.axes[0] == message("settings.component_axis", number=1, share=axis_share, almost=almost)
