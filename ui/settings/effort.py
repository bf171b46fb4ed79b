"""How long runs take: one estimate from the number of points, the rule, and the number of runs."""

from __future__ import annotations

from typing import Final

_SECONDS_PER_MILLION: Final = {"mean": 0.2, "median": 1.2, "medoid": 6.0}
"""Seconds of one run on a million points, by rule.

Measured on one core with six blobs and K = 6: 0.1 to 1.0 (mean, the high end on 3,000 points), 0.9 to 1.2 (median), and
3.4 to 6.0 (medoid).
"""


def run_seconds(n: int, rule: str, runs: int = 1) -> float:
    """Return about how many seconds it takes to compute ``runs`` runs on ``n`` points."""
    return n / 1e6 * runs * _SECONDS_PER_MILLION[rule]
