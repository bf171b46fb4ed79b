"""Runs with dragged centers: the same as made the plain way, with less work, and never more than a bound."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kmeans_core import Phase, RunConfig, Trace, branch, make_dataset, run
from tests.ui.moved_runs import apply_moves
from ui.settings import iteration_limit, moved_run
from ui.settings.edits import Move
from ui.settings.iteration_limit import max_assigns, max_iterations
from ui.settings.links import decode
from ui.settings.moved_run import count_moves_within_bound, run_with_moves
from ui.settings.player_actions import apply_action
from ui.settings.run_input import run_input
from ui.text.messages import message

POINTS = make_dataset("uniform", points=120, seed=1)[0]
MOVES = some.lists(
    some.builds(
        Move, some.integers(0, 40) | some.just(9_999_999), some.integers(0, 3), some.tuples(*[some.floats(0, 1)] * 2)
    ),
    max_size=6,
)


def computed_assigns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of assigns that each part of a run computes."""
    assigns: list[int] = []

    def count(trace: Trace, first: int = 0) -> Trace:
        assigns.append(sum(step.phase is Phase.ASSIGN for step in trace.steps[first:]))
        return trace

    monkeypatch.setattr(moved_run, "run", lambda *args: count(run(*args)))
    monkeypatch.setattr(moved_run, "branch", lambda p, t, index, c: count(branch(p, t, index, c), index + 1))
    return assigns


@settings(max_examples=80, deadline=None)
@given(moves=MOVES, max_iter=some.integers(0, 30), rule=some.sampled_from(["mean", "medoid"]))
def test_a_run_with_moves_is_the_one_whose_parts_all_go_to_their_end(
    moves: list[Move], max_iter: int, rule: str
) -> None:
    config = RunConfig(k=4, rule=rule, max_iter=max_iter)
    trace, plain = run_with_moves(POINTS, config, config, moves), apply_moves(POINTS, run(POINTS, config), moves)
    assert [step.phase for step in trace] == [step.phase for step in plain]
    assert (trace.config, trace.stop_reason) == (plain.config, plain.stop_reason)
    for step, expected in zip(trace, plain, strict=True):
        np.testing.assert_array_equal(step.centers, expected.centers)
        assert step.cost == expected.cost
        if expected.compact_labels is not None:
            np.testing.assert_array_equal(step.compact_labels, expected.compact_labels)


@settings(max_examples=80, deadline=None)
@given(moves=MOVES, max_iter=some.integers(0, 30), most=some.integers(20, 200))
def test_the_moves_within_the_bound_compute_no_more_assigns_than_that(
    moves: list[Move], max_iter: int, most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moved_run, "max_assigns", lambda n: most)
        assigns = computed_assigns(patch)
        count = count_moves_within_bound(moves, len(POINTS), max_iter)
        config = RunConfig(k=4, max_iter=max_iter)
        run_with_moves(POINTS, config, config, moves[:count])
    assert sum(assigns) <= max(most, 1 + max_iter)


def test_half_steps_that_a_later_move_replaces_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    assigns = computed_assigns(monkeypatch)
    config = RunConfig(k=4, max_iter=100)
    run_with_moves(POINTS, config, config, [Move(1, 0, (0.5, 0.5))] * 5)
    assert assigns[:-1] == [1] * 5


def test_every_longest_run_has_room_for_a_center_dragged_halfway() -> None:
    for n in (1, 100, 3_072, 100_000, 300_000, 1_000_000):
        longest = max_iterations(n)
        assert 1 + longest < max_assigns(n)
        assert count_moves_within_bound([Move(longest, 0, (0.0, 0.0))], n, longest) == 1


def test_two_hundred_moves_on_the_posts_data_are_within_the_bound() -> None:
    moves = [Move(step, 0, (0.0, 0.0)) for step in range(9, 9 + 200 * 20, 20)]
    assert count_moves_within_bound(moves, 3_072, 300) == 200


LARGE = "data=uniform&points=1000000&k=12&max_iter=100"


def test_a_link_of_many_moves_on_many_points_leaves_most_of_them_out() -> None:
    """It made the server compute for minutes, and took 60 MB of memory a second."""
    link = dict(part.split("=") for part in LARGE.split("&")) | {"edits": "m9999999_0_1_1" * 60}
    decoded, problems = decode(link)
    assert not problems
    count = count_moves_within_bound([edit for edit in decoded.edits if isinstance(edit, Move)], 1_000_000, 100)
    assert 1 <= count < 3


def test_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iteration_limit, "_MOST_LABELS_WITH_MOVES", 7_000_000)
    inputs = run_input(decode({"data": "moons", "max_iter": "10", "edits": "m9999999_0_1_1" * 60})[0])
    assert 0 < inputs.omitted_moves() < 60
    moves = [step for step in inputs.trace() if step.phase is Phase.MOVE]
    assert len(moves) == 60 - inputs.omitted_moves()


def test_a_drag_beyond_the_bound_is_rejected_and_one_within_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    start = decode({"data": "moons", "max_iter": "50"})[0]
    drag = {"kind": "move", "place": [1, 2], "cluster": 0, "step": 9}
    assert len(apply_action(start, drag).edits) == 1
    monkeypatch.setattr(iteration_limit, "_MOST_LABELS_WITH_MOVES", 20_000 * 55)
    n = len(run_input(start).points)
    with pytest.raises(ValueError, match=re.escape(message("player_edits.too_much_work", points=n))):
        apply_action(start, drag)
