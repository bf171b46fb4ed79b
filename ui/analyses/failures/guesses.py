"""Guesses: one character for each case, and how a link carries them."""

from __future__ import annotations

import re
from typing import Final

from ui.analyses.failures.cases import CASES
from ui.settings.parsers import quoted
from ui.text.messages import message

LETTERS: Final = "abc"
"""How a link writes the answers of a case."""

NOT_YET: Final = "-"

NO_GUESS: Final = "x"
"""In place of an answer: the visitor did not guess, but asked to see it."""


def decode_guesses(text: str) -> str:
    """Return the guesses of a link, one character for each case, or raise a ``ValueError`` with the sentence."""
    guesses = text.ljust(len(CASES), NOT_YET)
    allowed = f"[{LETTERS}{NO_GUESS}{NOT_YET}]"
    if not re.fullmatch(f"{allowed}{{{len(CASES)}}}", guesses):
        raise ValueError(message("failures.bad_guesses", max=len(CASES), text=quoted(text)))
    return guesses


def encode_guesses(guesses: str) -> str:
    """Return guesses for a link, as short as possible."""
    return guesses.rstrip(NOT_YET)


def tidy_guesses(text: str) -> str:
    """Return the guesses of a link as a link writes them, or raise a ``ValueError`` with the sentence."""
    return encode_guesses(decode_guesses(text))


def with_guess(guesses: str, case: int, letter: str) -> str:
    """Return the guesses with one more; the first guess counts."""
    return guesses if guesses[case] != NOT_YET else guesses[:case] + letter + guesses[case + 1 :]


def with_all_shown(guesses: str) -> str:
    """Return the guesses with all other answers shown."""
    return guesses.replace(NOT_YET, NO_GUESS)


def is_answered(guess: str) -> bool:
    """Tell whether a case's answer is shown."""
    return guess != NOT_YET


def progress(guesses: str) -> tuple[int, int]:
    """Return how many answers are shown, and how many questions are left."""
    left = guesses.count(NOT_YET)
    return len(guesses) - left, left


def score(guesses: str) -> str:
    """Say how many guesses were right, and how many are left."""
    guessed_cases = [(case, guess) for case, guess in zip(CASES, guesses, strict=True) if guess in LETTERS]
    right = sum(LETTERS.index(guess) == case.right for case, guess in guessed_cases)
    _, left = progress(guesses)
    return message("failures.score", made=len(guessed_cases), right=right, left=left)
