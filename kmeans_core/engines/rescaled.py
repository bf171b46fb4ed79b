"""An engine that computes with points and centers multiplied by a power of 2, and reports in their own unit."""

from __future__ import annotations

from math import ldexp
from typing import Final

import numpy as np

from kmeans_core.arrays import Centers, Counts, Floats, Indices, Labels, Points, Weights
from kmeans_core.engines import Engine, EngineFactory
from kmeans_core.engines.distances import BLOCK
from kmeans_core.engines.numpy import NumpyEngine
from kmeans_core.engines.units import PLAIN, Unit
from kmeans_core.rules import Distance, Rule

_POWER: Final[dict[Distance, int]] = {"sqeuclidean": 2, "euclidean": 1, "cityblock": 1}
"""How a distance grows with the unit of the points."""

_SAFE_FROM: Final[dict[Distance, float]] = {"sqeuclidean": 2.0**-900, "euclidean": 2.0**-450, "cityblock": 2.0**-900}
"""From this distance on, terms below the smallest normal number, 2^-1022, change no digit of the sum."""

_MAGNIFICATION: Final = 620
"""2 to this power times the smallest difference of two floats, 2^-1074, has a square that is a normal number."""


def engine_in(
    unit: Unit, make_engine: EngineFactory, points: Points, rule: Rule, weights: Weights | None = None
) -> Engine:
    """Return an engine that computes in a unit that ``unit_for`` returned."""
    if unit == PLAIN:
        return make_engine(points, rule, weights)
    return RescaledEngine(unit, make_engine, points, rule, weights)


class RescaledEngine:
    """A wrapper around an engine for rescaled points. Fulfills the ``Engine`` protocol.

    Where no unit suits all values, NumPy computes, whatever the backend (TensorFlow takes numbers below 2^-1022 for 0),
    and the labels of points that lie nearly on a center are decided by magnified differences.
    """

    def __init__(
        self, unit: Unit, make_engine: EngineFactory, points: Points, rule: Rule, weights: Weights | None
    ) -> None:
        self._exponent, self._extreme = unit
        self._points, self._weights = points, weights
        self._distance = rule.distance
        scaled_values = np.ldexp(points, self._exponent)
        self._engine = (
            NumpyEngine(scaled_values, rule, weights) if unit.extreme else make_engine(scaled_values, rule, weights)
        )

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        scaled_values = np.ldexp(centers, self._exponent)
        labels, cost = self._engine.assign(scaled_values)
        if not self._extreme:
            return labels, self._in_plain_unit(cost)
        near = self._points_near_centers(self._engine.distances(labels, scaled_values))
        size = max(1, BLOCK // centers.size)
        for start in range(0, len(near), size):
            batch = near[start : start + size]
            labels[batch] = self._large_distances(self._points[batch, None, :] - centers).argmin(axis=1)
        return labels, self.cost(labels, centers)

    def _points_near_centers(self, distances: Floats) -> Indices:
        """Return the points so close to their centers that digits of the distance have vanished."""
        return np.flatnonzero(distances < _SAFE_FROM[self._distance])

    def _large_distances(self, differences: Floats) -> Floats:
        """Return the distances of differences ``(..., d)``, in a unit in which large ones are infinite."""
        with np.errstate(over="ignore"):
            large = np.ldexp(differences, _MAGNIFICATION)
            terms = np.abs(large) if self._distance == "cityblock" else np.square(large)
            distances: Floats = terms.sum(axis=-1)
        return np.sqrt(distances) if self._distance == "euclidean" else distances

    def refine(self, labels: Labels, k: int) -> tuple[Centers, Counts]:
        """Find the rule's best center of each cluster; NaN where a cluster is empty."""
        centers, counts = self._engine.refine(labels, k)
        return np.ldexp(centers, -self._exponent), counts

    def distances(self, labels: Labels, centers: Centers) -> Floats:
        """Return the distance of each point to its own center, times a power of 2, so that few vanish."""
        distances = self._engine.distances(labels, np.ldexp(centers, self._exponent))
        if self._extreme:
            near = self._points_near_centers(distances)
            large = self._large_distances(self._points[near] - centers[labels[near]])
            distances[near] = np.ldexp(large, _POWER[self._distance] * (self._exponent - _MAGNIFICATION))
        return distances

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        if not self._extreme:
            return self._in_plain_unit(self._engine.cost(labels, np.ldexp(centers, self._exponent)))
        distances = self.distances(labels, centers)
        return self._in_plain_unit(float((distances if self._weights is None else distances * self._weights).sum()))

    def _in_plain_unit(self, cost: float) -> float:
        return ldexp(cost, -_POWER[self._distance] * self._exponent)
