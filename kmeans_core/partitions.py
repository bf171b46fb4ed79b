"""Partitions: which points are together, whatever their clusters are called; what "the same result" means."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.validation import as_array

_KEY_BYTES = 16
"""Length of a key. Among a million different partitions, two share a key with a probability below 1e-26."""


def canonical_labels(labels: ArrayLike) -> NDArray[np.unsignedinteger]:
    """Return labels with clusters numbered by the first point of each.

    Parameters
    ----------
    labels : (n,) array-like of int
        Cluster of each point, under any names.

    Returns
    -------
    (n,) unsigned
        0 for the cluster of the first point, 1 for the next cluster that turns up, and so on. The dtype is the
        smallest that holds the number of clusters with points, so that it follows the partition alone.

    Raises
    ------
    ValueError
        If the labels are not a non-empty row of whole numbers.

    Examples
    --------
    >>> canonical_labels([7, 7, 2, 7, 5]).tolist()
    [0, 0, 1, 0, 2]
    """
    requirement = "labels must be one or more whole numbers in a row"
    array = as_array(requirement, labels)
    if array.ndim != 1 or array.dtype.kind not in "iu" or not len(array):
        raise ValueError(f"{requirement}, got shape {array.shape} of {array.dtype}")
    _, first, cluster = np.unique(array, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), dtype=np.min_scalar_type(len(first) - 1))
    numbers[np.argsort(first)] = np.arange(len(first))
    canonical: NDArray[np.unsignedinteger] = numbers[cluster]
    return canonical


def partition_key(labels: ArrayLike) -> bytes:
    """Return a short key of a partition, so that many clusterings can be compared without keeping their labels.

    Two clusterings of the same points have the same key exactly when they put the same points together, whatever
    their clusters are called and whether or not some of K have no points. Costs can't tell: two partitions may
    have the same cost, and on real data the costs of different partitions often agree to four digits.

    Parameters
    ----------
    labels : (n,) array-like of int
        Cluster of each point, under any names.

    Returns
    -------
    bytes
        16 of them, equal on every platform: a BLAKE2 digest of ``canonical_labels``.

    Raises
    ------
    ValueError
        If the labels are not a non-empty row of whole numbers.

    Examples
    --------
    >>> partition_key([0, 0, 1]) == partition_key([5, 5, 2])
    True
    >>> partition_key([0, 0, 1]) == partition_key([0, 1, 1])
    False
    """
    canonical = canonical_labels(labels)
    little = canonical.astype(canonical.dtype.newbyteorder("<"), copy=False)
    return blake2b(np.ascontiguousarray(little).data, digest_size=_KEY_BYTES).digest()


def same_partition(labels: ArrayLike, other_labels: ArrayLike) -> bool:
    """Tell whether two clusterings of the same points put the same points together.

    Parameters
    ----------
    labels, other_labels : (n,) array-like of int
        Cluster of each point, under any names.

    Raises
    ------
    ValueError
        If the labels are not whole numbers, or not as many.
    """
    first, second = canonical_labels(labels), canonical_labels(other_labels)
    if len(first) != len(second):
        raise ValueError(f"other_labels must be {len(first)} labels, one for each point, got {len(second)}")
    return bool(np.array_equal(first, second))
