"""Names and counts in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def one_line(text: str) -> str:
    """Return a text on one line, without invisible characters."""
    seen = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(seen).split())


def in_quotes(text: str) -> str:
    """Return a name or a cell in quotation marks, short enough for a sentence."""
    line = one_line(text[:1000])
    return f"“{line if len(line) <= 60 else line[:60] + '…'}”"


def listed(texts: Sequence[str], most: int = 8) -> str:
    """Return names for a sentence: all of a few, the first of many."""
    quoted = [in_quotes(text) for text in texts[:most]]
    if len(texts) > most:
        quoted.append(f"{len(texts) - most} more")
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def counted(count: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun, like ``1 row`` and ``2,000 rows``."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"
