"""What the player's dialog "Share" must know of the settings and of the lesson of a page's link."""

from __future__ import annotations

from ui.player.session_facts import LessonFacts, LinkCode, LinkFacts, PaperFile, PlayerSession
from ui.settings.definitions import CONTROLS
from ui.settings.lesson_link import ALL_CONTROLS, MAX_QUESTION, MAX_TITLE, Lesson
from ui.settings.links import VIEW_NAMES, encode
from ui.settings.presentation import MAX_MINUTES, MAX_NOTES
from ui.settings.record import OPENING, Settings


def link_facts(settings: Settings, lesson: Lesson, code: LinkCode | None, paper: PaperFile | None) -> LinkFacts:
    """Return the facts, with the QR code and the page to print that the dialog asked for last."""
    return LinkFacts(
        settings=encode(settings),
        opening=encode(OPENING),
        view=VIEW_NAMES,
        all_controls=ALL_CONTROLS,
        lesson=LessonFacts(
            title=lesson.title, question=lesson.question, locked=sorted(lesson.locked), hidden=sorted(lesson.hidden)
        ),
        controls=CONTROLS,
        max_lengths={"title": MAX_TITLE, "question": MAX_QUESTION, "notes": MAX_NOTES, "minutes": MAX_MINUTES},
        idle=PlayerSession(),
        code=code,
        paper=paper,
    )
