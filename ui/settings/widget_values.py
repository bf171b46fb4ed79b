"""What each widget of the sidebar shows for a settings record, by the widget's key."""

from __future__ import annotations

from typing import Final

from ui.settings.definitions import BY_NAME
from ui.settings.record import Settings

COMPONENTS: Final = "principal components"
"""Stands for the first two principal components among the columns that can be drawn."""


def size_key(data: str, name: str) -> str:
    """Return the key of the widget for a size of a dataset."""
    return f"{data}.{name}"


def control_of(key: str) -> str:
    """Return the name under which a lesson link locks or hides a widget."""
    return BY_NAME[key].control if key in BY_NAME else "data"


def widget_values(settings: Settings) -> dict[str, object]:
    """Return the value of each widget; sizes and the table's widgets have a dot in their keys."""
    values: dict[str, object] = {name: getattr(settings, name) for name in BY_NAME}
    values |= {size_key(settings.data, name): value for name, value in settings.sizes}
    if use := settings.table:
        across, up = use.axes or (COMPONENTS, use.choice.columns[1] if len(use.choice.columns) > 1 else "")
        values |= {
            "table.columns": list(use.choice.columns),
            "table.standardize": use.choice.standardize,
            "table.missing": use.choice.missing,
            "table.label": use.choice.label,
            "table.across": across,
            "table.up": up,
        }
    return values
