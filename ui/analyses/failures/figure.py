"""The pictures of a case, each a chart."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

import numpy as np
import plotly.graph_objects as go

from ui.analyses.failures.results import Panel
from ui.charts.figures import PLAIN, TEXT, Theme, apply_layout
from ui.charts.palette import BACKGROUND, CLUSTER_COLORS, CLUSTER_SYMBOLS

_CENTER_SIZE: Final = 14


def figure(panel: Panel, theme: Theme) -> go.Figure:
    """Return a panel as a chart; all have the same height."""
    chart = go.Figure([*_points(panel, theme), *_centers(panel, theme)])
    if panel.equal_units:
        chart.update_yaxes(scaleanchor="x", scaleratio=1, constrain="domain")
        chart.update_xaxes(constrain="domain")
    apply_layout(chart, theme, height=300)
    # On a phone, and beside two others, this much of a title fits into one line.
    title = "<br>".join(wrap(panel.title, 34))
    chart.update_layout(margin_t=44, title={"text": title, "font": {"size": 14}, "x": 0.5, "xanchor": "center"})
    chart.update_xaxes(nticks=4, tickfont={"size": 11})
    chart.update_yaxes(nticks=4, tickfont={"size": 11})
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
                "color": PLAIN[theme] if group is None else CLUSTER_COLORS[group],
                "symbol": "circle" if group is None else CLUSTER_SYMBOLS[group],
                "size": 5,
                "opacity": 0.75 if theme == "light" else 1,
            },
            hoverinfo="skip",
        )


def _centers(panel: Panel, theme: Theme) -> Iterator[go.Scatter]:
    """Yield the centers above a larger copy in the color of the text as their outline."""
    if panel.centers is None or panel.names is None:
        return
    colors = [CLUSTER_COLORS[name] for name in panel.names]
    for width, color in ((_CENTER_SIZE + 5, [TEXT[theme]] * len(colors)), (_CENTER_SIZE, colors)):
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
