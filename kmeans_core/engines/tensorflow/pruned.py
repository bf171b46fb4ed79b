"""The pruned engine on TensorFlow: scores, labels, and sums of one run in a loop compiled by XLA.

For each point the loop keeps the lowest score, the second lowest, and the center of the lowest, for a few centers at a
time in registers: no score is ever written to memory. Then it adds up the pieces of ``engines.exact`` by cluster; their
sums are exact, in whatever order XLA adds. The few labels that are in doubt are decided as in ``engines.nearest``.

XLA compiles for the shapes it meets, which takes some tenths of a second, and memory for as long as the process lives.
To keep the shapes few, numbers of points are rounded up, by a half at most, and there is room for 64 centers, or 512,
and so on.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from kmeans_core.arrays import Floats, Indices, Labels, Points, Weights, label_dtype
from kmeans_core.checkpoints import checkpoint
from kmeans_core.engines.exact import in_pieces
from kmeans_core.engines.nearest import ABOVE_ALL
from kmeans_core.engines.pruned import MeanRuns
from kmeans_core.engines.tensorflow.library import Tensor, compiled_by_xla, tensor, tf

MOST_FEATURES: Final = 8
"""The loop over features is unrolled up to this many."""

_AT_ONCE: Final = 8
"""Centers compared in one pass over the points."""

_ROOM: Final = 64
"""Centers that there is room for; 8 times as many where these are not enough, and so on."""


def _half_step(
    columns: Tensor, pieces: Tensor, sizes: Tensor, factors: Tensor, margin: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give each point to the center of the lowest score, and add up the clusters.

    Parameters
    ----------
    columns : (d, m) float32
    pieces : (m, p) float64
    sizes : (2,) int32
        How many of the m are points, and how many rows of ``factors`` are centers.
    factors : (room, d + 1) float32
        A whole multiple of ``_AT_ONCE`` rows; the scores of rows that are not centers lie above all others.
    margin : () float32

    Returns
    -------
    labels : (m,) int32
    doubtful : (m,) bool
        Whether another center comes near the label's.
    sums : (room, p) float64
    counts : (room,) int32
    """
    room, (n, k) = factors.shape[0], (sizes[0], sizes[1])
    labels, lowest, second = _lowest_scores(columns, factors, k)
    clusters = tf.where(tf.range(tf.shape(labels)[0]) < n, labels, room)
    sums, counts = (
        tf.math.unsorted_segment_sum(values, clusters, room + 1)[:room] for values in (pieces, tf.ones_like(clusters))
    )
    # "Not above" and not "below or equal": NaN is in doubt, too.
    return labels, tf.logical_not(second - lowest > margin), sums, counts


def _lowest_scores(columns: Tensor, factors: Tensor, k: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the center of each point's lowest score, ``(m,) int32``, and its two lowest scores, ``(m,) float32``."""

    def compare(first: Tensor, lowest: Tensor, second: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
        for center in range(_AT_ONCE):
            score = factors[first + center, columns.shape[0]]
            for feature in range(columns.shape[0]):
                score = score + factors[first + center, feature] * columns[feature]
            labels = tf.where(score < lowest, first + center, labels)
            second = tf.minimum(second, tf.maximum(lowest, score))
            lowest = tf.minimum(lowest, score)
        return first + _AT_ONCE, lowest, second, labels

    infinite = tf.fill(tf.shape(columns[0]), np.float32(np.inf))
    start = (0, infinite, infinite, tf.zeros_like(infinite, tf.int32))
    _, lowest, second, labels = tf.while_loop(lambda first, *_: first < k, compare, start)
    return labels, lowest, second


def _cut(values: Tensor, grids: Tensor) -> tuple[Tensor, Tensor]:
    """Return the first pieces of values ``(n, m)``, and which rows have others below them.

    Returns
    -------
    pieces : (n, 2 m) float64
        The coarse pieces of all columns, and then the fine ones.
    deep : (n,) bool
    """
    coarse = (values + grids[0]) - grids[0]
    rest = values - coarse
    fine = (rest + grids[1]) - grids[1]
    return tf.concat([coarse, fine], axis=1), tf.reduce_any(rest - fine != 0, axis=1)


_HALF_STEP: Final = compiled_by_xla(_half_step)
_CUT: Final = compiled_by_xla(_cut)


class TensorFlowRun(MeanRuns):
    """One run by the mean rule whose labels and sums TensorFlow computes."""

    def __init__(self, points: Points, weights: Weights | None = None) -> None:
        super().__init__(points, weights)
        n, d = points.shape
        room = _rounded_up(n) - n
        rows = tensor(np.pad(self._summands.values, ((0, room), (0, 0))), np.float64)
        pieces, deep = _CUT(rows, tensor(self._summands.grids, np.float64))
        self._summands.look_below(np.flatnonzero(deep.numpy()[:n]))
        self._tensors = tensor(np.pad(self._search.columns[:d], ((0, 0), (0, room))), np.float32), pieces

    def assign(self, centers: Floats) -> Labels:
        """Give each point to its nearest center, ties to the lowest index; ``(1, k, d)`` to ``(1, n)``."""
        checkpoint()
        n, d = self._points.shape
        k = centers.shape[1]
        factors, margin = self._search.scores_of(centers)
        room = _ROOM
        while room < k:
            room *= 8
        spare = np.full((room, d + 1), np.float32(ABOVE_ALL))
        spare[:k], spare[k:, :d] = factors[0], 0
        outcome = _HALF_STEP(
            *self._tensors, tensor([n, k], np.int32), tensor(spare, np.float32), tensor(margin[0], np.float32)
        )
        nearest, doubtful, sums, counts = (result.numpy() for result in outcome)
        labels: Labels = nearest[None, :n].astype(label_dtype(k))
        self._sums = sums[:k].reshape(1, k, 2, -1).transpose(2, 0, 1, 3).copy()
        self._counts = counts[None, :k].astype(np.int64)
        self._settle(centers, labels, np.flatnonzero(doubtful[:n]))
        self._labels, self._totals = labels, None
        if self._weights is not None:
            self._counts = self._summands.counts(labels[0], k)[None]
        return labels

    def _settle(self, centers: Floats, labels: Labels, doubtful: Indices) -> None:
        """Set the labels that are in doubt, and move the points whose label was another to their cluster's sums."""
        before = labels[0, doubtful]
        self._search.decide(centers, labels, doubtful)
        changes = np.flatnonzero(labels[0, doubtful] != before)
        if len(changes):
            rows = doubtful[changes]
            pieces = in_pieces(self._summands.values[rows], self._summands.grids[:, None])
            self._add(1, pieces, labels[0, rows], rows)
            self._add(-1, pieces, before[changes], rows)


def _rounded_up(n: int) -> int:
    """Return the next power of 2 from ``n`` on, or three quarters of it."""
    power = 1 << (n - 1).bit_length()
    return power * 3 // 4 if n <= power * 3 // 4 else power


@cache
def xla_works() -> bool:
    """Tell whether XLA compiles for this machine's processor; not every build of TensorFlow can."""
    try:
        compiled_by_xla(lambda values: values + 1)(tensor([0.0], np.float32))
    except tf.errors.OpError:
        return False
    return True
