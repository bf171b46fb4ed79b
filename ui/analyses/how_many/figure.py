"""Charts of the page: a criterion over K, and the silhouettes of all points."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from kmeans_core.arrays import Labels
from ui.analyses.how_many.curves import Criterion, Curve
from ui.analyses.how_many.sentences import cluster_silhouettes
from ui.charts.figures import ACCENT, PLAIN, Theme, apply_layout
from ui.charts.palette import CLUSTER_COLORS, MAX_K
from ui.text.messages import message


def criterion_figure(criterion: Criterion, current_k: int, last: int, theme: Theme) -> go.Figure:
    """Return a criterion over K: the points, uniform noise, a ring around each pick, and a line at the K shown below.

    The axis ends at ``last`` from the beginning, so that nothing moves while the curves grow. The ``customdata`` of a
    value is its K, if the app has that many colors.
    """
    axis = message("how_many.axis", criterion=criterion.name)
    figure = go.Figure()
    curves = (
        (criterion.noise, {"color": PLAIN[theme], "dash": "dot"}, message("how_many.noise_curve")),
        (criterion.points, {"color": ACCENT[theme], "dash": "solid"}, message("how_many.points_curve")),
    )
    for curve, line, name in curves:
        _add_curve(figure, curve, line, name)
    for curve, line, _ in curves:
        _add_pick(figure, curve, line["color"])
    apply_layout(figure, theme, height=300)
    figure.add_vline(
        x=current_k,
        line={"color": PLAIN[theme], "width": 1},
        opacity=0.6,
        layer="below",
    )
    figure.update_layout(margin={"t": 8})
    figure.update_xaxes(title={"text": "K", "standoff": 4}, dtick=2, tick0=1, range=[0.4, last + 0.6])
    figure.update_yaxes(title={"text": axis, "standoff": 4}, nticks=6)
    return figure


def chart_key(theme: Theme) -> str:
    """Return what the lines of all three criteria mean, in one line; HTML."""
    lines = (
        ("solid", ACCENT[theme], message("how_many.points_curve")),
        ("dotted", PLAIN[theme], message("how_many.noise_curve")),
        ("upright", PLAIN[theme], message("how_many.shown_line")),
    )
    items = (f'<span><i class="{kind}" style="color: {color}"></i>{escape(text)}</span>' for kind, color, text in lines)
    return f'<p class="chart-key">{"".join(items)}</p>'


def _add_curve(figure: go.Figure, curve: Curve, line: dict[str, str], name: str) -> None:
    ks = np.arange(1, len(curve.values) + 1)
    figure.add_scatter(
        x=ks,
        y=curve.values,
        name=name,
        mode="lines+markers",
        line={**line, "width": 2},
        marker={"color": line["color"], "size": 8},
        unselected={"marker": {"opacity": 1}},
        error_y=None if curve.errors is None else {"array": curve.errors, "thickness": 1.2, "width": 3},
        customdata=[int(k) if k <= MAX_K else None for k in ks],
        hovertemplate=f"K = %{{x}}: %{{y:.3g}}<extra>{name}</extra>",
    )


def _add_pick(figure: go.Figure, curve: Curve, color: str) -> None:
    if curve.pick is None:
        return
    figure.add_scatter(
        x=[curve.pick],
        y=[curve.values[curve.pick - 1]],
        mode="markers",
        marker={"symbol": "circle-open", "size": 18, "color": color, "line": {"width": 2.5}},
        hoverinfo="skip",
    )


def silhouette_figure(values: NDArray[np.float64], labels: Labels, k: int, theme: Theme) -> go.Figure:
    """Return every point's silhouette, sorted within its cluster, in its cluster's color, the first cluster on top."""
    figure, bottom, gap = go.Figure(), 0, max(2, len(values) // 60)
    ticks: list[float] = []
    for cluster in range(k):
        members = -np.sort(-values[labels == cluster])
        figure.add_scatter(**_silhouette_area(cluster, members, bottom))
        ticks.append(bottom + len(members) / 2)
        bottom += len(members) + gap
    low = min(0.0, float(values.min())) - 0.02
    apply_layout(figure, theme, height=340)
    figure.add_vline(x=float(values.mean()), line={"color": PLAIN[theme], "width": 1.5, "dash": "dash"})
    figure.update_layout(margin={"t": 8})
    figure.update_xaxes(title={"text": message("how_many.silhouettes_axis"), "standoff": 4}, range=[low, 1])
    figure.update_yaxes(
        tickvals=ticks,
        ticktext=[str(cluster + 1) for cluster in range(k)],
        title={"text": message("how_many.clusters_axis")},
    )
    figure.update_yaxes(autorange="reversed")
    return figure


def _silhouette_area(cluster: int, members: NDArray[np.float64], bottom: int) -> dict[str, Any]:
    """Return a cluster's sorted silhouettes as the settings of one filled area that begins at ``bottom``."""
    # Each point is a bar without a gap: two corners of an area that begins and ends at 0.
    heights = np.repeat(np.arange(len(members) + 1), 2)[1:-1] + bottom
    return {
        "x": np.concatenate([[0], np.repeat(members, 2), [0]]),
        "y": np.concatenate([[bottom], heights, [bottom + len(members)]]),
        "mode": "lines",
        "fill": "toself",
        "line": {"width": 0.5, "color": CLUSTER_COLORS[cluster]},
        "fillcolor": CLUSTER_COLORS[cluster],
        "hoverinfo": "text",
        "text": cluster_silhouettes(cluster, members),
    }
