"""The one place where the version is written: the package's metadata, its files, and the command line read it here."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.3.0"
