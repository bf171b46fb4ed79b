"""Edits in the player of the home page: applied to the session's settings, undone, redone, and rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from ui.player.session_facts import HistoryAction, PlayerSession, PresentationFacts, RunChoiceFacts, StoredEdits
from ui.settings.definitions import K
from ui.settings.edit_links import drawing_name, encode_edits, fit_in_link
from ui.settings.edits import MAX_DRAWING_EDITS, Move
from ui.settings.player_actions import (
    apply_action,
    extended_max_iter,
    lock_message,
    most_clusters,
    open_drawing,
)
from ui.settings.record import Settings
from ui.settings.undo import Change
from ui.shell.current_settings import current_settings, forget_link_problems, show_settings
from ui.shell.navigation import chosen_lesson
from ui.shell.session import (
    EDIT_ERROR,
    EDIT_ERROR_COUNT,
    GO_TO,
    NOTE,
    OUTGREW_LINK,
    PRESENTATION,
    REDO,
    UNDO,
    component_value,
)
from ui.shell.tables import table_of
from ui.shell.undo_history import latest, record, step_on_screen
from ui.text.messages import message

PLAYER_KEY: Final = "player"
"""The key of the home page's player."""


def apply_player_edit() -> None:
    """Apply what the visitor did in the player; a callback, so it runs before the page."""
    action = requested_action(PLAYER_KEY)
    before = current_settings()
    EDIT_ERROR.set("")
    try:
        if action.get("kind") == "open":
            show_settings(open_drawing(before, action.get("text")))
            return
        reversal, after = _result(action, before)
        if error := lock_message(chosen_lesson(), before, after):
            raise ValueError(error)
    except ValueError as error:
        reject_edit(error)
        return
    _record(action.get("kind"), before, after)
    if reversal and not reversal.before.has_points_of(reversal.after):
        GO_TO.set(reversal.step)
    forget_link_problems()
    show_settings(after)


def requested_action(key: str) -> Mapping[str, Any]:
    """Return the action that the player with that key sent; an empty one if it is malformed."""
    action = component_value(key, "edit")
    return action if isinstance(action, dict) else {}


def _result(action: Mapping[str, Any], before: Settings) -> tuple[Change | None, Settings]:
    """Return the change that an action reverts, if any, and the settings after the action."""
    if action.get("kind") == "undo":
        # A link contains edits but no history, so Undo reverts the last edit.
        return latest(UNDO.get(), before) or (None, replace(before, edits=before.edits[:-1]))
    if action.get("kind") == "redo":
        return latest(REDO.get(), before) or (None, before)
    return None, apply_action(before, action, table_of(before))


def _record(kind: object, before: Settings, after: Settings) -> None:
    """Record a change in the history, and what else the player should say about it."""
    if kind == "undo":
        REDO.get().append(Change(before, after, step_on_screen()))
    elif kind == "redo":
        UNDO.get().append(Change(before, after, step_on_screen()))
    else:
        record(before, after)
        if fit_in_link(before.edits) and not fit_in_link(after.edits):
            OUTGREW_LINK.set(True)
        if after.without_moves().edits != before.without_moves().edits and step_on_screen():
            NOTE.set(message("player_edits.recomputed"))


def reject_edit(error: ValueError) -> None:
    """Keep the sentence to show, and make the picture take back what it shows already."""
    EDIT_ERROR.set(message("shell.problem", problem=str(error)))
    EDIT_ERROR_COUNT.set(EDIT_ERROR_COUNT.get() + 1)


def show_edit_error() -> None:
    """Say why the last edit was rejected, if it was, on a page whose player has no notes."""
    if error := EDIT_ERROR.pop():
        st.warning(error)


# What the player must know --------------------------------------------------------------------------------


def player_session(settings: Settings) -> PlayerSession:
    """Return what the player must know to offer undo, redo, pens, and files; what just happened is reported once."""
    lesson = chosen_lesson()
    locked = lesson.locked | lesson.hidden
    return PlayerSession(
        undo=_undo_action(settings),
        redo=_redo_action(settings),
        choices=RunChoiceFacts(k=settings.k, low=int(K.low), high=most_clusters(settings, table_of(settings))),
        locked=tuple(sorted(locked & {"data", "k", "init", "seed", "centers"})),
        refusals=EDIT_ERROR_COUNT.get(),
        points_left=MAX_DRAWING_EDITS - len(settings.edits),
        stored_edits=_stored_edits(settings, is_new=OUTGREW_LINK.pop()),
        missing_edits=settings.file,
        go_to_step=GO_TO.pop(),
        note=EDIT_ERROR.pop() or NOTE.pop(),
        presentation=PresentationFacts(minutes=PRESENTATION.get().minutes, notes=PRESENTATION.get().notes),
        can_continue="max_iter" not in locked and extended_max_iter(settings, table_of(settings)) > 0,
    )


def _stored_edits(settings: Settings, *, is_new: bool) -> StoredEdits | None:
    """Return the edits that the browser stores; None if they fit in a link."""
    if fit_in_link(settings.edits):
        return None
    text = encode_edits(settings.edits)
    return StoredEdits(name=drawing_name(text), text=text, count=len(settings.edits), is_new=is_new)


def _undo_action(settings: Settings) -> HistoryAction:
    """Return whether the last edit can be undone, and at which step that shows."""
    undone, after = latest([*UNDO.get()], settings) or (None, replace(settings, edits=settings.edits[:-1]))
    error = lock_message(chosen_lesson(), settings, after)
    step = _drag_step(undone.before if undone else None, settings)
    return HistoryAction(is_available=after != settings and not error, refusal=error, step=step)


def _redo_action(settings: Settings) -> HistoryAction:
    """Return whether an undone edit can be made again, and at which step that shows."""
    redone, after = latest([*REDO.get()], settings) or (None, settings)
    error = lock_message(chosen_lesson(), settings, after)
    drag = _drag_step(settings, redone.before) if redone else None
    step = None if drag is None else drag + 1
    return HistoryAction(is_available=after != settings and not error, refusal=error, step=step)


def _drag_step(before: Settings | None, after: Settings) -> int | None:
    """Return the step of the drag that leads from one settings to the others; None if no single drag does."""
    last = after.edits[-1] if after.edits else None
    is_last = before is None or before.edits == after.edits[:-1]
    return last.step if isinstance(last, Move) and is_last else None
