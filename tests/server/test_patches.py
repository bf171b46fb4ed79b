"""Every patch is still needed: third-party code without it misbehaves. If one of these fails, remove that patch."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from kmeans_core import BACKENDS, backend_available
from server import patches
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
        asyncio.run(handler.handle(request, "session"))
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


def test_plotly_uses_a_module_before_its_import_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    module = half_imported(monkeypatch)
    assert patches._loaded_module(module.__name__, should_load=False) is module


def test_with_its_patch_plotly_waits_for_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    module, complete = half_imported(monkeypatch), ModuleType("half_imported")
    monkeypatch.setattr(patches, "import_module", {module.__name__: complete}.__getitem__)
    assert patches._complete_module(module.__name__, should_load=False) is complete


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
    done = subprocess.run(
        [sys.executable, "-c", CHARTS_DURING_IMPORT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


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
    frozen = []
    engine = half_imported(monkeypatch)
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: None))
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setitem(sys.modules, BACKENDS["tensorflow"].module, engine)
    monkeypatch.setattr(patches, "freeze_garbage", lambda: frozen.append(True))
    patches.skip_keras_clearing()
    assert not frozen, "TensorFlow is still loading"
    engine.__spec__._initializing = False  # type: ignore[union-attr]
    patches.skip_keras_clearing()
    patches.skip_keras_clearing()
    assert frozen == [True]
    assert keras.backend.clear_session is patches._clear_nothing


def test_streamlit_collects_garbage_after_every_run_unless_configured_otherwise() -> None:
    assert config._config_options_template["runner.postScriptGC"].default_val is True
