"""What an operator can watch: one line of JSON for every piece of work, and the same as counters. No personal data."""

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
"""Where the lines go; silent unless an operator listens, as ``serve.py`` does."""

WORK.addHandler(logging.NullHandler())
WORK.propagate = False

_LOCK: Final = Lock()
_COUNTS: Final[Counter[str]] = Counter()
_SECONDS: Final[Counter[str]] = Counter()


@contextmanager
def logged(what: str, **facts: Any) -> Iterator[None]:
    """Log a piece of work when it is done: what it was, how long it took, and whether it failed."""
    started = time.perf_counter()
    done = False
    try:
        yield
        done = True
    finally:
        note(what, time.perf_counter() - started, ok=done, **facts)


def note(what: str, seconds: float, **facts: Any) -> None:
    """Log something that took so long."""
    with _LOCK:
        _COUNTS[what] += 1
        _SECONDS[what] += seconds  # type: ignore[assignment]  # a counter of floats
    if WORK.isEnabledFor(logging.INFO):
        line = {"time": _now(), "what": what, "milliseconds": round(1000 * seconds, 1), **facts}
        WORK.info(json.dumps(line, ensure_ascii=False))


def _now() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"


def totals() -> Mapping[str, tuple[int, float]]:
    """Return, for everything that was logged, how often and how many seconds in all."""
    with _LOCK:
        return {what: (count, float(_SECONDS[what])) for what, count in sorted(_COUNTS.items())}


def listen(handler: logging.Handler) -> None:
    """Send the lines somewhere."""
    handler.setFormatter(logging.Formatter("%(message)s"))
    WORK.addHandler(handler)
    WORK.setLevel(logging.INFO)
