"""A run whose centers are moved by hand goes on from there, by the same rules."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kmeans_core import EMPTY_POLICIES, RULES, Phase, RunConfig, StopReason, Trace, branch, make_dataset, run
from kmeans_core.arrays import Points


@pytest.fixture(scope="module")
def points() -> Points:
    dataset_points, _ = make_dataset("post", points_per_blob=60)
    return dataset_points


def moved_by(trace: Trace, index: int, cluster: int, shift: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    centers = trace[index].centers.copy()
    centers[cluster] += shift
    return centers


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("index", [0, 1, 2, 5, -1])
def test_a_branch_keeps_the_past_and_ends_like_any_run(points: Points, backend: str, rule: str, index: int) -> None:
    trace = run(points, RunConfig(k=6, init="random", rule=rule, backend=backend))
    index %= len(trace)
    centers = moved_by(trace, index, 2, 9.0)
    branch_trace = branch(points, trace, index, centers)
    assert branch_trace[: index + 1] == trace[: index + 1]
    assert [step.phase for step in branch_trace[index + 1 : index + 4]] == [Phase.MOVE, Phase.ASSIGN, Phase.REFINE]
    np.testing.assert_array_equal(branch_trace[index + 1].centers, centers)
    # What follows is the run that starts from these centers.
    fresh = run(points, RunConfig(k=6, rule=rule, backend=backend, init="given", given=centers.tolist()))
    assert branch_trace.stop_reason is fresh.stop_reason
    for step, fresh_step in zip(branch_trace[index + 2 :], fresh[1:], strict=True):
        assert step.phase is fresh_step.phase
        np.testing.assert_array_equal(step.labels, fresh_step.labels)
        np.testing.assert_array_equal(step.centers, fresh_step.centers)


def test_iterations_are_counted_on_and_points_are_compared_with_what_they_were(points: Points) -> None:
    trace = run(points, RunConfig(k=6, init="random"))
    branch_trace = branch(points, trace, 6, moved_by(trace, 6, 0, 5.0))
    assert [step.iteration for step in branch_trace[6:10]] == [3, 3, 3, 4]
    before, after = branch_trace[7].compact_labels, branch_trace[8].compact_labels
    assert before is trace[6].compact_labels
    assert after is not None
    assert branch_trace[8].reassigned == np.count_nonzero(after != before)


def test_a_move_may_raise_the_cost_and_nothing_after_it_does(points: Points) -> None:
    trace = run(points, RunConfig(k=6, init="random"))
    branch_trace = branch(points, trace, len(trace) - 1, moved_by(trace, -1, 5, 30.0))
    costs = [step.cost for step in branch_trace[len(trace) - 1 :] if step.cost is not None]
    assert costs[1] > costs[0]
    assert all(later <= earlier * (1 + 1e-9) for earlier, later in pairwise(costs[1:]))


def test_a_move_that_changes_no_label_is_not_taken_for_rest() -> None:
    line = np.array([[0.0], [1.0], [10.0], [11.0]])
    trace = run(line, RunConfig(k=2, init="given", given=((0.0,), (10.0,))))
    branch_trace = branch(line, trace, len(trace) - 1, [[1.0], [10.0]])
    assert [step.phase for step in branch_trace[len(trace) :]] == [Phase.MOVE, Phase.ASSIGN, Phase.REFINE, Phase.ASSIGN]
    np.testing.assert_array_equal(branch_trace.centers, trace.centers)
    assert branch_trace.stop_reason is StopReason.CONVERGED


def test_before_the_first_assign_there_are_no_labels_and_no_cost(points: Points) -> None:
    trace = run(points, RunConfig(k=6, init="random"))
    branch_trace = branch(points, trace, 0, moved_by(trace, 0, 1, 1.0))
    assert (branch_trace[1].labels, branch_trace[1].cost) == (None, None)
    assert branch_trace[2].reassigned == len(points)


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_branches_can_be_left_again_under_every_policy(empty: str) -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0]])
    centers = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    trace = run(line, RunConfig(k=3, init="given", given=centers, empty=empty))
    first_branch = branch(line, trace, 3, [[0.0, 0.0], [10.0, 0.0], [1.0, 0.0]])
    second_branch = branch(line, first_branch, 5, [[0.0, 0.0], [9.0, 0.0], [10.0, 0.0]])
    assert np.unique(second_branch.labels).size == 3


@pytest.mark.parametrize(
    ("index", "centers", "message"),
    [
        (99, [[0.0, 0.0], [1.0, 1.0]], r"index must be a half-step of the trace, in 0\.\.\d+, got 99"),
        (-1, [[0.0, 0.0], [1.0, 1.0]], "got -1"),
        (0, [[0.0, 0.0]], r"centers must have the shape \(2, 2\), got \(1, 2\)"),
        (0, [[0.0, np.nan], [1.0, 1.0]], "finite"),
        (0, [[0.0, 1e200], [1.0, 1.0]], "rescale"),
    ],
)
def test_what_cannot_be_is_named(points: Points, index: int, centers: list[list[float]], message: str) -> None:
    trace = run(points, RunConfig(k=2, init="random"))
    with pytest.raises(ValueError, match=message):
        branch(points, trace, index, centers)


def test_other_points_are_refused(points: Points) -> None:
    trace = run(points, RunConfig(k=2, init="random"))
    with pytest.raises(ValueError, match="points must be those of the trace"):
        branch(points[1:], trace, 0, trace.centers)
