"""The house keeps its own rules: who may import whom, what is pinned, and that its maps and commands are true."""

from __future__ import annotations

import ast
import re
import sys
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

from tools.paths import ROOT

# Who may import what, besides itself and the standard library.
MAY_IMPORT = {
    "kmeans_core": {"numpy"},
    "kmeans_tables": {"kmeans_core", "numpy", "openpyxl", "pandas", "pyarrow"},
    "ui": {"kmeans_core", "kmeans_tables", "numpy", "plotly", "segno", "streamlit"},
    "pages": {"ui", "kmeans_core", "streamlit"},
    "app": {"ui", "kmeans_core", "streamlit"},
    "serve": {"ui", "starlette", "streamlit"},
}
# Modules with a rule of their own.
EXCEPTIONS = {
    "kmeans_core.cli": {"kmeans_tables", "numpy"},
    "kmeans_core.estimator": {"numpy", "sklearn"},
    "kmeans_core.engines.tensorflow.library": {"numpy", "tensorflow"},
    "ui.backends": {"kmeans_core", "numpy", "plotly"},
    "ui.drawing": {"kmeans_core", "numpy"},
    "ui.failures": {"kmeans_core", "numpy", "plotly"},
    "ui.figures": {"kmeans_core", "numpy", "plotly"},
    "ui.how_many": {"kmeans_core", "numpy", "plotly"},
    "ui.knobs": {"kmeans_core", "numpy", "plotly"},
    "ui.miniature": {"kmeans_core", "numpy"},
    "ui.movie": {"PIL", "kmeans_core", "numpy"},
    "ui.notebook": {"kmeans_core", "numpy"},
    "ui.sheet": {"kmeans_core", "numpy"},
    "ui.starts": {"kmeans_core", "numpy", "plotly"},
    "ui.takeaway": {"kmeans_core", "kmeans_tables", "numpy"},
    "ui.compare": {"kmeans_core", "numpy"},
    "ui.teach": {"kmeans_core", "numpy"},
}

LOCKS = ["requirements", "requirements-base", "requirements-dev", "requirements-image", "requirements-install"]


def _modules(*packages: str) -> dict[str, Path]:
    files = chain.from_iterable(
        [ROOT / f"{package}.py"] if package in {"app", "serve"} else (ROOT / package).rglob("*.py")
        for package in packages
    )
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def _imports(path: Path) -> set[str]:
    """Dotted names that a file imports anywhere in it, those in functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}: a relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way_and_name_direct_dependencies_only(package: str) -> None:
    for module, path in _modules(package).items():
        allowed = EXCEPTIONS.get(module, MAY_IMPORT[package]) | {package} | sys.stdlib_module_names
        strangers = {name.partition(".")[0] for name in _imports(path)} - allowed
        assert not strangers, f"{module} may not import {strangers}"


def test_no_module_imports_itself_by_a_detour() -> None:
    modules = _modules("kmeans_core", "kmeans_tables", "ui")
    graph = {module: (_imports(path) & modules.keys()) - {module} for module, path in modules.items()}
    assert any(graph.values())
    TopologicalSorter(graph).prepare()  # raises CycleError


# The locks -----------------------------------------------------------------------------------------------


def _asked_for(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.partition(";")[0].strip() for line in lines if line and not line.startswith(("#", "-"))}


def _pins(name: str) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pins) == len(dict(pins)), f"{name} pins something twice"
    return dict(pins)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_what_is_asked_for_with_hashes(name: str) -> None:
    asked, lock = _asked_for(f"{name}.in"), f"{name}.txt"
    assert asked
    assert asked <= _pins(lock).keys(), "run make lock"
    text = re.sub(r"\\\n", " ", (ROOT / lock).read_text(encoding="utf-8"))
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            assert re.match(r"[\w.-]+==", line), f"{lock} holds more than pins: {line}"
            assert "--hash=sha256:" in line, f"{lock} has no hash for {line}"


def test_locks_agree() -> None:
    everything, base, *others = (_pins(f"{name}.txt") for name in LOCKS)
    assert base.items() <= everything.items()
    for other in others:
        shared = other.keys() & everything.keys()
        assert {name: other[name] for name in shared} == {name: everything[name] for name in shared}
    assert not [name for name in base if name.startswith("tensorflow")]


# The documents -------------------------------------------------------------------------------------------

DOCUMENTS = ["README.md", "CONTRIBUTING.md"]


def _map(document: str) -> list[str]:
    """Paths in the document's map: the first code block that names app.py, one path and its meaning a line.

    An indented path lies in the folder above it.
    """
    blocks = re.findall(r"^```\w*\n(.*?)^```", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    block = next(block for block in blocks if block.startswith("app.py"))
    paths, folder = [], ""
    for line in block.splitlines():
        entry = re.match(r"( *)(\S+)  ", line)
        assert entry, f"no path and two spaces: {line}"
        indent, path = entry.groups()
        folder = folder if indent else path
        paths.append(f"{folder}/{path}" if indent else path)
    return paths


@pytest.mark.parametrize("document", DOCUMENTS)
def test_everything_on_the_map_exists(document: str) -> None:
    paths = _map(document)
    assert len(paths) > 5
    assert not [path for path in paths if not (ROOT / path).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_named_is_a_target(document: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
    assert "test" in named
    assert set(named) <= set(targets)


# What is left behind -------------------------------------------------------------------------------------

# Written so that this file does not hold what it looks for.
LEFTOVERS = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b|\bbreak[p]oint\(\)|/(?:home|Users|root|work)/\w|/tmp/[a-z]+-")


def test_nothing_unfinished_and_no_path_of_one_machine_is_left() -> None:
    folders = [".ci", ".streamlit", "benchmarks", "kmeans_core", "kmeans_tables", "pages", "tests", "tools", "ui"]
    files = [*ROOT.glob("*"), *chain.from_iterable((ROOT / folder).rglob("*") for folder in folders)]
    written = [
        path
        for path in files
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".png", ".gif", ".webp", ".webm")
    ]
    assert len(written) > 50
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in written
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if LEFTOVERS.search(line)
    ]
    assert not found, "\n".join(found)
