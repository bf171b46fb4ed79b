"""The exact medoid search against all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core.arrays import Indices
from kmeans_core.engines import medoid
from kmeans_core.engines.medoid import medoid_index
from tests import oracles
from tests.oracles import Floats


def index_of(points: Floats) -> int:
    return medoid_index(np.ascontiguousarray(points.T))


def lattice(rows: int, columns: int) -> Floats:
    return np.stack(np.meshgrid(np.arange(float(rows)), np.arange(float(columns))), axis=-1).reshape(-1, 2)


def lumps(first: int, second: int, apart: float) -> Floats:
    points = np.random.default_rng(5).normal(size=(first + second, 2))
    points[first:] += apart
    return points


def normal(n: int, d: int = 2, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=(n, d))


def ring(n: int) -> Floats:
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


SHAPES = {
    "round": normal(1500),
    "uniform": np.random.default_rng(1).random((1500, 2)),
    "skewed": np.random.default_rng(2).exponential(size=(1500, 2)) ** 3,
    "lattice of even sides": lattice(30, 40),
    "lattice of odd sides": lattice(31, 41),
    "few places, each many times": np.random.default_rng(3).integers(0, 5, size=(1500, 2)).astype(float),
    "half of the points in one place": np.concatenate([np.zeros((700, 2)), normal(800)]),
    "all points equal": np.full((1500, 2), 0.1),
    "on a slanted line": normal(1500, 1) * [[1.0, 3.0]],
    "evenly on a line": np.arange(1500.0)[:, None] * [[2.0, 1.0]],
    "nearly on a line": normal(1500) * [1.0, 1e-6],
    "two equal lumps": lumps(700, 700, 1e3),
    "two unequal lumps": lumps(500, 900, 1e3),
    "two lumps very far apart": lumps(500, 900, 1e9),
    "one point very far away": lumps(1400, 1, 1e12),
    "heavy tails": np.random.default_rng(4).standard_cauchy((1500, 2)),
    "ring": ring(1000),
    "far from the origin": normal(1500) + 1e9,
    "tiny": normal(1500) * 1e-140,
    "huge": normal(1500) * 1e140,
    "one dimension": normal(1500, 1),
    "3 dimensions": normal(1500, 3),
    "5 dimensions": normal(1500, 5),
    "10 dimensions": normal(1500, 10),
    "64 dimensions": normal(500, 64),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_the_medoid_of_all_pairs(shape: str) -> None:
    assert index_of(SHAPES[shape]) == oracles.medoid(SHAPES[shape])


@pytest.mark.parametrize("shape", SHAPES)
def test_the_order_of_the_points_decides_ties_and_nothing_else(shape: str) -> None:
    points = SHAPES[shape][::-1]
    assert index_of(points) == oracles.medoid(points)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 9, *range(95, 106), 250])
@pytest.mark.parametrize("d", [1, 2, 5])
def test_any_size_will_do(n: int, d: int) -> None:
    points = normal(n, d, seed=n)
    assert index_of(points) == oracles.medoid(points)


def test_one_point_is_its_own_medoid() -> None:
    assert index_of(np.array([[3.0, 4.0]])) == 0


def test_of_two_points_the_first_is_taken() -> None:
    assert index_of(np.array([[3.0, 4.0], [0.0, 0.0]])) == 0


def test_the_four_corners_of_a_square_are_a_tie() -> None:
    """Their sums are the same two sides and one diagonal, added in different orders."""
    corners = np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 0.1], [0.1, 0.1]])
    for turn in range(4):
        assert index_of(np.roll(corners, turn, axis=0)) == 0


def test_the_lowest_index_wins_among_equal_points_that_the_search_does_together() -> None:
    points = normal(400)
    points[[17, 140, 399]] = points.mean(axis=0)
    assert oracles.medoid(points) == 17
    assert index_of(points) == 17


coordinates = st.one_of(
    st.integers(-4, 4).map(float),
    st.floats(-1e3, 1e3, allow_nan=False, width=32),
)


@given(st.data())
def test_the_search_agrees_with_all_pairs_on_anything(data: st.DataObject) -> None:
    """Small inputs, which would go by all pairs, are put through the search as well."""
    d = data.draw(st.integers(1, 4), label="d")
    points = np.array(data.draw(st.lists(st.tuples(*[coordinates] * d), min_size=1, max_size=40)), dtype=np.float64)
    expected = oracles.medoid(points)
    assert index_of(points) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(medoid, "_ALL_PAIRS", 0)
        patch.setattr(medoid, "_FEW", 0)
        assert index_of(points) == expected


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.sampled_from([1e-6, 1.0, 1e6]))
def test_every_bound_lies_below_the_true_sum(seed: int, d: int, stretch: float) -> None:
    """Cut through the middle, bounds that were too high would rule out the medoid only now and then."""
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((60, d)) ** 3 * np.append(np.ones(d - 1), stretch)
    points[rng.integers(60, size=20)] = points[0]
    sums = oracles.summed_distances(points)
    for index in range(0, 60, 7):
        total, bounds, is_equal = medoid._sum_and_bounds(np.ascontiguousarray(points.T), index, np.arange(60))
        assert total == pytest.approx(sums[index], rel=1e-13)
        assert (bounds <= sums).all()
        np.testing.assert_array_equal(is_equal, (points == points[index]).all(axis=1))


FEW_SUMS = {
    "2 000": (normal(2_000), 3),
    "20 000": (normal(20_000), 3),
    "200 000": (normal(200_000), 3),
    "5 dimensions": (normal(20_000, 5), 10),
    "a medoid that is there many times": (np.concatenate([normal(600), -normal(600), np.zeros((1_800, 2))]), 1),
}


@pytest.mark.parametrize("case", FEW_SUMS)
def test_few_sums_are_enough_in_low_dimension(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    points, limit = FEW_SUMS[case]
    calls = 0
    plain = medoid._sum_and_bounds

    def count_call(columns: Floats, index: int, candidates: Indices, weights: None) -> object:
        nonlocal calls
        calls += 1
        return plain(columns, index, candidates)

    monkeypatch.setattr(medoid, "_sum_and_bounds", count_call)
    index_of(points)
    assert 1 <= calls <= limit
