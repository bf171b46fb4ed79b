"""Publish what the browser needs under ``static/``: Plotly's own bundle, the player's modules, and their messages.

Streamlit serves that folder itself, so the app needs no content delivery network and works offline and behind a base
path. File names carry a version or a hash, so that a browser may keep them and never shows a stale one.

``python -m ui.player.assets`` does it ahead of time, for an image whose file system is read-only.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from ui.charts.palette import PALETTE_FILE
from ui.text.messages.catalog import texts

STATIC_DIR = Path(__file__).resolve().parents[2] / "static"
PLAYER_DIR = Path(__file__).resolve().parent / "web"


@dataclass(frozen=True, slots=True)
class Assets:
    """Where the published files are, relative to the app's static folder."""

    plotly: str
    player: str


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


def _modules() -> dict[str, bytes]:
    """Return the player's scripts and styles by file name, with the messages that the scripts name as a module."""
    paths = sorted(path for path in PLAYER_DIR.iterdir() if path.suffix in {".js", ".css"})
    modules = {path.name: path.read_bytes() for path in paths}
    scripts = b"".join(modules.values()).decode()
    catalog = {key: text for key, text in texts().items() if f'"{key}"' in scripts}
    modules["palette.js"] = b"export default " + PALETTE_FILE.read_bytes() + b";\n"
    modules["message_catalog.js"] = f"export default {json.dumps(catalog)};\n".encode()
    return modules


@cache
def publish() -> Assets:
    """Copy Plotly's bundle and the player's modules to ``static/`` and say where they are.

    Raises
    ------
    OSError
        When the files are missing and the folder is read-only; run ``python -m ui.player.assets`` at build time.
    """
    plotly = f"plotly-{version('plotly')}.min.js"
    _publish(STATIC_DIR / plotly, files("plotly").joinpath("package_data/plotly.min.js").read_bytes())
    modules = _modules()
    digest = hashlib.sha256(b"".join(modules.values())).hexdigest()[:12]
    for name, content in modules.items():
        _publish(STATIC_DIR / f"player-{digest}" / name, content)
    return Assets(plotly=plotly, player=f"player-{digest}")


if __name__ == "__main__":
    print(publish())
