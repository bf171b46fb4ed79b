"""Patterns of numbers, missing values, and units, valid in RE2 (PyArrow) and in ``re``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_EXPONENT: Final = r"(?:[eE][+-]?[0-9]+)?"
_POINTS: Final = rf"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+){_EXPONENT}"
COMMAS: Final = rf"[+-]?(?:[0-9]+,?[0-9]*|,[0-9]+){_EXPONENT}"
_GROUPS: Final = r"[+-]?(?:[1-9][0-9]{{0,2}}(?:{0}[0-9]{{3}})+|[0-9]{{1,3}})(?:{1}[0-9]+)?"
_COMMA_GROUPS: Final = _GROUPS.format(",", r"\.")
_POINT_GROUPS: Final = _GROUPS.format(r"\.", ",")
_SPACES: Final = "[ \u00a0\u2009\u202f'’]"
_SPACE_GROUPS_POINT: Final = _GROUPS.format(_SPACES, r"\.")
_SPACE_GROUPS_COMMA: Final = _GROUPS.format(_SPACES, ",")
INFINITE: Final = r"[+-]?(?:[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|∞)"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format of numbers: the pattern of its cells, the thousands separator, and the decimal sign."""

    pattern: str
    thousands: str
    decimal: str


FORMATS: Final = {
    "point": NumberFormat(_POINTS, "", "."),
    "comma": NumberFormat(COMMAS, "", ","),
    "comma groups": NumberFormat(_COMMA_GROUPS, ",", "."),
    "point groups": NumberFormat(_POINT_GROUPS, r"\.", ","),
    "space groups": NumberFormat(_SPACE_GROUPS_POINT, _SPACES, "."),
    "space groups, comma": NumberFormat(_SPACE_GROUPS_COMMA, _SPACES, ","),
}
"""The number formats by name. Only ASCII digits count, and no underscores: Python's ``float`` takes both."""

ANY_NUMBER: Final = "|".join(number_format.pattern for number_format in FORMATS.values())
_ANY_NUMBER: Final = re.compile(ANY_NUMBER)

MISSING: Final = (
    *("-", "--", "---", "–", "—", "?", ".", "..", "...", "…"),
    *("na", "<na>", "n/a", "n.a.", "n. a.", "n.a", "nan", "null", "none"),
    *("k.a.", "k. a.", "k.a", "k. a", "k/a", "n.v.", "n. v."),
)
"""Markers of missing values in a column of numbers, in lower case; in a column of text they are text."""

ERRORS: Final = ("#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!")
"""Error values of spreadsheets, in lower case."""

IP_ADDRESS: Final = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
"""Fits ``1.234.567.890``, too; a column in which every number has exactly three points holds addresses."""

DAY_AND_MONTH: Final = r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0[1-9]|1[0-2])\.?"

_CODES: Final = (
    "USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AUD|CAD|NZD|SEK|NOK|DKK|US\\$|R\\$|A\\$|C\\$|HK\\$|[Kk]r\\.?|Rs\\.?|Fr\\.?"
)
_CURRENCY: Final = rf"(?:[$€£¥₹₽₩₺฿₫₪₴]|{_CODES})"
_WORD: Final = r"[\pL%‰°µΩ²³$€£¥₹₽₩₺฿₫₪₴]+\.?"
_BLANKS: Final = "[\\s\u00a0\u2009\u202f]*"
"""White space, and the spaces that do not break, which RE2's own class leaves out."""

WITH_UNIT: Final = (
    rf"^(?P<sign>[+-]?)(?P<before>{_CURRENCY}?){_BLANKS}(?P<number>[+-]?[0-9.,](?:[0-9.,{_SPACES[1:]}*[0-9.,])?"
    rf"(?:[eE][+-]?[0-9]+)?){_BLANKS}(?P<after>(?:{_WORD}(?:[ /·*^]{_WORD})*(?:\^?[23])?)?)$"
)
"""A number between a currency and a unit, RE2 only: a prefix of letters (``A1``) makes an identifier of it."""

IN_PARENTHESES: Final = (
    rf"^(?P<before>{_CURRENCY}?){_BLANKS}\({_BLANKS}(?P<number>{_CURRENCY}?{_BLANKS}[0-9.,](?:[0-9.,{_SPACES[1:]}*[0-9.,])?"
    rf"{_BLANKS}(?:{_CURRENCY}|%)?){_BLANKS}\){_BLANKS}(?P<after>(?:{_CURRENCY}|%)?)$"
)
"""A number in parentheses, which is how accountants write a negative one; RE2 only."""


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number in any of the known formats."""
    return _ANY_NUMBER.fullmatch(cell.replace("−", "-")) is not None


def is_missing(cell: str) -> bool:
    """Tell whether a cell is empty or stands for a missing value."""
    return not cell or cell.lower() in MISSING or cell.lower() in ERRORS
