"""The settings with a table that was just read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kmeans_tables import Table
from ui.settings.record import Settings
from ui.text.messages import message

_MIN_COMMON_COLUMNS: Final = 2
"""A table with this many of the chosen columns counts as a version of the table before; fewer are no choice."""


def with_new_table(settings: Settings, table: Table, *, is_missing: bool) -> tuple[Settings, list[str]]:
    """Return the settings with a table that was just read, and a sentence for each part that does not fit it.

    A new version of the same file, or a file with the same columns, keeps the choice of columns. ``is_missing`` tells
    whether the settings mean a table that nobody has uploaded here, as after a link was opened.
    """
    use = settings.table
    if use is None or use.digest in ("", table.digest):
        return settings.with_table(table, table.digest)
    common = [name for name in use.choice.columns if name in table.numeric]
    is_alike = len(common) >= _MIN_COMMON_COLUMNS
    # Without names, columns are numbered, and the numbers mean columns of the other file.
    after, problems = (settings if is_alike else replace(settings, table=None)).with_table(table, table.digest)
    if is_missing:
        problems.append(message("uploads.other_table", is_alike=is_alike))
        if settings.edits or settings.centers or settings.file:
            problems.append(message("uploads.edits_lost"))
    return after.keep_valid_edits(settings), problems
