"""Distances as graphs: coordinate differences, summed feature by feature as in ``engines.distances``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kmeans_core.engines.tensorflow.library import Tensor, tf
from kmeans_core.rules import Distance

TERM: Final[dict[Distance, Callable[[Tensor], Tensor]]] = {
    "sqeuclidean": tf.square,
    "euclidean": tf.square,
    "cityblock": tf.abs,
}
"""What one coordinate difference adds. Euclidean distances are compared by their squares."""

BLOCK: Final = 2**15
"""Points of a block of an assign, or distances of a block of summed distances: 256 kB, which stay in the cache."""


def summed_terms(distance: Distance, columns: Tensor, references: Tensor) -> Tensor:
    """Sum what the coordinate differences add, feature by feature: distances, squared if Euclidean.

    Parameters
    ----------
    distance : {"sqeuclidean", "euclidean", "cityblock"}
    columns, references : (d, ...) float64
        Coordinates, one row a feature, of shapes that go together.

    Returns
    -------
    (...) float64
    """
    term = TERM[distance]

    def add(feature: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
        return feature + 1, total + term(columns[feature] - references[feature])

    # A loop and not d nodes in a row: the graph optimizer may rearrange a row of additions, and with it the last bit.
    features = tf.shape(columns)[0]
    return tf.while_loop(lambda feature, _: feature < features, add, (1, term(columns[0] - references[0])))[1]


def take_root(distance: Distance, sums: Tensor) -> Tensor:
    """Return distances, given what ``summed_terms`` returned."""
    return tf.sqrt(sums) if distance == "euclidean" else sums


def own_distances(distance: Distance, columns: Tensor, labels: Tensor, centers: Tensor) -> Tensor:
    """Return the distance of each point to its own center.

    Parameters
    ----------
    distance : {"sqeuclidean", "euclidean", "cityblock"}
    columns : (d, n) float64
    labels : (n,) int32
    centers : (k, d) float64

    Returns
    -------
    (n,) float64
    """
    own_centers = tf.gather(tf.transpose(centers), labels, axis=1)
    return take_root(distance, summed_terms(distance, columns, own_centers))


def fill(shape: Tensor, value: float, *, like: Tensor) -> Tensor:
    """Return a tensor full of a value, of the type of another one."""
    return tf.fill(shape, tf.cast(value, like.dtype))
