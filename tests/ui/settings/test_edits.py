"""Edits change points and runs, in order, and those that do not fit are left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kmeans_core import Phase
from ui.settings.edits import (
    Add,
    Erase,
    Move,
    complete_centers,
    count_ineffective,
    edit_summary,
    edited_points,
    remaining_numbers,
)
from ui.settings.player_actions import apply_action
from ui.settings.record import POST
from ui.settings.run_input import RunInput, run_input
from ui.text.messages import message

FOUR = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0]])


def test_points_keep_their_numbers() -> None:
    edits = (Erase(1), Add((5.0, 5.0)), Erase(0), Erase(4), Add((6.0, 6.0)))
    assert remaining_numbers(4, edits).tolist() == [2, 3, 5]
    np.testing.assert_array_equal(edited_points(FOUR, edits), [[9, 0], [10, 0], [6, 6]])


def test_the_last_point_and_unknown_ones_cannot_be_erased() -> None:
    edits = tuple(Erase(number) for number in (3, 2, 99, 1, 0))
    np.testing.assert_array_equal(edited_points(FOUR, edits), FOUR[:1])


def test_centers_that_are_missing_are_put_far_from_the_others() -> None:
    assert complete_centers(((0.0, 0.0), (2.0, 2.0)), 1, FOUR) == ((0.0, 0.0),)
    assert complete_centers(((0.0, 0.0),), 3, FOUR) == ((0.0, 0.0), (10.0, 0.0), (1.0, 0.0))
    assert len(complete_centers((), 4, FOUR)) == 4


def test_moves_are_made_in_turn_and_those_that_do_not_fit_are_left_out() -> None:
    edits = (Move(1, 0, (5.0, 0.0)), Move(1, 7, (0.0, 0.0)), Move(999, 1, (0.0, 0.0)))
    trace = RunInput(replace(POST, k=2, edits=edits), run_input(POST).data, FOUR).trace()
    assert [step.phase for step in trace].count(Phase.MOVE) == 2
    assert trace[2].phase is Phase.MOVE
    np.testing.assert_array_equal(trace[2].centers[0], [5.0, 0.0])


def test_a_point_more_does_not_change_the_start() -> None:
    settings = apply_action(POST, {"kind": "add", "places": [[3.0, 30.0]]})
    trace = run_input(settings).trace()
    np.testing.assert_allclose(trace[0].centers, run_input(POST).first_centers(), rtol=1e-5)
    assert trace.config.init == "random"


def test_generated_points_are_untouched_by_edits() -> None:
    settings = apply_action(POST, {"kind": "add", "places": [[1, 1]]})
    np.testing.assert_array_equal(run_input(settings).data.points, run_input(POST).data.points)


ADD = Add((1.0, 1.0))


@pytest.mark.parametrize("edits", [(), (Move(1, 1, (0.0, 0.0)),), (ADD, Erase(4))])
def test_edits_that_change_no_point_have_no_summary(edits: tuple[Any, ...]) -> None:
    assert edit_summary(4, edits, "row") == ""


@pytest.mark.parametrize(
    ("edits", "summary"),
    [
        ((ADD,), {"what": "drawn", "drawn": 1, "erased": 0, "left": 5}),
        ((ADD, Erase(0), Erase(0), Erase(99)), {"what": "both", "drawn": 1, "erased": 1, "left": 4}),
        ((Erase(0), Erase(1)), {"what": "erased", "drawn": 0, "erased": 2, "left": 2}),
    ],
)
def test_added_and_erased_points_are_counted(edits: tuple[Any, ...], summary: dict[str, Any]) -> None:
    assert edit_summary(4, edits, "row") == message("settings.edit_summary", unit="row", **summary)


def test_edits_that_name_nothing_here_are_counted() -> None:
    edits = (Add((1.0, 1.0)), Erase(4), Erase(5), Move(1, 1, (0.0, 0.0)), Move(1, 2, (0.0, 0.0)))
    assert count_ineffective(4, 2, edits) == 2
    assert count_ineffective(4, 2, ()) == 0
