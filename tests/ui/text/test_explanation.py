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
from kmeans_core.types import Points
from ui.settings.edits import Move, moved_by_hand
from ui.text.explanation import example, explain, other_costs

LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0], [11.0, 0.0]])


@pytest.fixture(scope="module")
def by_hand() -> Trace:
    """Centers 0 and 1: everything from 1 on joins the second; refined to 7.75, it loses the point at 1."""
    return run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0))))


def test_a_run_by_hand_is_told_in_numbers(by_hand: Trace) -> None:
    assert [explain(by_hand, index).numbers for index in range(len(by_hand))] == [
        "Centroids 1 and 2 are the nearest to each other, 1 apart. Where points crowd together, two that start "
        "in one crowd have to share it, and another crowd may have to do without.",
        "The largest is cluster 2 with 4 points, the smallest cluster 1 with 1.",
        "1 of 2 centroids moved. That of cluster 2 moved farthest, by 6.75, from (1, 0) to (7.75, 0).",
        "1 point changed cluster. Cluster 1 grew the most, by 1; cluster 2 shrank the most, by 1.",
        "2 of 2 centroids moved. That of cluster 2 moved farthest, by 2.25, from (7.75, 0) to (10, 0).",
        "No point changed cluster, so no centroid has a reason to move.",
    ]


def test_the_words_say_what_comes_next(by_hand: Trace) -> None:
    assert [explain(by_hand, index).coming.split(":")[0] for index in range(len(by_hand))] == [
        *("Assign", "Refine", "Assign", "Refine", "Assign"),
        "Nothing",
    ]
    assert "converged" in explain(by_hand, 5).coming
    cut = run(LINE, RunConfig(k=2, init="given", given=((0.0, 0.0), (1.0, 0.0)), max_iter=1))
    assert "before converging" in explain(cut, len(cut) - 1).coming


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", [name for name in INITIALISERS if name != "given"])
def test_every_half_step_of_every_run_is_explained(rule: str, start: str, empty: str) -> None:
    points, _ = make_dataset("post", points_per_blob=30)
    trace = run(points, RunConfig(k=12, rule=rule, init=start, empty=empty, seed=2))
    for index, step in enumerate(trace):
        texts = astuple(explain(trace, index))
        assert all(text.endswith(".") and len(text) < 330 for text in texts)
        assert RULES[rule].center_word in " ".join(texts).lower()
        if step.phase is Phase.REFINE:
            # What they all say of the cost is so.
            assert texts[2].startswith("It can’t rise.")
            assert (step.cost or 0) <= (trace[index - 1].cost or 0) * (1 + 1e-12)


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_clusters_without_points_are_named(empty: str) -> None:
    trace = run(LINE, RunConfig(k=3, init="given", given=((0.0, 0.0), (10.0, 0.0), (99.0, 0.0)), empty=empty))
    assert "Cluster 3 got no points." in explain(trace, 1).numbers
    assert "Cluster 3 had no points, so " in explain(trace, 2).numbers
    assert ("still in the run" in explain(trace, 3).does) == (empty == "drop")


def test_a_cluster_that_loses_all_its_points_is_named() -> None:
    # The middle one has the point at 4; both neighbours come nearer to it than its own center will be.
    points = np.array([[0.0], [4.0], [4.4], [9.0], [-9.0], [17.0]]) @ np.array([[1.0, 0.0]])
    for seed in range(300):
        trace = run(points, RunConfig(k=4, init="random", seed=seed))
        for index in range(3, len(trace), 2):
            sizes = [np.bincount(trace[i].labels, minlength=4) for i in (index - 2, index)]  # type: ignore[arg-type]
            gone = np.flatnonzero((sizes[0] > 0) & (sizes[1] == 0))
            assert ("lost all points." in explain(trace, index).numbers) == bool(len(gone))


def test_coincident_centers_and_a_single_one_are_said_at_the_start() -> None:
    equal = np.full((5, 2), 3.0)
    assert "lie on the same place" in explain(run(equal, RunConfig(k=2, init="random")), 0).numbers
    assert "single cluster" in explain(run(equal, RunConfig(k=1, init="random")), 0).numbers


def test_a_first_medoid_may_be_worse_than_a_hand_and_it_is_said() -> None:
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 3.0]])
    trace = run(corners, RunConfig(k=1, rule="medoid", init="given", given=((2.0, 1.0),)))
    assert (trace[2].cost or 0) > (trace[1].cost or 0)
    assert explain(trace, 2).cost.startswith("This once it may rise")


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
        told = example(post, trace, index)
        assert told is not None
        assert step.labels is not None
        point, own = told["point"], int(step.labels[told["point"]])
        assert (told["place"], told["cluster"]) == (post[point].tolist(), own)
        assert told["other"] != own
        assert told["distances"][0] <= told["distances"][1]
        for cluster, distance in zip((own, told["other"]), told["distances"], strict=True):
            alone = cost_of(post[[point]], [0], step.centers[[cluster]], rule=rule)
            assert distance == pytest.approx(alone, rel=1e-9)
        if before is not None and step.moved:
            assert (before[point] != own) and told["other"] == before[point]


@pytest.mark.parametrize("rule", RULES)
def test_the_center_of_a_refine_moved_farthest_and_lowered_its_part(post: Points, rule: str) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule))
    for index in range(2, len(trace), 2):
        step, before = trace[index], trace[index - 1]
        told = example(post, trace, index)
        assert told is not None
        assert step.labels is not None
        ways = np.linalg.norm(step.centers - before.centers, axis=1)
        assert ways[told["cluster"]] == ways.max()
        assert told["count"] == np.count_nonzero(step.labels == told["cluster"])
        assert told["part"][1] <= told["part"][0]
        if rule == "medoid":
            assert (post[told["point"]] == step.centers[told["cluster"]]).all()
            assert step.labels[told["point"]] == told["cluster"]
        else:
            assert "point" not in told


@pytest.mark.parametrize("rule", RULES)
def test_where_no_point_changed_the_one_nearest_to_a_border_is_shown(rule: str) -> None:
    points, _ = make_dataset("uniform", points=70_000)  # more than are looked at at once
    trace = run(points, RunConfig(k=3, init="random", rule=rule))
    told = example(points, trace, 1)
    assert told is not None
    ways = np.abs(points[:, None] - trace[1].centers)
    measure = {"mean": np.square(ways), "median": ways, "medoid": np.square(ways)}[rule].sum(axis=2)
    first, second = np.sort(np.sqrt(measure) if rule == "medoid" else measure)[:, :2].T
    assert told["point"] == int((second - first).argmin())


def test_a_single_cluster_has_no_other_to_compare(post: Points) -> None:
    told = example(post, run(post, RunConfig(k=1, init="random")), 1)
    assert told is not None
    assert told["other"] is None
    assert len(told["distances"]) == 1


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
    assert squares["sentence"] == (
        "It rose in 1 of 2 half-steps (1 refine): medoids are chosen for the sum of distances, and nobody watched "
        "this one."
    )
    # On a line the two measures are the same.
    assert differences["rises"] == []
    assert differences["sentence"].startswith("It happened not to rise in this run, but it may: ")


@pytest.mark.parametrize("rule", RULES)
def test_the_other_rules_are_those_that_the_run_does_not_follow(post: Points, rule: str) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule, seed=1))
    told = other_costs(post, trace)
    assert [other["rule"] for other in told] == [name for name in RULES if name != rule]
    for other in told:
        for index, step in enumerate(trace[1:], start=1):
            assert step.labels is not None
            exact = cost_of(post, step.labels, step.centers, rule=other["rule"])
            assert other["cost"][index] == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("index", [0, 3])
def test_a_move_by_hand_is_explained_like_any_half_step(rule: str, index: int) -> None:
    points, _ = make_dataset("blobs", points=90)
    trace = run(points, RunConfig(k=3, init="random", rule=rule))
    centers = trace[index].centers.copy()
    centers[1] += 2.0
    moved = branch(points, trace, index, centers)
    told = explain(moved, index + 1)
    assert told.does.startswith("You moved a ")
    assert told.coming.startswith("Assign: ")
    assert example(points, moved, index + 1) is None
    assert "cluster 2" in told.numbers
    if rule == "medoid":
        assert "This once it may rise" in explain(moved, index + 3).cost


@pytest.mark.parametrize("rule", RULES)
def test_after_a_move_by_hand_no_center_is_said_to_have_no_reason_to_move(rule: str) -> None:
    trace = run(LINE, RunConfig(k=2, rule=rule, init="given", given=((0.0, 0.0), (10.0, 0.0))))
    moved = moved_by_hand(LINE, trace, (Move(len(trace) - 1, 1, (12.0, 0.0)),))
    for index in range(2, len(moved) - 1):
        if "reason to move" in explain(moved, index).numbers and moved[index + 1].phase is Phase.REFINE:
            assert (moved[index + 1].centers == moved[index].centers).all()
    assert explain(moved, len(trace) + 1).numbers == "No point changed cluster."
    assert not (moved[len(trace) + 2].centers == moved[len(trace) + 1].centers).all(), "the next refine moves one"


@pytest.mark.parametrize(
    ("rule", "words"),
    [("mean", "its squared distance"), ("medoid", "its distance"), ("median", "its Manhattan distance")],
)
def test_k_means_plus_plus_says_what_its_odds_grow_with(rule: str, words: str) -> None:
    points, _ = make_dataset("blobs", seed=0, points=60)
    told = explain(run(points, RunConfig(k=3, rule=rule, init="k-means++")), 0).does
    assert f"in proportion to {words} to the nearest center so far" in told
    # From the point at 0, those at 1 and 3 have odds of 1 to 9 with squared distances, else of 1 to 3.
    line = [[0.0], [1.0], [3.0]]
    starts = (run(line, RunConfig(k=2, rule=rule, init="k-means++", seed=seed, max_iter=0))[0] for seed in range(1500))
    second = [float(start.centers[1, 0]) for start in starts if start.centers[0, 0] == 0]
    expected = 0.9 if rule == "mean" else 0.75
    assert abs(np.mean(np.equal(second, 3.0)) - expected) < 4 * (expected * (1 - expected) / len(second)) ** 0.5
    assert "in proportion" not in explain(run(points, RunConfig(k=3, rule=rule, init="random")), 0).does
