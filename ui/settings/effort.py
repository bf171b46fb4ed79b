"""Estimates of the time and memory of runs, from the number of points, the rule, and the number of runs."""

from __future__ import annotations

from typing import Final

from ui.settings.definitions import MAX_ITER

_SECONDS_PER_MILLION: Final = {"mean": 0.2, "median": 1.2, "medoid": 6.0}
"""Seconds of one run on a million points, by rule.

Measured on one core with six blobs and K = 6: 0.1 to 1.0 (mean, the high end on 3,000 points), 0.9 to 1.2 (median), and
3.4 to 6.0 (medoid).
"""


def run_seconds(n: int, rule: str, runs: int = 1) -> float:
    """Return about how many seconds it takes to compute ``runs`` runs on ``n`` points."""
    return n / 1e6 * runs * _SECONDS_PER_MILLION[rule]


_MOST_LABELS: Final = 100_000_000
"""The most labels of one run: points times iterations.

Every assign keeps one byte for the label of each point. A million points for 100 iterations take 250 MB, and 1 to 3 s
with means or 90 s with medoids (measured on two cores). No link that was made before this limit asks for more.
"""


def max_iterations(n: int) -> int:
    """Return the most iterations that a run on ``n`` points may have, whatever limit is chosen."""
    return max(1, min(int(MAX_ITER.high), _MOST_LABELS // max(1, n)))
