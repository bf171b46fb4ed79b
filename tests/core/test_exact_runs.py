"""Whole runs held against exact rational arithmetic: extreme magnitudes, distant centers, weights, equal points."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import (
    BACKENDS,
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    Phase,
    RunConfig,
    Trace,
    backend_available,
    branch,
    cost_of,
    run,
    run_many,
    silhouette,
)
from kmeans_core.engines import get_backend
from kmeans_core.rules import Distance
from tests import oracles
from tests.core.test_weights import ENGINES, engine_of, rows_of
from tests.oracles import Floats

N = 12
"""Points of a case: few, because fractions are slow, and always as many, because XLA compiles for each number."""

BACKENDS_HERE = [name for name in BACKENDS if backend_available(name)]

Case = tuple[Floats, Floats | None, dict[str, Any]]
"""Points, weights, and all fields of a config but rule and backend."""


def awkward_points(rng: np.random.Generator, kind: str) -> Floats:
    """Return ``(N, 2)`` points whose sums, distances, or squares are hard to round."""
    normal = rng.normal(size=(N, 2))
    return {
        "plain": normal,
        "decades": normal * 10.0 ** rng.uniform(-30, 30, size=(N, 2)),
        "decades of whole numbers": np.round(normal * 4) * 10.0 ** rng.integers(-20, 20, size=(N, 1)),
        "fill value": np.where(rng.random((N, 1)) < 0.2, 9.969209968386869e36, np.round(normal, 1)),
        "opposite fill values": np.where(rng.random((N, 1)) < 0.4, rng.choice([-1e100, 1e100], size=(N, 1)), normal),
        "equal": np.repeat(normal[:1], N, axis=0),
        "few places": np.array([[0.1, 3.3], [0.7, 1e-3], [2.3, 1e17]])[rng.integers(3, size=N)],
        "lattice": rng.integers(-2, 3, size=(N, 2)) / 10,
        "offset": 1e9 + normal,
        "no unit": normal * 10.0 ** rng.choice([-310.0, -305.0, -160.0, 0.0], size=(N, 1)),
    }[kind]


KINDS = (
    "plain",
    "decades",
    "decades of whole numbers",
    "fill value",
    "opposite fill values",
    "equal",
    "few places",
    "lattice",
    "offset",
    "no unit",
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = awkward_points(rng, draw(st.sampled_from(KINDS)))
    scales = [scale for scale in (1.0, 1e-170, 1e-290, 1e40) if np.abs(points).max() * scale < 1e140]
    points = points * draw(st.sampled_from(scales))
    k = draw(st.integers(1, 5))
    init = draw(st.sampled_from(list(INITIALISERS)))
    choice = {"k": k, "init": init, "empty": draw(st.sampled_from(list(EMPTY_POLICIES))), "max_iter": 6}
    if init == "given":
        far = draw(st.sampled_from([0.0, 1.0, 1e4, 1e10, 1e30])) * np.abs(points).max()
        far = far if far < 1e140 else 0.0
        start = points[rng.choice(N, size=k, replace=False)]
        choice["given"] = rows_of(start + far * rng.choice([0.0, 1.0, -3.0], size=(k, 2)))
    weights = draw(st.sampled_from([None, np.ones(N), rng.integers(1, 9, N) / 3, rng.choice([1e-9, 1.0, 7.0, 1e9], N)]))
    return points, weights, choice


def run_on(engine: str, rule: str, case: Case) -> Trace:
    points, weights, choice = case
    with engine_of(engine) as backend:
        return run(points, RunConfig(rule=rule, backend=backend, **choice), weights)


def check_centers(trace: Trace, index: int, points: Floats, weights: Floats) -> None:
    """Hold the centers of a REFINE to the best ones."""
    step, kind = trace[index], RULES[trace.config.rule].center
    assert step.labels is not None
    for cluster in np.unique(step.labels).tolist():
        if any(entry.cluster == cluster for entry in step.relocated):
            continue
        members = np.flatnonzero(step.labels == cluster)
        its_weights = weights[members].tolist()
        for feature in range(2):
            values, center = points[members, feature].tolist(), float(step.centers[cluster, feature])
            if kind == "mean":
                assert center == oracles.exact_mean(values, its_weights)
            if kind == "median":
                costs = [
                    sum(abs(Fraction(v) - Fraction(at)) * Fraction(w) for v, w in zip(values, its_weights, strict=True))
                    for at in [center, *values]
                ]
                assert costs[0] == min(costs)
        if kind == "medoid":
            member_cost = exact_cost(
                points[members], step.centers[[cluster] * len(members)], weights[members], "euclidean"
            )
            alternatives = [
                exact_cost(
                    points[members], np.repeat(points[[candidate]], len(members), axis=0), weights[members], "euclidean"
                )
                for candidate in members.tolist()
            ]
            assert (step.centers[cluster] == points[members]).all(axis=1).any()
            assert member_cost <= min(alternatives) * (1 + Fraction(2, 10**12))


def exact_cost(points: Floats, own_centers: Floats, weights: Floats, distance: Distance) -> Fraction:
    rows = zip(points.tolist(), own_centers.tolist(), weights.tolist(), strict=True)
    return sum((oracles.exact_distance(p, c, distance) * Fraction(w) for p, c, w in rows), Fraction())


def check_run(trace: Trace, points: Floats, weights: Floats) -> None:
    """Hold each half-step to exact arithmetic on the same centers and labels."""
    distance = RULES[trace.config.rule].distance
    for index, step in enumerate(trace):
        if step.labels is None or step.cost is None:
            continue
        if step.phase is Phase.REFINE:
            check_centers(trace, index, points, weights)
        else:
            compared: Distance = "sqeuclidean" if distance == "euclidean" else distance
            active = trace.active(index)
            for label, row in zip(step.labels, oracles.exact_distances(points, step.centers, compared), strict=True):
                lowest = min(itertools.compress(row, active))
                assert active[label]
                assert row[label] <= lowest * (1 + Fraction(1, 10**15))
        expected = exact_cost(points, step.centers[step.labels], weights, distance)
        assert abs(Fraction(step.cost) - expected) <= expected * Fraction(1, 10**11) + Fraction(5e-324)
    by_hand = trace.config.rule == "medoid" and trace.config.init == "given"
    costs = [step.cost for step in trace if step.cost is not None]
    for before, after in itertools.pairwise(costs[2:] if by_hand else costs):
        assert after <= before


def assert_equal_runs(first: Trace, second: Trace) -> None:
    assert len(first) == len(second)
    for first_step, second_step in zip(first, second, strict=True):
        np.testing.assert_array_equal(first_step.centers, second_step.centers)
        np.testing.assert_array_equal(first_step.labels, second_step.labels)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=30)
@given(case=cases())
def test_every_half_step_is_that_of_exact_arithmetic(rule: str, case: Case) -> None:
    points, weights, _ = case
    trace = run_on("numpy", rule, case)
    check_run(trace, points, np.ones(N) if weights is None else weights)
    for engine in ENGINES[1:]:
        assert_equal_runs(run_on(engine, rule, case), trace)


SMALL = 2.0**-560
"""Squares of numbers of this size are 0 in float64."""


def some_points() -> Floats:
    return np.random.default_rng(0).normal(size=(40, 2)).round(2)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("unit", [SMALL, 2.0**-465, 2.0**400])
def test_the_unit_of_the_points_changes_nothing(engine: str, rule: str, unit: float) -> None:
    """A power of 2 rounds nothing; with 2^-465, sums of squares are next to what TensorFlow takes for 0."""
    points = some_points()
    for init, empty in (("k-means++", "keep"), ("farthest", "drop"), ("partition", "keep"), ("given", "farthest")):
        with engine_of(engine) as backend:
            choice: dict[str, Any] = {"rule": rule, "init": init, "empty": empty, "backend": backend}
            traces = []
            for scale in (1.0, unit):
                start = rows_of(points[[0, 0, 1]] * scale) if init == "given" else None
                traces.append(run(points * scale, RunConfig(k=3, given=start, **choice)))
        plain, scaled = traces
        assert len(plain) == len(scaled)
        for plain_step, scaled_step in zip(plain, scaled, strict=True):
            np.testing.assert_array_equal(plain_step.labels, scaled_step.labels)
            np.testing.assert_allclose(scaled_step.centers, plain_step.centers * unit, rtol=0)
            if plain_step.cost is not None:
                assert scaled_step.cost == pytest.approx(
                    plain_step.cost * unit ** (2 if rule == "mean" else 1), rel=1e-12
                )


@pytest.mark.parametrize("rule", RULES)
def test_everything_beside_runs_heeds_the_unit(rule: str) -> None:
    points, configs = some_points(), [RunConfig(k=3, rule=rule, seed=seed) for seed in range(4)]
    tiny = points * SMALL
    for outcome, small_outcome in zip(run_many(points, configs), run_many(tiny, configs), strict=True):
        assert outcome.partition == small_outcome.partition
        np.testing.assert_array_equal(outcome.centers * SMALL, small_outcome.centers)
    trace, small_trace = (run(sample, configs[0]) for sample in (points, tiny))
    centers = points[:3] + 0.1
    branch_trace, small_branch = branch(points, trace, 1, centers), branch(tiny, small_trace, 1, centers * SMALL)
    np.testing.assert_array_equal(branch_trace.labels, small_branch.labels)
    cost = cost_of(points, trace.labels, trace.centers, rule=rule)
    exact = Fraction(cost) * Fraction(SMALL) ** (2 if rule == "mean" else 1)
    assert cost_of(tiny, trace.labels, trace.centers * SMALL, rule=rule) == float(exact)
    for distance in ("euclidean", "sqeuclidean", "cityblock"):
        expected = silhouette(points, trace.labels, distance=distance)
        np.testing.assert_array_equal(silhouette(tiny, trace.labels, distance=distance), expected)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("large", [1.0, 1e140])
def test_values_that_no_unit_suits_are_told_apart(engine: str, rule: str, large: float) -> None:
    """Squares of the small ones vanish, however all are scaled; so do the numbers themselves in TensorFlow."""
    small = 5e-324
    points = np.array([[large, 0.0], [small, 0.0], [2 * small, 0.0], [90 * small, 0.0], [91 * small, 0.0]])
    start = ((large, 0.0), (small, 0.0), (91 * small, 0.0))
    with engine_of(engine) as backend:
        trace = run(points, RunConfig(k=3, rule=rule, init="given", given=start, backend=backend))
    assert trace.labels.tolist() == [0, 1, 1, 2, 2]
    check_run(trace, points, np.ones(5))


@pytest.mark.parametrize("n", [1_500, 60_000])
@pytest.mark.parametrize("factor", [1e3, 1e8, 1e10, 1e14, 1e120])
def test_distant_centers_get_the_points_that_plain_distances_give_them(n: int, factor: float) -> None:
    """All at once, one of them near, and one of them farther still; in a run, in many, and one by one."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(n, 2))
    directions = np.array([[1.0, 1.0], [-1.0, 2.0], [1.0, 1.0 + 1e-9], [0.0, -3.0]])
    for centers in (
        directions * factor,
        np.vstack([directions * factor, [[0.3, 0.1]]]),
        directions * [[factor]] * [[1], [1e3], [1], [1e6]],
    ):
        plain = ((points[:, None, :] - centers) ** 2).sum(axis=2).argmin(axis=1)
        for backend in BACKENDS_HERE:
            config = RunConfig(k=len(centers), init="given", given=rows_of(centers), backend=backend, max_iter=2)
            trace = run(points, config)
            np.testing.assert_array_equal(trace[1].labels, plain)
            labels, _ = get_backend(backend)(points, RULES["mean"]).assign(centers)
            np.testing.assert_array_equal(labels, plain)
            (outcome,) = run_many(points, [config])
            np.testing.assert_array_equal(outcome.centers, trace.centers)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_center_of_equal_points_is_that_point(engine: str, rule: str) -> None:
    for n, value in itertools.product((3, 7, 1_000), (3.3, 0.1, -1e100, 1e-170)):
        points = np.full((n, 2), value)
        with engine_of(engine) as backend:
            trace = run(points, RunConfig(k=2, rule=rule, backend=backend))
        np.testing.assert_array_equal(trace.centers, points[:2])
        assert {step.cost for step in trace[1:]} == {0.0}


@pytest.mark.parametrize("n", [2_000, 60_000])
def test_a_fill_value_costs_no_digit_of_a_mean(n: int) -> None:
    """Large tables of a few distinct values, whose exact sums are soon made."""
    rng = np.random.default_rng(1)
    values = np.array([0.1, 1e-20, 7.3, -2.2, 9.969209968386869e36])
    points = values[rng.integers(5, size=(n, 1))]
    for backend in BACKENDS_HERE:
        trace = run(points, RunConfig(k=2, init="given", given=((0.0,), (1e37,)), backend=backend))
        counts = [int((points == value).sum()) for value in values[:4]]
        exact = oracles.exact_mean(values[:4].tolist(), [float(count) for count in counts])
        assert trace.centers.ravel().tolist() == [exact, values[4]]


def test_medoids_that_replace_given_points_never_cost_more() -> None:
    """Sums of distances of thirty decades round in their last digits, and a medoid may be found within 1e-12."""
    for seed in range(60):
        random = np.random.default_rng(seed)
        points = random.normal(size=(30, 1)) * 10.0 ** random.integers(-30, 30, size=(30, 1))
        start: Any = points[random.choice(30, 2, replace=False)]
        trace = run(points, RunConfig(2, rule="medoid", init="given", given=start))
        costs = [step.cost for step in trace if step.cost is not None]
        assert costs == sorted(costs, reverse=True), seed
