"""The pictures of a case in one figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ui.analyses.failures.results import Panel
from ui.charts.figures import PLAIN, TEXT, Theme, apply_layout
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, CLUSTER_SYMBOLS


def figure(panels: Sequence[Panel], theme: Theme) -> go.Figure:
    """Return the panels beside each other, at most two in a row; every figure has the same height."""
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    chart = make_subplots(
        rows=rows,
        cols=columns,
        # On a phone, this much of a title fits into one line.
        subplot_titles=["<br>".join(wrap(panel.title, 24)) for panel in panels],
        horizontal_spacing=0.05,
        # Room for the numbers below the upper panels, and for a title of two lines.
        vertical_spacing=0.3,
    )
    # In a small panel the points matter more than large centers.
    center_size = 14 if rows == 1 else 8
    for index, panel in enumerate(panels):
        row, column = index // columns + 1, index % columns + 1
        for trace in (*_points(panel, theme), *_centers(panel, theme, center_size)):
            chart.add_trace(trace, row=row, col=column)
        if panel.equal_units:
            axis = next(chart.select_xaxes(row=row, col=column)).plotly_name.removeprefix("xaxis")
            chart.update_yaxes(row=row, col=column, scaleanchor=f"x{axis}", scaleratio=1)
    apply_layout(chart, theme, height=340)
    chart.update_layout(margin_t=44)  # room for a title of two lines
    chart.update_xaxes(nticks=4, tickfont={"size": 11})
    chart.update_yaxes(nticks=4, tickfont={"size": 11})
    chart.update_annotations(font={"size": 13})
    return chart


def _points(panel: Panel, theme: Theme) -> Iterator[go.Scatter]:
    """Yield the points, group by group."""
    groups = panel.groups
    for group in [None] if groups is None else np.unique(groups).tolist():
        members = panel.points if groups is None else panel.points[groups == group]
        yield go.Scatter(
            x=members[:, 0].astype(np.float32),
            y=members[:, 1].astype(np.float32),
            mode="markers",
            marker={
                "color": PLAIN[theme] if group is None else CLUSTER_COLORS[theme][group],
                "symbol": "circle" if group is None else CLUSTER_SYMBOLS[group],
                "size": 5,
                "opacity": 0.75,
            },
            hoverinfo="skip",
        )


def _centers(panel: Panel, theme: Theme, size: int) -> Iterator[go.Scatter]:
    """Yield the centers, ``size`` pixels wide, above a larger copy in the color of the text as their outline."""
    if panel.centers is None or panel.names is None:
        return
    colors = [CLUSTER_COLORS[theme][name] for name in panel.names]
    for width, color in ((size + 5, [TEXT[theme]] * len(colors)), (size, colors)):
        yield go.Scatter(
            x=panel.centers[:, 0],
            y=panel.centers[:, 1],
            mode="markers",
            marker={
                "color": color,
                "symbol": [CLUSTER_SYMBOLS[name] for name in panel.names],
                "size": width,
                "opacity": 1,
                "line": {"width": 1.5, "color": BACKGROUND[theme]},
            },
            hoverinfo="skip",
        )
