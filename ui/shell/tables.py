"""The visitor's own tables: kept in the session while the page is open, and shown to nobody else."""

from __future__ import annotations

from kmeans_tables import Table
from server.table_shelf import TABLE_BUDGET
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import UPLOAD
from ui.settings.record import Settings
from ui.settings.table_use import TableUse
from ui.shell.session import LAST_TABLE, TABLES


def store_table(table: Table) -> None:
    """Keep a table for this visitor; older ones are dropped if there is no room, and their names are remembered."""
    TABLE_BUDGET.store(TABLES.get(), table)


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
    return use if use and TABLES.get().get(use.digest) else None
