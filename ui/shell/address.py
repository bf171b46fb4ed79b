"""The address of the page: when the settings are read from it, and what it should say.

The settings are one record in the session, and the address follows it. An address is read when a session begins, when a
link to a page is opened, and when the browser goes back or forward, and at no other time: a second click may be on its
way with the address from before the first, and must not undo it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.settings import lesson_link, presentation
from ui.settings.definitions import UPLOAD
from ui.settings.edit_links import drawing_name, encode_edits
from ui.settings.links import VIEW_NAMES, decode, encode
from ui.settings.record import Settings
from ui.settings.widget_values import widget_values
from ui.shell.current_settings import current_settings, note_change, show_settings
from ui.shell.navigation import chosen_lesson, run_link
from ui.shell.session import (
    EDITS,
    IS_LINK_OPENED,
    LESSON,
    LINK_PROBLEMS,
    NEW_TABLE,
    OPEN_PAGE,
    PRESENTATION,
    RECENT_SETTINGS,
    SETTINGS,
    restore_widget,
)
from ui.shell.tables import is_table_missing, table_of

_MAX_RECENT: Final = 5
"""How many settings are remembered for links that were clicked too early."""

_STALE_SECONDS: Final = 1.5
"""For so long after a change, a link to the settings before it may have been clicked before it was redrawn."""


_VIEW_NAMES: Final = ("step", *VIEW_NAMES, *presentation.PRESENTATION_NAMES)
"""Parameters that the address keeps when a setting changes."""


def load_settings() -> None:
    """Bring the record, the widgets, and the address to agree, before any widget is drawn."""
    is_opened, was_clicked = _address_was_opened()
    IS_LINK_OPENED.set(is_opened)
    if new := NEW_TABLE.pop():
        _use_new_table(*new)
    if is_opened:
        _open_link(was_clicked)
        return
    # Streamlit forgets a widget that was not drawn in the last run; the record does not.
    for key, value in widget_values(current_settings()).items():
        restore_widget(key, value)


def link_was_opened() -> bool:
    """Tell whether a link, and not a widget, caused this run of the page; known after ``load_settings``."""
    return IS_LINK_OPENED.get()


def remember_recent(before: Settings) -> None:
    """Remember the settings before a change, for links to them that were clicked too early."""
    RECENT_SETTINGS.set([*RECENT_SETTINGS.get(), (before, time.monotonic())][-_MAX_RECENT:])


def address_query(settings: Settings) -> dict[str, str]:
    """Return the query that the address should have.

    That is the present one if it means these settings already: another entry in the history would be a step back that
    leads nowhere.
    """
    query = st.query_params.to_dict()
    if decode(query) == decode(encode(settings)) and lesson_link.decode(query) == (chosen_lesson(), []):
        return query
    view = {name: value for name, value in query.items() if name in _VIEW_NAMES}
    return run_link(settings) | view


def _address_was_opened() -> tuple[bool, bool]:
    """Tell whether an address, and not a widget, caused this run; and whether it was a link to another page."""
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""
    other_page = OPEN_PAGE.get() != page
    OPEN_PAGE.set(page)
    by_history = bool(getattr(context, "is_history_navigation", False))
    return SETTINGS.get() is None or other_page or by_history, other_page and not by_history


def _use_new_table(settings: Settings, problems: list[str]) -> None:
    """Replace the settings by those with a table that was just read."""
    LINK_PROBLEMS.set(problems)
    before = current_settings()
    if is_table_missing(before):
        EDITS.get().lead_on(before, settings)  # choosing to upload and the upload are one step back
    else:
        note_change(before, settings)
    show_settings(settings)


def _open_link(was_clicked: bool) -> None:
    """Replace the settings by those of the address."""
    # The link names its own step.
    edits = EDITS.get()
    edits.go_to, edits.note = None, ""
    query = st.query_params.to_dict()
    settings, problems = decode(query)
    settings = _complete(settings, was_clicked)
    lesson, lesson_problems = lesson_link.decode(query)
    LESSON.set(lesson)
    notes, presentation_problems = presentation.decode(query)
    PRESENTATION.set(notes)
    problems += [*lesson_problems, *presentation_problems]
    if settings.data == UPLOAD and settings.table and (table := table_of(settings)):
        settings, table_problems = settings.with_table(table, settings.table.digest)
        problems += table_problems
    LINK_PROBLEMS.set(problems)
    show_settings(settings)


def _complete(settings: Settings, was_clicked: bool) -> Settings:
    """Return a link's settings with what the session knows and the link does not."""
    current = SETTINGS.get()
    if current is None:
        return settings
    now = time.monotonic()
    recent = [old for old, then in RECENT_SETTINGS.get() if now - then < _STALE_SECONDS]
    if was_clicked and any(settings == decode(encode(old))[0] for old in recent):
        return current  # the link was drawn before the change, and clicked before it was redrawn
    if settings.file and current.edits and drawing_name(encode_edits(current.edits)) == settings.file:
        return replace(settings, edits=current.edits, file="")
    return settings
