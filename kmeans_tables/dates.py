"""Dates as numbers: days since 1970-01-01, with the time of day as a fraction."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_TIME: Final = (
    r"(?:[ T](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST: Final = rf"^(?P<year>[0-9]{{4}})[-/.](?P<month>[0-9]{{1,2}})[-/.](?P<day>[0-9]{{1,2}}){_TIME}$"
_DAY_FIRST: Final = rf"^(?P<day>[0-9]{{1,2}})[-/.](?P<month>[0-9]{{1,2}})[-/.](?P<year>[0-9]{{4}}){_TIME}$"
_MONTH_FIRST: Final = rf"^(?P<month>[0-9]{{1,2}})[-/](?P<day>[0-9]{{1,2}})[-/](?P<year>[0-9]{{4}}){_TIME}$"

ORDERS: Final = {"year first": _YEAR_FIRST, "day first": _DAY_FIRST, "month first": _MONTH_FIRST}
"""Patterns of dates, by the order of day, month, and year."""

SECONDS_PER_DAY: Final = 86_400.0


class AmbiguousDates(Exception):  # noqa: N818 - it says what the user can fix
    """All cells are dates, but the order of day and month is ambiguous."""


def days_of(cells: Any) -> tuple[NDArray[np.float64], str] | None:
    """Return the days since 1970-01-01 of a column of text, ``(n,) float64``, and the order of day, month, and year.

    NaN where a cell is null. None if any cell is not a real date. Offsets from UTC count if all cells have one.

    Raises
    ------
    AmbiguousDates
        If each of them could begin with the day or with the month, and it matters.
    """
    readings = {order: days for order, pattern in ORDERS.items() if (days := _read(cells, pattern)) is not None}
    by_day, by_month = (readings.get(order) for order in ("day first", "month first"))
    # With points the day comes first, as nobody writes the month so: only its pattern has points.
    if by_day is not None and by_month is not None and not np.array_equal(by_day, by_month, equal_nan=True):
        raise AmbiguousDates
    return next(((days, order) for order, days in readings.items()), None)


def _read(cells: Any, pattern: str) -> NDArray[np.float64] | None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    first = cells.slice(0, 200)
    if pc.extract_regex(first, pattern).null_count > first.null_count:
        return None
    parts = pc.extract_regex(cells, pattern)
    if parts.null_count > cells.null_count or parts.null_count == len(cells):
        return None

    def part(name: str) -> NDArray[np.float64]:
        text = pc.struct_field(parts, [name])
        text = pc.if_else(pc.equal(pc.binary_length(text), 0), "0", text)
        return np.asarray(pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)

    zone = pc.struct_field(parts, ["zone"])
    has_zone = pc.greater(pc.binary_length(zone), 0)
    if pc.any(has_zone).as_py() and not pc.all(has_zone).as_py():
        return None
    days = _days(part("year"), part("month"), part("day"))
    hour, minute, second = part("hour"), part("minute"), part("second")
    if days is None or not _all_within(hour, 0, 23) or not _all_within(minute, 0, 59) or not _all_within(second, 0, 60):
        return None
    seconds = hour * 3600 + minute * 60 + second
    if pc.any(has_zone).as_py():
        seconds -= _offsets(zone)
    return days + seconds / SECONDS_PER_DAY


def _days(
    year: NDArray[np.float64], month: NDArray[np.float64], day: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the days of a calendar's dates, NaN where one is missing; None if one does not exist."""
    has_year = ~np.isnan(year)
    if not _all_within(month, 1, 12):
        return None
    months = ((year[has_year] - 1970) * 12 + month[has_year] - 1).astype(np.int64)
    starts, ends = (at.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for at in (months, months + 1))
    if np.any(day[has_year] < 1) or np.any(day[has_year] > ends - starts):
        return None
    days = np.full(len(year), np.nan)
    days[has_year] = starts + day[has_year] - 1
    return days


def _all_within(values: NDArray[np.float64], low: float, high: float) -> bool:
    present = values[~np.isnan(values)]
    return bool(np.all((present >= low) & (present <= high)))


def _offsets(zones: Any) -> NDArray[np.float64]:
    """Return the seconds that zones such as ``+02:00`` are ahead of UTC, NaN where there is none."""
    offsets = {
        zone: 0.0 if zone == "Z" else float(f"{zone[0]}1") * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)
        for zone in zones.unique().to_pylist()
        if zone is not None
    }
    return np.array([offsets.get(zone, np.nan) for zone in zones.to_pylist()])
