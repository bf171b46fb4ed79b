"""Long work on a page, computed in parts: results appear as they come, and the visitor can stop and continue."""

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
from ui.text.messages import message

Part = TypeVar("Part")

_REPORT_SECONDS: Final = 0.4
"""Seconds before progress is shown, and between two updates of the results."""

_MAX_UNASKED_SECONDS: Final = 20
"""A page starts work that takes at most this many seconds without asking."""


def is_long(n: int, rule: str, runs: int) -> bool:
    """Tell whether ``runs`` runs on ``n`` points take so long that the visitor should ask for them."""
    return run_seconds(n, rule, runs) > _MAX_UNASKED_SECONDS


def confirm_long_work(name: str, request: Hashable, *, n: int, rule: str, runs: int, finding: DeltaGenerator) -> bool:
    """Tell whether a page's first runs may start; offer a button for those that take long.

    Parameters
    ----------
    name : str
        Name of the work, for its button.
    request : Hashable
        What is to be computed. A changed request has to be confirmed again.
    n, rule, runs
        Number of points, rule, and number of the first runs.
    finding : DeltaGenerator
        Place of the page's finding, where it says why it waits.
    """
    started = STARTED_WORK.get()
    if not is_long(n, rule, runs) or started.get(name) == request:
        return True
    show_finding(message("shell.confirm_runs", points=n, rule=RULES[rule].title, runs=runs), finding)
    st.button(message("shell.compute"), key=f"{name}.begin", on_click=started.update, args=({name: request},))
    return False


def compute_parts(
    name: str,
    request: Hashable,
    parts: Sequence[Callable[[], Part]],
    show: Callable[[Sequence[Part]], object],
    *,
    heavy: bool,
) -> list[Part]:
    """Return the results of all parts, or of the first ones if the visitor stopped or did not ask for all.

    Parameters
    ----------
    name : str
        Name of the work, for its buttons.
    request : Hashable
        What is computed. A changed request starts over.
    parts : sequence of callable
        Each returns one result, which should be cached. The first one always runs.
    show : callable
        Shows the results so far; called now and then, and not at the end.
    heavy : bool
        Whether the parts after the first wait for a click.
    """
    progress = _progress_of(name, request, 1 if heavy else len(parts))
    queue, status, bar, shown = st.empty(), st.empty(), None, time.monotonic()
    results: list[Part] = []
    for part in parts[: progress.allowed]:
        with nullcontext() if results else st.spinner(message("shell.computing"), show_time=True), job_slot(queue):
            results.append(part())
        progress.done = len(results)
        if time.monotonic() - shown > _REPORT_SECONDS and len(results) < progress.allowed:
            bar = bar or _show_stop_button(status, name, progress)
            text = message("shell.computing_progress", percent=_percent(progress, len(parts)))
            bar.progress(len(results) / len(parts), text)
            show(results)
            shown = time.monotonic()
    status.empty()
    if len(results) < len(parts):
        _show_rest_button(status, name, progress, len(parts))
    return results


def _progress_of(name: str, request: Hashable, allowed: int) -> WorkProgress:
    """Return the progress of the work; a new one if the request has changed."""
    progress = WORK.get().get(name)
    if progress is None or progress.request != request:
        progress = WORK.get()[name] = WorkProgress(request, allowed)
    return progress


@contextmanager
def job_slot(place: DeltaGenerator) -> Iterator[None]:
    """Wait for a slot in the server's job queue, and hold it; meanwhile ``place`` says how many jobs are ahead."""

    def report(ahead: int) -> None:
        place.caption(message("shell.jobs_ahead", count=ahead))

    with JOB_QUEUE.slot(report):
        place.empty()
        yield


def _percent(progress: WorkProgress, total: int) -> int:
    return max(1, 100 * progress.done // total)


def _show_stop_button(status: DeltaGenerator, name: str, progress: WorkProgress) -> DeltaGenerator:
    """Draw the button that stops the work; return the place of the progress bar beside it."""
    with status.container(horizontal=True, vertical_alignment="center", key=f"{name}_progress"):
        bar = st.empty()
        st.button(message("shell.stop"), key=f"{name}.stop", icon=":material/stop:", on_click=progress.stop)
    return bar


def _show_rest_button(status: DeltaGenerator, name: str, progress: WorkProgress, total: int) -> None:
    """Say how much is done, and draw the button that computes the rest."""
    with status.container(horizontal=True, vertical_alignment="center", key=f"{name}_rest"):
        st.caption(message("shell.progress", percent=_percent(progress, total)), width="content")
        st.button(message("shell.compute_rest"), key=f"{name}.rest", on_click=progress.allow, args=(total,))
