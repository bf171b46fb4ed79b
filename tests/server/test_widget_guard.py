"""The widget guard: values that pages could not have sent are ignored; ``tests/attack`` tries it on every page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from server.patches import check_widget_values

KEY = "$$ID-0-k"


@pytest.fixture(autouse=True)
def logger(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """Patch Streamlit for one test; return its logger of downloads."""
    for name in ("__getitem__", "set_widget_from_proto"):
        monkeypatch.setattr(WStates, name, getattr(WStates, name))  # restored at the end
    logger = logging.getLogger("streamlit.runtime.backend_operation_handler")
    monkeypatch.setattr(logger, "filters", [])
    check_widget_values()
    yield logger


def value_of(kind: Any, deserializer: Callable[[Any], Any], **values: Any) -> Any:
    """Return what a session reads from a widget of a kind after a browser sent a value."""
    states = WStates()
    states.set_widget_metadata(WidgetMetadata(KEY, deserializer, lambda value: value, kind))
    states.set_widget_from_proto(WidgetState(id=KEY, **values))
    return states[KEY]


def number(value: int | None) -> int:
    """Deserialize an integer widget whose default is 7."""
    return 7 if value is None else 10 // value


def test_valid_values_are_read() -> None:
    assert value_of("int_value", number, int_value=5) == 2
    assert value_of("int_value", number) == 7
    assert value_of("json_value", lambda value: value, json_value='{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "values", [{"int_value": 0}, {"string_value": "5"}, {"double_value": 5.0}, {"json_value": "5"}]
)
def test_invalid_values_are_replaced_by_the_default(values: dict[str, Any]) -> None:
    assert value_of("int_value", number, **values) == 7


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "null", "[" * 5000, "1" * 5000, '{"link":"\\ud800"}'])
def test_the_state_of_a_component_has_names(text: str) -> None:
    assert value_of("json_value", lambda value: {} if value is None else value, json_value=text) == {}


@pytest.mark.parametrize("key", ["", "k", "settings"])
def test_values_under_other_names_than_widget_ids_are_dropped(key: str) -> None:
    states = WStates()
    states.set_widget_from_proto(WidgetState(id=key, int_value=1))
    assert not states.states


def test_the_log_keeps_errors_that_an_operator_can_fix(
    logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    logger.propagate = True
    logger.addHandler(caplog.handler)
    never_offered, failed = MediaFileStorageError("Deferred file x not found"), MediaFileStorageError("Callable failed")
    failed.__cause__ = ValueError("why")
    try:
        for error in (never_offered, failed, ValueError("other")):
            logger.error("Error", exc_info=error)
    finally:
        logger.removeHandler(caplog.handler)
    errors = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert never_offered not in errors
    assert failed in errors
