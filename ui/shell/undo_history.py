"""The session's undo and redo lists: changes of the settings that were edits, or that dropped edits."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from ui.settings.record import Settings
from ui.settings.undo import Change, revert
from ui.shell.session import REDO, UNDO

_MAX_CHANGES: Final = 50
"""How many changes can be undone in a session."""


def step_on_screen() -> int:
    """Return the step that the address names, which the player keeps there; 0 where it names none."""
    text = st.query_params.get("step", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def record(before: Settings, after: Settings) -> None:
    """Remember a change as one step of the history, and that nothing can be redone after it."""
    UNDO.get().append(Change(before, after, step_on_screen()))
    REDO.get().clear()
    del UNDO.get()[:-_MAX_CHANGES]


def lead_on(now: Settings, after: Settings) -> None:
    """Let the latest change lead on to other settings, if it led to those of now: both are one step of the history."""
    changes = UNDO.get()
    if changes and changes[-1].after.has_points_of(now):
        changes[-1] = replace(changes[-1], after=after)


def latest(changes: list[Change], now: Settings) -> tuple[Change, Settings] | None:
    """Take out the latest of these changes that leads anywhere from here; return it, and where it leads."""
    while changes:
        change = changes.pop()
        after = revert(change, now)
        if after is not None:
            return change, after
    return None
