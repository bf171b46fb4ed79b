"""What undo brings back, and which edits a change of the settings keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ui.settings.edits import Add, Move
from ui.settings.links import decode
from ui.settings.record import POST, Settings
from ui.settings.undo import Change, revert

SMALL = POST.with_data("moons")

WITH_POINT = replace(SMALL, edits=(Add((1.0, 2.0)),))

WITH_MOVE = replace(WITH_POINT, edits=(*WITH_POINT.edits, Move(3, 1, (0.0, 0.0))))

WITH_CENTERS = replace(SMALL, init="given", centers=((0.0, 0.0), (1.0, 1.0)))

OTHER_SEED = replace(SMALL, data_seed=4)

RINGS = SMALL.with_data("rings")


@pytest.mark.parametrize(
    ("change", "now", "after"),
    [
        # Nothing was changed since: back to where it was.
        (Change(SMALL, WITH_POINT), WITH_POINT, SMALL),
        (Change(WITH_POINT, WITH_MOVE), WITH_MOVE, WITH_POINT),
        (Change(SMALL, WITH_CENTERS), WITH_CENTERS, SMALL),
        (Change(WITH_CENTERS, SMALL), SMALL, WITH_CENTERS),
        (Change(POST, replace(POST, max_iter=600)), replace(POST, max_iter=600), POST),
        (Change(WITH_MOVE, RINGS), RINGS, WITH_MOVE),
        (Change(WITH_CENTERS, OTHER_SEED), OTHER_SEED, WITH_CENTERS),
        # What else was chosen since stays; a dragged center belongs to the run that it was dragged in.
        (Change(SMALL, WITH_POINT), replace(WITH_POINT, k=5), replace(SMALL, k=5)),
        (Change(WITH_MOVE, WITH_POINT), replace(WITH_POINT, k=5), None),
        (Change(SMALL, WITH_POINT), replace(WITH_POINT, init="farthest"), replace(SMALL, init="farthest")),
        (Change(SMALL, WITH_CENTERS), replace(WITH_CENTERS, k=5), replace(SMALL, k=5)),
        (Change(WITH_POINT, RINGS), replace(RINGS, rule="median"), replace(WITH_POINT, rule="median")),
        (Change(WITH_MOVE, RINGS), replace(RINGS, rule="median"), replace(WITH_POINT, rule="median")),
        # A link or Back led elsewhere.
        (Change(POST, replace(POST, edits=WITH_POINT.edits)), WITH_POINT, None),
        (Change(SMALL, WITH_POINT), replace(WITH_POINT, data_seed=1), None),
        (Change(WITH_POINT, replace(WITH_POINT, edits=(*WITH_POINT.edits, Add((3.0, 3.0))))), WITH_POINT, None),
        (Change(SMALL, SMALL), SMALL, None),
    ],
)
def test_undo_takes_back_one_change_and_leaves_what_else_was_chosen(
    change: Change, now: Settings, after: Settings | None
) -> None:
    assert revert(change, now) == after


@pytest.mark.parametrize(
    "after",
    [
        WITH_CENTERS.with_data("rings"),
        WITH_CENTERS.with_data("iris"),
        replace(WITH_CENTERS, data_seed=1).keep_valid_edits(WITH_CENTERS),
        replace(WITH_CENTERS, sizes=(("points", 900), ("noise", 0.08))).keep_valid_edits(WITH_CENTERS),
    ],
)
def test_other_points_begin_with_nothing_done_by_hand(after: Settings) -> None:
    assert (after.init, after.centers, after.edits, after.file) == ("random", (), (), "")


def test_other_columns_and_other_tables_begin_with_nothing_done_by_hand() -> None:
    iris = replace(decode({"data": "iris"})[0], init="given", centers=((1.0, 1.0),), edits=(Add((1.0, 2.0)),))
    assert iris.table is not None
    choice = iris.table.choice
    same_points = [replace(choice, label="")]
    new_points = [
        replace(choice, columns=choice.columns[::-1]),
        replace(choice, standardize=True),
        replace(choice, missing="fill"),
    ]
    for variant in (*same_points, *new_points):
        after = iris.with_columns(replace(iris.table, choice=variant))
        assert bool(after.edits) is bool(after.centers) is (variant in same_points)
    assert not iris.with_columns(replace(iris.table, digest="0" * 16)).edits


def test_another_run_on_the_same_points_keeps_what_was_drawn_and_no_move() -> None:
    for change in ({"k": 3}, {"rule": "medoid"}, {"seed": 1}, {"empty": "drop"}, {"init": "farthest"}):
        assert replace(WITH_MOVE, **change).keep_valid_edits(WITH_MOVE) == replace(WITH_POINT, **change)
    for change in ({"max_iter": 7}, {"backend": "tensorflow"}):
        assert replace(WITH_MOVE, **change).keep_valid_edits(WITH_MOVE) == replace(WITH_MOVE, **change)
