"""No Python function over 40 lines, no module over 500 (eslint checks the scripts), and no sleep in a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.paths import ROOT

FUNCTION_LINES = 40
"""Maximum from the line of ``def`` to the last line, including the docstring and comments."""

MODULE_LINES = 500

PLAIN_PATH = ["types.py", "rules.py", "initialisers.py", "kmeans.py", "engines/numpy.py"]
"""The modules of ``kmeans_core`` that a reader needs to follow a run from start to end."""

PLAIN_PATH_LINES = 700
PLAIN_PATH_FUNCTION_LINES = 30

FOLDERS = [
    "benchmarks",
    "kmeans_core",
    "kmeans_step_by_step",
    "kmeans_tables",
    "pages",
    "server",
    "tests",
    "tools",
    "ui",
]
PLACES = ["app.py", "serve.py", *FOLDERS]


def _python_files() -> list[Path]:
    groups = [[place] if place.is_file() else place.rglob("*.py") for place in map(ROOT.joinpath, PLACES)]
    return [path for paths in groups for path in paths]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the name and the number of lines of every function in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_the_limit() -> None:
    sizes = [(size, name, str(path)) for path in _python_files() for name, size in _functions(path)]
    assert len(sizes) > 1000
    assert not [entry for entry in sizes if entry[0] > FUNCTION_LINES]


def test_no_module_is_longer_than_the_limit() -> None:
    sizes = [(path.read_text(encoding="utf-8").count("\n"), str(path)) for path in _python_files()]
    assert len(sizes) > 100
    assert not [entry for entry in sizes if entry[0] > MODULE_LINES]


def test_the_plain_path_is_short() -> None:
    files = [ROOT / "kmeans_core" / name for name in PLAIN_PATH]
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in files) < PLAIN_PATH_LINES
    sizes = [(size, name, path.name) for path in files for name, size in _functions(path)]
    assert len(sizes) > 30
    assert not [entry for entry in sizes if entry[0] > PLAIN_PATH_FUNCTION_LINES]


def test_no_test_sleeps() -> None:
    """Tests wait for conditions; ``wait_until`` in ``tests/support.py`` is for those that nothing announces.

    ``asyncio.sleep(0)`` only lets other tasks run. ``SLOW_HEADER_SECONDS`` is the pace of an attack, and
    ``THINK_SECONDS`` that of the people beside it.
    """
    sleep = re.compile(
        r"\btime\.sleep\(|\basyncio\.sleep\((?!0\)|SLOW_HEADER_SECONDS\)|THINK_SECONDS\b)|\.wait_for_timeout\([^0]|\bsetTimeout\("
    )
    allowed = ROOT / "tests/support.py"
    files = [path for path in (ROOT / "tests").rglob("*") if path.suffix in {".js", ".py"}]
    sleepers = [path.name for path in files if path != allowed and sleep.search(path.read_text(encoding="utf-8"))]
    assert not sleepers
    assert sleep.search(allowed.read_text(encoding="utf-8"))


def test_no_tool_waits_for_time_to_pass_in_a_browser() -> None:
    files = [path for folder in ("benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")]
    assert files
    pause = re.compile(r"\.wait_for_timeout\(")
    assert not [path.name for path in files if pause.search(path.read_text(encoding="utf-8"))]
