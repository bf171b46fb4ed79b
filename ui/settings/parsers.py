"""Parsers of the values that a link holds: numbers, choices, and quoted text for complaints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kmeans_core.messages.lists import joined_values
from ui.settings.number_range import NumberRange
from ui.text.messages import message


def quoted(text: str) -> str:
    """Return text of a link in quotation marks, cut to fit a sentence."""
    return f"“{text if len(text) <= 30 else text[:30] + '…'}”"


def read_number(parameter: NumberRange, text: str) -> float:
    """Return the number that a link says, within the bounds of the parameter.

    Raises
    ------
    ValueError
        With the sentence to show, if the text is not such a number.
    """
    bounds = {"low": number_text(parameter, parameter.low), "high": number_text(parameter, parameter.high)}
    key = "settings.link_not_an_integer" if parameter.kind == "int" else "settings.link_not_a_number"
    complaint = message(key, title=parameter.title, **bounds, text=quoted(text))
    # Python accepts more than people write (1_000, ٣, nan); a link holds plain digits only.
    if not re.fullmatch(r"[+-]?\d{1,20}(\.\d{0,20})?([eE][+-]?\d{1,3})?", text, re.ASCII):
        raise ValueError(complaint)
    try:
        return parameter.check(int(text) if parameter.kind == "int" else float(text))
    except ValueError:
        raise ValueError(complaint) from None


def number_text(parameter: NumberRange, value: float) -> str:
    """Return the text of a number that ``read_number`` reads back to the same bits."""
    return str(int(value)) if parameter.kind == "int" or float(value).is_integer() else repr(float(value))


def not_an_option(title: str, options: Sequence[str], text: str) -> str:
    """Say that a link asks for an option that a setting does not have."""
    return message("settings.link_not_an_option", title=title, options=joined_values(options), text=quoted(text))


def read_choice(title: str, options: Sequence[str], text: str) -> str:
    """Return the name that a link says, or raise a ``ValueError`` with the sentence to show."""
    if text not in options:
        raise ValueError(not_an_option(title, options, text))
    return text
