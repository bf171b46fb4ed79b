"""Widgets of settings, drawn from the rows of the table of settings.

Every widget gets its value twice, in the session and as its default. Streamlit's browser loads the code of a widget
when it first draws one, and the visitor may act before that: the next run then lacks the session's value, and a widget
without a default would start at its lowest value and send that.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import streamlit as st

from kmeans_core import BACKENDS
from server.config import LIMITS, backend_offered
from ui.settings.definitions import NEW_SEEDS, Option, Setting, option_help
from ui.settings.number_range import NumberRange
from ui.settings.widget_values import control_of
from ui.shell.current_settings import current_settings
from ui.shell.navigation import chosen_lesson
from ui.shell.session import UNUSED_SETTINGS, set_widget, widget_value
from ui.text.messages import message

_MOST_SLIDER_STEPS: Final = 500
"""With more steps a slider is too coarse to hit a value, and a number field takes its place."""


def is_locked(control: str) -> bool:
    """Tell whether the link locks or hides one of a lesson's controls."""
    return control in chosen_lesson().locked | chosen_lesson().hidden


def is_widget_hidden(key: str) -> bool:
    """Tell whether the link or the page leaves a widget out; its setting then keeps its value."""
    unused = UNUSED_SETTINGS.get()
    return control_of(key) in chosen_lesson().hidden or key in unused or ("." in key and "data" in unused)


def is_widget_locked(key: str) -> bool:
    """Tell whether the link locks a widget."""
    return control_of(key) in chosen_lesson().locked


def heading(text: str, keys: Collection[str]) -> None:
    """Draw a heading, unless all widgets below it are hidden."""
    if not all(map(is_widget_hidden, keys)):
        st.header(text, anchor=False)


def setting_widget(setting: Setting, options: Mapping[str, Option] | None = None) -> str | float:
    """Draw the widget of a setting and return the chosen value.

    Parameters
    ----------
    setting : Setting
    options : mapping, optional
        The values to offer, if not all of the setting.
    """
    if isinstance(setting.values, NumberRange):
        widget = seed_widget if setting.widget == "seed" else number_widget
        return widget(setting.values, setting.name)
    if setting.widget == "buttons":
        return _backend_widget(setting)
    return _select_widget(setting, setting.values if options is None else options)


def number_widget(parameter: NumberRange, key: str) -> float:
    """Draw a slider, or a number field for many values, and return the chosen value."""
    as_kind = int if parameter.kind == "int" else float
    if is_widget_hidden(key):
        return as_kind(widget_value(key))
    steps = (parameter.high - parameter.low) / parameter.step
    draw = st.slider if steps <= _MOST_SLIDER_STEPS else st.number_input
    return draw(
        parameter.title,
        min_value=as_kind(parameter.low),
        max_value=as_kind(parameter.high),
        value=as_kind(widget_value(key)),
        step=as_kind(parameter.step),
        key=key,
        help=parameter.help,
        disabled=is_widget_locked(key),
    )


def seed_widget(parameter: NumberRange, key: str) -> int:
    """Draw a field for a seed with a button for a new one, and return the seed."""
    if is_widget_hidden(key):
        return int(widget_value(key))
    field, dice = st.columns([3, 1], vertical_alignment="bottom")
    with field:
        seed = number_widget(parameter, key)
    with dice:
        label = message("settings.new_data_seed" if key == "data_seed" else "settings.new_random_seed")
        st.button(
            label,
            icon=":material/casino:",
            key=f"{key}_dice",
            help=label,
            on_click=_draw_seed,
            args=(key,),
            disabled=is_widget_locked(key),
            width="stretch",
        )
    return int(seed)


def _draw_seed(key: str) -> None:
    set_widget(key, secrets.randbelow(NEW_SEEDS))


def option_index(options: Sequence[str], key: str, instead: str) -> int:
    """Return the index of a widget's value among its options; set the widget to ``instead`` where it is none of them.

    Streamlit accepts any text for a select box, even one that was never offered.
    """
    if widget_value(key) not in options:
        set_widget(key, instead)
    return options.index(widget_value(key))


def _select_widget(setting: Setting, options: Mapping[str, Option]) -> str:
    """Draw a select box and return the chosen option."""
    key, names = setting.name, tuple(options)
    index = option_index(names, key, getattr(current_settings(), key))
    if is_widget_hidden(key):
        return str(widget_value(key))
    value: str = st.selectbox(
        setting.title,
        names,
        index,
        key=key,
        format_func=lambda name: options[name].title,
        help=setting.help or option_help(options),
        disabled=is_widget_locked(key),
    )
    return value


def _backend_widget(setting: Setting) -> str:
    """Draw the choice of backend; disabled, with the reason, where a backend is missing."""
    key = setting.name
    if is_widget_hidden(key):
        return str(widget_value(key))
    absent_backends = [name for name in BACKENDS if not backend_offered(name)]
    value = st.segmented_control(
        setting.title,
        tuple(BACKENDS),
        default=widget_value(key),
        key=key,
        format_func=lambda name: BACKENDS[name].title,
        help=setting.help,
        disabled=bool(absent_backends) or is_widget_locked(key),
        required=True,
        width="stretch",
    )
    for name in absent_backends:
        backend = BACKENDS[name]
        if LIMITS.tensorflow:
            st.caption(message("settings.backend_absent", backend=backend.title, package=backend.package))
        else:
            st.caption(message("settings.backend_off", backend=backend.title))
    return value or str(setting.default)
