"""The session's values: typed entries in one module, which alone touches Streamlit's session state."""

from __future__ import annotations

import re
from typing import Any

import pytest
import streamlit as st

from tools.paths import ROOT
from ui.shell import session
from ui.shell.session import Entry, component_value, set_widget, widget_value


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for Streamlit's session state."""
    values: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", values)
    return values


def test_no_other_module_touches_streamlits_session_state() -> None:
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "ui").rglob("*.py")]
    users = {path.name for path in files if re.search(r"\bsession_state\b", path.read_text(encoding="utf-8"))}
    assert users == {"session.py"}


def test_every_entry_has_a_key_of_its_own() -> None:
    keys = [entry.key for entry in vars(session).values() if isinstance(entry, Entry)]
    assert len(keys) > 20
    assert len(keys) == len(set(keys))


def test_an_entry_has_a_default_until_it_is_set_and_after_it_is_popped() -> None:
    entry: Entry[int] = Entry("count", int)
    assert entry.get() == 0
    entry.set(3)
    assert (entry.get(), entry.pop(), entry.get()) == (3, 3, 0)


def test_a_list_is_changed_in_place() -> None:
    entry: Entry[list[int]] = Entry("numbers", list)
    entry.get().append(1)
    assert entry.get() == [1]


def test_a_widget_is_set_whether_or_not_it_was_drawn() -> None:
    set_widget("k", 3)
    set_widget("k", 4)
    assert widget_value("k") == 4


def test_a_component_without_state_says_nothing(state: dict[str, Any]) -> None:
    assert component_value("player", "edit") is None
    state["player"] = {"edit": {"kind": "undo"}}
    assert component_value("player", "edit") == {"kind": "undo"}
