"""Edits in the session: undone, redone, continued, and rejected by a lesson link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from kmeans_tables import ColumnChoice
from ui.player.edit_session import EditSession
from ui.player.session_facts import CompactLayout, PlayerSession, PresentationFacts, RunChoiceFacts
from ui.settings.definitions import CONTROLS
from ui.settings.edits import (
    MAX_DRAWING_EDITS,
    Add,
    Move,
)
from ui.settings.lesson_link import Lesson
from ui.settings.lesson_link import decode as decode_lesson
from ui.settings.record import POST, Settings
from ui.settings.table_use import TableUse
from ui.settings.undo import Change, revert
from ui.shell import player_edits
from ui.shell.current_settings import record
from ui.shell.page_runs import compact_session
from ui.text.messages import message


def locked_message(part: str) -> str:
    """Return the sentence that rejects an edit of a locked part."""
    return f"{message('player_edits.locked', part=part)}."


SMALL = POST.with_data("moons")
WITH_POINT = replace(SMALL, edits=(Add((1.0, 2.0)),))
WITH_MOVE = replace(WITH_POINT, edits=(*WITH_POINT.edits, Move(3, 1, (0.0, 0.0))))
RINGS = SMALL.with_data("rings")


def session_after(
    monkeypatch: pytest.MonkeyPatch, now: Settings, *history: Change, locked: str = "", kind: str = "undo"
) -> dict[str, Any]:
    """Return the session after Undo, or what else the player asks for."""
    session: dict[str, Any] = {
        "settings": now,
        "edits": EditSession(undo=list(history)),
        "lesson": Lesson(locked=frozenset(CONTROLS if locked == "everything" else [locked] if locked else [])),
        player_edits.PLAYER_KEY: {"edit": {"kind": kind}},
    }
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", {"step": "5"})
    player_edits.apply_player_edit()
    return session


@pytest.mark.parametrize("locked", ["data", "everything"])
@pytest.mark.parametrize("history", [[], [Change(SMALL, WITH_POINT)]])
def test_undo_reverts_nothing_that_is_locked(
    locked: str, history: list[Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_after(monkeypatch, WITH_POINT, *history, locked=locked)
    assert session["settings"] == WITH_POINT
    assert session["edits"].error == locked_message("points")
    session["edits"].undo = list(history)
    facts = player_edits.player_session(WITH_POINT)
    assert facts.undo.is_available is False, "nor is it offered"
    assert "data" in facts.locked
    session["lesson"] = Lesson()
    facts = player_edits.player_session(WITH_POINT)
    assert (facts.undo.is_available, facts.locked) == (True, ())
    assert session["edits"].undo == history, "only looked at"
    assert session_after(monkeypatch, WITH_POINT, *history)["settings"] == SMALL


def refusal(monkeypatch: pytest.MonkeyPatch, now: Settings, action: dict[str, Any], lesson: Lesson) -> str:
    """Return the sentence with which what a browser asks for is refused; nothing of it may be done."""
    session: dict[str, Any] = {"settings": now, "lesson": lesson, player_edits.PLAYER_KEY: {"edit": action}}
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", {})
    player_edits.apply_player_edit()
    error = str(session["edits"].error)
    assert (session["settings"] == now) == bool(error)
    # The picture shows the change already, and hears that it must take it back, and why.
    facts = player_edits.player_session(session["settings"])
    assert (facts.refusals, facts.note) == (int(bool(error)), error)
    return error


DRAG = {"kind": "move", "step": 3, "cluster": 1, "place": [0.0, 0.0]}

AT_THE_START = DRAG | {"step": 0}

DRAW = {"kind": "add", "places": [[0.0, 0.0]]}

NO_CENTERS = locked_message("centers")

NO_START = locked_message("init")

NO_POINTS = locked_message("points")


@pytest.mark.parametrize(
    ("lock", "action", "sentence"),
    [
        ("centers", DRAG, NO_CENTERS),
        ("centers", AT_THE_START, NO_CENTERS),
        ("centers", DRAW, ""),
        ("init", DRAG, ""),
        ("init", AT_THE_START, NO_START),
        ("data", DRAG, ""),
        ("data", DRAW, NO_POINTS),
        ("data", {"kind": "erase", "indices": [0]}, NO_POINTS),
        ("data", {"kind": "shift", "index": 0, "place": [0.0, 0.0]}, NO_POINTS),
        ("everything", DRAG, NO_CENTERS),
        ("everything", AT_THE_START, NO_CENTERS),
        ("everything", DRAW, NO_POINTS),
        ("k,rule", DRAG, ""),
    ],
)
@pytest.mark.parametrize("parameter", ["lock", "hide_settings"])
def test_a_forged_action_changes_nothing_that_a_link_locks_or_hides(
    parameter: str, lock: str, action: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson, complaints = decode_lesson({parameter: lock})
    assert not complaints
    assert refusal(monkeypatch, SMALL, action, lesson) == sentence


def test_a_locked_drag_cannot_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_after(monkeypatch, WITH_MOVE, Change(WITH_POINT, WITH_MOVE), locked="centers")
    assert session["settings"] == WITH_MOVE
    assert session["edits"].error == NO_CENTERS
    assert player_edits.player_session(WITH_MOVE).undo.is_available is False


def test_a_player_session_without_history_has_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"settings": SMALL, "lesson": Lesson()})
    assert player_edits.player_session(SMALL) == PlayerSession(
        choices=RunChoiceFacts(k=2, low=1, high=12),
        points_left=MAX_DRAWING_EDITS,
        can_continue=True,
        presentation=PresentationFacts(),
    )
    assert compact_session([], still=True, view={}) == PlayerSession(
        compact=CompactLayout(parts=(), still=True, view={})
    )


def test_undo_skips_changes_that_no_longer_apply(monkeypatch: pytest.MonkeyPatch) -> None:
    two_points = replace(WITH_POINT, edits=(*WITH_POINT.edits, Add((3.0, 3.0))))
    first, second = Change(SMALL, WITH_POINT), Change(WITH_POINT, two_points)
    assert session_after(monkeypatch, WITH_POINT, first, second)["settings"] == SMALL, (
        "Back took the second away already"
    )
    assert session_after(monkeypatch, RINGS, first)["settings"] == RINGS
    by_link = replace(RINGS, edits=two_points.edits)
    assert session_after(monkeypatch, by_link, first)["settings"] == replace(by_link, edits=WITH_POINT.edits)


def test_undo_and_redo_restore_the_data_and_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_after(monkeypatch, RINGS, Change(WITH_MOVE, RINGS, step=3))
    assert (session["settings"], session["edits"].go_to) == (WITH_MOVE, 3)
    assert player_edits.player_session(WITH_MOVE).redo.is_available is True
    session[player_edits.PLAYER_KEY] = {"edit": {"kind": "redo"}}
    player_edits.apply_player_edit()
    assert (session["settings"], session["edits"].go_to) == (RINGS, 5)
    assert player_edits.player_session(RINGS).undo.is_available is True


def test_continue_is_one_change_of_the_history_and_can_be_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off = replace(POST, max_iter=2)
    session = session_after(monkeypatch, cut_off, kind="continue")
    assert session["settings"] == POST
    session[player_edits.PLAYER_KEY] = {"edit": {"kind": "undo"}}
    player_edits.apply_player_edit()
    assert session["settings"] == cut_off
    assert session_after(monkeypatch, cut_off, kind="continue", locked="max_iter")["settings"] == cut_off
    assert player_edits.player_session(cut_off).can_continue is False
    assert session_after(monkeypatch, cut_off, kind="undo")["settings"] == cut_off
    assert player_edits.player_session(cut_off).can_continue is True


def test_drawing_at_a_later_step_says_that_the_run_was_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_after(monkeypatch, SMALL, kind="nothing")
    session[player_edits.PLAYER_KEY] = {"edit": {"kind": "add", "places": [[1.0, 2.0]]}}
    player_edits.apply_player_edit()
    assert player_edits.player_session(WITH_POINT).note == message("player_edits.recomputed")
    assert player_edits.player_session(WITH_POINT).note == "", "once"


def test_choosing_an_upload_and_uploading_are_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", session)
    chosen_upload = SMALL.with_data("table")
    monkeypatch.setattr(st, "query_params", {})
    record(WITH_MOVE, chosen_upload)
    uploaded = replace(chosen_upload, k=3, table=TableUse(ColumnChoice(("a", "b")), "0" * 16))
    session["edits"].lead_on(chosen_upload, uploaded)
    assert session["edits"].undo == [Change(WITH_MOVE, uploaded)]
    assert revert(session["edits"].undo[0], uploaded) == WITH_MOVE
    session["edits"].lead_on(chosen_upload, SMALL)
    assert session["edits"].undo == [Change(WITH_MOVE, uploaded)], "nothing led to what was asked for"
