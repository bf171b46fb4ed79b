"""The lines of ``kmeans_core`` that ran in a half-step, read from the source itself, so that they can't go stale.

Which functions to show is said here by name, and which of their lines are the heart of it by a few words of each. A
name or words that are no longer there raise a ``LookupError``; a test asks for all of them.
"""

from __future__ import annotations

import ast
import inspect
import io
import keyword
import textwrap
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import kmeans_core
from kmeans_core import BACKENDS, INITIALISERS, RULES, Phase, RunConfig, Trace

Piece = tuple[str, str]
"""A piece of a line, and what it is: ``keyword``, ``text``, ``number``, ``comment``, or nothing of note."""

Target = tuple[str, tuple[str, ...]]
"""A function's name in its module, and words of the lines to mark."""

_ROOT: Final = Path(kmeans_core.__file__).resolve().parent.parent

_LOOP: Final[dict[str, Target]] = {
    # kind of half-step: the function that makes it happen, and words of the lines that do
    "init": ("init", ("INITIALISERS[problem.config.init].place(",)),
    "first": ("_alternate", ("step = assign(problem, placed, active)",)),
    "refine": ("_alternate", ("step = refine(problem, step, active)",)),
    "assign": ("_alternate", ("step = assign(problem, step, active)",)),
    "end": ("_alternate", ("step = assign(problem, step, active)", "if converged(step):", "return")),
    "move": ("branch", ("move = Step(Phase.MOVE", "_alternate(problem, move")),
}
_ASSIGN: Final[dict[str, tuple[Target, ...]]] = {
    "numpy": (("NumpyEngine.assign", ("distances_to(", ".argmin(")),),
    "tensorflow": (
        (
            "graphs.nearest_center",
            ("summed_terms(distance, columns, centers[center])", "nearer =", "return center + 1"),
        ),
    ),
}
_NUMPY_EACH: Final[Target] = ("_centers_by_cluster", ("centers[cluster] = ",))
_TENSORFLOW_EACH: Final[Target] = ("graphs.for_each_cluster", ("tf.gather(columns", "center(members)"))
_REFINE: Final[dict[str, dict[str, tuple[Target, ...]]]] = {
    "numpy": {
        "mean": (("_means", ("np.bincount(places", "summands.means(")),),
        "medoid": (_NUMPY_EACH, ("medoid_index", ("rest = _rule_out(", '"euclidean")', "sums[some] =", "return int("))),
        "median": (_NUMPY_EACH, ("median", ("np.median(",))),
    },
    "tensorflow": {
        "mean": (("graphs.cluster_sums", ("return",)), ("_Means.__call__", (".means(",))),
        "medoid": (
            _TENSORFLOW_EACH,
            ("graphs.medoid.medoid_index", ("_rule_out(", "_sum_plainly(", "return tf.reduce_min(")),
        ),
        "median": (_TENSORFLOW_EACH, ("graphs.median", ("return (values",))),
    },
}
_EMPTY: Final[dict[str, Target]] = {
    "keep": ("refine", ("counts[:, None] > 0",)),
    "farthest": ("relocate_empty", ("centers[empty] =",)),
    "drop": ("active_after", ("active[dropped] = False",)),
}
_INIT: Final[dict[str, tuple[Target, ...]]] = {
    "random": (("random_points", ("return",)),),
    "k-means++": (
        ("k_means_plus_plus", ("seeding.rng.choice(",)),
        ("_draw_centers", ("np.minimum(", "chosen.append(")),
    ),
    "greedy-k-means++": (
        ("greedy_k_means_plus_plus", ("drawn = seeding.rng.choice(", "np.minimum(", "return int(")),
        ("_draw_centers", ("np.minimum(", "chosen.append(")),
    ),
    "farthest": (("farthest_points", ("np.argmax(",)), ("_draw_centers", ("np.minimum(", "chosen.append("))),
    "partition": (("random_partition", ("rng.integers(", "engine.refine(")),),
    "given": (("given_centers", ("return",)),),
}


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
        Without docstring and common indentation.
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
    return "end" if index == len(trace) - 1 and not step.moved else "assign"


@cache
def _code(rule: str, init: str, empty: str, backend: str) -> dict[str, tuple[Excerpt, ...]]:
    """Return the excerpts of each kind of half-step; the backend's module must be importable."""
    loop = {kind: _excerpts("kmeans_core.kmeans", (target,)) for kind, target in _LOOP.items()}
    assign = _excerpts(BACKENDS[backend].module, _ASSIGN[backend])
    refine = _excerpts(BACKENDS[backend].module, _REFINE[backend][RULES[rule].center])
    starts = _excerpts(INITIALISERS[init].place.__module__, _INIT[init])
    return {
        "init": loop["init"] + starts,
        "first": loop["first"] + assign,
        "refine": loop["refine"] + refine,
        "empty": loop["refine"] + refine + _excerpts("kmeans_core.kmeans", (_EMPTY[empty],)),
        "assign": loop["assign"] + assign,
        "end": loop["end"] + assign,
        "move": loop["move"],
    }


def code_of(config: RunConfig) -> dict[str, tuple[Excerpt, ...]]:
    """Return what ran in each kind of half-step of such a run: the loop's own lines, then what they called.

    Raises
    ------
    LookupError
        If a function, or a line that is to be marked, is no longer in the source.
    """
    return _code(config.rule, config.init, config.empty, config.backend)


def _excerpts(module: str, targets: Sequence[Target]) -> tuple[Excerpt, ...]:
    return tuple(_excerpt(*_lines_of(module, name), words) for name, words in targets)


def _excerpt(file: str, name: str, lines: Sequence[str], words: Sequence[str]) -> Excerpt:
    """Tint the lines and mark those that hold the words."""
    for word in words:
        if not any(word in line for line in lines):
            raise LookupError(f"{name} in {file} has no line with {word!r}")
    marked = tuple(at for at, line in enumerate(lines) if any(word in line for word in words))
    return Excerpt(file, name, tuple(tuple(pieces) for pieces in _tinted(lines)), marked)


def _lines_of(module: str, name: str) -> tuple[str, str, list[str]]:
    """Return the file, the name and the lines of a function that a module has, or imports.

    Raises
    ------
    LookupError
        If it has none of that name.
    """
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    if not inspect.isfunction(found):
        raise LookupError(f"{module} has no function {name}")
    file = Path(inspect.getfile(found)).resolve().relative_to(_ROOT).as_posix()
    return file, found.__qualname__, _without_docstring(found)


def _without_docstring(function: Callable[..., Any]) -> list[str]:
    """Return the lines of a function's source, not indented, without its docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    lines = source.splitlines()
    body = ast.parse(source).body[0]
    assert isinstance(body, ast.FunctionDef)
    first = body.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        rest = lines[first.end_lineno :]
        while rest and not rest[0].strip():
            del rest[0]
        return lines[: first.lineno - 1] + rest
    return lines


def _tinted(lines: Sequence[str]) -> Iterator[list[Piece]]:
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
