"""TensorFlow's way to screen many points: the idea of ``kmeans_core.screening`` in one loop compiled by XLA.

For each point the loop keeps the least score, the second least, and whose the least is, all in registers: no score is
ever written to memory. Then it adds up the pieces of ``kmeans_core.exact`` by cluster; such sums are exact, however XLA
orders them. The few labels that are in doubt are settled as they are without TensorFlow.

XLA compiles for the shapes it meets, which takes some tenths of a second. So numbers of points are rounded up, by an
eighth at most, and what was compiled serves all that come near.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from kmeans_core.backends.tensorflow_library import Tensor, compiled_by_xla, tensor, tf
from kmeans_core.distances import Floats
from kmeans_core.exact import in_pieces
from kmeans_core.screening import Indices, MeanRuns, ScreeningEngine
from kmeans_core.types import Labels, Points, label_dtype

MOST_FEATURES: Final = 8
"""Up to so many features the loop over them is unrolled."""

_UNROLLED: Final = 32
"""Up to so many centers the loop over them is unrolled, which is faster, but takes its time to compile."""


def _half_step(
    columns: Tensor, pieces: Tensor, n: Tensor, weights: Tensor, doubt: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give each point to the center of the least score, and add up the clusters.

    Parameters
    ----------
    columns : (d, m) float32
    pieces : (m, 2 d) float64
        Of ``_cut``.
    n : () int32
        How many of the m are points.
    weights : (k, d + 1) float32
    doubt : () float32

    Returns
    -------
    labels : (m,) unsigned
    doubtful : (m,) bool
        Whether another center comes near the label's.
    sums : (k, 2 d) float64
    counts : (k,) int32
    """
    k, d = weights.shape[0], columns.shape[0]

    def scores(center: Tensor) -> Tensor:
        total = weights[center, d]
        for feature in range(d):
            total = total + weights[center, feature] * columns[feature]
        return total

    def compare(center: Tensor, least: Tensor, second: Tensor, labels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        score = scores(center)
        labels = tf.where(score < least, center, labels)
        return tf.minimum(least, score), tf.minimum(second, tf.maximum(least, score)), labels

    least = scores(0)
    state = least, tf.fill(tf.shape(least), np.float32(np.inf)), tf.zeros_like(least, tf.int32)
    for center in range(1, min(k, _UNROLLED)):
        state = compare(center, *state)
    if k > _UNROLLED:
        start = (_UNROLLED, *state)
        _, *state = tf.while_loop(lambda center, *_: center < k, lambda c, *s: (c + 1, *compare(c, *s)), start)
    least, second, labels = state
    clusters = tf.where(tf.range(tf.shape(labels)[0]) < n, labels, k)
    sums, counts = (
        tf.math.unsorted_segment_sum(values, clusters, k + 1)[:k] for values in (pieces, tf.ones_like(clusters))
    )
    # "Not above" and not "below or equal": what is not a number is in doubt, too.
    return tf.cast(labels, label_dtype(k)), tf.logical_not(second - least > doubt), sums, counts


def _cut(points: Tensor, grids: Tensor) -> Tensor:
    """Return the pieces of points ``(m, d)``, the coarse ones of all features and then the fine ones: ``(m, 2 d)``."""
    coarse = (points + grids[0]) - grids[0]
    fine = ((points - coarse) + grids[1]) - grids[1]
    return tf.concat([coarse, fine], axis=1)


_HALF_STEP: Final = compiled_by_xla(_half_step)
_CUT: Final = compiled_by_xla(_cut)


class TensorFlowRun(MeanRuns):
    """One run by the mean rule whose labels and sums TensorFlow computes."""

    def __init__(self, points: Points) -> None:
        super().__init__(points)
        n, d = points.shape
        room = _rounded_up(n) - n
        rows = tensor(np.pad(points, ((0, room), (0, 0))), np.float64)
        self._tensors = (
            tensor(np.pad(self._screen.columns[:d], ((0, 0), (0, room))), np.float32),
            _CUT(rows, tensor(self._grids[:, 0], np.float64)),
            tensor(n, np.int32),
        )

    def assign(self, centers: Floats) -> Labels:
        """Give each point to its nearest center, ties to the lowest index; ``(1, k, d)`` to ``(1, n)``."""
        n, d = self._points.shape
        k = centers.shape[1]
        weights, doubt = self._screen.weights(centers)
        outcome = _HALF_STEP(*self._tensors, tensor(weights[0], np.float32), tensor(doubt[0], np.float32))
        found, doubtful, sums, counts = (result.numpy() for result in outcome)
        labels: Labels = found[None, :n].copy()
        self._sums = sums.reshape(1, k, 2, d).transpose(2, 0, 1, 3).copy()
        self._counts = counts[None].astype(np.int64)
        self._settle(centers, labels, np.flatnonzero(doubtful[:n]))
        before, self._labels = self._labels, labels
        same = before is not None and before.dtype == labels.dtype
        self.moved = np.array([np.count_nonzero(labels != before) if same else n])
        self._totals = self._sums[0] + self._sums[1]
        return labels

    def _settle(self, centers: Floats, labels: Labels, doubtful: Indices) -> None:
        """Set the labels that are in doubt, and move the points whose label was another to their cluster's sums."""
        screened = labels[0, doubtful]
        self._screen.decide(centers, labels, doubtful)
        other = np.flatnonzero(labels[0, doubtful] != screened)
        if len(other):
            pieces = in_pieces(self._points[doubtful[other]], self._grids)
            self._add(1, pieces, labels[0, doubtful[other]])
            self._add(-1, pieces, screened[other])


def _rounded_up(n: int) -> int:
    """Return the next number from ``n`` on that is a multiple of a sixteenth of a power of 2 above it."""
    step = max(1, (1 << (n - 1).bit_length()) // 16)
    return -(-n // step) * step


class TensorFlowScreeningEngine(ScreeningEngine):
    """One run by the mean rule on TensorFlow. Fulfils the ``Engine`` protocol."""

    def __init__(self, points: Points) -> None:
        super().__init__(points, TensorFlowRun(points))


@cache
def xla_works() -> bool:
    """Tell whether XLA compiles for this machine's processor; not every build of TensorFlow can."""
    try:
        compiled_by_xla(lambda values: values + 1)(tensor([0.0], np.float32))
    except tf.errors.OpError:
        return False
    return True
