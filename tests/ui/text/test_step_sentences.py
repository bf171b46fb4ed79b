"""Every half-step has a sentence that a first-time visitor can read."""

from __future__ import annotations

import numpy as np
import pytest

from kmeans_core import EMPTY_POLICIES, INITIALISERS, RULES, Phase, RunConfig, make_dataset, run
from ui.settings.edits import Move, moved_by_hand
from ui.text.explanation import explain
from ui.text.step_sentences import step_sentence

LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0], [11.0, 0.0]])


def test_a_run_by_hand_is_told_half_step_by_half_step() -> None:
    # Centers 0 and 1: everything from 1 on joins the second; refined to 7.75, it loses the point at 1.
    trace = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0))))
    assert [step_sentence(trace, i) for i in range(4)] == [
        "Start: 2 centers, called centroids, were placed on chosen places. Next, every point joins the nearest one.",
        "Assign: every point joined its nearest centroid. The cost, the sum of squared distances, is 245.",
        "Refine 1: 1 of 2 centroids moved to the mean of its points, by 6.75 at most; "
        "the cost fell from 245 to 62.75 (\u221274.4%).",
        "Assign 1: 1 of 5 points switched cluster, as another centroid is its nearest now; "
        "the cost fell from 62.75 to 18.19 (\u221271%).",
    ]


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_an_empty_cluster_is_named(empty: str) -> None:
    far = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    trace = run(LINE, RunConfig(k=3, init="given", given=far, empty=empty))
    assert "Cluster 3 had no points, so " in step_sentence(trace, 2)


def test_an_empty_cluster_is_not_said_to_move_to_the_middle_of_its_points() -> None:
    far = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    trace = run(LINE, RunConfig(k=3, init="given", given=far, empty="farthest"))
    moves = np.linalg.norm(trace[2].centers - trace[1].centers, axis=1)
    assert moves[2] > 50, "the empty one jumped"
    told = step_sentence(trace, 2)
    assert "1 of 2 centroids with points moved to the mean of its points, by 0.5 at most" in told
    assert told.endswith("so its center moved to the point that was farthest from its own center.")


def test_several_empty_clusters_share_a_sentence() -> None:
    equal = np.full((9, 2), 7.0)
    trace = run(equal, RunConfig(k=4, init="random"))
    told = step_sentence(trace, 2)
    assert told.endswith("Clusters 2, 3, and 4 had no points, so their centers stayed where they were.")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", [name for name in INITIALISERS if name != "given"])
def test_every_half_step_of_every_run_is_one_or_two_sentences(rule: str, start: str) -> None:
    points, _ = make_dataset("post", points_per_blob=40)
    trace = run(points, RunConfig(k=6, rule=rule, init=start))
    for index, step in enumerate(trace):
        told = step_sentence(trace, index)
        name = {Phase.INIT: "Start", Phase.ASSIGN: "Assign", Phase.REFINE: "Refine"}[step.phase]
        assert told.startswith(name)
        assert told.endswith(".")
        assert len(told) < 220
        assert RULES[rule].center_word in told
        assert "rose" not in told


def test_one_center_alone_is_told_as_one() -> None:
    points, _ = make_dataset("moons", points=40)
    trace = run(points, RunConfig(k=1, init="random"))
    told = [step_sentence(trace, index) for index in range(len(trace))]
    assert "the only centroid" in told[1]
    assert "the centroid moved to the mean of its points, by" in told[2]
    assert " at most" not in told[2]
    assert not [text for text in told if "nearest one" in text or "each centroid" in text]


def test_centers_on_one_spot_are_told_who_gets_the_points() -> None:
    points, _ = make_dataset("moons", points=40)
    trace = run(points, RunConfig(k=2, init="given", given=((1.0, 1.0), (1.0, 1.0))))
    assert "where several lie on the same spot, the one with the lowest number" in step_sentence(trace, 0)


def test_a_cost_that_a_hand_raises_from_nothing_or_by_a_hair_is_said_to_rise() -> None:
    pair = np.array([[0.0, 0.0], [9.0, 0.0]])
    trace = run(pair, RunConfig(k=2, init="given", given=((0.0, 0.0), (9.0, 0.0))))
    assert trace[-1].cost == 0
    moved = moved_by_hand(pair, trace, (Move(len(trace) - 1, 0, (1.0, 0.0)),))
    assert "for now the cost rose from 0 to 1." in step_sentence(moved, len(trace))
    trace = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    moved = moved_by_hand(LINE, trace, (Move(len(trace) - 1, 1, (10.001, 0.0)),))
    assert "for now the cost rose by less than 0.01" in step_sentence(moved, len(trace))


def test_a_point_that_switches_in_a_tie_is_not_said_to_be_nearer() -> None:
    # The point at 2 begins with center 2 at 3. Then center 1, on the mean of -1 and 3, is as near: the lower gets it.
    before = run(np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 0.0]]), RunConfig(k=2, init="given", given=((0, 0), (3, 0))))
    points = np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    moved = moved_by_hand(points, before, (Move(len(before) - 1, 0, (1.5, 0.0)),))
    after = moved[len(before) + 1]
    own, other = (abs(moved[len(before)].centers[j, 0] - 2.0) for j in (0, 1))
    assert own == other, "a tie"
    assert after.moved == 1
    told = step_sentence(moved, len(before) + 1)
    assert "1 of 3 points switched cluster, as another centroid is its nearest now" in told
    assert "nearer, or as near with a lower number" in explain(moved, len(before) + 1).cost
