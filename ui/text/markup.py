"""Sentences as HTML or Markdown: what has to be escaped, and what no line may break."""

from __future__ import annotations

import re
from html import escape
from typing import Final

_TOGETHER: Final = re.compile(r"K = \d+|[Rr]uns? \d")


def html_of(sentence: str) -> str:
    """Return a sentence as HTML, in which no name of a method is broken at its hyphen."""
    names = re.sub(r"[Kk]-means(\+\+)?", r'<span class="unbroken">\g<0></span>', escape(sentence, quote=False))
    return kept_together(names)


def plain_markdown(text: str) -> str:
    """Return a person's text with nothing in it that Markdown takes for a link, a picture, or a formula."""
    return re.sub(r"([\\`*_\[\]<>$~])", r"\\\1", text)


def kept_together(sentence: str) -> str:
    """Return a sentence in which no line ends between a number and what it is of: ``K = 4``, ``run 2``."""
    return _TOGETHER.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), sentence)
