"""Settings that can be swept: which ones these data have, and which values of each are worth a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kmeans_core import DATASETS
from kmeans_core.datasets import SEED
from kmeans_core.messages.numbers import whole
from ui.settings.definitions import BY_NAME, SETTINGS, Setting
from ui.settings.number_range import NumberRange
from ui.settings.record import Settings
from ui.settings.sizes import parameters_of
from ui.text.messages import message

MAX_VALUES: Final = 12
"""The most values of a single setting."""

MAX_VALUES_OF_TWO: Final = 4
"""The most values of each of two settings."""

MAX_POINTS: Final = 20_000
"""The most points, or points of a blob, that are tried, unless the current setting has more."""

NONE: Final = "none"
"""How a link writes that there is no second setting."""

DEFAULT_NAME: Final = "k"
"""The setting that the page opens on."""

_SEEDS: Final = tuple(setting.name for setting in SETTINGS if setting.widget == "seed")


@dataclass(frozen=True, slots=True)
class SweptSetting:
    """A setting of the sidebar with the values to try.

    Attributes
    ----------
    name, title : str
        Its name in a link, and on the screen.
    values : tuple
        The values to try, in order.
    current : object
        The value of the sidebar, one of ``values``.
    is_ordered : bool
        Whether the values are numbers with an order that means something.
    format : callable
        Returns a value as the screen writes it.
    apply : callable
        Takes the sidebar's settings and a value; returns the settings with that value.
    """

    name: str
    title: str
    values: tuple[Any, ...]
    current: Any
    is_ordered: bool
    format: Callable[[Any], str]
    apply: Callable[[Settings, Any], Settings]

    @property
    def noun(self) -> str:
        """The setting's name within a sentence."""
        return message("settings.noun", name=self.name, title=self.title)


def all_names() -> tuple[str, ...]:
    """Return the names of the settings that any data has, as a link writes them."""
    sizes = [parameter.name for dataset in DATASETS.values() for parameter in dataset.parameters]
    swept = [setting for setting in SETTINGS if setting.swept]
    # Settings of the points come after those of the run.
    swept.sort(key=lambda setting: setting.scope == "points")
    return tuple(dict.fromkeys([*(setting.name for setting in swept), *sizes]))


def title_of(name: str) -> str:
    """Return the title of a setting, whether or not some data have it."""
    if name in BY_NAME:
        return BY_NAME[name].title
    return next(size.title for data in DATASETS for size in parameters_of(data) if size.name == name)


def swept_settings(settings: Settings) -> dict[str, SweptSetting]:
    """Return the settings that these data have, by name, with the values to try."""
    available: dict[str, SweptSetting] = {}
    for setting in SETTINGS:
        if not setting.swept or (setting.name == "data_seed" and settings.table):
            continue  # a table is not drawn from a seed
        if isinstance(setting.values, NumberRange):
            current = getattr(settings, setting.name)
            available[setting.name] = _swept_number(setting.name, setting.values, current, _set_field(setting.name))
        else:
            titles = {name: option.title for name, option in setting.values.items()}
            available[setting.name] = _swept_choice(setting, titles, settings)
    sizes = dict(settings.sizes)
    for parameter in parameters_of(settings.data):
        available[parameter.name] = _swept_number(
            parameter.name, parameter, sizes[parameter.name], _set_size(parameter)
        )
    return {name: available[name] for name in all_names() if name in available}


def choose(available: Mapping[str, SweptSetting], name: str, second: str) -> list[SweptSetting]:
    """Return the settings to sweep: one with many values, or two with few."""
    first = available.get(name, available[DEFAULT_NAME])
    other = available.get(second)
    if other is None or other.name == first.name:
        return [first]
    return [thinned(first, MAX_VALUES_OF_TWO), thinned(other, MAX_VALUES_OF_TWO)]


def thinned(setting: SweptSetting, count: int) -> SweptSetting:
    """Return the setting with at most ``count`` values, evenly spread over its own, the current one among them.

    The outermost values are left out: with one cluster or no spread at all there is little to see.
    """
    total = len(setting.values)
    if total <= count:
        return setting
    current = setting.values.index(setting.current)
    places = {int((number + 0.5) * total / count) for number in range(count)}
    nearest = min(places, key=lambda place: abs(place - current))
    spread = sorted(places - {nearest} | {current})
    return replace(setting, values=tuple(setting.values[place] for place in spread))


def _set_field(name: str) -> Callable[[Settings, Any], Settings]:
    return lambda settings, value: replace(settings, **{name: value})


def _set_size(parameter: NumberRange) -> Callable[[Settings, Any], Settings]:
    def apply(settings: Settings, value: Any) -> Settings:
        sizes = tuple((name, value if name == parameter.name else old) for name, old in settings.sizes)
        return replace(settings, sizes=sizes)

    return apply


def _swept_number(
    name: str, parameter: NumberRange, current: float, apply: Callable[[Settings, Any], Settings]
) -> SweptSetting:
    values = _seeds_near(int(current)) if name in _SEEDS else values_of(parameter, current)
    return SweptSetting(name, parameter.title, values, current, name not in _SEEDS, _number_text, apply)


def _number_text(value: float) -> str:
    return whole(int(value)) if float(value).is_integer() else f"{value:g}"


def _swept_choice(setting: Setting, titles: Mapping[str, str], settings: Settings) -> SweptSetting:
    current = getattr(settings, setting.name)
    # Centers placed by you are only available in a run that has some.
    values = tuple(value for value in titles if value != "given" or current == "given")
    return SweptSetting(
        setting.name, setting.title, values, current, False, titles.__getitem__, _set_field(setting.name)
    )


# Values of a number ---------------------------------------------------------------------------------------


def _seeds_near(seed: int) -> tuple[int, ...]:
    """Return a block of seeds around ``seed``: all seeds of a block give the same block, so none moves on a click."""
    first = seed - seed % MAX_VALUES
    return tuple(range(first, min(first + MAX_VALUES, int(SEED.high) + 1)))


def values_of(parameter: NumberRange, current: float) -> tuple[float, ...]:
    """Return up to ``MAX_VALUES`` values of a number that are worth a run, in order, the current one among them.

    All values if they are few; 1, 2, 5, 10, ... if the default is near the lower bound, or the upper bound is a
    thousand times as large; equal steps otherwise.
    """
    if (parameter.high - parameter.low) / parameter.step < MAX_VALUES:
        scale = _multiples(parameter, parameter.step)
    else:
        near_low = parameter.default - parameter.low <= 0.16 * (parameter.high - parameter.low)
        is_wide = parameter.high >= 1000 * max(parameter.low, parameter.step)
        scale = _round_values(parameter) if near_low or is_wide else []
        if len(scale) < 7:
            scale = _multiples(parameter, _round_step((parameter.high - parameter.low) / (MAX_VALUES - 2)))
    # Without rounding, the same value would be there twice, a trillionth apart.
    values = sorted({_rounded(parameter, value) for value in scale} | {current})
    return _window(values, current, MAX_VALUES)


def _rounded(parameter: NumberRange, value: float) -> float:
    return round(value) if parameter.kind == "int" else float(f"{value:.6g}")


def _multiples(parameter: NumberRange, step: float) -> list[float]:
    """Return the lower bound and all multiples of a step up to the upper bound."""
    first, last = int(np.ceil(parameter.low / step - 1e-9)), int(np.floor(parameter.high / step + 1e-9))
    return [parameter.low, *(step * number for number in range(first, last + 1))]


def _round_step(minimum: float) -> float:
    """Return the smallest of 1, 2, 5, 10, ... and their fractions that is at least ``minimum``."""
    tens = 10.0 ** np.floor(np.log10(minimum))
    return float(next(step * tens for step in (1, 2, 5, 10) if step * tens >= minimum * (1 - 1e-9)))


def _round_values(parameter: NumberRange) -> list[float]:
    """Return the lower bound and 1, 2, 5, 10, ... from the step up to the upper bound or ``MAX_POINTS``."""
    high = min(parameter.high, MAX_POINTS)
    scale = np.outer(10.0 ** np.arange(-6, 9), [1, 2, 5]).ravel()
    inside = scale[(scale >= max(parameter.low, parameter.step) * (1 - 1e-9)) & (scale <= high * (1 + 1e-9))]
    return [parameter.low, *inside.tolist()]


def _window(values: Sequence[float], current: float, count: int) -> tuple[float, ...]:
    """Return up to ``count`` neighboring values: a third of them below the current one, if there are that many."""
    first = max(0, min(values.index(current) - count // 3, len(values) - count))
    return tuple(values[first : first + count])
