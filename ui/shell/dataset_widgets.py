"""What decides the points: the row of datasets, and in the sidebar the dataset's sizes and seed, or its table."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import DATASETS
from ui.settings.definitions import DATA, SETTINGS, UPLOAD, names
from ui.settings.record import Settings
from ui.settings.sizes import Sizes, parameters_of
from ui.settings.widget_values import size_key, widget_values
from ui.shell.dataset_strip import dataset_strip
from ui.shell.session import SIZES, set_widget
from ui.shell.setting_widgets import heading, is_widget_hidden, number_widget, setting_widget
from ui.shell.table_widgets import table_widgets
from ui.shell.tables import last_table_use
from ui.text.messages import message

_FIRST_SIZES: Final = 3
"""The sizes of a dataset that are shown at once; the others are a click away, so that K stays on the first screen."""


def dataset_widgets(settings: Settings, place: DeltaGenerator | None) -> Settings:
    """Draw what decides the points, the dataset into ``place``; return the settings with what is chosen."""
    data = dataset_strip(place)
    heading(message("settings.heading_data"), names("points"))
    if data != settings.data:
        settings = _change_dataset(settings, data)
    if data not in DATASETS:
        return table_widgets(settings)
    if not is_widget_hidden("data"):
        st.caption(message("settings.dataset_summary", title=DATA[data].title, summary=DATA[data].summary))
    sizes = _size_widgets(data)
    values: dict[str, Any] = {
        row.name: setting_widget(row) for row in SETTINGS if row.scope == "points" and row.name != "data"
    }
    return replace(settings, sizes=sizes, **values)


def _change_dataset(settings: Settings, data: str) -> Settings:
    """Return the settings for another dataset, in the sizes that it was left with, and set the widgets of it alone."""
    all_sizes = SIZES.get()
    all_sizes[settings.data] = settings.sizes
    settings = settings.with_data(data)
    settings = replace(settings, sizes=all_sizes.get(data, settings.sizes))
    if data == UPLOAD and (use := last_table_use()):
        settings = replace(settings, table=use)
    for key, value in widget_values(settings).items():
        if "." in key:
            set_widget(key, value)
    # A picture of two moons in six colors would show nothing; K can be changed again below.
    set_widget("k", settings.k)
    return settings


def _size_widgets(data: str) -> Sizes:
    """Draw the dataset's sizes, all but the first few in an expander."""
    parameters = parameters_of(data)
    first, rest = parameters[:_FIRST_SIZES], parameters[_FIRST_SIZES:]
    sizes = [(size.name, number_widget(size, size_key(data, size.name))) for size in first]
    if rest:
        with nullcontext() if is_widget_hidden("data") else st.expander(message("settings.more_sizes")):
            sizes += [(parameter.name, number_widget(parameter, size_key(data, parameter.name))) for parameter in rest]
    return tuple(sizes)
