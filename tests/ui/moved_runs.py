"""Runs with dragged centers, made the plain way: every run goes to its end, however soon the next center is dragged."""

from __future__ import annotations

from collections.abc import Sequence

from kmeans_core import Trace, branch
from kmeans_core.arrays import Points
from ui.settings.edits import Edit
from ui.settings.moved_run import effective_moves


def apply_moves(points: Points, trace: Trace, edits: Sequence[Edit]) -> Trace:
    """Return the run after all dragged centers; a move that does not fit the run is left out."""
    for move in effective_moves(edits, trace.config.k):
        index = min(move.step, len(trace) - 1)
        centers = trace[index].centers.copy()
        centers[move.cluster] = move.place
        trace = branch(points, trace, index, centers)
    return trace
