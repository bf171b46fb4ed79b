"""Charts on a page, each with a text alternative, and their numbers as a table and a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ui.charts.figures import Theme
from ui.shell.session import widget_value
from ui.text.messages import message

Columns = Mapping[str, Sequence[Any]]
"""A table: the values of each column by its name, equally many in each."""


def page_theme() -> Theme:
    """Return the theme of the visitor's browser."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_chart(
    figure: go.Figure, alt: str, key: str | None = None, on_pick: Callable[[Any], None] | None = None
) -> list[Any]:
    """Draw a figure; with a key, return the ``customdata`` of what is selected in it.

    ``on_pick`` is called with the ``customdata`` of what was clicked, once and before the page runs again.
    """
    config = {"displayModeBar": False, "responsive": True, "showAxisRangeEntryBoxes": False}
    if key is None:
        st.plotly_chart(figure, alt=alt, config=config)
        return []

    def pick() -> None:
        for data in _selected_data(widget_value(key)):
            if on_pick:
                on_pick(data)

    selection = st.plotly_chart(
        figure, alt=alt, config=config, key=key, on_select=pick if on_pick else "rerun", selection_mode="points"
    )
    return _selected_data(selection)


def _selected_data(state: Any) -> list[Any]:
    """Return the ``customdata`` of the selected points. It comes from a browser, so it may be anything."""
    points = state["selection"].get("points")
    entries = points if isinstance(points, list) else []
    data = [point.get("customdata") for point in entries if isinstance(point, Mapping)]
    return [part for part in data if part is not None]


def as_csv(columns: Columns) -> str:
    """Return a table as comma-separated values with a header."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def show_numbers(columns: Columns, name: str, file_columns: Columns | None = None) -> None:
    """Offer a chart's numbers as a table, and as a file ``name``.csv, which contains ``file_columns`` if given."""
    with st.expander(message("shell.numbers")):
        st.dataframe(dict(columns), hide_index=True)
        st.download_button(
            message("shell.download_numbers"),
            as_csv(file_columns or columns),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
