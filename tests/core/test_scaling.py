"""Columns brought to one scale."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from kmeans_core import make_dataset, standardized


def test_it_is_what_scikit_learn_does() -> None:
    points, _ = make_dataset("unscaled", seed=3)
    np.testing.assert_allclose(standardized(points), StandardScaler().fit_transform(points), atol=1e-9)


def test_a_feature_without_spread_becomes_0() -> None:
    assert standardized(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    # The mean of three equal numbers need not be that number.
    assert standardized(np.full((3, 1), 0.1)).tolist() == [[0.0]] * 3


@given(st.lists(st.floats(-1e140, 1e140), min_size=2, max_size=9))
@example([1e-200, 2e-200])
@example([5e-324, 0.0])
def test_standardizing_has_no_scale(values: list[float]) -> None:
    scaled = standardized(np.array(values)[:, None])
    assert np.isfinite(scaled).all()
    assert np.abs(scaled).max() <= len(values)
    # The smallest numbers of all have too few digits.
    largest = max(map(abs, values))
    if largest > 1e-300 and max(values) - min(values) > 1e-3 * largest:
        np.testing.assert_allclose(scaled.std(), 1)
