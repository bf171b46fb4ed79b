"""The presenter view of a link: the speaker notes, and the minutes of the timer.

They are no part of a lesson, which is what a class gets: a link to a class never holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ui.settings.link_text import fit_text, visible_line, visible_lines
from ui.settings.parsers import quoted
from ui.text.messages import message

MAX_NOTES: Final = 1000
"""The most characters of the notes: about a minute of reading, in a link that every program takes."""

MAX_MINUTES: Final = 180

PRESENTATION_NAMES: Final = ("present", "minutes", "notes")
"""The parameters in a link. ``present`` is 1 while the view is on; the browser alone reads and writes it."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a link says to the presenter.

    Attributes
    ----------
    minutes : int
        The timer counts down from here; 0 if it counts up.
    notes : str
        Plain text, which may have several lines; "" for none.
    """

    minutes: int = 0
    notes: str = ""


def is_presenting(link: Mapping[str, str]) -> bool:
    """Tell whether a link opens the presenter view."""
    return link.get("present") == "1"


def decode(link: Mapping[str, str]) -> tuple[Presentation, list[str]]:
    """Return what a link says to the presenter.

    Parameters
    ----------
    link : mapping of str to str
        A URL's query; other parameters are ignored.

    Returns
    -------
    presentation : Presentation
    complaints : list of str
        A sentence for each value that was too long or no number of minutes.
    """
    complaints: list[str] = []
    notes = fit_text("notes", visible_lines(link.get("notes", "")), MAX_NOTES, complaints)
    return Presentation(_read_minutes(link.get("minutes", ""), complaints), notes), complaints


def _read_minutes(text: str, complaints: list[str]) -> int:
    """Return the minutes of a link; 0 and a complaint where they are no whole number in the range."""
    digits = visible_line(text)
    minutes = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_MINUTES)) else 0
    if digits and not 1 <= minutes <= MAX_MINUTES:
        complaints.append(message("settings.minutes_ignored", text=quoted(digits), most=MAX_MINUTES))
        return 0
    return minutes
