"""Pruning for many points on TensorFlow: the idea of ``kmeans_core.engines.pruned`` in one loop compiled by XLA.

For each point the loop keeps the least score, the second least, and whose the least is, over some centers at a time in
registers: no score is ever written to memory. Then it adds up the pieces of ``kmeans_core.engines.exact`` by cluster;
such sums are exact, however XLA orders them. The few labels that are in doubt are settled as they are without
TensorFlow.

XLA compiles for the shapes it meets, which takes some tenths of a second and some megabytes for good. So few shapes are
left: numbers of points are rounded up, by a half at most, and there is room for 64 centers, or 512, or more.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from kmeans_core.arrays import Floats, Indices, Labels, Points, Weights, label_dtype
from kmeans_core.engines.exact import in_pieces
from kmeans_core.engines.pruned import ABOVE_ALL, MeanRuns
from kmeans_core.engines.tensorflow.library import Tensor, compiled_by_xla, tensor, tf

MOST_FEATURES: Final = 8
"""Up to so many features the loop over them is unrolled."""

_AT_ONCE: Final = 8
"""So many centers are compared in one pass over the points."""

_ROOM: Final = 64
"""So many centers have room, or 8 times as many, and so on."""


def _half_step(
    columns: Tensor, pieces: Tensor, sizes: Tensor, weights: Tensor, doubt: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give each point to the center of the least score, and add up the clusters.

    Parameters
    ----------
    columns : (d, m) float32
    pieces : (m, p) float64
    sizes : (2,) int32
        How many of the m are points, and how many weights are of centers.
    weights : (room, d + 1) float32
        Of the centers, and room for more: a whole multiple of ``_AT_ONCE``, the scores of the rest above all others.
    doubt : () float32

    Returns
    -------
    labels : (m,) int32
    doubtful : (m,) bool
        Whether another center comes near the label's.
    sums : (room, p) float64
    counts : (room,) int32
    """
    room, d = weights.shape[0], columns.shape[0]
    n, k = sizes[0], sizes[1]

    def compare(first: Tensor, least: Tensor, second: Tensor, labels: Tensor) -> tuple[Tensor, ...]:
        for center in range(_AT_ONCE):
            score = weights[first + center, d]
            for feature in range(d):
                score = score + weights[first + center, feature] * columns[feature]
            labels = tf.where(score < least, first + center, labels)
            second = tf.minimum(second, tf.maximum(least, score))
            least = tf.minimum(least, score)
        return first + _AT_ONCE, least, second, labels

    beyond = tf.fill(tf.shape(columns[0]), np.float32(np.inf))
    start = (0, beyond, beyond, tf.zeros_like(beyond, tf.int32))
    _, least, second, labels = tf.while_loop(lambda first, *_: first < k, compare, start)
    clusters = tf.where(tf.range(tf.shape(labels)[0]) < n, labels, room)
    sums, counts = (
        tf.math.unsorted_segment_sum(values, clusters, room + 1)[:room] for values in (pieces, tf.ones_like(clusters))
    )
    # "Not above" and not "below or equal": what is not a number is in doubt, too.
    return labels, tf.logical_not(second - least > doubt), sums, counts


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
        self._tensors = tensor(np.pad(self._screen.columns[:d], ((0, 0), (0, room))), np.float32), pieces

    def assign(self, centers: Floats) -> Labels:
        """Give each point to its nearest center, ties to the lowest index; ``(1, k, d)`` to ``(1, n)``."""
        n, d = self._points.shape
        k = centers.shape[1]
        weights, doubt = self._screen.weights(centers)
        room = _ROOM
        while room < k:
            room *= 8
        spare = np.full((room, d + 1), np.float32(ABOVE_ALL))
        spare[:k], spare[k:, :d] = weights[0], 0
        outcome = _HALF_STEP(
            *self._tensors, tensor([n, k], np.int32), tensor(spare, np.float32), tensor(doubt[0], np.float32)
        )
        found, doubtful, sums, counts = (result.numpy() for result in outcome)
        labels: Labels = found[None, :n].astype(label_dtype(k))
        self._sums = sums[:k].reshape(1, k, 2, -1).transpose(2, 0, 1, 3).copy()
        self._counts = counts[None, :k].astype(np.int64)
        self._settle(centers, labels, np.flatnonzero(doubtful[:n]))
        self._labels, self._totals = labels, None
        if self._weights is not None:
            self._counts = self._summands.counts(labels[0], k)[None]
        return labels

    def _settle(self, centers: Floats, labels: Labels, doubtful: Indices) -> None:
        """Set the labels that are in doubt, and move the points whose label was another to their cluster's sums."""
        screened = labels[0, doubtful]
        self._screen.decide(centers, labels, doubtful)
        other = np.flatnonzero(labels[0, doubtful] != screened)
        if len(other):
            rows = doubtful[other]
            pieces = in_pieces(self._summands.values[rows], self._summands.grids[:, None])
            self._add(1, pieces, labels[0, rows], rows)
            self._add(-1, pieces, screened[other], rows)


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
