"""Publish what the browser needs under ``static/``: Plotly's bundle, the player's scripts and styles, and its messages.

Streamlit serves that folder itself, so the app needs no content delivery network and works offline and behind a base
path. File names carry a version or a hash, so that a browser may keep them and never shows a stale one.

``python -m ui.player.assets`` does it ahead of time, for an image whose file system is read-only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ui.charts.palette import PALETTE_FILE
from ui.player.bundle import bundle_modules, bundle_style
from ui.text.messages import CATALOG

STATIC_DIR = Path(__file__).resolve().parents[2] / "static"
BUNDLE = "modules.js"
PLAYER_DIR = Path(__file__).resolve().parent / "web"
PLOTLY_FILE = Path(__file__).resolve().parent / "vendor" / "plotly-basic.min.js"
NO_SCRIPTS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Assets:
    """Where the published files are, relative to the app's static folder."""

    plotly: str
    bundle: str


def _publish(path: Path, content: bytes) -> None:
    """Write a file once; never a half-written one, even when two processes start together."""
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


def player_files(more_scripts: Mapping[str, str] = NO_SCRIPTS) -> dict[str, str]:
    """Return the player's bundle and style sheets by file name, with the messages that the scripts name.

    Parameters
    ----------
    more_scripts : mapping of str to str, optional
        Modules that the bundle holds besides the player's, by their names without ``.js``.
    """
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(PLAYER_DIR.glob("*.js"))}
    scripts |= more_scripts
    styles = {path.name: path.read_text(encoding="utf-8") for path in sorted(PLAYER_DIR.glob("*.css"))}
    all_scripts = "".join(scripts.values())
    catalog = {key: text for key, text in CATALOG.texts.items() if f'"{key}"' in all_scripts}
    # Under Node, these two modules read files.
    scripts["palette"] = f"const palette = {PALETTE_FILE.read_text(encoding='utf-8')};\nexport default palette;\n"
    scripts["message_catalog"] = f"const texts = {json.dumps(catalog)};\nexport default texts;\n"
    return {BUNDLE: bundle_modules(scripts), **{name: bundle_style(name, styles) for name in styles}}


def plotly_version(library: bytes) -> str:
    """Return the version of plotly.js that a bundle says in its first lines."""
    version = re.search(rb"\* plotly\.js .*?v([\d.]+)\n", library[:500])
    if not version:
        raise ValueError("no version of plotly.js in the first 500 bytes")
    return version[1].decode()


@cache
def publish() -> Assets:
    """Copy Plotly's bundle and the player's files to ``static/`` and say where they are.

    Raises
    ------
    OSError
        When the files are missing and the folder is read-only; run ``python -m ui.player.assets`` at build time.
    """
    library = PLOTLY_FILE.read_bytes()
    plotly = f"plotly-basic-{plotly_version(library)}.min.js"
    _publish(STATIC_DIR / plotly, library)
    contents = {name: text.encode() for name, text in player_files().items()}
    digest = hashlib.sha256(b"".join(contents.values())).hexdigest()[:12]
    for name, content in contents.items():
        _publish(STATIC_DIR / f"player-{digest}" / name, content)
    return Assets(plotly=plotly, bundle=f"player-{digest}/{BUNDLE}")


if __name__ == "__main__":
    print(publish())
