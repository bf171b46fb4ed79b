"""The right reading of a file: the record that ``readings`` fills for every file of the corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kmeans_core.messages.lists import joined
from kmeans_tables.messages import message


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of a file's columns by name, None where one is missing: numbers, or text.

    ``reasons`` says why columns can't be clustered, unless they are text; ``notes`` are all notes but how the file was
    read and those reasons; ``opens_on`` and ``label`` are chosen by default. ``refusal`` is the sentence with which a
    file is refused.
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    opens_on: tuple[str, ...] = ()
    label: str = ""
    refusal: str = ""


def markers(*counts: tuple[str, int]) -> str:
    """Return the cells that count as missing, each with how often it occurs."""
    return joined([message("reading.marker", text=f"“{text}”", count=count) for text, count in counts])
