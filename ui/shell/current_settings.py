"""The session's current settings, and the functions that replace them and note lost edits."""

from __future__ import annotations

from kmeans_core.messages.lists import joined
from kmeans_tables import ColumnChoice
from ui.settings.record import Settings
from ui.settings.table_use import use_of
from ui.settings.widget_values import widget_values
from ui.shell.session import GO_TO, LINK_PROBLEMS, NOTE, SETTINGS, set_widget
from ui.shell.tables import table_of
from ui.shell.undo_history import record
from ui.text.messages import message


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


def note_change(before: Settings, after: Settings) -> None:
    """Make a change undoable if it brings other points or drops edits. Other points start at their first step."""
    same_points = after.has_points_of(before)
    kinds = _edit_kinds(after)
    lost_kinds = [kind for kind in _edit_kinds(before) if kind not in kinds]
    if same_points and not lost_kinds:
        return
    record(before, after)
    if not same_points:
        GO_TO.set(0)
    if lost_kinds:
        NOTE.set(message("settings.edits_lost", edits=joined(lost_kinds), what="run" if same_points else "data"))


def _edit_kinds(settings: Settings) -> list[str]:
    """Return the kinds of edits that there are, as the screen calls them."""
    points = settings.without_moves().edits
    kinds = {
        message("settings.edits_lost_points"): bool(points or settings.file),
        message("settings.edits_lost_centers"): bool(settings.centers),
        message("settings.edits_lost_moves"): settings.edits != points,
    }
    return [kind for kind, is_there in kinds.items() if is_there]


def add_link_problem(sentence: str) -> None:
    """Add a sentence on a part of the opened link that could not be used."""
    LINK_PROBLEMS.get().append(sentence)


def forget_link_problems() -> None:
    """Drop the sentences on the opened link, since the visitor has gone on from it."""
    LINK_PROBLEMS.pop()
