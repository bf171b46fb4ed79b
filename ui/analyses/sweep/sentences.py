"""Sentences of the page: what the swept settings did to the cost and to the match with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kmeans_core import DATASETS
from ui.analyses.sweep.cells import (
    CellResult,
    compared_cost,
    costs_are_comparable,
    has_match,
    is_per_point,
    match_words,
    points_are_same,
)
from ui.analyses.sweep.swept_settings import SweptSetting
from ui.charts.thumbnails import MOST_POINTS
from ui.settings.record import Settings
from ui.text.messages import message
from ui.text.numbers import amounts, nearly_equal, shares


def finding(results: Sequence[CellResult], swept: Sequence[SweptSetting], total: int) -> str:
    """Say what the swept settings did to the cost and to the match; ``total`` counts the cells, computed or not."""
    if len(results) < 2:
        end = results[0].end
        return message("sweep.one_run", total=total, cost=end.cost, iterations=end.iterations)
    return " ".join(
        [_difference(results, swept, total), *_costs(results, swept), *_stopped(results), *_match(results, swept)]
    )


def _difference(results: Sequence[CellResult], swept: Sequence[SweptSetting], total: int) -> str:
    counts = {"done": len(results) == total, "count": len(results), "total": total}
    if len(swept) == 1:
        return message("sweep.one_setting", setting=swept[0].noun, **counts)
    return message("sweep.two_settings", first=swept[0].noun, second=swept[1].noun, **counts)


def _costs(results: Sequence[CellResult], swept: Sequence[SweptSetting]) -> Iterator[str]:
    if not costs_are_comparable(swept):
        yield message("sweep.costs_not_comparable")
        return
    costs = [compared_cost(result, swept) for result in results]
    low, high = min(costs), max(costs)
    if nearly_equal(low, high):
        yield _equal_costs(results, swept, low)
    elif [setting.name for setting in swept] == ["k"]:
        yield _costs_over_k(results, costs)
    else:
        low_text, high_text = amounts([low, high])
        yield message(
            "sweep.cost_range",
            per_point=is_per_point(swept),
            low=low_text,
            low_runs=_runs_with(results, costs, low, swept),
            high=high_text,
            high_runs=_runs_with(results, costs, high, swept),
        )


def _equal_costs(results: Sequence[CellResult], swept: Sequence[SweptSetting], cost: float) -> str:
    """Say whether runs with the same cost found the same result; on different points no results are the same."""
    if not points_are_same(swept):
        return message("sweep.equal_costs", per_point=is_per_point(swept), cost=cost)
    return message("sweep.equal_results", results=len({result.end.partition for result in results}), cost=cost)


def _costs_over_k(results: Sequence[CellResult], costs: Sequence[float]) -> str:
    """Say what more clusters do to the cost: the best one never rises, but a single run may miss it."""
    ks = [result.cell.values[0] for result in results]
    rise = next((index for index in range(1, len(costs)) if costs[index] > costs[index - 1] * (1 + 1e-9)), None)
    if rise is not None:
        before, after = amounts([costs[rise - 1], costs[rise]])
        return message(
            "sweep.cost_rises",
            k=ks[rise],
            k_before=ks[rise - 1],
            cost=after,
            cost_before=before,
            converged=results[rise].end.converged,
        )
    first, last = amounts([costs[0], costs[-1]])
    lowest = next(index for index, cost in enumerate(costs) if cost <= costs[-1])
    if lowest < len(costs) - 1:
        return message("sweep.cost_stays", first=first, last=last, k=ks[lowest])
    return message("sweep.cost_falls", first=first, last=last)


def _stopped(results: Sequence[CellResult]) -> Iterator[str]:
    """Say how many runs reached the iteration limit, if any did."""
    if stopped := sum(not result.end.converged for result in results):
        yield message("sweep.stopped", stopped=stopped, total=len(results))


def _match(results: Sequence[CellResult], swept: Sequence[SweptSetting]) -> Iterator[str]:
    known = [result for result in results if result.end.agreement is not None]
    if not known:
        return
    values = [result.end.agreement or 0.0 for result in known]
    match, low, high = match_words(results), min(values), max(values)
    if low == high:
        yield message("sweep.equal_matches", match=match, value=low)
        return
    texts = dict(zip(sorted(set(values)), shares(sorted(set(values))), strict=True))
    yield message(
        "sweep.match_range",
        match=match,
        best=_runs_with(known, values, high, swept),
        best_match=texts[high],
        worst=_runs_with(known, values, low, swept),
        worst_match=texts[low],
    )


def _runs_with(
    results: Sequence[CellResult], numbers: Sequence[float], value: float, swept: Sequence[SweptSetting]
) -> str:
    """Name the cell whose number is ``value``; if it is shared by several, say how many."""
    cells = [result for result, number in zip(results, numbers, strict=True) if nearly_equal(number, value)]
    if len(cells) == 1:
        return cell_label(cells[0], swept)
    return message("sweep.share_of_runs", count=len(cells), total=len(results))


def cell_label(result: CellResult, swept: Sequence[SweptSetting]) -> str:
    """Return the values of a cell with the names of their settings."""
    return ", ".join(value_label(setting, value) for setting, value in zip(swept, result.cell.values, strict=True))


def value_label(setting: SweptSetting, value: object) -> str:
    """Return a value with the name of its setting: ``K = 3``, ``algorithm: K-medoids``."""
    key = "sweep.number_label" if setting.is_ordered else "sweep.choice_label"
    return message(key, setting=setting.noun, value=setting.format(value))


def not_available(settings: Settings, name: str) -> str:
    """Say that these data do not have a setting."""
    data = "" if settings.table else DATASETS[settings.data].title.lower()
    title = name.replace("_", " ").capitalize()
    return message("sweep.not_available", setting=title, is_table=settings.table is not None, data=data)


def caption(results: Sequence[CellResult]) -> str:
    """Say how the pictures were drawn."""
    parts = [message("sweep.caption")]
    if has_match(results):
        parts.append(message("sweep.match_note", match=match_words(results)))
    if max(result.end.n for result in results) > MOST_POINTS:
        parts.append(message("sweep.sample_note", count=MOST_POINTS))
    return " ".join(parts)


def picture_alt(result: CellResult, swept: Sequence[SweptSetting]) -> str:
    """Describe a cell's picture for readers who can't see it."""
    sizes = np.bincount(result.end.labels, minlength=result.end.k).tolist()
    clusters = ", ".join(
        message("sweep.cluster_size", cluster=name + 1, size=size)
        for name, size in sorted(zip(result.cluster_names, sizes, strict=True))
    )
    label = cell_label(result, swept)
    return message("sweep.picture_alt", cell=label, clusters=clusters, is_current=result.is_current)


def cell_lines(result: CellResult, cost: str) -> list[str]:
    """Return the lines below a cell's picture; ``cost`` as it is written among the other cells' costs."""
    end = result.end
    lines = [
        message("sweep.cell_cost", cost=cost),
        message("sweep.cell_iterations", iterations=end.iterations, converged=end.converged),
    ]
    if end.agreement is not None:
        lines.append(message("sweep.cell_match", match=end.agreement))
    return lines
