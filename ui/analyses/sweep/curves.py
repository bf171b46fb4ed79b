"""Curves over a swept setting: the cost, the match with the labels, and the iterations."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from kmeans_core.messages.lists import joined_clauses
from ui.analyses.sweep.cells import (
    CellResult,
    compared_cost,
    costs_are_comparable,
    has_match,
    is_per_point,
    match_names,
)
from ui.analyses.sweep.sentences import cell_label, value_label
from ui.analyses.sweep.swept_settings import SweptSetting
from ui.charts.figures import ACCENT, PLAIN, TEXT, Theme, apply_layout
from ui.charts.palette import CLUSTER_SYMBOLS
from ui.text.messages import message

_DASHES: Final = ("dot", "dash", "dashdot")


@dataclass(frozen=True, slots=True)
class SweepCurve:
    """A number of each cell: its title, and a function that returns it, or None where it is unknown."""

    title: str
    value_of: Callable[[CellResult], float | None]


def curves(results: Sequence[CellResult], swept: Sequence[SweptSetting]) -> list[SweepCurve]:
    """Return the numbers to draw: the cost if it can be compared, the match if it is known, and the iterations."""
    drawn_curves: list[SweepCurve] = []
    if costs_are_comparable(swept):
        title = message("sweep.cost_curve", per_point=is_per_point(swept))
        drawn_curves.append(SweepCurve(title, lambda result: compared_cost(result, swept)))
    if has_match(results):
        title = message("sweep.match_curve", **match_names(results))
        drawn_curves.append(SweepCurve(title, lambda result: result.end.agreement))
    iterations = SweepCurve(message("sweep.iterations_curve"), lambda result: float(result.end.iterations))
    return [*drawn_curves, iterations]


def figure(results: Sequence[CellResult], swept: Sequence[SweptSetting], curve: SweepCurve, theme: Theme) -> go.Figure:
    """Return a number over the first setting, a line for each value of the second, and a ring around the current."""
    first = swept[0]
    rows: dict[Hashable, list[CellResult]] = {}
    for result in results:
        rows.setdefault(result.cell.values[1:], []).append(result)
    chart = go.Figure()
    for index, row in enumerate(rows.values()):
        is_current = len(rows) == 1 or any(result.is_current for result in row)
        name = "" if len(rows) == 1 else value_label(swept[1], row[0].cell.values[1])
        chart.add_scatter(**_line(row, swept, curve), **_look(index, is_current, theme), name=name)
    current = [result for result in results if result.is_current]
    ring = {"symbol": "circle-open", "size": 18, "color": ACCENT[theme], "line": {"width": 2.5}}
    chart.add_scatter(**_places(current, first, curve), mode="markers", marker=ring, hoverinfo="skip", showlegend=False)
    apply_layout(chart, theme, height=270)
    chart.update_layout(
        title={"text": curve.title, "font": {"size": 14, "color": TEXT[theme]}, "x": 0, "y": 0.98},
        showlegend=len(rows) > 1,
        legend={"orientation": "h", "y": -0.3, "x": 0},
    )
    chart.update_xaxes(type="category", title={"text": first.title, "standoff": 4})
    chart.update_yaxes(rangemode="tozero", nticks=5)
    return chart


def _places(results: Sequence[CellResult], first: SweptSetting, curve: SweepCurve) -> dict[str, Any]:
    return {
        "x": [first.format(result.cell.values[0]) for result in results],
        "y": [curve.value_of(result) for result in results],
        "cliponaxis": False,
    }


def _line(row: Sequence[CellResult], swept: Sequence[SweptSetting], curve: SweepCurve) -> dict[str, Any]:
    return _places(row, swept[0], curve) | {
        # A line would mean that results between two values lie between theirs.
        "mode": "lines+markers" if swept[0].is_ordered else "markers",
        "text": [cell_label(result, swept) for result in row],
        "hovertemplate": "%{text}: %{y:.4g}<extra></extra>",
    }


def _look(index: int, is_current: bool, theme: Theme) -> dict[str, Any]:
    color = (ACCENT if is_current else PLAIN)[theme]
    return {
        "line": {"color": color, "width": 2, "dash": "solid" if is_current else _DASHES[index % len(_DASHES)]},
        "marker": {"color": color, "size": 9, "symbol": CLUSTER_SYMBOLS[index]},
    }


def alt(results: Sequence[CellResult], swept: Sequence[SweptSetting], curve: SweepCurve) -> str:
    """Describe a curve for readers who can't see it."""
    values = joined_clauses([_value_text(cell_label(result, swept), curve.value_of(result)) for result in results])
    return message("sweep.curve_alt", curve=curve.title, setting=swept[0].noun, values=values)


def _value_text(cell: str, value: float | None) -> str:
    return message("sweep.curve_value", cell=cell, known=value is not None, value=value or 0.0)
