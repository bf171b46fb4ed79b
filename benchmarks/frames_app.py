"""The app that the player is compared with: the same run as Plotly's animation frames in ``st.plotly_chart``."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from kmeans_core import Phase, RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from ui.charts.palette import CLUSTER_COLORS

st.set_page_config(layout="wide")


def _scatters(points: Points, trace: Trace, index: int) -> list[go.Scattergl]:
    """Return one trace for each cluster, and one for the centers."""
    step = trace[index]
    labels = step.compact_labels
    clusters = [points[labels == j] if labels is not None else points[:0] for j in range(trace.config.k)]
    traces = [
        go.Scattergl(x=cluster[:, 0], y=cluster[:, 1], mode="markers", marker={"color": CLUSTER_COLORS[j], "size": 4})
        for j, cluster in enumerate(clusters)
    ]
    centers = go.Scattergl(x=step.centers[:, 0], y=step.centers[:, 1], mode="markers", marker={"size": 16})
    return [*traces, centers]


def _figure(points: Points, trace: Trace) -> go.Figure:
    frames = [go.Frame(data=_scatters(points, trace, i), name=str(i)) for i in range(1, len(trace))]
    play = {"label": "Play", "method": "animate", "args": [None, {"frame": {"duration": 400}}]}
    figure = go.Figure(data=_scatters(points, trace, 1), frames=frames)
    figure.update_layout(
        title=f"K = {trace.config.k}",
        height=700,
        updatemenus=[{"type": "buttons", "buttons": [play]}],
    )
    return figure


k = st.sidebar.slider("K", 1, 12, 6)
points, _ = make_dataset("blobs", seed=0, blobs=6, points=int(st.query_params.get("points", 3072)))
trace = run(points, RunConfig(k=k, init="random", seed=0, max_iter=15))
assert trace[0].phase is Phase.INIT
st.plotly_chart(_figure(points, trace), key="frames")
