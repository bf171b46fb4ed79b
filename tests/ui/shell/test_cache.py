"""The cache: results are shared between visitors, except those of private tables."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from kmeans_tables import ColumnChoice
from server import logs
from server.result_cache import ResultCache
from ui.settings.definitions import UPLOAD
from ui.settings.record import POST, Settings
from ui.settings.table_use import TableUse
from ui.shell import cache
from ui.shell.cache import cached

MOONS = POST.with_data("moons")
PRIVATE = replace(POST.with_data(UPLOAD), table=TableUse(ColumnChoice(("a", "b")), "0" * 16))

Count = Callable[..., int]


@pytest.fixture(autouse=True)
def results(monkeypatch: pytest.MonkeyPatch) -> ResultCache:
    """Return the cache, empty and of a megabyte."""
    empty = ResultCache(2**20)
    monkeypatch.setattr(cache, "RESULTS", empty)
    return empty


@pytest.fixture
def count() -> Count:
    """Return a cached function that returns how often it was computed."""
    calls: list[Settings] = []

    @cached
    def computations(settings: Settings, seed: int = 0) -> int:
        calls.append(settings)
        return len(calls)

    return computations


def new_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Continue in an empty session."""
    monkeypatch.setattr(st, "session_state", {})


def test_visitors_share_results(count: Count, monkeypatch: pytest.MonkeyPatch) -> None:
    new_visitor(monkeypatch)
    assert (count(MOONS), count(MOONS), count(MOONS, seed=1)) == (1, 1, 2)
    new_visitor(monkeypatch)
    assert count(MOONS) == 1


def test_results_of_a_private_table_stay_with_its_owner(count: Count, monkeypatch: pytest.MonkeyPatch) -> None:
    new_visitor(monkeypatch)
    assert (count(PRIVATE), count(PRIVATE), count(PRIVATE, seed=1)) == (1, 1, 2)
    new_visitor(monkeypatch)
    assert count(PRIVATE) == 3


def test_one_private_table_among_several_settings_makes_a_result_private(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    @cached
    def pair(settings: tuple[Settings, ...]) -> int:
        calls.append(len(settings))
        return len(calls)

    for result in (1, 2):
        new_visitor(monkeypatch)
        assert pair((MOONS, PRIVATE)) == result


def test_results_of_a_private_table_are_gone_with_its_owners_session(
    count: Count, results: ResultCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_visitor(monkeypatch)
    count(PRIVATE)
    count(MOONS)
    assert len(results) == 2
    st.session_state.clear()
    gc.collect()
    assert len(results) == 1
    count(MOONS)
    assert len(results) == 1


def test_a_cached_function_says_whether_its_result_is_there(count: Count, monkeypatch: pytest.MonkeyPatch) -> None:
    new_visitor(monkeypatch)
    function: Any = count
    assert not function.is_kept(MOONS)
    count(MOONS)
    assert function.is_kept(MOONS)
    assert not function.is_kept(MOONS, seed=1)


def test_a_computation_is_logged_once_and_without_the_owners_data(
    count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_visitor(monkeypatch)
    lines: list[str] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: lines.append(handler.format(record)))
    monkeypatch.setattr(logs.WORK, "handlers", [])
    monkeypatch.setattr(logs.WORK, "level", logs.WORK.level)
    logs.add_handler(handler)
    count(PRIVATE)
    count(PRIVATE)
    facts: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [(fact["what"], fact["data"], fact["k"]) for fact in facts] == [("computations", "a table", PRIVATE.k)]
    assert "0" * 16 not in lines[0]
