"""Runs, computed once for everybody who asks the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import wraps
from importlib import import_module
from threading import Lock
from time import perf_counter
from typing import Any, Final, ParamSpec, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from kmeans_core import (
    BACKENDS,
    RULES,
    RunConfig,
    StopReason,
    Trace,
    iterate,
    run,
    run_many,
)
from kmeans_core.datasets import Truth
from kmeans_core.engines import get_backend
from kmeans_core.types import Centers, Labels, Points
from server.config import backend_offered
from server.logs import logged
from ui.analyses import tutorial
from ui.analyses.backends import Comparison, Timing, compared, timed
from ui.analyses.compare import Ran, ran
from ui.analyses.crowding import Crowding, measured
from ui.analyses.failures import CASES, Found
from ui.analyses.how_many.silhouettes import MAX_POINTS as MAX_SILHOUETTE_POINTS
from ui.analyses.how_many.silhouettes import silhouettes
from ui.analyses.how_many.trials import Trial, best_index, runs_per_k, trial
from ui.analyses.starts import KINDS, Differ, Outcome, differing
from ui.charts.thumbnails import Ending, ending, sample
from ui.player.protocol import pack_run, pack_runs
from ui.settings.edits import (
    as_places,
    edited_points,
    fitted_centers,
    moved_by_hand,
    numbers_left,
    touches_points,
    without_effect,
)
from ui.settings.effort import max_iterations
from ui.settings.points import Data, generated, label_words, of_table, rows_of
from ui.settings.record import Settings
from ui.shell.progress import in_turn
from ui.shell.session import PRIVATE_RESULTS
from ui.shell.uploads import table_of
from ui.text.numbers import counted

Answer = TypeVar("Answer")
Questions = ParamSpec("Questions")

_MOST_OWN: Final = 40
"""How many results of a visitor's own table are kept for that visitor."""


def kept(max_entries: int, **options: Any) -> Callable[[Callable[Questions, Answer]], Callable[Questions, Answer]]:
    """Keep what a function of settings gave: for everybody who asks the same, but nothing of anybody's own table.

    That is kept for its owner alone. ``options`` are those of ``st.cache_data``.
    """

    def keep(function: Callable[Questions, Answer]) -> Callable[Questions, Answer]:
        @wraps(function)
        def computed(*args: Questions.args, **named: Questions.kwargs) -> Answer:
            with logged(function.__name__.strip("_"), **_facts(args)):
                return function(*args, **named)

        # Streamlit would hash thousands of changes by hand one by one, at a third of a second.
        shared = st.cache_data(max_entries=max_entries, show_spinner=False, hash_funcs={Settings: repr}, **options)(
            computed
        )

        @wraps(function)
        def ask(*args: Questions.args, **named: Questions.kwargs) -> Answer:
            if not any(map(_is_private, args)):
                return shared(*args, **named)
            own = PRIVATE_RESULTS.get()
            key = (function.__qualname__, args, tuple(named.items()))
            own[key] = own.pop(key) if key in own else computed(*args, **named)
            while len(own) > _MOST_OWN:
                del own[next(iter(own))]
            answer: Answer = own[key]
            return answer

        return ask

    return keep


def _facts(args: Sequence[object]) -> dict[str, object]:
    """Return what a log may say of the settings that were asked for: nothing that tells whose they are."""
    settings = args[0][0] if args and isinstance(args[0], tuple) else next(iter(args), None)
    if not isinstance(settings, Settings):
        return {}
    data = "a table" if settings.is_private else settings.data
    return {"data": data, "k": settings.k, "rule": settings.rule, "backend": settings.backend}


def _is_private(asked: object) -> bool:
    several = asked if isinstance(asked, tuple) else (asked,)
    return any(isinstance(one, Settings) and one.is_private for one in several)


def data_of(settings: Settings) -> Data:
    """Return the points that the settings describe before any edit, and how they are drawn."""
    table = table_of(settings)
    return generated(settings) if table is None else of_table(settings, table)


def generated_points(settings: Settings) -> Points:
    """Return the points that the settings describe, ``(n, d) float64``, before any edit."""
    return data_of(settings).points


def points_of(settings: Settings) -> Points:
    """Return the points that the settings describe, ``(n, d) float64``."""
    return edited_points(generated_points(settings), settings.edits)


def first_centers(settings: Settings) -> Centers:
    """Return where the settings' run starts, ``(k, d) float64``.

    A start is drawn from the generated points, so that a point more or less does not change all of the run.
    """
    points = generated_points(settings)
    return next(iterate(points, settings.run_config(points))).centers


def _begun(settings: Settings, points: Points) -> RunConfig:
    """Return the run's config; where points were drawn or erased the start is placed as it was before that."""
    config = settings.run_config(points)
    if not touches_points(settings.edits) or config.init == "given":
        return config
    given = fitted_centers(as_places(first_centers(settings)), config.k, points)
    return replace(config, init="given", given=given)


def trace_of(settings: Settings, points: Points) -> Trace:
    """Return the run that the settings describe on their points."""
    trace = replace(run(points, _begun(settings, points)), config=settings.run_config(points))
    return moved_by_hand(points, trace, settings.edits)


def edited_run(settings: Settings) -> tuple[RunConfig, Points, Trace]:
    """Return the settings' run with what it was computed from: the config from which it starts, and its points.

    Where points were drawn or erased that config places the first centers as they were before.
    """
    computable = _computable(settings)
    points = points_of(computable)
    return _begun(computable, points), points, trace_of(computable, points)


@kept(64)
def _packed(settings: Settings) -> tuple[bytes, int, int, bool]:
    """Return the settings' run as the player's block of bytes, and three facts for the page.

    These are how many points there are, how many edits have no effect, and whether the run stopped before the limit of
    the settings, because no run on so many points can be longer.
    """
    data = data_of(settings)
    points = edited_points(data.points, settings.edits)
    trace = trace_of(settings, points)
    packed = pack_run(points, trace, **data.look, rows=rows_of(data, settings.edits))
    lost = without_effect(len(data.points), trace.config.k, settings.edits)
    is_cut = trace.stop_reason is StopReason.MAX_ITER and trace.config.max_iter < settings.max_iter
    return packed, len(points), lost, is_cut


def packed_run(settings: Settings) -> bytes:
    """Return the settings' run as the player's block of bytes, and say on the page what a person should know."""
    settings = _computable(settings)
    with _loaded(settings.backend), _waited_for(settings, "Computing the run"):
        packed, n, lost, is_cut = _packed(settings)
    if is_cut:
        most = max_iterations(n)
        st.info(f"{counted(most, 'iteration')} are the most that a run on {counted(n, 'point')} can have here.")
    _tell_of_too_large_k(settings.k, n)
    if lost:
        st.info(
            f"{counted(lost, 'change')} by hand in this link named a point or a center that is not there: left out."
        )
    return packed


def _computable(settings: Settings) -> Settings:
    """Return the settings with a backend that is there; where one is not, the sidebar says how to get it."""
    # Until then the same labels come from NumPy.
    return settings if backend_offered(settings.backend) else replace(settings, backend="numpy")


@contextmanager
def _loaded(name: str) -> Iterator[None]:
    """Say on the page that a backend is loading while it is, once for this server."""
    backend = BACKENDS[name]
    if backend.module in sys.modules:
        yield
    else:
        with st.spinner(f"Loading {backend.title}, once for this server: this takes some seconds.", show_time=True):
            yield


_QUICK: Final = 20_000
"""A run on so many points is there before a spinner would be."""


def _waited_for(settings: Settings, told: str) -> AbstractContextManager[None]:
    """Say on the page what is going on while it is, where there are many points."""
    # For few points it would only keep the page's elements from coming at once.
    return _long_work(told) if count_of_points(settings) > _QUICK else nullcontext()


def count_of_points(settings: Settings) -> int:
    """Return about how many points the settings describe, without drawing them: as many as before any edit."""
    sizes, table = dict(settings.sizes), table_of(settings)
    return table.n if table else int(sizes.get("points", sizes.get("blobs", 0) * sizes.get("points_per_blob", 0)))


@contextmanager
def _long_work(told: str) -> Iterator[None]:
    with st.spinner(told, show_time=True), in_turn(st.empty()):
        yield


def _tell_of_too_large_k(k: int, n: int) -> None:
    if k > n:
        there = f"{counted(n, 'point')} there {'is' if n == 1 else 'are'}"
        st.info(f"K = {k} is more than the {there}: shown with K = {n}.")


@kept(64)
def _packed_together(settings: tuple[Settings, ...]) -> tuple[bytes, list[Ran], int]:
    """Return runs on the same points as one block of bytes, what to say of each, and how many points there are."""
    points, data = points_of(settings[0]), data_of(settings[0])
    traces = [trace_of(one, points) for one in settings]
    runs = ran(traces)
    names = [run.names for run in runs]
    packed = pack_runs(points, traces, names, **data.look, rows=rows_of(data, settings[0].edits))
    return packed, runs, len(points)


def packed_runs(settings: Sequence[Settings]) -> tuple[bytes, list[Ran], int]:
    """Return runs on the same points side by side, what to say of each, and how many points there are.

    Says on the page what a person should know.
    """
    computable = tuple(map(_computable, settings))
    unloaded = max(computable, key=lambda one: BACKENDS[one.backend].module not in sys.modules)
    with _loaded(unloaded.backend), _waited_for(computable[0], "Computing the runs"):
        packed, runs, n = _packed_together(computable)
    _tell_of_too_large_k(max(one.k for one in computable), n)
    return packed, runs, n


@kept(2048)
def outcomes_of(settings: Settings, first: int, count: int) -> dict[str, list[Outcome]]:
    """Return what so many starts of each kind come to, one for each seed from ``first`` on."""
    points = points_of(settings)
    asked = [(kind, seed) for kind in KINDS for seed in range(first, first + count)]
    configs = [_begun(replace(settings, init=kind, seed=seed), points) for kind, seed in asked]
    found: dict[str, list[Outcome]] = {kind: [] for kind in KINDS}
    for (kind, seed), end in zip(asked, run_many(points, configs), strict=True):
        converged = end.stop_reason is StopReason.CONVERGED
        found[kind].append(Outcome(seed, end.cost, end.iterations, end.partition, converged))
    return found


@kept(256)
def differ_of(settings: Settings, runs: tuple[tuple[str, int], ...]) -> Differ:
    """Return how far the results of runs, each a kind of start and a seed, are from that of the first one."""
    points = points_of(settings)
    configs = [_begun(replace(settings, init=kind, seed=seed), points) for kind, seed in runs]
    first, *others = (run(points, config).labels for config in configs)
    return Differ(max(differing(labels, first, settings.k) for labels in others), len(points))


@kept(256)
def crowding_of(settings: Settings, best: tuple[str, int], count: int) -> Crowding:
    """Return how often so many starts of the two kinds crowd into the costliest cluster of the best run."""
    points = points_of(settings)
    kind, seed = best
    trace = run(points, _begun(replace(settings, init=kind, seed=seed), points))
    begun = {
        name: [_begun(replace(settings, init=name, seed=seed), points) for seed in range(count)]
        for name in ("random", "k-means++")
    }
    # Without an iteration, a run is its start.
    placed = {
        name: [end.start for end in run_many(points, [replace(config, max_iter=0) for config in configs])]
        for name, configs in begun.items()
    }
    return measured(points, trace, placed)


@st.cache_data(max_entries=1, show_spinner=False)
def lesson_screens() -> tuple[tutorial.Screen, ...]:
    """Return the lesson's screens, with the numbers of their runs."""

    def run_of(settings: Settings) -> tuple[Points, Trace]:
        points = points_of(settings)
        return points, trace_of(settings, points)

    return tutorial.screens(run_of)


# The cases are no setting of anybody's: they are run once for the life of the server, and nobody changes them.
@st.cache_resource(show_spinner=False)
def failures_found() -> dict[str, Found]:
    """Return what became of every case of the gallery, by its name."""
    return {case.name: case.found() for case in CASES}


def tensorflow_is_loaded() -> bool:
    """Tell whether this server has TensorFlow in memory already."""
    return BACKENDS["tensorflow"].module in sys.modules


@st.cache_resource(show_spinner=False)
def load_tensorflow() -> float | None:
    """Load TensorFlow and return the seconds that it took; None where it was there before anybody asked here."""
    was_there, started = tensorflow_is_loaded(), perf_counter()
    get_backend("tensorflow")
    return None if was_there else perf_counter() - started


_MINUTES: Final = 10
"""For so long what was measured counts as measured now, however many ask."""

_ONE_AT_A_TIME: Final = Lock()
"""What is measured beside another measurement is measured wrongly."""


@kept(64, ttl=60 * _MINUTES)
def numpy_seconds(settings: Settings) -> list[float]:
    """Return how long each half-step of the settings' run takes, the start first."""
    points = points_of(settings)
    with _ONE_AT_A_TIME:
        return [step.seconds for step in run(points, _begun(settings, points))]


@kept(64, ttl=60 * _MINUTES)
def comparison_of(settings: Settings, precision: str, far: int) -> Comparison:
    """Return the settings' run on NumPy against TensorFlow in a precision, that far from the origin."""
    points = points_of(settings)
    with _ONE_AT_A_TIME:
        rows = rows_of(data_of(settings), settings.edits)
        return compared(points, _begun(settings, points), precision, far, rows)


@st.cache_data(max_entries=1024, ttl=60 * _MINUTES, show_spinner=False)
def timings_of(backends: tuple[str, ...], rule: str, k: int, counts: tuple[int, ...]) -> list[Timing]:
    """Return how long each backend takes for its half-steps on each number of points."""
    with _ONE_AT_A_TIME:
        return [timed(backend, rule, k, n) for n in counts for backend in backends]


@st.cache_data(max_entries=64, show_spinner=False)
def tracing_seconds(rule: str) -> float:
    """Return how long TensorFlow takes to compile what a run by this rule needs."""
    module = import_module(BACKENDS["tensorflow"].module)
    seconds: float = module.tracing_seconds(RULES[rule])
    return seconds


def truth_of(settings: Settings) -> Truth | None:
    """Return the label of each of the settings' points, ``(n,)``; -1 for points that were drawn by hand."""
    data = data_of(settings)
    if data.truth is None:
        return None
    left = numbers_left(len(data.points), settings.edits)
    return np.append(data.truth, -np.ones(len(settings.edits), dtype=np.int64))[left]


def groups_of(settings: Settings) -> int | None:
    """Return how many different labels the points have; None where they have none, or were changed by hand."""
    truth = truth_of(settings)
    return None if truth is None or touches_points(settings.edits) else len(np.unique(truth[truth >= 0]))


def known_groups(settings: Settings) -> str:
    """Say how many groups generated points were drawn from, or how many values a table's labels have; "" if unknown."""
    count = groups_of(settings)
    return label_words(settings).has(count) if count else ""


# Each holds a label of every point.
@kept(128)
def ending_of(settings: Settings) -> Ending:
    """Return how the settings' run ends, for a small picture."""
    points, data = points_of(settings), data_of(settings)
    trace = trace_of(settings, points)
    return ending(data.places(points), truth_of(settings), trace, data.places(trace.centers))


@kept(4096)
def trial_of(settings: Settings, k: int) -> Trial:
    """Return the best of several runs with one K, measured on the points and on uniform noise."""
    points = points_of(settings)
    seeds = [replace(settings, k=k, seed=seed) for seed in range(runs_per_k(len(points), settings.rule))]
    best = best_index(points, [_begun(one, points) for one in seeds])
    return trial(points, trace_of(seeds[best], points))


@kept(512)
def silhouettes_of(settings: Settings) -> tuple[NDArray[np.float64], Labels]:
    """Return the silhouettes of some points of the settings' run, ``(m,)``, and their clusters, ``(m,)``."""
    points = points_of(settings)
    labels = trace_of(settings, points).compact_labels
    some = sample(len(points), MAX_SILHOUETTE_POINTS)
    return silhouettes(points[some], labels[some], settings.rule), labels[some]
