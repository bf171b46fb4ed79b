"""The estimated seconds of runs, and the limits that decide what waits, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kmeans_core import RULES
from kmeans_core.rules import CenterKind
from ui.settings.edits import Move
from ui.settings.iteration_limit import max_labels
from ui.settings.record import Settings

QUEUE_SECONDS: Final = 0.1
"""Work that takes longer shows a spinner and takes a slot of the job queue; less than this feels instant."""

QUEUE_BYTES: Final = 32 * 2**20
"""Work that needs more memory takes a slot of the job queue, too, so that not everybody's is needed at once."""

BATCH_SECONDS: Final = 1.0
"""A page shows what it has so far about this often."""

SWEEP_SECONDS: Final = 5.0
"""A sweep that takes longer waits for a click after its first run: its pictures say little until all are there."""

UNASKED_SECONDS: Final = 20.0
"""Other work that takes longer waits for a click: before the first results if they take that long, or after them."""

_MICROSECONDS: Final[dict[CenterKind, tuple[float, float, float]]] = {
    "mean": (0.12, 1.0, 0.5),
    "median": (0.8, 1.0, 0.5),
    "medoid": (3.0, 0.5, 0.0),
}
"""By kind of center: microseconds of a run per point with K = 1 in two dimensions, and its powers of K and of d / 2.

Rounded from least squares of log CPU seconds on a busy machine with two cores, over blobs and uniform noise,
n = 1,000 to 20,000, d = 2 and 8, K = 2, 6, and 15, random and greedy k-means++ centers, one run by ``run`` and 8 by
``run_many``: 400 measurements, which differ from the estimates by factors of about 2 (their standard deviation).
"How many clusters?" took 6 s on the post's points, 18 s with medoids, and 23 s on 100,000 points; the estimates are
6, 16, and 25 s.
"""


def run_seconds(settings: Settings, n: int, runs: int = 1) -> float:
    """Return about how many seconds of one core ``runs`` runs of these settings take on ``n`` points."""
    microseconds, k_power, d_power = _MICROSECONDS[RULES[settings.rule].center]
    per_point: float = microseconds * settings.k**k_power * (settings.features / 2) ** d_power
    return runs * n * per_point / 1e6


_POINT_BYTES: Final = 80
"""Bytes of memory of a run per point and feature, besides labels: 150 MB for a million points in two dimensions."""


def run_bytes(settings: Settings, n: int) -> int:
    """Return about how many bytes of memory a run of these settings on ``n`` points takes at most."""
    moves = sum(isinstance(edit, Move) for edit in settings.edits)
    return n * settings.features * _POINT_BYTES + max_labels(n, settings.max_iter, moves)


def is_long(settings: Sequence[Settings], counts: Sequence[int]) -> bool:
    """Tell whether runs on these numbers of points take a slot of the job queue, for their time or their memory."""
    seconds = sum(map(run_seconds, settings, counts))
    return seconds > QUEUE_SECONDS or sum(map(run_bytes, settings, counts)) > QUEUE_BYTES
