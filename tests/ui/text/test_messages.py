"""Messages: the syntax, the catalogs of all packages, and that every call in the sources fits its message."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import kmeans_core.messages
import kmeans_tables.messages
import server.messages
import ui.text.messages
from kmeans_core.messages import Catalog
from kmeans_core.messages.template import MessageError, Template
from tools.paths import ROOT
from ui.text.messages import Html, message, message_html

VECTORS = ROOT / "tests" / "vectors"
# Each catalog, with the code that says its messages.
CATALOGS = {
    kmeans_core.messages.CATALOG: ["kmeans_core"],
    kmeans_tables.messages.CATALOG: ["kmeans_tables"],
    server.messages.CATALOG: ["server"],
    ui.text.messages.CATALOG: ["app.py", "pages", "ui"],
}
TEXTS = {key: text for catalog in CATALOGS for key, text in catalog.texts.items()}
# Functions whose first argument is the key of a message, with the values that they add to those of the call.
FUNCTIONS = {"message": set[str](), "message_html": set[str](), "messageHtml": set[str](), "UnusableTable": {"file"}}


def vectors(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    assert entries
    return entries


@pytest.mark.parametrize("vector", vectors("messages"), ids=lambda vector: vector["template"])
def test_message_is_formatted_as_the_vectors_say(vector: dict[str, Any]) -> None:
    if vector.get("error"):
        with pytest.raises(MessageError):
            Template(vector["template"]).format(vector["values"])
        return
    values = vector["values"]
    if vector.get("html"):
        values = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
    assert Template(vector["template"]).format(values) == vector["expected"]


def test_unknown_key_and_wrong_values_are_errors() -> None:
    with pytest.raises(MessageError, match=r"no message is called 'steps\.none'"):
        message("steps.none")
    with pytest.raises(MessageError, match=r"missing values \['count'\], superfluous values \['n'\]"):
        message("steps.returning_clusters", clusters="1", n=1)


def test_html_escapes_strings_but_not_markup() -> None:
    assert "&lt;b&gt;" in message_html("steps.returning_clusters", clusters="<b>", count=1)
    assert "<b>1</b>" in message_html("steps.returning_clusters", clusters=Html("<b>1</b>"), count=1)


def test_every_text_of_the_catalogs_parses() -> None:
    for key, text in TEXTS.items():
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", key), key
        assert text == text.strip(), key
        Template(text)


def test_every_catalog_is_read_and_no_key_is_written_twice() -> None:
    folders = [path for path in ROOT.glob("*/**/messages/en") if "node_modules" not in path.parts]
    assert sorted(folders) == sorted(catalog.folder for catalog in CATALOGS)
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.json")]
    keys = Counter(key for text in texts for key in re.findall(r'^\s*"([\w.]+)":', text, re.MULTILINE))
    assert [key for key, count in keys.items() if count > 1] == []
    areas = [path.name for folder in folders for path in folder.glob("*.json")]
    assert len(areas) == len(set(areas)), "two catalogs share an area"


def test_translators_find_every_catalog() -> None:
    described = kmeans_core.messages.__doc__ or ""
    for catalog in CATALOGS:
        folder = catalog.folder.relative_to(ROOT).as_posix()
        assert folder == "kmeans_core/messages/en" or f"``{folder}``" in described


# --- Calls in the sources


class Call(NamedTuple):
    """A call of ``message`` with a literal key; ``names`` is None where not all values are named in the call."""

    place: str
    key: str
    names: frozenset[str] | None


def files(sources: list[str], suffix: str) -> Iterator[Path]:
    for source in sources:
        path = ROOT / source
        yield from sorted(path.rglob(f"*{suffix}")) if path.is_dir() else [path] if path.suffix == suffix else []


def literals(node: ast.expr) -> Iterator[str]:
    """Strings that an argument may be: a literal, or either side of a condition."""
    if isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def python_calls(path: Path, text: str) -> Iterator[Call]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and node.args:
            names = [keyword.arg for keyword in node.keywords]
            value_names = None if None in names else frozenset(name for name in names if name) | FUNCTIONS[node.func.id]
            for key in literals(node.args[0]):
                yield Call(f"{path.relative_to(ROOT)}:{node.lineno}", key, value_names)


def script_calls(path: Path, text: str) -> Iterator[Call]:
    for call in re.finditer(r'\bmessage(?:Html)?\(\s*"([^"]*)"\s*(\)|,\s*)', text):
        line = text.count("\n", 0, call.start()) + 1
        names = frozenset[str]() if call[2] == ")" else names_of_object(text[call.end() :])
        yield Call(f"{path.relative_to(ROOT)}:{line}", call[1], names)


def names_of_object(text: str) -> frozenset[str] | None:
    """Names of an object literal at the beginning of a text; None where it is no literal, or spreads another one."""
    if not text.startswith("{"):
        return frozenset() if text.startswith(")") else None
    depth, top = 0, ""
    for token in re.findall(r'"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|.', text, re.DOTALL):
        if token in "{[(":
            depth += 1
        elif token in "}])":
            depth -= 1
            if not depth:
                break
        elif depth == 1 and len(token) == 1:
            top += token
    entries = [entry.strip() for entry in top.split(",") if entry.strip()]
    if any(entry.startswith("...") for entry in entries):
        return None
    return frozenset(entry.partition(":")[0].strip() for entry in entries)


def test_script_calls_are_read() -> None:
    script = 'message("a.b"); message("a.c", { n, who: f({ x: [1, 2] }, `a${b}`, "}"), }); message("a.d", { ...n })'
    calls = [(call.key, call.names) for call in script_calls(ROOT / "a.js", script + ' messageHtml(\n"a.e",\nvalues)')]
    assert calls == [("a.b", frozenset()), ("a.c", {"n", "who"}), ("a.d", None), ("a.e", None)]


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda catalog: catalog.folder.parts[-3])
def test_every_call_fits_its_message_and_every_message_is_used(catalog: Catalog) -> None:
    texts, sources = catalog.texts, CATALOGS[catalog]
    python = {path: path.read_text(encoding="utf-8") for path in files(sources, ".py")}
    scripts = {path: path.read_text(encoding="utf-8") for path in files(sources, ".js")}
    calls = [call for path, text in python.items() for call in python_calls(path, text)]
    calls += [call for path, text in scripts.items() for call in script_calls(path, text)]
    assert calls
    for call in calls:
        assert call.key in texts, f"{call.place}: no message is called {call.key}"
        names = Template(texts[call.key]).names
        assert call.names is None or call.names == names, f"{call.place}: {call.key} takes {sorted(names)}"
    written = "\n".join([*python.values(), *scripts.values()])
    areas = "|".join({key.partition(".")[0] for key in texts})
    keys = set(re.findall(rf"""["']((?:{areas})\.[a-z0-9_]+)["']""", written))
    assert texts.keys() - keys == set(), "messages that nothing shows"
    assert {key for key in keys - texts.keys() if not key.endswith(FILE_NAMES)} == set(), "keys of no message"


FILE_NAMES = (".css", ".csv", ".js", ".json", ".py")


def test_importing_a_library_reads_no_catalog() -> None:
    look = "import sys, kmeans_core; print('kmeans_core.messages.template' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, cwd=ROOT, check=True).stdout == b"False\n"
    look = (
        "import kmeans_core.messages as core, kmeans_tables.messages as tables, kmeans_tables; "
        "print('texts' in vars(core.CATALOG) or 'texts' in vars(tables.CATALOG))"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, cwd=ROOT, check=True).stdout == b"False\n"


def test_no_refusal_of_a_table_is_a_literal() -> None:
    raised = [
        (path.name, node.exc.args[0])
        for path in files(["kmeans_tables"], ".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args
    ]
    assert len(raised) > 40
    for name, text in raised:
        key = isinstance(text, ast.Constant) and text.value in TEXTS
        assert key or not isinstance(text, ast.Constant | ast.JoinedStr), f"{name}: {ast.unparse(text)}"
