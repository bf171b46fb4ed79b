"""Text that a person wrote into a link: what of it can be seen."""

from __future__ import annotations

import unicodedata

from ui.text.messages import message


def visible_line(text: str) -> str:
    """Return a text on one line, without invisible characters."""
    chars = (" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join("".join(chars).split())


def visible_lines(text: str) -> str:
    """Return a text without invisible characters, with its line breaks, but none at its ends and no two blank lines."""
    lines: list[str] = []
    for line in map(visible_line, text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()


def fit_text(part: str, text: str, most: int, complaints: list[str]) -> str:
    """Return a visible text of a link; cut it and complain if it has more characters than the page has room for.

    ``part`` names the text in the complaint: ``title``, ``question``, or ``notes``.
    """
    if len(text) <= most:
        return text
    complaints.append(message("settings.text_cut", part=part, count=len(text), most=most))
    return text[:most].rstrip()
