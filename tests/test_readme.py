"""The README prints what it says, and every file and heading that the documents link exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kmeans_core import KMeans, RunConfig, make_dataset, run
from tools.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_readme_says() -> None:
    match = re.search(r"```python\n(.*?)```\s+prints\s+```\n(.*?)```", README, re.DOTALL)
    assert match
    example, expected = match.groups()
    process = subprocess.run([sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=True)
    assert process.stdout == expected


def test_the_same_points_end_the_same_through_every_front_door(tmp_path: Path) -> None:
    """Two results beside each other in the README were those of different starts and limits."""
    points, _ = make_dataset("post", seed=0)
    np.savetxt(tmp_path / "points.csv", points, delimiter=",", fmt="%.17g")
    command = re.search(r"^python -m kmeans_core (points.csv .*?) --labels", README, re.MULTILINE)
    assert command
    arguments = [
        sys.executable,
        "-m",
        "kmeans_core",
        *command[1].replace("points.csv", str(tmp_path / "points.csv")).split(),
    ]
    report = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    trace = run(points, RunConfig(k=6, rule="medoid"))
    assert f"Sum of distances: {trace.cost:.6g}" in report
    assert trace.stop_sentence in report
    assert f"Cost: {trace.cost:.1f}" in README
    # KMeans draws its seed; from the same seed it is the same run.
    config = KMeans(6, rule="medoid", random_state=0).fit(points).trace_.config
    assert config == RunConfig(k=6, rule="medoid", seed=config.seed)


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_every_file_that_a_document_links_exists(document: Path) -> None:
    files = re.findall(r"\]\((?!http)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [file for file in files if not (document.parent / file).exists()]
    headings = {
        path: {_anchor(line) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")}
        for path in {document.parent / file for file in files if file.endswith(".md")}
    }
    for file, anchor in re.findall(r"\]\(([^)#]+)#([^)]+)\)", document.read_text(encoding="utf-8")):
        assert anchor in headings[document.parent / file], f"{file} has no heading #{anchor}"


def test_the_readme_leads_to_every_document() -> None:
    linked = set(re.findall(r"\]\((docs/[\w-]+\.md)", README))
    assert linked == {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}


def _anchor(heading: str) -> str:
    """Return the anchor that a Markdown heading gets."""
    return re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")
