"""Caches results across sessions, except those of private tables, which are their owner's alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from hashlib import sha256
from math import inf
from typing import Generic, ParamSpec, TypeVar

from server.logs import log_work
from server.result_cache import RESULTS, Owner
from ui.settings.effort import is_long, run_bytes, run_seconds
from ui.settings.record import Settings
from ui.settings.run_input import point_count
from ui.shell.jobs import job_slot, stoppable, wait_for_result
from ui.shell.session import RESULT_OWNER
from ui.shell.tables import table_of

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class Cached(Generic[Arguments, Result]):
    """A function of settings whose results are kept for all visitors, and logged when they are computed.

    Results of a private table are kept for its owner alone. Long work takes a slot of the job queue, and all of it ends
    when its visitor leaves.
    """

    def __init__(self, function: Callable[Arguments, Result], seconds: float = inf) -> None:
        wraps(function)(self)
        self._function = function
        self._seconds = seconds

    def __call__(self, *args: Arguments.args, **keywords: Arguments.kwargs) -> Result:
        """Return the result, from the cache if it is there."""

        def compute() -> Result:
            with _slot(args), stoppable(), log_work(self._function.__name__, **_log_facts(args)):
                return self._function(*args, **keywords)

        owner = _owner(args)
        key = self._key(owner, args, keywords)
        result: Result = RESULTS.get(key, compute, wait_for_result, seconds=self._seconds, owner=owner)
        return result

    def is_kept(self, *args: Arguments.args, **keywords: Arguments.kwargs) -> bool:
        """Tell whether the result is there, so that nobody has to wait for it."""
        return self._key(_owner(args), args, keywords) in RESULTS

    def _key(self, owner: Owner | None, args: Sequence[object], keywords: dict[str, object]) -> bytes:
        # Pages run as one module, so their functions' names are only unique within their file.
        names = (self._function.__code__.co_filename, self._function.__qualname__)
        text = repr((names, None if owner is None else id(owner), args, sorted(keywords.items())))
        return sha256(text.encode("utf-8", "surrogatepass")).digest()


def cached(function: Callable[Arguments, Result]) -> Cached[Arguments, Result]:
    """Cache the results of a function of settings."""
    return Cached(function)


def cached_for(seconds: float) -> Callable[[Callable[Arguments, Result]], Cached[Arguments, Result]]:
    """Cache the results of a function of settings for that long."""
    return lambda function: Cached(function, seconds)


def _slot(args: Sequence[object]) -> AbstractContextManager[None]:
    """Return a slot of the job queue for long work on settings, and for work that needs much memory."""
    settings = _all_settings(args)
    if not settings:
        return nullcontext()
    counts = [point_count(run, table_of(run)) for run in settings]
    if not is_long(settings, counts):
        return nullcontext()
    return job_slot(size=sum(map(run_bytes, settings, counts)), seconds=sum(map(run_seconds, settings, counts)))


def _all_settings(args: Sequence[object]) -> list[Settings]:
    """Return the settings among the arguments of a cached function."""
    values = [value for argument in args for value in (argument if isinstance(argument, tuple) else (argument,))]
    return [value for value in values if isinstance(value, Settings)]


def _owner(args: Sequence[object]) -> Owner | None:
    """Return the owner of the private table that the arguments mean, if they mean one."""
    return RESULT_OWNER.get() if any(settings.is_private for settings in _all_settings(args)) else None


def _log_facts(args: Sequence[object]) -> dict[str, object]:
    """Return what the log says of the settings; nothing that identifies their owner."""
    settings = next(iter(_all_settings(args[:1])), None)
    if settings is None:
        return {}
    data = "a table" if settings.is_private else settings.data
    return {"data": data, "k": settings.k, "rule": settings.rule, "backend": settings.backend}
