"""The one point or cluster that a half-step's formula is shown with, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Phase, Step, Trace
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.rules import Rule
from kmeans_core.types import Active, Centers, Points


def example(points: Points, trace: Trace, index: int) -> dict[str, Any] | None:
    """Return the one case of half-step ``index`` that its formula is shown with; None where centers are placed.

    An assign gives a point, its place and its cluster, the other cluster that it might be in (the one it left; if it
    left none, the next best; None if there is no other), and its distances, in the rule's own measure, to its own
    center and to that one's. A refine gives a cluster, how many points it has, its part of the cost before and after,
    and, for medoids, which point is its center now.
    """
    rule = RULES[trace.config.rule]
    if trace[index].phase in (Phase.INIT, Phase.MOVE):
        return None
    if trace[index].phase is Phase.REFINE:
        return _refine_example(points, trace[index], trace[index - 1], rule)
    if trace[index].reassigned and trace[index - 1].labels is not None:
        return _changed_example(points, trace[index], trace[index - 1], rule)
    return _border_example(points, trace[index], trace.active(index), rule)


def _changed_example(points: Points, step: Step, before: Step, rule: Rule) -> dict[str, Any]:
    """Return the point that gained most by changing its cluster."""
    assert step.labels is not None
    assert before.labels is not None
    changed = np.flatnonzero(step.labels != before.labels)
    columns = columns_of(points[changed])
    now, then = (
        distances_to(columns, step.centers.T.take(labels[changed], axis=1), rule.distance)
        for labels in (step.labels, before.labels)
    )
    at = int((then - now).argmax())
    point = int(changed[at])
    other, apart = int(before.labels[point]), (now[at], then[at])
    return _point_example(points, step, point, other, apart)


def _border_example(points: Points, step: Step, active: Active, rule: Rule) -> dict[str, Any]:
    """Return the point nearest to a border: its second nearest center is hardly farther than its own."""
    assert step.labels is not None
    clusters = np.flatnonzero(active)
    if len(clusters) == 1:
        only = distances_to(columns_of(points[:1]), step.centers[clusters[0]], rule.distance)
        return _point_example(points, step, 0, None, only.tolist())
    centers = step.centers[clusters]
    point = _nearest_to_a_border(columns_of(points), centers, rule)
    own = int(step.labels[point])
    apart = dict(zip(clusters.tolist(), distances_to(points[point], centers.T, rule.distance), strict=True))
    other = min(set(apart) - {own}, key=lambda j: (apart[j], j))
    return _point_example(points, step, point, other, (apart[own], apart[other]))


def _nearest_to_a_border(columns: NDArray[np.float64], centers: Centers, rule: Rule) -> int:
    """Return which of the points, as ``(d, n)`` columns, has its two nearest centers the least apart."""
    least, found = np.inf, 0
    size = max(1, BLOCK // len(centers))
    for start in range(0, columns.shape[1], size):
        distances = distances_to(columns[:, start : start + size], centers.T[:, :, None], rule.distance)
        nearest = distances.argmin(axis=0)
        every = np.arange(distances.shape[1])
        gaps = -distances[nearest, every]
        distances[nearest, every] = np.inf
        gaps += distances.min(axis=0)
        at = int(gaps.argmin())
        if gaps[at] < least:
            least, found = gaps[at], start + at
    return found


def _point_example(
    points: Points, step: Step, point: int, other: int | None, distances: Sequence[float]
) -> dict[str, Any]:
    """Return what is told of a point and of its distances to its own center and to another one."""
    assert step.labels is not None
    return {
        "point": point,
        "place": points[point].tolist(),
        "cluster": int(step.labels[point]),
        "other": other,
        "distances": [short(distance) for distance in distances],
    }


def _refine_example(points: Points, step: Step, before: Step, rule: Rule) -> dict[str, Any]:
    """Return the numbers of the center with points that moved farthest."""
    assert step.labels is not None
    counts = np.bincount(step.labels, minlength=len(step.centers))
    ways = np.linalg.norm(step.centers - before.centers, axis=1)
    j = int(np.where(counts > 0, ways, -1.0).argmax())
    members = np.flatnonzero(step.labels == j)
    own = columns_of(points[members])
    part = [short(distances_to(own, centers[j], rule.distance).sum()) for centers in (before.centers, step.centers)]
    found: dict[str, Any] = {"cluster": j, "count": int(counts[j]), "part": part}
    if rule.center == "medoid":
        found["point"] = int(members[(points[members] == step.centers[j]).all(axis=1).argmax()])
    return found


def short(number: float) -> float:
    """Round to ten digits: more than anybody reads, and fewer bytes than all of them."""
    return float(f"{number:.10g}")
