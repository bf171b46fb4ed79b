"""Costs that rise by rounding alone, where the true cost cannot rise.

Neither half-step can raise the rule's cost, except a refine that replaces centers by medoids where those centers are
not points. An assign gives each point to a center that is at most as far away as the one before; a mean is the float
nearest to the true mean, so no other float costs less; a median lies between the two points in the middle; and a medoid
costs at most a fraction of 1e-12 more than any other member. Yet a sum of n rounded distances may rise by a few units
in its last place. The cost before is then reported again: it is as close to the true cost as the sum is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kmeans_core.problem import Problem
from kmeans_core.types import Step

_ROUNDING: Final = 1e-9
"""A rise below this fraction is rounding; a larger one would be an error and must show. NumPy's pairwise sum of n terms
has a relative error of about log2(n) 2^-53 (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002,
section 4.2); costs that ``engines.pruned`` computes from the sums of clusters have one of 1e-11."""


def suppress_rounding_rise(problem: Problem, before: Step, cost: float) -> float:
    """Return the cost to report after an assign: the computed one, or the one before if it rose by rounding alone."""
    if problem.shows_rounding or before.cost is None:
        return cost
    return before.cost if before.cost < cost <= before.cost * (1 + _ROUNDING) else cost


def suppress_rounding_rise_of_refine(problem: Problem, before: Step, cost: float) -> float:
    """Return the cost to report after a refine, where moving centers to medoids may truly raise it."""
    smooth_cost = suppress_rounding_rise(problem, before, cost)
    if smooth_cost != cost and problem.config.rule == "medoid" and not _are_points(problem, before):
        return cost
    return smooth_cost


def _are_points(problem: Problem, before: Step) -> bool:
    """Tell whether the centers of all clusters with points lie on points, so that no medoid costs more than they do."""
    assert before.compact_labels is not None, "a refine follows an assign"
    points, labels = problem.points, before.compact_labels
    if problem.weights is not None:
        points, labels = points[problem.weights > 0], labels[problem.weights > 0]
    return all(bool((points == center).all(axis=1).any()) for center in before.centers[np.unique(labels)])
