"""Edits in the player of the home page: applied to the session's settings, or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ui.player.session_facts import PlayerSession
from ui.settings.record import Settings
from ui.shell.current_settings import current_settings, forget_link_problems, show_settings, step_on_screen
from ui.shell.navigation import chosen_lesson
from ui.shell.session import EDITS, PRESENTATION, component_value
from ui.shell.tables import table_of

PLAYER_KEY: Final = "player"
"""The key of the home page's player."""


def apply_player_edit() -> None:
    """Apply what the visitor did in the player; a callback, so it runs before the page."""
    before, edits = current_settings(), EDITS.get()
    action = requested_action(PLAYER_KEY)
    after = edits.apply(action, before, chosen_lesson(), table_of(before), step_on_screen())
    if not edits.error:
        forget_link_problems()
        show_settings(after)


def requested_action(key: str) -> Mapping[str, Any]:
    """Return the action that the player with that key sent; an empty one if it is malformed."""
    action = component_value(key, "edit")
    return action if isinstance(action, dict) else {}


def show_edit_error() -> None:
    """Say why the last edit was rejected, if it was, on a page whose player has no notes."""
    if error := EDITS.get().pop_error():
        st.warning(error)


def player_session(settings: Settings) -> PlayerSession:
    """Return what the player must know to offer undo, redo, pens, and files; what just happened is reported once."""
    return EDITS.get().player_session(settings, chosen_lesson(), PRESENTATION.get(), table_of(settings))
