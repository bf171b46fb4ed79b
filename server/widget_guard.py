"""The widget guard: which widget values our pages could not have sent, and which log lines forged requests cause.

A browser sends the values of a page's widgets, and Streamlit reads them unchecked: a string where a slider sends a
number ends the run with a traceback, on the sender's screen and in the operator's log. ``server.patches`` installs
these checks in Streamlit, and ``tests/attack`` tries them on every widget of every page.
"""

from __future__ import annotations

import json
import logging
from typing import Final

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.media_file_storage import MediaFileStorageError

_JSON_KINDS: Final = ("json_value", "json_trigger_value")
"""Values of components: their state, and their events."""


def is_widget_id(name: str) -> bool:
    """Tell whether a name is the id of a widget, and not the name of a value that the session keeps for itself."""
    return name.startswith("$$")


def is_valid_value(value: WidgetState, kind: str) -> bool:
    """Tell whether a widget of this kind sends such a value; some deserializers accept others silently.

    Raises
    ------
    ValueError
        If a component's value is not valid JSON.
    """
    field = value.WhichOneof("value")
    if field != kind or field not in _JSON_KINDS:
        return field in (None, kind)
    content = json.loads(getattr(value, field))
    # JSON can contain half a surrogate pair, which fails wherever it is encoded again.
    json.dumps(content, ensure_ascii=False).encode()
    # A component's state has names; its event may be one value or a list.
    return isinstance(content, dict if field == "json_value" else dict | list)


def is_worth_logging(record: logging.LogRecord) -> bool:
    """Tell whether a log line helps the operator; a request for a download that was never offered does not."""
    error = record.exc_info[1] if record.exc_info else None
    # A download that failed names its cause.
    return not isinstance(error, MediaFileStorageError) or error.__cause__ is not None
