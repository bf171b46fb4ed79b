"""The choice of a table's columns, and the points that its rows become."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Points
from kmeans_core.scaling import center_and_deviation
from kmeans_tables.cells import text_of
from kmeans_tables.messages import message
from kmeans_tables.number_formats import is_number
from kmeans_tables.scales import TEN_TIMES, widest_column
from kmeans_tables.table import LARGEST, MAX_CLASSES, Table
from kmeans_tables.wording import in_quotes, listed

MAX_FEATURES: Final = 64
"""The most columns that can be chosen: as many as K-means is tested with."""


Missing = Literal["drop", "fill"]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The clustered columns, how they are standardized, what happens to missing values, and the column of labels."""

    columns: tuple[str, ...]
    standardize: bool = False
    missing: Missing = "drop"
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPoints:
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


def measured_columns(table: Table, label: str = "") -> tuple[str, ...]:
    """Return all columns that measure something, for uses that need no picture of them.

    Constants, row counters, indices, identifiers, flags, dates, and the label are among them only where nothing else
    is left.
    """
    ranks = {name: _rank(table, name) for name in table.numeric if name != label}
    # Whole numbers that differ in every row may name the rows; they may as well be incomes.
    measures = [name for name, rank in ranks.items() if rank in (_MEASURE, _DIFFERENT)]
    return tuple(measures or ranks or table.numeric)


def default_choice(table: Table) -> ColumnChoice:
    """Return the default choice: the first two columns of measured values, and the first column of classes as label.

    Constants, row counters, indices, identifiers, and the label itself are chosen only where nothing else is left.
    """
    label = _default_label(table)
    ranks: dict[str, int] = {}
    for name in (name for name in table.numeric if name != label):
        ranks[name] = _rank(table, name)
        if list(ranks.values()).count(_MEASURE) == _LEAST:
            break
    by_rank = [*sorted(ranks, key=lambda name: ranks[name]), *(name for name in table.numeric if name not in ranks)]
    columns = tuple(name for name in table.numeric if name in by_rank[:_LEAST])
    return ColumnChoice(columns=columns, standardize=_is_one_sided(table, columns), missing="drop", label=label)


def _default_label(table: Table) -> str:
    """Return the first column of classes: text, or yes and no, or whole numbers that are called classes."""
    kinds = {name: table.column(name).kind for name in table.label_columns}
    # Numbers are labels only if enough others are left to cluster.
    enough = len(table.numeric) > _LEAST
    texts = [name for name, kind in kinds.items() if kind == "text" or (kind == "boolean" and enough)]
    classes = [name for name, kind in kinds.items() if kind == "number" and enough and _CLASSES.fullmatch(name)]
    return next((name for name in (*texts, *classes) if _is_classes(table, name)), "")


_CLASSES: Final = re.compile(r"class|classes|label|labels|target|cluster|group|species|category", re.IGNORECASE)
_IDENTIFIERS: Final = re.compile(
    r"(?i:(?:.*[\s_.#-])?(?:id|ids|idx|index|key|nr|no|num|number|row|code|zip|plz|postcode)\.?)|.*[a-z]I[dD]|"
    r"#|Unnamed: [0-9]+|__index_level_[0-9]+__"
)
_LEAST: Final = 2
"""The fewest columns that can be clustered."""

_MEASURE: Final = 0
_DIFFERENT: Final = 1
_FLAGS: Final = 2
_NAMES_ROWS: Final = 3
_CONSTANT: Final = 4


def _rank(table: Table, name: str) -> int:
    """Return the rank of a column in the default choice: columns that measure something come first."""
    column, values = table.column(name), _values(table, name)
    if _is_constant(values):
        return _CONSTANT
    if column.kind != "number":
        return _FLAGS
    if np.any(values[:1000] != np.rint(values[:1000])) or np.any(values != np.rint(values)):
        return _MEASURE
    if _IDENTIFIERS.fullmatch(name) or not column.header.strip() or _is_counter(values) or column.has_leading_zeros:
        return _NAMES_ROWS
    return _DIFFERENT if len(np.unique(values)) == len(values) else _MEASURE


def check_choice(table: Table, choice: ColumnChoice, *, fewest: int = _LEAST, most: int = MAX_FEATURES) -> ColumnChoice:
    """Return a choice that fits the table.

    Parameters
    ----------
    table : Table
    choice : ColumnChoice
    fewest, most : int
        How many columns may be chosen: by default, as many as the app can draw.

    Raises
    ------
    ValueError
        If it does not, with the sentence to show.
    """
    columns = tuple(choice.columns)
    for name in columns:
        if name not in table.numeric:
            raise ValueError(_why_no_feature(table, name))
    if twice := [name for name, count in Counter(columns).items() if count > 1]:
        raise ValueError(message("choice.chosen_twice", column=in_quotes(twice[0])))
    if len(columns) < fewest:
        choice_size, column = ("one", in_quotes(columns[0])) if columns else ("none", "")
        names = listed(table.numeric)
        raise ValueError(message("choice.too_few", fewest=fewest, chosen=choice_size, column=column, columns=names))
    if len(columns) > most:
        raise ValueError(message("choice.too_many", most=most, count=len(columns)))
    if choice.missing not in get_args(Missing):
        raise ValueError(message("choice.missing", missing=in_quotes(str(choice.missing))))
    if choice.label and choice.label not in table.label_columns:
        raise ValueError(_why_no_label(table, choice.label))
    return ColumnChoice(columns, bool(choice.standardize), choice.missing, choice.label)


def _why_no_feature(table: Table, name: str) -> str:
    """Say why a column can't be clustered."""
    column, columns = in_quotes(name), listed(table.numeric)
    if name not in table.unusable:
        return message("choice.no_such_column", column=column, columns=columns)
    if table.column(name).is_plain_text:
        return message("choice.text", column=column, columns=columns)
    return message("choice.unusable", reason=table.unusable[name], columns=columns)


def _why_no_label(table: Table, name: str) -> str:
    """Say why a column can't be the label."""
    column, labels, has_labels = in_quotes(name), listed(table.label_columns), bool(table.label_columns)
    if name not in table.frame:
        return message("choice.no_such_label", column=column, labels=labels, has_labels=has_labels)
    values = _values(table, name) if table.column(name).kind != "text" else np.empty(0)
    if not values.size:
        return message("choice.empty_label", column=column, labels=labels, has_labels=has_labels)
    if table.column(name).kind == "number" and np.any(values != np.rint(values)):
        return message("choice.fractions_as_label", column=column, labels=labels, has_labels=has_labels)
    return message(
        "choice.many_labels",
        column=column,
        different=len(np.unique(values)),
        most=MAX_CLASSES,
        labels=labels,
        has_labels=has_labels,
    )


def _is_one_sided(table: Table, columns: Sequence[str]) -> bool:
    """Tell whether one of the columns varies so much more than the others that a table opens standardized."""
    values = table.frame[list(columns)].to_numpy(dtype=np.float64)
    complete = values[~np.isnan(values).any(axis=1)]
    if not complete.size or np.abs(complete).max() > LARGEST:
        return False
    return widest_column(complete)[1] > TEN_TIMES


def _values(table: Table, name: str) -> NDArray[np.float64]:
    """Return a column's numbers without the missing ones, ``float64``."""
    values = table.frame[name].to_numpy(dtype=np.float64)
    numbers: NDArray[np.float64] = values[~np.isnan(values)]
    return numbers


def _is_constant(values: NDArray[np.float64]) -> bool:
    return len(values) == 0 or bool(np.min(values) == np.max(values))


def _is_counter(values: NDArray[np.float64]) -> bool:
    """Tell whether a column only numbers the rows, up or down."""
    steps = np.diff(values)
    # Two numbers follow each other by chance.
    return len(steps) > 1 and bool(np.all(steps == 1.0) or np.all(steps == -1.0))


def _is_classes(table: Table, name: str) -> bool:
    """Tell whether a column sorts the rows into a few classes; one that differs in every row names them.

    A text of which more than half are numbers is a measured column with a few other cells in it, such as ``<5``.
    """
    values = table.frame[name]
    different, present = int(values.nunique()), values.dropna()
    if not 2 <= different <= MAX_CLASSES or different >= len(present):
        return False
    counts = present.value_counts()
    numbers = [
        count for text, count in counts.items() if isinstance(text, str) and is_number(text.strip(_BESIDE_NUMBERS))
    ]
    return bool(2 * sum(numbers) <= len(present))


_BESIDE_NUMBERS: Final = " %$€£()<>≤≥~"


# To prepare


def prepare_points(
    table: Table, choice: ColumnChoice, *, fewest: int = _LEAST, most: int = MAX_FEATURES
) -> PreparedPoints:
    """Return the points of the chosen columns.

    Parameters
    ----------
    table : Table
    choice : ColumnChoice
    fewest, most : int
        As for ``check_choice``.

    Raises
    ------
    ValueError
        If the choice does not fit the table, or nothing is left that could be computed with; with the sentence to show.
    """
    choice = check_choice(table, choice, fewest=fewest, most=most)
    values = np.column_stack([table.frame[name].to_numpy(dtype=np.float64) for name in choice.columns])
    rows, notes = _complete(values, choice.missing)
    points = np.ascontiguousarray(values[rows])
    _check_size_of_numbers(points, choice.columns)
    for at, name in enumerate(choice.columns):
        if len(points) > 1 and _is_constant(points[:, at]):
            notes.append(message("choice.constant", column=in_quotes(name)))
    means, deviations = np.zeros(points.shape[1]), np.ones(points.shape[1])
    if choice.standardize:
        means, deviations = center_and_deviation(points)
        points = (points - means) / deviations
    truth, names = _classes(table, choice.label, rows) if choice.label else (None, ())
    return PreparedPoints(points, truth, names, rows, means, deviations, tuple(notes))


def _complete(values: NDArray[np.float64], missing: Missing) -> tuple[NDArray[np.intp], list[str]]:
    """Fill in medians, in place, or drop rows; return the rows that are kept, and a sentence for what was done."""
    absent = np.isnan(values)
    rows = absent.any(axis=1)
    count, n = int(np.count_nonzero(rows)), len(values)
    if not count:
        return np.arange(n, dtype=np.intp), []
    if missing == "drop":
        if count == n:
            raise ValueError(message("choice.no_complete_row"))
        return np.flatnonzero(~rows), [message("choice.rows_dropped", count=count, rows=n)]
    for at in np.flatnonzero(absent.any(axis=0)):
        values[absent[:, at], at] = _median(values[~absent[:, at], at])
    return np.arange(n, dtype=np.intp), [message("choice.rows_filled", count=count, rows=n)]


def _median(numbers: NDArray[np.float64]) -> float:
    """Return the median, computed from halved values, since the sum of two very large ones is infinite."""
    return float(2 * np.median(numbers / 2))


def _check_size_of_numbers(points: Points, columns: Sequence[str]) -> None:
    largest = np.max(np.abs(points), axis=0)
    for name, value in zip(columns, largest, strict=True):
        if value > LARGEST:
            values = {"column": in_quotes(name), "value": f"{value:.3g}", "most": f"{LARGEST:g}"}
            raise ValueError(message("columns.too_large_chosen", **values))


def _classes(table: Table, label: str, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """Return the class of each kept row, ``(n,) int64``, -1 where it is missing, and the names of the classes."""
    import pandas as pd  # noqa: PLC0415

    codes, values = pd.factorize(table.frame[label].iloc[rows], sort=True)
    if not len(values):
        return None, ()
    if table.column(label).kind == "number" and not table.column(label).unit:
        names = [f"{value:.0f}" for value in values]
    elif table.column(label).kind == "text":
        names = [str(value) for value in values]
    else:
        # A class is called what the file calls it: yes, not 1.
        first = rows[np.unique(codes, return_index=True)[1][-len(values) :]]
        names = [text.strip() for text in text_of(table.column(label).cells.take(first)).to_pylist()]
    return np.asarray(codes, dtype=np.int64), tuple(names)
