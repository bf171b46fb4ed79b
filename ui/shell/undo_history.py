"""What can be undone: changes of the settings that were made by hand, or that left behind what was.

``taken_back`` is pure: a change and the present settings in, settings out. The rest keeps the changes in the session.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import streamlit as st

from ui.settings.record import Settings

_UNDO: Final = "undo"
_REDO: Final = "redo"
_REMEMBERED: Final = 50
"""How many changes can be undone in a session."""


@dataclass(frozen=True, slots=True)
class Change:
    """The settings before and after a change, and the step that was on the screen before it."""

    before: Settings
    after: Settings
    step: int = 0


def taken_back(change: Change, now: Settings) -> Settings | None:
    """Return the settings of now without the change; None where it is no part of them, or nothing would differ.

    What was changed since, and not by this change, stays as it is now.
    """
    before, after = change.before, change.after
    if now == after:
        return None if before == now else before
    if not now.has_points_of(after):
        return None
    if before.edits != after.edits and now.edits not in (after.edits, after.without_moves().edits):
        return None  # Back or a link led away from this change
    names = [one.name for one in fields(Settings) if getattr(before, one.name) != getattr(after, one.name)]
    found = replace(now, **{name: getattr(before, name) for name in names})
    if not found.has_run_of(before):
        found = found.without_moves()
    return None if found == now else found


def undo_list() -> list[Change]:
    """Return the changes that can be undone, the latest last."""
    changes: list[Change] = st.session_state.setdefault(_UNDO, [])
    return changes


def redo_list() -> list[Change]:
    """Return the changes that were undone, each as the change that undoing it was, the latest last."""
    changes: list[Change] = st.session_state.setdefault(_REDO, [])
    return changes


def step_on_screen() -> int:
    """Return the step that the address names, which the player keeps there; 0 where it names none."""
    text = st.query_params.get("step", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def record(before: Settings, after: Settings) -> None:
    """Remember a change as one step of the history, and that nothing can be redone after it."""
    undo_list().append(Change(before, after, step_on_screen()))
    redo_list().clear()
    del undo_list()[:-_REMEMBERED]


def lead_on(now: Settings, after: Settings) -> None:
    """Let the latest change lead on to other settings, if it led to those of now: both are one step of the history."""
    changes = undo_list()
    if changes and changes[-1].after.has_points_of(now):
        changes[-1] = replace(changes[-1], after=after)


def latest(changes: list[Change], now: Settings) -> tuple[Change, Settings] | None:
    """Take out the latest of these changes that leads anywhere from here; return it, and where it leads."""
    while changes:
        change = changes.pop()
        after = taken_back(change, now)
        if after is not None:
            return change, after
    return None
