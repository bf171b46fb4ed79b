"""Initialisers: where the first centers come from.

All draw from one seeded ``numpy.random.Generator``, so that a seed means the same start on every backend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core.engines import Engine
from kmeans_core.engines.distances import Floats, columns_of, distances_to
from kmeans_core.engines.medoid import TIE
from kmeans_core.rules import Rule
from kmeans_core.types import Centers, Points, Weights, label_dtype


@dataclass(frozen=True, slots=True)
class Start:
    """All that an initialiser may look at.

    Attributes
    ----------
    points : (n, d) float64
    k : int
        Number of centers to find, 1 .. n.
    rng : numpy.random.Generator
        The run's one source of randomness.
    rule : Rule
        The rule of the run: its distance is the one by which starts are spread out.
    engine : Engine
        The points on the run's backend, for starts that refine.
    given : tuple of tuple of float, or None
        The hand-placed centers, if any.
    weights : (n,) float64, or None
        0 or more, at least k of them above 0. A point of weight w is as likely as w copies of it.
    exponent : int
        The power of 2 in which distances are computed.
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
    def columns(self) -> NDArray[np.float64]:
        """The points as ``(d, n)`` columns, times ``2 ** exponent``: their squared distances do not vanish."""
        columns = columns_of(self.points)
        return np.ldexp(columns, self.exponent) if self.exponent else columns

    @property
    def odds(self) -> NDArray[np.float64] | None:
        """Probabilities of the points by their weights, ``(n,)``; None if all are equally likely."""
        if self.weights is None or (self.weights == self.weights[0]).all():
            return None
        odds: NDArray[np.float64] = self.weights / self.weights.sum()
        return odds


@dataclass(frozen=True, slots=True)
class Initialiser:
    """A way to find the first centers.

    Attributes
    ----------
    name : str
        Its key in ``INITIALISERS``.
    title : str
        Its name as a person reads it.
    summary : str
        One sentence that says what it does.
    draws_points : bool
        Whether each of its centers is one of the points, all of different index.
    place : callable
        ``place(start) -> (k, d) float64``.
    """

    name: str
    title: str
    summary: str
    draws_points: bool
    place: Callable[[Start], Centers]


def random_points(start: Start) -> Centers:
    """Take k different points, as likely as they weigh, which is equally as a rule: Forgy's start, and the post's."""
    return start.points[start.rng.choice(len(start.points), size=start.k, replace=False, p=start.odds)]


def k_means_plus_plus(start: Start) -> Centers:
    """Draw points one by one, with odds in proportion to what each would add to the rule's cost now.

    That is its squared distance to the nearest center so far with the mean rule, its distance with the medoid rule,
    its Manhattan distance with the median rule. One point is drawn at a time (the plain method;
    ``greedy_k_means_plus_plus`` draws several and keeps the best).

    References
    ----------
    D. Arthur and S. Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007.
    """

    def draw(columns: Floats, nearest: Floats, taken: NDArray[np.bool_]) -> int:
        return int(start.rng.choice(len(nearest), p=_odds(start, nearest, taken)))

    return _one_by_one(start, draw)


def greedy_k_means_plus_plus(start: Start) -> Centers:
    """Draw ``2 + int(ln k)`` points for each center as k-means++ does, and take the one that leaves the least cost.

    The cost is the rule's own, of all points to their nearest center so far. A point may be drawn more than once. This
    is what scikit-learn calls "k-means++", with the number of points that it draws.

    References
    ----------
    D. Arthur and S. Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007, name it in their last
    section; C. Grunau, A. Özüdoğru, V. Rozhoň and J. Tětek, A nearly tight analysis of greedy k-means++, SODA 2023,
    bound its cost.
    """
    count = 2 + int(np.log(start.k))

    def draw(columns: Floats, nearest: Floats, taken: NDArray[np.bool_]) -> int:
        drawn = start.rng.choice(len(nearest), size=count, p=_odds(start, nearest, taken))
        costs = []
        for point in drawn.tolist():
            left = np.minimum(nearest, distances_to(columns, columns[:, point], start.rule.distance))
            costs.append(float((left if start.weights is None else left * start.weights).sum()))
        # The order in which a machine adds cannot decide: equal up to rounding counts as equal.
        return int(drawn[np.argmax(np.array(costs) <= min(costs) * (1 + TIE))])

    return _one_by_one(start, draw)


def _odds(start: Start, nearest: Floats, taken: NDArray[np.bool_]) -> Floats:
    """Return how likely each point is to be drawn, ``(n,)``: in proportion to what it adds to the cost now.

    Where every point lies on a center already, all that are not taken are as likely as they weigh.
    """
    if start.weights is not None:
        nearest = nearest * start.weights
    shares = nearest if nearest.any() else np.where(taken, 0.0, 1.0 if start.weights is None else start.weights)
    odds: Floats = shares / shares.sum()
    return odds


def farthest_points(start: Start) -> Centers:
    """Take a random point, then again and again the point that is farthest from the centers so far.

    References
    ----------
    T. F. Gonzalez, Clustering to minimize the maximum intercluster distance, Theor. Comput. Sci. 38, 1985.
    """

    def draw(columns: Floats, nearest: Floats, taken: NDArray[np.bool_]) -> int:
        if start.weights is not None:
            taken = taken | (start.weights == 0)
        return int(np.argmax(np.where(taken, -1.0, nearest)))

    return _one_by_one(start, draw)


def _one_by_one(start: Start, draw: Callable[[Floats, Floats, NDArray[np.bool_]], int]) -> Centers:
    """Take a random point, then k - 1 that ``draw`` picks.

    It is given the points as ``(d, n)`` columns, each point's distance to the nearest one taken, and which are taken.
    """
    columns = start.columns
    n = len(start.points)
    chosen = [int(start.rng.integers(n) if (odds := start.odds) is None else start.rng.choice(n, p=odds))]
    nearest = np.full(n, np.inf)
    taken = np.zeros(n, dtype=np.bool_)
    while True:
        taken[chosen[-1]] = True
        np.minimum(nearest, distances_to(columns, columns[:, chosen[-1]], start.rule.distance), out=nearest)
        if len(chosen) == start.k:
            return start.points[chosen]
        chosen.append(draw(columns, nearest, taken))


def random_partition(start: Start) -> Centers:
    """Give every point a random cluster, none left empty, and take the rule's center of each.

    References
    ----------
    J. M. Peña, J. A. Lozano and P. Larrañaga, An empirical comparison of four initialization methods for the K-means
    algorithm, Pattern Recognit. Lett. 20(10), 1999.
    """
    n = len(start.points)
    labels = start.rng.integers(start.k, size=n)
    # One different point for each cluster, so that none is empty.
    labels[start.rng.choice(n, size=start.k, replace=False, p=start.odds)] = np.arange(start.k)
    centers, _ = start.engine.refine(labels.astype(label_dtype(start.k)), start.k)
    return centers


def given_centers(start: Start) -> Centers:
    """Take the centers that were placed by hand.

    With the medoid rule the first refine may raise the cost then: a place by hand need not be one of the points, and
    may be better than any of them.
    """
    return np.array(start.given, dtype=np.float64)


_ALL = (
    Initialiser(
        name="random",
        title="Random points",
        summary="K different points, all equally likely.",
        draws_points=True,
        place=random_points,
    ),
    Initialiser(
        name="k-means++",
        title="k-means++",
        summary="Points drawn one by one, with odds that grow with the squared distance to the nearest center so far "
        "(with K-medoids and K-medians, with the distance).",
        draws_points=True,
        place=k_means_plus_plus,
    ),
    Initialiser(
        name="greedy-k-means++",
        title="Greedy k-means++",
        summary="For each center, several points drawn as in k-means++: the one that lowers the cost most is kept.",
        draws_points=True,
        place=greedy_k_means_plus_plus,
    ),
    Initialiser(
        name="farthest",
        title="Farthest points",
        summary="A random point, then each time the point that is farthest from the centers so far.",
        draws_points=True,
        place=farthest_points,
    ),
    Initialiser(
        name="partition",
        title="Random partition",
        summary="Every point gets a random cluster, and each center is refined from its points.",
        draws_points=False,
        place=random_partition,
    ),
    Initialiser(
        name="given",
        title="Placed by hand",
        summary="The centers are where you put them.",
        draws_points=False,
        place=given_centers,
    ),
)

INITIALISERS: Final[Mapping[str, Initialiser]] = MappingProxyType({one.name: one for one in _ALL})
"""The known initialisers by name."""
