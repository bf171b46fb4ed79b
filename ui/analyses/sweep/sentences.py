"""Sentences of the page: what the swept settings did to the cost and to the match with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from kmeans_core import DATASETS
from kmeans_core.messages.numbers import amounts, nearly_equal, shares
from ui.analyses.sweep.cells import (
    CellResult,
    compared_cost,
    costs_are_comparable,
    is_per_point,
    match_names,
    points_are_same,
)
from ui.analyses.sweep.swept_settings import SweptSetting, title_of
from ui.charts.thumbnails import MOST_POINTS, clusters_in_words
from ui.settings.record import Settings
from ui.settings.sizes import drawn_groups
from ui.text.messages import message


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
            high=high_text,
            **_runs_with(results, costs, low, high, swept),
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
        return message("sweep.cost_rises", k=ks[rise], k_before=ks[rise - 1], converged=results[rise].end.converged)
    lowest = next(index for index, cost in enumerate(costs) if cost <= costs[-1])
    if lowest < len(costs) - 1:
        return message("sweep.cost_stays", last=amounts([costs[-1]])[0], k=ks[lowest])
    return message("sweep.cost_falls")


def _stopped(results: Sequence[CellResult]) -> Iterator[str]:
    """Say how many runs reached the iteration limit, if any did."""
    if stopped := sum(not result.end.converged for result in results):
        yield message("sweep.stopped", stopped=stopped, total=len(results))


def _match(results: Sequence[CellResult], swept: Sequence[SweptSetting]) -> Iterator[str]:
    results_with_match = [result for result in results if result.end.agreement is not None]
    if not results_with_match:
        return
    values = [result.end.agreement or 0.0 for result in results_with_match]
    names, low, high = match_names(results), min(values), max(values)
    if low == high:
        yield message("sweep.equal_matches", value=low, **names)
        return
    texts = dict(zip(sorted(set(values)), shares(sorted(set(values))), strict=True))
    yield message(
        "sweep.match_range",
        high=texts[high],
        **_runs_with(results_with_match, values, low, high, swept),
        **names,
    )
    yield from _misleading_match(results_with_match, values, swept)


def _misleading_match(
    results: Sequence[CellResult], matches: Sequence[float], swept: Sequence[SweptSetting]
) -> Iterator[str]:
    """Say that another K than the number of groups matches best, if it does: the run with that K may be a bad one."""
    if [setting.name for setting in swept] != ["k"]:
        return
    settings = results[0].cell.settings
    by_k = {result.cell.values[0]: match for result, match in zip(results, matches, strict=True)}
    groups = drawn_groups(settings.data, settings.sizes)
    if groups in by_k and by_k[groups] < max(matches):
        yield message("sweep.match_misleads", groups=groups)


def _runs_with(
    results: Sequence[CellResult], numbers: Sequence[float], low: float, high: float, swept: Sequence[SweptSetting]
) -> dict[str, int | str]:
    """Return how many cells have the lowest and the highest number, and one of each, as values of a message."""
    values: dict[str, int | str] = {"total": len(results)}
    for name, value in (("low", low), ("high", high)):
        cells = [result for result, number in zip(results, numbers, strict=True) if nearly_equal(number, value)]
        values |= {f"{name}_count": len(cells), f"{name}_cell": cell_label(cells[0], swept)}
    return values


def cell_label(result: CellResult, swept: Sequence[SweptSetting]) -> str:
    """Return the values of a cell with the names of their settings."""
    first, *second = (value_label(setting, value) for setting, value in zip(swept, result.cell.values, strict=True))
    return message("sweep.two_values", first=first, second=second[0]) if second else first


def value_label(setting: SweptSetting, value: object) -> str:
    """Return a value with the name of its setting: ``K = 3``, ``algorithm: K-medoids``."""
    key = "sweep.number_label" if setting.is_ordered else "sweep.choice_label"
    return message(key, setting=setting.noun, value=setting.format(value))


def not_available(settings: Settings, name: str) -> str:
    """Say that these data do not have a setting."""
    data = "" if settings.table else DATASETS[settings.data].title
    return message("sweep.not_available", setting=title_of(name), is_table=settings.table is not None, data=data)


def caption(results: Sequence[CellResult]) -> str:
    """Say how the pictures were drawn."""
    parts = [message("sweep.caption")]
    if max(result.end.n for result in results) > MOST_POINTS:
        parts.append(message("sweep.sample_note", count=MOST_POINTS))
    return " ".join(parts)


def picture_alt(result: CellResult, swept: Sequence[SweptSetting]) -> str:
    """Describe a cell's picture for readers who can't see it."""
    sizes = np.bincount(result.end.labels, minlength=result.end.k).tolist()
    clusters = clusters_in_words(dict(zip(result.cluster_names, sizes, strict=True)))
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
