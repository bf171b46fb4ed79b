"""Text in pictures of pixels: the font, the characters that it has, and lines that fit into their width."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PIL import ImageFont

_REPLACEMENTS: Final = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "×": "x", "²": "^2", "³": "^3", "≤": "<=", "≥": ">=",
    "→": "->", "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
}  # fmt: skip
"""What is drawn instead of characters that the font lacks."""


@lru_cache(maxsize=32)
def font_of(size: float) -> ImageFont.FreeTypeFont:
    """Return Pillow's own font, which every machine has."""
    font = ImageFont.load_default(size=round(size))
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow comes with FreeType"
    return font


@lru_cache(maxsize=4096)
def is_drawable(char: str) -> bool:
    """Tell whether the font has a character: it draws the same box for all that it lacks."""
    font = font_of(40)
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010ffff")) or char == " "


def drawable(text: str) -> str:
    """Return a text in characters that the font has; empty if nothing of it could be read."""
    visible = "".join(" " if char.isspace() else char for char in text)
    visible = "".join(char for char in visible if unicodedata.category(char)[0] != "C")
    result = "".join(char if is_drawable(char) else _replacement(char) for char in visible)
    has_words = any(char.isalnum() for char in visible)
    return result if any(char.isalnum() for char in result) or not has_words else ""


def _replacement(char: str) -> str:
    """Return a replacement for a character: a similar one, the letter without its accents, or a question mark."""
    if char in _REPLACEMENTS:
        return _REPLACEMENTS[char]
    base = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    if not base:
        return ""
    return "".join(base) if all(map(is_drawable, base)) else "?"


def truncate(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Return a text, cut off with an ellipsis if it is wider than ``width`` pixels."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float, *, max_lines: int) -> list[str]:
    """Return a text in lines of similar length, no wider than ``width`` pixels. Numbers are not broken."""
    words = [drawable(word) for word in text.split(" ")]
    lines = _fill_lines(words, font, width)
    if len(lines) > max_lines:
        lines[max_lines - 1 :] = [" ".join(lines[max_lines - 1 :])]
        return [truncate(line, font, width) for line in lines]
    for share in (0.9, 0.8, 0.7, 0.6):
        narrower = _fill_lines(words, font, width * share)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return [truncate(line, font, width) for line in lines]


def _fill_lines(words: Sequence[str], font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return lines with as many words each as fit into ``width`` pixels."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else ""
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
