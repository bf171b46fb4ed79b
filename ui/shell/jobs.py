"""Jobs: long work of a page waits for a slot of the server's queue, gives way to others, and ends when nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from traceback import clear_frames
from typing import Final

from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kmeans_core.checkpoints import checkpoints
from server.job_queue import JOB_QUEUE, Job
from ui.settings.effort import BATCH_SECONDS
from ui.text.messages import message

_CHECK_SECONDS: Final = 0.05
"""Seconds between two looks at whether anybody waits for a result, or for the slot."""

_JOB: Final[ContextVar[Job | None]] = ContextVar("job", default=None)
"""The job of this run of a page that holds a slot."""


def has_slot() -> bool:
    """Tell whether this run of a page holds a slot."""
    return _JOB.get() is not None


@contextmanager
def job_slot(place: DeltaGenerator | None = None, size: int = 0, seconds: float = BATCH_SECONDS) -> Iterator[None]:
    """Wait for a slot in the server's job queue, and hold it, unless this run of the page has one.

    Parameters
    ----------
    place : DeltaGenerator, optional
        Says how many jobs are ahead.
    size : int
        About how many bytes of memory the work needs.
    seconds : float
        About how many seconds it takes.
    """
    if has_slot():
        yield
        return

    def report(ahead: int) -> None:
        stop_unneeded_work()
        if place is not None:
            place.caption(message("shell.jobs_ahead", count=ahead))

    with JOB_QUEUE.slot(report, person=session_id(), size=size, seconds=seconds) as job:
        if place is not None:
            place.empty()
        token = _JOB.set(job)
        try:
            yield
        finally:
            _JOB.reset(token)


@contextmanager
def stoppable() -> Iterator[None]:
    """End the work of the block soon after its visitor left or wants something else, and give way to other people."""
    try:
        with checkpoints(_checkpoint()):
            yield
    except BaseException as error:
        # Streamlit keeps the exception in a cycle of references: without this, points and labels wait for a collection.
        clear_frames(error.__traceback__)
        raise


def _checkpoint() -> Callable[[], None]:
    """Return what is called at the core's checkpoints, which are less than a millisecond apart."""
    next_check = time.monotonic() + _CHECK_SECONDS

    def check() -> None:
        nonlocal next_check
        now = time.monotonic()
        if now < next_check:
            return
        stop_unneeded_work()
        if job := _JOB.get():
            JOB_QUEUE.give_way(job, _ignore_place)
        next_check = time.monotonic() + _CHECK_SECONDS

    return check


def wait_for_result() -> None:
    """Let others compute a moment, who may compute what this visitor waits for."""
    stop_unneeded_work()
    if job := _JOB.get():
        JOB_QUEUE.give_way(job, _ignore_place, is_last=True)


def _ignore_place(ahead: int) -> None:
    """Wait for the slot again without saying so, unless nobody waits for the work."""
    stop_unneeded_work()


def stop_unneeded_work() -> None:
    """Raise Streamlit's exception that ends a run of the page, if its visitor left or changed something since."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        context.yield_check()


def session_id() -> str | None:
    """Return Streamlit's id of the session for which this thread runs a page; None where it runs none."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.session_id
