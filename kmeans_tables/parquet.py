"""From Parquet files to raw tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from kmeans_tables.header import unique_names
from kmeans_tables.limits import (
    MAX_CELL,
    UnusableTable,
    cell_too_long,
    check_cells,
    check_rows,
    check_text,
    check_unpacked,
    check_width,
    unpacks_too_far,
)
from kmeans_tables.messages import message
from kmeans_tables.raw_table import RawColumn, RawTable
from kmeans_tables.table import Kind
from kmeans_tables.wording import in_quotes, listed

if TYPE_CHECKING:
    import pyarrow as pa


def parquet_table(content: bytes) -> RawTable:
    """Return the table of a Parquet file, after checking its metadata against the limits."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        _check_metadata(file.metadata)
        kinds = {field.name: field.type for field in file.schema_arrow}
        if len(kinds) < len(file.schema_arrow):
            raise UnusableTable("files.same_names")
        texts = [name for name, kind in kinds.items() if _is_text(kind)]
        file = parquet.ParquetFile(pa.BufferReader(content), metadata=file.metadata, read_dictionary=texts)
        return _parquet_columns(file, kinds)
    except UnusableTable:
        raise
    except Exception as error:
        raise UnusableTable("files.damaged_parquet") from error


def _check_metadata(metadata: Any) -> None:
    check_rows(metadata.num_rows)
    check_width(metadata.num_columns)
    check_cells(metadata.num_rows, metadata.num_columns)
    # Do not read the metadata of columns: where it is damaged, PyArrow 26 ends the process.
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    check_rows(sum(group.num_rows for group in groups))
    sizes = [group.total_byte_size for group in groups]
    if min(sizes, default=0) < 0:
        raise unpacks_too_far()
    check_unpacked(sum(sizes))


def _parquet_columns(file: Any, kinds: Mapping[str, pa.DataType]) -> RawTable:
    """Return the columns of a Parquet file, batch by batch, so that a text in every row is noticed in time.

    Columns of other types are not read at all, since their size can't be checked in the same way.
    """
    import pyarrow as pa  # noqa: PLC0415

    readable = {name: kind for name, kind in kinds.items() if _is_cell(kind)}
    chunks: dict[str, list[tuple[Any, Any]]] = {name: [] for name in readable}
    rows = length = 0
    for batch in file.iter_batches(batch_size=50_000, columns=list(readable), use_threads=False):
        rows += len(batch)
        check_rows(rows)
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            column.validate(full=True)
            length += _text_length(name, column)
            check_text(length)
            plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            # Text is read as a dictionary even where the file has none, so that its length is known before its cells.
            cells = column if pa.types.is_dictionary(readable[name]) else plain
            chunks[name].append((cells, _values(plain)))
    columns = [
        RawColumn(name, title, *_whole(chunks[title], readable[title]), _kind(readable[title]))
        for name, title in zip(unique_names(list(readable)), readable, strict=True)
    ]
    unsupported = [name for name in kinds if name not in readable]
    count = len(unsupported)
    notes = [message("reading.other_types", columns=listed(unsupported), count=count)] if unsupported else []
    return RawTable(columns, notes, markers=False)


def _whole(chunks: list[tuple[Any, Any]], kind: pa.DataType) -> tuple[Any, Any]:
    """Return a column's cells and values, each in one piece."""
    import pyarrow as pa  # noqa: PLC0415

    if not chunks:
        return pa.chunked_array([pa.array([], kind)]), pa.chunked_array([pa.array([], pa.string())])
    cells, values = (pa.chunked_array(list(parts)) for parts in zip(*chunks, strict=True))
    return cells, values


def _text_length(name: str, column: Any) -> int:
    """Return the number of bytes of a column's text, once every row holds its own copy."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    is_dictionary = pa.types.is_dictionary(column.type)
    if not _is_text(column.type.value_type if is_dictionary else column.type):
        return 0
    lengths = pc.binary_length(column.dictionary if is_dictionary else column)
    # A character has up to four bytes.
    if (pc.max(lengths).as_py() or 0) > 4 * MAX_CELL:
        raise cell_too_long(in_quotes(name))
    return int(pc.sum(lengths.take(column.indices) if is_dictionary else lengths).as_py() or 0)


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number_kind(kind: pa.DataType) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_cell(kind: pa.DataType) -> bool:
    """Tell whether values of this type fit in a cell: no lists, images, or records."""
    import pyarrow as pa  # noqa: PLC0415

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    when = pa.types.is_temporal(kind) and not pa.types.is_duration(kind)
    return bool(when or pa.types.is_boolean(kind) or pa.types.is_null(kind)) or _is_number_kind(kind) or _is_text(kind)


def _kind(kind: pa.DataType) -> Kind:
    import pyarrow as pa  # noqa: PLC0415

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if _is_number_kind(kind):
        return "number"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "date" if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else "text"


def _values(column: Any) -> Any:
    """Return numbers, dates (as days since 1970-01-01), and booleans as ``double``, and all else as ``string``."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    kind = column.type
    if pa.types.is_decimal(kind):
        # Arrow divides by a power of ten, which is off in the last bit: read the decimal's text instead.
        return column.cast(pa.string()).cast(pa.float64())
    if _is_number_kind(kind):
        return column.cast(pa.float64(), safe=False)
    if pa.types.is_boolean(kind):
        return column.cast(pa.int8()).cast(pa.float64())
    if pa.types.is_date(kind):
        return column.cast(pa.date32()).cast(pa.int32()).cast(pa.float64())
    if pa.types.is_timestamp(kind):
        return pc.divide(column.cast(pa.int64()).cast(pa.float64(), safe=False), _PER_DAY[kind.unit])
    return column.cast(pa.string())


_PER_DAY: Final = {"s": 86_400.0, "ms": 86_400e3, "us": 86_400e6, "ns": 86_400e9}
"""Units of a time stamp in a day."""
