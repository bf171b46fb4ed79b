"""How numbers are written on the screen. ``ui/player/web/numbers.js`` is the same for the browser.

Both sides pass ``tests/vectors/numbers.json``. They round half away from zero, as ``toFixed`` does; Python's own
formats round half to even. Exact values belong in tables and files, which do not use this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from itertools import pairwise
from typing import Final

THIN_SPACE: Final = "\u202f"
MINUS: Final = "\u2212"

_DIGITS: Final = 4
"""Significant digits that ``amount`` writes."""


def whole(number: float) -> str:
    """Write a whole number with a comma between thousands: ``22,842``."""
    return _fix_decimals(number, 0)


def amount(number: float) -> str:
    """Write a measured number with the digits that matter: four of them, more for large whole parts."""
    return _with_digits(number, _DIGITS)


def short(number: float) -> str:
    """Write a measured number with three digits, more for large whole parts."""
    return _with_digits(number, 3)


def rounded(number: float) -> str:
    """Write a measured number for a sentence, with three digits at most: ``22,800``, ``6.99``."""
    return short(float(_significant(float(number), 3)))


def rough(number: float) -> str:
    """Write a measured number with two digits, more for large whole parts."""
    return _with_digits(number, 2)


def amounts(numbers: Sequence[float]) -> list[str]:
    """Write measured numbers so that those that differ read differently, with as few digits as that takes.

    Numbers that differ by rounding alone are equal. All have the same number of significant digits, at least those of
    ``amount``, so that none looks more exact.
    """
    in_order = sorted(numbers)
    distinct = bool(in_order) + sum(not nearly_equal(number, other) for number, other in pairwise(in_order))
    texts: list[str] = []
    for digits in range(_DIGITS, 18):
        texts = [_with_digits(number, digits) for number in numbers]
        if len({float(text.replace(",", "").replace(MINUS, "-")) for text in texts}) >= distinct:
            break
    return texts


def _with_digits(number: float, digits: int) -> str:
    """Write a number with at least ``digits`` significant digits."""
    if number == 0:
        return "0"
    if abs(number) >= 1000 and abs(number) < 1e12:
        return _fix_decimals(number, max(0, digits - len(str(int(abs(number))))))
    exact = _significant(float(number), digits)
    if not 1e-4 <= abs(number) < 1e12:
        return _with_minus(f"{exact:.{digits - 1}e}")
    return _with_minus(f"{exact.normalize():,f}")


def _significant(number: float, digits: int) -> Decimal:
    """Round to significant digits."""
    return _context(digits).create_decimal_from_float(number)


@cache
def _context(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_UP)


def _fix_decimals(number: float, decimals: int) -> str:
    """Write a number with this many decimals, and no sign where that leaves zero."""
    exact = _EXACT.quantize(Decimal(number), Decimal(1).scaleb(-decimals))
    return _with_minus(f"{exact + 0:,f}")


_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


def _with_minus(text: str) -> str:
    """Write the sign of a negative number as a minus; that of an exponent stays a hyphen, as computers write it."""
    return MINUS + text[1:] if text.startswith("-") else text


def nearly_equal(number: float, other: float) -> bool:
    """Return whether two costs differ by no more than rounding: sums of the same terms in another order."""
    return abs(number - other) <= 1e-9 * max(abs(number), abs(other))


def signed(number: float) -> str:
    """Write a whole change with its sign: ``+12``, ``−3``, ``0``."""
    return _with_sign(number, whole)


def signed_amount(number: float) -> str:
    """Write a measured change with its sign."""
    return _with_sign(number, amount)


def _with_sign(number: float, write: Callable[[float], str]) -> str:
    text = write(abs(number))
    return text if text == "0" else ("+" if number > 0 else MINUS) + text


def percent(fraction: float) -> str:
    """Write a fraction as a percentage with at most one decimal, two below 0.1%: ``12.3%``, ``10%``, ``0.05%``."""
    decimals = 1 if abs(100 * fraction) >= 0.1 else 2
    digits = _EXACT.quantize(Decimal(100 * fraction), Decimal(1).scaleb(-decimals)).normalize()
    return _with_minus(f"{digits + 0:,f}%")


def signed_percent(fraction: float) -> str:
    """Write a change as a percentage with its sign: ``−12.3%``."""
    text = percent(fraction)
    return f"+{text}" if fraction > 0 and text != "0%" else text


def whole_percent(fraction: float) -> str:
    """Write a fraction as a rounded percentage: ``12%``."""
    return f"{whole(100 * fraction)}%"


def rounded_percent(fraction: float) -> str:
    """Write a fraction as a percentage for a sentence, with two digits at most: ``31%``, ``0.52%``."""
    return _with_minus(f"{_significant(100 * float(fraction), 2).normalize() + 0:,f}%")


def share(number: float) -> str:
    """Write a number between -1 and 1 with two decimals."""
    return _fix_decimals(number, 2)


def shares(numbers: Sequence[float]) -> list[str]:
    """Write numbers between -1 and 1 so that those that differ, from each other and from 1, read differently."""
    texts: list[str] = []
    for decimals in range(2, 16):
        texts = [_fix_decimals(number, decimals) for number in (*numbers, 1.0)]
        if len(set(texts)) == len({*numbers, 1.0}):
            break
    return texts[:-1]


def duration(seconds: float) -> str:
    """Write a time with two significant digits and its unit: ``1.2 s``, ``35 ms``, ``4 µs``."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    return f"{_significant(seconds / size, 2).normalize():f}{THIN_SPACE}{unit}"


_UNITS: Final = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


FORMATS: Final[Mapping[str, Callable[[float], str]]] = {
    "whole": whole,
    "amount": amount,
    "short": short,
    "rounded": rounded,
    "rough": rough,
    "signed": signed,
    "signed_amount": signed_amount,
    "percent": percent,
    "signed_percent": signed_percent,
    "whole_percent": whole_percent,
    "rounded_percent": rounded_percent,
    "share": share,
    "duration": duration,
}
"""The formats that a message may name: ``{cost, number, amount}``."""
