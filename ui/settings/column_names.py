"""How a link writes and reads the columns of a table: by name, by number, and the column of labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from kmeans_tables import MAX_FEATURES
from ui.text.messages import message

_MOST_READ: Final = 6_000
"""The most characters of names that are read: older links held as many."""

_NUMBERS: Final = re.compile(r"\*\d{1,5}(-\d{1,5})?(\.\d{1,5}(-\d{1,5})?)*", re.ASCII)
"""Numbers of columns, like ``*1-12.15``; two names or more always have a comma between them."""


def write_names(names: Sequence[str]) -> str:
    """Return the names of columns as a link writes them, escaped so that ``read_names`` gives them back."""
    text = ",".join(name.replace("%", "%25").replace(",", "%2C") for name in names)
    return text.replace("*", "%2A", 1) if _NUMBERS.fullmatch(text) else text


def read_names(text: str) -> tuple[str, ...]:
    """Return the names of columns that a link says, or raise a ``ValueError`` with the sentence to show."""
    if len(text) > _MOST_READ:
        raise ValueError(message("settings.link_names_too_long", count=len(text), most=_MOST_READ))
    return tuple(unquote(name) for name in text.split(",") if name)


def write_numbers(numbers: Sequence[int]) -> str:
    """Return the numbers of columns as a link writes them, consecutive ones as a range."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return "*" + ".".join("-".join(map(str, ends)) for ends in ranges)


def read_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of columns that a link says, without duplicates; () where the text holds names."""
    if not _NUMBERS.fullmatch(text):
        return ()
    numbers: dict[int, None] = {}
    for part in text[1:].split("."):
        first, _, last = part.partition("-")
        for number in range(int(first), int(last or first) + 1):
            if len(numbers) > MAX_FEATURES:
                break  # checking the choice against the table complains about too many columns
            numbers[number] = None
    return tuple(number for number in numbers if number)


def write_label(label: str) -> str:
    """Return the name of the column of labels, or ``none``; a column that is itself called ``none`` is escaped."""
    if not label:
        return "none"
    if label == "none":
        return "%6Eone"
    return label.replace("%", "%25", 1) if re.fullmatch("%(25)*6Eone", label) else label


def read_label(text: str) -> str:
    """Return the name of the column of labels that a link says; "" for none."""
    if text == "none":
        return ""
    if text == "%6Eone":
        return "none"
    return text.replace("%25", "%", 1) if re.fullmatch("%(25)+6Eone", text) else text
