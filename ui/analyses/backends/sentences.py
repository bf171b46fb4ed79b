"""Sentences of the page: whether both backends agree, why not, and which is quicker."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from kmeans_core import BACKENDS
from ui.analyses.backends.comparison import Comparison, RoundingEffect, StepDifference, Switch
from ui.analyses.backends.timing import Timing
from ui.settings.rows import Rows, point_facts
from ui.text.messages import message

_BLINK_SECONDS: Final = 0.1
"""How long a blink of an eye takes, at least: 0.1 to 0.4 seconds in the literature."""


def numpy_only(n: int, seconds: Sequence[float]) -> str:
    """Say how quick NumPy is on ``n`` points; ``seconds`` of the start and of each half-step of the run."""
    total = sum(seconds)
    steps = len(seconds) - 1
    return message("backends.numpy_only", steps=steps, n=n, seconds=total, quick=total < _BLINK_SECONDS)


def step_times(seconds: Sequence[float]) -> dict[str, list[object]]:
    """Return how long NumPy took for each half-step as the columns of a table; ``seconds`` begin with the start."""
    steps = range(1, len(seconds))
    names: list[object] = [
        message("steps.name", phase=("refine", "assign")[index % 2], iteration=index // 2) for index in steps
    ]
    return {message("backends.column_step"): names, message("backends.column_numpy_seconds"): list(seconds[1:])}


def step_label(step: StepDifference) -> str:
    """Return the name of a half-step: ``Assign 3``."""
    return message("steps.name", phase=step.phase, iteration=step.iteration)


def bar_hint(step: StepDifference, value: float) -> str:
    """Return what a bar of the chart of differences says on hover."""
    return message("backends.bar", step=step_label(step), value=value)


def finding(comparison: Comparison) -> str:
    """Say whether both backends gave the same run."""
    if not comparison.is_same:
        return " ".join(_differences(comparison))
    numpy, tensorflow = comparison.median_seconds
    return message(
        "backends.same",
        n=comparison.n,
        steps=len(comparison.differences) - 1,
        exact=not comparison.distance,
        distance=comparison.distance,
        converged=comparison.converged[0],
        iterations=comparison.iterations[0],
        numpy=numpy,
        tensorflow=tensorflow,
    )


def _differences(comparison: Comparison) -> Iterator[str]:
    yield message("backends.different", precision=comparison.precision)
    if step := comparison.first_difference:
        yield message("backends.first_difference", step=step_label(step), points=step.points, n=comparison.n)
    yield message("backends.final_difference", points=comparison.points)
    yield message(
        "backends.endings",
        numpy_converged=comparison.converged[0],
        numpy_iterations=comparison.iterations[0],
        tensorflow_converged=comparison.converged[1],
        tensorflow_iterations=comparison.iterations[1],
    )


def reason(comparison: Comparison, rows: Rows | None = None) -> str:
    """Say why both runs are the same, or why they are not; ``rows`` of a table are the names of its points."""
    switch, precision = comparison.switch, comparison.precision
    if switch:
        sentence = _switch(switch, precision, rows)
    else:
        sentence = message("backends.same_reason" if precision == "float64" else "backends.enough_digits")
    if precision == "float64" or not comparison.rounding:
        return sentence
    return f"{sentence} {_rounding(comparison.rounding, comparison.distance)}"


def _switch(switch: Switch, precision: str, rows: Rows | None) -> str:
    return message(
        "backends.switch",
        **point_facts(rows, switch.point),
        own_distance=switch.distances[0],
        own_center=switch.centers[0] + 1,
        other_distance=switch.distances[1],
        other_center=switch.centers[1] + 1,
        precision=precision,
        magnitude=switch.magnitude,
        spacing=switch.spacing,
    )


def _rounding(rounding: RoundingEffect, distance: float) -> str:
    """Say what moved the centers: the sums, or the rounding of the points."""
    return message(
        "backends.rounding",
        distance=distance,
        by_sums=2 * rounding.points < distance,
        sums=rounding.sums,
        points=rounding.points,
    )


def differences_alt(comparison: Comparison) -> str:
    """Describe the chart of differences for readers who can't see it."""
    return message(
        "backends.differences_alt",
        precision=comparison.precision,
        points=max(step.points for step in comparison.differences),
        distance=comparison.distance,
    )


def difference_numbers(comparison: Comparison) -> dict[str, list[object]]:
    """Return the half-steps as the columns of a table."""
    steps = comparison.differences
    return {
        message("backends.column_step"): [step_label(step) for step in steps],
        message("backends.column_points_apart"): [step.points for step in steps],
        message("backends.column_distance"): [step.distance for step in steps],
        message("backends.column_numpy_cost"): [step.costs[0] for step in steps],
        message("backends.column_tensorflow_cost"): [step.costs[1] for step in steps],
        message("backends.column_numpy_seconds"): [step.seconds[0] for step in steps],
        message("backends.column_tensorflow_seconds"): [step.seconds[1] for step in steps],
    }


def shortcut(rule: str) -> str:
    """Say what is timed if the library has a faster way than the code that is shown; else empty."""
    if rule != "mean":
        return ""
    numpy, tensorflow = (BACKENDS[name].prunes_from for name in ("numpy", "tensorflow"))
    return message("backends.shortcut", numpy=numpy, tensorflow=tensorflow)


def preparation(loading: float | None, tracing: float) -> str:
    """Say how long only the first run on TensorFlow waits: seconds of ``loading``, if that is known, and compiling."""
    return message("backends.preparation", loaded=loading is not None, loading=loading or 0.0, tracing=tracing)


def quicker(timings: Sequence[Timing]) -> str:
    """Say which backend is quicker, and what that depends on."""
    by_n: dict[int, dict[str, Timing]] = {}
    for timing in timings:
        by_n.setdefault(timing.n, {})[timing.backend] = timing
    contests = {n: pair for n, pair in sorted(by_n.items()) if len(pair) == len(BACKENDS)}
    if not contests:
        last = timings[-1]
        return message("backends.numpy_times", assign=last.assign, refine=last.refine, n=last.n)
    winners = {n: min(pair.values(), key=lambda timing: timing.iteration).backend for n, pair in contests.items()}
    smallest = min(contests)
    iteration = message(
        "backends.iteration_times",
        n=smallest,
        tensorflow=contests[smallest]["tensorflow"].iteration,
        numpy=contests[smallest]["numpy"].iteration,
        processors=os.cpu_count() or 1,
    )
    return f"{_winner(winners)} {iteration}"


def _winner(winners: Mapping[int, str]) -> str:
    """Say which backend is quicker on which numbers of points."""
    changes = [after for before, after in pairwise(winners) if winners[before] != winners[after]]
    first = BACKENDS[winners[min(winners)]].title
    if not changes:
        return message("backends.always_quicker", backend=first, several=len(winners) > 1, n=max(winners))
    if len(changes) == 1:
        other = BACKENDS[winners[changes[0]]].title
        return message("backends.quicker_from", few=first, many=other, n=changes[0])
    numpy = list(winners.values()).count("numpy")
    return message("backends.sometimes_quicker", numpy=numpy, counts=len(winners))


def timing_label(timing: Timing, seconds: float) -> str:
    """Return what a point of the chart of times says on hover."""
    return message("backends.timing", backend=BACKENDS[timing.backend].title, n=timing.n, seconds=seconds)


def timings_alt(timings: Sequence[Timing]) -> str:
    """Describe the chart of times for readers who can't see it."""
    lines = [
        message(
            "backends.timing_alt",
            backend=BACKENDS[timing.backend].title,
            n=timing.n,
            assign=timing.assign,
            refine=timing.refine,
        )
        for timing in timings
    ]
    return " ".join([message("backends.timings_alt"), *lines])
