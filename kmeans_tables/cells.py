"""Cells as text, without any loss."""

from __future__ import annotations

from typing import Any, Final


def text_of(cells: Any) -> Any:
    """Return cells of any type as ``string``: numbers with all their digits, dates like 2024-12-31, null as null."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    kind = cells.type
    if pa.types.is_dictionary(kind):
        return text_of(cells.cast(kind.value_type))
    if pa.types.is_timestamp(kind) and kind.tz:
        # The zone may be unknown on this machine, and UTC never is.
        return pc.binary_join_element_wise(text_of(pc.cast(cells, pa.timestamp(kind.unit))), "Z", "")
    if pa.types.is_timestamp(kind):
        return pc.replace_substring_regex(cells.cast(pa.string()), r"\.0+$", "")
    if pa.types.is_floating(kind):
        return pc.replace_substring_regex(cells.cast(pa.string()), r"^(-?[0-9]+)$", r"\1.0")
    return cells.cast(pa.string())


_MOST_EXACT: Final = 2**53
"""From 0 to this, ``float64`` holds every whole number."""


def exceeds_float64(cells: Any) -> bool:
    """Tell whether ``float64`` rounds a whole number among these cells, such as a long identifier."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if pa.types.is_integer(cells.type):
        bounds = pc.min_max(cells).as_py()
        if max(-(bounds["min"] or 0), bounds["max"] or 0) <= _MOST_EXACT:
            return False
    elif str(cells.type) != "string" or (pc.max(pc.binary_length(cells)).as_py() or 0) < len(str(_MOST_EXACT)):
        return False
    texts = pc.utf8_trim_whitespace(text_of(cells))
    long = texts.filter(pc.match_substring_regex(texts, r"^[+-]?[0-9]{16,}$"))
    return any(int(text) != int(float(text)) for text in pc.unique(long).to_pylist() if len(text) < 100)
