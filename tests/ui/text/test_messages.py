"""Messages: the syntax, the catalogs, and that every call in the sources fits its message."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tools.paths import ROOT
from ui.text.messages import Html, MessageError, Template, message, message_html
from ui.text.messages.catalog import CATALOGS, texts

VECTORS = ROOT / "tests" / "vectors"
SOURCES = ["app.py", "pages", "server", "ui"]
FUNCTIONS = {"message", "message_html", "messageHtml"}


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    assert found
    return found


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
    for key, text in texts().items():
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", key), key
        assert text == text.strip(), key
        Template(text)


def test_no_key_is_written_twice() -> None:
    for path in CATALOGS.glob("*.json"):
        keys = re.findall(r'^\s*"([\w.]+)":', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(keys) == len(set(keys)), path.name


# --- Calls in the sources


class Call(NamedTuple):
    """A call of ``message`` with a literal key; ``names`` is None where not all values are named in the call."""

    place: str
    key: str
    names: frozenset[str] | None


def files(suffix: str) -> Iterator[Path]:
    for source in SOURCES:
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
            known = None if None in names else frozenset(name for name in names if name)
            for key in literals(node.args[0]):
                yield Call(f"{path.relative_to(ROOT)}:{node.lineno}", key, known)


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
    found = [(call.key, call.names) for call in script_calls(ROOT / "a.js", script + ' messageHtml(\n"a.e",\nvalues)')]
    assert found == [("a.b", frozenset()), ("a.c", {"n", "who"}), ("a.d", None), ("a.e", None)]


def test_every_call_fits_its_message_and_every_message_is_used() -> None:
    python = {path: path.read_text(encoding="utf-8") for path in files(".py")}
    scripts = {path: path.read_text(encoding="utf-8") for path in files(".js")}
    calls = [call for path, text in python.items() for call in python_calls(path, text)]
    calls += [call for path, text in scripts.items() for call in script_calls(path, text)]
    assert calls
    for call in calls:
        assert call.key in texts(), f"{call.place}: no message is called {call.key}"
        names = Template(texts()[call.key]).names
        assert call.names is None or call.names == names, f"{call.place}: {call.key} takes {sorted(names)}"
    sources = "\n".join([*python.values(), *scripts.values()])
    named = set(re.findall(r"""["']([a-z_]+\.[a-z0-9_]+)["']""", sources))
    assert texts().keys() - named == set(), "messages that nothing shows"
