"""What the README promises to print is what is printed, and its pictures are there."""

from __future__ import annotations

import re
import subprocess
import sys

from tools.running import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_readme_says() -> None:
    match = re.search(r"```python\n(.*?)```\s+prints\s+```\n(.*?)```", README, re.DOTALL)
    assert match
    example, expected = match.groups()
    done = subprocess.run([sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == expected


def test_every_file_that_it_shows_or_links_exists() -> None:
    files = re.findall(r"\]\((?!http)([^)#]+)", README)
    assert len(files) >= 4
    assert not [file for file in files if not (ROOT / file).exists()]
