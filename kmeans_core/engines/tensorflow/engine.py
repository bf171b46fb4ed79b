"""The TensorFlow backend: each half-step is a compiled graph.

It gives the same labels and centers as the NumPy backend, because both do the same arithmetic in the same order
wherever the order shows: a distance is summed feature by feature, sums of points are exact, and ties go to the lowest
index. The rest is written as TensorFlow likes it: loops inside the graph, nothing per point in Python. TensorFlow's
threads round numbers below 2.2e-308 to 0, and with them the squares of differences below 1.5e-154, so that runs on such
values compute in another unit (``kmeans_core.magnitudes``).

On demand it computes in float32, to show what that does; its results are float64 arrays even then.

The graphs leave all sizes open, so that each is traced once, for the first engine that needs it, and serves any n, k
and d. They hold no state and draw no random numbers, so that many threads may run them at once. They stay on the CPU:
a GPU adds in any order.

Large runs by the mean rule go another way, in ``tensorflow.pruned``, with the same labels and centers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Labels, Points, Weights, label_dtype
from kmeans_core.engines import BACKENDS, Engine
from kmeans_core.engines.exact import Summands
from kmeans_core.engines.medoid import TIE
from kmeans_core.engines.numpy import CentersOf, centers_of
from kmeans_core.engines.pruned import PrunedEngine
from kmeans_core.engines.tensorflow.library import Tensor, compiled, tensor, tf
from kmeans_core.engines.tensorflow.pruned import MOST_FEATURES, TensorFlowRun, xla_works
from kmeans_core.rules import CenterKind, Distance, Rule

_BLOCK: Final = 2**15
"""Points of a block of an assign, or distances of a block of summed distances: 256 kB, which stay in the cache."""

# Settings of the search for a medoid, as in kmeans_core.engines.medoid; they decide how fast it ends, not where.
_ALL_PAIRS: Final = 100
_FEW: Final = 8
_PRICE: Final = 4
_PATIENCE: Final = 3
_REACH: Final = 8.0

_NAN: Final = float("nan")
_INF: Final = float("inf")

_LABELS: Final = tf.TensorSpec([None], tf.int32)
_COUNT: Final = tf.TensorSpec([], tf.int32)


# Distances.

_TERM: Final[dict[Distance, Callable[[Tensor], Tensor]]] = {
    "sqeuclidean": tf.square,
    "euclidean": tf.square,
    "cityblock": tf.abs,
}
"""What one coordinate difference adds. Euclidean distances are compared by their squares."""


def _summed_terms(distance: Distance, columns: Tensor, others: Tensor) -> Tensor:
    """Sum what the coordinate differences add, feature by feature: distances, squared if Euclidean.

    Parameters
    ----------
    distance : {"sqeuclidean", "euclidean", "cityblock"}
    columns, others : (d, ...) float64
        Coordinates, one row a feature, of shapes that go together.

    Returns
    -------
    (...) float64
    """
    term = _TERM[distance]

    def add(feature: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
        return feature + 1, total + term(columns[feature] - others[feature])

    # A loop and not d nodes in a row: the graph optimizer may rearrange a row of additions, and with it the last bit.
    features = tf.shape(columns)[0]
    return tf.while_loop(lambda feature, _: feature < features, add, (1, term(columns[0] - others[0])))[1]


def _finished(distance: Distance, summed: Tensor) -> Tensor:
    """Return distances, given what ``_summed_terms`` returned."""
    return tf.sqrt(summed) if distance == "euclidean" else summed


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
    return _finished(distance, _summed_terms(distance, columns, own_centers))


# Assign.


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
    blocks = (n + _BLOCK - 1) // _BLOCK
    labels = tf.TensorArray(tf.int32, blocks, element_shape=[None], infer_shape=False)
    nearest = tf.TensorArray(columns.dtype, blocks, element_shape=[None], infer_shape=False)

    def assign_block(block: Tensor, labels: Tensor, nearest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        part = columns[:, block * _BLOCK : (block + 1) * _BLOCK]
        part_labels, part_nearest = _nearest_center(distance, part, centers)
        return block + 1, labels.write(block, part_labels), nearest.write(block, part_nearest)

    _, labels, nearest = tf.while_loop(lambda block, *_: block < blocks, assign_block, (0, labels, nearest))
    return labels.concat(), tf.reduce_sum(_finished(distance, nearest.concat()))


def _nearest_center(distance: Distance, columns: Tensor, centers: Tensor) -> tuple[Tensor, Tensor]:
    """Return the nearest center of each point, ``(m,) int32``, and how near it is, ``(m,) float64``.

    Only a center that is strictly nearer takes a point from one before it, so that ties go to the lowest index.
    """
    k = tf.shape(centers)[0]

    def compare(center: Tensor, labels: Tensor, nearest: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        distances = _summed_terms(distance, columns, centers[center])
        nearer = distances < nearest
        return center + 1, tf.where(nearer, center, labels), tf.where(nearer, distances, nearest)

    first = _summed_terms(distance, columns, centers[0])
    start = (1, tf.zeros_like(first, tf.int32), first)
    _, labels, nearest = tf.while_loop(lambda center, *_: center < k, compare, start)
    return labels, nearest


# Refine.


def _cluster_sums(values: Tensor, labels: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
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
    return tf.math.unsorted_segment_sum(values, labels, k), _counts(labels, k)


def _counts(labels: Tensor, k: Tensor) -> Tensor:
    """Return the number of points in each cluster, ``(k,) int64``."""
    return tf.math.bincount(labels, minlength=k, maxlength=k, dtype=tf.int64)


def _each(center: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Lift ``center``, from the columns ``(d, m)`` of one cluster to its center ``(d,)``, to all clusters.

    The lifted function takes columns, labels and k, and returns centers, NaN for an empty cluster, and counts.
    """

    def centers_of(columns: Tensor, labels: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
        counts = _counts(labels, k)

        def center_of(cluster: Tensor) -> Tensor:
            members = tf.gather(columns, tf.where(labels == cluster)[:, 0], axis=1)
            nowhere = _filled(tf.shape(columns)[:1], _NAN, like=columns)
            return tf.cond(counts[cluster] == 0, lambda: nowhere, lambda: center(members))

        return tf.map_fn(center_of, tf.range(k), fn_output_signature=tf.TensorSpec([None], columns.dtype)), counts

    return centers_of


def _filled(shape: Tensor, value: float, *, like: Tensor) -> Tensor:
    """Return a tensor full of a value, of the type of another one."""
    return tf.fill(shape, tf.cast(value, like.dtype))


def _median(columns: Tensor) -> Tensor:
    """Return the median of each feature: the mean of its two middle values, which are the same if m is odd."""
    m = tf.shape(columns)[1]
    values = tf.sort(columns)
    return (values[:, (m - 1) // 2] + values[:, m // 2]) / 2


def _medoid(columns: Tensor) -> Tensor:
    """Return the point whose summed distance to all is least."""
    return columns[:, _medoid_index(columns)]


# The medoid of one cluster: the search of ``kmeans_core.engines.medoid``, whose formulas and names these are. What is
# left to search is told by a mask and not by a list that shrinks, which suits whole-array operations.


def _medoid_index(columns: Tensor) -> Tensor:
    """Return the index of the point whose summed distance to all is least, the lowest index among ties.

    Parameters
    ----------
    columns : (d, m) float64
        m is at least 1.

    Returns
    -------
    () int64
    """
    sums, rest = tf.cond(
        tf.shape(columns)[1] > _ALL_PAIRS,
        lambda: _rule_out(columns),
        lambda: (_filled(tf.shape(columns)[1:], _INF, like=columns), tf.ones_like(columns[0], tf.bool)),
    )
    sums = _sum_plainly(columns, sums, tf.where(rest)[:, 0])
    return tf.reduce_min(tf.where(sums <= tf.reduce_min(sums) * (1 + TIE)))


def _rule_out(columns: Tensor) -> tuple[Tensor, Tensor]:
    """Compute the summed distance of a few points, until few others may still be the medoid.

    Parameters
    ----------
    columns : (d, m) float64

    Returns
    -------
    sums : (m,) float64
        Infinity where it was not computed.
    rest : (m,) bool
        The points that may still be the medoid and were not computed.
    """

    def worth_going_on(rest: Tensor, _sums: Tensor, _bounds: Tensor, _index: Tensor, patience: Tensor) -> Tensor:
        return (patience > 0) & (tf.math.count_nonzero(rest) > _FEW)

    def evaluate(rest: Tensor, sums: Tensor, bounds: Tensor, index: Tensor, patience: Tensor) -> tuple[Tensor, ...]:
        total, lower, same = _sum_and_bounds(columns, index)
        sums = tf.where(same, total, sums)
        bounds = tf.maximum(bounds, lower)
        possible = rest & ~same & (bounds <= tf.reduce_min(sums) * (1 + TIE))
        ruled_out = tf.math.count_nonzero(rest) - tf.math.count_nonzero(possible)
        patience = tf.where(ruled_out >= _PRICE, _PATIENCE, patience - 1)
        return possible, sums, bounds, tf.argmin(tf.where(possible, bounds, infinite)), patience

    infinite = _filled(tf.shape(columns)[1:], _INF, like=columns)
    # The mean is not far from the medoid, as a rule.
    first = tf.argmin(_summed_terms("sqeuclidean", columns, tf.reduce_mean(columns, axis=1)))
    start = (infinite > 0, infinite, -infinite, first, _PATIENCE)
    rest, sums, *_ = tf.while_loop(worth_going_on, evaluate, start)
    return sums, rest


def _sum_and_bounds(columns: Tensor, index: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the summed distance S of one point x, a lower bound on that of every point, and which points lie on x.

    Parameters
    ----------
    columns : (d, m) float64
    index : () int64
        x.

    Returns
    -------
    total : () float64
    lower : (m,) float64
    same : (m,) bool
    """
    d, m = tf.unstack(tf.cast(tf.shape(columns), columns.dtype))
    h = columns - columns[:, index, tf.newaxis]
    r = tf.sqrt(tf.reduce_sum(tf.square(h), axis=0))
    total = tf.reduce_sum(r)
    same = tf.equal(r, 0)
    divisor = tf.where(same, tf.cast(_INF, r.dtype), r)
    u = h / divisor
    z = m - tf.cast(tf.math.count_nonzero(r), r.dtype)
    reach = total / m * tf.minimum(_REACH * m ** (-1 / d), 1.0)
    weight = 1 / (divisor + reach)
    identity = tf.eye(tf.shape(columns)[0], dtype=columns.dtype)
    curvature = tf.reduce_sum(weight) * identity - tf.matmul(u * weight, u, transpose_b=True)
    slope = z * r - tf.tensordot(tf.reduce_sum(u, axis=1), h, 1)
    bend = tf.reduce_sum(tf.matmul(curvature, h) * h, axis=0) / 2 * tf.minimum(reach / divisor, 1.0)
    # No term is larger than S(x) + S(y), so a small fraction of S(x) covers all rounding.
    return total, total * (1 - TIE) + slope + bend, same


def _sum_plainly(columns: Tensor, sums: Tensor, rest: Tensor) -> Tensor:
    """Fill in the summed distances of the points ``rest``, some at a time.

    Parameters
    ----------
    columns : (d, m) float64
    sums : (m,) float64
    rest : (count,) int64
        Indices of points.

    Returns
    -------
    (m,) float64
    """
    count = tf.size(rest)
    rows = tf.maximum(1, _BLOCK // tf.shape(columns)[1])

    def fill_in(start: Tensor, sums: Tensor) -> tuple[Tensor, Tensor]:
        some = rest[start : start + rows]
        squares = _summed_terms(
            "sqeuclidean", columns[:, tf.newaxis], tf.gather(columns, some, axis=1)[:, :, tf.newaxis]
        )
        totals = tf.reduce_sum(tf.sqrt(squares), axis=1)
        return start + rows, tf.tensor_scatter_nd_update(sums, some[:, tf.newaxis], totals)

    return tf.while_loop(lambda start, _: start < count, fill_in, (0, sums))[1]


# What is compiled: traced when the first engine asks for it, and never again.


@dataclass(frozen=True, slots=True)
class _Graphs:
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


def _graphs(precision: str) -> _Graphs:
    """Compile everything for floats of a precision; nothing is traced yet."""
    floats = tf.TensorSpec([None, None], precision)
    return _Graphs(
        assign={distance: compiled(partial(assign, distance), floats, floats) for distance in _TERM},
        own_distances={
            distance: compiled(partial(own_distances, distance), floats, _LABELS, floats) for distance in _TERM
        },
        refine={
            "mean": compiled(_cluster_sums, floats, _LABELS, _COUNT),
            "medoid": compiled(_each(_medoid), floats, _LABELS, _COUNT),
            "median": compiled(_each(_median), floats, _LABELS, _COUNT),
        },
    )


_GRAPHS: Final = {precision: _graphs(precision) for precision in ("float64", "float32")}


def tracing_seconds(rule: Rule) -> float:
    """Return how long it takes to trace a rule's graphs, which the first run has to wait for: measured on new ones."""
    fresh = _graphs("float64")
    started = perf_counter()
    fresh.of(rule)
    return perf_counter() - started


class TensorFlowEngine:
    """Points as columns on the CPU, with the rule's graphs. Fulfils the ``Engine`` protocol."""

    def __init__(self, points: Points, rule: Rule, precision: str, weights: Weights | None = None) -> None:
        self._floats = np.dtype(precision)
        self._weights = weights
        self._columns = tensor(points.T, self._floats)
        self._assign, refine, self._own_distances = _GRAPHS[precision].of(rule)
        self._centers_of: CentersOf
        if rule.center == "mean":
            means = _Means if precision == "float64" else _RoundedMeans
            self._centers_of = means(refine, points, weights)
        elif weights is not None:
            # Graphs of weighted medians and medoids would have to repeat all that decides near-ties, for less speed.
            rounded = points.astype(self._floats).astype(np.float64)
            self._centers_of = centers_of(rounded, rule, weights)
        else:
            self._centers_of = partial(_graph_centers, refine, self._columns)

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        found, cost = self._assign(self._columns, tensor(centers, self._floats))
        labels: Labels = found.numpy().astype(label_dtype(len(centers)))
        return labels, float(cost) if self._weights is None else self.cost(labels, centers)

    def refine(self, labels: Labels, k: int) -> tuple[Centers, NDArray[np.int64]]:
        """Find the rule's best center of each cluster; NaN where a cluster is empty."""
        return self._centers_of(labels, k)

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


def _graph_centers(refine: Any, columns: Tensor, labels: Labels, k: int) -> tuple[Centers, NDArray[np.int64]]:
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

    def __call__(self, labels: Labels, k: int) -> tuple[Centers, NDArray[np.int64]]:
        """Return the mean of each cluster, NaN where it is empty, and the counts."""
        sums, counts = self._graph(self._pieces, tensor(labels, np.int32), tensor(k, np.int32))
        pieces = sums.numpy().reshape(k, 2, -1).transpose(1, 0, 2)
        counts = counts.numpy() if self._weights is None else self._summands.counts(labels, k)
        return self._summands.means(self._summands.completed(pieces, labels), counts), counts


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

    def __call__(self, labels: Labels, k: int) -> tuple[Centers, NDArray[np.int64]]:
        """Return the mean of each cluster, NaN where it is empty, and the counts."""
        found, counts = self._graph(self._values, tensor(labels, np.int32), tensor(k, np.int32))
        sums, counts = found.numpy(), counts.numpy()
        divisors = counts.astype(np.float32)[:, None]
        if self._weights is not None:
            counts = np.bincount(labels[self._weights > 0], minlength=k)
            sums, divisors = sums[:, :-1], sums[:, -1:]
        with np.errstate(invalid="ignore"):  # 0 / 0 is the NaN of an empty cluster
            return (sums / divisors).astype(np.float64), counts


FAST_FROM: Final = BACKENDS["tensorflow"].prunes_from
"""From so many points on, screening them is faster than looking at each, and worth what XLA takes to compile."""


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
