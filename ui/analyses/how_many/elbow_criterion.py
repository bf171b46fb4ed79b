"""The elbow criterion: where the curve of costs bends most."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ui.analyses.how_many.curves import Curve


def elbow_pick(costs: ArrayLike) -> int | None:
    """Return the K at which a curve of costs lies farthest below the line from its first to its last value.

    None where the curve does not fall, or has no bend.
    """
    values = np.asarray(costs, dtype=np.float64)
    if len(values) < 3 or values[0] <= values[-1]:
        return None
    below = np.linspace(1, 0, len(values)) - (values - values[-1]) / (values[0] - values[-1])
    return int(np.argmax(below)) + 1 if below.max() > 1e-9 else None


def elbow_curve(costs: ArrayLike) -> Curve:
    """Return the costs ``(m,)`` for K = 1, 2, ... in percent of the first one, with the elbow's pick."""
    values = np.asarray(costs, dtype=np.float64)
    return Curve(100 * values / (values[0] or 1.0), elbow_pick(values))
