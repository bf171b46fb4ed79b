"""Caches results across sessions, except those of private tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from server.logs import log_work
from ui.settings.record import Settings
from ui.shell.session import PRIVATE_RESULTS

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")

_MAX_PRIVATE_RESULTS: Final = 40
"""How many results of a visitor's own tables the session keeps."""


def cached(max_entries: int, **options: Any) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Cache the results of a function of settings for all visitors, and log each computation.

    Results computed from a private table are cached in its owner's session alone. ``options`` are those of
    ``st.cache_data``.
    """

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(function)
        def compute(*args: Arguments.args, **named: Arguments.kwargs) -> Result:
            with log_work(function.__name__, **_log_facts(args)):
                return function(*args, **named)

        # Streamlit would hash thousands of edits one by one, which takes a third of a second.
        shared = st.cache_data(max_entries=max_entries, show_spinner=False, hash_funcs={Settings: repr}, **options)(
            compute
        )

        @wraps(function)
        def look_up(*args: Arguments.args, **named: Arguments.kwargs) -> Result:
            if not any(map(_is_private, args)):
                return shared(*args, **named)
            # Pages run as one module, so their functions' names are only unique within their file.
            key = (function.__code__.co_filename, function.__qualname__, args, tuple(named.items()))
            return _private_result(key, lambda: compute(*args, **named))

        return look_up

    return decorate


def _private_result(key: object, compute: Callable[[], Result]) -> Result:
    """Return a result from the visitor's own cache, which drops the one that was used least recently."""
    results = PRIVATE_RESULTS.get()
    result: Result = results.pop(key) if key in results else compute()
    results[key] = result
    while len(results) > _MAX_PRIVATE_RESULTS:
        del results[next(iter(results))]
    return result


def _log_facts(args: Sequence[object]) -> dict[str, object]:
    """Return what the log says of the settings; nothing that identifies their owner."""
    settings = args[0][0] if args and isinstance(args[0], tuple) else next(iter(args), None)
    if not isinstance(settings, Settings):
        return {}
    data = "a table" if settings.is_private else settings.data
    return {"data": data, "k": settings.k, "rule": settings.rule, "backend": settings.backend}


def _is_private(argument: object) -> bool:
    values = argument if isinstance(argument, tuple) else (argument,)
    return any(isinstance(value, Settings) and value.is_private for value in values)
