"""Which columns of a table are clustered, and its rows as points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kmeans_core.scaling import center_and_deviation
from kmeans_core.types import Points
from kmeans_tables.scales import TEN_TIMES, widest_column
from kmeans_tables.table import MAX_CLASSES, Table
from kmeans_tables.wording import in_quotes, listed

MAX_FEATURES: Final = 64
"""The most columns that can be chosen: as many as K-means is tested with."""

LARGEST: Final = 1e140
"""No number may be larger: its square, summed over all points and features, has to stay finite."""

Missing = Literal["drop", "fill"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a table is clustered: which columns, whether standardized, what of missing values, which labels."""

    columns: tuple[str, ...]
    standardize: bool = False
    missing: Missing = "drop"
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The points of a table.

    ``points`` is ``(n, d) float64``, C-contiguous; ``truth`` the class of each point, ``(n,) int64`` and -1 where it is
    missing, of ``names``; ``rows`` the row of the table that each point stands for, ``(n,) intp``, from 0 on.
    ``points * deviations + means`` are the table's own values; both are ``(d,) float64``.
    """

    points: Points
    truth: NDArray[np.int64] | None
    names: tuple[str, ...]
    rows: NDArray[np.intp]
    means: NDArray[np.float64]
    deviations: NDArray[np.float64]
    notes: tuple[str, ...] = ()


# To choose


def default_choice(table: Table) -> Choice:
    """Return the choice to open on: the first two columns that tell rows apart, and the first text as label."""
    telling = [name for name in table.numeric if not _is_constant(_values(table, name))]
    measured = [name for name in telling if not _is_counter(_values(table, name))]
    columns = tuple(dict.fromkeys([*measured, *telling, *table.numeric]))[:2]
    texts = [name for name in table.others if name not in table.numeric]
    label = next((name for name in texts if _is_classes(table.frame[name])), "")
    return Choice(columns=columns, standardize=_is_one_sided(table, columns), missing="drop", label=label)


def checked_choice(table: Table, choice: Choice) -> Choice:
    """Return a choice that fits the table.

    Raises
    ------
    ValueError
        If it does not, with the sentence to show.
    """
    columns = tuple(choice.columns)
    for name in columns:
        if name in table.frame.columns and name not in table.numeric:
            raise ValueError(f"{in_quotes(name)} holds text, not numbers: choose among {listed(table.numeric)}")
        if name not in table.numeric:
            raise ValueError(f"There is no column {in_quotes(name)}: choose among {listed(table.numeric)}")
    if twice := [name for name, count in Counter(columns).items() if count > 1]:
        raise ValueError(f"{in_quotes(twice[0])} is chosen twice: choose every column once")
    if len(columns) < 2:
        chosen = f"not {in_quotes(columns[0])} alone" if columns else "not none"
        raise ValueError(f"Choose at least two columns, {chosen}: there are {listed(table.numeric)}")
    if len(columns) > MAX_FEATURES:
        raise ValueError(f"Choose at most {MAX_FEATURES} columns, not {len(columns)}")
    if choice.missing not in get_args(Missing):
        raise ValueError(f"Missing values can be dropped or filled, not {in_quotes(str(choice.missing))}")
    if choice.label and choice.label not in table.others:
        known = f"choose among {listed(table.others)}" if table.others else "this table has none"
        raise ValueError(f"There is no column of labels {in_quotes(choice.label)}: {known}")
    return Choice(columns, bool(choice.standardize), choice.missing, choice.label)


def _is_one_sided(table: Table, columns: Sequence[str]) -> bool:
    """Tell whether one of the columns varies so much more than the others that a table opens standardized."""
    values = table.frame[list(columns)].to_numpy(dtype=np.float64)
    complete = values[~np.isnan(values).any(axis=1)]
    if not complete.size or np.abs(complete).max() > LARGEST:
        return False
    return widest_column(complete)[1] > TEN_TIMES


def _values(table: Table, name: str) -> NDArray[np.float64]:
    """Return the numbers of a column that are there, ``float64``."""
    values = table.frame[name].to_numpy(dtype=np.float64)
    known: NDArray[np.float64] = values[~np.isnan(values)]
    return known


def _is_constant(values: NDArray[np.float64]) -> bool:
    return len(values) == 0 or bool(np.min(values) == np.max(values))


def _is_counter(values: NDArray[np.float64]) -> bool:
    """Tell whether a column only numbers the rows."""
    return values[0] in (0.0, 1.0) and bool(np.all(np.diff(values) == 1.0))


def _is_classes(texts: Any) -> bool:
    """Tell whether a text sorts the rows into a few classes; one that differs in every row names them."""
    different = int(texts.nunique())
    return 2 <= different <= MAX_CLASSES and different < int(texts.notna().sum())


# To prepare


def prepared(table: Table, choice: Choice) -> Prepared:
    """Return the points of the chosen columns.

    Raises
    ------
    ValueError
        If the choice does not fit the table, or nothing is left that could be computed with; with the sentence to show.
    """
    choice = checked_choice(table, choice)
    values = np.column_stack([table.frame[name].to_numpy(dtype=np.float64) for name in choice.columns])
    kept, notes = _completed(values, choice.missing)
    points = np.ascontiguousarray(values[kept])
    _check_size_of_numbers(points, choice.columns)
    for at, name in enumerate(choice.columns):
        if len(points) > 1 and _is_constant(points[:, at]):
            notes.append(f"{in_quotes(name)} has the same value in every row: it adds nothing")
    means, deviations = np.zeros(points.shape[1]), np.ones(points.shape[1])
    if choice.standardize:
        means, deviations = center_and_deviation(points)
        points = (points - means) / deviations
    truth, names = _classes(table, choice.label, kept) if choice.label else (None, ())
    return Prepared(points, truth, names, kept, means, deviations, tuple(notes))


def _completed(values: NDArray[np.float64], missing: Missing) -> tuple[NDArray[np.intp], list[str]]:
    """Fill in the medians, in place, or leave rows out; return the rows that are kept, and what was done."""
    absent = np.isnan(values)
    rows = absent.any(axis=1)
    count, n = int(np.count_nonzero(rows)), len(values)
    if not count:
        return np.arange(n, dtype=np.intp), []
    have = f"{count:,} of {n:,} rows {'has' if count == 1 else 'have'} no number in a chosen column"
    if missing == "drop":
        if count == n:
            raise ValueError("Every row lacks a number in a chosen column: choose other columns, or fill the gaps")
        return np.flatnonzero(~rows), [f"{have} and {'is' if count == 1 else 'are'} left out"]
    for at in np.flatnonzero(absent.any(axis=0)):
        values[absent[:, at], at] = _median(values[~absent[:, at], at])
    return np.arange(n, dtype=np.intp), [f"{have} and {'is' if count == 1 else 'are'} filled with the column's median"]


def _median(known: NDArray[np.float64]) -> float:
    """Return the median, of half the values, as two of the largest would add up to infinity."""
    return float(2 * np.median(known / 2))


def _check_size_of_numbers(points: Points, columns: Sequence[str]) -> None:
    largest = np.max(np.abs(points), axis=0)
    for name, value in zip(columns, largest, strict=True):
        if value > LARGEST:
            remedy = "divide the column, or leave it out"
            raise ValueError(f"{in_quotes(name)} holds {value:.3g}, and {LARGEST:g} is the largest number: {remedy}")


def _classes(table: Table, label: str, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """Return the class of each row that is kept, ``(n,) int64`` and -1 where it is missing, and the classes' names."""
    import pandas as pd  # noqa: PLC0415

    codes, values = pd.factorize(table.frame[label].iloc[rows], sort=True)
    names = tuple(f"{value:.0f}" if isinstance(value, float) else str(value) for value in values)
    return (np.asarray(codes, dtype=np.int64), names) if names else (None, ())
