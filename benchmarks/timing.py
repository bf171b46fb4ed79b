"""Timing of two pieces of work in turn, so that other load on the machine affects both alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class PairedTiming:
    """Times of our work and of a peer's, in seconds.

    Attributes
    ----------
    core, peer : float
        Medians.
    ratio : float
        Median of the ratios of each pair, core to peer: below 1, the core is faster.
    first : float
        The core's first time, which the medians leave out.
    """

    core: float
    peer: float
    ratio: float
    first: float


def time_once(work: Work) -> tuple[float, object]:
    """Return how many seconds the work takes, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def time_pairs(core: Work, peer: Work, budget: float = 4.0) -> PairedTiming:
    """Time both in turn after a warm-up, at least 3 times and for about ``budget`` seconds."""
    first = time_once(core)[0]
    once = time_once(core)[0] + time_once(peer)[0]
    pairs = [(time_once(core)[0], time_once(peer)[0]) for _ in range(max(3, min(101, round(budget / once))))]
    return PairedTiming(
        median(core_time for core_time, _ in pairs),
        median(peer_time for _, peer_time in pairs),
        median(core_time / peer_time for core_time, peer_time in pairs),
        first,
    )


def format_seconds(seconds: float) -> str:
    """Return a time with three digits in s, ms, or µs."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"
