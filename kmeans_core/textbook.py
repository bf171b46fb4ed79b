"""K-means, K-medoids, and K-medians as textbooks have them: about ten lines each, for reading.

``kmeans_core.run`` gives the same labels and centers, faster and for more than these can take; a test holds the two
together. Comments ``# excerpt: ...`` mark the lines that the app shows for each half-step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np

from kmeans_core.arrays import Centers, Floats, Labels, Points

Place = Callable[[Points, int], Centers]
"""Returns k starting centers, ``(k, d)``, for points, ``(n, d)``."""


def k_means(points: Points, k: int, place: Place) -> tuple[Labels, Centers]:
    """Return labels and means; a cluster without points keeps its center."""
    centers = place(points, k)  # excerpt: textbook.init
    labels = np.full(len(points), -1)
    while True:
        before = labels
        labels = euclidean(points, centers).argmin(axis=1)  # excerpt: textbook.assign textbook.end
        if np.array_equal(labels, before):  # excerpt: textbook.end
            return labels, centers  # excerpt: textbook.end
        for j in np.unique(labels):  # excerpt: textbook.refine
            centers[j] = points[labels == j].mean(axis=0)  # excerpt: textbook.refine


def k_medoids(points: Points, k: int, place: Place) -> tuple[Labels, Centers]:
    """Return labels and medoids; a cluster without points keeps its center."""
    centers = place(points, k)  # excerpt: textbook.init
    labels = np.full(len(points), -1)
    while True:
        before = labels
        labels = euclidean(points, centers).argmin(axis=1)  # excerpt: textbook.assign textbook.end
        if np.array_equal(labels, before):  # excerpt: textbook.end
            return labels, centers  # excerpt: textbook.end
        for j in np.unique(labels):  # excerpt: textbook.refine
            members = points[labels == j]  # excerpt: textbook.refine
            most_central = euclidean(members, members).sum(axis=0).argmin()  # excerpt: textbook.refine
            centers[j] = members[most_central]  # excerpt: textbook.refine


def k_medians(points: Points, k: int, place: Place) -> tuple[Labels, Centers]:
    """Return labels and medians; a cluster without points keeps its center."""
    centers = place(points, k)  # excerpt: textbook.init
    labels = np.full(len(points), -1)
    while True:
        before = labels
        labels = manhattan(points, centers).argmin(axis=1)  # excerpt: textbook.assign textbook.end
        if np.array_equal(labels, before):  # excerpt: textbook.end
            return labels, centers  # excerpt: textbook.end
        for j in np.unique(labels):  # excerpt: textbook.refine
            centers[j] = np.median(points[labels == j], axis=0)  # excerpt: textbook.refine


def euclidean(points: Points, centers: Centers) -> Floats:
    """Return the straight distance of each point to each center, ``(n, k)``."""
    return cast("Floats", np.linalg.norm(points[:, None] - centers, axis=2))


def manhattan(points: Points, centers: Centers) -> Floats:
    """Return the distance along the axes of each point to each center, ``(n, k)``."""
    return cast("Floats", np.abs(points[:, None] - centers).sum(axis=2))
