"""Colours and marker shapes of the clusters: one source for every picture, so that cluster 3 looks the same everywhere.

The first four colours of each theme are from Okabe and Ito's and Paul Tol's colour-blind safe sets. The others were
searched for by computer: the colour that is farthest, in OKLab, from all before it under normal vision and under
simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009), among those with a contrast of at least 3 to 1
against the theme's background. Shapes tell the clusters apart where colours can't.
"""

from __future__ import annotations

from typing import Final

BACKGROUND: Final = {"light": "#FFFFFF", "dark": "#0E1117"}
"""The page behind the picture; also set in ``.streamlit/config.toml``."""

CLUSTER_COLORS: Final = {
    "light": (
        "#0072B2",
        "#D55E00",
        "#009E73",
        "#AA3377",
        "#A578FF",
        "#692D00",
        "#0000D2",
        "#7896C3",
        "#5A1E87",
        "#961EFF",
        "#874B2D",
        "#871E5A",
    ),
    "dark": (
        "#56B4E9",
        "#E69F00",
        "#009E73",
        "#CC79A7",
        "#F0E10F",
        "#9678FF",
        "#96F0C3",
        "#8700FF",
        "#963C96",
        "#5A6900",
        "#96C396",
        "#878700",
    ),
}
"""Colour of each cluster, in cluster order, on each theme."""

CLUSTER_SYMBOLS: Final = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "triangle-down",
    "cross",
    "x",
    "star",
    "pentagon",
    "hexagram",
    "triangle-left",
    "triangle-right",
)
"""Plotly's name of each cluster's marker shape, in cluster order."""

MAX_K: Final = len(CLUSTER_SYMBOLS)
"""The most clusters that the app can show so that a person can tell them apart."""

UNASSIGNED: Final = {"light": "#8A8F98", "dark": "#7D828C"}
"""Colour of points that have no cluster yet; also set in ``ui/player/picture.js``."""
