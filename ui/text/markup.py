"""Text as HTML or Markdown: escapes, and spaces that do not break. Style sheets as HTML."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

_TOGETHER: Final = re.compile(r"K = \d+|[Rr]uns? \d")


def html_of(sentence: str) -> str:
    """Return a sentence as HTML in which no line breaks within ``K-means``, ``K = 4``, or ``run 2``."""
    names = re.sub(r"[Kk]-means(\+\+)?", r'<span class="unbroken">\g<0></span>', escape(sentence, quote=False))
    return insert_no_break_spaces(names)


def plain_markdown(text: str) -> str:
    """Return a person's text escaped, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>$~])", r"\\\1", text)


def insert_no_break_spaces(sentence: str) -> str:
    """Return a sentence with no-break spaces in ``K = 4`` and ``run 2``."""
    return _TOGETHER.sub(lambda match: match[0].replace(" ", "\N{NO-BREAK SPACE}"), sentence)


@cache
def style_element(module: str, name: str) -> str:
    """Return a style sheet as an HTML element.

    Parameters
    ----------
    module : str
        ``__file__`` of the module beside the style sheet.
    name : str
        Its file's name without ``.css``.
    """
    css = Path(module).with_name(f"{name}.css").read_text(encoding="utf-8")
    return f"<style>\n{css}</style>"
