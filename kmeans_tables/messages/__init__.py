"""The catalog of sentences about tables; ``kmeans_core.messages`` describes the syntax."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kmeans_core.messages import Catalog

__all__ = ["CATALOG", "message"]

CATALOG: Final = Catalog(Path(__file__).parent / "en")
"""The catalog of ``kmeans_tables``."""

message: Final = CATALOG.message
