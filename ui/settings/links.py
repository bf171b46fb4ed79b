"""Links: how settings become the query of an address (``encode``), and how a query is read (``decode``).

A link says the dataset, and what differs from the defaults of the settings and of the dataset.
Older links said every setting, under other names; they are still read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from kmeans_core import DATASETS
from ui.settings.built_in_tables import BUILT_IN, built_in
from ui.settings.definitions import BY_NAME, LEGACY_NAMES, SETTINGS
from ui.settings.edit_links import (
    decode_edits,
    decode_places,
    drawing_name,
    encode_edits,
    encode_places,
    fit_in_link,
    is_drawing_name,
)
from ui.settings.number_range import size_range
from ui.settings.parsers import number_text, read_number
from ui.settings.record import NO_EDITS, OPENING, Settings
from ui.settings.sizes import Sizes, parameters_of
from ui.settings.table_links import TABLE_NAMES, decode_use, encode_use
from ui.text.messages import message

VIEW_NAMES: Final = ("hide", "show", "look", "mode", "tab", "panel", "also")
"""Parameters of the player's view, which a link keeps when a setting changes."""

SETTING_NAMES: Final = frozenset(
    (*BY_NAME, *(size.name for data in DATASETS for size in parameters_of(data)), *TABLE_NAMES, "centers", "edits")
)
"""All parameters of settings in a link."""


def encode(settings: Settings) -> dict[str, str]:
    """Return the link of these settings: the dataset, and what differs from the defaults of links.

    Where there are more edits than a link can hold, it names the file that holds them.
    """
    link = encode_use(settings.table, settings.data) if settings.table else _encode_sizes(settings)
    for setting in SETTINGS:
        value = getattr(settings, setting.name)
        if value != setting.default and not (setting.name == "data_seed" and settings.table):
            link[setting.name] = setting.write(value)
    if settings.centers:
        link["centers"] = encode_places(settings.centers)
    if settings.edits:
        text = encode_edits(settings.edits)
        link["edits"] = text if fit_in_link(settings.edits) else drawing_name(text)
    elif settings.file:
        link["edits"] = settings.file
    # Always the dataset: a link without any setting means whatever the app opens on.
    return {"data": settings.data} | link


def _encode_sizes(settings: Settings) -> dict[str, str]:
    """Return the sizes of a generated dataset that differ from its defaults, whatever this server's limits are."""
    sizes = dict(settings.sizes)
    return {
        parameter.name: number_text(parameter, sizes[parameter.name])
        for parameter in map(size_range, DATASETS[settings.data].parameters)
        if sizes[parameter.name] != parameter.default
    }


def with_current_names(link: Mapping[str, str]) -> dict[str, str]:
    """Return a link with the current setting names in place of older ones; a new name wins over an old one."""
    return {LEGACY_NAMES[name]: text for name, text in link.items() if name in LEGACY_NAMES} | {
        name: text for name, text in link.items() if name not in LEGACY_NAMES
    }


class _Reader:
    """Reads the parameters of a link one by one, and collects a sentence for each that could not be used."""

    def __init__(self, link: Mapping[str, str]) -> None:
        self.link = link
        self.complaints: list[str] = []

    def __call__(self, name: str, parse: Callable[[str], Any], fallback: Any) -> Any:
        """Return the value of a parameter; the fallback where it is missing or can't be used."""
        try:
            return parse(self.link[name]) if name in self.link else fallback
        except ValueError as error:
            self.complaints.append(
                message("settings.link_edits_left_out", problem=str(error))
                if fallback == NO_EDITS
                else message("settings.link_value_instead", problem=str(error), value=str(fallback))
            )
            return fallback


def decode(link: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Return the settings of a link. A setting that is missing or invalid gets the default of links.

    A link without any setting means what the app opens on.

    Parameters
    ----------
    link : mapping of str to str
        A URL's query; names that are not settings are ignored.

    Returns
    -------
    settings : Settings
    complaints : list of str
        One sentence for each value that could not be used; empty for a good link.
    """
    link = with_current_names(link)
    if not SETTING_NAMES & link.keys():
        return OPENING, []
    read = _Reader(link)
    values = {setting.name: read(setting.name, setting.read, setting.default) for setting in SETTINGS}
    data = values["data"]
    settings = Settings(**values, sizes=_decode_sizes(data, read), **_decode_edits(read), table=decode_use(data, read))
    if settings.table:
        settings = replace(settings, data_seed=0)
    if data in BUILT_IN:
        settings, more = settings.with_table(built_in(data))
        return settings, read.complaints + more
    return settings, read.complaints


def _decode_sizes(data: str, read: _Reader) -> Sizes:
    """Return a dataset's sizes; where the operator allows fewer points than the default, as many as that."""
    return tuple(
        (parameter.name, read(parameter.name, partial(read_number, parameter), parameter.default))
        for parameter in parameters_of(data)
    )


def _decode_edits(read: _Reader) -> dict[str, Any]:
    """Return the edits, or the name of the file that holds them."""
    text = read.link.get("edits", "")
    centers = read("centers", decode_places, NO_EDITS)
    if is_drawing_name(text):
        return {"centers": centers, "file": text}
    return {"centers": centers, "edits": read("edits", decode_edits, NO_EDITS)}
