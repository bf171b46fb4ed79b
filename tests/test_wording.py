"""Tests ask for messages by key instead of repeating their words, so that rewording breaks only the golden files."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.message_patterns import message_parts, pieces
from tests.ui.text.test_messages import TEXTS
from tools.paths import ROOT

RUN = 6
"""So many words in a row that a message has, too, are its words; tests may share shorter turns of phrase."""

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")

# Comments, strings, with the function that they are the first argument of, and regular expressions.
_SCRIPT_STRING = re.compile(
    r"""//[^\n]*|/\*[\s\S]*?\*/|(?:(\w+)\(\s*)?(["`])((?:(?!\2)[^\\]|\\.)*)\2|(?<=[(\s])/((?:[^/\\\n]|\\.)+)/"""
)
_SCRIPT_VALUE = re.compile(r"\$\{[^}]*\}")

# Functions whose first argument is a key, and those that look for words on the screen.
LOOKUPS = {"message", "message_html", "message_pattern"}
LOCATORS = {"get_by_label", "get_by_role", "get_by_text", "filter", "to_contain_text", "to_have_text"}


def words_of(text: str) -> str:
    return " ".join(_WORD.findall(_TAG.sub(" ", text)))


def runs_of(words: str) -> set[str]:
    """Return each run of ``RUN`` words."""
    parts = words.split()
    return {" ".join(parts[start : start + RUN]) for start in range(len(parts) - RUN + 1)}


class Wording:
    """All words of the catalogs.

    Attributes
    ----------
    messages : set of str
        Messages without a placeholder.
    pieces : set of str
        Parts of messages, of at least three words.
    runs : set of str
        Each run of ``RUN`` words.
    """

    def __init__(self) -> None:
        parts = [words_of(piece) for text in TEXTS.values() for piece in pieces(message_parts(text))]
        self.messages = {words_of(text) for text in TEXTS.values() if "{" not in text}
        self.pieces = {piece for piece in parts if piece.count(" ") > 1}
        self.runs = set[str]().union(*map(runs_of, parts))
        self._text = "\n".join(f" {piece} " for piece in parts)

    def holds(self, literal: Literal) -> bool:
        """Return whether a literal repeats words of the screen; one word does if the test looks for it there."""
        words = words_of(literal.text)
        if " " not in words:
            return literal.on_screen and words in self.messages
        if literal.on_screen and f" {words} " in self._text:
            return True
        return words in self.messages or words in self.pieces or not self.runs.isdisjoint(runs_of(words))


class Literal(NamedTuple):
    """A string in a test; ``on_screen`` if the test looks for it there."""

    line: int
    text: str
    on_screen: bool


def constants(tree: ast.AST) -> dict[ast.Constant, str]:
    """Return the strings in a part of a file by their nodes."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node: node.value for node in nodes if isinstance(node.value, str)}


def function_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literals(tree: ast.Module) -> list[Literal]:
    """Return the strings of a file, except docstrings, the reasons of assertions, and keys."""
    prose: set[ast.Constant] = set()
    values: set[ast.Constant] = set()
    on_screen: set[ast.Constant] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            prose.add(node.value)
        elif isinstance(node, ast.Assert) and node.msg is not None:
            prose.update(constants(node.msg))
        elif isinstance(node, ast.Call) and function_name(node) in LOOKUPS:
            prose.update(constants(node.args[0]))
            values.update(constants(node))
        elif isinstance(node, ast.Call) and function_name(node) in LOCATORS:
            on_screen.update(argument for part in (*node.args, *node.keywords) for argument in constants(part))
    on_screen -= values
    return [
        Literal(node.lineno, text, node in on_screen) for node, text in constants(tree).items() if node not in prose
    ]


def script_literals(text: str) -> list[Literal]:
    """Return the strings of a script, except the names of tests and keys."""
    return [
        Literal(text.count("\n", 0, string.start()) + 1, piece, on_screen=False)
        for string in _SCRIPT_STRING.finditer(text)
        if string[1] not in {"test", "message", "messageHtml"}
        for piece in _SCRIPT_VALUE.split(string[3] or string[4] or "")
    ]


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording()


def test_repeated_words_are_noticed(wording: Wording) -> None:
    tree = ast.parse(
        """
def test_settings(page):
    "Number of clusters K"
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name=message("predict.skip")).click()
    page.get_by_text("of random clusters")
    assert text == f"You said {truth}, but no point switched cluster: it is done."
    assert label == "Number of clusters K", "Number of clusters K"
    assert label == "Skip"
"""
    )
    assert sorted(literal.line for literal in literals(tree) if wording.holds(literal)) == [4, 6, 7, 8]


def test_repeated_words_are_noticed_in_scripts(wording: Wording) -> None:
    script = """
test("Number of clusters K", () => {
  assert.equal(label, message("settings.k_title"));
  assert.equal(label, "Number of clusters K");
  assert.match(text, `${count} in cluster ${cluster}. None of its points has ever switched cluster.`);
});
"""
    assert [literal.line for literal in script_literals(script) if wording.holds(literal)] == [4, 5]


FOLDERS = [
    ROOT / "benchmarks",
    ROOT / "tools",
    *sorted(path for path in (ROOT / "tests").iterdir() if path.suffix == ".py" or any(path.rglob("*.py"))),
]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_no_test_repeats_words_of_the_screen(folder: Path, wording: Wording) -> None:
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    repetitions = []
    for path in paths:
        if path.suffix not in {".js", ".py"} or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        strings = literals(ast.parse(text)) if path.suffix == ".py" else script_literals(text)
        name = path.relative_to(ROOT)
        repetitions += [f"{name}:{literal.line}: {literal.text!r}" for literal in strings if wording.holds(literal)]
    assert not repetitions, "\n".join(repetitions)
