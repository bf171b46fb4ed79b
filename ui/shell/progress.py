"""Long work on a page, done part by part: what is there so far is shown, and it can be stopped and taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Final, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import RULES
from server.job_queue import JOB_QUEUE
from ui.settings.effort import run_seconds
from ui.shell.page import show_finding
from ui.shell.session import STARTED_WORK, WORK, WorkProgress
from ui.text.numbers import counted

Part = TypeVar("Part")

_PATIENCE: Final = 0.4
"""Seconds before a person is told that something takes its time, and between two pictures of what is there."""

_LONGEST: Final = 20
"""Seconds that a page may begin with unasked."""


def is_long(n: int, rule: str, runs: int) -> bool:
    """Tell whether so many runs on ``n`` points take longer than anybody waits who did not ask for them."""
    return run_seconds(n, rule, runs) > _LONGEST


def may_begin(name: str, asked: Hashable, *, n: int, rule: str, runs: int, finding: DeltaGenerator) -> bool:
    """Tell whether a page's first runs may begin: those that take long wait until a person asks for them.

    Parameters
    ----------
    name : str
        Of the work, for its button.
    asked : Hashable
        What was asked for. When it changes, it is asked for anew.
    n, rule, runs
        How many points there are, by which rule they are clustered, and how often to begin with.
    finding : DeltaGenerator
        Where the page says what it found; until then, why it waits.
    """
    started = STARTED_WORK.get()
    if not is_long(n, rule, runs) or started.get(name) == asked:
        return True
    one = RULES[rule].title.lower()
    told = f"With {counted(n, 'point')} and the rule of {one} a run takes seconds, and this page begins with {runs}."
    show_finding(f"{told} With fewer points it would be done at once.", finding)
    st.button("Compute them", key=f"{name}.begin", on_click=started.update, args=({name: asked},))
    return False


def in_parts(
    name: str,
    asked: Hashable,
    parts: Sequence[Callable[[], Part]],
    show: Callable[[Sequence[Part]], object],
    *,
    heavy: bool,
) -> list[Part]:
    """Do the parts in their order and return what they gave; those that were done before come from the cache.

    Parameters
    ----------
    name : str
        Of this work, for its buttons.
    asked : Hashable
        What was asked for. When it changes, the work begins anew.
    parts : sequence of callable
        Each gives one part; the first is always done.
    show : callable
        Shows what there is so far; called now and then while the work goes on, and not at its end.
    heavy : bool
        Whether the parts after the first wait until they are asked for.

    Returns
    -------
    list
        All parts, or, where the work was stopped or not asked for, the first ones.
    """
    state = WORK.get().get(name)
    if state is None or state.request != asked:
        state = WORK.get()[name] = WorkProgress(asked, allowed=1 if heavy else len(parts))
    total, waiting, status, bar = len(parts), st.empty(), st.empty(), None
    found: list[Part] = []
    told = time.monotonic()
    for part in parts[: state.allowed]:
        with nullcontext() if found else st.spinner("Computing", show_time=True), in_turn(waiting):
            found.append(part())
        state.done = len(found)
        if time.monotonic() - told > _PATIENCE and len(found) < state.allowed:
            bar = bar or _stop_button(status, name, state)
            bar.progress(len(found) / total, text=f"Computing: {_share(state, total)} is done and shown.")
            show(found)
            told = time.monotonic()
    status.empty()
    if len(found) < total:
        with status.container(horizontal=True, vertical_alignment="center", key=f"{name}_rest"):
            st.caption(f"{_share(state, total)} is done and shown.", width="content")
            st.button("Compute the rest", key=f"{name}.rest", on_click=state.allow, args=(total,))
    return found


@contextmanager
def in_turn(place: DeltaGenerator) -> Iterator[None]:
    """Wait for a turn in the server's line of long work, saying in that place how long the line is, and have it."""

    def tell(ahead: int) -> None:
        place.caption(f"This server computes for {counted(ahead, 'other')} first.")

    with JOB_QUEUE.slot(tell):
        place.empty()
        yield


def _share(state: WorkProgress, total: int) -> str:
    return f"{max(1, 100 * state.done // total)}%"


def _stop_button(status: DeltaGenerator, name: str, state: WorkProgress) -> DeltaGenerator:
    """Draw the button that stops the work; return the place for the progress beside it."""
    with status.container(horizontal=True, vertical_alignment="center", key=f"{name}_progress"):
        bar = st.empty()
        st.button("Stop", key=f"{name}.stop", icon=":material/stop:", on_click=state.stop)
    return bar
