"""A link names a table and its columns, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tables import ColumnChoice, Table, read_table
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import UPLOAD
from ui.settings.links import decode, encode
from ui.settings.record import POST
from ui.settings.table_use import TableUse
from ui.text.messages import message


@pytest.fixture(scope="module", autouse=True)
def built_in_tables() -> None:
    """Read the built-in tables, and pandas with them, before any example is timed."""
    for name in BUILT_IN:
        built_in(name)


def wide(names: list[str]) -> Table:
    """A table of that many columns of numbers."""
    rows = [",".join(f'"{name}"' for name in names)]
    rows += [",".join(str((i * j) % 7 + j / 8) for j in range(len(names))) for i in range(9)]
    return read_table("wide.csv", "\n".join(rows).encode())


@pytest.mark.parametrize("long", [False, True])
def test_a_link_holds_64_columns_whatever_they_are_called(long: bool) -> None:
    names = [f"band {i}, reflectance at {400 + 10 * i} nm, % of white" if long else f"b{i}" for i in range(70)]
    table = wide(names)
    choice = ColumnChoice((*names[2:40], *names[44:70]))
    assert len(choice.columns) == 64
    settings = replace(decode({"data": UPLOAD})[0], table=TableUse(choice, table.digest)).with_table(
        table, table.digest
    )[0]
    link = encode(settings)
    assert len(urlencode(link)) < 700
    if long:
        assert link["columns"] == "*3-40.45-70"
    copy, complaints = decode(dict(parse_qsl(urlencode(link))))
    assert not complaints
    copy, complaints = copy.with_table(table, table.digest)
    assert (copy, complaints) == (settings, [])
    assert copy.table is not None
    assert copy.table.choice.columns == choice.columns


def test_column_numbers_that_the_table_lacks_are_a_complaint() -> None:
    table = wide(["a", "b", "c"])
    settings, complaints = decode({"data": UPLOAD, "columns": "*1-2.99999"})[0].with_table(table, table.digest)
    assert settings.table is not None
    assert settings.table.choice.columns == ("a", "b")
    assert complaints == [message("settings.link_column_missing", number="99999", count=3)]


def test_too_long_names_are_refused_and_not_cut() -> None:
    settings, complaints = decode({"data": "iris", "columns": "a," * 3_001})
    assert settings.table == decode({"data": "iris"})[0].table
    assert len(complaints) == 1
    assert complaints[0].startswith(f"{message('settings.link_names_too_long', count=6_002, most=6_000)}. ")


NAMES = st.sampled_from(["a", "none", "%6Eone", "%256Eone", "*1", "*1-3", ",", "%", "#", "%2C", "50 %25"]) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1
)


@given(st.lists(NAMES, min_size=2, max_size=5, unique=True), NAMES | st.just(""), st.booleans())
def test_a_link_gives_back_columns_and_labels_of_any_name(columns: list[str], label: str, standardize: bool) -> None:
    choice = ColumnChoice(tuple(columns), standardize, "drop", label)
    settings = replace(POST.with_data(UPLOAD), table=TableUse(choice, "0" * 16, (columns[1], columns[0])))
    assert decode(dict(parse_qsl(urlencode(encode(settings))))) == (settings, [])


def test_a_link_names_the_file_and_nothing_of_its_path() -> None:
    for name, file_name in {
        "marks.csv": "marks.csv",
        "C:\\Users\\me\\marks.csv": "marks.csv",
        "../../etc/passwd": "passwd",
        "a\nb\x00c.csv": "a b c.csv",
        "x" * 100 + ".parquet": "x" * 31 + "….parquet",
        "y" * 100: "y" * 39 + "…",
    }.items():
        use = TableUse(ColumnChoice(("a", "b")), "0" * 16, file=name)
        link = encode(replace(POST.with_data(UPLOAD), table=use))
        assert link["file"] == file_name
        settings, complaints = decode(link)
        assert not complaints
        assert settings.table is not None
        assert settings.table.file == file_name
    assert "file" not in encode(decode({"data": "iris", "file": "x.csv"})[0])


COLUMNS = st.lists(
    st.sampled_from(["sepal length", "petal width", "species", "nope", "%", ","]) | st.text(), max_size=4
)


@given(
    st.sampled_from(["table", "iris", "penguins"]),
    st.dictionaries(st.sampled_from(["table", "standardize", "missing", "label"]), st.text() | st.just("species")),
    st.dictionaries(st.sampled_from(["columns", "axes"]), COLUMNS.map(",".join)),
    st.dictionaries(st.sampled_from(["start", "centers", "k"]), st.sampled_from(["given", "c1_2c3_4", "4", ""])),
)
def test_no_link_to_a_table_breaks_the_app(
    data: str, use: dict[str, str], columns: dict[str, str], run: dict[str, str]
) -> None:
    settings, complaints = decode({"data": data} | use | columns | run)
    assert decode(encode(settings)) == (settings, [])
    assert all(complaint.endswith(".") for complaint in complaints)
