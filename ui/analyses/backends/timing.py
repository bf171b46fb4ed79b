"""How long the half-steps of each backend take on each number of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final

from kmeans_core import BACKENDS, Phase, RunConfig, Step, iterate, make_dataset
from ui.text.messages import message

COUNTS: Final = ((1_000, 3_000, 10_000), (30_000,), (100_000,), (300_000,), (1_000_000,))
"""Numbers of points whose half-steps are timed, in the batches of the work; the first is quick."""

_ITERATIONS: Final = 4
"""How many iterations a run is timed for: the first ones, in which many points switch cluster."""

_ENOUGH_SECONDS: Final = 0.1
"""A run is repeated until all repetitions together take this long."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a backend takes for the half-steps of a run on ``n`` points: medians, in seconds.

    ``first_run`` is how much longer the first run took: TensorFlow compiles once for each number of points.
    """

    backend: str
    n: int
    assign: float
    refine: float
    first_run: float = 0.0

    @property
    def iteration(self) -> float:
        """The time of an assign and a refine."""
        return self.assign + self.refine


def measure(backend: str, rule: str, k: int, n: int) -> Timing:
    """Measure a backend's half-steps, here and now, in runs on ``n`` points of five round blobs."""
    points, _ = make_dataset("blobs", points=n)
    config = RunConfig(k=min(k, n), rule=rule, init="random", backend=backend, max_iter=_ITERATIONS)

    def timed_run() -> tuple[float, list[Step]]:
        started = perf_counter()
        steps = list(iterate(points, config))
        return perf_counter() - started, steps

    first, _ = timed_run()
    second, steps = timed_run()
    total = second
    while total < _ENOUGH_SECONDS:
        seconds, more = timed_run()
        total, steps = total + seconds, [*steps, *more]
    assign, refine = (
        median(step.seconds for step in steps if step.phase is phase) for phase in (Phase.ASSIGN, Phase.REFINE)
    )
    return Timing(backend, n, assign, refine, max(0.0, first - second))


def numbers(timings: Sequence[Timing]) -> dict[str, list[object]]:
    """Return the times as the columns of a table."""
    return {
        message("backends.column_backend"): [BACKENDS[timing.backend].title for timing in timings],
        message("backends.column_points"): [timing.n for timing in timings],
        message("backends.column_assign"): [timing.assign for timing in timings],
        message("backends.column_refine"): [timing.refine for timing in timings],
        message("backends.column_first_run"): [timing.first_run for timing in timings],
    }
