"""The catalog of the server's own answers; ``kmeans_core.messages`` describes the syntax."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kmeans_core.messages import Catalog

__all__ = ["CATALOG", "message", "message_html"]

CATALOG: Final = Catalog(Path(__file__).parent / "en")
"""The catalog of ``server``."""

message: Final = CATALOG.message
message_html: Final = CATALOG.message_html
