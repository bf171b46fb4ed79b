"""Each half-step's sentence is the message that fits what happened; golden_wording.txt pins the words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from kmeans_core import EMPTY_POLICIES, INITIALISERS, RULES, RunConfig, make_dataset, run
from tests.ui.moved_runs import apply_moves
from ui.settings.edits import Move
from ui.text.explanation import explain
from ui.text.messages import message
from ui.text.step_sentences import step_sentence

NUMBERS = re.compile(r"\d[\d,.]*(?<![,.])")
LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0], [11.0, 0.0]])


def refine_sentence(**values: object) -> str:
    return message("steps.refine", iteration=1, **values)


def test_each_half_step_of_a_run_by_hand_has_its_sentence() -> None:
    # Centers 0 and 1: everything from 1 on joins the second; refined to 7.75, it loses the point at 1.
    trace = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0))))
    fall = {"for_now": False, "trend": "fall"}
    first, second = 1 - 62.75 / 245, 1 - 18.1875 / 62.75
    assert [step_sentence(trace, i) for i in range(4)] == [
        message("steps.init", k=2, init="given", coincident=False),
        message("steps.first_assign", k=2, cost=245.0, cost_name=RULES["mean"].cost_words, exact=True),
        f"{refine_sentence(moved=1, single=False, farthest=6.75)} {message('steps.cost_change', **fall, change=first)}",
        message("steps.assign", iteration=1, switched=1, again=False)
        + " "
        + message("steps.cost_change", **fall, change=second),
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
    assert sentence.startswith(refine_sentence(moved=1, single=False, farthest=0.5))
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
        assert sentence.startswith(message("steps.name", phase=step.phase.value, iteration=step.iteration))
        assert sentence.endswith(".")
        assert len(sentence) < 130
        assert all(len(NUMBERS.findall(part)) <= 1 for part in re.split(r"[.:] ", sentence))
        assert all(len(re.sub(r"\D", "", number).strip("0")) <= 3 for number in NUMBERS.findall(sentence))
        assert "rose" not in sentence


def test_one_center_alone_is_not_called_one_of_several() -> None:
    points, _ = make_dataset("moons", points=40)
    trace = run(points, RunConfig(k=1, init="random"))
    farthest = float(np.linalg.norm(trace[2].centers - trace[1].centers))
    sentences = [step_sentence(trace, index) for index in range(len(trace))]
    assert sentences[0] == message("steps.init_single")
    assert sentences[2].startswith(refine_sentence(moved=1, single=True, farthest=farthest))
    assert not [text for text in sentences if message("steps.next_assign") in text]


@pytest.mark.parametrize("second", [1.0, 2.0])
def test_centers_on_one_spot_say_who_gets_the_points(second: float) -> None:
    points, _ = make_dataset("moons", points=40)
    trace = run(points, RunConfig(k=2, init="given", given=((1.0, 1.0), (1.0, second))))
    values = {"k": 2, "init": "given", "coincident": second == 1.0}
    assert step_sentence(trace, 0) == message("steps.init", **values)


def test_a_run_that_converged_says_so_in_its_last_half_step_and_no_other() -> None:
    points, _ = make_dataset("post", points_per_blob=40)
    trace = run(points, RunConfig(k=6, init="random"))
    last = trace[-1].iteration
    assert step_sentence(trace, len(trace) - 1) == message(
        "steps.assign_unchanged", iteration=last, converged=True, again=False
    )
    moved = apply_moves(points, trace, (Move(len(trace) - 1, 0, tuple(trace.centers[0] + 1e-9)),))
    at = len(trace) + 1
    assert moved[at].reassigned == 0
    values = {"iteration": moved[at].iteration, "converged": False}
    assert step_sentence(moved, at) == message("steps.assign_unchanged", again=True, **values)


def test_a_cost_of_many_digits_is_about_a_rounded_one() -> None:
    points = np.array([[0.0, 0.0], [301.1, 0.0]])
    trace = run(points, RunConfig(k=1, init="given", given=((0.0, 0.0),)))
    values = {"k": 1, "cost": 90661.21, "cost_name": RULES["mean"].cost_words}
    assert step_sentence(trace, 1) == message("steps.first_assign", **values, exact=False)


@pytest.mark.parametrize(("far", "trend"), [(0.0, "fall_to_zero"), (0.001, "steep_fall")])
def test_a_fall_of_nearly_all_of_the_cost_is_not_rounded_to_all(far: float, trend: str) -> None:
    points = np.array([[0.0, 0.0], [far, 0.0]])
    trace = run(points, RunConfig(k=1, init="given", given=((9.0, 0.0),)))
    cost = message("steps.cost_change", for_now=False, trend=trend, change=1.0)
    assert step_sentence(trace, 2).endswith(cost)


def cost_change(trend: str) -> str:
    return message("steps.cost_change", for_now=True, trend=trend, change=0.0)


def test_a_cost_that_a_hand_raises_from_nothing_or_by_a_hair_is_said_to_rise() -> None:
    pair = np.array([[0.0, 0.0], [9.0, 0.0]])
    trace = run(pair, RunConfig(k=2, init="given", given=((0.0, 0.0), (9.0, 0.0))))
    assert trace[-1].cost == 0
    trace_with_move = apply_moves(pair, trace, (Move(len(trace) - 1, 0, (1.0, 0.0)),))
    assert cost_change("rise_from_zero") in step_sentence(trace_with_move, len(trace))
    trace = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    trace_with_move = apply_moves(LINE, trace, (Move(len(trace) - 1, 1, (10.001, 0.0)),))
    before, after = trace[-1].cost, trace_with_move[len(trace)].cost
    assert before is not None and after is not None and after > before
    assert cost_change("slight_rise") in step_sentence(trace_with_move, len(trace))


def test_a_point_that_switches_in_a_tie_is_not_said_to_be_nearer() -> None:
    # The point at 2 begins with center 2 at 3. Then center 1, on the mean of -1 and 3, is as near: the lower gets it.
    before = run(np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 0.0]]), RunConfig(k=2, init="given", given=((0, 0), (3, 0))))
    points = np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    trace_with_move = apply_moves(points, before, (Move(len(before) - 1, 0, (1.5, 0.0)),))
    after = trace_with_move[len(before) + 1]
    old_distance, new_distance = (abs(trace_with_move[len(before)].centers[j, 0] - 2.0) for j in (0, 1))
    assert old_distance == new_distance, "a tie"
    assert after.reassigned == 1
    switched = message("steps.assign", iteration=after.iteration, switched=1, again=True)
    assert step_sentence(trace_with_move, len(before) + 1).startswith(switched)
    assert explain(trace_with_move, len(before) + 1).cost.endswith(
        message("explanation.assign_cost", center="centroid")
    )
