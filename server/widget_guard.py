"""What a browser says is believed only if a page of ours could have said it.

A browser tells Streamlit what the page's widgets show, and Streamlit reads it as it comes: a text where a slider sends
a number ends the run of the page with a traceback, on the liar's screen and in the operator's log. Streamlit has no
place to check values before they are read, so the method that reads one and the method that keeps one are wrapped
here, for the whole process. ``tests/attack`` holds every widget of every page to it, and so would notice if a later
Streamlit read elsewhere.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Final

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.state.session_state import Serialized, Value, WStates

_IDS: Final = "$$"
"""How the ids of widgets begin, and those of what happened in a component."""

_JSON: Final = ("json_value", "json_trigger_value")
"""Values of components: their state, and what happened in them."""

_OPERATIONS: Final = "streamlit.runtime.backend_operation_handler"
"""The logger of what Streamlit says about files that are made when they are downloaded."""


def doubt_browsers() -> None:
    """From now on, take no browser at its word; to be called once."""
    read, keep = WStates.__getitem__, WStates.set_widget_from_proto

    def read_or_doubt(self: WStates, key: str) -> Any:
        state, widget = self.states.get(key), self.widget_metadata.get(key)
        if widget is None or not isinstance(state, Serialized):
            return read(self, key)
        try:
            if _may_say(state.value, widget.value_type):
                return read(self, key)
        except Exception:  # whatever a widget's reader stumbles over
            pass
        # As if nothing had been sent: the widget shows its default.
        default = widget.deserializer(None)
        self.states[key] = Value(default)
        return default

    def keep_or_drop(self: WStates, widget_state: WidgetState) -> None:
        # No widget has another id, and the session's own values have names that are none.
        if widget_state.id.startswith(_IDS):
            keep(self, widget_state)

    WStates.__getitem__ = read_or_doubt  # type: ignore[method-assign]
    WStates.set_widget_from_proto = keep_or_drop  # type: ignore[method-assign]
    logging.getLogger(_OPERATIONS).addFilter(_is_worth_a_line)


def _may_say(said: WidgetState, kind: str) -> bool:
    """Tell whether this is of the kind that a widget sends; some readers take another without a word."""
    sent = said.WhichOneof("value")
    if sent != kind or sent not in _JSON:
        return sent in (None, kind)
    found = json.loads(getattr(said, sent))
    # Half a character can be written in JSON and nowhere else, and would break whatever says it again.
    json.dumps(found, ensure_ascii=False).encode()
    # A component's state has names; what happened in it may be one thing or a list.
    return isinstance(found, dict if sent == "json_value" else dict | list)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Tell whether an operator can learn from a line: not that a browser asked for a file that nobody offered."""
    error = record.exc_info[1] if record.exc_info else None
    # A file that could not be made has its reason with it.
    return not isinstance(error, MediaFileStorageError) or error.__cause__ is not None
