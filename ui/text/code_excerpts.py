"""The lines of ``kmeans_core`` that ran in a half-step, read from the source itself, so that they can't go stale.

A comment ``# excerpt: KEY`` after a statement of the core, or on the line before it, marks that statement; several keys
stand side by side. An excerpt is a function with its marked lines. The keys are

- ``init``, ``assign.first``, ``refine``, ``assign``, ``end``, ``move``: the loop's own lines;
- ``init.NAME``: an initializer; ``empty.NAME``: a policy for empty clusters;
- ``BACKEND.assign`` and ``BACKEND.CENTER``: an engine's half-steps;
- ``textbook.init``, ``textbook.assign``, ``textbook.refine``, ``textbook.end``: the algorithm in its textbook form.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import kmeans_core
from kmeans_core import BACKENDS, RULES, Phase, RunConfig, Trace
from ui.text.source_trees import source_tree

Piece = tuple[str, str]
"""A piece of a line, and what it is: ``keyword``, ``text``, ``number``, ``comment``, or nothing of note."""

_CORE: Final = Path(kmeans_core.__file__).resolve().parent
_MARK: Final = re.compile(r"\s*# excerpt: ([\w.+ -]+)$")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of one function.

    Attributes
    ----------
    file : str
        Path from the folder that holds the package.
    function : str
        Its name, with its class if it has one.
    lines : tuple of tuple of Piece
        Without docstring, markers, and common indentation.
    marked : tuple of int
        Which of the lines are the heart of it, from 0.
    """

    file: str
    function: str
    lines: tuple[tuple[Piece, ...], ...]
    marked: tuple[int, ...]


def kind_of(trace: Trace, index: int) -> str:
    """Return the key of ``code_of`` for half-step ``index``."""
    step = trace[index]
    if step.phase is Phase.REFINE:
        return "empty" if step.relocated else "refine"
    if step.phase is not Phase.ASSIGN:
        return step.phase.value
    if trace[index - 1].compact_labels is None:
        return "first"
    return "end" if index == len(trace) - 1 and not step.reassigned else "assign"


def code_of(config: RunConfig) -> dict[str, tuple[Excerpt, ...]]:
    """Return the code of each kind of half-step of such a run: first the algorithm in its textbook form.

    Then what ran: the loop's own lines, and what they called.

    Raises
    ------
    LookupError
        If the core has no lines that are marked for one of them.
    """
    return _code(config.rule, config.init, config.empty, config.backend)


@cache
def _code(rule: str, init: str, empty: str, backend: str) -> dict[str, tuple[Excerpt, ...]]:
    assign, refine = f"{backend}.assign", f"{backend}.{RULES[rule].center}"
    keys = {
        "init": ("init", f"init.{init}"),
        "first": ("assign.first", assign),
        "refine": ("refine", refine),
        "empty": ("refine", refine, f"empty.{empty}"),
        "assign": ("assign", assign),
        "end": ("end", assign),
        "move": ("move",),
    }
    return {
        kind: (*_textbook(rule, kind), *(excerpt for key in excerpt_names for excerpt in _excerpts(key)))
        for kind, excerpt_names in keys.items()
    }


def _textbook(rule: str, kind: str) -> list[Excerpt]:
    """Return the rule's algorithm, if it is written, with its lines of a kind of half-step; an edit is none of them."""
    key = {"init": "init", "move": "init", "end": "end", "refine": "refine", "empty": "refine"}.get(kind, "assign")
    excerpts = [excerpt for excerpt in _excerpts(f"textbook.{key}") if excerpt.function == f"k_{rule}s"]
    return [replace(excerpt, marked=()) if kind == "move" else excerpt for excerpt in excerpts]


def _excerpts(key: str) -> tuple[Excerpt, ...]:
    """Return the functions with lines marked by a key, callers first.

    Raises
    ------
    LookupError
        If there are none.
    """
    if key not in _marked_functions():
        raise LookupError(f"no line of kmeans_core is marked '# excerpt: {key}'")
    return tuple(function.excerpt(key) for function in _marked_functions()[key])


# --- Functions with markers


class _Function:
    """A function of the core with its lines as they are shown, and which of them each key marks."""

    def __init__(self, file: str, name: str, node: ast.FunctionDef, source: Sequence[str]) -> None:
        self.file, self.name = file, name
        self.marks: dict[str, set[int]] = {}
        self._lines: list[str] = []
        line_numbers: dict[int, int] = {}
        for number in _numbers_of(node):
            line = source[number - 1]
            mark = _MARK.search(line)
            if mark and not line[: mark.start()].strip():
                continue
            line_numbers[number] = len(self._lines)
            self._lines.append(_MARK.sub("", line)[node.col_offset :])
        for number, keys in _marks_of(node, source):
            for key in keys:
                self.marks.setdefault(key, set()).update(
                    line_numbers[at] for at in _lines_of_statement(node, number) if at in line_numbers
                )

    def excerpt(self, key: str) -> Excerpt:
        lines = tuple(tuple(pieces) for pieces in _tint(self._lines))
        return Excerpt(self.file, self.name, lines, tuple(sorted(self.marks[key])))


@cache
def _marked_functions() -> Mapping[str, Sequence[_Function]]:
    """Return the functions of each key: first those of the engines' own modules, which call the others."""
    engines = {_CORE.parent.joinpath(*backend.module.split(".")).with_suffix(".py") for backend in BACKENDS.values()}
    functions: dict[str, list[_Function]] = {}
    for path in sorted(_CORE.rglob("*.py"), key=lambda path: (path not in engines, path)):
        source = path.read_text(encoding="utf-8")
        if "# excerpt: " not in source:
            continue
        file = path.relative_to(_CORE.parent).as_posix()
        for name, node in _functions(source_tree(source)):
            function = _Function(file, name, node, source.splitlines())
            for key in function.marks:
                functions.setdefault(key, []).append(function)
    return functions


def _functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions of a module, and the methods of its classes, with their names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield f"{prefix}{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _numbers_of(node: ast.FunctionDef) -> Iterator[int]:
    """Yield the numbers of a function's lines without its docstring."""
    first = node.body[0]
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    docstring = range(0)
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        docstring = range(first.lineno, (node.body[1].lineno if len(node.body) > 1 else node.end_lineno or 0))
    assert node.end_lineno is not None
    yield from (number for number in range(start, node.end_lineno + 1) if number not in docstring)


def _marks_of(node: ast.FunctionDef, source: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the keys of each marker in a function, with the number of a line of the statement that it marks."""
    for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
        line = source[number - 1]
        if mark := _MARK.search(line):
            alone = not line[: mark.start()].strip()
            yield number + alone, mark[1].split()


def _lines_of_statement(node: ast.FunctionDef, number: int) -> range:
    """Return the lines of the innermost statement around a line; of one that holds others, those before them."""
    statements = (
        child
        for child in ast.walk(node)
        if isinstance(child, ast.stmt) and child.lineno <= number <= (child.end_lineno or child.lineno)
    )
    statement = max(statements, key=lambda child: child.lineno)
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, last + 1)


# --- Tints


def _tint(lines: Sequence[str]) -> Iterator[list[Piece]]:
    """Split each line into pieces that are tinted alike; joined, they are the line again."""
    ends: dict[int, list[tuple[int, int, str]]] = {}
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
        (row, start), (last, end) = token.start, token.end
        if row == last:
            ends.setdefault(row - 1, []).append((start, end, _look(token)))
    for row, line in enumerate(lines):
        pieces: list[Piece] = []
        at = 0
        for start, end, look in ends.get(row, []):
            for text, its_look in ((line[at:start], ""), (line[start:end], look)):
                if pieces and (its_look == pieces[-1][1] or not text.strip()):
                    pieces[-1] = (pieces[-1][0] + text, pieces[-1][1])
                elif text:
                    pieces.append((text, its_look))
            at = end
        yield pieces


def _look(token: tokenize.TokenInfo) -> str:
    """Return what a token is, as far as it shows."""
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        return "keyword"
    return {tokenize.COMMENT: "comment", tokenize.NUMBER: "number"}.get(
        token.type, "text" if token.type not in _NO_TEXT and token.string[-1:] in "\"'" else ""
    )


_NO_TEXT: Final = {
    tokenize.OP,
    tokenize.NAME,
    tokenize.NEWLINE,
    tokenize.NL,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
