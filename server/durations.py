"""Histograms of how long requests, runs of a page, and waits for a slot take, as Prometheus counts them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from typing import Final

BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the buckets in seconds; the last bucket has none."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many durations were at most as long as each of ``BOUNDS``, how many there were, and their sum in seconds."""

    counts: tuple[int, ...]
    count: int
    seconds: float


class Histogram:
    """Counts durations by their length, separately for each combination of labels; for any number of threads.

    Parameters
    ----------
    names : str
        The names of the labels. Without any, the histogram has its totals from the start.
    """

    def __init__(self, *names: str) -> None:
        self.names = names
        self._lock = Lock()
        self._buckets: dict[tuple[str, ...], list[int]] = {}
        self._seconds: dict[tuple[str, ...], float] = {}
        if not names:
            self._add(())

    def observe(self, seconds: float, *values: str) -> None:
        """Count a duration; ``values`` are those of the labels, in the order of their names."""
        with self._lock:
            if values not in self._buckets:
                self._add(values)
            self._buckets[values][bisect_left(BOUNDS, seconds)] += 1
            self._seconds[values] += seconds

    def totals(self) -> Mapping[tuple[str, ...], Totals]:
        """Return the totals by the values of the labels."""
        with self._lock:
            return {
                values: Totals(tuple(accumulate(buckets[:-1])), sum(buckets), self._seconds[values])
                for values, buckets in sorted(self._buckets.items())
            }

    def _add(self, values: tuple[str, ...]) -> None:
        self._buckets[values] = [0] * (len(BOUNDS) + 1)
        self._seconds[values] = 0.0


REQUESTS: Final = Histogram("kind", "code")
"""From a request to the end of its answer, by kind of request and status code."""

PAGE_RUNS: Final = Histogram()
"""From a visitor's change to the end of the page that shows it."""
