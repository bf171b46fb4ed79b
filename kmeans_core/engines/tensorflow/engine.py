"""The TensorFlow engine: each half-step is a compiled graph.

It gives the same labels and centers as the NumPy engine, because both do the same arithmetic in the same order
wherever the order shows: a distance is summed feature by feature, sums of points are exact, and ties go to the lowest
index. The rest is written as TensorFlow likes it: loops inside the graph, nothing per point in Python. TensorFlow's
threads round numbers below 2.2e-308 to 0, and with them the squares of differences below 1.5e-154, so runs on such
values compute in another unit (``engines.units``).

On demand it computes in float32, to show what that does; its results are float64 arrays even then. Large runs by the
mean rule are left to the pruned engine, with the same labels and centers.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Counts, Labels, Points, Weights, label_dtype
from kmeans_core.checkpoints import checkpoint
from kmeans_core.engines import BACKENDS, Engine
from kmeans_core.engines.cluster_centers import Refine, refine_for
from kmeans_core.engines.exact import Summands
from kmeans_core.engines.pruned import PrunedEngine
from kmeans_core.engines.tensorflow import graphs
from kmeans_core.engines.tensorflow.library import Tensor, tensor
from kmeans_core.engines.tensorflow.pruned import MOST_FEATURES, TensorFlowRun, xla_works
from kmeans_core.rules import Rule

FAST_FROM: Final = BACKENDS["tensorflow"].prunes_from
"""From this many points on, the pruned engine is faster, and worth the time that XLA takes to compile it."""


def engine(points: Points, rule: Rule, weights: Weights | None = None, *, precision: str = "float64") -> Engine:
    """Make points ready for a rule: by the plain engine above, or by one that finds the same faster.

    Parameters
    ----------
    points : (n, d) float64
    rule : Rule
    weights : (n,) float64, or None
        0 or more. A point of weight w counts as w copies.
    precision : {"float64", "float32"}
        What is computed in; points and centers are rounded to it.

    Returns
    -------
    Engine
    """
    many = len(points) >= FAST_FROM and points.shape[1] <= MOST_FEATURES
    if rule.center == "mean" and precision == "float64" and many and xla_works():
        return PrunedEngine(TensorFlowRun(points, weights))
    return TensorFlowEngine(points, rule, precision, weights)


class TensorFlowEngine:
    """Points as columns on the CPU, with the rule's graphs. Fulfills the ``Engine`` protocol."""

    def __init__(self, points: Points, rule: Rule, precision: str, weights: Weights | None = None) -> None:
        self._floats = np.dtype(precision)
        self._weights = weights
        self._columns = tensor(points.T, self._floats)
        self._assign, refine, self._own_distances = graphs.GRAPHS[precision].of(rule)
        self._refine: Refine
        if rule.center == "mean":
            means = _Means if precision == "float64" else _RoundedMeans
            self._refine = means(refine, points, weights)
        elif weights is not None:
            # Graphs of weighted medians and medoids would have to repeat all that decides near-ties, for less speed.
            float_points = points.astype(self._floats).astype(np.float64)
            self._refine = refine_for(float_points, rule, weights)
        else:
            self._refine = partial(_graph_centers, refine, self._columns)

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        checkpoint()
        nearest, cost = self._assign(self._columns, tensor(centers, self._floats))
        labels: Labels = nearest.numpy().astype(label_dtype(len(centers)))
        return labels, float(cost) if self._weights is None else self.cost(labels, centers)

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster; NaN where a cluster is empty."""
        return self._refine(labels, k)

    def distances(self, labels: Labels, centers: Centers) -> NDArray[np.float64]:
        """Return the distance of each point to its own center."""
        distances: NDArray[Any] = self._own_distances(
            self._columns, tensor(labels, np.int32), tensor(centers, self._floats)
        ).numpy()
        return distances.astype(np.float64, copy=False)

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        distances = self.distances(labels, centers)
        return float(distances.sum() if self._weights is None else (distances * self._weights).sum())


def _graph_centers(refine: Any, columns: Tensor, labels: Labels, k: int) -> tuple[Centers, Counts]:
    """Return the centers that a graph finds, and the counts."""
    centers, counts = refine(columns, tensor(labels, np.int32), tensor(k, np.int32))
    return centers.numpy().astype(np.float64, copy=False), counts.numpy()


class _Means:
    """Correctly rounded means, from exact sums."""

    def __init__(self, graph: Any, points: Points, weights: Weights | None) -> None:
        self._graph = graph
        self._weights = weights
        self._summands = Summands(points, weights)
        pieces = self._summands.pieces()
        self._pieces = tensor(np.concatenate(list(pieces), axis=1), np.float64)

    def __call__(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Return the mean of each cluster, NaN where it is empty, and the counts."""
        sums, counts = self._graph(self._pieces, tensor(labels, np.int32), tensor(k, np.int32))
        pieces = sums.numpy().reshape(k, 2, -1).transpose(1, 0, 2)
        counts = counts.numpy() if self._weights is None else self._summands.counts(labels, k)
        # excerpt: tensorflow.mean
        return self._summands.means(self._summands.complete(pieces, labels), counts), counts


class _RoundedMeans:
    """Means as float32 has them: running sums that are rounded after each point."""

    def __init__(self, graph: Any, points: Points, weights: Weights | None) -> None:
        self._graph = graph
        self._weights = weights
        values = points.astype(np.float32)
        if weights is not None:
            factors = weights.astype(np.float32)[:, None]
            values = np.concatenate([values * factors, factors], axis=1)
        self._values = tensor(values, np.float32)

    def __call__(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Return the mean of each cluster, NaN where it is empty, and the counts."""
        totals, counts = self._graph(self._values, tensor(labels, np.int32), tensor(k, np.int32))
        sums, counts = totals.numpy(), counts.numpy()
        divisors = counts.astype(np.float32)[:, None]
        if self._weights is not None:
            counts = np.bincount(labels[self._weights > 0], minlength=k)
            sums, divisors = sums[:, :-1], sums[:, -1:]
        with np.errstate(invalid="ignore"):  # 0 / 0 is the NaN of an empty cluster
            return (sums / divisors).astype(np.float64), counts


def tracing_seconds(rule: Rule) -> float:
    """Return how long it takes to trace a rule's graphs, which the first run has to wait for: measured on new ones."""
    fresh = graphs.compile_graphs("float64")
    start = perf_counter()
    fresh.of(rule)
    return perf_counter() - start
