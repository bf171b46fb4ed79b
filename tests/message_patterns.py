"""The parts of a message, and a pattern for one whose values a test does not know, such as seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ui.text.messages import CATALOG

_VALUE = re.compile(r"\{(\w+)(?:, number, \w+)?\}")
_CHOICE = re.compile(r"\{\w+, (?:plural|select),")
_OPTION = re.compile(r" ?=?\w+ \{")
_WORDS = re.compile(r"[^{}#]+|#")


@dataclass(frozen=True)
class Value:
    """A placeholder."""

    name: str


@dataclass(frozen=True)
class Choice:
    """A plural or a select."""

    options: tuple[Parts, ...]


Parts = tuple["str | Value | Choice", ...]


def message_pattern(key: str, **values: str) -> re.Pattern[str]:
    """Return a pattern that finds a message with these values, and with any others for the rest of its placeholders.

    Every space matches any white space, as in ``expect(...)``.
    """
    return re.compile(_pattern(message_parts(CATALOG.texts[key]), values))


def message_parts(text: str) -> Parts:
    """Return the words, placeholders, and choices of a message."""
    parts, end = _read(text, 0, is_option=False)
    assert end == len(text), text
    return parts


def pieces(parts: Parts) -> Iterator[str]:
    """Yield the words of a message between its placeholders, and those of each option."""
    for part in parts:
        if isinstance(part, Choice):
            for option in part.options:
                yield from pieces(option)
        elif isinstance(part, str):
            yield part


def _read(text: str, at: int, *, is_option: bool) -> tuple[Parts, int]:
    """Return the parts up to a closing brace or the end, and where that is."""
    parts: list[str | Value | Choice] = []
    while at < len(text) and text[at] != "}":
        if value := _VALUE.match(text, at):
            parts.append(Value(value[1]))
            at = value.end()
        elif choice := _CHOICE.match(text, at):
            options: list[Parts] = []
            at = choice.end()
            while option := _OPTION.match(text, at):
                option_parts, end = _read(text, option.end(), is_option=True)
                options.append(option_parts)
                at = end + 1
            parts.append(Choice(tuple(options)))
            at += 1
        else:
            words = _WORDS.match(text, at)
            assert words, text
            parts.append(Value("#") if is_option and words[0] == "#" else words[0])
            at = words.end()
    return tuple(parts), at


def _pattern(parts: Parts, values: Mapping[str, str]) -> str:
    """Return the source of a pattern."""
    sources = []
    for part in parts:
        if isinstance(part, Choice):
            sources.append(f"(?:{'|'.join(_pattern(option, values) for option in part.options)})")
        elif isinstance(part, Value):
            sources.append(_escape(values[part.name]) if part.name in values else ".+?")
        else:
            sources.append(_escape(part))
    return "".join(sources)


def _escape(words: str) -> str:
    return r"\s+".join(map(re.escape, re.split(r"\s+", words)))
