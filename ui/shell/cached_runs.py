"""The runs that pages show, computed from the visitor's settings and table, with a spinner while they take long."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import streamlit as st

from kmeans_core import BACKENDS, Trace
from kmeans_core.arrays import Points
from ui.analyses import endings
from ui.charts.thumbnails import Ending
from ui.player.packed_run import PackedRun, packed
from ui.settings import run_input as inputs
from ui.settings.effort import QUEUE_SECONDS, is_long, run_bytes, run_seconds
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.settings.run_input import RunInput, with_offered_backend
from ui.shell.cache import cached
from ui.shell.jobs import job_slot, stoppable
from ui.shell.tables import table_of
from ui.text.messages import message


def run_input(settings: Settings) -> RunInput:
    """Return the input of the settings' run, with the visitor's table if they mean one."""
    table = table_of(settings)
    # A million points take 0.1 s and 100 MB to generate, and everybody's at once would take too much of both.
    with _slot_for(settings, inputs.point_count(settings, table), QUEUE_SECONDS):
        return inputs.run_input(settings, table)


def trace_of(run: RunInput) -> Trace:
    """Return a run with all of its half-steps, which take too much memory to be kept."""
    n = len(run.points)
    with _slot_for(run.settings, n, run_seconds(run.settings, n)), stoppable():
        return run.trace()


def _slot_for(settings: Settings, n: int, seconds: float) -> AbstractContextManager[None]:
    """Return a slot of the job queue for work of so many seconds on ``n`` points, if a run on them takes one."""
    if not is_long([settings], [n]):
        return nullcontext()
    return job_slot(size=run_bytes(settings, n), seconds=seconds)


def data_of(settings: Settings) -> Data:
    """Return the points that the settings describe before any edit, and how they are drawn."""
    return run_input(settings).data


def points_of(settings: Settings) -> Points:
    """Return the points that the settings describe, ``(n, d) float64``."""
    return run_input(settings).points


def point_count(settings: Settings) -> int:
    """Return about how many points the settings describe, without computing them."""
    return inputs.point_count(settings, table_of(settings))


@cached
def pack(settings: Settings) -> PackedRun:
    """Return the settings' run as the player's message."""
    return packed(run_input(settings))


def packed_run(settings: Settings) -> PackedRun:
    """Return the settings' run as the player's message; show on the page what the settings did not ask for."""
    settings = with_offered_backend(settings)
    with nullcontext() if pack.is_kept(settings) else computing([settings], message("shell.computing_run")):
        result = pack(settings)
    for notice in result.notices(settings.k):
        st.info(notice)
    return result


@cached
def run_ending(settings: Settings) -> Ending:
    """Return the end of the settings' run for a thumbnail."""
    return endings.run_ending(run_input(settings))


def show_k_limit(k: int, n: int) -> None:
    """Tell the visitor if K is more than the number of points, and so smaller in the picture."""
    if k > n:
        st.info(message("shell.k_limit", k=k, points=n))


def show_omitted_moves(count: int, n: int) -> None:
    """Tell the visitor how many dragged centers are left out, if any."""
    if count:
        st.info(message("shell.moves_omitted", count=count, points=n))


# Waiting --------------------------------------------------------------------------------------------------


@contextmanager
def computing(settings: Sequence[Settings], sentence: str) -> Iterator[None]:
    """Compute runs on the same points: show a spinner while their backend loads, and while they take long."""
    unloaded = max(settings, key=lambda candidate: not is_loaded(candidate.backend))
    with _loading(unloaded.backend), _long_work(settings, sentence):
        yield


def is_loaded(backend: str) -> bool:
    """Tell whether a backend is in this server's memory."""
    return BACKENDS[backend].module in sys.modules


@contextmanager
def _loading(name: str) -> Iterator[None]:
    """Show a spinner while a backend loads, once in the life of the server."""
    if is_loaded(name):
        yield
    else:
        with st.spinner(message("shell.loading_backend", backend=BACKENDS[name].title), show_time=True):
            yield


def _long_work(settings: Sequence[Settings], sentence: str) -> AbstractContextManager[None]:
    """Show a spinner and wait in the job queue, if the runs take long."""
    # For a short run, the spinner would only delay the page's other elements.
    counts = [point_count(run) for run in settings]
    seconds = sum(map(run_seconds, settings, counts))
    if seconds <= QUEUE_SECONDS:
        return nullcontext()
    return _slot_and_spinner(sentence, sum(map(run_bytes, settings, counts)), seconds)


@contextmanager
def _slot_and_spinner(sentence: str, size: int, seconds: float) -> Iterator[None]:
    with st.spinner(sentence, show_time=True), job_slot(st.empty(), size, seconds):
        yield
