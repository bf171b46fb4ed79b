"""Sums that do not depend on the order of their terms."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kmeans_core import RunConfig, make_dataset, run
from kmeans_core.exact import grids_of, in_pieces

FINITE = st.floats(min_value=-1e150, max_value=1e150)


def summed(values: np.ndarray) -> float:
    pieces = in_pieces(values, grids_of(np.abs(values).max(), len(values)))
    return float(pieces[0].sum() + pieces[1].sum())


@given(st.lists(FINITE, min_size=1, max_size=50), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_sum(values: list[float], random: object) -> None:
    array = np.array(values)
    shuffled = array[np.random.default_rng(len(values)).permutation(len(values))]
    assert summed(array) == summed(shuffled) == summed(array[::-1])


@given(st.lists(FINITE, min_size=1, max_size=50))
def test_pieces_are_added_without_any_rounding(values: list[float]) -> None:
    array = np.array(values)
    for piece in in_pieces(array, grids_of(np.abs(array).max(), len(array))):
        assert Fraction(float(piece.sum())) == sum(map(Fraction, piece.tolist()))


@given(st.lists(st.floats(min_value=-1e3, max_value=1e3).map(lambda x: round(x, 3)), min_size=1, max_size=50))
def test_sums_of_values_of_like_size_are_rounded_once(values: list[float]) -> None:
    """Values that differ by less than the digits that both pieces hold lose nothing: fsum is right to the last bit."""
    assert summed(np.array(values)) == math.fsum(values)


def test_a_run_does_not_depend_on_the_order_of_its_points() -> None:
    points, _ = make_dataset("post", seed=1)
    start = tuple(map(tuple, points[:6].tolist()))
    order = np.random.default_rng(0).permutation(len(points))
    config = RunConfig(k=6, init="given", given=start, max_iter=40)
    one, other = run(points, config), run(points[order], config)
    for ours, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(ours.centers, theirs.centers)
