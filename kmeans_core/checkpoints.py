"""Checkpoints: moments in a long computation at which its caller can cancel it, or let others go first.

The core passes one every few milliseconds, between blocks of points and half-steps. Without a caller who asks for them,
a checkpoint does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_CALL: Final[ContextVar[Callable[[], object] | None]] = ContextVar("checkpoint", default=None)


def checkpoint() -> None:
    """Call what the caller of this computation wants called; it may raise to cancel the computation."""
    call = _CALL.get()
    if call is not None:
        call()


@contextmanager
def checkpoints(call: Callable[[], object]) -> Iterator[None]:
    """Have ``call`` called at each checkpoint of this thread until the block ends; what it raises ends the computation.

    Examples
    --------
    >>> from kmeans_core import RunConfig, run
    >>> def cancel():
    ...     raise TimeoutError("nobody waits for this run")
    >>> with checkpoints(cancel):
    ...     run([[0.0], [1.0]], RunConfig(k=1))
    Traceback (most recent call last):
    TimeoutError: nobody waits for this run
    """
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)
