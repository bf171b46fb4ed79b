"""Widgets are taken at their word only if they could have said it; the pages are held to it in ``tests/attack``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from server.widget_guard import doubt_browsers

KEY = "$$ID-0-k"


@pytest.fixture(autouse=True)
def doubting(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    for name in ("__getitem__", "set_widget_from_proto"):
        monkeypatch.setattr(WStates, name, getattr(WStates, name))  # is put back at the end
    logger = logging.getLogger("streamlit.runtime.backend_operation_handler")
    monkeypatch.setattr(logger, "filters", [])
    doubt_browsers()
    yield logger


def said(kind: Any, reader: Callable[[Any], Any], **value: Any) -> Any:
    """Return what a session reads of a widget of that kind after it was sent a value."""
    states = WStates()
    states.set_widget_metadata(WidgetMetadata(KEY, reader, lambda one: one, kind))
    states.set_widget_from_proto(WidgetState(id=KEY, **value))
    return states[KEY]


def number(value: int | None) -> int:
    return 7 if value is None else 10 // value


def test_what_can_be_read_is_read() -> None:
    assert said("int_value", number, int_value=5) == 2
    assert said("int_value", number) == 7
    assert said("json_value", lambda one: one, json_value='{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("value", [{"int_value": 0}, {"string_value": "5"}, {"double_value": 5.0}, {"json_value": "5"}])
def test_what_cannot_be_is_as_if_it_had_not_been_said(value: dict[str, Any]) -> None:
    assert said("int_value", number, **value) == 7


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "null", "[" * 5000, "1" * 5000, '{"link":"\\ud800"}'])
def test_a_components_state_has_names(text: str) -> None:
    assert said("json_value", lambda one: {} if one is None else one, json_value=text) == {}


@pytest.mark.parametrize("key", ["", "k", "settings"])
def test_nothing_is_kept_under_a_name_that_no_widget_has(key: str) -> None:
    states = WStates()
    states.set_widget_from_proto(WidgetState(id=key, int_value=1))
    assert not states.states


def test_the_log_holds_what_an_operator_can_mend(doubting: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    doubting.propagate = True
    doubting.addHandler(caplog.handler)
    try:
        nobodys = MediaFileStorageError("Deferred file x not found")
        broken = MediaFileStorageError("Callable execution failed")
        broken.__cause__ = ValueError("why")
        for error in (nobodys, broken, ValueError("other")):
            doubting.error("Error", exc_info=error)
    finally:
        doubting.removeHandler(caplog.handler)
    assert nobodys not in [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert broken in [record.exc_info[1] for record in caplog.records if record.exc_info]
