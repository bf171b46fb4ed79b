"""The input of an initializer: the points, the rule, the engine, and one source of randomness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kmeans_core.arrays import Floats, Points, Weights
from kmeans_core.engines import Engine
from kmeans_core.rules import Rule


@dataclass(frozen=True, slots=True)
class Seeding:
    """The input of an initializer.

    Attributes
    ----------
    points : (n, d) float64
    k : int
        Number of centers to choose, 1 .. n.
    rng : numpy.random.Generator
        The run's one source of randomness.
    rule : Rule
        The run's rule; initializers that spread out the centers use its distance.
    engine : Engine
        The points on the run's backend, for initializers that refine.
    given : tuple of tuple of float, or None
        The placed centers, if any.
    weights : (n,) float64, or None
        0 or more, at least k of them above 0. A point of weight w is as likely as w copies of it.
    exponent : int
        The power of 2 by which points are multiplied before distances are computed.
    """

    points: Points
    k: int
    rng: np.random.Generator
    rule: Rule
    engine: Engine
    given: tuple[tuple[float, ...], ...] | None = None
    weights: Weights | None = None
    exponent: int = 0

    @property
    def odds(self) -> Floats | None:
        """Probabilities of the points by their weights, ``(n,)``; None if all are equally likely."""
        if self.weights is None or (self.weights == self.weights[0]).all():
            return None
        odds: Floats = self.weights / self.weights.sum()
        return odds
