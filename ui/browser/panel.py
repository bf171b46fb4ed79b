"""The settings panel of the browser edition: its fields, generated from the table of settings, and new values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from kmeans_core import DATASETS
from ui.settings.definitions import BY_NAME, SETTINGS, Option
from ui.settings.number_range import NumberRange
from ui.settings.parsers import number_text, read_number
from ui.settings.record import Settings
from ui.settings.sizes import parameters_of
from ui.text.messages import message

_DATASETS: Final = {
    name: Option(message("settings.dataset_name", data=name), dataset.summary) for name, dataset in DATASETS.items()
}
"""The datasets as the row of pictures names them; tables need libraries that no browser has."""


@dataclass(frozen=True, slots=True)
class PanelField:
    """A field of the panel.

    Attributes
    ----------
    name : str
        The name of a setting, or of a size of the dataset.
    title, help : str
    control : str
        The name under which a lesson link locks or hides it.
    value : str
        As links write it.
    options : dict of Option
        All values that can be chosen; empty for a number.
    bounds : NumberRange or None
        Of a number.
    is_seed : bool
        Whether a button draws a new value.
    """

    name: str
    title: str
    help: str
    control: str
    value: str
    options: dict[str, Option]
    bounds: NumberRange | None
    is_seed: bool = False

    def as_facts(self, *, is_locked: bool) -> dict[str, Any]:
        """Return the field as JSON has it."""
        facts: dict[str, Any] = {"name": self.name, "title": self.title, "help": self.help, "value": self.value}
        if self.bounds:
            facts |= {"low": self.bounds.low, "high": self.bounds.high, "step": self.bounds.step}
        facts["options"] = [[name, option.title, option.summary] for name, option in self.options.items()]
        return facts | {"isSeed": self.is_seed, "isLocked": is_locked}


def panel_fields(settings: Settings) -> list[PanelField]:
    """Return the fields of the panel, in the order of the app's sidebar: the sizes come after their dataset."""
    entries = []
    for row in SETTINGS:
        if row.name == "backend":
            continue  # NumPy is the only one in a browser
        value = row.write(getattr(settings, row.name))
        if isinstance(row.values, NumberRange):
            is_seed = row.widget == "seed"
            entries.append(PanelField(row.name, row.title, row.help, row.control, value, {}, row.values, is_seed))
        else:
            options = _DATASETS if row.name == "data" else dict(row.values)
            entries.append(PanelField(row.name, row.title, row.help, row.control, value, options, None))
        if row.name == "data":
            entries.extend(_size_fields(settings))
    return entries


def _size_fields(settings: Settings) -> list[PanelField]:
    """Return a field for each size of the settings' dataset."""
    sizes = dict(settings.sizes)
    return [
        PanelField(size.name, size.title, size.help, "data", number_text(size, sizes[size.name]), {}, size)
        for size in parameters_of(settings.data)
    ]


def with_value(settings: Settings, name: str, text: str) -> Settings:
    """Return settings with another value of one field.

    Parameters
    ----------
    settings : Settings
    name : str
        Of a field of the panel.
    text : str
        The value, as links write it.

    Raises
    ------
    ValueError
        If the value cannot be used; the message is a sentence without its full stop.
    """
    if name in BY_NAME:
        value: Any = BY_NAME[name].read(text)
        return settings.with_data(value) if name == "data" else replace(settings, **{name: value})
    size = next(size for size in parameters_of(settings.data) if size.name == name)
    sizes = dict(settings.sizes) | {name: read_number(size, text)}
    return replace(settings, sizes=tuple(sizes.items()))
