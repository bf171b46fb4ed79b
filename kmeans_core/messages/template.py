"""A message's text with its placeholders, parsed once and formatted with values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from numbers import Integral
from typing import Final, NoReturn

from kmeans_core.messages.numbers import FORMATS, whole

Values = Mapping[str, object]
_Part = Callable[[Values], str]

_WORD: Final = re.compile(r"=?\w+", re.ASCII)
_NO_WORD: Final = re.compile(r"\W", re.ASCII)
_LITERAL: Final = re.compile(r"[^{}'#]+")


class MessageError(ValueError):
    """A message that is unknown or malformed, or whose values do not match its placeholders."""


class Template:
    """A parsed text.

    Attributes
    ----------
    text : str
        As written in the catalog.
    names : frozenset of str
        Names of all placeholders.
    """

    __slots__ = ("_render", "names", "text")

    def __init__(self, text: str) -> None:
        parser = _Parser(text)
        self.text = text
        self._render = parser.message()
        self.names = frozenset(parser.names)

    def format(self, values: Values) -> str:
        """Return the text with its placeholders replaced.

        Raises
        ------
        MessageError
            If a value is missing, superfluous, or of the wrong type.
        """
        if values.keys() != self.names:
            missing, superfluous = sorted(self.names - values.keys()), sorted(values.keys() - self.names)
            raise MessageError(f"missing values {missing}, superfluous values {superfluous} for {self.text!r}")
        return self._render(values)


class _Parser:
    """Recursive-descent parser: each method reads one construct at ``at`` and returns the function that writes it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.names: set[str] = set()

    def message(self) -> _Part:
        part = self.parts(count=None)
        if self.at < len(self.text):
            self.fail("a brace that nothing opens")
        return part

    def fail(self, problem: str) -> NoReturn:
        raise MessageError(f"{problem} at character {self.at + 1} of {self.text!r}")

    def parts(self, count: str | None) -> _Part:
        """Read text and placeholders up to a closing brace or the end; ``#`` is the value called ``count``."""
        parts: list[_Part] = []
        while self.at < len(self.text) and self.text[self.at] != "}":
            char = self.text[self.at]
            if char == "{":
                parts.append(self.placeholder(count))
            elif char == "#" and count is not None:
                self.at += 1
                parts.append(lambda values: _whole(values, count))
            else:
                parts.append(_constant(self.literal(count)))
        if len(parts) == 1:
            return parts[0]
        return lambda values: "".join([part(values) for part in parts])

    def literal(self, count: str | None) -> str:
        """Read text without placeholders; an apostrophe quotes only where a character of the syntax follows."""
        if plain := _LITERAL.match(self.text, self.at):
            self.at = plain.end()
            return plain[0]
        self.at += 1
        if self.text[self.at - 1] == "#":
            return "#"
        if self.text.startswith("'", self.at):
            self.at += 1
            return "'"
        if not self.text.startswith(("{", "}") if count is None else ("{", "}", "#"), self.at):
            return "'"
        end = self.text.find("'", self.at)
        if end < 0:
            self.fail("a quote without an end")
        quoted = self.text[self.at : end]
        self.at = end + 1
        return quoted

    def placeholder(self, count: str | None) -> _Part:
        self.expect("{")
        name = self.word()
        self.names.add(name)
        if self.skip("}"):
            return lambda values: _as_is(values, name)
        self.expect(",")
        kind = self.word()
        if kind == "number":
            return self.number(name)
        self.expect(",")
        if kind == "plural":
            return self.plural(name)
        if kind != "select":
            self.fail(f"{kind} is not a kind of placeholder")
        return self.select(name, count)

    def number(self, name: str) -> _Part:
        self.expect(",")
        style = self.word()
        if style not in FORMATS:
            self.fail(f"{style} is not a number format")
        self.expect("}")
        write = FORMATS[style]
        return lambda values: write(_number(values, name))

    def plural(self, name: str) -> _Part:
        options = self.options(name)
        exact = {int(key[1:]): part for key, part in options.items() if key.startswith("=")}
        singular, other = options.get("one", options["other"]), options["other"]
        if set(options) - {f"={number}" for number in exact} - {"one", "other"}:
            self.fail("a plural that is neither =N, one, nor other")

        def write(values: Values) -> str:
            number = _integer(values, name)
            part = exact.get(number) or (singular if number == 1 else other)
            return part(values)

        return write

    def select(self, name: str, count: str | None) -> _Part:
        options = self.options(count)
        other = options["other"]
        return lambda values: options.get(_choice(values, name), other)(values)

    def options(self, count: str | None) -> dict[str, _Part]:
        """Read ``key {text} ...}`` including the brace that closes the placeholder."""
        options: dict[str, _Part] = {}
        while not self.skip("}"):
            key = self.word()
            self.expect("{")
            options[key] = self.parts(count)
            if not self.text.startswith("}", self.at):
                self.fail("an option without an end")
            self.at += 1
        if "other" not in options:
            self.fail("no option called other")
        return options

    def word(self) -> str:
        self.blank()
        match = _WORD.match(self.text, self.at)
        if not match:
            self.fail("a name is missing")
        self.at = match.end()
        return match[0]

    def blank(self) -> None:
        while self.text.startswith((" ", "\n"), self.at):
            self.at += 1

    def skip(self, char: str) -> bool:
        self.blank()
        is_next = self.text.startswith(char, self.at)
        self.at += is_next
        return is_next

    def expect(self, char: str) -> None:
        if not self.skip(char):
            self.fail(f"{char} is missing")


def _constant(text: str) -> _Part:
    return lambda values: text


def _as_is(values: Values, name: str) -> str:
    value = values[name]
    return value if isinstance(value, str) else _whole(values, name)


def _whole(values: Values, name: str) -> str:
    return whole(_integer(values, name))


def _integer(values: Values, name: str) -> int:
    value = values[name]
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise MessageError(f"{name} must be a whole number, got {value!r}")
    return int(value)


def _number(values: Values, name: str) -> float:
    value = values[name]
    if isinstance(value, (str, bool)) or not hasattr(value, "__float__"):
        raise MessageError(f"{name} must be a number, got {value!r}")
    return float(value)


def _choice(values: Values, name: str) -> str:
    value = values[name]
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise MessageError(f"{name} must be a string or a boolean, got {value!r}")
    return value if value.isidentifier() else _NO_WORD.sub("_", value)
