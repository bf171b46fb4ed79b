"""Runs, computed once for everybody who asks the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from kmeans_core import BACKENDS, DATASETS, Trace, backend_available, iterate, make_dataset, run
from kmeans_core.types import Centers, Points
from ui.compare import Ran, ran
from ui.edits import as_places, edited_points, fitted_centers, moved_by_hand, touches_points
from ui.narration import counted
from ui.player.payload import pack_run, pack_runs
from ui.settings import Settings
from ui.starts import KINDS, Outcome


def generated_points(settings: Settings) -> Points:
    """Return the points that the settings describe, ``(n, 2) float64``, before any edit."""
    points, _ = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
    return points


def points_of(settings: Settings) -> Points:
    """Return the points that the settings describe, ``(n, 2) float64``."""
    return edited_points(generated_points(settings), settings.edits)


def first_centers(settings: Settings) -> Centers:
    """Return where the settings' run starts, ``(k, 2) float64``.

    A start is drawn from the generated points, so that a point more or less does not change all of the run.
    """
    points = generated_points(settings)
    return next(iterate(points, settings.run_config(points))).centers


def trace_of(settings: Settings, points: Points) -> Trace:
    """Return the run that the settings describe on their points."""
    config = settings.run_config(points)
    if not touches_points(settings.edits) or config.init == "given":
        trace = run(points, config)
    else:
        given = fitted_centers(as_places(first_centers(settings)), config.k, points)
        trace = replace(run(points, replace(config, init="given", given=given)), config=config)
    return moved_by_hand(points, trace, settings.edits)


# Streamlit would hash thousands of changes by hand one by one, at a third of a second.
@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Settings: repr})
def _packed(settings: Settings) -> tuple[bytes, int]:
    """Return the settings' run as the player's block of bytes, and how many points there are."""
    points = points_of(settings)
    dataset = DATASETS[settings.data]
    trace = trace_of(settings, points)
    return pack_run(points, trace, equal_units=dataset.equal_units, title=dataset.title), len(points)


def packed_run(settings: Settings) -> bytes:
    """Return the settings' run as the player's block of bytes, and say on the page what a person should know."""
    settings = _computable(settings)
    with _loaded(settings.backend):
        packed, n = _packed(settings)
    _tell_of_too_large_k(settings.k, n)
    return packed


def _computable(settings: Settings) -> Settings:
    """Return the settings with a backend that is there; where one is not, the sidebar says how to get it."""
    # Until then the same labels come from NumPy.
    return settings if backend_available(settings.backend) else replace(settings, backend="numpy")


@contextmanager
def _loaded(name: str) -> Iterator[None]:
    """Say on the page that a backend is loading while it is, once for this server."""
    backend = BACKENDS[name]
    if backend.module in sys.modules:
        yield
    else:
        with st.spinner(f"Loading {backend.title}, once for this server: this takes some seconds.", show_time=True):
            yield


def _tell_of_too_large_k(k: int, n: int) -> None:
    if k > n:
        there = f"{counted(n, 'point')} there {'is' if n == 1 else 'are'}"
        st.info(f"K = {k} is more than the {there}: shown with K = {n}.")


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Settings: repr})
def _packed_together(settings: tuple[Settings, ...]) -> tuple[bytes, list[Ran], int]:
    """Return runs on the same points as one block of bytes, what to say of each, and how many points there are."""
    points = points_of(settings[0])
    dataset = DATASETS[settings[0].data]
    traces = [trace_of(one, points) for one in settings]
    runs = ran(traces)
    names = [run.names for run in runs]
    packed = pack_runs(points, traces, names, equal_units=dataset.equal_units, title=dataset.title)
    return packed, runs, len(points)


def packed_runs(settings: Sequence[Settings]) -> tuple[bytes, list[Ran], int]:
    """Return runs on the same points side by side, what to say of each, and how many points there are.

    Says on the page what a person should know.
    """
    computable = tuple(map(_computable, settings))
    with _loaded(max(computable, key=lambda one: BACKENDS[one.backend].module not in sys.modules).backend):
        packed, runs, n = _packed_together(computable)
    _tell_of_too_large_k(max(one.k for one in computable), n)
    return packed, runs, n


@st.cache_data(max_entries=2048, show_spinner=False, hash_funcs={Settings: repr})
def outcomes_of(settings: Settings, first: int, count: int) -> dict[str, list[Outcome]]:
    """Return what so many starts of each kind come to, one for each seed from ``first`` on."""
    points = points_of(settings)
    found: dict[str, list[Outcome]] = {kind: [] for kind in KINDS}
    for seed in range(first, first + count):
        for kind, outcomes in found.items():
            trace = trace_of(replace(settings, start=kind, seed=seed), points)
            outcomes.append(Outcome(seed, trace.cost, trace.iterations))
    return found
