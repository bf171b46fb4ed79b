"""The gap statistic: how much each number of clusters beats the same number on data without clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kmeans_core.arrays import Floats
from kmeans_core.validation import as_array, as_float64


def _validate_reals(name: str, values: ArrayLike) -> Floats:
    """Return values as float64, or raise a ``ValueError`` that says what they are instead."""
    requirement = f"{name} must be real numbers"
    return as_float64(requirement, as_array(requirement, values))


def gap_statistic(costs: ArrayLike, reference: ArrayLike) -> tuple[Floats, Floats]:
    """Return by how much each number of clusters beats the same number on data without any clusters.

    Parameters
    ----------
    costs : (m,) array-like of positive float
        The data's cost for m numbers of clusters.
    reference : (b, m) array-like of positive float
        The same for b sets of reference data, drawn uniformly over the box of the data.

    Returns
    -------
    gap : (m,) float64
        The mean log of the reference's cost less the log of the data's. Where a cost is 0 the gap is NaN.
    error : (m,) float64
        The standard deviation of the reference's log costs, widened by ``sqrt(1 + 1/b)`` for the b draws. The authors
        take the first number of clusters whose gap is at least the next one's less that one's error.

    Raises
    ------
    ValueError
        If the shapes do not fit together or a cost is negative or not finite.

    References
    ----------
    R. Tibshirani, G. Walther and T. Hastie, Estimating the number of clusters in a data set via the gap statistic,
    J. R. Stat. Soc. B 63, 2001.
    """
    data, uniform = _validate_reals("costs", costs), _validate_reals("reference", reference)
    if data.ndim != 1 or uniform.ndim != 2 or uniform.shape[1] != len(data) or not uniform.size:
        raise ValueError(f"costs must have shape (m,) and reference (b, m), got {data.shape} and {uniform.shape}")
    for name, values in (("costs", data), ("reference", uniform)):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError(f"{name} must be finite and not negative, got {values.min()}..{values.max()}")
    logs, uniform_logs = (np.log(np.where(values > 0, values, np.nan)) for values in (data, uniform))
    return uniform_logs.mean(axis=0) - logs, uniform_logs.std(axis=0) * np.sqrt(1 + 1 / len(uniform))
