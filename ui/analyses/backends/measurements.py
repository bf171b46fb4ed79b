"""Times measured on this server, one measurement at a time: steps, TensorFlow's loading, and its compiling."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from threading import Lock
from time import perf_counter
from typing import Final

from kmeans_core import BACKENDS, RULES, run
from kmeans_core.engines import get_backend
from ui.analyses.backends.comparison import Comparison, compare
from ui.analyses.backends.timing import Timing, measure
from ui.settings.run_input import RunInput

_ONE_AT_A_TIME: Final = Lock()
"""Measurements side by side would slow each other down."""


def step_seconds(inputs: RunInput) -> list[float]:
    """Return how long each step of a run takes, the starting centers first."""
    with _ONE_AT_A_TIME:
        return [step.seconds for step in run(inputs.points, inputs.config())]


def comparison(inputs: RunInput, precision: str, offset: int) -> Comparison:
    """Return a run on NumPy and on TensorFlow in a precision, with the points moved ``offset`` from the origin."""
    with _ONE_AT_A_TIME:
        return compare(inputs.points, inputs.config(), precision, offset)


def timings(backends: Sequence[str], rule: str, k: int, counts: Sequence[int]) -> list[Timing]:
    """Return how long the steps of each backend take on each number of points."""
    with _ONE_AT_A_TIME:
        return [measure(backend, rule, k, n) for n in counts for backend in backends]


def loading_seconds(backend: str) -> float:
    """Load a backend and return how many seconds that took."""
    started = perf_counter()
    get_backend(backend)
    return perf_counter() - started


def tracing_seconds(rule: str) -> float:
    """Return how many seconds TensorFlow takes to compile the steps of a rule."""
    module = import_module(BACKENDS["tensorflow"].module)
    seconds: float = module.tracing_seconds(RULES[rule])
    return seconds
