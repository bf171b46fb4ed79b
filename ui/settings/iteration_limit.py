"""The most iterations of a run, and of one with dragged centers, so that its labels fit in memory."""

from __future__ import annotations

from typing import Final

from ui.settings.definitions import MAX_ITER

_MOST_LABELS: Final = 100_000_000
"""The most labels of one run: points times iterations.

Every assign keeps one byte for the label of each point. A million points for 100 iterations take 250 MB, and 1 to 3 s
with means or 90 s with medoids (measured on two cores). No link that was made before this limit asks for more.
"""

_MOST_LABELS_WITH_MOVES: Final = 210_000_000
"""The most labels that a run with dragged centers computes: twice those of the longest run without."""

_STEP_LABELS: Final = 20_000
"""What else an assign and the refine before it cost, in labels: 0.8 ms for their sentences and formulas, and 1.6 kB.

With 2,000 points, the most half-steps take 20 s and 15 MB, and a visitor who leaves ends them.
"""


def max_iterations(n: int) -> int:
    """Return the most iterations that a run on ``n`` points may have, whatever limit is chosen."""
    return max(1, min(int(MAX_ITER.high), _MOST_LABELS // max(1, n)))


def max_assigns(n: int) -> int:
    """Return the most assigns that a run with dragged centers may compute on ``n`` points."""
    return _MOST_LABELS_WITH_MOVES // (n + _STEP_LABELS)


def max_labels(n: int, max_iter: int, moves: int) -> int:
    """Return the most labels that a run with this limit of iterations and ``moves`` dragged centers computes."""
    assigns = (1 + min(max_iter, max_iterations(n))) * (1 + moves)
    return n * (min(assigns, max_assigns(n)) if moves else assigns)
