"""The runs of the tutorial, and how the player shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from kmeans_core import Trace
from kmeans_core.arrays import Points
from ui.settings.record import POST, Settings
from ui.settings.sizes import default_sizes

Runner = Callable[[Settings], tuple[Points, Trace]]
"""Returns the points ``(n, d) float64`` and the run of some settings."""

RANDOM_RUNS: Final = 20
"""How many random starts the tutorial compares."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the player opens it.

    Attributes
    ----------
    label : str
        The text of its button, where a screen has several runs.
    settings : Settings
    step : int
        The half-step that the player shows first.
    point : int or None
        Index of the point with a ring around it, if there is one.
    note : str
        What the axes show, where a screen must say it.
    """

    label: str
    settings: Settings
    step: int
    point: int | None = None
    note: str = ""

    @property
    def link(self) -> dict[str, str]:
        """The view as parameters of a link to the player."""
        link = {"step": str(self.step)} if self.step else {}
        return link if self.point is None else link | {"look": f"p{self.point + 1}"}


def _with_data(data: str, sizes: dict[str, float], **changes: Any) -> Settings:
    """Return settings of a dataset with some of its sizes changed."""
    all_sizes = tuple((dict(default_sizes(data)) | sizes).items())
    return replace(POST, data=data, sizes=all_sizes, **changes)


CLOUDS: Final = _with_data("blobs", {"blobs": 3, "points": 90}, data_seed=2, k=3, seed=3)
"""Three clouds, and starting centers that have some way to go."""

STUCK: Final = _with_data("blobs", {"blobs": 5, "points": 150}, data_seed=0, k=5, seed=2)
"""Five clouds, and starting centers that lead to a bad result."""

RINGS: Final = _with_data("rings", {"rings": 2, "points": 300, "noise": 0.08}, data_seed=0, k=2, seed=3)
"""Two rings around the same middle."""

UNITS: Final = _with_data("unscaled", {"points": 300}, data_seed=0, k=2, seed=3)
"""Two clouds, one above the other, with much larger numbers along one axis."""


def best_run(run_of: Runner, k: int) -> RunView:
    """Return the end of the run with the lowest cost of several k-means++ starts with ``k`` centers."""
    candidates = [replace(CLOUDS, k=k, init="k-means++", seed=seed) for seed in range(RANDOM_RUNS)]
    best = min(candidates, key=lambda settings: run_of(settings)[1].cost)
    return RunView(f"K = {k}", best, len(run_of(best)[1]) - 1)
