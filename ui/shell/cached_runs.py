"""The runs that pages show, computed from the visitor's settings and table, with a spinner while they take long."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

import streamlit as st

from kmeans_core import BACKENDS, StopReason
from kmeans_core.arrays import Points
from ui.analyses import endings
from ui.charts.thumbnails import Ending
from ui.player.protocol import pack_run
from ui.settings import run_input as inputs
from ui.settings.edits import count_ineffective
from ui.settings.effort import max_iterations
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.settings.run_input import RunInput, with_offered_backend
from ui.shell.cache import cached
from ui.shell.progress import job_slot
from ui.shell.tables import table_of
from ui.text.messages import message


def run_input(settings: Settings) -> RunInput:
    """Return the input of the settings' run, with the visitor's table if they mean one."""
    return inputs.run_input(settings, table_of(settings))


def data_of(settings: Settings) -> Data:
    """Return the points that the settings describe before any edit, and how they are drawn."""
    return run_input(settings).data


def points_of(settings: Settings) -> Points:
    """Return the points that the settings describe, ``(n, d) float64``."""
    return run_input(settings).points


def point_count(settings: Settings) -> int:
    """Return about how many points the settings describe, without computing them."""
    return inputs.point_count(settings, table_of(settings))


@dataclass(frozen=True, slots=True)
class PackedRun:
    """A run as the player's message, and what the page says about it.

    Attributes
    ----------
    content : bytes
    n : int
        Number of points.
    lost_edits : int
        How many edits have no effect.
    is_cut : bool
        Whether it stopped before the settings' limit, because no run on so many points can be longer.
    """

    content: bytes
    n: int
    lost_edits: int
    is_cut: bool


@cached(64)
def pack(settings: Settings) -> PackedRun:
    """Return the settings' run as the player's message."""
    inputs = run_input(settings)
    trace = inputs.trace()
    content = pack_run(inputs.points, trace, **inputs.data.look, rows=inputs.rows())
    lost_edits = count_ineffective(len(inputs.data.points), trace.config.k, settings.edits)
    is_cut = trace.stop_reason is StopReason.MAX_ITER and trace.config.max_iter < settings.max_iter
    return PackedRun(content, len(inputs.points), lost_edits, is_cut)


def packed_run(settings: Settings) -> bytes:
    """Return the settings' run as the player's message; show on the page what the settings did not ask for."""
    settings = with_offered_backend(settings)
    with computing([settings], message("shell.computing_run")):
        packed = pack(settings)
    if packed.is_cut:
        st.info(message("shell.iterations_cut", points=packed.n, iterations=max_iterations(packed.n)))
    show_k_limit(settings.k, packed.n)
    if packed.lost_edits:
        st.info(message("shell.edits_lost", count=packed.lost_edits))
    return packed.content


@cached(128)
def run_ending(settings: Settings) -> Ending:
    """Return the end of the settings' run for a thumbnail. Few are cached, as each contains a label of every point."""
    return endings.run_ending(run_input(settings))


def show_k_limit(k: int, n: int) -> None:
    """Tell the visitor if K is more than the number of points, and so smaller in the picture."""
    if k > n:
        st.info(message("shell.k_limit", k=k, points=n))


# Waiting --------------------------------------------------------------------------------------------------

_QUICK_POINTS: Final = 20_000
"""A run on this many points is done before a spinner would appear."""


@contextmanager
def computing(settings: Sequence[Settings], sentence: str) -> Iterator[None]:
    """Compute runs on the same points: show a spinner while their backend loads, and while they take long."""
    unloaded = max(settings, key=lambda candidate: not is_loaded(candidate.backend))
    with _loading(unloaded.backend), _long_work(settings[0], sentence):
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


def _long_work(settings: Settings, sentence: str) -> AbstractContextManager[None]:
    """Show a spinner and wait in the job queue, where there are many points."""
    # With few points, the spinner would only delay the page's other elements.
    return _queued(sentence) if point_count(settings) > _QUICK_POINTS else nullcontext()


@contextmanager
def _queued(sentence: str) -> Iterator[None]:
    with st.spinner(sentence, show_time=True), job_slot(st.empty()):
        yield
