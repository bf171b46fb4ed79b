"""The algorithm itself: place the centers, then assign and refine until nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.engines import BACKENDS, Engine, EngineFactory, get_backend
from kmeans_core.engines.rescaled import engine_at
from kmeans_core.initialisers import INITIALISERS, Start
from kmeans_core.magnitudes import PLAIN, Unit, refuse_overflow, unit_for
from kmeans_core.rules import RULES, Rule
from kmeans_core.types import (
    Centers,
    EmptyCluster,
    Labels,
    Phase,
    Points,
    RunConfig,
    Step,
    StopReason,
    Trace,
    Weights,
    active_after,
    all_active,
    checked_record,
    frozen,
    is_one_of,
    label_dtype,
    one_of,
)
from kmeans_core.validation import checked_weights, finite_rows, largest_of

_ROUNDING: Final = 1e-9
"""A cost that rises by less than this fraction, where it cannot rise, does so by rounding alone: NumPy sums n terms to
some log2(n) 2^-53 of the sum, and costs that ``screening`` takes from sums of clusters are right to 1e-11."""


def iterate(
    points: ArrayLike, config: RunConfig, weights: ArrayLike | None = None, *, precision: str = "float64"
) -> Iterator[Step]:
    """Run k-means and yield each half-step as it is done.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
        Used as float64.
    config : RunConfig
    weights : (n,) array-like of finite real numbers, 0 or more, optional
        A point of weight w counts as w copies. A point of weight 0 gets a label and adds nothing to centers
        and costs; as any other, it keeps the run going while it switches cluster.
    precision : str
        One of the backend's ``precisions``: what its half-steps compute in. The records are float64 in any case.

    Returns
    -------
    iterator of Step
        INIT, ASSIGN, and then REFINE and ASSIGN of each iteration.

    Raises
    ------
    ValueError
        At the call, before the first step: if ``points`` cannot be clustered or ``weights`` do not fit them, if ``k``
        is larger than the number of points whose weight is not 0, if the precision is not known, or
        if given centers do not fit the points.
    TypeError
        At the call: if ``config`` is no ``RunConfig``.
    BackendUnavailable
        At the call: if the backend's package is not installed.
    """
    one_of("precision", precision, BACKENDS[checked_record("config", config, RunConfig).backend].precisions)
    array, own_weights = checked_sample(points, weights, precision)
    check_fit(array, config, own_weights, precision)
    unit = unit_of(array, config.given, own_weights, precision)
    make_engine = partial(engine_at, unit, get_backend(config.backend, precision))
    return _half_steps(array, own_weights, config, make_engine, unit=unit, rounded=precision != "float64")


def run(points: ArrayLike, config: RunConfig, weights: ArrayLike | None = None, *, precision: str = "float64") -> Trace:
    """Run k-means to its end and return all of its half-steps.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
        Used as float64.
    config : RunConfig
    weights, precision
        As ``iterate`` takes them.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError, TypeError, BackendUnavailable
        As ``iterate`` does.
    """
    return trace_of(config, tuple(iterate(points, config, weights, precision=precision)))


def branch(points: ArrayLike, trace: Trace, index: int, centers: ArrayLike, weights: ArrayLike | None = None) -> Trace:
    """Move the centers by hand at some half-step of a run, and let it go on from there.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
        The points of ``trace``.
    trace : Trace
        The run to leave; it stays as it is.
    index : int
        Half-step after which the centers are moved, 0 .. len(trace) - 1.
    centers : (k, d) array-like of finite real numbers
        Where all centers are after the move.
    weights : (n,) array-like of finite real numbers, 0 or more, optional
        Those of ``trace``.

    Returns
    -------
    Trace
        The steps of ``trace`` up to ``index``, a MOVE, and then ASSIGN, REFINE and so on, up to ``max_iter`` iterations
        more. A MOVE may raise the cost, and with the medoid rule so may the refine after it: a place by hand need not
        be one of the points, and may be better than any of them. All clusters that were dropped take part again,
        also those whose centers stay: a run goes on from a move as one that starts with these centers does.

    Raises
    ------
    ValueError
        If ``points`` or ``centers`` are not those of a run like ``trace``, or there is no half-step ``index``.
    TypeError
        If ``trace`` is no ``Trace``.
    BackendUnavailable
        If the backend's package is not installed.
    """
    config = checked_record("trace", trace, Trace).config
    (array, own_weights), moved = checked_sample(points, weights), finite_rows("centers", centers)
    if not is_one_of(index, range(len(trace))):
        raise ValueError(f"index must be a half-step of the trace, in 0..{len(trace) - 1}, got {index!r}")
    if moved.shape != trace.centers.shape:
        raise ValueError(f"centers must have the shape {trace.centers.shape}, got {moved.shape}")
    if array.shape != (len(trace.labels), moved.shape[1]):
        raise ValueError(
            f"points must be those of the trace, of shape {(len(trace.labels), moved.shape[1])}, got {array.shape}"
        )
    refuse_overflow("centers", largest_of(moved), array.shape, own_weights)
    before = trace[index]
    unit = unit_for(array, moved, own_weights)
    engine = engine_at(unit, get_backend(config.backend), array, RULES[config.rule], own_weights)
    moved = frozen(moved.copy())
    cost = None if before.compact_labels is None else engine.cost(before.compact_labels, moved)
    move = Step(Phase.MOVE, before.iteration, moved, before.compact_labels, cost)
    descends = config.rule != "medoid" or _are_points(moved, array, own_weights)
    clusters = _Clusters(array, own_weights, engine, config, descends=descends)
    return trace_of(config, (*trace[: index + 1], move, *_go_on(clusters, move, config.max_iter)))


def trace_of(config: RunConfig, steps: tuple[Step, ...]) -> Trace:
    """Return a run of these steps; it came to rest if the last refine left every point where it was."""
    rested = steps[-2].phase is Phase.REFINE and not steps[-1].moved
    return Trace(config, steps, StopReason.CONVERGED if rested else StopReason.MAX_ITER)


def check_fit(points: Points, config: RunConfig, weights: Weights | None = None, precision: str = "float64") -> None:
    """Refuse a config that does not go with the points and their weights, with a ``ValueError``."""
    d = points.shape[1]
    n = len(points) if weights is None else int(np.count_nonzero(weights))
    if config.k > n:
        which = "" if n == len(points) else ", the points whose weight is not 0"
        raise ValueError(f"k must be in 1..n (n={n}{which}), got {config.k}")
    if config.given is not None:
        if len(config.given[0]) != d:
            raise ValueError(
                f"given centers must have as many coordinates as the points ({d}), got {len(config.given[0])}"
            )
        refuse_overflow("given", largest_of(np.array(config.given)), points.shape, weights, precision)


def unit_of(
    points: Points,
    given: tuple[tuple[float, ...], ...] | None,
    weights: Weights | None = None,
    precision: str = "float64",
) -> Unit:
    """Return the unit in which a run computes, as ``unit_for`` does, given its first centers if any."""
    return unit_for(points, None if given is None else np.array(given), weights, precision)


def checked_points(points: ArrayLike) -> Points:
    """Return points as ``checked_sample`` does."""
    return checked_sample(points)[0]


def checked_sample(
    points: ArrayLike, weights: ArrayLike | None = None, precision: str = "float64"
) -> tuple[Points, Weights | None]:
    """Return points as ``(n, d) float64``, C-contiguous, without a copy where that is possible, and their weights.

    Raises
    ------
    ValueError
        If they are not a 2-D array of finite real numbers with at least one row and one column, or are so large that
        their squared distances overflow in that precision; or if the weights do not fit them.
    """
    array = finite_rows("points", points)
    own_weights = checked_weights(weights, len(array))
    refuse_overflow("points", largest_of(array), array.shape, own_weights, precision)
    return array, own_weights


def _half_steps(
    points: Points,
    weights: Weights | None,
    config: RunConfig,
    make_engine: EngineFactory,
    *,
    unit: Unit,
    rounded: bool,
) -> Iterator[Step]:
    """Yield the half-steps of a run whose input has been checked; ``rounded`` is for engines that show rounding."""
    started = perf_counter()
    rule = RULES[config.rule]
    engine = make_engine(points, rule, weights)
    centers = first_centers(points, config, rule, engine, weights, unit=unit)
    init = Step(Phase.INIT, 0, centers, None, None, seconds=perf_counter() - started)
    yield init
    descends = None if rounded else config.rule != "medoid" or _are_points(centers, points, weights)
    yield from _go_on(_Clusters(points, weights, engine, config, descends=descends), init, config.max_iter)


def first_centers(
    points: Points, config: RunConfig, rule: Rule, engine: Engine, weights: Weights | None = None, *, unit: Unit = PLAIN
) -> Centers:
    """Return where a config places its first centers, ``(k, d) float64``, read-only."""
    random = np.random.default_rng(config.seed)
    start = Start(points, config.k, random, rule, engine, config.given, weights, unit.exponent)
    return frozen(INITIALISERS[config.init].place(start))


def _are_points(centers: Centers, points: Points, weights: Weights | None) -> bool:
    """Tell whether every center lies on a point that counts, so that no medoid of its cluster costs more than it."""
    counted = points if weights is None else points[weights > 0]
    return all(bool((counted == center).all(axis=1).any()) for center in centers)


def _go_on(clusters: _Clusters, placed: Step, max_iter: int) -> Iterator[Step]:
    """Yield the half-steps that follow on one that placed the centers: an assign, then iterations until it rests."""
    step = clusters.assigned(placed)
    yield step
    for _ in range(max_iter):
        step = clusters.refined(step)
        yield step
        step = clusters.assigned(step)
        yield step
        # The same labels refine to the same centers, whatever is done about empty clusters: nothing can change.
        if not step.moved:
            return


def _without_rise(before: float | None, cost: float) -> float:
    """Return a cost that cannot be above the one before; one that is far above it is an error that has to show."""
    return before if before is not None and before < cost <= before * (1 + _ROUNDING) else cost


class _Clusters:
    """The two half-steps of one run on its engine, with what becomes of empty clusters.

    Neither half-step can raise the rule's cost, except a refine that replaces centers which are no points by medoids.
    An assign gives each point to a center that is at most as far as the one before; a mean is the float nearest to the
    true mean, so that no other float costs less; a median lies between the two points in the middle; and a medoid costs
    at most a fraction of 1e-12 more than any other member. A sum of n rounded distances may rise nonetheless, by a few
    units in its last place. Then the cost before is reported again: it is as near to the true cost as the sum is.
    """

    def __init__(
        self,
        points: Points,
        weights: Weights | None,
        engine: Engine,
        config: RunConfig,
        *,
        descends: bool | None,
    ) -> None:
        """``descends``: whether the next refine can't raise the cost; None if rounding is to be seen."""
        self._points = points
        self._weights = weights
        self._engine = engine
        self._policy = config.empty
        self._active = all_active(config.k)
        self._rounded = descends is None
        self._descends = bool(descends)

    def assigned(self, before: Step) -> Step:
        """Return the ASSIGN that follows: each point goes to the nearest center that is not dropped."""
        started = perf_counter()
        centers = before.centers
        if self._active.all():
            labels, cost = self._engine.assign(centers)
        else:
            among_active, cost = self._engine.assign(centers[self._active])
            labels = np.flatnonzero(self._active).astype(label_dtype(len(centers)))[among_active]
        moved = len(labels) if before.compact_labels is None else int(np.count_nonzero(labels != before.compact_labels))
        if not self._rounded:
            cost = _without_rise(before.cost, cost)
        seconds = perf_counter() - started
        return Step(Phase.ASSIGN, before.iteration, centers, frozen(labels), cost, moved, seconds=seconds)

    def refined(self, before: Step) -> Step:
        """Return the REFINE that follows: each center goes to its place, then empty clusters are treated."""
        started = perf_counter()
        labels, centers = before.compact_labels, before.centers
        assert labels is not None, "a refine follows on an assign"
        refined, counts = self._engine.refine(labels, len(centers))
        refined = np.where(counts[:, None] > 0, refined, centers)
        cost = self._engine.cost(labels, refined)
        if self._descends:
            cost = _without_rise(before.cost, cost)
        # From the second refine on, medoids replace medoids.
        self._descends = not self._rounded
        empty = np.flatnonzero((counts == 0) & self._active)
        # No point is in an empty cluster, so what becomes of its center leaves this cost as it is.
        relocated = self._treat_empty(empty, labels, refined) if len(empty) else ()
        seconds = perf_counter() - started
        step = Step(
            Phase.REFINE, before.iteration + 1, frozen(refined), labels, cost, relocated=relocated, seconds=seconds
        )
        self._active = active_after(self._active, step)
        return step

    def _treat_empty(self, empty: NDArray[np.intp], labels: Labels, centers: Centers) -> tuple[EmptyCluster, ...]:
        """Apply the policy to the clusters ``empty``, which may move their rows of ``centers``; return what it did."""
        if self._policy == "farthest":
            # A stable sort: points at the same distance come in index order.
            points = np.argsort(-self._engine.distances(labels, centers), kind="stable")
            if self._weights is not None:
                # A point of weight w stands for w points, of which each may be the next farthest.
                copies = np.minimum(np.ceil(self._weights[points]), len(empty)).astype(np.intp)
                points = np.repeat(points, copies)
            points = points[: len(empty)]
            centers[empty] = self._points[points]
            pairs = zip(empty.tolist(), points.tolist(), strict=True)
            return tuple(EmptyCluster(cluster, self._policy, point) for cluster, point in pairs)
        return tuple(EmptyCluster(cluster, self._policy) for cluster in empty.tolist())
