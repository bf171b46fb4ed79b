"""The range of a number setting: its bounds, and what a slider needs besides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from kmeans_core.datasets import Parameter
from ui.text.messages import message

_TITLES: Final = {
    "blobs": message("settings.size_blobs"),
    "noise": message("settings.size_noise"),
    "outlier_distance": message("settings.size_outlier_distance"),
    "outliers": message("settings.size_outliers"),
    "points": message("settings.size_points"),
    "points_per_blob": message("settings.size_points_per_blob"),
    "rings": message("settings.size_rings"),
    "separation": message("settings.size_separation"),
    "spread": message("settings.size_spread"),
    "stretch": message("settings.size_stretch"),
    "unequal_sizes": message("settings.size_unequal_sizes"),
    "unequal_spreads": message("settings.size_unequal_spreads"),
    "unit_factor": message("settings.size_unit_factor"),
    "width": message("settings.size_width"),
}

_STEPS: Final = {
    "separation": 0.5,
    "spread": 0.1,
    "stretch": 0.5,
    "unequal_sizes": 0.05,
    "unequal_spreads": 0.05,
    "width": 0.1,
    "outlier_distance": 5.0,
    "unit_factor": 1.0,
}
"""Steps of sizes that are not 1 or a hundredth of the range: changes that are worth looking at."""


@dataclass(frozen=True, slots=True)
class NumberRange(Parameter):
    """A number that can be chosen on the screen.

    Attributes
    ----------
    title : str
        The label of its widget.
    step : int or float
        A change that is worth looking at.
    """

    title: str = ""
    step: float = 1


def size_range(parameter: Parameter) -> NumberRange:
    """Return the range of a dataset's parameter, with its title and a step from its bounds."""
    step = 1 if parameter.kind == "int" else _STEPS.get(parameter.name, (parameter.high - parameter.low) / 100)
    return NumberRange(**asdict(parameter), title=_TITLES[parameter.name], step=step)
