"""The range of a number setting: its bounds, and what a slider needs besides."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from kmeans_core.datasets import Parameter, Size
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
    title, help : str
        The label of its widget, and the text behind its question mark.
    step : int or float
        A change that is worth looking at.
    """

    title: str = ""
    help: str = ""
    step: float = 1


def size_range(size: Size) -> NumberRange:
    """Return the range of a dataset's size, with its title, its help, and a step from its bounds."""
    step = 1 if size.kind == "int" else _STEPS.get(size.name, (size.high - size.low) / 100)
    bounds = {field.name: getattr(size, field.name) for field in fields(Parameter)}
    return NumberRange(**bounds, title=_TITLES[size.name], help=size.help, step=step)
