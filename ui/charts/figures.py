"""The look of all Plotly figures: colors of each theme, and the layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ui.charts.palette import GRID, MUTED, ThemeName

if TYPE_CHECKING:
    import plotly.graph_objects as go

Theme = ThemeName

ACCENT: Final[Mapping[Theme, str]] = {"light": "#4F46E5", "dark": "#8B85FF"}
"""Color of what a chart points out: the theme's primary color, also set in ``.streamlit/config.toml``."""

PLAIN: Final[Mapping[Theme, str]] = {"light": "#8A92A3", "dark": "#8892A6"}
"""Color of everything else."""

TEXT: Final[Mapping[Theme, str]] = {"light": "#1B1F27", "dark": "#F2F4F7"}


def apply_layout(figure: go.Figure, theme: Theme, height: int, **layout: Any) -> go.Figure:
    """Apply the common layout to a figure, and return the figure."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": TEXT[theme], "size": 13},
        showlegend=False,
        dragmode=False,
        hoverlabel={"font": {"size": 13}},
        **layout,
    )
    axis = {"gridcolor": GRID[theme], "zeroline": False, "tickfont": {"color": MUTED[theme]}}
    figure.update_xaxes(**axis, fixedrange=True, automargin=True)
    figure.update_yaxes(**axis, fixedrange=True, automargin=True)
    return figure
