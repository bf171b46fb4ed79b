"""Columns of text: whether all cells are numbers, and in which format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from kmeans_tables.number_formats import (
    ANY_NUMBER,
    DAY_AND_MONTH,
    ERRORS,
    FORMATS,
    IN_PARENTHESES,
    INFINITE,
    IP_ADDRESS,
    MISSING,
    WITH_UNIT,
)

_BOOLEANS: Final = (("true", "false"), ("yes", "no"))

_FIRST: Final = 200
"""The number of cells to try first, before the whole column."""


class TextColumn:
    """A column of text cells, and what they have in common.

    Attributes
    ----------
    text : (n,) string
        The cells without white space around them; null where one is empty.
    numerals : (n,) string
        What has to be a number: null also where a cell stands for a missing or an infinite value, or is ``typed``.
        A unit that all cells share is taken out.
    typed : (n,) bool or None
        Where the file itself says that the cell is a number, as workbooks do; ``text`` holds its ``repr``.
    is_marker, infinite : (n,) bool or None
        Where a cell stands for a missing value (``NA``), or for an infinite one. None where no cell does.
    unit : str
        What all cells share beside their number, such as ``kg`` or ``€``.
    units : list of str
        The units, if there are several.
    in_parentheses : bool
        Whether negative numbers are written like ``(5)``.
    """

    def __init__(self, cells: Any, typed: Any = None, *, markers: bool = True) -> None:
        import pyarrow.compute as pc  # noqa: PLC0415

        text = pc.utf8_trim_whitespace(cells)
        empty = pc.equal(pc.binary_length(text), 0)
        # Nothing is copied that need not be: ten million cells take hundreds of megabytes.
        self.text = pc.if_else(empty, None, text) if pc.any(empty).as_py() else text
        minus = pc.any(pc.match_substring(self.text, "−")).as_py()
        self._signed = pc.replace_substring(self.text, "−", "-") if minus else self.text
        self.typed = typed if typed is not None and pc.any(typed).as_py() else None
        self.numerals = self._signed if self.typed is None else pc.if_else(self.typed, None, self._signed)
        self.is_marker: Any = None
        self.infinite: Any = None
        self.unit = ""
        self.units: list[str] = []
        self.in_parentheses = False
        self._fits: dict[str, bool] = {}
        if self.has_numerals and not self.fits("point"):
            self._set_aside(markers)
            if not any(map(self.fits, FORMATS)):
                self._take_out_unit()
            if not any(map(self.fits, FORMATS)):
                self._take_out_parentheses()

    @property
    def has_numerals(self) -> bool:
        """Whether any cell is left that has to be a number."""
        return bool(self.numerals.null_count < len(self.numerals))

    def _set_aside(self, markers: bool) -> None:
        """Remove markers of missing and infinite values."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        marker_texts = pa.array([*MISSING, *ERRORS] if markers else [], pa.string())
        is_marker = pc.is_in(pc.utf8_lower(self.numerals), value_set=marker_texts)
        infinite = pc.fill_null(pc.match_substring_regex(self.numerals, f"^(?:{INFINITE})$"), False)
        aside = pc.or_(is_marker, infinite)
        if not pc.any(aside).as_py():
            return
        rest = pc.if_else(aside, None, self.numerals)
        self.is_marker = is_marker if pc.any(is_marker).as_py() else None
        self.infinite = infinite if pc.any(infinite).as_py() else None
        self.numerals, self._fits = rest, {}

    def _take_out_unit(self) -> None:
        import pyarrow.compute as pc  # noqa: PLC0415

        if self.typed is not None or not self.has_numerals:
            return
        first = self.numerals.slice(0, _FIRST)
        if pc.extract_regex(first, WITH_UNIT).null_count > first.null_count:
            return
        parts = pc.extract_regex(self.numerals, WITH_UNIT)
        if parts.null_count > self.numerals.null_count:
            return
        before, after = (pc.struct_field(parts, [name]) for name in ("before", "after"))
        units = [tuple(unit.split(_NO_UNIT)) for unit in pc.unique(_join(before, after, _NO_UNIT)).to_pylist() if unit]
        self.units = [before or after for before, after in units]
        # 5 € and €5 are in the same unit.
        if len(set(self.units)) == 1 and self.units[0] and all("" in unit for unit in units):
            self.unit = self.units[0]
            self.numerals = _join(pc.struct_field(parts, ["sign"]), pc.struct_field(parts, ["number"]), "")
            self._fits = {}

    def _take_out_parentheses(self) -> None:
        """Read ``(5)`` as -5 where all other cells are numbers, none of them with a minus sign."""
        import pyarrow.compute as pc  # noqa: PLC0415

        if self.typed is not None or not self.has_numerals or not self.holds("(") or self.holds("-"):
            return
        before = (self.numerals, self._fits, self.unit, self.units)
        self.numerals, self._fits = pc.replace_substring_regex(self.numerals, IN_PARENTHESES, r"-\1\2\3"), {}
        if not any(map(self.fits, FORMATS)):
            self._take_out_unit()
        self.in_parentheses = any(map(self.fits, FORMATS))
        if not self.in_parentheses:
            self.numerals, self._fits, self.unit, self.units = before

    def fits(self, name: str) -> bool:
        """Tell whether all values can be read in this number format."""
        if not self.has_numerals:
            return name == "point" and self.typed is not None
        if name not in self._fits:
            self._fits[name] = self._match_all(FORMATS[name].pattern) and not self._is_no_amount(name)
        return self._fits[name]

    def _is_no_amount(self, name: str) -> bool:
        """Tell whether apparent groups of thousands are addresses or phone numbers."""
        if name == "point groups":
            return self._match_all(IP_ADDRESS)
        return name.startswith("space groups") and self._match_all(r"\+.*")

    def _match_all(self, pattern: str) -> bool:
        import pyarrow.compute as pc  # noqa: PLC0415

        # The first cells of most texts already show that they are not numbers.
        return all(
            pc.all(pc.match_substring_regex(cells, f"^(?:{pattern})$"), min_count=0).as_py()
            for cells in (self.numerals.slice(0, _FIRST), self.numerals)
        )

    def _match_any(self, pattern: str) -> bool:
        import pyarrow.compute as pc  # noqa: PLC0415

        return bool(pc.any(pc.match_substring_regex(self.numerals, f"^(?:{pattern})$")).as_py())

    def holds(self, sign: str) -> bool:
        """Tell whether any value contains this character."""
        import pyarrow.compute as pc  # noqa: PLC0415

        return bool(pc.any(pc.match_substring(self.numerals, sign)).as_py())

    def shows_comma(self) -> bool:
        """Tell whether the column can only have been written with decimal commas."""
        if not self.has_numerals or self.fits("point") or self.fits("comma groups"):
            return False
        return self.fits("comma") or self.fits("point groups") or self.fits("space groups, comma")

    def shows_point(self) -> bool:
        """Tell whether the column can only have been written with decimal points."""
        if not self.has_numerals:
            return False
        if self.fits("point"):
            return self.holds(".") and not self.fits("point groups") and not self.fits_day_and_month()
        return self.fits("comma groups") and not self.fits("comma")

    def fits_day_and_month(self) -> bool:
        """Tell whether every value could be a day and a month, like ``24.12``."""
        return self.has_numerals and self._match_all(DAY_AND_MONTH)

    def shows_groups(self) -> bool | None:
        """Tell whether commas or points separate thousands, by the numbers without any; None if they do not show it.

        ``987`` beside ``1,234`` shows groups: with decimals it would be ``987,000``. ``1234`` shows none.
        """
        if self._match_any(r"[+-]?[0-9]{4,}"):
            return False
        return True if self._match_any(r"[+-]?[1-9][0-9]{2}") else None

    def has_points_everywhere(self) -> bool:
        """Tell whether every number has a point, like decimals with a fixed number of digits."""
        return self._match_all(r".*\..*")

    def numbers(self, name: str) -> Any:
        """Return the column as ``double``: null where a value is missing, infinite where it is infinite."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        form, cells = FORMATS[name], self.numerals
        if form.thousands:
            cells = pc.replace_substring_regex(cells, form.thousands, "")
        if form.decimal == ",":
            cells = pc.replace_substring(cells, ",", ".")
        values = pc.cast(cells, pa.float64())
        if self.infinite is not None:
            values = pc.if_else(self.infinite, float("inf"), values)
        if self.typed is not None:
            values = pc.if_else(self.typed, pc.cast(pc.if_else(self.typed, self._signed, None), pa.float64()), values)
        return values

    def booleans(self) -> tuple[Any, str] | None:
        """Return 1 for ``true`` and ``yes``, 0 for ``false`` and ``no``, and the word for 1; None for other words."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        if self.typed is not None or not self.has_numerals:
            return None
        lower = pc.utf8_lower(self.numerals)
        first = next(cell.as_py() for cell in lower if cell.is_valid)
        words = next((words for words in _BOOLEANS if first in words), None)
        if words is None or not pc.all(pc.is_in(lower.drop_null(), value_set=pa.array(words))).as_py():
            return None
        return pc.cast(pc.equal(lower, words[0]), pa.float64()), words[0]

    def first(self) -> tuple[int, str]:
        """Return the row, from 1 on, and the text of the first cell that is written."""
        import pyarrow.compute as pc  # noqa: PLC0415

        at = int(pc.index(pc.is_valid(self.numerals), True).as_py())
        return at + 1, str(self.text[at].as_py())

    def stranger(self) -> tuple[int, str] | None:
        """Return the row, from 1 on, and the text of the first value that is not a number, if many look like one."""
        import pyarrow.compute as pc  # noqa: PLC0415

        count = len(self.numerals) - self.numerals.null_count
        alike = pc.sum(pc.match_substring_regex(self.numerals, r"^[^0-9A-Za-z]{0,3}[0-9]")).as_py() or 0
        numbers = pc.sum(self.typed).as_py() if self.typed is not None else 0
        if 2 * (alike + numbers) < count + numbers or not alike + numbers:
            return None
        usual = _usual_unit(self.numerals.slice(0, _PART))
        for start in range(0, len(self.numerals), _PART):
            cells = self.numerals.slice(start, _PART)
            fits = pc.equal(_units(cells), usual)
            if usual == _NO_UNIT:
                # Numbers may be written in more ways without a unit, such as 1 234.
                fits = pc.or_kleene(fits, pc.match_substring_regex(cells, f"^(?:{ANY_NUMBER})$"))
            strange = pc.and_(pc.is_valid(cells), pc.invert(pc.fill_null(fits, False)))
            if (at := pc.index(strange, value=True).as_py()) >= 0:
                return start + at + 1, str(self.text[start + at].as_py())
        return None

    def infinite_count(self) -> int:
        """Return the number of infinite cells."""
        import pyarrow.compute as pc  # noqa: PLC0415

        return 0 if self.infinite is None else int(pc.sum(self.infinite).as_py() or 0)

    def markers(self) -> dict[str, int]:
        """Return the number of cells with each marker of missing values."""
        import pyarrow.compute as pc  # noqa: PLC0415

        if self.is_marker is None:
            return {}
        counts = pc.value_counts(self.text.filter(self.is_marker))
        return {str(entry["values"].as_py()): int(entry["counts"].as_py()) for entry in counts}


_PART: Final = 10_000
"""The number of cells that are searched at once for one that is not a number."""

_NO_UNIT: Final = "\0"


def _units(cells: Any) -> Any:
    """Return the text before and after the number in each cell, joined by ``_NO_UNIT``; null where there is none."""
    import pyarrow.compute as pc  # noqa: PLC0415

    parts = pc.extract_regex(cells, WITH_UNIT)
    sign, before, number, after = (pc.struct_field(parts, [name]) for name in ("sign", "before", "number", "after"))
    is_number = pc.match_substring_regex(_join(sign, number, ""), f"^(?:{ANY_NUMBER})$")
    return pc.if_else(pc.fill_null(is_number, False), _join(before, after, _NO_UNIT), None)


def _usual_unit(cells: Any) -> str:
    """Return the unit that most numbers have, as ``_units`` has it; none if as many have none."""
    import pyarrow.compute as pc  # noqa: PLC0415

    counts = {entry["values"]: entry["counts"] for entry in pc.value_counts(_units(cells).drop_null()).to_pylist()}
    return max(counts, key=lambda unit: (counts[unit], unit == _NO_UNIT), default=_NO_UNIT)


def _join(before: Any, after: Any, separator: str) -> Any:
    import pyarrow.compute as pc  # noqa: PLC0415

    return pc.binary_join_element_wise(before, after, separator)


Doubt = Literal["", "decimal_commas", "decimal_points", "thousands", "others_have_commas"]
"""What a comma or a point could be besides, or that other columns have decimal commas; "" if there is no doubt."""


def format_of(column: TextColumn, columns: Sequence[TextColumn], separator: str) -> tuple[str, Doubt]:
    """Return the name of the column's number format, or "" for text; and the reason if the format is doubtful.

    ``1,234`` and ``1.234`` alone could be either. Other columns decide, then the column's own numbers without a comma
    or a point, and in the end the separator: in a file that is separated by commas a decimal comma is unlikely.
    """
    by_points = any(other.shows_point() for other in columns)
    by_commas = any(other.shows_comma() for other in columns)
    if column.fits("point"):
        return _with_points(column, by_points, by_commas, separator)
    if column.fits("comma") and column.fits("comma groups"):
        if by_points != by_commas:
            return ("comma groups" if by_points else "comma"), ""
        groups = column.shows_groups()
        has_groups = separator == "," if groups is None else groups
        return ("comma groups", "decimal_commas") if has_groups else ("comma", "thousands")
    # Beside decimal points, 1.100.200 is a version or a place in a list.
    is_version = column.fits("point groups") and by_points and not column.holds(",")
    return "" if is_version else next((name for name in FORMATS if column.fits(name)), ""), ""


def _with_points(column: TextColumn, by_points: bool, by_commas: bool, separator: str) -> tuple[str, Doubt]:
    """Return the format of numbers that could have decimal points, and the reason if it is doubtful.

    In a file with decimal commas, 1.234 has a group of thousands, and 24.12 is a day and a month. Without such
    columns, 987 beside 1.234 shows groups, as decimals would be written 987.000, unless the file is separated by
    commas: then a point is more likely to be a decimal point.
    """
    if not column.has_numerals or not column.holds("."):
        return "point", ""
    only_commas = by_commas and not by_points
    if column.fits("point groups"):
        if only_commas:
            return "point groups", ""
        has_groups = bool(column.shows_groups())
        if has_groups and not by_points and separator != ",":
            return "point groups", "decimal_points"
        is_mixed = by_points == by_commas and (separator != "," or not column.has_points_everywhere())
        return "point", "thousands" if has_groups or is_mixed else ""
    if not only_commas:
        return "point", ""
    return ("", "") if column.fits_day_and_month() else ("point", "others_have_commas")
