"""Many runs on the same points, of which only the start and the end are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_core.arrays import Centers, Points, Weights, freeze, freeze_fields, restore_fields
from kmeans_core.config import RunConfig
from kmeans_core.engines import get_backend
from kmeans_core.engines.pruned import MeanRuns, PrunedEngine
from kmeans_core.engines.units import PLAIN, unit_for
from kmeans_core.kmeans import init, run
from kmeans_core.partitions import partition_key
from kmeans_core.problem import Problem, coordinates_of, validate_fit
from kmeans_core.types import StopReason, Trace
from kmeans_core.validation import validate_record, validate_sample

_LABELS: Final = 2**22
"""Labels of the runs that are in step with each other: a few megabytes a half-step."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a run came to. Arrays are read-only.

    Attributes
    ----------
    config : RunConfig
        What was run: ``run`` with it gives the same start and the same end, and all that lies between.
    start : (k, d) float64
        The first centers.
    centers : (k, d) float64
        The centers at the end.
    cost : float
        The rule's own cost at the end; to the rounding of a sum, that of the run.
    iterations : int
        Number of iterations (refine and assign) that were run.
    stop_reason : StopReason
    partition : bytes
        ``partition_key`` of the labels at the end: runs with the same key put the same points together.
    """

    config: RunConfig
    start: Centers
    centers: Centers
    cost: float
    iterations: int
    stop_reason: StopReason
    partition: bytes

    def __post_init__(self) -> None:
        freeze_fields(self)

    __setstate__ = restore_fields


def run_many(points: ArrayLike, configs: Sequence[RunConfig], weights: ArrayLike | None = None) -> list[Outcome]:
    """Run k-means by each of these configs and return what each came to.

    Runs by the mean rule on NumPy that differ in no more than seed and start go in step with each other, which is
    several times faster than one after another.

    Parameters
    ----------
    points : (n, d) array-like of finite real numbers
        Used as float64.
    configs : sequence of RunConfig
    weights : (n,) array-like of finite real numbers, 0 or more, optional
        As ``run`` takes them.

    Returns
    -------
    list of Outcome
        In the order of ``configs``.

    Raises
    ------
    ValueError, TypeError, BackendUnavailable
        As ``run`` does, before the first run.
    """
    if not isinstance(configs, Sequence):
        raise TypeError(f"configs must be a sequence of RunConfig, got {configs!r}")
    for config in configs:
        validate_record("every one of configs", config, RunConfig)
    array, own_weights = validate_sample(points, weights)
    for config in configs:
        validate_fit(array, config, own_weights)
    units = {
        config.given: unit_for(array, coordinates_of(config), own_weights)
        for config in {config.given: config for config in configs}.values()
    }
    for backend in {config.backend for config in configs}:
        get_backend(backend)
    outcomes: dict[int, Outcome] = {}
    for alike in _alike(configs):
        config, rescaled = configs[alike[0]], any(units[configs[index].given] != PLAIN for index in alike)
        in_step = config.rule == "mean" and config.backend == "numpy" and not rescaled
        together = _in_step if in_step else _one_by_one
        size = max(1, _LABELS // len(array))
        for first in range(0, len(alike), size):
            some = alike[first : first + size]
            outcomes.update(zip(some, together(array, own_weights, [configs[index] for index in some]), strict=True))
    return [outcomes[index] for index in range(len(configs))]


def _alike(configs: Sequence[RunConfig]) -> list[list[int]]:
    """Return the indices of the configs, those together that differ in seed and start only."""
    groups: dict[RunConfig, list[int]] = {}
    for index, config in enumerate(configs):
        groups.setdefault(replace(config, seed=0, init="random", given=None), []).append(index)
    return list(groups.values())


def _one_by_one(points: Points, weights: Weights | None, configs: Sequence[RunConfig]) -> list[Outcome]:
    """Run each config by itself."""
    return [_outcome_of(run(points, config, weights)) for config in configs]


def _outcome_of(trace: Trace) -> Outcome:
    return Outcome(
        config=trace.config,
        start=trace[0].centers,
        centers=trace.centers,
        cost=trace.cost,
        iterations=trace.iterations,
        stop_reason=trace.stop_reason,
        partition=partition_key(trace.labels),
    )


def _in_step(points: Points, weights: Weights | None, configs: Sequence[RunConfig]) -> list[Outcome]:
    """Run configs of the mean rule together; each leaves when it is done, or when it needs what the others do not."""
    step = _InStep(points, weights, configs)
    for iteration in range(1, configs[0].max_iter + 1):
        step.refine()
        step.assign()
        step.end(step.runs.reassigned == 0, iteration, StopReason.CONVERGED)
        if not len(step.left):
            break
    step.end(np.ones(len(step.left), dtype=np.bool_), configs[0].max_iter, StopReason.MAX_ITER)
    return [step.outcomes[index] for index in range(len(configs))]


class _InStep:
    """The runs that are in step with each other, and the outcomes of those that are not any more.

    Attributes
    ----------
    left : (r,) int64
        Which of the configs are still in step.
    centers : (r, k, d) float64
        Their centers now.
    """

    def __init__(self, points: Points, weights: Weights | None, configs: Sequence[RunConfig]) -> None:
        self._points = points
        self._weights = weights
        self._configs = configs
        self.runs = MeanRuns(points, weights)
        engine = PrunedEngine(self.runs)
        problems = (Problem(points, weights, config, lambda *_: engine) for config in configs)
        self._starts = [init(problem).centers for problem in problems]
        self.outcomes: dict[int, Outcome] = {}
        self.left = np.arange(len(configs))
        self.centers: NDArray[np.float64] = np.stack(self._starts)
        self.assign()

    def assign(self) -> None:
        """Give the points of each run to their nearest centers."""
        if len(self.left):
            self.runs.assign(self.centers)

    def refine(self) -> None:
        """Move the centers of each run; one that has to treat an empty cluster goes on by itself."""
        means, counts = self.runs.means()
        self.centers = np.where(counts[:, :, None] > 0, means, self.centers)
        if self._configs[0].empty != "keep":
            alone = (counts == 0).any(axis=1)
            for index in self.left[alone].tolist():
                self.outcomes[index] = _one_by_one(self._points, self._weights, [self._configs[index]])[0]
            self._go_on_with(~alone)

    def end(self, done: NDArray[np.bool_], iteration: int, reason: StopReason) -> None:
        """Note what those came to that are done, ``(r,)``, and go on with the others."""
        for place in np.flatnonzero(done).tolist():
            index, centers = int(self.left[place]), self.centers[place]
            self.outcomes[index] = Outcome(
                config=self._configs[index],
                start=self._starts[index],
                centers=freeze(centers.copy()),
                cost=self.runs.cost(place, centers),
                iterations=iteration,
                stop_reason=reason,
                partition=partition_key(self.runs.labels_of(place)),
            )
        self._go_on_with(~done)

    def _go_on_with(self, these: NDArray[np.bool_]) -> None:
        if not these.all():
            self.left, self.centers = self.left[these], self.centers[these]
            self.runs.select(these)
