"""Costs that rise by rounding alone, where the true cost cannot rise.

Neither half-step can raise the rule's cost, except a refine that replaces centers which are no points by medoids. An
assign gives each point to a center that is at most as far away as the one before; a mean is the float nearest to the
true mean, so no other float costs less; a median lies between the two points in the middle; and a medoid costs at most
a fraction of 1e-12 more than any other member. A sum of n rounded distances may rise nonetheless, by a few units in its
last place. The cost before is then reported again: it is as close to the true cost as the sum is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kmeans_core.problem import Problem
from kmeans_core.types import Step

_ROUNDING: Final = 1e-9
"""A rise below this fraction is rounding; a larger one would be an error and must show. NumPy's pairwise sum of n terms
is right to a fraction of about log2(n) 2^-53 (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002,
section 4.2), and costs that ``engines.pruned`` takes from sums of clusters to 1e-11."""


def assign_cost(problem: Problem, before: Step, cost: float) -> float:
    """Return the cost to report after an assign, given the computed one."""
    if problem.shows_rounding or before.cost is None:
        return cost
    return before.cost if before.cost < cost <= before.cost * (1 + _ROUNDING) else cost


def refine_cost(problem: Problem, before: Step, cost: float) -> float:
    """Return the cost to report after a refine, given the computed one."""
    reported = assign_cost(problem, before, cost)
    if reported != cost and problem.config.rule == "medoid" and not _are_points(problem, before):
        return cost
    return reported


def _are_points(problem: Problem, before: Step) -> bool:
    """Tell whether the centers of all clusters with points lie on points, so that no medoid costs more than they do."""
    assert before.compact_labels is not None, "a refine follows an assign"
    points, labels = problem.points, before.compact_labels
    if problem.weights is not None:
        points, labels = points[problem.weights > 0], labels[problem.weights > 0]
    return all(bool((points == center).all(axis=1).any()) for center in before.centers[np.unique(labels)])
