"""Patches to third-party code, each with the upstream issue. ``tests/server/test_patches.py`` fails if one is obsolete.

All patches apply to the entire process, and calling one twice is harmless.
"""

from __future__ import annotations

import gc
import logging
import sys
from importlib import import_module
from typing import Any, Final

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import Serialized, Value, WStates

from kmeans_core import BACKENDS
from server.widget_guard import is_valid_value, is_widget_id, is_worth_logging

# Streamlit: forged widget values --------------------------------------------------------------------------

_DOWNLOAD_LOGGER: Final = "streamlit.runtime.backend_operation_handler"
"""Streamlit's logger of deferred downloads."""

_read_value: Final = WStates.__getitem__
_store_value: Final = WStates.set_widget_from_proto


def check_widget_values() -> None:
    """Make Streamlit replace widget values that our pages could not have sent by the widget's default.

    Streamlit checks a widget's constraints only in the browser: https://github.com/streamlit/streamlit/issues/16203
    (open). It has no hook before values are read, so this wraps the methods that read and store one.
    """
    WStates.__getitem__ = _read_valid_value  # type: ignore[method-assign]
    WStates.set_widget_from_proto = _store_widget_value  # type: ignore[method-assign]
    # Streamlit logs a traceback for each unknown deferred download. We found no issue about it.
    logging.getLogger(_DOWNLOAD_LOGGER).addFilter(is_worth_logging)


def _read_valid_value(self: WStates, key: str) -> Any:
    state, widget = self.states.get(key), self.widget_metadata.get(key)
    if widget is None or not isinstance(state, Serialized):
        return _read_value(self, key)
    try:
        if is_valid_value(state.value, widget.value_type):
            return _read_value(self, key)
    except Exception:  # whatever a widget's deserializer raises
        pass
    default = widget.deserializer(None)
    self.states[key] = Value(default)
    return default


def _store_widget_value(self: WStates, widget_state: WidgetState) -> None:
    if is_widget_id(widget_state.id):
        _store_value(self, widget_state)


# Plotly: half-imported pandas -----------------------------------------------------------------------------

_loaded_module: Final = vars(import_module("_plotly_utils.optional_imports"))["get_module"]


def wait_for_imports() -> None:
    """Make Plotly wait for a module that another thread is importing.

    Plotly looks for pandas in ``sys.modules`` and uses it half-imported, so that a chart fails while another visitor's
    upload loads pandas: https://github.com/plotly/plotly.py/issues/2433 (open).
    """
    for name in ("_plotly_utils.basevalidators", "_plotly_utils.utils", "plotly.io._json"):
        vars(import_module(name))["get_module"] = _complete_module


def _complete_module(name: str, should_load: bool = True) -> Any:
    """Return an optional module as Plotly's ``get_module`` does, after its import has finished."""
    module = _loaded_module(name, should_load)
    return import_module(name) if _is_importing(module) else module


def _is_importing(module: object) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


# Garbage collection ---------------------------------------------------------------------------------------


def freeze_garbage() -> None:
    """Exempt all objects that exist now from garbage collection: imported code lives as long as the process."""
    gc.collect()
    gc.freeze()


def skip_keras_clearing() -> None:
    """Once TensorFlow and Keras are loaded, keep Streamlit from clearing Keras after each run, and freeze all objects.

    Streamlit calls ``keras.backend.clear_session`` after every run of every visitor, and Keras then runs a full garbage
    collection, which halts the server. Keras comes with TensorFlow, and nothing here uses it. We found no issue about
    this call; https://github.com/streamlit/streamlit/issues/8977 (closed) reports the same delay after a script.
    Streamlit's own collection is off by its option ``runner.postScriptGC``.
    """
    engine, keras = sys.modules.get(BACKENDS["tensorflow"].module), sys.modules.get("keras")
    if engine is None or keras is None or _is_importing(engine):
        return
    if keras.backend.clear_session is not _clear_nothing:
        keras.backend.clear_session = _clear_nothing
        freeze_garbage()


def _clear_nothing() -> None:
    """Stand in for the function that clears Keras' state."""
