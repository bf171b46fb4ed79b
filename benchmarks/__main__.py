"""Print every table, or the named ones: ``python -m benchmarks [core ...]``."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import distributions

from benchmarks.core import core_table, medoid_table, memory_table
from benchmarks.player import player_table

TABLES: dict[str, Callable[[], str]] = {
    "core": core_table,
    "medoid": medoid_table,
    "memory": memory_table,
    "player": player_table,
}


NAMED = ("numpy", "scikit-learn", "kmedoids", "tensorflow", "tensorflow-cpu", "streamlit", "plotly")
"""Packages that bear on the figures."""


def _machine() -> str:
    """Say when and on what the figures were taken."""
    installed = {found.name.replace("_", "-"): found.version for found in distributions()}
    packages = ", ".join(f"{name} {installed[name]}" for name in NAMED if name in installed)
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
