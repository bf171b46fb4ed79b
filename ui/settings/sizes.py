"""The sizes of generated datasets: their bounds on this server, their defaults, and the number of groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kmeans_core import DATASETS
from server.config import LIMITS
from ui.settings.built_in_tables import BUILT_IN
from ui.settings.number_range import NumberRange, size_range

Sizes = tuple[tuple[str, float], ...]
"""Each parameter of a dataset with its value, in the dataset's order."""

_MOST_BLOBS: Final = int(next(parameter.high for parameter in DATASETS["post"].parameters if parameter.name == "blobs"))


def parameters_of(data: str) -> tuple[NumberRange, ...]:
    """Return the parameters of a dataset, with no more points than the operator allows; a table has none."""
    return tuple(_limit(size_range(size)) for size in DATASETS[data].parameters) if data in DATASETS else ()


def _limit(parameter: NumberRange) -> NumberRange:
    """Return the parameter with the operator's limit on points as its upper bound."""
    most = {"points": LIMITS.max_points, "points_per_blob": LIMITS.max_points // _MOST_BLOBS}.get(parameter.name)
    if most is None or most >= parameter.high:
        return parameter
    high = max(most, int(parameter.low))
    return replace(parameter, high=high, default=min(parameter.default, high))


def default_sizes(data: str) -> Sizes:
    """Return the sizes that a dataset opens on; a table has none."""
    return tuple((parameter.name, parameter.default) for parameter in parameters_of(data))


def natural_k(data: str) -> int | None:
    """Return the number of groups that a dataset with its default sizes is drawn from; None where there are none."""
    return BUILT_IN[data].groups if data in BUILT_IN else drawn_groups(data, default_sizes(data))


def drawn_groups(data: str, sizes: Sizes) -> int | None:
    """Return the number of groups that generated points are drawn from; None where there are none."""
    values = dict(sizes)
    count = values.get("blobs", values.get("rings", {"moons": 2}.get(data)))
    return None if count is None else int(count)


def overlap_size(sizes: Sizes) -> str:
    """Return the name of the size that makes the groups of these data overlap; "" where none does."""
    for name in ("spread", "noise"):
        if name in dict(sizes):
            return name
    return ""
