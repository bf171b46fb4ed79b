"""What the player asks for when a person reaches into the picture, and how it is undone.

``changed`` is pure: settings and an action in, settings out. The rest keeps the history in the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from ui.player.session import CompactLayout, HistoryAction, PlayerSession, StoredEdits
from ui.settings.definitions import MAX_ITER
from ui.settings.edit_links import decode_edits, drawing_name, encode_edits, fit_in_link
from ui.settings.edits import (
    MAX_DRAWING_EDITS,
    Add,
    Edit,
    Erase,
    Move,
    Place,
    checked_edits,
    checked_place,
    remaining_numbers,
    round_places,
)
from ui.settings.effort import max_iterations
from ui.settings.record import Settings
from ui.settings.undo import Change
from ui.shell.current_settings import current_settings, forget_link_problems, show_settings
from ui.shell.navigation import chosen_lesson
from ui.shell.runs import point_count, run_input
from ui.shell.session import (
    EDIT_ERROR,
    EDIT_ERROR_COUNT,
    GO_TO,
    NOTE,
    OUTGREW_LINK,
    PAGE_RUNS,
    REDO,
    UNDO,
    component_value,
)
from ui.shell.undo_history import latest, record, step_on_screen

PLAYER: Final = "player"


def changed(settings: Settings, action: Mapping[str, Any]) -> Settings:
    """Return the settings after what a person did in the picture.

    Parameters
    ----------
    settings : Settings
    action : mapping
        What the player sent: ``kind`` and what belongs to it. It comes from a browser, so nothing of it is trusted.

    Raises
    ------
    ValueError
        With the sentence to show, if there is no such action or it asks for too much.
    """
    kind = action.get("kind")
    if kind == "move":
        return _center_moved(settings, action)
    if kind == "continue":
        return _continued(settings)
    edits: tuple[Edit, ...]
    if kind == "add":
        edits = tuple(Add(_place(place)) for place in _list(action.get("places")))
    elif kind == "erase":
        edits = tuple(map(Erase, _numbers(settings, action.get("indices"))))
    elif kind == "shift":
        edits = (*map(Erase, _numbers(settings, [action.get("index")])), Add(_place(action.get("place"))))
    else:
        raise ValueError(f"The player asked for {str(kind)[:30]!r}, which is unknown here; reload the page")
    return _edited(settings, edits)


def more_iterations(settings: Settings) -> int:
    """Return the limit with which a run goes on that has reached its own; 0 where there is no higher one."""
    usual, own = int(MAX_ITER.default), settings.max_iter
    most = max_iterations(point_count(settings))
    higher = min(most, usual if own < usual else own + usual)
    return higher if higher > min(own, most) else 0


def _continued(settings: Settings) -> Settings:
    higher = more_iterations(settings)
    if not higher:
        raise ValueError(f"{settings.max_iter} iterations are the most that a run on these points can have")
    return replace(settings, max_iter=higher)


def _edited(settings: Settings, edits: tuple[Edit, ...]) -> Settings:
    return replace(settings, edits=checked_edits((*settings.edits, *edits)), file="")


def _center_moved(settings: Settings, action: Mapping[str, Any]) -> Settings:
    place, cluster, step = _place(action.get("place")), _whole(action.get("cluster")), _whole(action.get("step"))
    if step > 0:
        return _edited(settings, (Move(step, cluster, place),))
    # Before the first half-step a drag is not a turn of the run but another start.
    centers = list(round_places(run_input(settings).first_centers()))
    if cluster >= len(centers):
        raise ValueError(f"There is no cluster {cluster + 1} here, only {len(centers)}")
    centers[cluster] = place
    return replace(settings.without_moves(), init="given", centers=tuple(centers))


def opened(settings: Settings, text: object) -> Settings:
    """Return the settings with the changes by hand that their link names, from the text of a file.

    Raises
    ------
    ValueError
        With the sentence to show, if the text is not what the link means.
    """
    # What is not ASCII is no text of ours, and may not even be one that can be written as bytes.
    if not isinstance(text, str) or not text.isascii() or drawing_name(text) != settings.file:
        raise ValueError("That file holds other changes by hand than this link means; open the one that came with it")
    return replace(settings, edits=checked_edits(decode_edits(text, MAX_DRAWING_EDITS, "file")), file="")


_LARGEST_WHOLE: Final = 9_999_999
"""No link holds a larger number of a point, a cluster or a half-step."""


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_WHOLE:
        raise ValueError(f"The player sent {str(value)[:30]!r} for a number; reload the page")
    return value


def _place(value: object) -> Place:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, int | float) for one in value):
        raise ValueError(f"The player sent {str(value)[:30]!r} for a place; reload the page")
    try:
        return checked_place(*map(float, value))
    except OverflowError:
        raise ValueError(f"The player sent {str(value)[:30]!r} for a place; reload the page") from None


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= MAX_DRAWING_EDITS:
        raise ValueError(f"A change by hand must touch 1 to {MAX_DRAWING_EDITS} points at a time")
    return value


def _numbers(settings: Settings, indices: object) -> list[int]:
    """Return the lasting numbers of points that the player knows by their present place in the row."""
    left = remaining_numbers(len(run_input(settings).data.points), settings.edits)
    chosen = _list(indices)
    if not all(_whole(index) < len(left) for index in chosen):
        raise ValueError("The player named points that are not there; reload the page")
    return [int(left[index]) for index in chosen]


# The session


def _asked_by(key: str) -> Mapping[str, Any]:
    """Return what the player with that key asked for; an action of no kind where that is no action at all."""
    action = component_value(key, "edit")
    return action if isinstance(action, dict) else {}


def hear_player() -> None:
    """Do what the player asked for; runs before the page, as a widget's callback does."""
    action = _asked_by(PLAYER)
    before = current_settings()
    EDIT_ERROR.set("")
    kind = action.get("kind")
    if kind == "open":
        _open_file(action.get("text"))
        return
    try:
        change, after = _asked_for(action, before)
        if refusal := _refusal(before, after):
            raise ValueError(refusal)
    except ValueError as error:
        _refuse(error)
        return
    if kind == "undo":
        REDO.get().append(Change(before, after, step_on_screen()))
    elif kind == "redo":
        UNDO.get().append(Change(before, after, step_on_screen()))
    else:
        record(before, after)
        if fit_in_link(before.edits) and not fit_in_link(after.edits):
            OUTGREW_LINK.set(True)
        if after.without_moves().edits != before.without_moves().edits and step_on_screen():
            NOTE.set("The whole run was computed again with your points. Undo takes it back.")
    if change and not change.before.has_points_of(change.after):
        GO_TO.set(change.step)
    forget_link_problems()
    show_settings(after)


def _asked_for(action: Mapping[str, Any], before: Settings) -> tuple[Change | None, Settings]:
    """Return what an action leads to, and the change that it takes back, if it does."""
    if action.get("kind") == "undo":
        # A link brings edits but no history: then the last edit is what can be undone.
        return latest(UNDO.get(), before) or (None, replace(before, edits=before.edits[:-1]))
    if action.get("kind") == "redo":
        return latest(REDO.get(), before) or (None, before)
    return None, changed(before, action)


def _open_file(text: object) -> None:
    """Take the changes by hand that the link names; the browser has them."""
    try:
        show_settings(opened(current_settings(), text))
    except ValueError as error:
        _refuse(error)


def _refuse(error: ValueError) -> None:
    """Keep the sentence to show, and let the picture take back what it shows already."""
    EDIT_ERROR.set(f"{error}.")
    EDIT_ERROR_COUNT.set(EDIT_ERROR_COUNT.get() + 1)


def _kept() -> frozenset[str]:
    """Return what the link lets nobody change."""
    lesson = chosen_lesson()
    return lesson.locked | lesson.hidden


def _refusal(before: Settings, after: Settings) -> str:
    """Say what of this a link locked or hid: drawing is a matter of the data, a drag at the start one of the start."""
    kept = _kept()
    has_same_points = before.has_points_of(after)
    if "max_iter" in kept and before.max_iter != after.max_iter:
        return "The limit of iterations is locked by this link"
    if "data" in kept and not has_same_points:
        return "The data is locked by this link"
    is_other_start = (before.init, before.centers) != (after.init, after.centers)
    if "centers" in kept and has_same_points and (is_other_start or _moves(before) != _moves(after)):
        return "The centers are locked by this link"
    if "init" in kept and is_other_start:
        return "The start is locked by this link; a center can be dragged at any later half-step"
    if "data" in kept and before.without_moves().edits != after.without_moves().edits:
        return "The points are locked by this link"
    return ""


def _moves(settings: Settings) -> list[Edit]:
    return [edit for edit in settings.edits if isinstance(edit, Move)]


def player_session(settings: Settings) -> PlayerSession:
    """Return what the player must know to offer undo, redo, pens, and files; what just happened is reported once."""
    text = "" if fit_in_link(settings.edits) else encode_edits(settings.edits)
    is_new = OUTGREW_LINK.pop()
    return PlayerSession(
        undo=_undo_action(settings),
        redo=_redo_action(settings),
        locked=tuple(sorted(_kept() & {"data", "init", "centers"})),
        refusals=EDIT_ERROR_COUNT.get(),
        points_left=MAX_DRAWING_EDITS - len(settings.edits),
        stored_edits=StoredEdits(name=drawing_name(text), text=text, count=len(settings.edits), is_new=is_new)
        if text
        else None,
        missing_edits=settings.file,
        go_to_step=GO_TO.pop(),
        note=NOTE.pop(),
        can_continue="max_iter" not in _kept() and more_iterations(settings) > 0,
    )


def _undo_action(settings: Settings) -> HistoryAction:
    """Return whether the last edit can be undone, and where that shows."""
    undone, back = latest([*UNDO.get()], settings) or (None, replace(settings, edits=settings.edits[:-1]))
    refusal = _refusal(settings, back)
    step = _drag_between(undone.before if undone else None, settings)
    return HistoryAction(is_available=back != settings and not refusal, refusal=refusal, step=step)


def _redo_action(settings: Settings) -> HistoryAction:
    """Return whether an undone edit can be made again, and where that shows."""
    redone, on = latest([*REDO.get()], settings) or (None, settings)
    refusal = _refusal(settings, on)
    drag = _drag_between(settings, redone.before) if redone else None
    step = None if drag is None else drag + 2
    return HistoryAction(is_available=on != settings and not refusal, refusal=refusal, step=step)


def _drag_between(before: Settings | None, after: Settings) -> int | None:
    """Return the half-step of the drag that leads from the one settings to the others, if one does."""
    last = after.edits[-1] if after.edits else None
    is_last = before is None or before.edits == after.edits[:-1]
    return last.step if isinstance(last, Move) and is_last else None


def show_refusal() -> None:
    """Say why what a person did in the picture was not done."""
    if refusal := EDIT_ERROR.pop():
        st.warning(refusal)


# A run of a page's own, which the sidebar and the link know nothing of


def aside(key: str, settings: Settings) -> Settings:
    """Return the settings of the player with that key, after what a person did in its picture."""
    return PAGE_RUNS.get().get(key, settings)


def hear_aside(key: str, settings: Settings) -> None:
    """Do what a page's own player asked for; the visitor's own settings stay as they are."""
    action = _asked_by(key)
    try:
        after = changed(aside(key, settings), action)
    except ValueError as error:
        _refuse(error)
        return
    PAGE_RUNS.get()[key] = after


def put_back(key: str) -> None:
    """Undo all that a person did in the picture of the player with that key."""
    PAGE_RUNS.get().pop(key, None)


def compact_session(parts: Sequence[str], *, still: bool, view: Mapping[str, str]) -> PlayerSession:
    """Return what a page's own player must know: centers can be dragged in it, and nothing else can be edited.

    Parameters
    ----------
    parts, still, view
        As in ``CompactLayout``.
    """
    layout = CompactLayout(parts=tuple(parts), still=still, view=view)
    return PlayerSession(refusals=EDIT_ERROR_COUNT.get(), compact=layout)
