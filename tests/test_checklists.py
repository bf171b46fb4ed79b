"""Follow each checklist of CONTRIBUTING.md in a copy of the repository, and use what was added."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.paths import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("app.py", "kmeans_core", "kmeans_tables", "pages", "server", "static", "ui", ".streamlit")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a checklist: text for a file, above or below a line or instead of a text; or a new file."""

    file: str
    place: str
    anchor: str
    text: str

    def apply(self, folder: Path) -> None:
        """Change the file in a copy of the repository as the step says."""
        path = folder / self.file
        if self.place == "create":
            assert not path.exists(), f"{self.file} exists already"
            path.write_text(self.text, encoding="utf-8")
            return
        source = path.read_text(encoding="utf-8")
        if self.place == "instead of":
            assert self.anchor in source, f"{self.file} has no {self.anchor!r}"
            path.write_text(source.replace(self.anchor, self.text.strip("\n")), encoding="utf-8")
            return
        lines = source.splitlines(keepends=True)
        at = self._line(lines) + (self.place == "below")
        path.write_text("".join([*lines[:at], self.text, *lines[at:]]), encoding="utf-8")

    def _line(self, lines: list[str]) -> int:
        """Return the index of the line that is the anchor, or else of the one that contains it."""
        whole = [number for number, line in enumerate(lines) if line.strip() == self.anchor]
        numbers = whole or [number for number, line in enumerate(lines) if self.anchor in line]
        assert len(numbers) == 1, f"{self.file} has {self.anchor!r} in {len(numbers)} lines, not in one"
        return numbers[0]


HEADS = (
    re.compile(r"In `(?P<file>[^`]+)`, (?P<place>above|below|instead of) `(?P<anchor>[^`]+)`,? "),
    re.compile(r"Create `(?P<file>[^`]+)`(?P<place>)(?P<anchor>)"),
)


def _section(title: str) -> str:
    """Return the text below a heading of CONTRIBUTING.md."""
    section = re.search(rf"^### {re.escape(title)}\n(.*?)(?=^##|\Z)", CONTRIBUTING, re.MULTILINE | re.DOTALL)
    assert section, f"CONTRIBUTING.md has no section {title!r}"
    return section[1]


def _steps(title: str) -> list[Step]:
    """Read the numbered steps below a heading of CONTRIBUTING.md, each a sentence and a block of code."""
    section, steps = _section(title), []
    for step in re.finditer(r"^\d+\. (.*?):\n *```\w*\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL):
        head = " ".join(step[1].split()) + " "
        head_match = next((match for pattern in HEADS if (match := pattern.match(head))), None)
        assert head_match, f"{title}: cannot follow {head!r}"
        # The code is indented by three spaces, as it belongs to an item of the list.
        text = re.sub(r"^ {3}", "", step[2], flags=re.MULTILINE)
        steps.append(Step(head_match["file"], head_match["place"] or "create", head_match["anchor"], text))
    assert len(steps) == len(re.findall(r"^\d+\. ", section, re.MULTILINE)) > 0, f"{title}: a step without code"
    return steps


USES = {
    "Add an initializer": """
        from kmeans_core import RunConfig, run

        trace = run([[0.0], [9.0], [1.0]], RunConfig(k=2, init="first-points"))
        assert trace[0].centers.tolist() == [[0.0], [9.0]]
        open_app(init="first-points").assert_shown()
    """,
    "Add a dataset": """
        from kmeans_core import make_dataset

        points, truth = make_dataset("cross", seed=0)
        assert points.shape == (500, 2) and set(truth.tolist()) == {0, 1}
        app = open_app(data="cross", noise="0.1")
        app.assert_shown()
        assert app.slider("cross.noise").value == 0.1
        assert decode({"data": "cross"})[0].sizes == (("points", 500), ("noise", 0.08))
    """,
    "Add a rule": """
        from kmeans_core import RunConfig, make_dataset, run

        points, _ = make_dataset("post", seed=0)
        costs = [step.cost for step in run(points, RunConfig(k=6, rule="deviation"))[1:]]
        assert costs == sorted(costs, reverse=True)
        open_app(rule="deviation").assert_shown()
    """,
    "Add an engine": """
        import numpy as np
        from kmeans_core import RunConfig, make_dataset, run

        points, _ = make_dataset("post", seed=0)
        ours, reference = (run(points, RunConfig(k=6, backend=name)) for name in ("blocked", "numpy"))
        assert all(np.array_equal(a.labels, b.labels) for a, b in zip(ours[1:], reference[1:], strict=True))
        open_app(backend="blocked").assert_shown()
    """,
    "Add a setting": """
        from dataclasses import replace
        from ui.analyses.sweep.swept_settings import swept_settings
        from ui.settings.definitions import CONTROLS
        from ui.settings.record import POST
        from ui.settings.undo import Change, revert

        loose = replace(POST, tolerance=0.3)
        assert encode(loose)["tolerance"] == "0.3" and decode(encode(loose)) == (loose, [])
        assert decode({"tolerance": "7"})[1] == ["Tolerance must be a number from 0 to 1, not “7”. It is 0.0 instead."]
        assert not loose.has_run_of(POST) and loose.has_points_of(POST)
        assert loose.canonical(["tolerance"]) == POST
        assert revert(Change(POST, loose), replace(loose, max_iter=9)) == replace(POST, max_iter=9)
        assert CONTROLS["tolerance"] == "Tolerance" and 0.5 in swept_settings(POST)["tolerance"].values
        app = open_app(tolerance="0.3")
        app.assert_shown()
        slider = app.slider("tolerance")
        assert (slider.label, slider.value, slider.disabled) == ("Tolerance", 0.3, False)
        slider.set_value(0.5)
        app.run()
        assert app.query["tolerance"] in ("0.5", ["0.5"])
        assert open_app(tolerance="0.3", lock="tolerance").slider("tolerance").disabled
    """,
    "Add a page": """
        app = open_app("pages/speed.py")
        app.assert_shown()
        finding = app.html.partition('<p class="finding" role="status">')[2]
        assert finding.startswith("The run takes "), finding
        assert "How fast does it converge?" in [link.proto.label for link in app.tester.get("page_link")]
    """,
    "Add a sentence": """
        from ui.text.messages import message

        assert message("shell.visitors", count=0) == "Nobody is here."
        assert message("shell.visitors", count=3) == "3 people are here."
    """,
}

PREAMBLE = """
from streamlit.testing.v1 import AppTest
from ui.settings.links import decode, encode


class open_app:
    def __init__(self, page="app.py", **link):
        self.tester = AppTest.from_file("app.py", default_timeout=60)
        if page != "app.py":
            self.tester.switch_page(page)
        self.tester.query_params.update({"data": "post", "points_per_blob": "20"} | link)
        self.run()

    def run(self):
        self.tester.run()
        assert not self.tester.exception, self.tester.exception

    def assert_shown(self):
        assert not self.tester.error and not self.tester.warning, self.tester.warning
        assert self.query

    def slider(self, key):
        return self.tester.slider(key=key)

    @property
    def query(self):
        return self.tester.query_params

    @property
    def html(self):
        return " ".join(str(element.proto.body) for element in self.tester.get("html"))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code that a checklist may change."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "player-*"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("title", USES)
def test_the_checklist_is_enough(title: str, copy: Path) -> None:
    for step in _steps(title):
        step.apply(copy)
    process = subprocess.run(
        [sys.executable, "-c", PREAMBLE + textwrap.dedent(USES[title])],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]


def test_every_checklist_is_followed() -> None:
    assert re.findall(r"^### (Add .+)$", CONTRIBUTING, re.MULTILINE) == list(USES)
