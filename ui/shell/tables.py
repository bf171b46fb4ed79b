"""The visitor's own tables: kept in the session while the page is open, and shown to nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kmeans_tables import Table
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import UPLOAD
from ui.settings.record import Settings
from ui.settings.table_use import TableUse
from ui.shell.session import DROPPED_TABLES, LAST_TABLE, TABLES

_MAX_TABLES: Final = 12
"""How many tables a session keeps, so that Back and Undo find earlier ones."""

_MAX_CELLS: Final = 20_000_000
"""Maximum cells of a session's tables together, about 160 MB; the latest table is kept whatever its size."""


def store_table(table: Table) -> None:
    """Keep a table for this visitor, and drop the oldest ones if there are too many; their names are remembered."""
    tables, dropped_names = TABLES.get(), DROPPED_TABLES.get()
    tables.pop(table.digest, None)
    dropped_names.pop(table.digest, None)
    tables[table.digest] = table
    while len(tables) > _MAX_TABLES or (len(tables) > 1 and _cell_count(tables.values()) > _MAX_CELLS):
        oldest = tables.pop(next(iter(tables)))
        dropped_names[oldest.digest] = oldest.name


def _cell_count(tables: Iterable[Table]) -> int:
    return sum(table.frame.size for table in tables)


def table_of(settings: Settings) -> Table | None:
    """Return the table that the settings mean; None if they mean none, or one that the session does not have."""
    if settings.data in BUILT_IN:
        return built_in(settings.data)
    if settings.data != UPLOAD or settings.table is None:
        return None
    return TABLES.get().get(settings.table.digest)


def is_table_missing(settings: Settings) -> bool:
    """Tell whether the settings mean an upload that the session does not have."""
    return settings.data == UPLOAD and table_of(settings) is None


def remember_table_use(settings: Settings) -> None:
    """Remember the choice of columns of an upload, for the way back to it from other data."""
    if settings.data == UPLOAD and table_of(settings):
        LAST_TABLE.set(settings.table)


def last_table_use() -> TableUse | None:
    """Return the choice of columns of the last upload, if the session still has it."""
    use = LAST_TABLE.get()
    return use if use and use.digest in TABLES.get() else None
