"""The pruned engine: the mean rule for many points, many dimensions, or many runs on the same points side by side.

Labels come from ``engines.nearest``, which prunes the centers that cannot be nearest. The sums of the clusters are
exact (``engines.exact``). They are kept up to date by the points that switch cluster, which soon are few; centers and
costs follow from the sums without another look at the points.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Counts, Floats, Indices, Labels, Points
from kmeans_core.engines.distances import column_blocks, distances_to
from kmeans_core.engines.exact import AT_ONCE, Summands, in_pieces
from kmeans_core.engines.nearest import NearestSearch

_BY_PRODUCT: Final = 24
"""Up to this many clusters, sums by a matrix product are faster than one pass for each feature. Ten iterations on
100,000 points in 2-D took 8.5 and 11 ms with K = 6, 20 ms both ways with K = 20, and 37 and 28 ms with K = 40."""

_ONLY_RUN: Final = np.zeros(1, dtype=np.intp)

_DIGITS_LEFT: Final = 1e-4
"""A cost below this fraction of what it is the difference of has lost too many digits, and is summed plainly. Above it,
the two terms of the difference, each right to about log2(n) 2^-53, leave the cost right to about 1e-11."""


class MeanRuns:
    """Runs by the mean rule on the same points, side by side: the labels of all, and the sums of their clusters.

    Parameters
    ----------
    points : (n, d) float64, C-contiguous
    weights : (n,) float64, or None
        0 or more. A point of weight w counts as w copies.

    Attributes
    ----------
    reassigned : (r,) int64
        Number of points of each run that switched cluster in the last assign; n in the first.
    """

    def __init__(self, points: Points, weights: Floats | None = None) -> None:
        self._points = points
        self._weights = weights
        self._search = NearestSearch(points, weights)
        search = self._search
        self._summands = Summands(points, weights, np.maximum(search.high, -search.low))
        # What a cost is the difference of; no reach is less than what centers are rounded by.
        middle, reach = np.abs(search.middle), search.reach + np.abs(search.middle) * 2.0**-30
        total = len(points) if weights is None else float(weights.sum())
        self._scale = total * float((reach * (middle + reach)).sum())
        self._labels: Labels | None = None
        self._counts: Counts = np.zeros((0, 0), dtype=np.int64)
        self._totals: tuple[Floats, Floats | Counts] | None = None
        self.reassigned: Counts = np.zeros(0, dtype=np.int64)

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
        labels = self._search.nearest(centers)
        self.relabel(labels, centers.shape[1])
        return labels

    def relabel(self, labels: Labels, k: int) -> None:
        """Make these the labels ``(r, n)`` of the runs, and sum up their clusters."""
        before, self._labels, self._totals = self._labels, labels, None
        r, n = labels.shape
        if before is None or self._counts.shape != (r, k):
            self._sums = np.zeros((2, r, k, self._summands.values.shape[1]))
            self._counts = np.zeros((r, k), dtype=np.int64)
            self.reassigned = np.full(r, n)
            for block, pieces in self._summands.blocks():
                for run in range(r):
                    self._add(1, pieces, labels[run, block], block, slice(run, run + 1))
            return
        switches = np.flatnonzero(labels != before)
        self.reassigned = np.bincount(switches // n, minlength=r) if r > 1 else np.array([len(switches)])
        # A grid for each row: NumPy is slow where it has to repeat a short one.
        size = max(1, AT_ONCE // self._summands.values.shape[1])
        grids = np.repeat(self._summands.grids[:, None], min(size, len(switches)), axis=1)
        for start in range(0, len(switches), size):
            batch = switches[start : start + size]
            runs, rows = np.divmod(batch, n) if r > 1 else (_ONLY_RUN, batch)
            pieces = in_pieces(self._summands.values.take(rows, axis=0), grids[:, : len(batch)])
            self._add(1, pieces, runs * k + labels.reshape(-1).take(batch), rows)
            self._add(-1, pieces, runs * k + before.reshape(-1).take(batch), rows)

    def select(self, runs: NDArray[np.bool_]) -> None:
        """Go on with the selected runs only, ``(r,)``."""
        assert self._labels is not None, "runs begin with labels"
        self._labels, self._counts = self._labels[runs], self._counts[runs]
        self._sums, self.reassigned, self._totals = self._sums[:, runs], self.reassigned[runs], None

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
            membership = clusters == np.arange(size, dtype=clusters.dtype)[:, None]
            increments = membership.astype(np.float64) @ pieces
        else:
            places = clusters.astype(np.intp, copy=False)
            columns = [[np.bincount(places, column, size) for column in piece.T] for piece in pieces]
            increments = np.array(columns).transpose(0, 2, 1)
        counts += sign * self._summands.counts(clusters, size, rows).reshape(counts.shape)
        sums += sign * increments.reshape(sums.shape)

    def means(self) -> tuple[Floats, Counts]:
        """Return the mean of each cluster of each run, and how many points it has whose weight is not 0.

        Returns
        -------
        means : (r, k, d) float64
            NaN where a cluster is empty.
        counts : (r, k) int64
        """
        assert self._labels is not None, "means follow on labels"
        sums = self._summands.complete(self._sums, self._labels)
        return self._summands.means(sums, self._counts), self._counts.copy()

    def labels_of(self, run: int) -> Labels:
        """Return a run's labels, ``(n,)``, not to be written to."""
        assert self._labels is not None, "runs begin with labels"
        labels: Labels = self._labels[run]
        return labels

    def cost(self, run: int, centers: Centers) -> float:
        """Return a run's weighted sum of squared distances to these centers, ``(k, d)``."""
        middle = self._search.middle
        if self._totals is None:
            sums, cluster_weights = self._summands.totals(self._sums)
            self._totals = sums, self._counts if cluster_weights is None else cluster_weights
        totals, weights = self._totals
        savings = (2 * totals[run] - weights[run][:, None] * (centers + middle)) * (centers - middle)
        cost = self._search.spread - float(savings.sum())
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
    """One such run. Fulfills the ``Engine`` protocol."""

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
            self._runs.relabel(labels[None], k)
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
