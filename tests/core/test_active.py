"""Which clusters take part at each half-step, against what the engine did with them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import EMPTY_POLICIES, RULES, Phase, RunConfig, Trace, branch, run
from kmeans_core.arrays import Points

LINE = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0]])
ONE_FAR = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))


def taking_part(trace: Trace) -> list[list[int]]:
    return [np.flatnonzero(trace.active(index)).tolist() for index in range(len(trace))]


@pytest.fixture
def trace_with_drop() -> Trace:
    return run(LINE, RunConfig(k=3, init="given", given=ONE_FAR, empty="drop"))


def test_a_cluster_takes_part_until_the_refine_that_finds_it_empty(trace_with_drop: Trace) -> None:
    assert [step.phase for step in trace_with_drop] == [Phase.INIT, Phase.ASSIGN, Phase.REFINE, Phase.ASSIGN]
    assert taking_part(trace_with_drop) == [[0, 1, 2], [0, 1, 2], [0, 1], [0, 1]]


@pytest.mark.parametrize("cluster", [0, 2])
def test_a_move_brings_all_clusters_back_whichever_it_moves(trace_with_drop: Trace, cluster: int) -> None:
    centers = trace_with_drop.centers.copy()
    centers[cluster] = (0.4, 0.0)
    branch_trace = branch(LINE, trace_with_drop, 3, centers)
    assert taking_part(branch_trace)[:6] == [[0, 1, 2], [0, 1, 2], [0, 1], [0, 1], [0, 1, 2], [0, 1, 2]]
    # Moved among the points it keeps some; left where it was it is found empty once more.
    assert taking_part(branch_trace)[6] == ([0, 1, 2] if cluster == 2 else [0, 1])


def test_of_what_is_dropped_later_nothing_is_told_before(trace_with_drop: Trace) -> None:
    second_branch = branch(LINE, branch(LINE, trace_with_drop, 3, trace_with_drop.centers), 4, ONE_FAR)
    assert [step.phase for step in second_branch][3:7] == [Phase.ASSIGN, Phase.MOVE, Phase.MOVE, Phase.ASSIGN]
    assert taking_part(second_branch)[2:] == [[0, 1], [0, 1], [0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1], [0, 1]]


def test_steps_are_counted_as_in_any_sequence(trace_with_drop: Trace) -> None:
    for index in range(len(trace_with_drop)):
        np.testing.assert_array_equal(
            trace_with_drop.active(index - len(trace_with_drop)), trace_with_drop.active(index)
        )
        np.testing.assert_array_equal(trace_with_drop.active(np.int64(index)), trace_with_drop.active(index))  # type: ignore[arg-type]
    for index in (len(trace_with_drop), -len(trace_with_drop) - 1, 10**20):
        with pytest.raises(IndexError, match=f"index must be a half-step of the trace, of 4, got {index}"):
            trace_with_drop.active(index)
    for junk in (1.0, None, slice(0, 2), "1"):
        with pytest.raises(TypeError):
            trace_with_drop.active(junk)  # type: ignore[arg-type]


def test_the_answer_cannot_be_written_to(trace_with_drop: Trace) -> None:
    for index in range(len(trace_with_drop)):
        active = trace_with_drop.active(index)
        assert active.dtype == np.bool_
        assert active.shape == (3,)
        with pytest.raises(ValueError, match="read-only"):
            active[0] = False


@st.composite
def moved_runs(draw: st.DrawFn) -> tuple[Points, Trace]:
    """Return a run with few points a cluster, so that many are found empty, and up to three moves by hand."""
    place = st.tuples(st.integers(-4, 4), st.integers(-4, 4))
    points = np.array(draw(st.lists(place, min_size=2, max_size=12)), dtype=float)
    k = draw(st.integers(1, min(6, len(points))))
    rule, empty = draw(st.sampled_from(list(RULES))), draw(st.sampled_from(["drop", "drop", *EMPTY_POLICIES]))
    centers = st.lists(place, min_size=k, max_size=k)
    trace = run(points, RunConfig(k, rule, "given", tuple(draw(centers)), empty, max_iter=draw(st.integers(0, 6))))
    for _ in range(draw(st.integers(0, 3))):
        trace = branch(points, trace, draw(st.integers(0, len(trace) - 1)), draw(centers))
    return points, trace


@settings(max_examples=200, deadline=None)
@given(moved_runs())
def test_points_join_the_nearest_of_the_active_centers_and_no_other(points_and_trace: tuple[Points, Trace]) -> None:
    """Distances between small whole numbers and their means are compared with room for rounding."""
    points, trace = points_and_trace
    for index, step in enumerate(trace):
        active = trace.active(index)
        if trace.config.empty != "drop" or step.phase in (Phase.INIT, Phase.MOVE):
            assert active.all()
        if step.labels is not None:
            assert active[step.labels].all()
        if step.phase is Phase.ASSIGN:
            np.testing.assert_array_equal(active, trace.active(index - 1))
            ways = np.abs(points[:, None] - step.centers)
            far = ways.sum(axis=2) if trace.config.rule == "median" else np.square(ways).sum(axis=2)
            far[:, ~active] = np.inf
            distances = far[np.arange(len(points)), step.labels]
            assert (distances <= far.min(axis=1) + 1e-9).all()
        if step.phase is Phase.REFINE:
            newly_dropped = trace.active(index - 1) & ~active
            assert newly_dropped.tolist() == [
                any(empty.cluster == j for empty in step.relocated) and trace.config.empty == "drop"
                for j in range(trace.config.k)
            ]
