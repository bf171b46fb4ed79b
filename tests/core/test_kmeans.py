"""The algorithm: the post's and scikit-learn's answers, and what must hold whatever the choices."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from kmeans_core import (
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    EmptyCluster,
    Phase,
    RunConfig,
    StopReason,
    Trace,
    iterate,
    make_dataset,
    run,
)
from kmeans_core.arrays import label_dtype
from tests import oracles
from tests.oracles import Floats

CHOICES = list(itertools.product(RULES, INITIALISERS, EMPTY_POLICIES))


def start_of(points: Floats, k: int) -> tuple[tuple[float, ...], ...]:
    """Return k places to start from: two on the first point, the others ever farther from all points."""
    step = np.maximum(np.arange(k) - 1, 0)[:, None] * (1 + np.ptp(points, axis=0))
    return tuple(tuple(center) for center in (points[0] + step).tolist())


def config_of(points: Floats, k: int, rule: str, init: str, empty: str, **keywords: object) -> RunConfig:
    start = start_of(points, k) if init == "given" else None
    return RunConfig(k=k, rule=rule, init=init, given=start, empty=empty, **keywords)  # type: ignore[arg-type]


# The same answers as others give.


@cache
def posts_answer(seed: int) -> oracles.PostRun:
    """Return the post's run on its data, from k points that are chosen as it chooses them."""
    points, _ = make_dataset("post", seed=seed)
    start = np.random.default_rng(seed).choice(len(points), size=6, replace=False)
    return oracles.post_run(points, points[start], 15)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_posts_algorithm_label_for_label(seed: int, backend: str) -> None:
    """The post's data, rule, start and 15 iterations; a run that converged earlier stays where it is."""
    points, _ = make_dataset("post", seed=seed)
    trace = run(points, RunConfig(k=6, init="random", rule="medoid", seed=seed, max_iter=15, backend=backend))
    post = posts_answer(seed)
    states = [step for step in trace if step.phase is Phase.ASSIGN]
    states += states[-1:] * (16 - len(states))
    for labels, centers, state in zip(post.labels, post.centers, states, strict=True):
        np.testing.assert_array_equal(state.labels, labels)
        np.testing.assert_array_equal(state.centers, centers)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("dataset", "k"), [("post", 6), ("blobs", 4), ("moons", 5), ("uniform", 7), ("unscaled", 3)])
def test_the_mean_rule_is_scikit_learns_lloyd(dataset: str, k: int, seed: int, backend: str) -> None:
    points, _ = make_dataset(dataset, seed=seed)
    trace = run(points, RunConfig(k=k, init="random", seed=seed, max_iter=300, backend=backend))
    options: dict[str, Any] = {"init": trace[0].centers, "n_init": 1, "tol": 0, "max_iter": 300}
    lloyd = KMeans(k, algorithm="lloyd", **options).fit(points)
    np.testing.assert_array_equal(trace.labels, lloyd.labels_)
    np.testing.assert_allclose(trace.centers, lloyd.cluster_centers_, rtol=1e-9, atol=1e-9)
    assert trace.cost == pytest.approx(lloyd.inertia_, rel=1e-9)


# The shape of a run.


def test_a_run_is_an_init_an_assign_and_then_pairs(backend: str) -> None:
    points, _ = make_dataset("blobs", seed=1)
    trace = run(points, RunConfig(k=3, init="random", seed=1, backend=backend))
    last = trace.iterations
    assert [(step.phase, step.iteration) for step in trace] == [
        (Phase.INIT, 0),
        (Phase.ASSIGN, 0),
        *((phase, iteration) for iteration in range(1, last + 1) for phase in (Phase.REFINE, Phase.ASSIGN)),
    ]
    assert trace.stop_reason is StopReason.CONVERGED
    assert [step.reassigned == 0 for step in trace[3::2]] == [False] * (last - 1) + [True]


def test_without_iterations_the_points_are_assigned_once() -> None:
    trace = run(np.arange(4.0)[:, None], RunConfig(k=2, init="random", max_iter=0))
    assert [step.phase for step in trace] == [Phase.INIT, Phase.ASSIGN]
    assert trace.stop_reason is StopReason.MAX_ITER


@pytest.mark.parametrize("max_iter", [1, 2, 3])
def test_a_run_is_cut_off_after_max_iter(max_iter: int) -> None:
    points, _ = make_dataset("uniform", seed=0)
    whole = run(points, RunConfig(k=5, init="random", max_iter=300))
    short = run(points, RunConfig(k=5, init="random", max_iter=max_iter))
    assert short.stop_reason is StopReason.MAX_ITER
    assert short.iterations == max_iter
    np.testing.assert_array_equal(short.labels, whole[2 * max_iter + 1].labels)


def test_convergence_in_the_very_last_iteration_is_convergence() -> None:
    points, _ = make_dataset("uniform", seed=0)
    whole = run(points, RunConfig(k=5, init="random", max_iter=300))
    exact = run(points, RunConfig(k=5, init="random", max_iter=whole.iterations))
    assert exact.stop_reason is StopReason.CONVERGED
    assert run(points, RunConfig(k=5, init="random", max_iter=whole.iterations - 1)).stop_reason is StopReason.MAX_ITER


def test_steps_come_one_by_one() -> None:
    """Nothing is computed before it is asked for."""
    points, _ = make_dataset("post", seed=0)
    steps = iterate(points, RunConfig(k=6, init="random"))
    first = [next(steps) for _ in range(3)]
    assert [step.phase for step in first] == [Phase.INIT, Phase.ASSIGN, Phase.REFINE]


@pytest.mark.parametrize("rule", RULES)
def test_each_record_is_what_it_says(rule: str, backend: str) -> None:
    points, _ = make_dataset("blobs", seed=0)
    before: NDArray[np.intp] | None = None
    for step in run(points, RunConfig(k=5, init="random", rule=rule, backend=backend)):
        assert step.centers.shape == (5, 2)
        assert step.centers.dtype == np.float64
        assert not step.centers.flags.writeable
        assert step.seconds > 0
        if step.labels is None:
            assert (step.phase, step.cost, step.reassigned) == (Phase.INIT, None, 0)
            continue
        assert step.labels.shape == (len(points),)
        assert step.compact_labels is not None
        assert step.labels.dtype == np.intp
        assert step.compact_labels.dtype == label_dtype(5)
        np.testing.assert_array_equal(step.labels, step.compact_labels)
        assert not step.labels.flags.writeable
        assert not step.compact_labels.flags.writeable
        assert type(step.cost) is float
        assert type(step.reassigned) is int
        expected = oracles.total_cost(points, step.labels, step.centers, RULES[rule].distance)
        assert step.cost == pytest.approx(expected, rel=1e-12)
        assert step.reassigned == (len(points) if before is None else np.count_nonzero(step.labels != before))
        before = step.labels


def test_a_refine_keeps_the_labels_and_an_assign_the_centers() -> None:
    points, _ = make_dataset("post", seed=0)
    trace = run(points, RunConfig(k=6, init="random"))
    for step, following in itertools.pairwise(trace):
        if following.phase is Phase.ASSIGN:
            assert following.centers is step.centers
        else:
            assert following.compact_labels is step.compact_labels


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("init", [name for name in INITIALISERS if name != "given"])
def test_the_same_config_gives_the_same_trace(rule: str, init: str, backend: str) -> None:
    points, _ = make_dataset("blobs", seed=0)
    config = RunConfig(k=4, rule=rule, init=init, seed=5, backend=backend)
    for first, second in zip(run(points, config), run(points.tolist(), config), strict=True):
        assert replace(first, seconds=0.0, centers=None, compact_labels=None).__repr__() == (  # type: ignore[arg-type]
            replace(second, seconds=0.0, centers=None, compact_labels=None).__repr__()  # type: ignore[arg-type]
        )
        np.testing.assert_array_equal(first.centers, second.centers)
        np.testing.assert_array_equal(first.labels, second.labels)


# Empty clusters.


LINE = np.array([[0.0], [1.0], [2.0], [9.0], [9.0]])
FAR_AWAY = ((1.0,), (100.0,), (200.0,))


def with_empty_clusters(empty: str, backend: str, max_iter: int = 15) -> Trace:
    config = RunConfig(k=3, init="given", given=FAR_AWAY, empty=empty, backend=backend, max_iter=max_iter)
    return run(LINE, config)


def test_keep_leaves_an_empty_clusters_center_where_it_is(backend: str) -> None:
    trace = with_empty_clusters("keep", backend)
    records = (EmptyCluster(1, "keep"), EmptyCluster(2, "keep"))
    assert [step.relocated for step in trace] == [(), (), records, ()]
    assert trace.centers.ravel().tolist() == [4.2, 100.0, 200.0]
    assert trace.labels.tolist() == [0] * 5
    assert trace.stop_reason is StopReason.CONVERGED


def test_keep_says_so_at_every_refine(backend: str) -> None:
    points = np.array([[0.0], [1.0], [5.0], [6.0], [7.5]])
    trace = run(points, RunConfig(k=3, init="given", given=((0.0,), (1.0,), (99.0,)), backend=backend))
    refines = [step for step in trace if step.phase is Phase.REFINE]
    assert len(refines) > 1
    assert all(step.relocated == (EmptyCluster(2, "keep"),) for step in refines)


def test_farthest_moves_it_to_the_point_farthest_from_its_refined_center(backend: str) -> None:
    """From 4.2 the two points at 9 are the farthest: different points, in index order, in one place."""
    trace = with_empty_clusters("farthest", backend, max_iter=1)
    refine, assign = trace[2], trace[3]
    assert refine.relocated == (EmptyCluster(1, "farthest", 3), EmptyCluster(2, "farthest", 4))
    assert refine.centers.ravel().tolist() == [4.2, 9.0, 9.0]
    assert assign.labels is not None
    assert assign.labels.tolist() == [0, 0, 0, 1, 1]


def test_farthest_goes_on_until_each_cluster_has_a_point(backend: str) -> None:
    """The third center is moved once more, to 0: of the points 0, 1, 2 around 1 the first of the farthest."""
    trace = with_empty_clusters("farthest", backend)
    assert trace[4].relocated == (EmptyCluster(2, "farthest", 0),)
    assert trace.labels.tolist() == [2, 0, 0, 1, 1]
    assert trace.centers.ravel().tolist() == [1.5, 9.0, 0.0]
    assert trace.stop_reason is StopReason.CONVERGED


def test_drop_takes_it_out_of_the_run_for_good(backend: str) -> None:
    trace = with_empty_clusters("drop", backend)
    records = (EmptyCluster(1, "drop"), EmptyCluster(2, "drop"))
    assert [step.relocated for step in trace] == [(), (), records, ()]
    assert trace.centers.ravel().tolist() == [4.2, 100.0, 200.0]


def test_a_dropped_center_gets_no_point_even_if_it_is_the_nearest(backend: str) -> None:
    """Cluster 1 is empty because it ties with cluster 0. Cluster 0 moves away; kept, 1 would get its points."""
    points = [[0.0], [1.0], [30.0], [100.0]]
    start = ((0.0,), (0.0,), (100.0,))

    def labels_after_one(empty: str) -> list[int]:
        config = RunConfig(k=3, init="given", given=start, empty=empty, backend=backend, max_iter=1)
        trace = run(points, config)
        assert trace.compact_labels.dtype == np.uint8
        return [int(label) for label in trace.labels]

    assert labels_after_one("keep") == [1, 1, 0, 2]
    assert labels_after_one("drop") == [0, 0, 0, 2]


def test_a_drop_is_recorded_once(backend: str) -> None:
    points, _ = make_dataset("uniform", seed=0)
    config = RunConfig(k=4, init="given", given=((0, 0), (0, 0), (0.1, 0.1), (0.2, 0.3)), empty="drop", backend=backend)
    relocated = [step.relocated for step in run(points, config)]
    assert [entry for entry in relocated if entry] == [(EmptyCluster(1, "drop"),)]


# What must hold whatever the choices.


def check_costs(trace: Trace) -> None:
    costs = [step.cost for step in trace if step.cost is not None]
    for before, after in itertools.pairwise(costs):
        assert after <= before


def check_labels_are_nearest(points: Floats, trace: Trace) -> None:
    """Own center within rounding of the nearest one; dropped ones do not count."""
    dropped_clusters: list[int] = []
    for step in trace:
        dropped_clusters += [entry.cluster for entry in step.relocated if entry.policy == "drop"]
        if step.phase is Phase.ASSIGN and step.labels is not None:
            distances = oracles.all_distances(points, step.centers, RULES[trace.config.rule].distance)
            distances[:, dropped_clusters] = np.inf
            label_distances = distances[np.arange(len(points)), step.labels]
            assert (label_distances <= distances.min(axis=1) * (1 + 1e-13)).all()


def check_end_is_a_fixed_point(points: Floats, trace: Trace) -> None:
    """Started from where it ended, a run stays there at once; where clusters were dropped, without them."""
    if trace.stop_reason is StopReason.MAX_ITER:
        return
    dropped_clusters = [entry.cluster for step in trace for entry in step.relocated if entry.policy == "drop"]
    alive = np.setdiff1d(np.arange(trace.config.k), dropped_clusters)
    start = tuple(tuple(center) for center in trace.centers[alive].tolist())
    rerun = run(points, replace(trace.config, k=len(alive), init="given", given=start, max_iter=1))
    for step in rerun:
        np.testing.assert_array_equal(step.centers, trace.centers[alive])
        if step.labels is not None:
            np.testing.assert_array_equal(alive[step.labels], trace.labels)
    assert rerun.stop_reason is StopReason.CONVERGED


def check_medoids_are_points(points: Floats, trace: Trace) -> None:
    if trace.config.rule == "medoid" and trace.config.init != "given":
        for step in trace:
            assert (step.centers[:, None] == points).all(axis=2).any(axis=1).all()


def check(points: Floats, config: RunConfig) -> None:
    trace = run(points, config)
    check_costs(trace)
    check_labels_are_nearest(points, trace)
    check_end_is_a_fixed_point(points, trace)
    check_medoids_are_points(points, trace)


@pytest.mark.parametrize(("rule", "init", "empty"), CHOICES)
@pytest.mark.parametrize("dataset", ["post", "rings", "outlier"])
def test_every_choice_holds_on_data(dataset: str, rule: str, init: str, empty: str) -> None:
    """On NumPy; test_tensorflow.py holds TensorFlow to the same runs."""
    points, _ = make_dataset(dataset, seed=2)
    check(points, config_of(points, 6, rule, init, empty, seed=2, max_iter=30))


@pytest.mark.parametrize(("rule", "init", "empty"), CHOICES)
def test_every_choice_survives_the_edges(rule: str, init: str, empty: str, backend: str) -> None:
    """One point, all points equal, each point its own cluster, few places for many clusters."""
    normal = np.random.default_rng(0).normal(size=(8, 2))
    places = np.repeat([[0.0], [0.1], [5.0]], 4, axis=0)
    for points, k in [(normal[:1], 1), (np.full((6, 3), 0.1), 4), (normal, 8), (places, 12), (places, 5)]:
        check(points, config_of(points, k, rule, init, empty, backend=backend))


coordinates = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e3, 1e3, allow_nan=False))


@st.composite
def data_and_config(draw: st.DrawFn) -> tuple[Floats, RunConfig]:
    d = draw(st.integers(1, 3))
    points = np.array(draw(st.lists(st.tuples(*[coordinates] * d), min_size=1, max_size=30)), dtype=np.float64)
    if draw(st.booleans()):
        points = points[draw(st.lists(st.integers(0, len(points) - 1), min_size=1, max_size=30))]
    rule, init, empty = draw(st.sampled_from(CHOICES))
    k = draw(st.integers(1, len(points)))
    return points, config_of(points, k, rule, init, empty, seed=draw(st.integers(0, 9)))


@settings(max_examples=400)
@given(data_and_config())
def test_what_must_hold_holds_on_anything(case: tuple[Floats, RunConfig]) -> None:
    check(*case)


@settings(max_examples=60)
@given(data_and_config())
def test_it_holds_on_every_backend(backend: str, case: tuple[Floats, RunConfig]) -> None:
    points, config = case
    check(points, replace(config, backend=backend))
