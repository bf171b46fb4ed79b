"""The medoid of a cluster, exactly, without computing all pairs of distances.

The summed distance ``S(y)`` of a place ``y`` to all m points is a convex function of the place. Evaluating it at one
place ``x`` costs m distances, and these tell something about all other places. Let ``h = y - x``, and let a point lie
at distance ``r`` from ``x`` in the direction ``u``. Its distance from ``y`` is the hypotenuse ``a`` of a right
triangle with the legs ``b = r - u.h`` and ``t``, the length of the part of ``h`` that is perpendicular to ``u``. So

    a = b + t^2 / (a + b) >= r - u.h + t^2 / (2 (r + |h|)),

and the sum over all points is a paraboloid that lies below S and touches it at ``x``:

    S(y) >= S(x) + g.h + z |h| + 1/2 h.M h,      g = -sum u,      M = sum (I - u u') / (r + |h|),

where ``z`` counts the points that lie on ``x`` itself and have no direction. A point of weight w counts as w points in
each of these sums. M is computed once, for one reach ``|h| = H``; nearer places have more curvature than that, and for
farther ones convexity along the ray lets the bound at H go on in a straight line, which scales the last term by
``H / |h|``.

The search keeps each point's greatest lower bound, evaluates the point whose bound is least, and rules out all points
whose bound lies above the least sum seen. The slopes alone (cutting planes) would need dozens of evaluations in a
round cluster, because S is flat around its middle; with the curvature one to three are enough, whatever m.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Floats, Indices, Weights
from kmeans_core.checkpoints import checkpoint
from kmeans_core.engines.distances import BLOCK, distances_to

TIE: Final = 1e-12
"""Sums that differ by less than this fraction count as equal. A sum of n distances, each off by (d / 2 + 2) 2^-53 at
most, is right to about (d / 2 + log2(n)) 2^-53: below 1e-14 for d up to 100 and n up to 1,000,000."""

_ALL_PAIRS: Final = 150
"""Up to this many points, all sums are computed at once: 150 points in 2-D take 91 us, and 100 us with bounds; 250
points take 226 us, and 115 us with bounds."""

_FEW: Final = 16
"""The last few points are summed together. Anything from 1 to 64 takes the same time, within 10%."""

_PRICE: Final = 4
"""A sum with its bounds takes the time of about this many plain sums, and pays if it rules out as many points."""

_PATIENCE: Final = 3
"""After this many sums in a row that were not worth it, the rest is summed plainly. 1,000 points in 20-D, where bounds
rule out little, take 9 ms with this price and patience, 14 ms with a price of 1, and 7.5 ms with a patience of 1."""

_REACH: Final = 8.0
"""H in units of the typical distance between neighbors, which is about the median distance times m^(-1/d). 20,000
points in 2-D take 1.0 ms with 8, 3.5 ms with 2, and 1.1 ms with 32."""

_SAMPLE: Final = 500
"""The median distance is taken from about this many points. From 50 to 2,000, times differ by no more than noise."""


def medoid_index(columns: Floats, weights: Weights | None = None) -> int:
    """Return the index of the point whose summed Euclidean distance to all points is least.

    Sums that differ by less than a fraction of 1e-12 are ties, and the lowest index among the least is returned, so
    that the order in which a machine adds cannot decide.

    Parameters
    ----------
    columns : (d, m) float64
        The points of one cluster, one row a feature; m is at least 1.
    weights : (m,) float64, or None
        Above 0. The distance to a point of weight w counts w times.

    Returns
    -------
    int

    Notes
    -----
    Exact, and O(m d) in memory. The time is O(m d) for each sum: a few sums where d is low, and all m of them where
    distances say little about each other (in some 20 dimensions and more).
    """
    m = columns.shape[1]
    sums = np.full(m, np.inf)
    # excerpt: numpy.medoid
    rest = _rule_out(columns, weights, sums) if m > _ALL_PAIRS else np.arange(m)
    rows = max(1, BLOCK // m)
    for start in range(0, len(rest), rows):
        batch = rest[start : start + rows]
        # excerpt: numpy.medoid
        distances = distances_to(columns, columns[:, batch, None], "euclidean")
        if weights is not None:
            distances *= weights
        sums[batch] = distances.sum(axis=1)  # excerpt: numpy.medoid
    return int(np.argmax(sums <= sums.min() * (1 + TIE)))  # excerpt: numpy.medoid


def _rule_out(columns: Floats, weights: Weights | None, sums: Floats) -> Indices:
    """Fill in the sums of a few points, and return the other points that may still be the medoid."""
    rest = np.arange(columns.shape[1])
    bounds = np.full(len(rest), -np.inf)
    # The mean is not far from the medoid, as a rule.
    index = int(distances_to(columns, np.average(columns, axis=1, weights=weights), "sqeuclidean").argmin())
    patience = _PATIENCE
    while patience and len(rest) > _FEW:
        checkpoint()
        total, lower, is_copy = _sum_and_bounds(columns, index, rest, weights)
        sums[rest[is_copy]] = total
        np.maximum(bounds, lower, out=bounds)
        possible = ~is_copy & (bounds <= sums.min() * (1 + TIE))
        worth_it = len(rest) - np.count_nonzero(possible) >= _PRICE
        patience = _PATIENCE if worth_it else patience - 1
        rest, bounds = rest[possible], bounds[possible]
        if len(rest):
            index = int(rest[bounds.argmin()])
    return rest


def _sum_and_bounds(
    columns: Floats, index: int, rest: Indices, weights: Weights | None = None
) -> tuple[float, Floats, NDArray[np.bool_]]:
    """Return S at one point x, the lower bounds on S at the points ``rest``, and which of those lie on x.

    The names are those of the formulas above. Points are looked at in blocks, so that what is kept of each is r alone.
    """
    d, m = columns.shape
    x = columns[:, index, None]
    size = max(1, BLOCK // d)
    blocks = [slice(start, start + size) for start in range(0, m, size)]
    r = np.empty(m)
    for block in blocks:
        np.sqrt(np.square(columns[:, block] - x).sum(axis=0), out=r[block])
    total = float(r.sum() if weights is None else (r * weights).sum())
    # Any reach gives bounds; a sample's median gives good ones.
    sample = r[:: 1 + m // _SAMPLE]
    reach = np.partition(sample, len(sample) // 2)[len(sample) // 2] * min(1.0, _REACH * m ** (-1 / d))
    slope, curvature = np.zeros(d), np.zeros((d, d))
    for block in blocks:
        divisor = _divisor(r[block])
        u = (columns[:, block] - x) / divisor
        weight = 1 / (divisor + reach)
        if weights is not None:
            weight *= weights[block]
        slope += u.sum(axis=1) if weights is None else u @ weights[block]
        curvature += weight.sum() * np.eye(d) - (u * weight) @ u.T
    z = m - np.count_nonzero(r) if weights is None else float(weights[r == 0].sum())
    lower = np.empty(len(rest))
    for start in range(0, len(rest), size):
        block = slice(start, start + size)
        length = r[rest[block]]
        h = columns[:, rest[block]] - x
        bend = (curvature @ h * h).sum(axis=0) * np.minimum(0.5, 0.5 * reach / _divisor(length))
        lower[block] = z * length - slope @ h + bend
    # No term is larger than S(x) + S(y), so a small fraction of S(x) covers all rounding.
    lower += total * (1 - TIE)
    return total, lower, r[rest] == 0


def _divisor(r: Floats) -> Floats:
    """Return what to divide by, so that a point on x counts nothing."""
    return np.where(r == 0, np.inf, r)
