"""Patches to third-party code, each with the upstream issue. ``tests/server/test_patches.py`` fails if one is obsolete.

All patches apply to the entire process, and calling one twice is harmless.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, Final
from weakref import WeakSet

from starlette.formparsers import MultiPartParser
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
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


# Streamlit: sessions of closed pages ----------------------------------------------------------------------

_EXPIRY_SECONDS: Final = 15.0
"""Seconds between two looks at whether sessions have expired, while any of closed pages are stored."""

_save_session: Final = MemorySessionStorage.save
_WATCHED: Final[WeakSet[MemorySessionStorage]] = WeakSet()


def drop_expired_sessions() -> None:
    """Make Streamlit drop the session of a closed page, and all that it holds, when its two minutes are over.

    Streamlit stores such a session for two minutes, for a browser that reconnects. Then it is still there until another
    page is opened or closed, in a variable of its loop until another page gets a message, and in cycles of references
    until Python collects garbage: on a server that nobody visits, for good. We found no issue about it.
    """
    MemorySessionStorage.save = _save_and_watch  # type: ignore[method-assign]


def _save_and_watch(self: MemorySessionStorage, session_info: SessionInfo) -> None:
    _drop_expired(self)
    _save_session(self, session_info)
    _watch(self)


def _watch(storage: MemorySessionStorage) -> None:
    if storage not in _WATCHED:
        _WATCHED.add(storage)
        asyncio.get_running_loop().call_later(_EXPIRY_SECONDS, _expire, storage)


def _expire(storage: MemorySessionStorage) -> None:
    """Drop expired sessions, and look again later if others are left."""
    _WATCHED.discard(storage)
    has_expired = _drop_expired(storage)
    if storage.list():
        _watch(storage)
    if has_expired:
        # Streamlit keeps the variables of the page that ran last, which are those of one visitor.
        sys.modules["__main__"] = ModuleType("__main__")
        gc.collect()


def _drop_expired(storage: MemorySessionStorage) -> bool:
    """Drop expired sessions, and what they hold, whoever still refers to them; return whether there were any."""
    cache: Any = vars(storage)["_cache"]
    expired = [session_info.session for _, session_info in cache.expire()]
    for session in expired:
        session.shutdown()
        session.session_state.clear()
        session.flush_browser_queue()
    return bool(expired)


# Starlette: uploads on the disk ---------------------------------------------------------------------------


def keep_uploads_in_memory() -> None:
    """Make Starlette keep files of any size in memory while they are on their way.

    It writes those of more than 1 MB to the folder for temporary files, and answers with status 500 where that is full
    or cannot be written. In a container it is memory, too, and ``server.uploads`` bounds the memory of all uploads. The
    parser of a form has an attribute for the size, but Streamlit makes no use of it. We found no issue about it.
    """
    MultiPartParser.spool_max_size = sys.maxsize


# uvicorn: connections without a request -------------------------------------------------------------------

_IDLE_SECONDS: Final = 20.0
"""Seconds within which a connection must bring a request; it is closed after twice as many at the latest."""

_Connection: Final[Any] = import_module("uvicorn.protocols.http.h11_impl").H11Protocol
"""uvicorn's connection; only Streamlit depends on that package."""

_make_connection: Final = _Connection.connection_made


def close_idle_connections() -> None:
    """Make uvicorn close a connection that brings no whole request for a while.

    It waits for the end of a request's head for as long as the connection lasts, so that whoever opens as many as the
    process may have files keeps everybody else out: https://github.com/Kludex/uvicorn/pull/1192 (closed).
    """
    _Connection.connection_made = _watch_connection


def _watch_connection(self: Any, transport: asyncio.Transport) -> None:
    _make_connection(self, transport)
    self.loop.call_later(_IDLE_SECONDS, _close_if_idle, self, None)


def _close_if_idle(protocol: Any, last_request: Any) -> None:
    """Close a connection that waits for a request and had none since the last look; else look again later."""
    if protocol.transport.is_closing() or protocol.transport.get_protocol() is not protocol:
        return  # closed, or a WebSocket by now
    request = protocol.cycle  # None before the first one
    if request is last_request and (request is None or request.response_complete):
        protocol.transport.abort()
    else:
        protocol.loop.call_later(_IDLE_SECONDS, _close_if_idle, protocol, request)


# Garbage collection ---------------------------------------------------------------------------------------

_FULL_COLLECTIONS: Final = 100
"""How many collections of younger objects pass before a full one, once TensorFlow is loaded; Python's default is 10."""


def freeze_garbage() -> None:
    """Exempt all objects that exist now from garbage collection: imported code lives as long as the process.

    Only for a process without visitors: what they leave in cycles of references would live as long, too.
    """
    gc.collect()
    gc.freeze()


def skip_keras_clearing() -> None:
    """Once TensorFlow and Keras are loaded, keep Streamlit from clearing Keras after each run, and rarely collect all.

    Streamlit calls ``keras.backend.clear_session`` after every run of every visitor, and Keras then runs a full garbage
    collection, which halts the server: with TensorFlow for 0.4 s. Keras comes with TensorFlow, and nothing here uses
    it. We found no issue about this call; https://github.com/streamlit/streamlit/issues/8977 (closed) reports the same
    delay after a script. Streamlit's own collection is off by its option ``runner.postScriptGC``.
    """
    engine, keras = sys.modules.get(BACKENDS["tensorflow"].module), sys.modules.get("keras")
    if engine is None or keras is None or _is_importing(engine):
        return
    if keras.backend.clear_session is not _clear_nothing:
        keras.backend.clear_session = _clear_nothing
        youngest, middle, _ = gc.get_threshold()
        gc.set_threshold(youngest, middle, _FULL_COLLECTIONS)


def _clear_nothing() -> None:
    """Stand in for the function that clears Keras' state."""
