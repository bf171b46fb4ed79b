"""Each half-step's sentence is the message that fits what happened; golden_wording.txt pins the words."""

from __future__ import annotations

import numpy as np
import pytest

from kmeans_core import EMPTY_POLICIES, INITIALISERS, RULES, Phase, RunConfig, make_dataset, run
from ui.settings.edits import Move, apply_moves
from ui.text.explanation import explain
from ui.text.messages import message
from ui.text.step_sentences import step_sentence

LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0], [11.0, 0.0]])


def refined(**values: object) -> str:
    return message("steps.refine", iteration=1, center="centroid", kind="mean", **values)


def test_each_half_step_of_a_run_by_hand_has_its_sentence() -> None:
    # Centers 0 and 1: everything from 1 on joins the second; refined to 7.75, it loses the point at 1.
    trace = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0))))
    center = {"center": "centroid"}
    name = "sum of squared distances"
    fall = {"for_now": False, "trend": "fall"}
    first, second = 62.75 / 245 - 1, 18.1875 / 62.75 - 1
    assert [step_sentence(trace, i) for i in range(4)] == [
        message("steps.init", **center, k=2, init="given", coincident=False),
        message("steps.first_assign", **center, k=2, cost_name=name, cost=245.0),
        refined(extent="one", moved=1, count=2, farthest=6.75, all_filled=True)
        + " "
        + message("steps.cost_change", **fall, before=245.0, cost=62.75, change=first),
        message("steps.assign", **center, iteration=1, switched=1, points=5)
        + " "
        + message("steps.cost_change", **fall, before=62.75, cost=18.1875, change=second),
    ]


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_an_empty_cluster_is_named(empty: str) -> None:
    far = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    trace = run(LINE, RunConfig(k=3, init="given", given=far, empty=empty))
    assert message("steps.empty_clusters", count=1, clusters="3", policy=empty) in step_sentence(trace, 2)


def test_an_empty_cluster_is_not_said_to_move_to_the_middle_of_its_points() -> None:
    far = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    trace = run(LINE, RunConfig(k=3, init="given", given=far, empty="farthest"))
    moves = np.linalg.norm(trace[2].centers - trace[1].centers, axis=1)
    assert moves[2] > 50, "the empty one jumped"
    sentence = step_sentence(trace, 2)
    assert sentence.startswith(refined(extent="one", moved=1, count=2, farthest=0.5, all_filled=False))
    assert sentence.endswith(message("steps.empty_clusters", count=1, clusters="3", policy="farthest"))


def test_several_empty_clusters_share_a_sentence() -> None:
    equal = np.full((9, 2), 7.0)
    trace = run(equal, RunConfig(k=4, init="random"))
    emptied = message("steps.empty_clusters", count=3, clusters="2, 3, and 4", policy="keep")
    assert step_sentence(trace, 2).endswith(emptied)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", [name for name in INITIALISERS if name != "given"])
def test_every_half_step_of_every_run_is_one_or_two_sentences(rule: str, start: str) -> None:
    points, _ = make_dataset("post", points_per_blob=40)
    trace = run(points, RunConfig(k=6, rule=rule, init=start))
    for index, step in enumerate(trace):
        sentence = step_sentence(trace, index)
        name = {Phase.INIT: "Start", Phase.ASSIGN: "Assign", Phase.REFINE: "Refine"}[step.phase]
        assert sentence.startswith(name)
        assert sentence.endswith(".")
        assert len(sentence) < 240
        assert RULES[rule].center_word in sentence
        assert "rose" not in sentence


def test_one_center_alone_is_not_called_one_of_several() -> None:
    points, _ = make_dataset("moons", points=40)
    trace = run(points, RunConfig(k=1, init="random"))
    farthest = float(np.linalg.norm(trace[2].centers - trace[1].centers))
    sentences = [step_sentence(trace, index) for index in range(len(trace))]
    assert sentences[0] == message("steps.init_single", center="centroid")
    assert sentences[2].startswith(refined(extent="only", moved=1, count=1, farthest=farthest, all_filled=True))
    assert not [text for text in sentences if "nearest one" in text or "each centroid" in text]


@pytest.mark.parametrize("second", [1.0, 2.0])
def test_centers_on_one_spot_say_who_gets_the_points(second: float) -> None:
    points, _ = make_dataset("moons", points=40)
    trace = run(points, RunConfig(k=2, init="given", given=((1.0, 1.0), (1.0, second))))
    values = {"k": 2, "center": "centroid", "init": "given", "coincident": second == 1.0}
    assert step_sentence(trace, 0) == message("steps.init", **values)


def cost_change(trend: str, before: float, cost: float) -> str:
    return message("steps.cost_change", for_now=True, trend=trend, before=before, cost=cost, change=0.0)


def test_a_cost_that_a_hand_raises_from_nothing_or_by_a_hair_is_said_to_rise() -> None:
    pair = np.array([[0.0, 0.0], [9.0, 0.0]])
    trace = run(pair, RunConfig(k=2, init="given", given=((0.0, 0.0), (9.0, 0.0))))
    assert trace[-1].cost == 0
    moved = apply_moves(pair, trace, (Move(len(trace) - 1, 0, (1.0, 0.0)),))
    assert cost_change("rise_from_zero", 0.0, 1.0) in step_sentence(moved, len(trace))
    trace = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    moved = apply_moves(LINE, trace, (Move(len(trace) - 1, 1, (10.001, 0.0)),))
    before, after = trace[-1].cost, moved[len(trace)].cost
    assert before is not None and after is not None and after > before
    assert cost_change("slight_rise", before, after) in step_sentence(moved, len(trace))


def test_a_point_that_switches_in_a_tie_is_not_said_to_be_nearer() -> None:
    # The point at 2 begins with center 2 at 3. Then center 1, on the mean of -1 and 3, is as near: the lower gets it.
    before = run(np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 0.0]]), RunConfig(k=2, init="given", given=((0, 0), (3, 0))))
    points = np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    moved = apply_moves(points, before, (Move(len(before) - 1, 0, (1.5, 0.0)),))
    after = moved[len(before) + 1]
    own, other = (abs(moved[len(before)].centers[j, 0] - 2.0) for j in (0, 1))
    assert own == other, "a tie"
    assert after.reassigned == 1
    switched = message("steps.assign", iteration=after.iteration, center="centroid", switched=1, points=3)
    assert step_sentence(moved, len(before) + 1).startswith(switched)
    assert explain(moved, len(before) + 1).cost == message("explanation.assign_cost", center="centroid")
