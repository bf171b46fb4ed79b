"""The session's current settings, and the functions that replace them and note lost edits."""

from __future__ import annotations

import streamlit as st

from kmeans_tables import ColumnChoice
from ui.settings.record import Settings
from ui.settings.table_use import use_of
from ui.settings.widget_values import widget_values
from ui.shell.session import EDITS, LINK_PROBLEMS, SETTINGS, set_widget
from ui.shell.tables import table_of


def current_settings() -> Settings:
    """Return the settings as of the last run of the page."""
    settings = SETTINGS.get()
    assert settings is not None, "the sidebar reads the link before anything else"
    return settings


def show_settings(settings: Settings) -> None:
    """Replace the settings, and set every widget to them."""
    SETTINGS.set(settings)
    for key, value in widget_values(settings).items():
        set_widget(key, value)


def replace_settings(after: Settings) -> None:
    """Replace the settings after a click on a page's button; Undo brings back lost edits."""
    forget_link_problems()
    note_change(current_settings(), after)
    show_settings(after)


def choose_columns(choice: ColumnChoice) -> None:
    """Choose other columns of the same table; keep the axes of the picture where those are still chosen."""
    before = current_settings()
    if before.table and (table := table_of(before)):
        axes = before.table.axes
        valid_axes = axes if set(axes) <= set(choice.columns) and len(choice.columns) > len(axes) else ()
        after = before.with_columns(use_of(table, choice, before.table.digest, valid_axes))
        note_change(before, after)
        show_settings(after)


def step_on_screen() -> int:
    """Return the step that the address names, which the player keeps there; 0 where it names none."""
    text = st.query_params.get("step", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def record(before: Settings, after: Settings) -> None:
    """Remember a change as one step of the history of edits."""
    EDITS.get().record(before, after, step_on_screen())


def note_change(before: Settings, after: Settings) -> None:
    """Make a change undoable if it brings other points or drops edits. Other points start at their first step."""
    EDITS.get().note_change(before, after, step_on_screen())


def add_link_problem(sentence: str) -> None:
    """Add a sentence on a part of the opened link that could not be used."""
    LINK_PROBLEMS.get().append(sentence)


def forget_link_problems() -> None:
    """Drop the sentences on the opened link, since the visitor has gone on from it."""
    LINK_PROBLEMS.pop()
