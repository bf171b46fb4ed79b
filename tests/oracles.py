"""Slow and plain answers that the tests hold the library's against. Nothing here is shared with the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def all_distances(points: Floats, centers: Floats, distance: str) -> Floats:
    """Return the whole ``(n, k)`` matrix of distances, by the differences of all n x k x d coordinates."""
    differences = points[:, None, :] - centers[None, :, :]
    terms = np.abs(differences) if distance == "cityblock" else np.square(differences)
    summed: Floats = terms.sum(axis=2)
    return np.sqrt(summed) if distance == "euclidean" else summed


def total_cost(points: Floats, labels: NDArray[np.integer], centers: Floats, distance: str) -> float:
    """Return the sum of each point's distance to its own center."""
    return float(all_distances(points, centers, distance)[np.arange(len(points)), labels].sum())


def summed_distances(points: Floats) -> Floats:
    """Return ``(n,)``: for each point the sum of its Euclidean distances to all points, from the n x n matrix."""
    sums: Floats = all_distances(points, points, "euclidean").sum(axis=1)
    return sums


def medoid(points: Floats) -> int:
    """Return the lowest index among the least summed distances, equal up to rounding."""
    sums = summed_distances(points)
    return int(np.flatnonzero(sums <= sums.min() * (1 + 1e-12))[0])


@dataclass(frozen=True)
class PostRun:
    """What the post's algorithm holds: labels and centers at the start and after each iteration."""

    labels: list[Ints]
    centers: list[Floats]


def post_run(points: Floats, centers: Floats, iterations: int) -> PostRun:
    """Run the algorithm of the post: assign, then again and again take each cluster's medoid and assign again.

    Needs clusters that never become empty, as the post does.
    """
    run = PostRun([all_distances(points, centers, "euclidean").argmin(axis=1)], [centers])
    for _ in range(iterations):
        clusters = [points[run.labels[-1] == cluster] for cluster in range(len(centers))]
        medoids = np.array([members[summed_distances(members).argmin()] for members in clusters])
        run.centers.append(medoids)
        run.labels.append(all_distances(points, medoids, "euclidean").argmin(axis=1))
    return run


# Exact rational arithmetic.


def exact_sum(values: Sequence[float], weights: Sequence[float]) -> Fraction:
    """Return the weighted sum of floats, without any rounding."""
    return sum((Fraction(value) * Fraction(weight) for value, weight in zip(values, weights, strict=True)), Fraction())


def exact_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the float nearest to the weighted mean."""
    return float(exact_sum(values, weights) / sum(map(Fraction, weights)))


def exact_distance(point: Sequence[float], center: Sequence[float], distance: str) -> Fraction:
    """Return a distance without any rounding; a root to some 60 digits."""
    differences = [abs(Fraction(first) - Fraction(second)) for first, second in zip(point, center, strict=True)]
    if distance == "cityblock":
        return sum(differences, Fraction())
    square = sum((difference**2 for difference in differences), Fraction())
    return square if distance == "sqeuclidean" else _root(square)


def _root(square: Fraction) -> Fraction:
    over, under = square.numerator, square.denominator
    return Fraction(isqrt(over * under << 400), under << 200)


def exact_distances(points: Floats, centers: Floats, distance: str) -> list[list[Fraction]]:
    """Return the distance of each point to each center."""
    places = centers.tolist()
    return [[exact_distance(point, center, distance) for center in places] for point in points.tolist()]
