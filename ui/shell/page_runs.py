"""Runs in a page's own player: centers can be dragged there, and the visitor's settings stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.player.session_facts import CompactLayout, PlayerSession
from ui.settings.player_actions import apply_action
from ui.settings.record import Settings
from ui.shell.player_edits import requested_action
from ui.shell.session import EDITS, PAGE_RUNS


def page_run(key: str, settings: Settings) -> Settings:
    """Return the settings of the player with that key, which starts with ``settings``, after the visitor's edits."""
    return PAGE_RUNS.get().get(key, settings)


def apply_page_edit(key: str, settings: Settings) -> None:
    """Apply what the visitor did in the player with that key; a callback, so it runs before the page."""
    try:
        PAGE_RUNS.get()[key] = apply_action(page_run(key, settings), requested_action(key))
    except ValueError as error:
        EDITS.get().reject(error)


def reset_page_run(key: str) -> None:
    """Undo all edits in the player with that key."""
    PAGE_RUNS.get().pop(key, None)


def compact_session(parts: Sequence[str], *, still: bool, view: Mapping[str, str]) -> PlayerSession:
    """Return what a page's own player must know; the parameters are those of ``CompactLayout``."""
    layout = CompactLayout(parts=tuple(parts), still=still, view=view)
    return PlayerSession(refusals=EDITS.get().error_count, compact=layout)
