"""The mean rule fast: for many points, many dimensions, or many runs on the same points in step with each other.

The label of nearly every point is beyond doubt. Up to ``|x|^2``, which all centers share, the squared distance of x to
a center c is ``|c|^2 - 2 c.x``: one matrix product in single precision, whose error is bounded beforehand. Where only
one center comes within that bound of the least, it is the nearest one; the few other points are looked at again, with
the arithmetic of ``kmeans_core.engines.distances``. So the labels are those of the plain backend, ties and all.

The sums of the clusters are exact (``kmeans_core.engines.exact``). They are kept up to date by the points that change
cluster, which soon are few, and centers and costs follow from them without another look at the points.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Floats, Labels, Points, label_dtype
from kmeans_core.engines.distances import BLOCK, column_blocks, distances_to
from kmeans_core.engines.exact import AT_ONCE, Summands, in_pieces

Indices = NDArray[np.intp]
Counts = NDArray[np.int64]

_SCORES: Final = 2**20
"""Bytes of a block of scores, which stay in a core's second-level cache."""

_DOUBT: Final = 0.2
"""If more than this share of labels is in doubt in single precision, double precision is faster."""

_EPSILON: Final = float(np.finfo(np.float64).eps)

_FAR: Final = 1e9
"""If all centers are this many times the reach of the points away, no product tells them apart."""

_NEAR: Final = 2.0
"""Centers whose coordinates are on average within twice the reach of the points are not looked at one by one."""

ABOVE_ALL: Final = 1e30
"""The score of what no point may choose, in single precision; others are at most about _FAR squared."""

_BY_PRODUCT: Final = 24
"""Up to so many groups, sums by a matrix product are faster than one pass for each feature."""

_ONLY_RUN: Final = np.zeros(1, dtype=np.intp)

_DIGITS_LEFT: Final = 1e-4
"""A cost below this fraction of what it is the difference of has lost too many digits, and is summed plainly."""


class Screen:
    """Points made ready for finding the nearest of some centers.

    Parameters
    ----------
    points : (n, d) float64, C-contiguous
    weights : (n,) float64, or None
        Counted in ``spread`` alone.

    Attributes
    ----------
    low, high, middle, reach : (d,) float64
        The least and the largest value of each feature, what lies halfway between them, and half their difference.
    columns : (d + 1, n) float
        The points less ``middle``, scaled into [-1, 1], with a row of ones below.
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
        self.reach = self.high - self.middle
        _, exponent = np.frexp(float(self.reach.max()))
        exponent = max(int(exponent), -1000)
        self._scale = float(np.ldexp(1.0, exponent))  # a power of 2, which rounds nothing
        # What the plain distances lose where squares are too small for a float, in units of the scale.
        self._underflow = float(np.ldexp(points.shape[1], min(-1070 - 2 * exponent, 100)))
        self._make_columns(np.float32)

    def _make_columns(self, dtype: Any) -> None:
        """Make the points' columns in some precision: scaled into [-1, 1], with a row of ones below."""
        n, d = self._points.shape
        self.columns = np.ones((d + 1, n), dtype)
        self._rounding = float(np.finfo(dtype).eps) / 2
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
        """What the products are computed in."""
        dtype: np.dtype[Any] = self.columns.dtype
        return dtype

    def nearest(self, centers: Floats) -> Labels:
        """Return the nearest center of each point for each of some runs, ties to the lowest index.

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
        weights, doubt = self.weights(centers)
        labels = np.empty((r, n), label_dtype(k))
        rivals = np.empty_like(labels)
        numbers = np.arange(k, dtype=labels.dtype)[:, None]
        most = max(1, _SCORES // (k * self.columns.itemsize))
        size = min(n, most)
        runs = max(1, most // size)
        for run in range(0, r, runs):
            for start in range(0, n, size):
                at = slice(run, run + runs), slice(start, start + size)
                scores = weights[at[0]] @ self.columns[:, at[1]]
                bound = np.minimum.reduce(scores, axis=1)
                bound += doubt[at[0], None]
                possible = (scores <= bound[:, None]).view(np.uint8)
                np.add.reduce(possible, axis=1, dtype=labels.dtype, out=rivals[at])
                np.add.reduce(possible * numbers, axis=1, dtype=labels.dtype, out=labels[at])
        doubtful = np.flatnonzero(rivals != 1)
        self.decide(centers, labels, doubtful)
        if self.precision == np.float32 and len(doubtful) > _DOUBT * labels.size:
            self._make_columns(np.float64)
        return labels

    def weights(self, centers: Floats) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return what to multiply the columns by, and by how much scores must differ to be told apart.

        A product of d + 1 terms in any order, of factors that were rounded before, is off by less than d + 6 half
        units in the last place of the sum of its terms' sizes (N. J. Higham, Accuracy and Stability of Numerical
        Algorithms, 2nd ed., 2002, section 3.1: d + 1 for the sum, one each for the product, for rounding both factors,
        and for ``|c|^2`` and the middle); two scores by twice that. A factor of 2 is for safety.

        Returns
        -------
        weights : (r, k, d + 1)
        doubt : (r,)
        """
        r, k, d = centers.shape
        dtype = self.precision
        scaled = (centers - self.middle) / self._scale
        sizes = np.add.reduce(np.absolute(scaled), axis=2)
        hopeless, lost = None, None
        # Centers between the points have sizes of at most d.
        if np.maximum.reduce(sizes, axis=None) > _NEAR * d:
            hopeless, lost = self._far_centers(scaled)
            sizes = np.add.reduce(np.absolute(scaled), axis=2)
        weights = np.empty((r, k, d + 1), dtype)
        np.multiply(scaled, -2, out=weights[:, :, :d], casting="same_kind")
        squares = np.add.reduce(np.square(scaled), axis=2)
        weights[:, :, d] = squares
        if hopeless is not None:
            weights[:, :, d][hopeless] = ABOVE_ALL
        sizes = np.maximum.reduce(2 * sizes + squares, axis=1)
        # The plain distances are rounded, too: in double precision, by their own size.
        doubt = 4 * (d + 6) * (self._rounding * sizes + _EPSILON * (d + sizes)) + self._underflow
        if lost is not None:
            doubt[lost] = np.inf
        return weights, doubt.astype(dtype)

    @staticmethod
    def _far_centers(scaled: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Find centers ``(r, k, d)`` that are far from all points, and put them where no square overflows.

        Returns
        -------
        hopeless : (r, k) bool
            Centers that no point can choose, because another one is nearer to all.
        lost : (r,) bool
            Runs whose labels are all in doubt, because all of their centers are too far away.
        """
        far = np.abs(scaled).max(axis=2)
        nearest = far.min(axis=1)
        # All points lie in [-1, 1]^d, so that one center is at most (nearest + 1) sqrt(d) away from each of them, and
        # another at least far - 1: by a thousandth too far, which is more than all rounding.
        hopeless = far > 1.001 * np.sqrt(scaled.shape[2]) * (nearest[:, None] + 1) + 1
        lost = nearest > _FAR
        scaled[hopeless | lost[:, None]] = 0
        return hopeless, lost

    def decide(self, centers: Floats, labels: Labels, doubtful: Indices) -> None:
        """Set the labels at these places of the ``(r, n)`` array by the plain arithmetic."""
        r, k, _ = centers.shape
        n = len(self._points)
        size = max(1, BLOCK // k)
        for start in range(0, len(doubtful), size):
            run, point = np.divmod(doubtful[start : start + size], n)
            own = centers if r == 1 else centers[run]
            distances = distances_to(self._points[point].T, own.transpose(2, 1, 0), "sqeuclidean")
            labels[run, point] = distances.argmin(axis=0)


class MeanRuns:
    """Runs by the mean rule on the same points, in step: the labels of all, and the sums of their clusters.

    Parameters
    ----------
    points : (n, d) float64, C-contiguous
    weights : (n,) float64, or None
        0 or more. A point of weight w counts as w copies.

    Attributes
    ----------
    moved : (r,) int64
        Number of points of each run that changed cluster in the last assign; n in the first.
    """

    def __init__(self, points: Points, weights: Floats | None = None) -> None:
        self._points = points
        self._weights = weights
        self._screen = Screen(points, weights)
        low, high, middle, reach = self._screen.low, self._screen.high, self._screen.middle, self._screen.reach
        self._summands = Summands(points, weights, np.maximum(high, -low))
        # What a cost is the difference of; no reach is less than what centers are rounded by.
        reach = reach + np.abs(middle) * 2.0**-30
        total = len(points) if weights is None else float(weights.sum())
        self._scale = total * float((reach * (np.abs(middle) + reach)).sum())
        self._labels: Labels | None = None
        self._counts: Counts = np.zeros((0, 0), dtype=np.int64)
        self._totals: tuple[Floats, Floats | Counts] | None = None
        self.moved: Counts = np.zeros(0, dtype=np.int64)

    def assign(self, centers: Floats) -> Labels:
        """Give each point of each run to its nearest center, ties to the lowest index.

        Parameters
        ----------
        centers : (r, k, d) float64

        Returns
        -------
        (r, n) unsigned
            Kept for the next call, and not to be written to.
        """
        labels = self._screen.nearest(centers)
        self.take(labels, centers.shape[1])
        return labels

    def take(self, labels: Labels, k: int) -> None:
        """Take labels ``(r, n)`` for those of the runs, and sum up their clusters."""
        before, self._labels, self._totals = self._labels, labels, None
        r, n = labels.shape
        if before is None or self._counts.shape != (r, k):
            self._sums = np.zeros((2, r, k, self._summands.values.shape[1]))
            self._counts = np.zeros((r, k), dtype=np.int64)
            self.moved = np.full(r, n)
            for block, pieces in self._summands.blocks():
                for run in range(r):
                    self._add(1, pieces, labels[run, block], block, slice(run, run + 1))
            return
        changed = np.flatnonzero(labels != before)
        self.moved = np.bincount(changed // n, minlength=r) if r > 1 else np.array([len(changed)])
        # A grid for each row: NumPy is slow where it has to repeat a short one.
        size = max(1, AT_ONCE // self._summands.values.shape[1])
        grids = np.repeat(self._summands.grids[:, None], min(size, len(changed)), axis=1)
        for start in range(0, len(changed), size):
            some = changed[start : start + size]
            of_run, rows = np.divmod(some, n) if r > 1 else (_ONLY_RUN, some)
            pieces = in_pieces(self._summands.values.take(rows, axis=0), grids[:, : len(some)])
            self._add(1, pieces, of_run * k + labels.reshape(-1).take(some), rows)
            self._add(-1, pieces, of_run * k + before.reshape(-1).take(some), rows)

    def keep(self, runs: NDArray[np.bool_]) -> None:
        """Go on with these of the runs only, ``(r,)``."""
        assert self._labels is not None, "runs begin with labels"
        self._labels, self._counts = self._labels[runs], self._counts[runs]
        self._sums, self.moved, self._totals = self._sums[:, runs], self.moved[runs], None

    def _add(
        self,
        sign: int,
        pieces: Floats,
        clusters: NDArray[np.integer],
        rows: Indices | slice,
        runs: slice = slice(None),
    ) -> None:
        """Add points to clusters, or take them away.

        Parameters
        ----------
        sign : {1, -1}
        pieces : (2, e, m) float64
        clusters : (e,) int
            Numbered through these runs.
        rows : (e,) int, or slice
            Which points they are.
        runs : slice
        """
        counts, sums = self._counts[runs], self._sums[:, runs]
        size = counts.size
        if size <= _BY_PRODUCT:
            chosen = clusters == np.arange(size, dtype=clusters.dtype)[:, None]
            added = chosen.astype(np.float64) @ pieces
        else:
            places = clusters.astype(np.intp, copy=False)
            columns = [[np.bincount(places, column, size) for column in piece.T] for piece in pieces]
            added = np.array(columns).transpose(0, 2, 1)
        counts += sign * self._summands.counts(clusters, size, rows).reshape(counts.shape)
        sums += sign * added.reshape(sums.shape)

    def means(self) -> tuple[Floats, Counts]:
        """Return the mean of each cluster of each run, and how many points it has whose weight is not 0.

        Returns
        -------
        means : (r, k, d) float64
            NaN where a cluster is empty.
        counts : (r, k) int64
        """
        assert self._labels is not None, "means follow on labels"
        sums = self._summands.completed(self._sums, self._labels)
        return self._summands.means(sums, self._counts), self._counts.copy()

    def labels_of(self, run: int) -> Labels:
        """Return a run's labels, ``(n,)``, not to be written to."""
        assert self._labels is not None, "runs begin with labels"
        labels: Labels = self._labels[run]
        return labels

    def cost(self, run: int, centers: Centers) -> float:
        """Return a run's weighted sum of squared distances to these centers, ``(k, d)``."""
        middle = self._screen.middle
        if self._totals is None:
            sums, their_weights = self._summands.totals(self._sums)
            self._totals = sums, self._counts if their_weights is None else their_weights
        totals, weights = self._totals
        saved = (2 * totals[run] - weights[run][:, None] * (centers + middle)) * (centers - middle)
        cost = self._screen.spread - float(saved.sum())
        if cost > _DIGITS_LEFT * self._scale:
            return cost
        assert self._labels is not None, "costs follow on labels"
        return float(sum(part.sum() for part in self.costs(self._labels[run], centers)))

    def costs(self, labels: Labels, centers: Centers) -> Iterator[Floats]:
        """Yield what each point adds to the cost of labels ``(n,)`` and centers ``(k, d)``, in blocks."""
        start = 0
        for distances in self.distances(labels, centers):
            stop = start + len(distances)
            yield distances if self._weights is None else distances * self._weights[start:stop]
            start = stop

    def distances(self, labels: Labels, centers: Centers) -> Iterator[Floats]:
        """Yield each point's squared distance to its own center, in blocks."""
        for block, columns in column_blocks(self._points):
            yield distances_to(columns, centers.T.take(labels[block], axis=1), "sqeuclidean")


class PrunedEngine:
    """One such run. Fulfils the ``Engine`` protocol."""

    def __init__(self, runs: MeanRuns) -> None:
        self._runs = runs
        self._labels: Labels | None = None

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        self._labels = self._runs.assign(centers[None])[0]
        return self._labels, self._runs.cost(0, centers)

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the mean of each cluster; NaN where a cluster is empty."""
        if labels is not self._labels:
            self._labels = labels
            self._runs.take(labels[None], k)
        means, counts = self._runs.means()
        return means[0], counts[0]

    def distances(self, labels: Labels, centers: Centers) -> Floats:
        """Return each point's squared distance to its own center."""
        return np.concatenate(list(self._runs.distances(labels, centers)))

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the cost of these labels and centers."""
        if labels is self._labels:
            return self._runs.cost(0, centers)
        return float(sum(part.sum() for part in self._runs.costs(labels, centers)))
