"""The row of datasets as pictures, one of which is chosen: on every page that uses data, above its content."""

from __future__ import annotations

from functools import cache
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.settings.dataset_pictures import css_image, dataset_picture
from ui.settings.definitions import BY_NAME, DATA
from ui.shell.current_settings import current_settings
from ui.shell.session import widget_value
from ui.shell.setting_widgets import is_widget_hidden, is_widget_locked, option_index
from ui.text.messages import message

_KEY: Final = "data"


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
        f".st-key-data>*>*>:nth-child({number}){{--km-picture:{css_image(dataset_picture(data))}}}"
        for number, data in enumerate(DATA, 1)
    ]
    return "<style>" + "\n".join(rules) + "</style>"
