"""Charts on a page: always with words for those who can't see them, and with their numbers to read and to take."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ui.charts.figures import Theme
from ui.shell.session import widget_value

Columns = Mapping[str, Sequence[Any]]
"""A table: the name of each column and its values, as many in each."""


def page_theme() -> Theme:
    """Return the theme that the visitor looks at."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_chart(
    figure: go.Figure, alt: str, key: str | None = None, on_pick: Callable[[Any], None] | None = None
) -> list[Any]:
    """Draw a figure; return the ``customdata`` of what is selected in it, which needs a key.

    ``on_pick`` is told the ``customdata`` of what was clicked, once and before the page runs again.
    """
    config = {"displayModeBar": False, "responsive": True}
    if key is None:
        st.plotly_chart(figure, alt=alt, config=config)
        return []

    def tell() -> None:
        for data in _selected(widget_value(key)):
            if on_pick:
                on_pick(data)

    picked = st.plotly_chart(
        figure, alt=alt, config=config, key=key, on_select=tell if on_pick else "rerun", selection_mode="points"
    )
    return _selected(picked)


def _selected(state: Any) -> list[Any]:
    """Return what is selected. It comes from a browser, so nothing of it is trusted."""
    points = state["selection"].get("points")
    known = points if isinstance(points, list) else []
    found = [point.get("customdata") for point in known if isinstance(point, Mapping)]
    return [data for data in found if data is not None]


def as_csv(columns: Columns) -> str:
    """Return a table as comma-separated values with a heading."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def show_numbers(columns: Columns, name: str, everything: Columns | None = None) -> None:
    """Offer a chart's numbers: a table to read, and a file with them, or with more, to take along."""
    with st.expander("The numbers"):
        st.dataframe(dict(columns), hide_index=True)
        st.download_button(
            "Download as CSV",
            as_csv(everything or columns),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
