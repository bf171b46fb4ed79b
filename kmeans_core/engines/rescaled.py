"""An engine that computes with points and centers multiplied by a power of 2, and reports in their own unit."""

from __future__ import annotations

from math import ldexp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.arrays import Centers, Labels, Points, Weights
from kmeans_core.engines import Engine, EngineFactory
from kmeans_core.engines.distances import BLOCK
from kmeans_core.engines.numpy import NumpyEngine
from kmeans_core.engines.units import PLAIN, Unit
from kmeans_core.rules import Distance, Rule

_POWER: Final[dict[Distance, int]] = {"sqeuclidean": 2, "euclidean": 1, "cityblock": 1}
"""How a distance grows with the unit of the points."""

_SURE: Final[dict[Distance, float]] = {"sqeuclidean": 2.0**-900, "euclidean": 2.0**-450, "cityblock": 2.0**-900}
"""From this distance on, a term too small for a normal number, 2^-1022, changes no digit of the sum."""

_MAGNIFIED: Final = 620
"""Times 2 to this power, the smallest difference of two floats, 2^-1074, has a square that is a normal number."""


def engine_in(
    unit: Unit, make_engine: EngineFactory, points: Points, rule: Rule, weights: Weights | None = None
) -> Engine:
    """Return an engine that computes in this unit, which ``unit_for`` found."""
    if unit == PLAIN:
        return make_engine(points, rule, weights)
    return RescaledEngine(unit, make_engine, points, rule, weights)


class RescaledEngine:
    """Another engine, made for rescaled points. Fulfils the ``Engine`` protocol.

    Where no unit suits all values, NumPy computes, whatever the backend (TensorFlow takes numbers below 2^-1022 for 0),
    and the labels of points that lie nearly on a center are decided by magnified differences.
    """

    def __init__(
        self, unit: Unit, make_engine: EngineFactory, points: Points, rule: Rule, weights: Weights | None
    ) -> None:
        self._exponent, self._extreme = unit
        self._points, self._weights = points, weights
        self._distance = rule.distance
        rescaled = np.ldexp(points, self._exponent)
        self._engine = NumpyEngine(rescaled, rule, weights) if unit.extreme else make_engine(rescaled, rule, weights)

    def assign(self, centers: Centers) -> tuple[Labels, float]:
        """Give each point to its nearest center, ties to the lowest index."""
        rescaled = np.ldexp(centers, self._exponent)
        labels, cost = self._engine.assign(rescaled)
        if not self._extreme:
            return labels, self._in_own_unit(cost)
        near = self._near(self._engine.distances(labels, rescaled))
        size = max(1, BLOCK // centers.size)
        for start in range(0, len(near), size):
            batch = near[start : start + size]
            labels[batch] = self._magnified(self._points[batch, None, :] - centers).argmin(axis=1)
        return labels, self.cost(labels, centers)

    def _near(self, distances: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the points so near to their centers that digits of the distance have vanished."""
        return np.flatnonzero(distances < _SURE[self._distance])

    def _magnified(self, differences: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the distances of differences ``(..., d)``, in a unit in which large ones are infinite."""
        with np.errstate(over="ignore"):
            large = np.ldexp(differences, _MAGNIFIED)
            terms = np.abs(large) if self._distance == "cityblock" else np.square(large)
            distances: NDArray[np.float64] = terms.sum(axis=-1)
        return np.sqrt(distances) if self._distance == "euclidean" else distances

    def refine(self, labels: Labels, k: int) -> tuple[Centers, NDArray[np.int64]]:
        """Find the rule's best center of each cluster; NaN where a cluster is empty."""
        centers, counts = self._engine.refine(labels, k)
        return np.ldexp(centers, -self._exponent), counts

    def distances(self, labels: Labels, centers: Centers) -> NDArray[np.float64]:
        """Return the distance of each point to its own center, times a power of 2, so that few vanish."""
        distances = self._engine.distances(labels, np.ldexp(centers, self._exponent))
        if self._extreme:
            near = self._near(distances)
            large = self._magnified(self._points[near] - centers[labels[near]])
            distances[near] = np.ldexp(large, _POWER[self._distance] * (self._exponent - _MAGNIFIED))
        return distances

    def cost(self, labels: Labels, centers: Centers) -> float:
        """Return the rule's cost of these labels and centers."""
        if not self._extreme:
            return self._in_own_unit(self._engine.cost(labels, np.ldexp(centers, self._exponent)))
        distances = self.distances(labels, centers)
        return self._in_own_unit(float((distances if self._weights is None else distances * self._weights).sum()))

    def _in_own_unit(self, cost: float) -> float:
        return ldexp(cost, -_POWER[self._distance] * self._exponent)
