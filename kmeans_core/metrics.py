"""Numbers that judge a clustering, whatever found it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, get_args

import numpy as np
from numpy.typing import ArrayLike

from kmeans_core.arrays import Counts, Floats, Indices
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.engines.numpy import NumpyEngine
from kmeans_core.engines.rescaled import engine_in
from kmeans_core.engines.units import unit_for
from kmeans_core.rules import RULES, Distance
from kmeans_core.validation import (
    as_array,
    is_whole_number_in,
    largest_magnitude,
    validate_choice,
    validate_magnitude,
    validate_points,
    validate_rows,
    validate_sample,
)

MAX_MATCHED: Final = 16
"""The most clusters that ``match_clusters`` matches: its time doubles with each one more."""

_MOST_CELLS: Final = 2**16
"""Up to this many pairs of clusters are counted in a table of all pairs, of half a megabyte."""


def cost_of(
    points: ArrayLike, labels: ArrayLike, centers: ArrayLike, weights: ArrayLike | None = None, *, rule: str = "mean"
) -> float:
    """Return the cost of labels and centers by any rule; by a rule other than the run's it may rise from step to step.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
    labels : (n,) array-like of int
        Cluster of each point, 0 .. k - 1.
    centers : (k, d) array-like of finite real numbers
        A cluster without points may have any center; it adds nothing.
    weights : (n,) array-like of finite real numbers, 0 or more, optional
    rule : str
        A key of ``RULES``.

    Examples
    --------
    >>> points = [[0.0, 0.0], [3.0, 4.0]]
    >>> [cost_of(points, [0, 0], [[0.0, 0.0]], rule=rule) for rule in ("mean", "medoid", "median")]
    [25.0, 5.0, 7.0]
    """
    rows, row_weights = validate_sample(points, weights)
    validate_choice("rule", rule, RULES)
    places = validate_rows("centers", centers)
    if places.shape[1] != rows.shape[1]:
        raise ValueError(f"centers must have shape (k, {rows.shape[1]}), as the points do, got {places.shape}")
    clusters = _validate_labels("labels", labels, len(rows), len(places))
    occupied_places = places[np.unique(clusters)]
    validate_magnitude("centers", largest_magnitude(occupied_places), rows.shape, row_weights)
    unit = unit_for(rows, occupied_places, row_weights)
    return engine_in(unit, NumpyEngine, rows, RULES[rule], row_weights).cost(clusters, places)


def _validate_labels(name: str, labels: ArrayLike, n: int | None = None, k: int | None = None) -> Indices:
    """Return labels as ``(n,)`` indices, or raise a ``ValueError`` that says what they are instead."""
    array = as_array(f"{name} must be whole numbers", labels)
    if array.ndim != 1 or array.dtype.kind not in "iu" or not len(array) or (n is not None and len(array) != n):
        count = "" if n is None else f"{n} "
        raise ValueError(f"{name} must be {count}whole numbers, got shape {array.shape} of {array.dtype}")
    if array.min() < 0 or (k is not None and array.max() >= k):
        requirement = "0 or more" if k is None else f"in 0..{k - 1}"
        raise ValueError(f"{name} must be {requirement}, got {array.min()}..{array.max()}")
    return array.astype(np.intp)


def silhouette(points: ArrayLike, labels: ArrayLike, *, distance: Distance = "euclidean") -> Floats:
    """Return how much closer each point is to its own cluster than to the next one, ``(n,) float64`` in -1 .. 1.

    With ``a`` the mean distance of a point to the others of its cluster and ``b`` the lowest of its mean distances to
    the other clusters, its silhouette is ``(b - a) / max(a, b)``; a point that is alone in its cluster has 0. The
    silhouette of the clustering is the mean of all. O(n^2 d) in time and O(n) in memory.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
    labels : (n,) array-like of int
        Cluster of each point, 0 or more; at least two clusters have points.
    distance : {"euclidean", "sqeuclidean", "cityblock"}

    Raises
    ------
    ValueError
        If the points cannot be clustered, the labels do not fit them, or fewer than two clusters have points.

    References
    ----------
    P. J. Rousseeuw, Silhouettes: a graphical aid to the interpretation and validation of cluster analysis,
    J. Comput. Appl. Math. 20, 1987.
    """
    rows = validate_points(points)
    validate_choice("distance", distance, get_args(Distance))
    _, clusters = np.unique(_validate_labels("labels", labels, len(rows)), return_inverse=True)
    counts = np.bincount(clusters)
    if len(counts) < 2:
        raise ValueError("labels must name at least two clusters: a silhouette compares a cluster with the next one")
    # A silhouette has no unit.
    columns = columns_of(np.ldexp(rows, unit_for(rows).exponent))
    size = max(1, BLOCK // len(rows))
    blocks = (slice(start, start + size) for start in range(0, len(rows), size))
    return np.concatenate(list(_silhouette_blocks(columns, clusters, counts, blocks, distance)))


def _silhouette_blocks(
    columns: Floats, clusters: Indices, counts: Counts, blocks: Iterable[slice], distance: Distance
) -> Iterator[Floats]:
    """Yield the silhouettes of the points in each block, given the columns ``(d, n)`` and the size of each cluster."""
    # Points in the order of their clusters, so that a cluster's distances stand side by side.
    by_cluster = columns[:, np.argsort(clusters, kind="stable")]
    starts = np.cumsum(counts) - counts
    for block in blocks:
        labels = clusters[block]
        sums = np.add.reduceat(distances_to(by_cluster, columns[:, block, None], distance), starts, axis=1)
        rows = np.arange(len(labels))
        alone = counts[labels] == 1
        inside = sums[rows, labels] / np.where(alone, 1, counts[labels] - 1)
        means = sums / counts
        means[rows, labels] = np.inf
        outside = means.min(axis=1)
        larger = np.maximum(inside, outside)
        yield np.where(alone | (larger == 0), 0.0, (outside - inside) / np.where(larger == 0, 1, larger))


def adjusted_rand_index(labels: ArrayLike, other_labels: ArrayLike) -> float:
    """Return how far two clusterings of the same points agree, whatever their clusters are called.

    Parameters
    ----------
    labels, other_labels : (n,) array-like of int
        Cluster of each point, 0 or more.

    Returns
    -------
    float
        1 where they are the same, about 0 where they agree no more than by chance; at least -0.5.

    Raises
    ------
    ValueError
        If the labels are not whole numbers, or not equally many.

    References
    ----------
    L. Hubert and P. Arabie, Comparing partitions, J. Classif. 2, 1985.
    """
    first = _validate_labels("labels", labels)
    second = _validate_labels("other_labels", other_labels, len(first))
    n = len(first)
    # Only which points are together counts, so a label may be any number.
    (_, rows, row_sizes), (_, columns, column_sizes) = (
        np.unique(clusters, return_inverse=True, return_counts=True) for clusters in (first, second)
    )
    cells = len(row_sizes) * len(column_sizes)
    pair_cells = rows * len(column_sizes) + columns
    # A table of all pairs of clusters is fast, but needs a cell for each; at most n of them share points.
    counts = np.bincount(pair_cells) if cells <= _MOST_CELLS else np.unique(pair_cells, return_counts=True)[1]
    pairs, in_rows, in_columns = map(_ordered_pairs, (counts, row_sizes, column_sizes))
    # In Python's integers: the products overflow 64 bits where n is large.
    every_pair = n * (n - 1)
    chance, most = in_rows * in_columns, every_pair * (in_rows + in_columns)
    return 1.0 if 2 * chance == most else 2 * (every_pair * pairs - chance) / (most - 2 * chance)


def _ordered_pairs(sizes: Counts) -> int:
    """Return how many ordered pairs of different points share a cluster, given the sizes of the clusters."""
    return int((sizes * (sizes - 1)).sum())


def _contingency(labels: ArrayLike, other_labels: ArrayLike, k: int) -> Counts:
    """Return ``(k, k)``: how many points are in cluster i of the one and cluster j of the other clustering."""
    first = _validate_labels("labels", labels, k=k)
    second = _validate_labels("other_labels", other_labels, len(first), k)
    return np.bincount(first * k + second, minlength=k * k).reshape(k, k)


def match_clusters(labels: ArrayLike, other_labels: ArrayLike, *, k: int) -> Indices:
    """Return new names for the clusters of ``labels``, so that most points have the same name as in ``other_labels``.

    Parameters
    ----------
    labels, other_labels : (n,) array-like of int
        Cluster of each point, 0 .. k - 1.
    k : int
        Number of clusters, the larger one where the two differ, 1 .. 16.

    Returns
    -------
    (k,) int
        A permutation: cluster j of ``labels`` is called ``names[j]``. No other permutation makes more points agree.

    Raises
    ------
    ValueError
        If a label names no cluster, or ``k`` is not in 1 .. 16.

    References
    ----------
    M. Held and R. M. Karp, A dynamic programming approach to sequencing problems, J. SIAM 10(1), 1962.
    """
    if not is_whole_number_in(range(1, MAX_MATCHED + 1), k):
        raise ValueError(f"k must be in 1..{MAX_MATCHED}, got {k}")
    counts = _contingency(labels, other_labels, k)
    best = _most_matches(counts)
    names = np.empty(k, dtype=np.intp)
    names_left = (1 << k) - 1
    for cluster in range(k - 1, -1, -1):
        for name in range(k):
            before = names_left ^ 1 << name
            fits = names_left >> name & 1 and best[cluster, before] >= 0
            if fits and best[cluster, before] + counts[cluster, name] == best[cluster + 1, names_left]:
                names[cluster], names_left = name, before
                break
    return names


def _most_matches(counts: Counts) -> Counts:
    """Return ``(k + 1, 2^k)``: how many points agree at most when the first clusters have the names in a set of bits.

    Row i is for clusters 0 .. i - 1; sets of another size have -1.
    """
    k = len(counts)
    sets = np.arange(1 << k)
    free = [sets[(sets >> name & 1) == 0] for name in range(k)]
    best = np.full((k + 1, 1 << k), -1, dtype=np.int64)
    best[0, 0] = 0
    for cluster in range(k):
        for name in range(k):
            before = free[name][best[cluster, free[name]] >= 0]
            after = before | 1 << name
            count = best[cluster, before] + counts[cluster, name]
            best[cluster + 1, after] = np.maximum(best[cluster + 1, after], count)
    return best
