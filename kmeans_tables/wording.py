"""Names and notes in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from kmeans_core.messages.lists import joined
from kmeans_tables.messages import message


def one_line(text: str) -> str:
    """Return a text on one line, without invisible characters."""
    visible = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(visible).split())


def in_quotes(text: str) -> str:
    """Return a name or a cell in quotation marks, short enough for a sentence."""
    line = one_line(text[:1000])
    return message("columns.quoted", text=line if len(line) <= 60 else line[:60] + "…")


def listed(texts: Sequence[str], most: int = 8) -> str:
    """Return names for a sentence: all of a few, the first of many."""
    quoted = [in_quotes(text) for text in texts[:most]]
    if len(texts) > most:
        quoted.append(message("columns.more", count=len(texts) - most))
    return joined(quoted)


def as_sentence(note: str) -> str:
    """Return a note with its full stop."""
    return message("reading.sentence", note=note)
