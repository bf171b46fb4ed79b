"""The one test that pins the wording; ``golden_wording.py`` says how to rewrite its file."""

from __future__ import annotations

from tests.ui.text.golden_wording import FILE, golden_text


def test_wording_is_that_of_the_golden_file() -> None:
    assert golden_text().splitlines() == FILE.read_text(encoding="utf-8").splitlines(), (
        "if the change is meant: python -m tests.ui.text.golden_wording"
    )
