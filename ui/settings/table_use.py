"""The use of a table: which columns are clustered and drawn, and how a choice of columns fits another table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote

from kmeans_tables import ColumnChoice, Table, check_choice, default_choice
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.column_names import write_names
from ui.settings.definitions import UPLOAD
from ui.text.messages import message

_LONGEST_NAMES: Final = 600
"""The most characters of column names, percent-encoded, in a link; a longer list is written as column numbers.

A QR code with 600 more characters can still be scanned from a few meters, and 64 numbers take at most 250.
"""


@dataclass(frozen=True, slots=True)
class TableUse:
    """What of a table is clustered, and how it is drawn.

    Attributes
    ----------
    choice : ColumnChoice
        The columns and how they are prepared; no columns until a table is there for ``numbers``.
    digest : str
        Names an upload; "" for a built-in table.
    axes : tuple of two str, or ()
        The two columns to draw where there are more; () for the first two principal components.
    numbers : tuple of int
        The columns' positions in the file, from 1, where their names are too long for a link.
    file : str
        The name of the upload's file, for sentences only.
    """

    choice: ColumnChoice
    digest: str = ""
    axes: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    file: str = field(default="", compare=False)


def use_of(table: Table, choice: ColumnChoice, digest: str = "", axes: tuple[str, ...] = ()) -> TableUse:
    """Return the use of a table by a choice of its columns, with column numbers where their names are too long."""
    numbers: tuple[int, ...] = ()
    if len(quote(write_names(choice.columns))) > _LONGEST_NAMES:
        places = {column.name: number for number, column in enumerate(table.columns, start=1)}
        numbers = tuple(places[name] for name in choice.columns)
    return TableUse(choice, digest, axes, numbers, table.name if digest else "")


def default_use(data: str) -> TableUse | None:
    """Return the use that a table opens on; None for a dataset that is not a table."""
    if data not in BUILT_IN:
        return TableUse(ColumnChoice(())) if data == UPLOAD else None
    table = BUILT_IN[data]
    return TableUse(ColumnChoice(columns=table.columns, standardize=table.standardize, label=table.label))


def fit_use(use: TableUse | None, table: Table, data: str, digest: str) -> tuple[TableUse, list[str]]:
    """Return a use that fits the table, and one sentence for each part of ``use`` that did not fit.

    Parameters
    ----------
    use : TableUse or None
        The use to keep as far as possible.
    table : Table
    data : str
        The name of the dataset, for the default columns of a built-in table.
    digest : str
        Names the table if it is an upload.
    """
    complaints: list[str] = []
    use = use or TableUse(ColumnChoice(()))
    choice = use.choice
    if use.numbers and not choice.columns:
        choice = replace(choice, columns=_columns_at(table, use.numbers, complaints))
    choice = _fit_choice(table, choice, data, complaints) if choice.columns else _default_choice(table, data)
    axes = use.axes if set(use.axes) <= set(choice.columns) and len(choice.columns) > 2 else ()
    return use_of(table, choice, digest, axes), complaints


def _columns_at(table: Table, numbers: Sequence[int], complaints: list[str]) -> tuple[str, ...]:
    """Return the names of the columns with these numbers, from 1; add a complaint if one does not exist."""
    names = [column.name for column in table.columns]
    if absent := [number for number in numbers if number > len(names)]:
        complaints.append(message("settings.link_column_missing", number=str(absent[0]), count=len(names)))
    return tuple(names[number - 1] for number in numbers if number <= len(names))


def _fit_choice(table: Table, choice: ColumnChoice, data: str, complaints: list[str]) -> ColumnChoice:
    """Return the part of a choice that the table has; the default choice where fewer than two columns are left."""
    try:
        return check_choice(table, choice)
    except ValueError as error:
        columns = tuple(name for name in choice.columns if name in table.numeric)
        label = choice.label if choice.label in table.label_columns else ""
        try:
            partial_choice = check_choice(table, replace(choice, columns=columns, label=label))
        except ValueError:
            complaints.append(message("settings.columns_chosen_anew", problem=str(error)))
            return _default_choice(table, data)
        complaints.append(message("settings.columns_rest_kept", problem=str(error)))
        return partial_choice


def _default_choice(table: Table, data: str) -> ColumnChoice:
    use = default_use(data) if data in BUILT_IN else None
    return use.choice if use else default_choice(table)
