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
def dropped() -> Trace:
    return run(LINE, RunConfig(k=3, init="given", given=ONE_FAR, empty="drop"))


def test_a_cluster_takes_part_until_the_refine_that_finds_it_empty(dropped: Trace) -> None:
    assert [step.phase for step in dropped] == [Phase.INIT, Phase.ASSIGN, Phase.REFINE, Phase.ASSIGN]
    assert taking_part(dropped) == [[0, 1, 2], [0, 1, 2], [0, 1], [0, 1]]


@pytest.mark.parametrize("moved", [0, 2])
def test_a_move_brings_all_clusters_back_whichever_it_moves(dropped: Trace, moved: int) -> None:
    centers = dropped.centers.copy()
    centers[moved] = (0.4, 0.0)
    left = branch(LINE, dropped, 3, centers)
    assert taking_part(left)[:6] == [[0, 1, 2], [0, 1, 2], [0, 1], [0, 1], [0, 1, 2], [0, 1, 2]]
    # Moved among the points it keeps some; left where it was it is found empty once more.
    assert taking_part(left)[6] == ([0, 1, 2] if moved == 2 else [0, 1])


def test_of_what_is_dropped_later_nothing_is_told_before(dropped: Trace) -> None:
    again = branch(LINE, branch(LINE, dropped, 3, dropped.centers), 4, ONE_FAR)
    assert [step.phase for step in again][3:7] == [Phase.ASSIGN, Phase.MOVE, Phase.MOVE, Phase.ASSIGN]
    assert taking_part(again)[2:] == [[0, 1], [0, 1], [0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1], [0, 1]]


def test_steps_are_counted_as_in_any_sequence(dropped: Trace) -> None:
    for index in range(len(dropped)):
        np.testing.assert_array_equal(dropped.active(index - len(dropped)), dropped.active(index))
        np.testing.assert_array_equal(dropped.active(np.int64(index)), dropped.active(index))  # type: ignore[arg-type]
    for index in (len(dropped), -len(dropped) - 1, 10**20):
        with pytest.raises(IndexError, match=f"index must be a half-step of the trace, of 4, got {index}"):
            dropped.active(index)
    for what in (1.0, None, slice(0, 2), "1"):
        with pytest.raises(TypeError):
            dropped.active(what)  # type: ignore[arg-type]


def test_the_answer_cannot_be_written_to(dropped: Trace) -> None:
    for index in range(len(dropped)):
        active = dropped.active(index)
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


@settings(max_examples=400, deadline=None)
@given(moved_runs())
def test_points_join_the_nearest_of_the_active_centers_and_no_other(drawn: tuple[Points, Trace]) -> None:
    """Distances between small whole numbers and their means are compared with room for rounding."""
    points, trace = drawn
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
            own = far[np.arange(len(points)), step.labels]
            assert (own <= far.min(axis=1) + 1e-9).all()
        if step.phase is Phase.REFINE:
            gone = trace.active(index - 1) & ~active
            assert gone.tolist() == [
                any(empty.cluster == j for empty in step.relocated) and trace.config.empty == "drop"
                for j in range(trace.config.k)
            ]
