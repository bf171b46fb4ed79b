"""K-means: place the centers, then assign and refine in turn until no point switches cluster.

``active`` are the clusters that were not dropped. Comments ``# excerpt: ...`` mark lines that the app shows on screen
(``ui/text/code_excerpts.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from kmeans_core.arrays import Active, all_active, freeze, label_dtype
from kmeans_core.empty_clusters import relocate_empty
from kmeans_core.initialisers import INITIALISERS
from kmeans_core.problem import Problem, make_branch_problem, make_problem
from kmeans_core.rounding import suppress_rounding_rise, suppress_rounding_rise_of_refine
from kmeans_core.run_config import RunConfig
from kmeans_core.types import Phase, Step, Trace, active_after


def run(points: ArrayLike, config: RunConfig, weights: ArrayLike | None = None, *, precision: str = "float64") -> Trace:
    """Run K-means to its end and return all of its half-steps; takes and raises what ``iterate`` does."""
    return Trace.from_steps(config, tuple(iterate(points, config, weights, precision=precision)))


def iterate(
    points: ArrayLike, config: RunConfig, weights: ArrayLike | None = None, *, precision: str = "float64"
) -> Iterator[Step]:
    """Run K-means and yield each half-step as it is done: INIT, ASSIGN, and then REFINE and ASSIGN in turn.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
    config : RunConfig
    weights : (n,) array-like of finite real numbers, 0 or more, optional
        A point of weight w counts as w copies. A point of weight 0 gets a label, and adds nothing to centers and costs.
    precision : str
        One of the backend's ``precisions``, in which half-steps are computed. Steps hold float64 in any case.

    Raises
    ------
    ValueError, TypeError, BackendUnavailable
        At the call, before the first step: if the input cannot be clustered, if ``k`` is more than the number of
        points whose weight is not 0, if ``config`` is not a ``RunConfig``, or if the backend is not installed.
    """
    return _half_steps(make_problem(points, config, weights, precision))


def _half_steps(problem: Problem) -> Iterator[Step]:
    """Yield the half-steps of a run."""
    step = init(problem)
    yield step
    yield from _alternate(problem, step)


def _alternate(problem: Problem, first: Step) -> Iterator[Step]:
    """Yield the half-steps after one that placed the centers: an assign, then a refine and an assign in turn."""
    active = all_active(problem.config.k)
    step = assign(problem, first, active)  # excerpt: assign.first
    yield step
    for _ in range(problem.config.max_iter):
        step = refine(problem, step, active)  # excerpt: refine
        active = active_after(active, step)
        yield step
        step = assign(problem, step, active)  # excerpt: assign end
        yield step
        if converged(step):  # excerpt: end
            return  # excerpt: end


def init(problem: Problem) -> Step:
    """Place the starting centers."""
    start = perf_counter()
    centers = INITIALISERS[problem.config.init].place(problem.seeding)  # excerpt: init
    seconds = perf_counter() - start
    return Step(phase=Phase.INIT, iteration=0, centers=freeze(centers), compact_labels=None, cost=None, seconds=seconds)


def assign(problem: Problem, before: Step, active: Active) -> Step:
    """Give each point to its nearest center, ties to the lowest index."""
    start = perf_counter()
    if active.all():
        labels, cost = problem.engine.assign(before.centers)
    else:
        labels, cost = problem.engine.assign(before.centers[active])
        # Labels index the active centers; map them back to clusters.
        labels = np.flatnonzero(active).astype(label_dtype(len(active)))[labels]
    first = before.compact_labels is None
    reassigned = len(labels) if first else int(np.count_nonzero(labels != before.compact_labels))
    cost = suppress_rounding_rise(problem, before, cost)
    seconds = perf_counter() - start
    return Step(
        phase=Phase.ASSIGN,
        iteration=before.iteration,
        centers=before.centers,
        compact_labels=freeze(labels),
        cost=cost,
        reassigned=reassigned,
        seconds=seconds,
    )


def refine(problem: Problem, before: Step, active: Active) -> Step:
    """Move each center to the best place for its points; the policy for empty clusters treats the others."""
    start = perf_counter()
    labels, k = before.compact_labels, len(active)
    assert labels is not None, "a refine follows an assign"
    best, counts = problem.engine.refine(labels, k)
    centers = np.where(counts[:, None] > 0, best, before.centers)  # excerpt: empty.keep
    cost = suppress_rounding_rise_of_refine(problem, before, problem.engine.cost(labels, centers))
    empty = np.flatnonzero((counts == 0) & active)
    relocated = relocate_empty(problem, empty, labels, centers) if len(empty) else ()
    seconds = perf_counter() - start
    return Step(
        phase=Phase.REFINE,
        iteration=before.iteration + 1,
        centers=freeze(centers),
        compact_labels=labels,
        cost=cost,
        relocated=relocated,
        seconds=seconds,
    )


def converged(step: Step) -> bool:
    """Tell whether an assign after a refine ends the run: the same labels refine to the same centers."""
    return step.reassigned == 0


def branch(points: ArrayLike, trace: Trace, index: int, centers: ArrayLike, weights: ArrayLike | None = None) -> Trace:
    """Move the centers after half-step ``index`` of a run, and let it go on from there.

    The result holds the steps of ``trace`` up to ``index``, a MOVE, and up to ``max_iter`` more iterations. A MOVE may
    raise the cost, and with the medoid rule so may the refine after it, because the new centers need not be points. All
    clusters take part again, even those that were dropped, as in a run that starts with these centers.

    Parameters
    ----------
    points, weights
        Those of ``trace``.
    centers : (k, d) array-like of finite real numbers
        The places of all centers after the move.

    Raises
    ------
    ValueError, TypeError, BackendUnavailable
        If points or centers do not fit ``trace``, if it has no such half-step, or as ``iterate`` does.
    """
    problem, places = make_branch_problem(points, trace, index, centers, weights)
    before = trace[index]
    labels = before.compact_labels
    cost = None if labels is None else problem.engine.cost(labels, places)
    # excerpt: move
    move = Step(phase=Phase.MOVE, iteration=before.iteration, centers=places, compact_labels=labels, cost=cost)
    return Trace.from_steps(trace.config, (*trace[: index + 1], move, *_alternate(problem, move)))  # excerpt: move
