"""A criterion over K: its curve on the points, its curve on uniform noise, and the K that each picks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CRITERIA: Final = {"elbow": "Elbow", "silhouette": "Silhouette", "gap": "Gap statistic"}
"""The criteria by name, with their titles on the screen."""


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
    """One criterion on the points and on uniform noise.

    ``noise_picks`` are the K that it picks on each of several sets of noise; empty where there is only one set.
    """

    name: str
    points: Curve
    noise: Curve
    noise_picks: tuple[int | None, ...] = ()

    @property
    def title(self) -> str:
        """The criterion's name on the screen."""
        return CRITERIA[self.name]

    @property
    def shown_pick_count(self) -> int:
        """How many sets of noise have the same pick as the set that is shown."""
        return self.noise_picks.count(self.noise.pick)
