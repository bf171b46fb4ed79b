"""Sums that do not depend on the order of their terms."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core import RunConfig, make_dataset, run
from kmeans_core.engines import exact
from kmeans_core.engines.exact import Summands, grids_of, in_pieces, quotients
from tests import oracles

FINITE = st.floats(min_value=-1e150, max_value=1e150)


def sum_pieces(values: np.ndarray) -> float:
    pieces = in_pieces(values, grids_of(np.abs(values).max(), len(values)))
    return float(pieces[0].sum() + pieces[1].sum())


@given(st.lists(FINITE, min_size=1, max_size=50), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_sum(values: list[float], random: object) -> None:
    array = np.array(values)
    shuffled = array[np.random.default_rng(len(values)).permutation(len(values))]
    assert sum_pieces(array) == sum_pieces(shuffled) == sum_pieces(array[::-1])


@given(st.lists(FINITE, min_size=1, max_size=50))
def test_pieces_are_added_without_any_rounding(values: list[float]) -> None:
    array = np.array(values)
    for piece in in_pieces(array, grids_of(np.abs(array).max(), len(array))):
        assert Fraction(float(piece.sum())) == sum(map(Fraction, piece.tolist()))


@given(st.lists(st.floats(min_value=-1e3, max_value=1e3).map(lambda x: round(x, 3)), min_size=1, max_size=50))
def test_sums_of_values_of_like_size_are_rounded_once(values: list[float]) -> None:
    """Values that differ by less than the digits that both pieces hold lose nothing: fsum is right to the last bit."""
    assert sum_pieces(np.array(values)) == math.fsum(values)


FLOATS = st.floats(min_value=-1e140, max_value=1e140).filter(lambda x: x == 0 or abs(x) > 1e-140)
WEIGHTS = st.one_of(st.integers(0, 9).map(float), st.floats(min_value=1e-50, max_value=1e50))


@given(st.lists(st.tuples(FLOATS, WEIGHTS), min_size=1, max_size=30), st.integers(1, 3), st.booleans())
def test_means_are_the_floats_nearest_to_the_true_ones(
    values: list[tuple[float, float]], k: int, by_integers: bool
) -> None:
    """By way of NumPy and of Python's integers, with weights and without."""
    points, weights = (np.array(column) for column in zip(*values, strict=True))
    labels = (np.arange(len(points)) % k).astype(np.uint8)
    for own_weights in (None, weights):
        summands = Summands(points[:, None], own_weights)
        pieces = summands.pieces()
        sums = np.array([[piece[labels == cluster].sum(axis=0) for cluster in range(k)] for piece in pieces])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exact, "_FEW", 99 if by_integers else 0)
            means = summands.means(summands.complete(sums, labels), summands.counts(labels, k))
        for cluster in range(k):
            mine = labels == cluster
            counts = np.ones(len(points)) if own_weights is None else own_weights
            if not counts[mine].any():
                assert np.isnan(means[cluster, 0])
            else:
                assert means[cluster, 0] == oracles.exact_mean(points[mine].tolist(), counts[mine].tolist())


@given(st.lists(st.tuples(FLOATS, FLOATS, st.integers(1, 2**40)), min_size=30, max_size=40))
def test_quotients_are_rounded_once(rows: list[tuple[float, float, int]]) -> None:
    """So many that NumPy computes them, exact ties among them."""
    rows += [(1.0, 2.0**-53, 1), (1.0, 2.0**-53 + 2.0**-80, 1), (3.0, 3 * 2.0**-53, 3), (0.0, 0.0, 7), (0.1, 0.2, 2)]
    first, second, divisors = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    expected = [float((Fraction(high) + Fraction(low)) / count) for high, low, count in rows]
    assert quotients(np.stack([first, second]), divisors[None]).tolist() == expected


def test_a_run_does_not_depend_on_the_order_of_its_points() -> None:
    points, _ = make_dataset("post", seed=1)
    start = tuple(map(tuple, points[:6].tolist()))
    order = np.random.default_rng(0).permutation(len(points))
    config = RunConfig(k=6, init="given", given=start, max_iter=40)
    trace, shuffled_trace = run(points, config), run(points[order], config)
    for step, shuffled_step in zip(trace, shuffled_trace, strict=True):
        np.testing.assert_array_equal(step.centers, shuffled_step.centers)
