"""The data of settings: generated points, or the chosen columns of a table, and how they are drawn.

The points of a table are kept as long as the table itself, and no longer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np

from kmeans_core import DATASETS, make_dataset
from kmeans_core.arrays import Points
from kmeans_core.datasets import Truth
from kmeans_tables import (
    ColumnChoice,
    LabelLeakage,
    PreparedPoints,
    Table,
    as_sentence,
    clustering_notes,
    find_label_leakage,
    in_quotes,
    prepare_points,
    reading_notes,
)
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.projections import Projection, column_projection, component_projection
from ui.settings.record import Settings
from ui.settings.table_use import TableUse
from ui.text.messages import message


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Points before any edit.

    Attributes
    ----------
    title : str
    points : (n, d) float64
    truth : (n,) int64 or None
        The groups that generated points were drawn from, or the values of a table's column of labels, -1 where one is
        missing; ``label_column`` says what they are called.
    equal_units : bool
        Whether both axes of a picture get the same scale.
    axes : tuple of two str, or None
        Titles of the axes of a picture; None where they need none.
    projection : Projection or None
        None where the points are in a plane.
    prepared : PreparedPoints or None
        Of a table: which rows the points are.
    notes : tuple of str
        Of a table: one sentence for each thing to know about its points.
    leakage : LabelLeakage or None
        Of a table: the clustered columns that hold the labels; None where K-means does not see them.
    table_rows : int
        Of a table: its number of rows, including those left out.
    """

    title: str
    points: Points
    truth: Truth | None
    equal_units: bool
    axes: tuple[str, str] | None = None
    projection: Projection | None = None
    prepared: PreparedPoints | None = None
    notes: tuple[str, ...] = ()
    leakage: LabelLeakage | None = None
    table_rows: int = 0

    @property
    def look(self) -> dict[str, Any]:
        """What the player needs to draw the points."""
        return {
            "title": self.title,
            "equal_units": self.equal_units,
            "axes": self.axes,
            "projection": self.projection,
        }

    def places(self, points: Points) -> Points:
        """Return where points or centers ``(m, d)`` are drawn, ``(m, 2)``."""
        return points if self.projection is None else self.projection.places(points)


def label_column(settings: Settings) -> str:
    """Return the table's column of labels in quotation marks; "" for generated points.

    Generated points come with the groups that they were drawn from: those are true. A column of a table has values,
    which may or may not be groups: a species, or a customer's number.
    """
    column = settings.table.choice.label if settings.table else ""
    return in_quotes(column) if column else ""


_UNITS: Final = {10.0: "dm", 100.0: "cm", 1000.0: "mm"}
"""Units of length by how many of them are a meter."""

_UNEQUAL: Final = 5.0
"""With axes of a larger ratio of lengths, one scale for both would leave a narrow strip."""

_DataByChoice = dict[tuple[ColumnChoice, tuple[str, ...]], Data]
_DATA: Final[WeakKeyDictionary[Table, _DataByChoice]] = WeakKeyDictionary()
_MOST_CHOICES: Final = 4


def generate_data(settings: Settings) -> Data:
    """Return the generated data of the settings."""
    dataset = DATASETS[settings.data]
    points, truth = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
    return Data(dataset.title, points, truth, dataset.equal_units, _unit_axes(settings))


def _unit_axes(settings: Settings) -> tuple[str, str] | None:
    """Return the titles of axes in two units of length, where the settings' units differ by what those do."""
    unit = _UNITS.get(dict(settings.sizes)["unit_factor"]) if settings.data == "unscaled" else None
    return None if unit is None else (message("settings.width_axis", unit=unit), message("settings.height_axis"))


def of_table(settings: Settings, table: Table) -> Data:
    """Return the data of the columns that the settings choose from a table.

    Raises
    ------
    ValueError
        With the sentence to show, if no row is left or a number is too large.
    """
    assert settings.table is not None
    cache = _DATA.setdefault(table, {})
    use = settings.table
    key = (use.choice, use.axes)
    if key not in cache:
        title = BUILT_IN[settings.data].title if settings.data in BUILT_IN else table.name
        prepared = prepare_points(table, use.choice)
        leakage = find_label_leakage(table, use.choice, prepared)
        readings = reading_notes([table.column(name) for name in use.choice.columns])
        notes = (
            *clustering_notes(title, use.choice, prepared, leakage),
            *map(as_sentence, readings),
        )
        data = replace(_table_data(title, prepared, use, notes), leakage=leakage, table_rows=table.n)
        while len(cache) >= _MOST_CHOICES:
            del cache[next(iter(cache))]
        cache[key] = data
    return cache[key]


def _table_data(title: str, prepared: PreparedPoints, use: TableUse, notes: tuple[str, ...]) -> Data:
    """Return the data of a table, with its axes and projection."""
    points, columns = prepared.points, use.choice.columns
    titles = dict(zip(columns, columns, strict=True))
    if use.choice.standardize:
        titles = {name: message("settings.standardized_axis", column=name) for name in columns}
    projection = None
    if len(columns) == 2:
        axes = (titles[columns[0]], titles[columns[1]])
    elif use.axes:
        projection = column_projection(columns, use.axes)
        axes = (use.axes[0], use.axes[1])
    else:
        projection, axes = component_projection(points)
    places = points if projection is None else projection.places(points)
    low, high = sorted(np.ptp(places, axis=0).tolist())
    equal = use.choice.standardize or high <= _UNEQUAL * low
    return Data(title, points, prepared.truth, equal, axes, projection, prepared, notes)
