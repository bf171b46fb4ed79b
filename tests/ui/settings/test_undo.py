"""What undo brings back, and which edits a change of the settings keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ui.settings.edits import Add, Move
from ui.settings.links import decode
from ui.settings.record import OPENING, Settings
from ui.settings.undo import Change, revert

SMALL = OPENING.with_data("moons")

ADDED = replace(SMALL, edits=(Add((1.0, 2.0)),))

MOVED = replace(ADDED, edits=(*ADDED.edits, Move(3, 1, (0.0, 0.0))))

PLACED = replace(SMALL, init="given", centers=((0.0, 0.0), (1.0, 1.0)))

OTHER_SEED = replace(SMALL, data_seed=4)

OTHER = SMALL.with_data("rings")


@pytest.mark.parametrize(
    ("change", "now", "after"),
    [
        # Nothing was changed since: back to where it was.
        (Change(SMALL, ADDED), ADDED, SMALL),
        (Change(ADDED, MOVED), MOVED, ADDED),
        (Change(SMALL, PLACED), PLACED, SMALL),
        (Change(PLACED, SMALL), SMALL, PLACED),
        (Change(OPENING, replace(OPENING, max_iter=600)), replace(OPENING, max_iter=600), OPENING),
        (Change(MOVED, OTHER), OTHER, MOVED),
        (Change(PLACED, OTHER_SEED), OTHER_SEED, PLACED),
        # What else was chosen since stays; a dragged center belongs to the run that it was dragged in.
        (Change(SMALL, ADDED), replace(ADDED, k=5), replace(SMALL, k=5)),
        (Change(MOVED, ADDED), replace(ADDED, k=5), None),
        (Change(SMALL, ADDED), replace(ADDED, init="farthest"), replace(SMALL, init="farthest")),
        (Change(SMALL, PLACED), replace(PLACED, k=5), replace(SMALL, k=5)),
        (Change(ADDED, OTHER), replace(OTHER, rule="median"), replace(ADDED, rule="median")),
        (Change(MOVED, OTHER), replace(OTHER, rule="median"), replace(ADDED, rule="median")),
        # A link or Back led elsewhere.
        (Change(OPENING, replace(OPENING, edits=ADDED.edits)), ADDED, None),
        (Change(SMALL, ADDED), replace(ADDED, data_seed=1), None),
        (Change(ADDED, replace(ADDED, edits=(*ADDED.edits, Add((3.0, 3.0))))), ADDED, None),
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
        PLACED.with_data("rings"),
        PLACED.with_data("iris"),
        replace(PLACED, data_seed=1).keep_valid_edits(PLACED),
        replace(PLACED, sizes=(("points", 900), ("noise", 0.08))).keep_valid_edits(PLACED),
    ],
)
def test_other_points_begin_with_nothing_done_by_hand(after: Settings) -> None:
    assert (after.init, after.centers, after.edits, after.file) == ("random", (), (), "")


def test_other_columns_and_other_tables_begin_with_nothing_done_by_hand() -> None:
    iris = replace(decode({"data": "iris"})[0], init="given", centers=((1.0, 1.0),), edits=(Add((1.0, 2.0)),))
    assert iris.table is not None
    choice = iris.table.choice
    kept = [replace(choice, label="")]
    new = [
        replace(choice, columns=choice.columns[::-1]),
        replace(choice, standardize=True),
        replace(choice, missing="fill"),
    ]
    for other in (*kept, *new):
        after = iris.with_columns(replace(iris.table, choice=other))
        assert bool(after.edits) is bool(after.centers) is (other in kept)
    assert not iris.with_columns(replace(iris.table, digest="0" * 16)).edits


def test_another_run_on_the_same_points_keeps_what_was_drawn_and_no_move() -> None:
    for change in ({"k": 3}, {"rule": "medoid"}, {"seed": 1}, {"empty": "drop"}, {"init": "farthest"}):
        assert replace(MOVED, **change).keep_valid_edits(MOVED) == replace(ADDED, **change)
    for change in ({"max_iter": 7}, {"backend": "tensorflow"}):
        assert replace(MOVED, **change).keep_valid_edits(MOVED) == replace(MOVED, **change)
