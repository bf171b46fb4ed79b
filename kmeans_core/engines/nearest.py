"""The nearest center of each point, pruned: low-precision scores decide most points, plain distances the rest.

Up to ``|x|^2``, which all centers share, the squared distance of x to a center c is the score ``|c|^2 - 2 c.x``. The
scores of all points are one matrix product in single precision. Where only one score lies within ``margin`` of the
lowest, that center is the nearest one; the few other points get the plain distances of ``engines.distances``. So the
labels are those of the plain engine, ties and all.

Why the margin is large enough
------------------------------
Theorems are those of N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., SIAM, 2002. Let u be the
unit roundoff of the scores (2^-24 or 2^-53), v = 2^-53 that of float64, and ``gamma_n = n u / (1 - n u)``. Points and
centers are measured from ``middle`` in units of s, a power of 2 that is at least the reach of the points:
``p = (x - middle) / s`` and ``q = (c - middle) / s``, so that ``|p_j| <= 1``. Write ``|q|^2`` and ``|q|_1`` for the
sums of the squares and of the absolute values of q, and ``size = |q|^2 + 2 |q|_1``.

1. Factors. ``x - middle`` is rounded in float64 and then to the precision of the scores, the same goes for ``-2 q_j``,
   and division by s is exact. In single precision each is thus off by a factor ``1 + e`` with ``|e| <= u + v`` to first
   order; in float64 the second rounding does nothing, and ``|e| <= u``. ``|q|^2`` is summed in float64 from the rounded
   q, which is off by at most ``(d + 2) v |q|^2`` (section 3.1), and then rounded.
2. Product. An inner product of d + 1 terms is off by at most ``gamma_(d+1)`` times the sum of the absolute values of
   its terms, in whatever order it is summed (equation 3.5).
3. Together (Lemmas 3.1 and 3.3). Each of the d products ``-2 q_j p_j`` carries a factor ``1 + t`` with
   ``|t| <= gamma_(d+3)``, in single precision 2 v more. ``|q|^2`` carries one with ``|t| <= gamma_(d+2) + (d + 2) v``
   in single precision, and ``gamma_(2d+3)`` in float64. As ``|p_j| <= 1``, the difference of two scores is off by at
   most ``2 (d + 3) u size + 2 (d + 2) v size`` in single precision, and ``2 (2 d + 3) v size`` in float64.
4. The plain distances are rounded, too. A squared difference carries 3 roundings and the sum at most d - 1 more, so a
   plain distance is off by at most ``(d + 2) v`` of itself. In units of s^2 it is at most ``sum (1 + |q_j|)^2``, that
   is ``d + size``, so the difference of two is off by at most ``2 (d + 2) v (d + size)``.
5. Underflow. Where its square is too small for a normal float, each of the d terms of a plain distance loses at most
   2^-1074, that is ``2 d 2^-1074 / s^2`` for two distances. What single precision loses in its d + 1 products, at most
   2^-126 each, is far less than the ``d v`` of step 4.

A center with the lowest plain distance thus has a score above the lowest by at most, to first order,

    2 (d + 3) u size + 4 (d + 2) v (d + size) + 2 d 2^-1074 / s^2       in single precision,
    (6 d + 10) v size + 2 (d + 2) v d         + 2 d 2^-1074 / s^2       in float64.

``margin`` is ``4 (d + 6) (u size + 2 v (d + size)) + 16 d 2^-1074 / s^2``: at least twice as much in every term, and by
12 u size more. That covers the higher orders (for d up to 1,000,000, where ``n u`` is below 0.07) and the rounding of
``size``, of the margin itself, and of its sum with the lowest score.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Floats, Indices, Labels, Points, label_dtype
from kmeans_core.checkpoints import checkpoint
from kmeans_core.engines.distances import BLOCK, column_blocks, distances_to

_SCORES: Final = 2**20
"""Bytes of a block of scores, which stay in a core's second-level cache. Ten iterations on 100,000 points in 2-D with
K = 12 took 16 to 18 ms with 2^18 to 2^20, 24 ms with 2^16, and 21 ms with 2^22."""

_DOUBT: Final = 0.2
"""If more than this share of labels is in doubt in single precision, double precision is faster."""

_EPSILON: Final = float(np.finfo(np.float64).eps)

_FAR: Final = 1e9
"""Runs all of whose centers are farther away than this many reaches get plain distances: scores do not overflow."""

_NEAR: Final = 2.0
"""Centers whose coordinates are on average within twice the reach of the points are not looked at one by one."""

ABOVE_ALL: Final = 1e30
"""The score of a center that no point may choose; all others are at most about ``d _FAR^2``."""


class NearestSearch:
    """Points made ready for finding the nearest of some centers.

    Parameters
    ----------
    points : (n, d) float64, C-contiguous
    weights : (n,) float64, or None
        They count in ``spread`` alone.

    Attributes
    ----------
    low, high, middle, reach : (d,) float64
        The lowest and the highest value of each feature, what lies halfway between them, and how far points are from it
        at most.
    columns : (d + 1, n) float
        The points less ``middle``, scaled into [-1, 1], above a row of ones.
    spread : float
        The weighted sum of squared distances of the points to ``middle``.
    """

    def __init__(self, points: Points, weights: Floats | None = None) -> None:
        self._points = points
        self._weights = weights
        extremes = [(columns.min(axis=1), columns.max(axis=1)) for _, columns in column_blocks(points)]
        self.low = np.min([low for low, _ in extremes], axis=0)
        self.high = np.max([high for _, high in extremes], axis=0)
        self.middle = self.low / 2 + self.high / 2
        self.reach = np.maximum(self.high - self.middle, self.middle - self.low)
        _, exponent = np.frexp(float(self.reach.max()))
        exponent = max(int(exponent), -1000)
        self._scale = float(np.ldexp(1.0, exponent))
        self._underflow = float(np.ldexp(points.shape[1], min(-1070 - 2 * exponent, 100)))  # step 5, times 16
        self._make_columns(np.float32)

    def _make_columns(self, dtype: Any) -> None:
        """Compute ``columns`` in some precision, and ``spread``."""
        n, d = self._points.shape
        self.columns = np.ones((d + 1, n), dtype)
        self._roundoff = float(np.finfo(dtype).eps) / 2
        self.spread = 0.0
        for block, columns in column_blocks(self._points):
            away = columns - self.middle[:, None]
            self.columns[:d, block] = away / self._scale
            squares = np.square(away, out=away)
            if self._weights is not None:
                squares *= self._weights[block]
            self.spread += float(squares.sum())

    @property
    def precision(self) -> np.dtype[Any]:
        """The type in which scores are computed."""
        dtype: np.dtype[Any] = self.columns.dtype
        return dtype

    def nearest(self, centers: Floats) -> Labels:
        """Return the nearest center of each point for each of r runs, ties to the lowest index.

        Parameters
        ----------
        centers : (r, k, d) float64

        Returns
        -------
        (r, n) unsigned
            Of the type that ``label_dtype(k)`` names.
        """
        r, k, _ = centers.shape
        n = len(self._points)
        labels = np.empty((r, n), label_dtype(k))
        rivals = np.empty_like(labels)
        self._score(*self.scores_of(centers), labels, rivals)
        doubtful = np.flatnonzero(rivals != 1)
        self.decide(centers, labels, doubtful)
        if self.precision == np.float32 and len(doubtful) > _DOUBT * labels.size:
            self._make_columns(np.float64)
        return labels

    def _score(self, factors: NDArray[Any], margin: NDArray[Any], labels: Labels, rivals: Labels) -> None:
        """Fill in how many centers each point may have, and the sum of their indices: the label where it is one."""
        (r, k, _), n = factors.shape, len(self._points)
        numbers = np.arange(k, dtype=labels.dtype)[:, None]
        most = max(1, _SCORES // (k * self.columns.itemsize))
        size = min(n, most)
        runs = max(1, most // size)
        for run in range(0, r, runs):
            for start in range(0, n, size):
                checkpoint()
                at = slice(run, run + runs), slice(start, start + size)
                scores = factors[at[0]] @ self.columns[:, at[1]]
                bound = np.minimum.reduce(scores, axis=1)
                bound += margin[at[0], None]
                possible = (scores <= bound[:, None]).view(np.uint8)
                np.add.reduce(possible, axis=1, dtype=labels.dtype, out=rivals[at])
                np.add.reduce(possible * numbers, axis=1, dtype=labels.dtype, out=labels[at])

    def scores_of(self, centers: Floats) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the factors whose product with ``columns`` is the scores, and the margin that scores must differ by.

        Parameters
        ----------
        centers : (r, k, d) float64

        Returns
        -------
        factors : (r, k, d + 1)
        margin : (r,)
            Infinite where no scores can tell the centers apart.
        """
        r, k, d = centers.shape
        scaled_centers = (centers - self.middle) / self._scale
        sums = np.add.reduce(np.absolute(scaled_centers), axis=2)
        hopeless_centers, hopeless_runs = None, None
        # Centers between the points have sums of at most d.
        if np.maximum.reduce(sums, axis=None) > _NEAR * d:
            hopeless_centers, hopeless_runs = _far_centers(scaled_centers)
            sums = np.add.reduce(np.absolute(scaled_centers), axis=2)
        factors = np.empty((r, k, d + 1), self.precision)
        np.multiply(scaled_centers, -2, out=factors[:, :, :d], casting="same_kind")
        squares = np.add.reduce(np.square(scaled_centers), axis=2)
        factors[:, :, d] = squares
        size = np.maximum.reduce(2 * sums + squares, axis=1)
        margin = 4 * (d + 6) * (self._roundoff * size + _EPSILON * (d + size)) + self._underflow
        if hopeless_centers is not None:
            factors[:, :, d][hopeless_centers] = ABOVE_ALL
            margin[hopeless_runs] = np.inf
        return factors, margin.astype(self.precision)

    def decide(self, centers: Floats, labels: Labels, doubtful: Indices) -> None:
        """Set the labels at these places of the ``(r, n)`` array by plain distances."""
        r, k, _ = centers.shape
        n = len(self._points)
        size = max(1, BLOCK // k)
        for start in range(0, len(doubtful), size):
            run, point = np.divmod(doubtful[start : start + size], n)
            candidates = centers if r == 1 else centers[run]
            distances = distances_to(self._points[point].T, candidates.transpose(2, 1, 0), "sqeuclidean")
            labels[run, point] = distances.argmin(axis=0)


def _far_centers(scaled_centers: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Find scaled centers ``(r, k, d)`` that are far from all points, and set them to 0, so that no square overflows.

    Returns
    -------
    hopeless_centers : (r, k) bool
        Centers that no point can choose, because another one is nearer to all.
    hopeless_runs : (r,) bool
        Runs whose labels are all in doubt, because all of their centers are too far away.
    """
    far = np.abs(scaled_centers).max(axis=2)
    nearest = far.min(axis=1)
    # All points lie in [-1, 1]^d, so one center is at most (nearest + 1) sqrt(d) away from each of them, and another at
    # least far - 1. A thousandth more is far above the rounding of either, at most gamma_(d+2) in v.
    hopeless_centers = far > 1.001 * np.sqrt(scaled_centers.shape[2]) * (nearest[:, None] + 1) + 1
    hopeless_runs = nearest > _FAR
    scaled_centers[hopeless_centers | hopeless_runs[:, None]] = 0
    return hopeless_centers, hopeless_runs
