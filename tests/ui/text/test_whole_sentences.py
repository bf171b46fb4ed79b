"""No sentence of the screen is assembled in code: each is one message, which chooses its words by plural and select."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT
from ui.text.messages import CATALOG

# These write code and names of files, not sentences.
WITHOUT_SENTENCES = {
    "ui/export/notebook_code.py",
    "ui/export/run_files.py",
    "ui/player/assets.py",
    "ui/player/bundle.py",
    "ui/player/declarations.py",
    "ui/text/file_names.py",
}
CASE_CHANGES = {"capitalize", "lower", "swapcase", "title", "upper"}
TAG = re.compile(r"<[^<>]*>|[\w-]+=\"[^\"]*\"")
WORD_BESIDE_SPACE = re.compile(r"[^\W\d_]{2,}\s|\s[^\W\d_]{2,}")
BETWEEN_ITEMS = re.compile(r"\s*[,;]\s+|\s+(and|or)\s+")


def fragments(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each place in Python source that assembles a text for people, and what it does."""
    tree = ast.parse(source)
    errors = {
        id(node) for parent in ast.walk(tree) if isinstance(parent, ast.Raise | ast.Assert) for node in ast.walk(parent)
    }
    for node in ast.walk(tree):
        if id(node) not in errors and (problem := _problem(node)):
            yield getattr(node, "lineno", 0), problem


def _problem(node: ast.AST) -> str:  # noqa: PLR0911
    """What a node does with words, if it is not for a message to do."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[]) if name in CASE_CHANGES:
            return "changes the case of a word"
        case ast.Attribute(value=ast.Name(id="str"), attr=name) if name in CASE_CHANGES:
            return "changes the case of a word"
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="join")):
            return "joins a list" if BETWEEN_ITEMS.fullmatch(text) else ""
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return "puts values between words" if _has_words(text) else ""
        case ast.JoinedStr(values=values):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)
            return "puts values between words" if "{}" in text and _has_words(text) else ""
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            texts = [part.value for part in (left, right) if isinstance(part, ast.Constant)]
            return (
                "adds words"
                if any(isinstance(text, str) and (_has_words(text) or text == "s") for text in texts)
                else ""
            )
        case ast.Call(func=ast.Name(id="message" | "message_html"), keywords=keywords):
            inner = {ast.unparse(keyword.value.func) for keyword in keywords if isinstance(keyword.value, ast.Call)}
            return "puts a message into a message" if inner & {"message", "message_html"} else ""
    return ""


def _has_words(text: str) -> bool:
    return bool(WORD_BESIDE_SPACE.search(TAG.sub("", text)))


@pytest.mark.parametrize("folder", ["pages", "ui"])
def test_no_python_assembles_a_sentence(folder: str) -> None:
    paths = [path for path in sorted((ROOT / folder).rglob("*.py")) if _name(path) not in WITHOUT_SENTENCES]
    assert paths
    problems = [
        f"{_name(path)}:{line} {problem}"
        for path in paths
        for line, problem in fragments(path.read_text(encoding="utf-8"))
    ]
    assert problems == []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_exception_is_needed() -> None:
    assert [
        name for name in sorted(WITHOUT_SENTENCES) if not any(fragments((ROOT / name).read_text(encoding="utf-8")))
    ] == []


@pytest.mark.parametrize(
    "line",
    [
        "noun = title.lower()",
        "noun = title[0].lower() + title[1:]",
        "heading = phase.capitalize()",
        "text = ', '.join(names)",
        "text = ' and '.join(names)",
        "text = f'{count} points switched'",
        "text = f'<b>{count}</b> points'",
        "text = 'point' + 's'",
        "text = 'after ' + step",
        "text = '{} points'.format(count)",
        "text = '%d points' % count",
        "text = message('a.b', what=message('a.c'))",
    ],
)
def test_an_assembled_sentence_is_found(line: str) -> None:
    assert list(fragments(line))


@pytest.mark.parametrize(
    "line",
    [
        "raise ValueError(f'the shape must be {shape}')",
        "html = f'<p class=\"finding\">{text}</p>'",
        "text = f'{sentence} {next_sentence}'",
        "text = ' '.join(sentences)",
        "text = f'{name}-{number}.csv'",
        "text = message('a.b', count=len(points))",
    ],
)
def test_what_is_no_sentence_is_not_found(line: str) -> None:
    assert not list(fragments(line))


def test_no_message_glues_letters_to_a_value() -> None:
    glued = re.compile(r"\}[^\W\d_]|[^\W\d_]\{(?=\w+(\}|, number))")
    assert [key for key, text in CATALOG.texts.items() if glued.search(text)] == []
