"""Answers to the tutorial's questions, and how a link carries them: a digit for each screen.

The digit is the number of the choice, or 0 where there is no answer yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from ui.analyses.tutorial.screens import QUESTIONS, Screen
from ui.settings.parsers import quoted
from ui.text.messages import message


def answer_to(answers: str, number: int) -> int | None:
    """Return the index of the choice on a screen; None if there is no answer."""
    digit = answers[number - 1 : number] or "0"
    return int(digit) - 1 if digit != "0" else None


def with_answer(answers: str, number: int, choice: int | None) -> str:
    """Return the answers with another one to a screen, or with none."""
    digits = list(answers.ljust(QUESTIONS, "0"))
    digits[number - 1] = "0" if choice is None else str(choice + 1)
    return "".join(digits).rstrip("0")


def tidy_answers(text: str) -> str:
    """Return the answers of a link as this app writes them, or raise a ``ValueError`` with the sentence to show."""
    if not re.fullmatch(f"[0-3]{{0,{QUESTIONS}}}", text, re.ASCII):
        raise ValueError(message("tutorial.bad_answers", max=QUESTIONS, text=quoted(text)))
    return text.rstrip("0")


def letter(choice: int) -> str:
    """Return the letter of a choice, so that a class can vote."""
    return ascii_uppercase[choice]


@dataclass(frozen=True, slots=True)
class Mark:
    """A screen with the choice that was made on it, if there is one."""

    screen: Screen
    number: int
    choice: int | None

    @property
    def is_right(self) -> bool:
        """Whether the choice was right."""
        return self.choice == self.screen.right

    @property
    def kind(self) -> str:
        """``"open"``, ``"right"``, or ``"wrong"``."""
        return "open" if self.choice is None else "right" if self.is_right else "wrong"

    @property
    def sentence(self) -> str:
        """What was answered, and what the right answer is."""
        right = self.screen.choices[self.screen.right].text
        choice = "" if self.choice is None else self.screen.choices[self.choice].text
        return message("tutorial.mark", kind=self.kind, choice=choice, right=right)


def marks(screens: Sequence[Screen], answers: str) -> list[Mark]:
    """Return how every screen was answered."""
    return [Mark(screen, number, answer_to(answers, number)) for number, screen in enumerate(screens, start=1)]


def summary(marked: Sequence[Mark]) -> str:
    """Say how many questions were answered, and how many of the answers were right."""
    answered = sum(mark.choice is not None for mark in marked)
    right = sum(mark.is_right for mark in marked)
    if answered < len(marked):
        return message("tutorial.progress_summary", answered=answered, questions=len(marked), right=right)
    if right == answered:
        return message("tutorial.all_right", questions=answered)
    return message("tutorial.some_right", questions=answered, right=right)
