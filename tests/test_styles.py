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
WORDS = set(re.findall(r"[\w-]+", SOURCES))
# Classes of Streamlit, Plotly, and the browser.
FOREIGN = ("st", "js-plotly", "plot", "svg-container", "gl-container")


def _classes(style: str) -> set[str]:
    """Return the classes that a style sheet names, without foreign ones."""
    without_comments = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return {name for name in re.findall(r"\.([a-zA-Z][\w-]*)", without_comments) if not name.startswith(FOREIGN)}


def _is_written(name: str) -> bool:
    """Whether the sources hold a class whole, or its beginning before a placeholder and its end as a word."""
    if name in WORDS:
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


def test_signs_that_fonts_lack_are_drawn() -> None:
    # Technical signs, geometric shapes, dingbats, and pictographs: where a font lacks them, a box shows instead.
    folders = [path for folder in ("ui", "pages", "kmeans_core", "server") for path in (ROOT / folder).rglob("*")]
    kinds = {".py", ".js", ".css", ".json", ".html"}
    files = [path for path in folders if path.suffix in kinds and "vendor" not in path.parts]
    assert len(files) > 300
    signs = re.compile("[\u2300-\u23ff\u25a0-\u27bf\U0001f000-\U0001ffff]")
    assert not [str(path) for path in files if signs.search(path.read_text(encoding="utf-8"))]
