"""The point or cluster that a half-step's formula takes as its example, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict, final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import RULES, Phase, Step, Trace
from kmeans_core.arrays import Active, Centers, Points
from kmeans_core.engines.distances import BLOCK, columns_of, distances_to
from kmeans_core.rules import Rule


@final
class AssignExample(TypedDict):
    """The point whose assignment the formula shows.

    ``other`` is the cluster that the point left or else came closest to joining, None where there is no other;
    ``distances`` are those to the point's own center and to the other one.
    """

    point: int
    place: list[float]
    cluster: int
    other: int | None
    distances: list[float]


@final
class RefineExample(TypedDict):
    """The cluster whose center the formula shows, and how many points it has.

    ``part`` is the cluster's part of the cost before and after; ``point`` is the one that is the medoid now.
    """

    cluster: int
    count: int
    part: tuple[float, float]
    point: NotRequired[int]


def example(points: Points, trace: Trace, index: int) -> AssignExample | RefineExample | None:
    """Return the example of half-step ``index``; None where centers are placed.

    Distances and costs are those of the rule.
    """
    rule = RULES[trace.config.rule]
    if trace[index].phase in (Phase.INIT, Phase.MOVE):
        return None
    if trace[index].phase is Phase.REFINE:
        return _refine_example(points, trace[index], trace[index - 1], rule)
    if trace[index].reassigned and trace[index - 1].labels is not None:
        return _reassigned_example(points, trace[index], trace[index - 1], rule)
    return _border_example(points, trace[index], trace.active(index), rule)


def _reassigned_example(points: Points, step: Step, before: Step, rule: Rule) -> AssignExample:
    """Return the point that gained most by switching cluster."""
    assert step.labels is not None
    assert before.labels is not None
    reassigned = np.flatnonzero(step.labels != before.labels)
    columns = columns_of(points[reassigned])
    new, old = (
        distances_to(columns, step.centers.T.take(labels[reassigned], axis=1), rule.distance)
        for labels in (step.labels, before.labels)
    )
    at = int((old - new).argmax())
    point = int(reassigned[at])
    return _point_example(points, step, point, int(before.labels[point]), (new[at], old[at]))


def _border_example(points: Points, step: Step, active: Active, rule: Rule) -> AssignExample:
    """Return the point nearest to a border between clusters."""
    assert step.labels is not None
    clusters = np.flatnonzero(active)
    if len(clusters) == 1:
        distance = distances_to(columns_of(points[:1]), step.centers[clusters[0]], rule.distance)
        return _point_example(points, step, 0, None, distance.tolist())
    centers = step.centers[clusters]
    point = _nearest_to_a_border(columns_of(points), centers, rule)
    label = int(step.labels[point])
    distances = dict(zip(clusters.tolist(), distances_to(points[point], centers.T, rule.distance), strict=True))
    other = min(set(distances) - {label}, key=lambda j: (distances[j], j))
    return _point_example(points, step, point, other, (distances[label], distances[other]))


def _nearest_to_a_border(columns: NDArray[np.float64], centers: Centers, rule: Rule) -> int:
    """Return the index of the point, of ``(d, n)`` columns, whose distances to its two nearest centers differ least."""
    smallest_gap, point = np.inf, 0
    size = max(1, BLOCK // len(centers))
    for start in range(0, columns.shape[1], size):
        distances = distances_to(columns[:, start : start + size], centers.T[:, :, None], rule.distance)
        nearest = distances.argmin(axis=0)
        rows = np.arange(distances.shape[1])
        gaps = -distances[nearest, rows]
        distances[nearest, rows] = np.inf
        gaps += distances.min(axis=0)
        at = int(gaps.argmin())
        if gaps[at] < smallest_gap:
            smallest_gap, point = gaps[at], start + at
    return point


def _point_example(
    points: Points, step: Step, point: int, other: int | None, distances: Sequence[float]
) -> AssignExample:
    """Return a point with its distances to its own center and to another one."""
    assert step.labels is not None
    return {
        "point": point,
        "place": points[point].tolist(),
        "cluster": int(step.labels[point]),
        "other": other,
        "distances": [short(distance) for distance in distances],
    }


def _refine_example(points: Points, step: Step, before: Step, rule: Rule) -> RefineExample:
    """Return the center that moved farthest of those with points."""
    assert step.labels is not None
    counts = np.bincount(step.labels, minlength=len(step.centers))
    moves = np.linalg.norm(step.centers - before.centers, axis=1)
    j = int(np.where(counts > 0, moves, -1.0).argmax())
    members = np.flatnonzero(step.labels == j)
    columns = columns_of(points[members])
    old, new = (distances_to(columns, centers[j], rule.distance).sum() for centers in (before.centers, step.centers))
    result: RefineExample = {"cluster": j, "count": int(counts[j]), "part": (short(old), short(new))}
    if rule.center == "medoid":
        result["point"] = int(members[(points[members] == step.centers[j]).all(axis=1).argmax()])
    return result


def short(number: float) -> float:
    """Round to ten significant digits: more than a person reads, in fewer bytes than all digits take."""
    return float(f"{number:.10g}")
