"""Run the benchmarks and print their tables: ``python -m benchmarks [core ...]``."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks.core import core_table, medoid_table, memory_table
from benchmarks.first_paint import first_paint_table
from benchmarks.machine import machine
from benchmarks.player import player_table

TABLES: dict[str, Callable[[], str]] = {
    "core": core_table,
    "medoid": medoid_table,
    "memory": memory_table,
    "player": player_table,
    "first_paint": first_paint_table,
}


def main() -> int:
    """Print the named tables, or all of them."""
    names = sys.argv[1:] or list(TABLES)
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"Unknown table: {', '.join(unknown)}. Choose from {', '.join(TABLES)}.", file=sys.stderr)
        return 2
    print(machine())
    for name in names:
        print(f"\n{TABLES[name]()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
