"""What a teacher adds to a link: a title, a question, and which settings a class may change.

Nothing here knows of Streamlit, as in ``ui.settings.record``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ui.settings.definitions import CONTROLS, current_name
from ui.settings.parsers import quoted
from ui.text.messages import message

EVERYTHING: Final = "everything"
"""What a link says instead of all names, so that it means those of a later version too."""

MAX_TITLE: Final = 80
MAX_QUESTION: Final = 200
"""The longest texts, in characters, that leave room for the picture below them."""

LESSON_NAMES: Final = ("title", "question", "lock", "without")
"""The names that a lesson has in a link."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a link says besides the settings to those who open it.

    ``locked`` settings are shown and can't be changed, ``hidden`` ones are not shown; nothing is both.
    """

    title: str = ""
    question: str = ""
    locked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


def _names_text(names: frozenset[str]) -> str:
    """Write names for a link, in the order of the screen."""
    return EVERYTHING if len(names) == len(CONTROLS) else ",".join(name for name in CONTROLS if name in names)


def encode(lesson: Lesson) -> dict[str, str]:
    """Return what the lesson adds to a link: nothing where it says nothing."""
    values = (lesson.title, lesson.question, _names_text(lesson.locked), _names_text(lesson.hidden))
    return {name: value for name, value in zip(LESSON_NAMES, values, strict=True) if value}


def changeable(lesson: Lesson) -> frozenset[str]:
    """Return the controls that a person may change."""
    return frozenset(CONTROLS) - lesson.locked - lesson.hidden


def _line(text: str) -> str:
    """Return the text on one line, without characters that can't be seen or sent."""
    seen = (" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join("".join(seen).split())


def _read_text(part: str, text: str, longest: int, complaints: list[str]) -> str:
    """Read a text of a link; what is too long for the page is cut, and said."""
    line = _line(text)
    if len(line) <= longest:
        return line
    complaints.append(message("settings.lesson_text_cut", part=part, count=len(line), most=longest))
    return line[:longest].rstrip()


def _read_names(key: str, text: str, complaints: list[str]) -> frozenset[str]:
    """Read the names of settings in a link; those that are unknown are left out, and said in one sentence."""
    names = [current_name(name) for part in text.split(",") if (name := part.strip())]
    unknown = [name for name in names if name not in CONTROLS and name != EVERYTHING]
    if unknown:
        known = ", ".join([*CONTROLS, EVERYTHING])
        complaints.append(
            message("settings.lesson_unknown_names", parameter=key, known=known, names=quoted(", ".join(unknown)))
        )
    return frozenset(CONTROLS if EVERYTHING in names else CONTROLS.keys() & set(names))


def decode(link: Mapping[str, str]) -> tuple[Lesson, list[str]]:
    """Read what a link says to a class.

    Parameters
    ----------
    link : mapping of str to str
        A URL's query; names that mean nothing here are left alone.

    Returns
    -------
    lesson : Lesson
    complaints : list of str
        One sentence for each text that was too long, and for each list with names that are unknown.
    """
    complaints: list[str] = []
    title, question, lock, without = (link.get(name, "") for name in LESSON_NAMES)
    hidden = _read_names("without", without, complaints)
    lesson = Lesson(
        title=_read_text("title", title, MAX_TITLE, complaints),
        question=_read_text("question", question, MAX_QUESTION, complaints),
        locked=_read_names("lock", lock, complaints) - hidden,
        hidden=hidden,
    )
    return lesson, complaints
