"""The points of settings, and how they are drawn: by a formula's two features, or a table's columns.

Knows nothing of Streamlit, and keeps nothing of a table for longer than the table itself is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kmeans_core import DATASETS, make_dataset
from kmeans_core.datasets import Truth
from kmeans_core.types import Points
from kmeans_tables import (
    Choice,
    Prepared,
    SeenLabels,
    Table,
    clustering_notes,
    in_quotes,
    prepared,
    reading_notes,
    seen_labels,
)
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.edits import Edit, remaining_numbers
from ui.settings.record import Settings
from ui.settings.table_use import TableUse
from ui.text.numbers import whole


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """How points of more than two features are drawn: at ``(points - origin) @ matrix``.

    Attributes
    ----------
    origin : (d,) float64
    matrix : (d, 2) float64
    words : str
        Says which two directions the picture shows.
    """

    origin: NDArray[np.float64]
    matrix: NDArray[np.float64]
    words: str

    def places(self, points: Points) -> Points:
        """Return where points or centers ``(m, d)`` are drawn, ``(m, 2)``."""
        drawn: Points = (points - self.origin) @ self.matrix
        return drawn


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Points as they are before anything is changed by hand.

    Attributes
    ----------
    title : str
    points : (n, d) float64
    truth : (n,) int64 or None
        The groups that generated points were drawn from, or the values of a table's column of labels, -1 where one is
        missing; ``label_words`` says what they are called.
    equal_units : bool
        Whether both axes of a picture get the same scale.
    axes : tuple of two str, or None
        What the axes of a picture are called; None where they need no name.
    projection : Projection or None
        None where the points are in a plane.
    prepared : Prepared or None
        Of a table: which rows the points are.
    notes : tuple of str
        Of a table: what a person should know of its points, a sentence each.
    seen : SeenLabels or None
        Of a table: the clustered columns that hold the labels; None where K-means does not see them.
    table_rows : int
        Of a table: how many rows it has, those that are left out too.
    """

    title: str
    points: Points
    truth: Truth | None
    equal_units: bool
    axes: tuple[str, str] | None = None
    projection: Projection | None = None
    prepared: Prepared | None = None
    notes: tuple[str, ...] = ()
    seen: SeenLabels | None = None
    table_rows: int = 0

    @property
    def look(self) -> dict[str, Any]:
        """What the player has to know of it."""
        return {
            "title": self.title,
            "equal_units": self.equal_units,
            "axes": self.axes,
            "projection": self.projection,
        }

    def places(self, points: Points) -> Points:
        """Return where points or centers ``(m, d)`` are drawn, ``(m, 2)``."""
        return points if self.projection is None else self.projection.places(points)


@dataclass(frozen=True, slots=True)
class LabelWords:
    """What the labels beside the points are called, on every page.

    Generated points come with the groups that they were drawn from: those are true. A column of a table has values,
    which may or may not be groups: a species, or a customer's number.

    Attributes
    ----------
    column : str
        The table's column of labels; "" for generated points.
    """

    column: str

    @property
    def quoted_column(self) -> str:
        """The column in quotation marks; "" for generated points."""
        return in_quotes(self.column) if self.column else ""

    @property
    def match(self) -> str:
        """Return what the adjusted Rand index of clusters and labels measures: ``match with the true groups``."""
        return f"match with {self.quoted_column or 'the true groups'}"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Which row of a table each point is.

    Row 1 is the first one below the names of the columns, whether or not rows before a point's own were left out.

    Attributes
    ----------
    count : int
        How many rows the table has.
    numbers : (n,) int64
        From 1 on, rising; those of points drawn by hand go on above ``count``.
    """

    count: int
    numbers: NDArray[np.int64]

    @property
    def are_all(self) -> bool:
        """Whether the points are the first rows, in their order, so that nothing has to be said of their numbers."""
        return bool(self.numbers[-1] == len(self.numbers))


def rows_of(data: Data, edits: Sequence[Edit]) -> Rows | None:
    """Return which row of its table each point is after these edits; None where the points are from no table."""
    if data.prepared is None:
        return None
    n, left = len(data.points), remaining_numbers(len(data.points), edits)
    added = np.arange(len(edits)) + data.table_rows
    return Rows(data.table_rows, np.concatenate([data.prepared.rows[:n], added])[left].astype(np.int64) + 1)


def point_name(rows: Rows | None, index: int) -> str:
    """Return what a point is called: ``row 5`` of a table, ``drawn point 345``, or ``point 5``; as words.js does."""
    if rows is None:
        return f"point {whole(index + 1)}"
    number = int(rows.numbers[index])
    return f"{'row' if number <= rows.count else 'drawn point'} {whole(number)}"


def label_words(settings: Settings) -> LabelWords:
    """Return what the labels of these settings' points are called."""
    return LabelWords(settings.table.choice.label if settings.table else "")


_UNEQUAL: Final = 5.0
"""Where one axis is so many times as long as the other, one scale for both would leave a strip."""

_Kept = dict[tuple[Choice, tuple[str, ...]], Data]
_KEPT: Final[WeakKeyDictionary[Table, _Kept]] = WeakKeyDictionary()
_MOST_KEPT: Final = 4


def generated(settings: Settings) -> Data:
    """Return the data that a formula draws."""
    dataset = DATASETS[settings.data]
    points, truth = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
    return Data(dataset.title, points, truth, dataset.equal_units)


def of_table(settings: Settings, table: Table) -> Data:
    """Return the data that the settings choose of a table.

    Raises
    ------
    ValueError
        If nothing is left that could be computed with; with the sentence to show.
    """
    assert settings.table is not None
    kept = _KEPT.setdefault(table, {})
    use = settings.table
    key = (use.choice, use.axes)
    if key not in kept:
        title = BUILT_IN[settings.data].title if settings.data in BUILT_IN else table.name
        ready = prepared(table, use.choice)
        seen = seen_labels(table, use.choice, ready)
        readings = reading_notes([table.column(name) for name in use.choice.columns])
        notes = (*clustering_notes(title, use.choice, ready, seen), *(f"{note}." for note in readings))
        data = replace(_drawn(title, ready, use, notes), seen=seen, table_rows=table.n)
        while len(kept) >= _MOST_KEPT:
            del kept[next(iter(kept))]
        kept[key] = data
    return kept[key]


def _drawn(title: str, ready: Prepared, use: TableUse, notes: tuple[str, ...]) -> Data:
    """Return the data of a table with the way to draw it."""
    points, columns = ready.points, use.choice.columns
    projection, axes = None, tuple(f"{name}, standardized" if use.choice.standardize else name for name in columns)
    if len(columns) > 2:
        projection, axes = _of_columns(columns, use.axes) if use.axes else _of_components(points, columns)
    places = points if projection is None else projection.places(points)
    low, high = sorted(np.ptp(places, axis=0).tolist())
    equal = use.choice.standardize or high <= _UNEQUAL * low
    return Data(title, points, ready.truth, equal, (axes[0], axes[1]), projection, ready, notes)


def _of_columns(columns: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Projection, tuple[str, ...]]:
    matrix = np.zeros((len(columns), 2))
    for side, name in enumerate(axes):
        matrix[columns.index(name), side] = 1.0
    words = (
        f"Clustered in {len(columns)} columns; the picture shows two of them, so a point may lie nearer to another "
        "center than it looks."
    )
    return Projection(np.zeros(len(columns)), matrix, words), axes


def _percent(share: float, decimals: int) -> str:
    """Write a share in percent; what it lacks of all is not rounded away."""
    text = f"{share:.{decimals}f}"
    if float(text) == 100 and share < 100 - 1e-9:
        return f"more than {100 - 10**-decimals:g}%"
    return f"{float(text):g}%"


def _of_components(points: Points, columns: tuple[str, ...]) -> tuple[Projection, tuple[str, ...]]:
    """Return the first two principal components (Pearson 1901), each turned so that its largest weight is positive."""
    origin = points.mean(axis=0)
    scale = float(np.max(np.abs(points - origin))) or 1.0
    away = (points - origin) / scale
    variances, directions = np.linalg.eigh(away.T @ away)
    matrix = directions[:, [-1, -2]]
    matrix = matrix * np.sign(matrix[np.abs(matrix).argmax(axis=0), [0, 1]])
    total = float(variances.sum()) or 1.0
    shares = [100 * float(max(0.0, variance)) / total for variance in variances[[-1, -2]]]
    words = (
        f"Clustered in {len(columns)} columns; the picture shows their first two principal components, "
        f"{_percent(sum(shares), 1)} of the variance."
    )
    names = tuple(f"principal component {i} ({_percent(share, 0)})" for i, share in enumerate(shares, start=1))
    return Projection(origin, matrix, words), names
