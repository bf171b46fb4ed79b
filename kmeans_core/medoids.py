"""Which points the medoids of a run are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kmeans_core.arrays import Indices
from kmeans_core.types import Trace
from kmeans_core.validation import validate_record, validate_rows


def medoid_indices(points: ArrayLike, trace: Trace) -> Indices:
    """Return which points the centers are at the end of a run by the medoid rule.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
        The points of ``trace``.
    trace : Trace
        Of the rule ``"medoid"``.

    Returns
    -------
    (k,) int
        For each center the lowest index among the equal points of its cluster, or, where none of its cluster is there,
        among all points; -1 if no point is there, as with a given center that never got a point.

    Raises
    ------
    ValueError
        If the run is one of another rule, whose centers need not be points, or the points do not fit it.
    TypeError
        If ``trace`` is not a ``Trace``.
    """
    if validate_record("trace", trace, Trace).config.rule != "medoid":
        raise ValueError(f"trace must be a run of the rule 'medoid', got one of the rule {trace.config.rule!r}")
    array, labels = validate_rows("points", points), trace.labels
    shape = (len(labels), trace.centers.shape[1])
    if array.shape != shape:
        raise ValueError(f"points must be those of the trace, of shape {shape}, got {array.shape}")
    indices = np.full(len(trace.centers), -1)
    for cluster, center in enumerate(trace.centers):
        equal = np.flatnonzero((array == center).all(axis=1))
        if len(equal):
            indices[cluster] = equal[np.argmax(labels[equal] == cluster)]
    return indices
