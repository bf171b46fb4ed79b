"""Uploads of a session: how many are kept, which one is missing, and what a new version of a file keeps."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from kmeans_tables import Choice, Table, read_table
from ui.settings.definitions import UPLOAD
from ui.settings.edits import Add
from ui.settings.links import decode, encode
from ui.settings.new_table import with_new_table
from ui.settings.record import DEFAULT, Settings
from ui.settings.table_use import TableUse
from ui.shell import tables as session_tables
from ui.shell.tables import is_table_missing, store_table, table_of
from ui.shell.uploads import missing_table_message
from ui.text.messages import message


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the session."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def table(name: str, *columns: str, first: int = 0) -> Table:
    rows = [",".join(str(100 * first + i * (j + 2) % 11) for j in range(len(columns))) for i in range(6)]
    return read_table(name, "\n".join([",".join(columns), *rows]).encode())


def settings_of(one: Table, *columns: str, **others: Any) -> Settings:
    use = TableUse(Choice(columns), one.digest)
    return replace(DEFAULT.with_data(UPLOAD), table=use, **others).with_table(one, one.digest)[0]


def test_a_session_keeps_the_latest_tables_and_names_dropped_ones() -> None:
    tables = [table(f"t{i}.csv", "a", "b", first=i) for i in range(13)]
    for one in tables[:4]:
        store_table(one)
    assert table_of(settings_of(tables[0], "a", "b")) is tables[0], "a fourth table is no reason to drop the first"
    for one in tables[4:]:
        store_table(one)
    lost = settings_of(tables[0], "a", "b")
    assert is_table_missing(lost)
    assert missing_table_message(lost) == message("uploads.dropped", table="“t0.csv”")
    assert not any(is_table_missing(settings_of(one, "a", "b")) for one in tables[1:])
    store_table(tables[0])
    assert not is_table_missing(lost)
    assert is_table_missing(settings_of(tables[1], "a", "b"))


def test_large_tables_are_dropped_sooner_except_the_latest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_tables, "_MAX_CELLS", 30)
    tables = [table(f"t{i}.csv", "a", "b", first=i) for i in range(4)]
    for one in tables:
        store_table(one)
    assert [is_table_missing(settings_of(one, "a", "b")) for one in tables] == [True, True, False, False]
    large = table("large.csv", *"abcdefgh")
    store_table(large)
    assert not is_table_missing(settings_of(large, "a", "b"))


def test_a_link_in_another_tab_names_the_file() -> None:
    link = encode(settings_of(table("marks 2024.csv", "a", "b"), "a", "b"))
    assert link["file"] == "marks 2024.csv"
    asked, complaints = decode(link)
    assert not complaints
    assert is_table_missing(asked)
    assert missing_table_message(asked) == message("uploads.missing", is_named=True, table="“marks 2024.csv”")


@pytest.mark.parametrize("name", ["![x](http://evil.example/x.png)", "<img src=x>", "`a`", "**b**", "$x$", ":red[x]"])
def test_a_file_name_in_a_link_is_plain_text(name: str) -> None:
    asked, _ = decode({"data": UPLOAD, "table": "0" * 16, "file": name})
    told = missing_table_message(asked)
    assert not re.search(r"(?<!\\)[\[\]<>`*$]", told)


def test_a_new_version_of_a_file_keeps_the_choice() -> None:
    old, new = table("m.csv", "a", "b", "c", "d"), table("m.csv", "a", "b", "c", "d", "e", first=1)
    store_table(old)
    before = settings_of(old, "d", "b", k=3, rule="medoid", edits=(Add((1.0, 2.0)),))
    after, complaints = with_new_table(before, new, is_missing=False)
    assert not complaints
    assert after.table is not None
    assert (after.table.choice.columns, after.table.digest) == (("d", "b"), new.digest)
    assert (after.k, after.rule, after.edits) == (3, "medoid", ())


def test_a_new_version_without_a_chosen_column_keeps_the_other_choices() -> None:
    old, new = table("m.csv", "a", "b", "c", "d"), table("m.csv", "a", "c", "d", first=1)
    store_table(old)
    after, complaints = with_new_table(settings_of(old, "d", "b", "c"), new, is_missing=False)
    assert after.table is not None
    assert after.table.choice.columns == ("d", "c")
    assert len(complaints) == 1
    assert "There is no column “b”" in complaints[0]
    assert complaints[0].endswith("The rest of the choice is kept.")


def test_another_table_opens_with_its_own_columns() -> None:
    old, new = table("m.csv", "a", "b"), table("n.csv", "x", "y", "b")
    store_table(old)
    after, complaints = with_new_table(settings_of(old, "a", "b"), new, is_missing=False)
    assert after.table is not None
    assert (set(after.table.choice.columns) <= {"x", "y", "b"}, complaints) == (True, [])


def test_another_file_than_the_link_means_is_a_notice() -> None:
    asked, _ = decode({"data": UPLOAD, "table": "0" * 16, "columns": "a,b", "edits": "a1_2"})
    _, complaints = with_new_table(asked, table("m.csv", "a", "b"), is_missing=True)
    assert complaints == [
        message("uploads.other_table", is_alike=True),
        message("uploads.edits_lost"),
    ]
    _, complaints = with_new_table(asked, table("m.csv", "x", "y"), is_missing=True)
    assert complaints[0] == message("uploads.other_table", is_alike=False)
