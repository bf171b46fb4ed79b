"""Every half-step is explained, truly, with its own numbers."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from kmeans_core import (
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    Phase,
    RunConfig,
    Trace,
    branch,
    cost_of,
    make_dataset,
    run,
)
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import amount
from tests.ui.moved_runs import apply_moves
from ui.settings.edits import Move
from ui.text.explanation import explain
from ui.text.formula_examples import example
from ui.text.messages import message
from ui.text.other_costs import other_costs
from ui.text.step_sentences import joined_clusters

LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0], [11.0, 0.0]])


@pytest.fixture(scope="module")
def by_hand() -> Trace:
    """Centers 0 and 1: everything from 1 on joins the second; refined to 7.75, it loses the point at 1."""
    return run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0))))


def test_the_numbers_of_a_run_by_hand(by_hand: Trace) -> None:
    moves = {"count": 2, "center": "centroid", "cluster": 2}
    assert [explain(by_hand, index).changes for index in range(len(by_hand))] == [
        message("explanation.nearest_centers", center="centroid", first=1, second=2, gap=1.0),
        message("explanation.sizes", largest=2, most=4, smallest=1, least=1),
        message(
            "explanation.moves", **moves, all_moved=False, moved=1, farthest=6.75, before="(1, 0)", after="(7.75, 0)"
        ),
        message("explanation.switches", count=1, grown=1, gain=1, shrunk=2, loss=-1),
        message(
            "explanation.moves", **moves, all_moved=True, moved=2, farthest=2.25, before="(7.75, 0)", after="(10, 0)"
        ),
        message("explanation.no_switch", center="centroid"),
    ]


def test_the_last_text_says_what_comes_next(by_hand: Trace) -> None:
    values = {"center": "centroid"}
    to_refine = message("explanation.assign_next", **values, all_active=True, kind="mean")
    to_assign = message("explanation.refine_next", **values)
    assert [explain(by_hand, index).next_step for index in range(len(by_hand))] == [
        message("explanation.init_next", **values),
        *(to_refine, to_assign, to_refine, to_assign),
        message("explanation.converged"),
    ]
    cut = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0)), max_iter=1))
    assert explain(cut, len(cut) - 1).next_step == message("explanation.limit_reached")


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", [name for name in INITIALISERS if name != "given"])
def test_every_half_step_of_every_run_is_explained(rule: str, start: str, empty: str) -> None:
    points, _ = make_dataset("post", points_per_blob=30)
    trace = run(points, RunConfig(k=12, rule=rule, init=start, empty=empty, seed=2))
    for index, step in enumerate(trace):
        texts = astuple(explain(trace, index))
        assert all(text.endswith(".") and len(text) < 400 for text in texts)
        assert ("center" if rule == "mean" else RULES[rule].center_word) in " ".join(texts).lower()
        if step.phase is Phase.REFINE:
            assert texts[2].endswith(message("explanation.refine_cost", kind=RULES[rule].center))
            assert (step.cost or 0) <= (trace[index - 1].cost or 0) * (1 + 1e-12)


def test_the_explanation_has_the_exact_cost(by_hand: Trace) -> None:
    change = message("explanation.cost_change", trend="fall", before="245", cost="62.75")
    assert explain(by_hand, 2).cost.startswith(change)
    assert explain(by_hand, 1).cost == message("explanation.first_cost", cost_name=RULES["mean"].cost_words, cost=245)


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_clusters_without_points_are_named(empty: str) -> None:
    trace = run(LINE, RunConfig(k=3, init="given", given=((0.0, 0.0), (10.0, 0.0), (99.0, 0.0)), empty=empty))
    sizes = {"largest": 2, "most": 3, "count": 1, "clusters": "3"}
    assert explain(trace, 1).changes == message("explanation.sizes_with_empty", **sizes)
    assert message("steps.empty_clusters", count=1, clusters="3", policy=empty) in explain(trace, 2).changes
    values = {"center": "centroid", "all_active": empty != "drop", "distance": "sqeuclidean"}
    assert explain(trace, 3).action == message("explanation.assign_action", **values)


def test_a_cluster_that_loses_all_its_points_is_named() -> None:
    # The middle one has the point at 4; both neighbors come nearer to it than its own center will be.
    points = np.array([[0.0], [4.0], [4.4], [9.0], [-9.0], [17.0]]) @ np.array([[1.0, 0.0]])
    for seed in range(300):
        trace = run(points, RunConfig(k=4, init="random", seed=seed))
        for index in range(3, len(trace), 2):
            sizes = [np.bincount(trace[i].labels, minlength=4) for i in (index - 2, index)]  # type: ignore[arg-type]
            emptied_clusters = np.flatnonzero((sizes[0] > 0) & (sizes[1] == 0))
            emptied = message(
                "explanation.emptied", count=len(emptied_clusters), clusters=joined_clusters(emptied_clusters.tolist())
            )
            assert (emptied in explain(trace, index).changes) == bool(len(emptied_clusters))


def test_coincident_centers_and_a_single_one_are_said_at_the_start() -> None:
    equal = np.full((5, 2), 3.0)
    coincident = message("explanation.coincident_centers", center="centroid", first=1, second=2)
    assert explain(run(equal, RunConfig(k=2, init="random")), 0).changes == coincident
    single = message("explanation.single_cluster")
    assert explain(run(equal, RunConfig(k=1, init="random")), 0).changes == single


def test_a_first_medoid_may_be_worse_than_a_hand_and_it_is_said() -> None:
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 3.0]])
    trace = run(corners, RunConfig(k=1, rule="medoid", init="given", given=((2.0, 1.0),)))
    assert (trace[2].cost or 0) > (trace[1].cost or 0)
    assert explain(trace, 2).cost.endswith(message("explanation.refine_cost_after_edit"))


# --- The numbers of the formulas


@pytest.fixture(scope="module")
def post() -> Points:
    points, _ = make_dataset("post", points_per_blob=80)
    return points


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
@pytest.mark.parametrize("rule", RULES)
def test_the_point_of_an_assign_is_nearest_to_the_center_it_joined(post: Points, rule: str, empty: str) -> None:
    trace = run(post, RunConfig(k=12, init="random", rule=rule, seed=3, empty=empty))
    assert example(post, trace, 0) is None
    for index in range(1, len(trace), 2):
        step, before = trace[index], trace[index - 1].labels
        facts = example(post, trace, index)
        assert facts is not None
        assert "other" in facts
        assert step.labels is not None
        point, label = facts["point"], int(step.labels[facts["point"]])
        assert (facts["place"], facts["cluster"]) == (post[point].tolist(), label)
        assert facts["other"] != label
        assert facts["distances"][0] <= facts["distances"][1]
        assert facts["other"] is not None
        for cluster, distance in zip((label, facts["other"]), facts["distances"], strict=True):
            alone = cost_of(post[[point]], [0], step.centers[[cluster]], rule=rule)
            assert distance == pytest.approx(alone, rel=1e-9)
        if before is not None and step.reassigned:
            assert (before[point] != label) and facts["other"] == before[point]


@pytest.mark.parametrize("rule", RULES)
def test_the_center_of_a_refine_moved_farthest_and_lowered_its_part(post: Points, rule: str) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule))
    for index in range(2, len(trace), 2):
        step, before = trace[index], trace[index - 1]
        facts = example(post, trace, index)
        assert facts is not None
        assert "part" in facts
        assert step.labels is not None
        ways = np.linalg.norm(step.centers - before.centers, axis=1)
        assert ways[facts["cluster"]] == ways.max()
        assert facts["count"] == np.count_nonzero(step.labels == facts["cluster"])
        assert facts["part"][1] <= facts["part"][0]
        if rule == "medoid":
            assert (post[facts["point"]] == step.centers[facts["cluster"]]).all()
            assert step.labels[facts["point"]] == facts["cluster"]
        else:
            assert "point" not in facts


@pytest.mark.parametrize("rule", RULES)
def test_where_no_point_changed_the_one_nearest_to_a_border_is_shown(rule: str) -> None:
    points, _ = make_dataset("uniform", points=70_000)  # more than are looked at at once
    trace = run(points, RunConfig(k=3, init="random", rule=rule))
    facts = example(points, trace, 1)
    assert facts is not None
    ways = np.abs(points[:, None] - trace[1].centers)
    measure = {"mean": np.square(ways), "median": ways, "medoid": np.square(ways)}[rule].sum(axis=2)
    first, second = np.sort(np.sqrt(measure) if rule == "medoid" else measure)[:, :2].T
    assert facts["point"] == int((second - first).argmin())


def test_a_single_cluster_has_no_other_to_compare(post: Points) -> None:
    facts = example(post, run(post, RunConfig(k=1, init="random")), 1)
    assert facts is not None
    assert "other" in facts
    assert facts["other"] is None
    assert len(facts["distances"]) == 1


# --- Other rules' costs


def test_other_costs_by_hand() -> None:
    """Refining to a medoid lowers the sum of distances here, and raises the sum of squares."""
    points = np.array([[-1.0, 0.0], [0.0, 0.0], [0.1, 0.0], [10.0, 0.0]])
    trace = run(points, RunConfig(k=1, rule="medoid", init="given", given=((2.275, 0.0),)))
    squares, differences = other_costs(points, trace)
    assert (squares["rule"], differences["rule"]) == ("mean", "median")
    assert squares["cost"][0] is None
    assert squares["cost"][1:3] == pytest.approx([((points[:, 0] - c) ** 2).sum() for c in (2.275, 0.0)])
    assert squares["rises"] == [2]
    values = {"center": "medoid", "cost_name": RULES["medoid"].cost_words}
    counts = {"rises": 1, "steps": 2, "phases": "refine", "assigns": 0, "refines": 1}
    assert squares["sentence"] == message("explanation.other_cost_rose", **values, **counts)
    # On a line the two measures are the same.
    assert differences["rises"] == []
    assert differences["sentence"] == message("explanation.other_cost_fell", **values)


@pytest.mark.parametrize("rule", RULES)
def test_the_other_rules_are_those_that_the_run_does_not_follow(post: Points, rule: str) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule, seed=1))
    costs = other_costs(post, trace)
    assert [cost["rule"] for cost in costs] == [name for name in RULES if name != rule]
    for cost in costs:
        for index, step in enumerate(trace[1:], start=1):
            assert step.labels is not None
            exact = cost_of(post, step.labels, step.centers, rule=cost["rule"])
            assert cost["cost"][index] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("index", [0, 3])
def test_a_move_by_hand_is_explained_like_any_half_step(rule: str, index: int) -> None:
    points, _ = make_dataset("blobs", points=90)
    trace = run(points, RunConfig(k=3, init="random", rule=rule))
    centers = trace[index].centers.copy()
    centers[1] += 2.0
    branch_trace = branch(points, trace, index, centers)
    explanation = explain(branch_trace, index + 1)
    assert explanation.action == message("explanation.edit_action", center=RULES[rule].center_word)
    assert explanation.next_step == message("explanation.edit_next", center=RULES[rule].center_word)
    assert example(points, branch_trace, index + 1) is None
    before, after = (f"({amount(x)}, {amount(y)})" for x, y in (trace[index].centers[1].tolist(), centers[1].tolist()))
    values = {
        "all_moved": False,
        "moved": 1,
        "count": 3,
        "cluster": 2,
        "farthest": 8**0.5,
        "before": before,
        "after": after,
    }
    assert explanation.changes == message("explanation.moves", center=RULES[rule].center_word, **values)
    if rule == "medoid":
        assert explain(branch_trace, index + 3).cost.endswith(message("explanation.refine_cost_after_edit"))


@pytest.mark.parametrize("rule", RULES)
def test_after_a_move_by_hand_no_center_is_said_to_have_no_reason_to_move(rule: str) -> None:
    trace = run(LINE, RunConfig(k=2, rule=rule, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    branch_trace = apply_moves(LINE, trace, (Move(len(trace) - 1, 1, (12.0, 0.0)),))
    no_switch = message("explanation.no_switch", center=RULES[rule].center_word)
    for index in range(2, len(branch_trace) - 1):
        if explain(branch_trace, index).changes == no_switch and branch_trace[index + 1].phase is Phase.REFINE:
            assert (branch_trace[index + 1].centers == branch_trace[index].centers).all()
    assert explain(branch_trace, len(trace) + 1).changes == message("explanation.no_switch_after_edit")
    assert not (branch_trace[len(trace) + 2].centers == branch_trace[len(trace) + 1].centers).all(), (
        "the next refine moves one"
    )


@pytest.mark.parametrize("rule", RULES)
def test_k_means_plus_plus_says_what_its_odds_grow_with(rule: str) -> None:
    points, _ = make_dataset("blobs", seed=0, points=60)
    action = explain(run(points, RunConfig(k=3, rule=rule, init="k-means++")), 0).action
    odds = message("explanation.init_odds", distance=RULES[rule].distance, greedy=False)
    assert action.endswith(odds)
    # From the point at 0, those at 1 and 3 have odds of 1 to 9 with squared distances, else of 1 to 3.
    line = [[0.0], [1.0], [3.0]]
    starts = (run(line, RunConfig(k=2, rule=rule, init="k-means++", seed=seed, max_iter=0))[0] for seed in range(1500))
    second = [float(start.centers[1, 0]) for start in starts if start.centers[0, 0] == 0]
    expected = 0.9 if rule == "mean" else 0.75
    assert abs(np.mean(np.equal(second, 3.0)) - expected) < 4 * (expected * (1 - expected) / len(second)) ** 0.5
    assert odds not in explain(run(points, RunConfig(k=3, rule=rule, init="random")), 0).action
