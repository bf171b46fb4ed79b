"""The load benchmark in its short version, and what a server must not load before it is needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import finish
from tools.app_process import running_app
from tools.paths import ROOT
from tools.proxy import find_nginx
from tools.simulated_user import SimulatedUser
from ui.text.messages import message


def test_the_first_page_loads_neither_pandas_nor_arrow_nor_tensorflow(tmp_path: Path) -> None:
    """They take more memory than everything else together, and only uploads and TensorFlow need them."""
    with running_app(tmp_path, {}, {"PYTHONPROFILEIMPORTTIME": "1"}, script="serve.py") as server:

        async def look() -> None:
            user = SimulatedUser(server.url)
            await user.connect()
            assert not (await user.run()).exceptions
            user.set(message("settings.k_title"), double_array_value=[4])
            assert not (await user.run()).exceptions
            await user.disconnect()

        finish(look())
        modules = set(re.findall(r"^import time:.*\| +([a-z]\w*)$", server.log, re.MULTILINE))
    assert "kmeans_core" in modules
    assert modules.isdisjoint({"pandas", "pyarrow", "tensorflow", "sklearn"})


def test_the_benchmark_runs_without_errors() -> None:
    if find_nginx() is None:
        pytest.skip("two replicas need a proxy, and there is no nginx on this machine")
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", "--short"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    rows = [line.split("|")[1:-1] for line in process.stdout.splitlines() if re.match(r"\| (one|two) ", line)]
    assert {row[0].strip() for row in rows} >= {"one process, NumPy", "two replicas behind nginx, NumPy"}
    assert all(int(row[5]) == 0 for row in rows), process.stderr
    assert ", 0 errors." in process.stdout
