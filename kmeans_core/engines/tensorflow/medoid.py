"""The medoid of one cluster as a graph: the search of ``engines.medoid``, with its formulas and names.

The points that are left to search are a mask, not a list that shrinks, because that suits whole-array operations.
"""

from __future__ import annotations

from typing import Final

from kmeans_core.engines.medoid import TIE
from kmeans_core.engines.tensorflow.distances import BLOCK, fill, summed_terms
from kmeans_core.engines.tensorflow.library import Tensor, tf

# Settings of the search; they decide how fast it ends, not where.
_ALL_PAIRS: Final = 100
_FEW: Final = 8
_PRICE: Final = 4
_PATIENCE: Final = 3
_REACH: Final = 8.0

_INFINITE: Final = float("inf")


def medoid(columns: Tensor) -> Tensor:
    """Return the point whose summed distance to all is least."""
    return columns[:, medoid_index(columns)]


def medoid_index(columns: Tensor) -> Tensor:
    """Return the index of the point whose summed distance to all is least, the lowest index among ties.

    Parameters
    ----------
    columns : (d, m) float64
        m is at least 1.

    Returns
    -------
    () int64
    """
    # excerpt: tensorflow.medoid
    sums, rest = tf.cond(
        tf.shape(columns)[1] > _ALL_PAIRS,
        lambda: _rule_out(columns),
        lambda: (fill(tf.shape(columns)[1:], _INFINITE, like=columns), tf.ones_like(columns[0], tf.bool)),
    )
    sums = _sum_plainly(columns, sums, tf.where(rest)[:, 0])  # excerpt: tensorflow.medoid
    # excerpt: tensorflow.medoid
    return tf.reduce_min(tf.where(sums <= tf.reduce_min(sums) * (1 + TIE)))


def _rule_out(columns: Tensor) -> tuple[Tensor, Tensor]:
    """Compute the summed distance of a few points, until few others may still be the medoid.

    Parameters
    ----------
    columns : (d, m) float64

    Returns
    -------
    sums : (m,) float64
        Infinity where it was not computed.
    rest : (m,) bool
        The points that may still be the medoid and were not computed.
    """

    def worth_going_on(rest: Tensor, _sums: Tensor, _bounds: Tensor, _index: Tensor, patience: Tensor) -> Tensor:
        return (patience > 0) & (tf.math.count_nonzero(rest) > _FEW)

    def evaluate(rest: Tensor, sums: Tensor, bounds: Tensor, index: Tensor, patience: Tensor) -> tuple[Tensor, ...]:
        total, lower, is_copy = _sum_and_bounds(columns, index)
        sums = tf.where(is_copy, total, sums)
        bounds = tf.maximum(bounds, lower)
        possible = rest & ~is_copy & (bounds <= tf.reduce_min(sums) * (1 + TIE))
        ruled_out = tf.math.count_nonzero(rest) - tf.math.count_nonzero(possible)
        patience = tf.where(ruled_out >= _PRICE, _PATIENCE, patience - 1)
        return possible, sums, bounds, tf.argmin(tf.where(possible, bounds, infinite)), patience

    infinite = fill(tf.shape(columns)[1:], _INFINITE, like=columns)
    # The mean is not far from the medoid, as a rule.
    first = tf.argmin(summed_terms("sqeuclidean", columns, tf.reduce_mean(columns, axis=1)))
    start = (infinite > 0, infinite, -infinite, first, _PATIENCE)
    rest, sums, *_ = tf.while_loop(worth_going_on, evaluate, start)
    return sums, rest


def _sum_and_bounds(columns: Tensor, index: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the summed distance S of one point x, a lower bound on that of every point, and which points lie on x.

    Parameters
    ----------
    columns : (d, m) float64
    index : () int64
        x.

    Returns
    -------
    total : () float64
    lower : (m,) float64
    is_copy : (m,) bool
    """
    d, m = tf.unstack(tf.cast(tf.shape(columns), columns.dtype))
    h = columns - columns[:, index, tf.newaxis]
    r = tf.sqrt(tf.reduce_sum(tf.square(h), axis=0))
    total = tf.reduce_sum(r)
    is_copy = tf.equal(r, 0)
    divisor = tf.where(is_copy, tf.cast(_INFINITE, r.dtype), r)
    u = h / divisor
    z = m - tf.cast(tf.math.count_nonzero(r), r.dtype)
    reach = total / m * tf.minimum(_REACH * m ** (-1 / d), 1.0)
    weight = 1 / (divisor + reach)
    identity = tf.eye(tf.shape(columns)[0], dtype=columns.dtype)
    curvature = tf.reduce_sum(weight) * identity - tf.matmul(u * weight, u, transpose_b=True)
    slope = z * r - tf.tensordot(tf.reduce_sum(u, axis=1), h, 1)
    bend = tf.reduce_sum(tf.matmul(curvature, h) * h, axis=0) / 2 * tf.minimum(reach / divisor, 1.0)
    # No term is larger than S(x) + S(y), so a small fraction of S(x) covers all rounding.
    return total, total * (1 - TIE) + slope + bend, is_copy


def _sum_plainly(columns: Tensor, sums: Tensor, rest: Tensor) -> Tensor:
    """Fill in the summed distances of the points ``rest``, some at a time.

    Parameters
    ----------
    columns : (d, m) float64
    sums : (m,) float64
    rest : (count,) int64
        Indices of points.

    Returns
    -------
    (m,) float64
    """
    count = tf.size(rest)
    rows = tf.maximum(1, BLOCK // tf.shape(columns)[1])

    def fill_in(start: Tensor, sums: Tensor) -> tuple[Tensor, Tensor]:
        block = rest[start : start + rows]
        squares = summed_terms(
            "sqeuclidean", columns[:, tf.newaxis], tf.gather(columns, block, axis=1)[:, :, tf.newaxis]
        )
        totals = tf.reduce_sum(tf.sqrt(squares), axis=1)
        return start + rows, tf.tensor_scatter_nd_update(sums, block[:, tf.newaxis], totals)

    return tf.while_loop(lambda start, _: start < count, fill_in, (0, sums))[1]
