"""The catalog of the app's sentences; ``kmeans_core.messages`` describes the syntax and the other catalogs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kmeans_core.messages import Catalog, Html

__all__ = ["CATALOG", "Html", "message", "message_html"]

CATALOG: Final = Catalog(Path(__file__).parent / "en")
"""The catalog of the app, which the browser's scripts share."""

message: Final = CATALOG.message
message_html: Final = CATALOG.message_html
