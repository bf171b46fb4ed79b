"""Names in Python say what they hold: no pronoun, no participle, no word that could stand for anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT

TESTS = sorted((ROOT / "tests").iterdir())
FOLDERS = ("benchmarks", "kmeans_core", "kmeans_step_by_step", "kmeans_tables", "pages", "server", "tools", "ui")
PLACES = [ROOT / "app.py", ROOT / "serve.py", *(ROOT / folder for folder in FOLDERS), *TESTS]

# Words that hide what a name holds, as a whole name; as part of one (``is_known``, ``other_seed``) they may be clear.
PRONOUNS = {"it", "its", "one", "own", "ours", "theirs", "them", "they", "these", "those", "this", "what", "which"}
PRONOUNS |= {"who", "whom"}
PARTICIPLES = {"asked", "brought", "chosen", "done", "drawn", "found", "given", "gone", "kept", "known", "lost", "made"}
PARTICIPLES |= {"meant", "put", "said", "seen", "sent", "shown", "taken", "told", "wanted"}
VAGUE = {"both", "everything", "others", "some", "stuff", "there", "thing", "way", "wrong"}
WORDS = PRONOUNS | PARTICIPLES | VAGUE

# Public names, which callers and files use.
PUBLIC = {("kmeans_core/run_config.py", "given"), ("kmeans_core/seeding.py", "given")}


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every function, class, parameter, and variable, and of attributes that are set."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def vague_names(text: str) -> list[tuple[int, str]]:
    """Return the line and the name of each word that names something in a source."""
    return [(line, name) for line, name in names_in(ast.parse(text)) if name.strip("_").lower() in WORDS]


def test_vague_names_are_noticed() -> None:
    text = """
class Thing:
    def kept(self, *others, told=1, is_known=2):
        self._shown = [one for one in others]
        for at, (what, other_seed) in self.found():
            GIVEN = told
"""
    expected = {"Thing", "kept", "others", "told", "_shown", "one", "what", "GIVEN"}
    assert {name for _, name in vague_names(text)} == expected


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_no_name_is_a_pronoun_or_a_participle(place: Path) -> None:
    files = [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))
    vague = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in files
        for line, name in vague_names(file.read_text(encoding="utf-8"))
        if (file.relative_to(ROOT).as_posix(), name) not in PUBLIC
    ]
    assert not vague, "\n".join(vague)
