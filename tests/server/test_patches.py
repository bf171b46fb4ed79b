"""Every patch is still needed: third-party code without it misbehaves. If one of these fails, remove that patch."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
import uvicorn
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates
from uvicorn.protocols.http.h11_impl import H11Protocol

from kmeans_core import BACKENDS, backend_available
from server import patches
from server.asgi import Message, Receive, Send
from tests.support import finish, pause, wait_until
from tools.paths import ROOT

KEY = "$$ID-0-k"


def states_with(state: WidgetState) -> WStates:
    """Return the session's widget states after a browser sent one for an integer widget."""
    states = WStates()
    states.set_widget_metadata(WidgetMetadata(KEY, lambda value: 10 // value, lambda value: value, "int_value"))
    states.set_widget_from_proto(state)
    return states


@pytest.mark.parametrize("value", [{"int_value": 0}, {"string_value": "5"}])
def test_streamlit_reads_widget_values_unchecked(value: dict[str, Any]) -> None:
    with pytest.raises((ZeroDivisionError, TypeError)):
        states_with(WidgetState(id=KEY, **value))[KEY]


def test_streamlit_stores_values_under_names_of_the_session() -> None:
    assert "settings" in states_with(WidgetState(id="settings", int_value=1)).states


def test_streamlit_logs_a_traceback_for_a_download_that_was_never_offered(caplog: pytest.LogCaptureFixture) -> None:
    def execute(file_id: str) -> str:
        raise MediaFileStorageError(f"Deferred file {file_id} not found")

    handler = DeferredFileHandler(lambda: SimpleNamespace(execute_deferred=execute))  # type: ignore[arg-type, return-value]
    request = BackMsg().backend_operation_request
    request.deferred_file.file_id = "x"
    logger = logging.getLogger("streamlit.runtime.backend_operation_handler")
    logger.addHandler(caplog.handler)
    try:
        finish(handler.handle(request, "session"))
    finally:
        logger.removeHandler(caplog.handler)
    assert [record.levelname for record in caplog.records if record.exc_info]


def half_imported(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a module that another thread seems to import."""
    module = ModuleType("half_imported")
    module.__spec__ = ModuleSpec("half_imported", None)
    module.__spec__._initializing = True  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


SLOW_IMPORT = """
from slow_import_events import may_finish, started
started.set()
may_finish.wait(60)
is_complete = True
"""


@pytest.fixture
def may_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Import the module ``slow_import`` in another thread; return the event for which its import waits."""
    events: Any = ModuleType("slow_import_events")
    events.started, events.may_finish = threading.Event(), threading.Event()
    monkeypatch.setitem(sys.modules, events.__name__, events)
    (tmp_path / "slow_import.py").write_text(SLOW_IMPORT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importing = threading.Thread(target=__import__, args=("slow_import",))
    importing.start()
    assert events.started.wait(20)
    yield events.may_finish
    events.may_finish.set()
    importing.join()
    sys.modules.pop("slow_import", None)


def test_plotly_uses_a_module_before_its_import_has_finished(may_finish: threading.Event) -> None:
    with ThreadPoolExecutor(1) as pool:
        looked_up = pool.submit(patches._loaded_module, "slow_import", should_load=False)
        try:
            assert not hasattr(looked_up.result(timeout=20), "is_complete")
        finally:
            may_finish.set()


def test_with_its_patch_plotly_waits_for_the_import(may_finish: threading.Event) -> None:
    with ThreadPoolExecutor(1) as pool:
        looked_up = pool.submit(patches._complete_module, "slow_import", should_load=False)
        may_finish.set()
        assert looked_up.result(timeout=20).is_complete


CHARTS_DURING_IMPORT = """
import threading
from server.patches import wait_for_imports
import plotly.graph_objects as go

wait_for_imports()
importing = threading.Thread(target=__import__, args=("pandas",))
importing.start()
charts = 0
while importing.is_alive() or not charts:
    go.Figure(go.Scatter(x=[1, 2]), layout={"xaxis": {"domain": [0.0, 0.5]}}).to_json()
    charts += 1
"""


def test_a_chart_is_drawn_while_another_visitors_upload_loads_pandas() -> None:
    process = subprocess.run(
        [sys.executable, "-c", CHARTS_DURING_IMPORT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr


def test_streamlit_clears_keras_after_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: calls.append("clear_session")))
    monkeypatch.setitem(sys.modules, "keras", keras)
    script_runner._clean_problem_modules()
    assert calls == ["clear_session"]


@pytest.mark.skipif(not backend_available("tensorflow"), reason="TensorFlow is not installed")
def test_keras_collects_garbage_when_it_is_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    global_state = import_module("keras.src.backend.common.global_state")
    calls = []
    monkeypatch.setattr(gc, "collect", lambda *_: calls.append("collect"))
    global_state.clear_session()
    assert calls == ["collect"]


def test_keras_is_patched_once_tensorflow_is_loaded_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = half_imported(monkeypatch)
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: None))
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, BACKENDS["tensorflow"].module, engine)
    clear_session = keras.backend.clear_session
    patches.skip_keras_clearing()
    assert keras.backend.clear_session is clear_session, "TensorFlow is still loading"
    engine.__spec__._initializing = False  # type: ignore[union-attr]
    before = gc.get_threshold()
    try:
        patches.skip_keras_clearing()
        patches.skip_keras_clearing()
        assert gc.get_threshold() == (*before[:2], patches._FULL_COLLECTIONS)
    finally:
        gc.set_threshold(*before)
    assert keras.backend.clear_session is patches._clear_nothing


def test_streamlit_collects_garbage_after_every_run_unless_configured_otherwise() -> None:
    assert config._config_options_template["runner.postScriptGC"].default_val is True


# What visitors leave --------------------------------------------------------------------------------------


class Table:
    """Stands for a visitor's table, in a cycle of references as everything in a session is."""

    def __init__(self) -> None:
        self.session = self


def test_what_a_visitor_had_when_tensorflow_was_loaded_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, BACKENDS["tensorflow"].module, ModuleType("engine"))
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: None))
    monkeypatch.setitem(sys.modules, "keras", keras)
    table = Table()
    reference, before, frozen_count = weakref.ref(table), gc.get_threshold(), gc.get_freeze_count()
    try:
        patches.skip_keras_clearing()
        assert keras.backend.clear_session is patches._clear_nothing
        del table
        gc.collect()
        assert reference() is None
        assert gc.get_freeze_count() == frozen_count
    finally:
        gc.set_threshold(*before)


FREEZES = """
import gc
import sys
import weakref


class Table:
    pass


def left_table():
    table = Table()
    table.session = table
    return table


if sys.argv[1] == "serve":
    import serve
    assert gc.get_freeze_count() > 50_000, "the server starts without freezing what it imported"
table = left_table()
reference = weakref.ref(table)
import ui.shell.frame
import ui.shell.downloads
del table
gc.collect()
assert reference() is None
"""


@pytest.mark.parametrize("start", ["serve", "app"])
def test_what_a_visitor_had_when_the_first_page_was_imported_is_collected(start: str) -> None:
    process = subprocess.run(
        [sys.executable, "-c", FREEZES, start], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr


class Session:
    """A session of Streamlit, as far as it is dropped, with a table in its state and in a message to its browser."""

    id = "closed"

    def __init__(self, table: Table) -> None:
        self.session_state, self.messages, self.is_shut_down = {"table": table}, [table], False

    def shutdown(self) -> None:
        self.is_shut_down = True

    def flush_browser_queue(self) -> None:
        self.messages.clear()


async def close_page(storage: MemorySessionStorage, seconds: float) -> tuple[Session, weakref.ref[Table]]:
    """Store the session of a page that was closed; return it and a reference to its table after at most so long."""
    table = Table()
    session, reference = Session(table), weakref.ref(table)
    storage.save(SessionInfo(client=None, session=cast("Any", session), script_run_count=1))
    del table
    end = time.monotonic() + seconds
    await asyncio.to_thread(wait_until, lambda: reference() is None or time.monotonic() > end)
    return session, reference


def test_streamlit_keeps_the_session_of_a_closed_page_until_another_page_is_opened() -> None:
    session, reference = finish(close_page(MemorySessionStorage(ttl_seconds=0), 0.5))
    assert not session.is_shut_down
    assert reference() is not None


def test_the_session_of_a_closed_page_is_dropped_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Although the loop of the server still refers to it."""
    monkeypatch.setattr(MemorySessionStorage, "save", MemorySessionStorage.save)
    monkeypatch.setattr(patches, "_EXPIRY_SECONDS", 0.1)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    patches.drop_expired_sessions()
    session, reference = finish(close_page(MemorySessionStorage(ttl_seconds=1), 20))
    assert session.is_shut_down
    assert reference() is None


async def is_on_disk(size: int) -> bool:
    """Tell whether Starlette's parser of forms writes a file of this size to the disk."""

    async def parts() -> AsyncGenerator[bytes, None]:
        yield b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + bytes(size) + b"\r\n--x--\r\n"

    form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=x"}), parts()).parse()
    (file,) = form.values()
    assert isinstance(file, UploadFile)
    is_in_memory = file._in_memory
    await form.close()
    return not is_in_memory


def test_starlette_writes_uploads_of_more_than_a_megabyte_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    assert finish(is_on_disk(2**20 + 1))
    patches.keep_uploads_in_memory()
    assert not finish(is_on_disk(2**20 + 1))


def partial_request_ends(seconds: float) -> bool:
    """Tell whether uvicorn closes connections without a whole request within some seconds, and no others."""

    async def answer_late(scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        work = loop.create_future()
        loop.call_later(seconds, work.set_result, None)
        await work
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"late"})

    async def check() -> bool:
        settings = uvicorn.Config(answer_late, http="h11", lifespan="off", log_level="error")
        server = await asyncio.get_running_loop().create_server(
            lambda: H11Protocol(settings, uvicorn.Server(settings).server_state, {}), "127.0.0.1"
        )
        async with server:
            address = server.sockets[0].getsockname()
            (first, first_writer), (second, second_writer), (third, third_writer) = [
                await asyncio.open_connection(*address) for _ in range(3)
            ]
            second_writer.write(b"GET / HTTP/1.1\r\nX-")
            third_writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert b"late" in await third.read()
            has_ended = first.at_eof() and second.at_eof()
            for writer in (first_writer, second_writer, third_writer):
                writer.close()
            await pause()
        return has_ended

    return finish(check())


def test_uvicorn_waits_for_a_request_as_long_as_the_connection_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "_IDLE_SECONDS", 0.1)
    monkeypatch.setattr(H11Protocol, "connection_made", H11Protocol.connection_made)
    assert not partial_request_ends(0.5)
    patches.close_idle_connections()
    assert partial_request_ends(0.5)
