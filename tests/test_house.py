"""House rules: what each folder imports, what the locks pin, and that the commands in the documents exist."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

from tools.paths import ROOT

# What each folder may import, besides itself and the standard library. A name with a dot allows that module alone.
MAY_IMPORT = {
    "kmeans_core": {"numpy"},
    "kmeans_tables": {"kmeans_core", "numpy", "openpyxl", "pandas", "pyarrow"},
    "server": {"kmeans_core", "starlette", "streamlit"},
    "ui.text": {"kmeans_core", "numpy"},
    "ui.charts": {"ui.text", "kmeans_core", "numpy", "plotly"},
    "ui.settings": {"ui.text", "ui.charts", "server.config", "kmeans_core", "kmeans_tables", "numpy"},
    "ui.analyses": {"ui.settings", "ui.text", "ui.charts", "server.config", "kmeans_core", "numpy", "plotly"},
    "ui.export": {"ui.settings", "ui.text", "ui.charts", "kmeans_core", "kmeans_tables", "numpy", "PIL", "segno"},
    "ui.player": {
        "ui.analyses.group_recovery",
        "ui.settings",
        "ui.text",
        "ui.charts",
        "kmeans_core",
        "kmeans_tables",
        "numpy",
    },
    "ui.browser": {
        "ui.player",
        "ui.export",
        "ui.settings",
        "ui.text",
        "ui.charts",
        "ui.analyses",
        "kmeans_core",
        "numpy",
    },
    "ui.shell": {"ui", "server", "kmeans_core", "kmeans_tables", "numpy", "plotly", "streamlit"},
    "pages": {"ui", "server.config", "kmeans_core", "streamlit"},
    "app": {"ui.shell", "ui.text", "streamlit"},
    "serve": {"server", "starlette", "streamlit", "ui.shell.page_head"},
    "kmeans_step_by_step": set(),
}
# What one module alone may import besides: a library that is installed on request, the command line's reader, and the
# record of a table where tables are kept.
ALONE = {
    "server.table_shelf": "kmeans_tables",
    "kmeans_core.cli": "kmeans_tables",
    "kmeans_core.estimator": "sklearn",
    "kmeans_core.engines.tensorflow.library": "tensorflow",
}

LOCKS = [
    "requirements",
    "requirements-base",
    "requirements-dev",
    "requirements-image",
    "requirements-install",
    "requirements-docs",
]


def _modules(*packages: str) -> dict[str, Path]:
    """Modules of packages, by their dotted names."""
    modules = {}
    for package in packages:
        place = ROOT.joinpath(*package.split("."))
        for path in place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]:
            modules[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return modules


def _imports(path: Path) -> set[str]:
    """Dotted names that a file imports anywhere in it, those in functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}: a relative import"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_every_module_has_a_folder_with_a_rule() -> None:
    ruled = set().union(*(_modules(package) for package in MAY_IMPORT)) | {"ui"}
    folders = ("kmeans_core", "kmeans_step_by_step", "kmeans_tables", "server", "ui", "pages", "app", "serve")
    assert _modules(*folders).keys() == ruled


def _is_within(name: str, packages: Iterable[str]) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_folder_imports_what_its_rule_allows(package: str) -> None:
    modules = _modules(package)
    assert modules
    for module, path in modules.items():
        allowed = MAY_IMPORT[package] | {package, ALONE.get(module, package)} | sys.stdlib_module_names
        forbidden = {name for name in _imports(path) if not _is_within(name, allowed)}
        assert not forbidden, f"{module} may not import {forbidden}"


def test_no_module_imports_itself_by_a_detour() -> None:
    modules = _modules("kmeans_core", "kmeans_tables", "server", "ui")
    graph = {module: (_imports(path) & modules.keys()) - {module} for module, path in modules.items()}
    assert any(graph.values())
    TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize("path", [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))], ids=lambda path: path.name)
def test_no_page_holds_a_bare_value(path: Path) -> None:
    """Streamlit writes a value that stands alone on the page, also a string that explains a constant."""
    body = ast.parse(path.read_text(encoding="utf-8")).body[1:]  # without the docstring
    bare = [node.lineno for node in body if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call)]
    assert not bare, f"lines {bare}"


# The locks -----------------------------------------------------------------------------------------------


def _requirements(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.partition(";")[0].strip() for line in lines if line and not line.startswith(("#", "-"))}


def _pins(name: str) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pins) == len(dict(pins)), f"{name} pins something twice"
    return dict(pins)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_what_is_asked_for_with_hashes(name: str) -> None:
    requirements, lock = _requirements(f"{name}.in"), f"{name}.txt"
    assert requirements
    assert requirements <= _pins(lock).keys(), "run make lock"
    text = re.sub(r"\\\n", " ", (ROOT / lock).read_text(encoding="utf-8"))
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            assert re.match(r"[\w.-]+==", line), f"{lock} holds more than pins: {line}"
            assert "--hash=sha256:" in line, f"{lock} has no hash for {line}"


def test_locks_agree() -> None:
    all_pins, base, *further = (_pins(f"{name}.txt") for name in LOCKS)
    assert base.items() <= all_pins.items()
    for pins in further:
        shared = pins.keys() & all_pins.keys()
        assert {name: pins[name] for name in shared} == {name: all_pins[name] for name in shared}
    assert not [name for name in base if name.startswith("tensorflow")]


# The documents -------------------------------------------------------------------------------------------

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/operating.md"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_named_is_a_target(document: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
    assert commands
    assert set(commands) <= set(targets)


# What is left behind -------------------------------------------------------------------------------------

# Written so that this file does not hold what it looks for.
LEFTOVERS = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b|\bbreak[p]oint\(\)|/(?:home|Users|root|work)/\w|/tmp/[a-z]+-")


def test_nothing_unfinished_and_no_path_of_one_machine_is_left() -> None:
    folders = [
        ".ci",
        ".streamlit",
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
    files = [*ROOT.glob("*"), *chain.from_iterable((ROOT / folder).rglob("*") for folder in folders)]
    text_files = [
        path
        for path in files
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".png", ".gif", ".webp", ".webm")
    ]
    assert len(text_files) > 50
    leftovers = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in text_files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if LEFTOVERS.search(line)
    ]
    assert not leftovers, "\n".join(leftovers)
