"""What a widget says is believed only if the widget could have said it.

A visitor's browser tells Streamlit what its widgets show, and Streamlit reads it as it comes: a text where a slider
sends a number ends the run of the page with a traceback, on the liar's screen and in the operator's log. Streamlit
offers no place to check values before they are read, so the one method that reads them is wrapped here, for the whole
process. ``tests/attack`` holds every widget of every page to it, and so would notice if a later Streamlit read
elsewhere.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.state.session_state import Serialized, Value, WStates


def doubt_widgets() -> None:
    """From now on, let a widget that was sent what it can't be show its default, as if nothing had been sent."""
    read = WStates.__getitem__

    def read_or_doubt(self: WStates, key: str) -> Any:
        state, widget = self.states.get(key), self.widget_metadata.get(key)
        if widget is None or not isinstance(state, Serialized):
            return read(self, key)
        try:
            # Some widgets take a value of another kind without a word, and the page stumbles over it later.
            if state.value.WhichOneof("value") in (None, widget.value_type):
                return read(self, key)
        except Exception:  # whatever the reader of a widget stumbles over
            pass
        default = widget.deserializer(None)
        self.states[key] = Value(default)
        return default

    WStates.__getitem__ = read_or_doubt  # type: ignore[method-assign]
