"""Label leakage: clustered columns that contain the labels that clusters are compared with, and how to drop them.

A match with the labels says something about a clustering only if K-means does not see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_tables.choice import ColumnChoice, PreparedPoints
from kmeans_tables.messages import message
from kmeans_tables.table import Table
from kmeans_tables.wording import in_quotes, listed

Leak = Literal["same", "equal", "coarser"]
"""How a column leaks the labels: it is their column, distinguishes all of them, or distinguishes some of them."""

_ROWS_PER_LABEL: Final = 2
"""With fewer rows per label than this, labels are names of rows, and any column of numbers would determine them."""


@dataclass(frozen=True, slots=True)
class LabelLeakage:
    """The clustered columns that leak the labels.

    Attributes
    ----------
    label : str
        The column of labels.
    columns : tuple of str
        The clustered columns that hold them, in their order.
    leak : str
        The strongest kind of leak among ``columns``.
    """

    label: str
    columns: tuple[str, ...]
    leak: Leak

    @property
    def sentence(self) -> str:
        """A sentence, without its full stop: which columns leak the labels, and what follows from that."""
        label, columns = in_quotes(self.label), listed(self.columns)
        if self.leak == "same":
            return message("clustering.label_chosen", label=label)
        shows_all, count = self.leak == "equal", len(self.columns)
        return message("clustering.label_leaks", all=shows_all, columns=columns, count=count, label=label)


def find_label_leakage(table: Table, choice: ColumnChoice, prepared: PreparedPoints) -> LabelLeakage | None:
    """Return the clustered columns that leak the labels; None if there are none.

    A column holds them if it is the column of labels, equals it, or has a single number for each value of it, as a
    numeric code, a one-hot column and a mean per group do.
    """
    if not choice.label or prepared.truth is None:
        return None
    leaks = {name: leak for name in choice.columns if (leak := _leak(table, name, choice.label, prepared))}
    if not leaks:
        return None
    worst = min(leaks.values(), key=_WORST_FIRST.index)
    return LabelLeakage(choice.label, tuple(name for name, leak in leaks.items() if worst in ("coarser", leak)), worst)


_WORST_FIRST: Final[tuple[Leak, ...]] = ("same", "equal", "coarser")


def drop_columns(
    table: Table, choice: ColumnChoice, columns: Iterable[str], prepared: PreparedPoints
) -> ColumnChoice | None:
    """Return the choice without these columns, filled up to two with others; None if the table has too few."""
    out = set(columns)
    left = [name for name in choice.columns if name not in out]
    for name in table.numeric:
        if len(left) < _LEAST and name not in choice.columns and _is_useful(table, name, choice.label, prepared):
            left.append(name)
    return replace(choice, columns=tuple(left)) if len(left) >= _LEAST else None


_LEAST: Final = 2
"""Fewer columns can't be clustered."""


def _is_useful(table: Table, name: str, label: str, prepared: PreparedPoints) -> bool:
    numbers = _numbers(table, name, prepared.rows)
    present = numbers[~np.isnan(numbers)]
    return len(present) == len(numbers) and len(np.unique(present)) > 1 and not _leak(table, name, label, prepared)


def _numbers(table: Table, name: str, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return a column's numbers in these rows, ``(n,) float64`` and NaN where one is missing."""
    return np.asarray(table.frame[name].iloc[rows].to_numpy(dtype=np.float64))


def _leak(table: Table, name: str, label: str, prepared: PreparedPoints) -> Leak | None:
    """Return how a column of numbers holds the labels, if it does."""
    if name == label:
        return "same"
    assert prepared.truth is not None
    numbers = _numbers(table, name, prepared.rows)
    if label in table.numeric and np.array_equal(numbers, _numbers(table, label, prepared.rows), equal_nan=True):
        return "equal"
    has_both = (prepared.truth >= 0) & ~np.isnan(numbers)
    return _leak_of(numbers[has_both], prepared.truth[has_both])


def _leak_of(numbers: NDArray[np.float64], labels: NDArray[np.int64]) -> Leak | None:
    """Return how numbers ``(n,) float64`` hold labels ``(n,) int64``, if they have a single one for each label."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    if not len(labels) or len(starts) * _ROWS_PER_LABEL > len(labels):
        return None
    least, most = (by.reduceat(numbers[order], starts) for by in (np.minimum, np.maximum))
    different = len(np.unique(least))
    if np.any(least != most) or different < 2:
        return None
    return "equal" if different == len(starts) else "coarser"
