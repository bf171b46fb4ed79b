"""Tables that a visitor brought: kept in the session, as long as the page is open, and shown to nobody else."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.settings import OWN, Settings
from ui.tables import BUILT_IN, Table, built_in

_TABLES: Final = "brought.tables"
_MOST: Final = 3
"""How many tables a session keeps, so that Back finds the one before."""


def bring(table: Table) -> None:
    """Keep a table for this visitor."""
    tables: dict[str, Table] = st.session_state.setdefault(_TABLES, {})
    tables.pop(table.digest, None)
    tables[table.digest] = table
    while len(tables) > _MOST:
        del tables[next(iter(tables))]


def table_of(settings: Settings) -> Table | None:
    """Return the table that the settings mean; None where they mean none, or one that is not here."""
    if settings.data in BUILT_IN:
        return built_in(settings.data)
    if settings.data != OWN or settings.table is None:
        return None
    tables: dict[str, Table] = st.session_state.get(_TABLES, {})
    return tables.get(settings.table.digest)


def is_missing(settings: Settings) -> bool:
    """Tell whether the settings mean a table that has to be brought first."""
    return settings.data == OWN and table_of(settings) is None
