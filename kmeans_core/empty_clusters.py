"""What happens to clusters that have no points when their centers are to be refined."""

from __future__ import annotations

import numpy as np

from kmeans_core.arrays import Centers, Indices, Labels
from kmeans_core.problem import Problem
from kmeans_core.types import EmptyCluster


def relocate_empty(problem: Problem, empty: Indices, labels: Labels, centers: Centers) -> tuple[EmptyCluster, ...]:
    """Apply the run's policy to the clusters ``empty``, and return a record for each.

    ``"farthest"`` writes new places into ``centers``; the other policies leave the centers where they are. No point is
    in an empty cluster, so the cost stays as it is.
    """
    policy = problem.config.empty
    if policy != "farthest":
        return tuple(EmptyCluster(cluster, policy) for cluster in empty.tolist())
    points = _farthest_points(problem, len(empty), labels, centers)
    centers[empty] = problem.points[points]  # excerpt: empty.farthest
    pairs = zip(empty.tolist(), points.tolist(), strict=True)
    return tuple(EmptyCluster(cluster, policy, point) for cluster, point in pairs)


def _farthest_points(problem: Problem, count: int, labels: Labels, centers: Centers) -> Indices:
    """Return the points that are farthest from their own centers, ``(count,)``; ties go to the lowest index."""
    points = np.argsort(-problem.engine.distances(labels, centers), kind="stable")
    if problem.weights is not None:
        # A point of weight w stands for w points, and each of them may be the next farthest.
        copies = np.minimum(np.ceil(problem.weights[points]), count).astype(np.intp)
        points = np.repeat(points, copies)
    return points[:count]
