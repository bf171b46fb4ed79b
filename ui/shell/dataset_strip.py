"""The row of datasets as pictures, one of which is chosen: on every page that uses data, above its content."""

from __future__ import annotations

import csv
from functools import cache
from typing import Final
from urllib.parse import quote

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core.arrays import Points
from kmeans_core.datasets import Truth
from ui.charts.thumbnails import data_svg
from ui.settings.built_in_tables import BUILT_IN, BuiltIn
from ui.settings.definitions import BY_NAME, DATA, UPLOAD
from ui.settings.points import generate_data
from ui.settings.record import POST
from ui.shell.current_settings import current_settings
from ui.shell.session import widget_value
from ui.shell.setting_widgets import is_widget_hidden, is_widget_locked, option_index
from ui.text.messages import message

_KEY: Final = "data"

_TABLE_ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 66 44" fill="none" stroke="#8A8F98" stroke-width="2.5" '
    'stroke-linejoin="round"><path d="M15 6h36v32H15zM15 16h36M15 27h36M28 16v22"/></svg>'
)


def dataset_strip(place: DeltaGenerator | None) -> str:
    """Draw the datasets as a row of pictures into ``place``, and return the name of the chosen one.

    A radio group with pictures as the background of its labels, so that keys, names, and states are Streamlit's.
    Without a place, and where the link or the page hides the choice, the dataset stays as it is.
    """
    options = tuple(DATA)
    index = option_index(options, _KEY, current_settings().data)
    if place is None or is_widget_hidden(_KEY):
        return str(widget_value(_KEY))
    # Streamlit keeps this height, in pixels, before the style sheet arrives.
    with place.container(key="datasets", height=84, border=False):
        st.html(dataset_pictures())
        return st.radio(
            BY_NAME[_KEY].title,
            options,
            index,
            key=_KEY,
            format_func=dataset_name,
            horizontal=True,
            label_visibility="collapsed",
            disabled=is_widget_locked(_KEY),
        )


def dataset_name(data: str) -> str:
    """Return the name of a dataset below its picture, which has little room."""
    return message("settings.dataset_name", data=data)


@cache
def dataset_pictures() -> str:
    """Return a style element with the picture of each dataset, in the order of the choice."""
    rules = [
        f".st-key-data>*>*>:nth-child({number}){{--km-picture:{_css_image(_picture(data))}}}"
        for number, data in enumerate(DATA, 1)
    ]
    return "<style>" + "\n".join(rules) + "</style>"


def _picture(data: str) -> str:
    """Return the picture of a dataset with its default sizes, or of a table, as SVG."""
    if data == UPLOAD:
        return _TABLE_ICON
    if data in BUILT_IN:
        return data_svg(*_built_in_points(BUILT_IN[data]), equal=True)
    example = generate_data(POST.with_data(data))
    return data_svg(example.points, example.truth, equal=example.equal_units)


def _built_in_points(table: BuiltIn) -> tuple[Points, Truth | None]:
    """Return the points of a built-in table and their groups, as with its default columns.

    Reading it as a table takes a second in a fresh process, for pandas and PyArrow, which most visitors never need.
    """
    rows = csv.DictReader(table.path.read_text(encoding="utf-8").splitlines())
    complete = [row for row in rows if "NA" not in (row[name] for name in table.columns)]
    points = np.array([[float(row[name]) for name in table.columns] for row in complete])
    if table.standardize:
        points = (points - points.mean(axis=0)) / points.std(axis=0)
    if not table.label:
        return points, None
    return points, np.unique([row[table.label] for row in complete], return_inverse=True)[1].astype(np.int64)


def _css_image(svg: str) -> str:
    """Return an SVG image as a value of a style sheet, without ``<``, for which Streamlit would drop the sheet."""
    content = quote(svg.replace('"', "'"), safe="' =:/+-.,()")
    return f'url("data:image/svg+xml,{content}")'
