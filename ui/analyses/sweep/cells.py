"""The runs of a sweep: one cell for each value, or for each pair of values, and its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kmeans_core import match_clusters
from ui.analyses.sweep.swept_settings import SweptSetting
from ui.charts.thumbnails import Ending
from ui.settings.definitions import names
from ui.settings.effort import SWEEP_SECONDS, run_seconds
from ui.settings.points import label_column
from ui.settings.record import Settings
from ui.text.messages import message


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of a sweep: its settings, and its value of each swept setting."""

    settings: Settings
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CellResult:
    """The result of a cell.

    Attributes
    ----------
    cell : Cell
    end : Ending
    is_current : bool
        Whether these are the sidebar's settings.
    cluster_names : (k,) tuple of int
        The number and color of each cluster.
    """

    cell: Cell
    end: Ending
    is_current: bool
    cluster_names: tuple[int, ...]


def cells_of(settings: Settings, swept: Sequence[SweptSetting]) -> list[Cell]:
    """Return the cells of one swept setting, or of two as rows of the second one, in the order of the screen."""
    first, *rest = swept
    if not rest:
        return [Cell(first.apply(settings, value), (value,)) for value in first.values]
    second = rest[0]
    return [
        Cell(second.apply(first.apply(settings, value), other), (value, other))
        for other in second.values
        for value in first.values
    ]


def computing_order(cells: Sequence[Cell], settings: Settings) -> list[int]:
    """Return the indices of the cells with the current one first, since all others take their colors from it."""
    return sorted(range(len(cells)), key=lambda index: cells[index].settings != settings)


def is_heavy(settings: Settings, n: int, cells: int) -> bool:
    """Tell whether the runs of so many cells take so long that the page waits for a click."""
    return run_seconds(settings, n, cells) > SWEEP_SECONDS


def results_of(cells: Sequence[Cell], settings: Settings, ends: Sequence[Ending]) -> list[CellResult]:
    """Return the results in the order of the screen; ``ends`` are in ``computing_order``, and may be only the first.

    Each cluster is named after the current cell's cluster with which it shares most points.
    """
    indices = computing_order(cells, settings)[: len(ends)]
    return [
        CellResult(cells[index], end, cells[index].settings == settings, cluster_names(end, ends[0]))
        for index, end in sorted(zip(indices, ends, strict=True), key=lambda pair: pair[0])
    ]


def cluster_names(end: Ending, reference: Ending) -> tuple[int, ...]:
    """Return the name of each cluster of ``end``: the matching cluster of ``reference``.

    With as many points, point i of one run is point i of the other. Otherwise the reference's points are assigned to
    the centers of ``end``.
    """
    k = max(end.k, reference.k)
    if end.n == reference.n:
        labels, reference_labels = end.labels, reference.labels
    else:
        distances = np.square(reference.shown_points[:, np.newaxis] - end.centers).sum(axis=2)
        distances[:, ~end.active] = np.inf
        labels, reference_labels = distances.argmin(axis=1), reference.labels[reference.indices]
    return tuple(int(name) for name in match_clusters(labels, reference_labels, k=k)[: end.k])


# Costs ----------------------------------------------------------------------------------------------------


def costs_are_comparable(swept: Sequence[SweptSetting]) -> bool:
    """Tell whether costs can be compared: each rule has a cost of its own."""
    return all(setting.name != "rule" for setting in swept)


def points_are_same(swept: Sequence[SweptSetting]) -> bool:
    """Tell whether all cells have the same points, so that their partitions can be compared."""
    return all(setting.name in (*names("run"), *names("effort")) for setting in swept)


def is_per_point(swept: Sequence[SweptSetting]) -> bool:
    """Tell whether the number of points is swept, so that costs are compared per point."""
    return any(setting.name in ("points", "points_per_blob") for setting in swept)


def compared_cost(result: CellResult, swept: Sequence[SweptSetting]) -> float:
    """Return the cost, or the cost per point, that is compared between cells."""
    return result.end.cost / result.end.n if is_per_point(swept) else result.end.cost


def match_names(results: Sequence[CellResult]) -> dict[str, str | bool]:
    """Return what the adjusted Rand index of the results compares with, as values of a message."""
    column = label_column(results[0].cell.settings)
    return {"labeled": bool(column), "column": column}


def has_match(results: Sequence[CellResult]) -> bool:
    """Tell whether any result has an adjusted Rand index with the data's labels."""
    return any(result.end.agreement is not None for result in results)


def numbers(results: Sequence[CellResult], swept: Sequence[SweptSetting]) -> dict[str, list[object]]:
    """Return the results as the columns of a table."""
    values: dict[str, list[object]] = {
        setting.title: [setting.format(result.cell.values[index]) for result in results]
        for index, setting in enumerate(swept)
    }
    return values | {
        message("sweep.column_points"): [result.end.n for result in results],
        message("sweep.column_cost"): [result.end.cost for result in results],
        message("sweep.column_iterations"): [result.end.iterations for result in results],
        message("sweep.column_converged"): [result.end.converged for result in results],
        message("sweep.column_match", **match_names(results)): [result.end.agreement for result in results],
        message("sweep.column_current"): [result.is_current for result in results],
    }
