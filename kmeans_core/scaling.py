"""Standardized columns, so that no column decides the distances by its unit alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.arrays import Points
from kmeans_core.validation import validate_rows


def center_and_deviation(points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each column's mean and standard deviation; a constant column's are its value and 1.

    Parameters
    ----------
    points : (n, d) float64, finite

    Returns
    -------
    means, deviations : (d,) float64

    Notes
    -----
    That a column is constant is seen from its values, as the mean of equal numbers may differ from them in the last
    bit. Deviations are taken of scaled numbers, so that no square becomes infinite or 0.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    constant = low == high
    means = np.where(constant, low, points.mean(axis=0))
    away = points - means
    largest = np.where(constant, 1.0, np.max(np.abs(away), axis=0))
    deviations = (away / largest).std(axis=0) * largest
    # Half of the smallest number there is rounds to 0.
    return means, np.where(constant | (deviations == 0), 1.0, deviations)


def standardized(points: ArrayLike) -> Points:
    """Return points with mean 0 and standard deviation 1 in every column; a constant column becomes 0.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers

    Returns
    -------
    (n, d) float64
        As scikit-learn's ``StandardScaler`` gives them.

    Raises
    ------
    ValueError
        If they are something else, or so large that they can't be added up.
    """
    array = validate_rows("points", points)
    limit = np.finfo(np.float64).max / (2 * len(array))
    if (largest := np.abs(array).max()) > limit:
        raise ValueError(f"points must be at most {limit:.1e} to be added up, got a value of size {largest:.6g}")
    means, deviations = center_and_deviation(array)
    scores: Points = (array - means) / deviations
    return scores
