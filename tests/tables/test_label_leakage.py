"""Whether K-means sees the labels that its clusters are compared with, and that the way out is offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from kmeans_tables import ColumnChoice, Table, drop_columns, find_label_leakage, prepare_points, read_pasted
from kmeans_tables.messages import message
from tests.ui.shell.test_app import header
from tests.ui.shell.test_pages import check, open_page
from ui.settings.definitions import UPLOAD
from ui.settings.points import label_column, of_table
from ui.settings.record import POST, Settings
from ui.settings.table_use import TableUse
from ui.text.markup import html_of
from ui.text.messages import message as screen_message

CODE_LEAKS = message("clustering.label_leaks", all=True, columns="“code”", count=1, label="“kind”")

RNG = np.random.default_rng(3)
KINDS = RNG.integers(0, 3, 60)
COLUMNS = {
    "kind": [f"k{kind}" for kind in KINDS],
    "code": (10 * (2 - KINDS)).tolist(),
    "is k1": (KINDS == 1).astype(int).tolist(),
    "group mean": np.array([0.25, 0.5, 0.25])[KINDS].tolist(),
    "customer": RNG.permutation(60).tolist(),
    "size": RNG.normal(KINDS, 0.3).round(3).tolist(),
    "rank": np.argsort(np.argsort(RNG.normal(size=60))).tolist(),
    "coin": RNG.integers(0, 2, 60).tolist(),
    "always": [7] * 60,
}


def table_of(columns: Mapping[str, Sequence[object]] = COLUMNS) -> Table:
    lines = ["\t".join(columns), *("\t".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    return read_pasted("\n".join(lines) + "\n")


def leakage_in(table: Table, label: str, *columns: str) -> tuple[tuple[str, ...], str] | None:
    choice = ColumnChoice(columns, label=label)
    leakage = find_label_leakage(table, choice, prepare_points(table, choice))
    return (leakage.columns, leakage.leak) if leakage else None


@pytest.mark.parametrize(
    ("label", "columns", "expected"),
    [
        ("kind", ("size", "coin"), None),
        ("kind", ("code", "size"), (("code",), "equal")),
        ("kind", ("size", "is k1"), (("is k1",), "coarser")),
        ("kind", ("group mean", "is k1"), (("group mean", "is k1"), "coarser")),
        ("kind", ("code", "is k1", "size"), (("code",), "equal")),
        ("code", ("code", "size"), (("code",), "same")),
        ("kind", ("always", "size"), None),
        ("kind", ("rank", "size"), None),
        ("coin", ("coin", "size"), (("coin",), "same")),
        ("coin", ("size", "rank"), None),
    ],
)
def test_columns_that_hold_the_labels_are_known(
    label: str, columns: tuple[str, ...], expected: tuple[tuple[str, ...], str] | None
) -> None:
    assert leakage_in(table_of(), label, *columns) == expected


def test_against_a_plain_count_of_values_per_label() -> None:
    for _ in range(200):
        n = int(RNG.integers(2, 9))
        labels, column = RNG.integers(0, 3, n), RNG.integers(0, 3, n)
        table = table_of({"label": [f"v{v}" for v in labels], "x": column.tolist(), "y": list(range(n))})
        values = {v: set(column[labels == v].tolist()) for v in set(labels.tolist())}
        constant = all(len(label_values) == 1 for label_values in values.values())
        different = len(set(column.tolist()))
        holds = constant and different > 1 and 2 * len(values) <= n
        leak = "equal" if different == len(values) else "coarser"
        assert leakage_in(table, "label", "x", "y") == ((("x",), leak) if holds else None)


def test_rows_that_name_themselves_are_no_labels_unless_they_are_clustered() -> None:
    columns: dict[str, Sequence[object]] = {
        "customer": [f"c{i}" for i in range(20)],
        "income": list(range(100, 120)),
        "age": list(range(20)),
    }
    assert leakage_in(table_of(columns), "customer", "income", "age") is None
    twice = {"id": list(range(5, 25)), "copy": list(range(5, 25)), "age": list(range(40, 60))}
    table = table_of(twice)
    if "id" in table.label_columns:
        assert leakage_in(table, "id", "copy", "age") == (("copy",), "equal")


def test_gaps_in_the_labels_and_in_the_column_are_left_out_of_account() -> None:
    columns: dict[str, list[object]] = {
        "kind": ["a", "a", "", "b", "b", "b", "a"],
        "code": [1, 1, 9, 2, "", 2, 1],
        "x": [1, 2, 3, 4, 5, 6, 8],
    }
    choice = ColumnChoice(("code", "x"), missing="fill", label="kind")
    table = table_of(columns)
    leakage = find_label_leakage(table, choice, prepare_points(table, choice))
    assert leakage is not None
    assert leakage.columns == ("code",)


def test_the_sentences() -> None:
    table = table_of()
    sentence_of = {}
    for columns in (("code", "size"), ("is k1", "size"), ("is k1", "group mean")):
        choice = ColumnChoice(columns, label="kind")
        leakage = find_label_leakage(table, choice, prepare_points(table, choice))
        assert leakage is not None
        sentence_of[columns] = leakage.sentence
    assert list(sentence_of.values()) == [
        CODE_LEAKS,
        message("clustering.label_leaks", all=False, columns="“is k1”", count=1, label="“kind”"),
        message("clustering.label_leaks", all=False, columns="“is k1” and “group mean”", count=2, label="“kind”"),
    ]
    choice = ColumnChoice(("coin", "size"), label="coin")
    leakage = find_label_leakage(table, choice, prepare_points(table, choice))
    assert leakage is not None
    assert leakage.sentence == message("clustering.label_chosen", label="“coin”")


def test_without_them_other_columns_take_their_place() -> None:
    table = table_of()
    choice = ColumnChoice(("code", "size", "coin"), standardize=True, label="kind")
    remaining = drop_columns(table, choice, ["code"], prepare_points(table, choice))
    assert remaining == ColumnChoice(("size", "coin"), standardize=True, label="kind")
    choice = ColumnChoice(("code", "is k1"), label="kind")
    remaining = drop_columns(table, choice, ["code", "is k1"], prepare_points(table, choice))
    assert remaining is not None
    assert remaining.columns == ("customer", "size"), "neither a constant nor another column that holds the labels"
    small = table_of({"kind": [*"aabb"], "code": [1, 1, 2, 2], "x": [1, 2, 3, 4]})
    choice = ColumnChoice(("code", "x"), label="kind")
    assert drop_columns(small, choice, ["code"], prepare_points(small, choice)) is None


def test_the_notes_of_a_table_say_it_once() -> None:
    table = table_of()
    use = TableUse(ColumnChoice(("code", "size"), label="kind"), table.digest)
    settings = Settings(UPLOAD, (), table=use)
    notes = of_table(settings, table).notes
    assert notes.count(f"{CODE_LEAKS}.") == 1
    plain = Settings(UPLOAD, (), table=TableUse(ColumnChoice(("size", "coin"), label="kind"), table.digest))
    assert of_table(plain, table).leakage is None
    assert POST.table is None


def open_pasted_table(text: str, script: str = "app.py", **link: str) -> AppTest:
    app = open_page(script, data="table", **link)
    app.text_area[0].set_value(text)
    next(button for button in app.button if button.label == screen_message("uploads.use_pasted")).click()
    return check(app.run())


def sees_labels(app: AppTest) -> bool:
    """Return whether a page warns that “code” has the labels."""
    text = html_of(CODE_LEAKS)
    return any(text in str(element.proto.body) for element in app.get("html"))


def label_caption(app: AppTest) -> str:
    """Return the text below the table of clusters and labels."""
    start = screen_message("downloads.labels_place", rows=60)
    (text,) = [caption.value for caption in app.caption if caption.value.startswith(start)]
    return str(text)


def stop_sentence(app: AppTest) -> str:
    """Return why the run on the page stopped."""
    return str(header(app)["ending"]["sentence"])


TEXT = "\n".join(["\t".join(COLUMNS), *("\t".join(map(str, row)) for row in zip(*COLUMNS.values(), strict=True))])


@pytest.mark.parametrize("script", ["app.py", "pages/sweep.py"])
def test_the_page_warns_and_one_click_leaves_the_column_out(script: str) -> None:
    app = open_pasted_table(TEXT, script, columns="code,size,coin", label="kind", k="3")
    assert sees_labels(app)
    if script == "app.py":
        assert not any(screen_message("downloads.labels_unseen") in caption.value for caption in app.caption)
    button = app.button(key="labels.leave_out")
    assert button.label == screen_message("shell.exclude_labels", columns="“code”")
    button.click()
    app = check(app.run())
    assert app.query_params["columns"] in ("size,coin", ["size,coin"])
    assert not sees_labels(app)
    assert not [button for button in app.button if button.key == "labels.leave_out"]
    if script == "app.py":
        assert any(screen_message("downloads.labels_unseen") in caption.value for caption in app.caption)


def test_a_lesson_that_locks_the_data_offers_no_way_out() -> None:
    app = open_pasted_table(TEXT, columns="code,size,coin", label="kind", k="3", lock="data")
    assert sees_labels(app)
    assert not [button for button in app.button if button.key == "labels.leave_out"]


def test_the_column_of_labels_is_named_on_one_line() -> None:
    assert label_column(POST) == ""
    use = TableUse(ColumnChoice(("x", "y"), label="a\nb"))
    assert label_column(Settings(UPLOAD, (), table=use)) == "“a b”"


def test_a_run_that_was_cut_is_not_compared_as_if_it_had_ended() -> None:
    app = open_pasted_table(TEXT, columns="size,rank,customer", label="kind", k="6", iterations="1")
    assert stop_sentence(app) in label_caption(app)
    app = open_pasted_table(TEXT, columns="size,rank,customer", label="kind", k="6")
    assert stop_sentence(app) not in label_caption(app)
