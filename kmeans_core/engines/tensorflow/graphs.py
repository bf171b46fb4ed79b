"""The half-steps as compiled graphs.

They leave all sizes open, so that each is traced once, for the first engine that needs it, and serves any n, k and d.
They hold no state and draw no random numbers, so that many threads may run them at once. They stay on the CPU: a GPU
adds in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from kmeans_core.engines.tensorflow import medoid
from kmeans_core.engines.tensorflow.distances import BLOCK, TERM, fill, own_distances, summed_terms, take_root
from kmeans_core.engines.tensorflow.library import Tensor, compile_function, tf
from kmeans_core.rules import CenterKind, Distance, Rule

_NAN: Final = float("nan")

_LABELS: Final = tf.TensorSpec([None], tf.int32)
_COUNT: Final = tf.TensorSpec([], tf.int32)


def assign(distance: Distance, columns: Tensor, centers: Tensor) -> tuple[Tensor, Tensor]:
    """Find the nearest center of each point, and the cost.

    Parameters
    ----------
    distance : {"sqeuclidean", "euclidean", "cityblock"}
    columns : (d, n) float64
    centers : (k, d) float64

    Returns
    -------
    labels : (n,) int32
    cost : () float64
    """
    n = tf.shape(columns)[1]
    blocks = (n + BLOCK - 1) // BLOCK
    labels = tf.TensorArray(tf.int32, blocks, element_shape=[None], infer_shape=False)
    nearest = tf.TensorArray(columns.dtype, blocks, element_shape=[None], infer_shape=False)

    def assign_block(block: Tensor, labels: Tensor, nearest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        part = columns[:, block * BLOCK : (block + 1) * BLOCK]
        part_labels, part_nearest = nearest_center(distance, part, centers)
        return block + 1, labels.write(block, part_labels), nearest.write(block, part_nearest)

    _, labels, nearest = tf.while_loop(lambda block, *_: block < blocks, assign_block, (0, labels, nearest))
    return labels.concat(), tf.reduce_sum(take_root(distance, nearest.concat()))


def nearest_center(distance: Distance, columns: Tensor, centers: Tensor) -> tuple[Tensor, Tensor]:
    """Return the nearest center of each point, ``(m,) int32``, and how near it is, ``(m,) float64``.

    Only a center that is strictly nearer takes a point from one before it, so that ties go to the lowest index.
    """
    k = tf.shape(centers)[0]

    def compare(center: Tensor, labels: Tensor, nearest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        distances = summed_terms(distance, columns, centers[center])  # excerpt: tensorflow.assign
        nearer = distances < nearest  # excerpt: tensorflow.assign
        # excerpt: tensorflow.assign
        return center + 1, tf.where(nearer, center, labels), tf.where(nearer, distances, nearest)

    first = summed_terms(distance, columns, centers[0])
    start = (1, tf.zeros_like(first, tf.int32), first)
    _, labels, nearest = tf.while_loop(lambda center, *_: center < k, compare, start)
    return labels, nearest


def cluster_sums(values: Tensor, labels: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
    """Return the sum of each column in each cluster, and the number of its points.

    Parameters
    ----------
    values : (n, m) float64
        The points, cut by ``kmeans_core.engines.exact`` so that their sums are exact in any order; in float32, which
        has no digits to spare, whole.
    labels : (n,) int32
    k : () int32

    Returns
    -------
    sums : (k, m) float64
    counts : (k,) int64
    """
    # excerpt: tensorflow.mean
    return tf.math.unsorted_segment_sum(values, labels, k), cluster_counts(labels, k)


def cluster_counts(labels: Tensor, k: Tensor) -> Tensor:
    """Return the number of points in each cluster, ``(k,) int64``."""
    return tf.math.bincount(labels, minlength=k, maxlength=k, dtype=tf.int64)


def for_each_cluster(center: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Lift ``center``, from the columns ``(d, m)`` of one cluster to its center ``(d,)``, to all clusters.

    The lifted function takes columns, labels and k, and returns centers, NaN for an empty cluster, and counts.
    """

    def centers_of(columns: Tensor, labels: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
        counts = cluster_counts(labels, k)

        def center_of(cluster: Tensor) -> Tensor:
            # excerpt: tensorflow.medoid tensorflow.median
            members = tf.gather(columns, tf.where(labels == cluster)[:, 0], axis=1)
            nowhere = fill(tf.shape(columns)[:1], _NAN, like=columns)
            # excerpt: tensorflow.medoid tensorflow.median
            return tf.cond(counts[cluster] == 0, lambda: nowhere, lambda: center(members))

        return tf.map_fn(center_of, tf.range(k), fn_output_signature=tf.TensorSpec([None], columns.dtype)), counts

    return centers_of


def median(columns: Tensor) -> Tensor:
    """Return the median of each feature: the mean of its two middle values, which are the same if m is odd."""
    m = tf.shape(columns)[1]
    values = tf.sort(columns)
    return (values[:, (m - 1) // 2] + values[:, m // 2]) / 2  # excerpt: tensorflow.median


@dataclass(frozen=True, slots=True)
class Graphs:
    """Everything compiled, for floats of one precision."""

    assign: dict[Distance, Any]
    own_distances: dict[Distance, Any]
    refine: dict[CenterKind, Any]

    def of(self, rule: Rule) -> tuple[Any, Any, Any]:
        """Return the graphs of a rule's assign, refine and distances, traced if they were not."""
        # The graphs themselves: to call what makes them would trace here, too, but from many threads not in silence.
        functions = (self.assign[rule.distance], self.refine[rule.center], self.own_distances[rule.distance])
        assign, refine, own_distances = (function.get_concrete_function() for function in functions)
        return assign, refine, own_distances


def compile_graphs(precision: str) -> Graphs:
    """Compile everything for floats of a precision; nothing is traced yet."""
    floats = tf.TensorSpec([None, None], precision)
    return Graphs(
        assign={distance: compile_function(partial(assign, distance), floats, floats) for distance in TERM},
        own_distances={
            distance: compile_function(partial(own_distances, distance), floats, _LABELS, floats) for distance in TERM
        },
        refine={
            "mean": compile_function(cluster_sums, floats, _LABELS, _COUNT),
            "medoid": compile_function(for_each_cluster(medoid.medoid), floats, _LABELS, _COUNT),
            "median": compile_function(for_each_cluster(median), floats, _LABELS, _COUNT),
        },
    )


GRAPHS: Final = {precision: compile_graphs(precision) for precision in ("float64", "float32")}
