"""The sidebar: every setting as a widget, from the table of settings, and the buttons beside them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import __version__
from ui.settings.bad_centers import BAD_CENTERS, bad_centers
from ui.settings.definitions import BY_NAME, INITS, SETTINGS, names
from ui.settings.lesson_link import Lesson
from ui.settings.record import OPENING, Settings, blog_example
from ui.settings.run_input import with_first_centers
from ui.shell import session
from ui.shell.address import load_settings, remember_recent
from ui.shell.cached_runs import points_of
from ui.shell.current_settings import (
    current_settings,
    forget_link_problems,
    note_change,
    record,
    replace_settings,
    show_settings,
)
from ui.shell.dataset_widgets import dataset_widgets
from ui.shell.navigation import chosen_lesson
from ui.shell.session import set_widget, widget_value
from ui.shell.setting_widgets import heading, is_widget_hidden, is_widget_locked, setting_widget
from ui.shell.tables import is_table_missing, remember_table_use, table_of
from ui.text.markup import plain_markdown
from ui.text.messages import message

ALL_SETTINGS: Final = names()
"""All settings, for a page that uses none of them."""


def choose_settings(unused: Collection[str] = (), datasets: DeltaGenerator | None = None) -> Settings:
    """Draw the sidebar, and the choice of a dataset into ``datasets``; return the chosen settings.

    Settings in ``unused`` do nothing on the page: the sidebar leaves them out, but keeps them for the other pages.
    Where all are unused the sidebar has nothing in it, and Streamlit does not show it.
    """
    load_settings()
    session.UNUSED_SETTINGS.set(frozenset(unused))
    before = current_settings()
    with st.sidebar:
        if not set(unused) >= set(ALL_SETTINGS):
            _lesson_widgets(chosen_lesson())
            _example_buttons(chosen_lesson())
        settings = dataset_widgets(before, datasets).keep_valid_edits(before)
        if settings.init != before.init:
            set_widget("init", settings.init)  # other points have no centers that the visitor placed
        settings = _run_widgets(settings)
        if not set(unused) >= set(ALL_SETTINGS):
            st.caption(message("settings.version", version=__version__))
    remember_table_use(settings)
    return settings if settings == before else _change_settings(before, settings)


def _run_widgets(settings: Settings) -> Settings:
    """Draw what decides the run on the points, and return the settings with what is chosen."""
    heading(message("settings.heading_run"), [*names("run"), *names("effort")])
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        if setting.name == "init":
            values["init"] = _init_widget(settings)
        elif setting.scope != "points":
            values[setting.name] = setting_widget(setting)
    return replace(settings, **values)


def _init_widget(settings: Settings) -> str | float:
    """Draw the choice of starting centers, and the menu of bad ones."""
    # Nobody can place a center where the picture is only a projection of the points.
    options = {name: option for name, option in INITS.items() if name != "given" or settings.features == 2}
    if widget_value("init") not in options:
        set_widget("init", settings.init)
    init = setting_widget(BY_NAME["init"], options)
    if not (
        is_widget_hidden("init") or is_widget_locked("init") or settings.features > 2 or is_table_missing(settings)
    ):
        _bad_centers_menu()
    return init


def _change_settings(before: Settings, settings: Settings) -> Settings:
    """Take over what was chosen in the widgets, and return it with the edits that still apply."""
    settings = settings.keep_valid_edits(before)
    if not is_table_missing(settings):
        settings = with_first_centers(settings, before, table_of(before))
    note_change(before, settings)
    session.SETTINGS.set(settings)
    remember_recent(before)
    forget_link_problems()
    return settings


def _bad_centers_menu() -> None:
    # Streamlit closes the menu when its key changes.
    key = f"bad_centers_{session.BAD_CENTERS_COUNT.get()}"
    with st.popover(message("settings.bad_init_button"), width="stretch", key=key):
        for name in BAD_CENTERS:
            st.button(name, on_click=_place_bad_centers, args=(name,), width="stretch")


def _place_bad_centers(name: str) -> None:
    settings = current_settings()
    centers = bad_centers(name, points_of(settings), settings.k, settings.rule)
    after = replace(settings.without_moves(), init="given", centers=centers)
    record(settings, after)
    forget_link_problems()
    show_settings(after)
    session.EDITS.get().go_to = 0  # show the starting centers themselves
    session.BAD_CENTERS_COUNT.set(session.BAD_CENTERS_COUNT.get() + 1)


def _lesson_widgets(lesson: Lesson) -> None:
    """Say what the link locks and hides, each with a button that ends it; nothing where it does neither."""
    if lesson.locked:
        st.caption(message("settings.lesson_locks"))
        after = replace(lesson, locked=frozenset())
        _lesson_button(message("settings.lesson_unlock"), ":material/lock_open:", after)
    if lesson.hidden:
        st.caption(message("settings.lesson_hides"))
        after = replace(lesson, hidden=frozenset())
        _lesson_button(message("settings.lesson_show"), ":material/visibility:", after)


def _lesson_button(label: str, icon: str, after: Lesson) -> None:
    st.button(label, icon=icon, on_click=session.LESSON.set, args=(after,), width="stretch")


def _example_buttons(lesson: Lesson) -> None:
    """Draw the buttons that lead to the app's and the blog post's example, unless the link locks or hides a setting."""
    if not lesson.locked | lesson.hidden:
        for label, text, settings in (
            (message("settings.reset_button"), message("settings.reset_help"), OPENING),
            (message("settings.blog_example_button"), message("settings.blog_example_help"), blog_example()),
        ):
            st.button(label, help=text, on_click=replace_settings, args=(settings,), width="stretch")


def show_link_problems() -> None:
    """Say which parts of the opened link could not be used, until a setting changes."""
    problems = [plain_markdown(problem) for problem in session.LINK_PROBLEMS.get()]
    if len(problems) > 1:
        problems = [message("settings.link_problems"), *(f"- {problem}" for problem in problems)]
    if problems:
        st.warning("\n".join(problems), icon=":material/link_off:")
