"""The session's tables: how many are kept, and which one is missing."""

from __future__ import annotations

import re
from typing import Any

import pytest
import streamlit as st

from server import table_shelf
from tests.ui.settings.test_new_table import settings_of, table
from ui.settings.definitions import UPLOAD
from ui.settings.links import decode, encode
from ui.shell.tables import is_table_missing, store_table, table_of
from ui.shell.uploads import missing_table_message
from ui.text.messages import message


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the session."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_session_keeps_the_latest_tables_and_names_dropped_ones() -> None:
    first, second, *rest = (table(f"t{i}.csv", "a", "b", first=10 + i) for i in range(13))
    first_settings, second_settings = (settings_of(session_table, "a", "b") for session_table in (first, second))
    for session_table in [first, second, *rest[:2]]:
        store_table(session_table)
    assert table_of(first_settings) is first, "a fourth table is no reason to drop the first"
    for session_table in rest[2:]:
        store_table(session_table)
    assert table_of(first_settings) is first, "a page that computes with a table still finds it"
    del first, second
    assert is_table_missing(first_settings)
    assert missing_table_message(first_settings) == message("uploads.dropped", table="“t0.csv”")
    assert not any(is_table_missing(settings_of(session_table, "a", "b")) for session_table in rest)
    store_table(table("t0.csv", "a", "b", first=10))
    assert not is_table_missing(first_settings)
    assert is_table_missing(second_settings)


def test_large_tables_are_dropped_sooner_except_the_latest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [table(f"t{i}.csv", "a", "b", first=10 + i) for i in range(4)]
    monkeypatch.setattr(table_shelf, "MAX_BYTES", 2 * tables[0].byte_count + 10)
    settings = [settings_of(session_table, "a", "b") for session_table in tables]
    while tables:
        store_table(tables.pop(0))
    assert [is_table_missing(use) for use in settings] == [True, True, False, False]
    large = table("large.csv", *"abcdefgh")
    store_table(large)
    assert not is_table_missing(settings_of(large, "a", "b"))


def test_a_link_in_another_tab_names_the_file() -> None:
    link = encode(settings_of(table("marks 2024.csv", "a", "b"), "a", "b"))
    assert link["file"] == "marks 2024.csv"
    settings, complaints = decode(link)
    assert not complaints
    assert is_table_missing(settings)
    assert missing_table_message(settings) == message("uploads.missing", is_named=True, table="“marks 2024.csv”")


@pytest.mark.parametrize("name", ["![x](http://evil.example/x.png)", "<img src=x>", "`a`", "**b**", "$x$", ":red[x]"])
def test_a_file_name_in_a_link_is_plain_text(name: str) -> None:
    settings, _ = decode({"data": UPLOAD, "table": "0" * 16, "file": name})
    text = missing_table_message(settings)
    assert not re.search(r"(?<!\\)[\[\]<>`*$]", text)
