"""Styles and scripts agree: a class that a style sheet names is written somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.paths import ROOT

STYLES = sorted(path for folder in ("ui", "server") for path in (ROOT / folder).rglob("*.css"))
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("ui", "pages", "server")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".js", ".html"}
)
# Classes of Streamlit, Plotly, and the browser.
FOREIGN = ("st", "js-plotly", "plot", "svg-container", "gl-container")


def _classes(style: str) -> set[str]:
    """Return the classes that a style sheet names, without foreign ones."""
    without_comments = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return {name for name in re.findall(r"\.([a-zA-Z][\w-]*)", without_comments) if not name.startswith(FOREIGN)}


def _is_written(name: str) -> bool:
    """Whether the sources hold a class whole, or its beginning before a placeholder and its end as a word."""
    if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", SOURCES):
        return True
    parts = name.split("-")
    splits = [("-".join(parts[:at]), "-".join(parts[at:])) for at in range(1, len(parts))]
    return any(
        re.search(rf"\b{re.escape(start)}-\$?\{{", SOURCES) and re.search(rf"\b{re.escape(end)}\b", SOURCES)
        for start, end in splits
    )


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_class_of_a_style_sheet_is_written_somewhere(path: Path) -> None:
    names = _classes(path.read_text(encoding="utf-8"))
    assert not [name for name in sorted(names) if not _is_written(name)]


def test_the_style_sheets_name_classes() -> None:
    assert sum(len(_classes(path.read_text(encoding="utf-8"))) for path in STYLES) > 100
