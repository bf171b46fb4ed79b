"""Scales of columns: the weight of each in the distances, measured by its share of the total variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Points
from kmeans_core.scaling import center_and_deviation
from kmeans_tables.messages import message
from kmeans_tables.wording import in_quotes

DOMINANT: Final = 0.9
"""A column with a larger share of the total variance dominates the distances: the others make up a tenth at most."""

TEN_TIMES: Final = 100 / 101
"""The share from which on a table opens standardized: of two columns, one varies ten times as much as the other."""


def variance_shares(points: Points) -> NDArray[np.float64]:
    """Return each column's share of the total variance.

    The squared distance between two of the rows is a sum over the columns, and averaged over all pairs of rows each
    column's part of it is this share.

    Parameters
    ----------
    points : (n, d) float64, finite

    Returns
    -------
    (d,) float64
        They add up to 1; all 0 where every column is constant.
    """
    _, deviations = center_and_deviation(points)
    deviations = np.where(points.min(axis=0) == points.max(axis=0), 0.0, deviations)
    # Of scaled numbers, so that no square becomes infinite or 0.
    squares = (deviations / (deviations.max() or 1.0)) ** 2
    return np.asarray(squares / (squares.sum() or 1.0))


def widest_column(points: Points) -> tuple[int, float]:
    """Return the column with the largest share of the total variance, and that share; 0 unless two columns vary."""
    if np.count_nonzero(points.min(axis=0) < points.max(axis=0)) < 2:
        return 0, 0.0
    shares = variance_shares(points)
    return int(shares.argmax()), float(shares.max())


def scale_note(points: Points, columns: Sequence[str], *, standardized: bool) -> str:
    """Return a sentence that says which column dominates the distances, or did before standardizing; "" if none does.

    Parameters
    ----------
    points : (n, d) float64
        In the table's own units.
    columns : sequence of str
        What they are called.
    standardized : bool
        Whether they are standardized before they are clustered.
    """
    at, share = widest_column(points)
    if not share > DOMINANT:
        return ""
    column, is_nearly_all = in_quotes(columns[at]), share > 0.999
    if standardized:
        return message("clustering.was_dominated", column=column, is_nearly_all=is_nearly_all, share=share)
    return message("clustering.dominated", column=column, is_nearly_all=is_nearly_all, share=share)
