"""Cells as text, so that nothing of them is lost."""

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
        plain = pc.cast(pc.cast(cells, pa.timestamp(kind.unit)), pa.string())
        return pc.binary_join_element_wise(plain, "Z", "")
    return cells.cast(pa.string())
