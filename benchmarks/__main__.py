"""Print every table, or the named ones: ``python -m benchmarks [player ...]``."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.player import player_table
from benchmarks.starts import starts_table

TABLES: dict[str, Callable[[], str]] = {"player": player_table, "starts": starts_table}


def _machine() -> str:
    """Say when and on what the figures were taken."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "plotly", "numpy"))
    python = f"Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {python}, {packages}"


def main() -> int:
    """Print the tables that are asked for."""
    names = sys.argv[1:] or list(TABLES)
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"There is no table {', '.join(unknown)}; there is {', '.join(TABLES)}.", file=sys.stderr)
        return 2
    print(_machine())
    for name in names:
        print(f"\n{TABLES[name]()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
