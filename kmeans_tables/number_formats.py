"""Ways to write numbers, and which of them fits a column of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

_EXPONENT: Final = r"(?:[eE][+-]?[0-9]+)?"
_POINTS: Final = rf"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+){_EXPONENT}"
COMMAS: Final = rf"[+-]?(?:[0-9]+,?[0-9]*|,[0-9]+){_EXPONENT}"
_GROUPS: Final = r"[+-]?(?:[1-9][0-9]{{0,2}}(?:{0}[0-9]{{3}})+|[0-9]{{1,3}})(?:{1}[0-9]+)?"
_COMMA_GROUPS: Final = _GROUPS.format(",", r"\.")
_POINT_GROUPS: Final = _GROUPS.format(r"\.", ",")
_SPACES: Final = "[ \u00a0\u2009\u202f'’]"
_SPACE_GROUPS_POINT: Final = _GROUPS.format(_SPACES, r"\.")
_SPACE_GROUPS_COMMA: Final = _GROUPS.format(_SPACES, ",")
_ANY_NUMBER: Final = re.compile(
    "|".join((_POINTS, COMMAS, _COMMA_GROUPS, _POINT_GROUPS, _SPACE_GROUPS_POINT, _SPACE_GROUPS_COMMA))
)
_INFINITE: Final = r"[+-]?(?:[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|∞)"

_MISSING: Final = ("", "-", "?", "na", "n/a", "nan", "null", "none", "k.a.", "k. a.")
_ERRORS: Final = ("#n/a", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!")
"""What a spreadsheet shows where there is no value."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to write numbers: the cells that fit, the separator of thousands, and the decimal sign."""

    pattern: str
    thousands: str
    decimal: str


READINGS: Final = {
    "point": Reading(_POINTS, "", "."),
    "comma": Reading(COMMAS, "", ","),
    "comma groups": Reading(_COMMA_GROUPS, ",", "."),
    "point groups": Reading(_POINT_GROUPS, r"\.", ","),
    "space groups": Reading(_SPACE_GROUPS_POINT, _SPACES, "."),
    "space groups, comma": Reading(_SPACE_GROUPS_COMMA, _SPACES, ","),
}


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number in any of the known formats."""
    return _ANY_NUMBER.fullmatch(cell.replace("−", "-")) is not None


def is_missing(cell: str) -> bool:
    """Tell whether a cell says that its value is missing."""
    return cell.lower() in _MISSING or cell.lower() in _ERRORS


class TextColumn:
    """A column of text, and which ways to write numbers fit all of its cells."""

    def __init__(self, cells: Any) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        trimmed = pc.utf8_trim_whitespace(cells)
        absent = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array([*_MISSING, *_ERRORS]))
        self.text = pc.if_else(absent, None, trimmed) if pc.any(absent).as_py() else trimmed
        # Nothing is copied that need not be: twenty million cells are no small thing.
        minus = pc.any(pc.match_substring(self.text, "−")).as_py()
        self._signed = pc.replace_substring(self.text, "−", "-") if minus else self.text
        self._infinite = pc.match_substring_regex(self._signed, f"^(?:{_INFINITE})$")
        self._ends = bool(pc.any(self._infinite).as_py())
        values = self._signed.drop_null() if self._signed.null_count else self._signed
        self.values = values.filter(pc.invert(self._infinite.drop_null())) if self._ends else values
        self._fits: dict[str, bool] = {}

    def fits(self, name: str) -> bool:
        """Tell whether all values can be read this way."""
        import pyarrow.compute as pc  # noqa: PLC0415

        if name not in self._fits:
            matches = pc.match_substring_regex(self.values, f"^(?:{READINGS[name].pattern})$")
            self._fits[name] = bool(len(self.values)) and bool(pc.all(matches).as_py())
        return self._fits[name]

    def holds(self, sign: str) -> bool:
        """Tell whether any value has this character in it."""
        import pyarrow.compute as pc  # noqa: PLC0415

        return bool(pc.any(pc.match_substring(self.values, sign)).as_py())

    def shows_comma(self) -> bool:
        """Tell whether the column can only have been written with decimal commas."""
        if self.fits("point") or self.fits("comma groups"):
            return False
        return self.fits("comma") or self.fits("point groups")

    def shows_point(self) -> bool:
        """Tell whether the column can only have been written with decimal points."""
        if self.fits("point"):
            return self.holds(".") and not self.fits("point groups")
        return self.fits("comma groups") and not self.fits("comma")

    def numbers(self, name: str) -> Any:
        """Return the column as ``double``, null where a value is missing."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        reading = READINGS[name]
        cells = pc.if_else(self._infinite, "inf", self._signed) if self._ends else self._signed
        if reading.thousands:
            cells = pc.replace_substring_regex(cells, reading.thousands, "")
        if reading.decimal == ",":
            cells = pc.replace_substring(cells, ",", ".")
        return pc.cast(cells, pa.float64())

    def stranger(self) -> tuple[int, str] | None:
        """Return the row, from 1 on, and the text of the first value that is no number, if many look like one."""
        import pyarrow.compute as pc  # noqa: PLC0415

        alike = pc.sum(pc.match_substring_regex(self.values, r"^[^0-9A-Za-z]{0,3}[0-9]")).as_py() or 0
        if 2 * alike < len(self.values) or not alike:
            return None
        single = pc.match_substring_regex(self._signed, f"^(?:{_ANY_NUMBER.pattern}|{_INFINITE})$")
        at = pc.index(single, value=False).as_py()
        return None if at < 0 else (at + 1, self.text[at].as_py())


def reading_of(column: TextColumn, columns: Sequence[TextColumn], *, exact: bool, separator: str) -> str:
    """Return how the column's numbers are written, or nothing if it is text.

    ``1,234`` and ``1.234`` alone could be either: what other columns show decides, and else the separator.
    """
    if column.fits("point"):
        doubtful = not exact and column.holds(".") and column.fits("point groups")
        return "point groups" if doubtful and _only_commas(columns) else "point"
    if column.fits("comma") and column.fits("comma groups"):
        by_points = any(other.shows_point() for other in columns)
        by_commas = any(other.shows_comma() for other in columns)
        grouped = by_points if by_points != by_commas else separator == ","
        return "comma groups" if grouped else "comma"
    return next((name for name in READINGS if column.fits(name)), "")


def _only_commas(columns: Sequence[TextColumn]) -> bool:
    return any(other.shows_comma() for other in columns) and not any(other.shows_point() for other in columns)
