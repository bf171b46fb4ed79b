"""A criterion over K: its curve on the points, its curve on uniform noise, and the K that each picks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Curve:
    """One criterion over K = 1, 2, ... for one set of points.

    Attributes
    ----------
    values : (m,) float64
    pick : int or None
        The K that the criterion picks; None if it picks none.
    errors : (m,) float64 or None
        Standard errors of the values, where the criterion has them.
    """

    values: NDArray[np.float64]
    pick: int | None
    errors: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, ``elbow``, ``silhouette``, or ``gap``, on the points and on uniform noise.

    ``noise_picks`` are the K that it picks on each of several sets of noise; empty where there is only one set.
    """

    name: str
    points: Curve
    noise: Curve
    noise_picks: tuple[int | None, ...] = ()

    @property
    def shown_pick_count(self) -> int:
        """How many sets of noise have the same pick as the set that is shown."""
        return self.noise_picks.count(self.noise.pick)
