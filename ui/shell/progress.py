"""Long work on a page, computed in parts: results appear as they come, and the visitor can stop and continue."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kmeans_core import RULES
from ui.settings.effort import UNASKED_SECONDS
from ui.settings.record import Settings
from ui.shell.jobs import job_slot
from ui.shell.page import show_finding
from ui.shell.session import STARTED_WORK, WORK, WorkProgress
from ui.text.messages import message

Part = TypeVar("Part")

_REPORT_SECONDS: Final = 0.4
"""Seconds before progress is shown, and at least between two updates of the results."""

_REPORT_SHARE: Final = 5
"""How many times as long as an update itself takes passes before the next one: drawing delays no result much."""


def confirm_long_work(
    name: str, request: Settings, seconds: float, *, n: int, runs: int, finding: DeltaGenerator
) -> bool:
    """Tell whether a page's first runs may start; offer a button for those that take long.

    Parameters
    ----------
    name : str
        Name of the work, for its button.
    request : Settings
        What is to be computed. A changed request has to be confirmed again.
    seconds : float
        About how long the first runs take.
    n, runs : int
        Number of points, and number of the first runs.
    finding : DeltaGenerator
        Place of the page's finding, where it says why it waits.
    """
    requests = STARTED_WORK.get()
    if seconds <= UNASKED_SECONDS or requests.get(name) == request:
        return True
    show_finding(message("shell.confirm_runs", points=n, rule=RULES[request.rule].title, runs=runs), finding)
    st.button(message("shell.compute"), key=f"{name}.begin", on_click=requests.update, args=({name: request},))
    return False


def compute_parts(
    name: str,
    request: Hashable,
    parts: Sequence[Callable[[], Part]],
    show: Callable[[Sequence[Part]], object],
    *,
    heavy: bool,
    size: int = 0,
) -> list[Part]:
    """Return the results of all parts, or of the first ones if the visitor stopped or did not ask for all.

    Parameters
    ----------
    name, request : str and Hashable
        Name of the work, for its buttons, and what is computed. A changed request starts over.
    parts : sequence of callable
        Each returns one result, which should be cached. The first one always runs.
    show : callable
        Shows the results so far; called now and then, and not at the end.
    heavy : bool
        Whether the parts after the first wait for a click.
    size : int
        About how many bytes of memory a part needs.
    """
    progress = _progress_of(name, request, 1 if heavy else len(parts))
    queue, status, bar, reports = st.empty(), st.empty(), None, _ReportPace()
    results: list[Part] = []
    for part in parts[: progress.allowed]:
        with _spinner(is_first=not results), job_slot(queue, size):
            results.append(part())
        progress.done_count = len(results)
        if reports.is_due() and len(results) < progress.allowed:
            with reports.timed():
                bar = bar or _show_stop_button(status, name, progress)
                bar.progress(len(results) / len(parts), _progress_text(progress, len(parts)))
                show(results)
    status.empty()
    if len(results) < len(parts):
        _show_rest_button(status, name, progress, len(parts))
    return results


class _ReportPace:
    """When to show progress: not at once, and so rarely that drawing delays no result much."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _REPORT_SECONDS

    def is_due(self) -> bool:
        return time.monotonic() > self._next

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Wait the longer for the next report, the longer this one takes."""
        start = time.monotonic()
        yield
        now = time.monotonic()
        self._next = now + max(_REPORT_SECONDS, _REPORT_SHARE * (now - start))


def _progress_of(name: str, request: Hashable, allowed: int) -> WorkProgress:
    """Return the progress of the work; a new one if the request has changed."""
    progress = WORK.get().get(name)
    if progress is None or progress.request != request:
        progress = WORK.get()[name] = WorkProgress(request, allowed)
    return progress


def _spinner(*, is_first: bool) -> AbstractContextManager[None]:
    """Return a spinner for the first part; after it there are results to see."""
    return st.spinner(message("shell.computing"), show_time=True) if is_first else nullcontext()


def _progress_text(progress: WorkProgress, total: int) -> str:
    return message("shell.computing_progress", percent=_percent(progress, total))


def _percent(progress: WorkProgress, total: int) -> int:
    return max(1, 100 * progress.done_count // total)


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
