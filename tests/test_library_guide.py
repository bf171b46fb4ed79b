"""docs/library.md prints what it says, and its reference has every public name of the library, described."""

from __future__ import annotations

import ast
import inspect
import io
import re
from contextlib import redirect_stdout
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import kmeans_core
from tools.paths import ROOT

GUIDE = (ROOT / "docs/library.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^\.\. auto(\w+):: (kmeans_core[\w.]*)\.(\w+)$", GUIDE, re.MULTILINE)


def test_the_example_prints_what_the_guide_says() -> None:
    match = re.search(r"```python\n(.*?)```\s+prints\s+```\n(.*?)```", GUIDE, re.DOTALL)
    assert match
    example, expected = match.groups()
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(example, "docs/library.md", "exec"), {})
    assert output.getvalue() == expected


def test_the_reference_has_every_public_name_once() -> None:
    names = [name for _, _, name in ENTRIES]
    assert sorted(names) == sorted(kmeans_core.__all__)


def described_variables(file: Path) -> set[str]:
    """Return the names of the variables of a module that a string follows, which Sphinx takes for a description."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    names = set()
    for node, following in pairwise(body):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_every_public_name_is_described() -> None:
    for kind, module_name, name in ENTRIES:
        module = import_module(module_name)
        content = getattr(module, name)
        assert content is getattr(kmeans_core, name)
        if kind == "data":
            assert name in described_variables(Path(str(module.__file__))), f"{name} has no description"
        else:
            # A dataclass without any gets its signature, and an enumeration that of its base.
            text = vars(content).get("__doc__") if inspect.isclass(content) else content.__doc__
            assert text, f"{name} has no description"
            assert not text.startswith(f"{name}("), f"{name} has no description"
