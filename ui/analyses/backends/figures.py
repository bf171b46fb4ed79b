"""Charts of the page: the differences of each half-step, and its time over the number of points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from kmeans_core import BACKENDS
from ui.analyses.backends.comparison import Comparison
from ui.analyses.backends.sentences import bar_hint, timing_label
from ui.analyses.backends.timing import Timing
from ui.charts.figures import ACCENT, PLAIN, Theme, apply_layout
from ui.text.messages import message

_LOOKS: Final = {"numpy": (PLAIN, "circle"), "tensorflow": (ACCENT, "square")}


def difference_figure(comparison: Comparison, theme: Theme) -> go.Figure:
    """Return two rows of bars, one bar a half-step: points in another cluster, and how far apart the centers are."""
    steps = comparison.differences
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.2,
        subplot_titles=[message("backends.points_chart"), message("backends.distance_chart")],
    )
    for row, values in ((1, [step.points for step in steps]), (2, [step.distance for step in steps])):
        figure.add_bar(
            row=row,
            col=1,
            x=list(range(len(steps))),
            y=values,
            marker={"color": ACCENT[theme]},
            hovertext=[bar_hint(step, value) for step, value in zip(steps, values, strict=True)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        # Without a range, Plotly draws a row of zeros in the middle of the chart.
        figure.update_yaxes(row=row, col=1, rangemode="tozero", nticks=4, **({} if any(values) else {"range": [0, 1]}))
    apply_layout(figure, theme, height=300)
    figure.update_xaxes(title={"text": message("backends.steps_axis"), "standoff": 6}, row=2, col=1)
    figure.update_annotations(x=0, xanchor="left", font={"size": 13})
    return figure


def timing_figure(timings: Sequence[Timing], theme: Theme) -> go.Figure:
    """Return the times of assign and refine over the number of points, a line for each backend, on log axes."""
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.06,
        subplot_titles=[message("backends.assign"), message("backends.refine")],
    )
    for backend in _LOOKS:
        lines = [timing for timing in timings if timing.backend == backend]
        figure.add_trace(_line(backend, lines, [timing.assign for timing in lines], theme), row=1, col=1)
        refine = _line(backend, lines, [timing.refine for timing in lines], theme).update(showlegend=False)
        figure.add_trace(refine, row=1, col=2)
    apply_layout(figure, theme, height=320)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.2, "x": 0})
    figure.update_annotations(font={"size": 13})
    points = {"text": message("backends.points_axis"), "standoff": 6}
    figure.update_xaxes(type="log", dtick=1, title=points, range=[2.8, 6.2])
    milliseconds = [1e3 * seconds for timing in timings for seconds in (timing.assign, timing.refine)]
    figure.update_yaxes(type="log", dtick=1, range=_powers(milliseconds))
    figure.update_yaxes(title={"text": message("backends.time_axis"), "standoff": 4}, row=1, col=1)
    return figure


def _line(backend: str, timings: Sequence[Timing], seconds: Sequence[float], theme: Theme) -> go.Scatter:
    colors, symbol = _LOOKS[backend]
    return go.Scatter(
        x=[timing.n for timing in timings],
        y=[1e3 * value for value in seconds],
        mode="lines+markers",
        name=BACKENDS[backend].title,
        line={"color": colors[theme], "width": 2},
        marker={"symbol": symbol, "size": 8},
        hovertext=[timing_label(timing, value) for timing, value in zip(timings, seconds, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _powers(values: Sequence[float]) -> tuple[float, float]:
    """Return the exponents of the powers of ten between which all values lie, with a little room."""
    return float(np.floor(np.log10(min(values)))) - 0.1, float(np.ceil(np.log10(max(values)))) + 0.1
