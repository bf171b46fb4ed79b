"""Actions of the player, applied to the settings; malformed ones are rejected."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ui.settings.edits import MAX_DRAWING_EDITS, Add, Erase, Move
from ui.settings.lesson_link import Lesson
from ui.settings.player_actions import apply_action, extended_max_iter, lock_message, most_clusters
from ui.settings.record import POST
from ui.settings.run_input import run_input
from ui.text.messages import message


def test_a_drag_at_step_0_changes_the_starting_centers() -> None:
    settings = apply_action(POST, {"kind": "move", "step": 0, "cluster": 2, "place": [7.0, 8]})
    assert settings.init == "given"
    assert settings.centers[2] == (7.0, 8.0)
    np.testing.assert_allclose(settings.centers[0], run_input(POST).first_centers()[0], rtol=1e-5)
    assert settings.edits == ()


def test_a_later_drag_is_an_edit_of_the_run() -> None:
    settings = apply_action(POST, {"kind": "move", "step": 5, "cluster": 2, "place": [7.0, 8]})
    assert (settings.init, settings.edits) == ("random", (Move(5, 2, (7.0, 8.0)),))


def test_the_player_names_points_by_their_current_index() -> None:
    settings = apply_action(POST, {"kind": "erase", "indices": [0, 5]})
    settings = apply_action(settings, {"kind": "erase", "indices": [0]})
    assert settings.edits == (Erase(0), Erase(5), Erase(1))
    settings = apply_action(settings, {"kind": "shift", "index": 0, "place": [1, 2]})
    assert settings.edits[3:] == (Erase(2), Add((1.0, 2.0)))
    points = run_input(settings).points
    assert len(points) == 3072 - 3
    np.testing.assert_array_equal(points[-1], [1.0, 2.0])


def test_k_is_chosen_from_one_to_the_number_of_points() -> None:
    edited = apply_action(apply_action(POST, {"kind": "erase", "indices": [4]}), {"kind": "k", "k": 3})
    assert (edited.k, edited.edits) == (3, (Erase(4),)), "points that were erased stay so"
    few = replace(POST, sizes=(("blobs", 1), ("points_per_blob", 4), ("spread", 1.0)))
    assert most_clusters(few) == 4
    assert apply_action(few, {"kind": "k", "k": 4}).k == 4
    for k in (0, 5):
        with pytest.raises(ValueError, match=re.escape(message("player_edits.k_range", k=k, low=1, high=4))):
            apply_action(few, {"kind": "k", "k": k})


def test_a_new_start_is_random_and_says_its_seed() -> None:
    draws = [apply_action(POST, {"kind": "init"}) for _ in range(20)]
    assert len({settings.seed for settings in draws}) > 10
    assert all(replace(settings, seed=POST.seed) == POST for settings in draws)
    assert apply_action(replace(POST, init="farthest"), {"kind": "init"}).init == "farthest"
    placed = apply_action(POST, {"kind": "move", "step": 0, "cluster": 2, "place": [7.0, 8]})
    settings = apply_action(placed, {"kind": "init"})
    assert (settings.init, settings.centers) == ("random", ())


def test_centers_are_placed_all_at_once() -> None:
    two = replace(POST, k=2, edits=(Move(3, 1, (0.0, 0.0)), Erase(4)))
    settings = apply_action(two, {"kind": "place", "places": [[1, 2], [3, 4.5]]})
    assert (settings.init, settings.centers, settings.edits) == ("given", ((1.0, 2.0), (3.0, 4.5)), (Erase(4),))
    np.testing.assert_array_equal(run_input(settings).first_centers(), [[1.0, 2.0], [3.0, 4.5]])
    with pytest.raises(ValueError, match=re.escape(message("player_edits.center_count", k=2, count=1))):
        apply_action(two, {"kind": "place", "places": [[1, 2]]})


@pytest.mark.parametrize(
    ("control", "action"),
    [
        ("k", {"kind": "k", "k": 3}),
        ("seed", {"kind": "init"}),
        ("init", {"kind": "place", "places": [[1, 1]] * 6}),
        ("centers", {"kind": "place", "places": [[1, 1]] * 6}),
    ],
)
def test_a_lesson_link_locks_the_choices_below_the_picture(control: str, action: dict[str, Any]) -> None:
    after = apply_action(POST, action)
    assert lock_message(Lesson(), POST, after) == ""
    assert lock_message(Lesson(locked=frozenset({control})), POST, after) == message(
        "player_edits.locked", part=control
    )


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"kind": "k"},
        {"kind": "k", "k": 13},
        {"kind": "k", "k": "3"},
        {"kind": "place", "places": [[1, 2]]},
        {"kind": "place", "places": [None] * 6},
        {"kind": "format"},
        {"kind": "move", "step": 1, "cluster": 0, "place": [float("nan"), 0]},
        {"kind": "move", "step": 1, "cluster": 0, "place": [1e300, 0]},
        {"kind": "move", "step": -1, "cluster": 0, "place": [0, 0]},
        {"kind": "move", "step": 0, "cluster": 99, "place": [0, 0]},
        {"kind": "move", "step": True, "cluster": 0, "place": [0, 0]},
        {"kind": "move", "step": 1, "cluster": "0", "place": "ab"},
        {"kind": "move", "step": 1, "cluster": 0, "place": [10**400, 0]},
        {"kind": "move", "step": 10**7, "cluster": 0, "place": [0, 0]},  # no link could say so
        {"kind": "add", "places": [[1]]},
        {"kind": "add", "places": [None]},
        {"kind": "add", "places": 7},
        {"kind": "add", "places": [[1, 2]] * (MAX_DRAWING_EDITS + 1)},
        {"kind": "erase", "indices": [99_999]},
        {"kind": "erase", "indices": 3},
        {"kind": "shift", "index": None, "place": [0, 0]},
    ],
)
def test_malformed_actions_are_rejected_with_a_sentence(action: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        apply_action(POST, action)


def test_continue_raises_the_iteration_limit_to_the_maximum() -> None:
    post = replace(POST, max_iter=15)
    limits = []
    while extended_max_iter(post):
        post = apply_action(post, {"kind": "continue"})
        limits.append(post.max_iter)
    assert limits == [300, 600, 900, 1000]
    with pytest.raises(ValueError, match=re.escape(message("player_edits.max_iterations", max_iter=1000))):
        apply_action(post, {"kind": "continue"})
    million = replace(POST.with_data("uniform"), sizes=(("points", 1_000_000), ("width", 1.0)))
    assert extended_max_iter(million) == 0, "100 iterations are the most on a million points"
    assert extended_max_iter(replace(million, max_iter=15)) == 100
