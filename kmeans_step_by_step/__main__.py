"""Start the installed app: ``kmeans-step-by-step`` takes the options of ``python -m server``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

PROGRAM: Final = "kmeans-step-by-step"


def main() -> None:
    """Start the server of the app, which lies in this folder, or in a clone beside it."""
    package = Path(__file__).resolve().parent
    folder = package if (package / "serve.py").exists() else package.parent
    # First, so that ``server`` and ``ui`` are the app's own, whatever else is installed under these names.
    sys.path.insert(0, str(folder))
    import_module("server.__main__").main(PROGRAM)


if __name__ == "__main__":
    main()
