"""Cells as text, without any loss."""

from __future__ import annotations

from typing import Any


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
