"""What a visitor does in the player's picture, applied to the settings: drawing, erasing, and dragging.

Actions come from a browser, so their values may be anything. Errors are ``ValueError`` with the sentence to show.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kmeans_tables import Table
from ui.settings.definitions import MAX_ITER, NEW_SEEDS, K
from ui.settings.edit_links import decode_edits, drawing_name
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
from ui.settings.iteration_limit import max_iterations
from ui.settings.lesson_link import Lesson
from ui.settings.moved_run import count_moves_within_bound, effective_moves
from ui.settings.record import NO_EDITS, POST, Settings
from ui.settings.run_input import point_count, run_input
from ui.text.messages import message

_MAX_NUMBER: Final = 9_999_999
"""No link contains a larger number of a point, a cluster, or a step."""


def apply_action(settings: Settings, action: Mapping[str, Any], table: Table | None = None) -> Settings:
    """Return the settings after an action.

    Parameters
    ----------
    settings : Settings
    action : mapping
        What the player sent: ``kind``, and the values that belong to it.
    table : Table, optional
        The visitor's own table, if the settings mean it.

    Raises
    ------
    ValueError
        If there is no such action, or it exceeds a limit.
    """
    kind = action.get("kind")
    if kind == "move":
        return _move_center(settings, action, table)
    if kind == "continue":
        return _continue_run(settings, table)
    if isinstance(kind, str) and kind in _CHOICES:
        return _CHOICES[kind](settings, action, table).keep_valid_edits(settings)
    edits: tuple[Edit, ...]
    if kind == "add":
        edits = tuple(Add(_place(place)) for place in _list(action.get("places")))
    elif kind == "erase":
        edits = tuple(map(Erase, _point_numbers(settings, action.get("indices"), table)))
    elif kind == "shift":
        point_numbers = _point_numbers(settings, [action.get("index")], table)
        edits = (*map(Erase, point_numbers), Add(_place(action.get("place"))))
    else:
        raise ValueError(message("player_edits.unknown_action", kind=repr(str(kind)[:30])))
    return _with_edits(settings, edits)


def extended_max_iter(settings: Settings, table: Table | None = None) -> int:
    """Return the limit with which a run that reached its iteration limit continues; 0 if no higher one is allowed."""
    default, current = int(MAX_ITER.default), settings.max_iter
    most = max_iterations(point_count(settings, table))
    max_iter = min(most, default if current < default else current + default)
    return max_iter if max_iter > min(current, most) else 0


def _continue_run(settings: Settings, table: Table | None) -> Settings:
    max_iter = extended_max_iter(settings, table)
    if not max_iter:
        raise ValueError(message("player_edits.max_iterations", max_iter=settings.max_iter))
    return replace(settings, max_iter=max_iter)


def _choose_k(settings: Settings, action: Mapping[str, Any], table: Table | None) -> Settings:
    k, high = _number(action.get("k")), most_clusters(settings, table)
    if not K.low <= k <= high:
        raise ValueError(message("player_edits.k_range", k=k, low=int(K.low), high=high))
    return replace(settings, k=k)


def most_clusters(settings: Settings, table: Table | None = None) -> int:
    """Return the largest K that can be chosen for these points."""
    return min(int(K.high), point_count(settings, table))


def _draw_start(settings: Settings, _action: Mapping[str, Any], _table: Table | None) -> Settings:
    init = POST.init if settings.init == "given" else settings.init
    return replace(settings, init=init, centers=NO_EDITS, seed=secrets.randbelow(NEW_SEEDS))


def _place_centers(settings: Settings, action: Mapping[str, Any], table: Table | None) -> Settings:
    centers = tuple(map(_place, _list(action.get("places"))))
    k = min(settings.k, point_count(settings, table))
    if settings.features != 2 or len(centers) != k:
        raise ValueError(message("player_edits.center_count", count=len(centers), k=k))
    return replace(settings, init="given", centers=centers)


_CHOICES: Final = {"k": _choose_k, "init": _draw_start, "place": _place_centers}
"""What a visitor can choose below the picture, by the kind of the action."""


def _with_edits(settings: Settings, edits: tuple[Edit, ...]) -> Settings:
    return replace(settings, edits=checked_edits((*settings.edits, *edits)), file="")


def _move_center(settings: Settings, action: Mapping[str, Any], table: Table | None) -> Settings:
    place, cluster, step = _place(action.get("place")), _number(action.get("cluster")), _number(action.get("step"))
    if step > 0:
        return _within_bound(_with_edits(settings, (Move(step, cluster, place),)), table)
    # At step 0, a drag changes the starting centers, and not the course of the run.
    centers = list(round_places(run_input(settings, table).first_centers()))
    if cluster >= len(centers):
        raise ValueError(message("player_edits.no_such_cluster", cluster=cluster + 1, count=len(centers)))
    centers[cluster] = place
    return replace(settings.without_moves(), init="given", centers=tuple(centers))


def _within_bound(settings: Settings, table: Table | None) -> Settings:
    """Return the settings, if the run has room for the center that was dragged last."""
    n = point_count(settings, table)
    moves = effective_moves(settings.edits, settings.k)
    if count_moves_within_bound(moves, n, min(settings.max_iter, max_iterations(n))) < len(moves):
        raise ValueError(message("player_edits.too_much_work", points=n))
    return settings


def open_drawing(settings: Settings, text: object) -> Settings:
    """Return the settings with the edits that their link names, from the text of a file.

    Raises
    ------
    ValueError
        If the text is not the one that the link names.
    """
    # Text that is not ASCII is none of ours, and may contain half a surrogate pair, which can't be encoded.
    if not isinstance(text, str) or not text.isascii() or drawing_name(text) != settings.file:
        raise ValueError(message("player_edits.other_drawing"))
    return replace(settings, edits=checked_edits(decode_edits(text, MAX_DRAWING_EDITS, "file")), file="")


def lock_message(lesson: Lesson, before: Settings, after: Settings) -> str:
    """Say which lock of a lesson link forbids a change; "" if none does. Hidden settings are locked, too."""
    locked = lesson.locked | lesson.hidden
    has_same_points = before.has_points_of(after)
    changes_start = (before.init, before.centers) != (after.init, after.centers)
    changes_centers = has_same_points and (changes_start or _moves(before) != _moves(after))
    changes_points = before.without_moves().edits != after.without_moves().edits
    for name in ("k", "seed"):
        if name in locked and getattr(before, name) != getattr(after, name):
            return message("player_edits.locked", part=name)
    if "max_iter" in locked and before.max_iter != after.max_iter:
        return message("player_edits.locked", part="max_iter")
    if "data" in locked and not has_same_points:
        return message("player_edits.locked", part="data")
    if "centers" in locked and changes_centers:
        return message("player_edits.locked", part="centers")
    if "init" in locked and changes_start:
        return message("player_edits.locked", part="init")
    return message("player_edits.locked", part="points") if "data" in locked and changes_points else ""


def _moves(settings: Settings) -> list[Edit]:
    return [edit for edit in settings.edits if isinstance(edit, Move)]


# Values from the browser ----------------------------------------------------------------------------------


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_NUMBER:
        raise ValueError(message("player_edits.not_a_number", value=repr(str(value)[:30])))
    return value


def _place(value: object) -> Place:
    error = message("player_edits.not_a_place", value=repr(str(value)[:30]))
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(isinstance(coordinate, int | float) for coordinate in value)
    ):
        raise ValueError(error)
    try:
        return checked_place(*map(float, value))
    except OverflowError:
        raise ValueError(error) from None


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= MAX_DRAWING_EDITS:
        raise ValueError(message("player_edits.point_count", most=MAX_DRAWING_EDITS))
    return value


def _point_numbers(settings: Settings, indices: object, table: Table | None) -> list[int]:
    """Return the lasting numbers of points that the player names by their current index."""
    numbers = remaining_numbers(len(run_input(settings, table).data.points), settings.edits)
    positions = _list(indices)
    if not all(_number(index) < len(numbers) for index in positions):
        raise ValueError(message("player_edits.no_such_point"))
    return [int(numbers[index]) for index in positions]
