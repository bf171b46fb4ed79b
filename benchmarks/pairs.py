"""Timing of two ways of the same work in pairs, so that whatever else the machine does meets both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Paired:
    """Median seconds of both, and the median of the pairs' ratios: below 1, ours is the faster one.

    ``first`` is how long ours took the first time, which does not count.
    """

    ours: float
    theirs: float
    ratio: float
    first: float


def timed(work: Work) -> tuple[float, object]:
    """Return how many seconds some work takes, and what it gives."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def paired(ours: Work, theirs: Work, budget: float = 4.0) -> Paired:
    """Time both in turn, after a first time that does not count, at least 3 times and for about ``budget`` seconds."""
    first = timed(ours)[0]
    once = timed(ours)[0] + timed(theirs)[0]
    pairs = [(timed(ours)[0], timed(theirs)[0]) for _ in range(max(3, min(101, round(budget / once))))]
    return Paired(
        median(mine for mine, _ in pairs),
        median(other for _, other in pairs),
        median(mine / other for mine, other in pairs),
        first,
    )


def readable(time_taken: float) -> str:
    """Return seconds with three digits and the unit that suits them."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if time_taken >= size:
            return f"{time_taken / size:.3g} {unit}"
    return f"{time_taken * 1e6:.3g} µs"
