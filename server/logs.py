"""The log of work: one line of JSON for every computation, and the same as counters. No personal data."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

WORK: Final = logging.getLogger("kmeans.work")
"""The logger of these lines; silent until ``add_handler`` is called, as ``serve.py`` does."""

WORK.addHandler(logging.NullHandler())
WORK.propagate = False

_LOCK: Final = Lock()
_COUNTS: Final[Counter[str]] = Counter()
_SECONDS: Final[Counter[str]] = Counter()


@contextmanager
def log_work(task: str, **facts: Any) -> Iterator[None]:
    """Log a computation when the block ends: what it was, how long it took, and whether it succeeded."""
    start = time.perf_counter()
    is_success = False
    try:
        yield
        is_success = True
    finally:
        record(task, time.perf_counter() - start, ok=is_success, **facts)


def record(task: str, seconds: float, **facts: Any) -> None:
    """Count and log a computation that took ``seconds``."""
    with _LOCK:
        _COUNTS[task] += 1
        _SECONDS[task] += seconds  # type: ignore[assignment]  # a counter of floats
    if WORK.isEnabledFor(logging.INFO):
        line = {"time": _timestamp(), "what": task, "milliseconds": round(1000 * seconds, 1), **facts}
        WORK.info(json.dumps(line, ensure_ascii=False))


def _timestamp() -> str:
    """Return the current time in UTC, with milliseconds, as ISO 8601."""
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"


def totals() -> Mapping[str, tuple[int, float]]:
    """Return the number of computations of each kind, and the seconds that they took in total."""
    with _LOCK:
        return {task: (count, float(_SECONDS[task])) for task, count in sorted(_COUNTS.items())}


def add_handler(handler: logging.Handler) -> None:
    """Send the lines to a handler."""
    handler.setFormatter(logging.Formatter("%(message)s"))
    WORK.addHandler(handler)
    WORK.setLevel(logging.INFO)
