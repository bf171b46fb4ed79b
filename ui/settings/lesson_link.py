"""Lesson links: what a teacher adds to a link, namely a title, a question, and settings to lock or hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kmeans_core.messages.lists import joined_values
from ui.settings.definitions import CONTROLS, current_name
from ui.settings.link_text import fit_text, visible_line
from ui.settings.parsers import quoted
from ui.text.messages import message

ALL_CONTROLS: Final = "everything"
"""What a link says instead of all names, so that it includes settings of later versions."""

MAX_TITLE: Final = 80
MAX_QUESTION: Final = 200
"""The longest texts, in characters, that leave room for the picture below them."""

LESSON_NAMES: Final = ("title", "question", "lock", "hide_settings")
"""The parameters of a lesson in a link. ``hide`` is another one: it hides parts of the picture."""

_LEGACY_NAMES: Final = {"without": "hide_settings"}
"""Older parameters, each with its current name."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a lesson link says besides the settings.

    Attributes
    ----------
    title, question : str
        Plain text of one line; "" for none.
    locked : frozenset of str
        The keys of ``CONTROLS`` that are shown and can't be changed.
    hidden : frozenset of str
        The keys of ``CONTROLS`` that are not shown; none of them is in ``locked``.
    """

    title: str = ""
    question: str = ""
    locked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


def changeable(lesson: Lesson) -> frozenset[str]:
    """Return the controls that the visitor may change."""
    return frozenset(CONTROLS) - lesson.locked - lesson.hidden


def encode(lesson: Lesson) -> dict[str, str]:
    """Return the parameters that the lesson adds to a link; none for an empty lesson."""
    values = (lesson.title, lesson.question, _write_names(lesson.locked), _write_names(lesson.hidden))
    return {name: value for name, value in zip(LESSON_NAMES, values, strict=True) if value}


def decode(link: Mapping[str, str]) -> tuple[Lesson, list[str]]:
    """Return the lesson of a link.

    Parameters
    ----------
    link : mapping of str to str
        A URL's query; other parameters are ignored.

    Returns
    -------
    lesson : Lesson
    complaints : list of str
        One sentence for each text that was too long, and for each list with unknown names.
    """
    complaints: list[str] = []
    current = {_LEGACY_NAMES[name]: text for name, text in link.items() if name in _LEGACY_NAMES} | dict(link)
    title, question, lock, hide = (current.get(name, "") for name in LESSON_NAMES)
    hidden = _read_names("hide_settings", hide, complaints)
    lesson = Lesson(
        title=fit_text("title", visible_line(title), MAX_TITLE, complaints),
        question=fit_text("question", visible_line(question), MAX_QUESTION, complaints),
        locked=_read_names("lock", lock, complaints) - hidden,
        hidden=hidden,
    )
    return lesson, complaints


def _write_names(names: frozenset[str]) -> str:
    """Return the names of controls as a link writes them, in the order of the screen."""
    return ALL_CONTROLS if len(names) == len(CONTROLS) else ",".join(name for name in CONTROLS if name in names)


def _read_names(parameter: str, text: str, complaints: list[str]) -> frozenset[str]:
    """Return the controls that a link names; add one complaint for all unknown names together."""
    names = [current_name(name) for part in text.split(",") if (name := part.strip())]
    if unknown := [name for name in names if name not in CONTROLS and name != ALL_CONTROLS]:
        options, unknowns = joined_values([*CONTROLS, ALL_CONTROLS]), quoted(joined_values(unknown))
        complaints.append(message("settings.lesson_unknown_names", parameter=parameter, known=options, names=unknowns))
    return frozenset(CONTROLS if ALL_CONTROLS in names else CONTROLS.keys() & set(names))
