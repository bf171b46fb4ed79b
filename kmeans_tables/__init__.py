"""Tables from CSV, Excel, and Parquet files and pasted text: columns of numbers and of text.

The app and the command line share it; it does not import Streamlit. Files are not trusted: every limit is checked
before the work is done, and whatever the bytes, the only error is a ``ValueError`` with the sentence to show.
pandas, PyArrow, and openpyxl are imported where they are used, so that importing this package stays cheap.

The package is not called ``tables``: that import name belongs to PyTables, which pandas imports for HDF files.
"""

from __future__ import annotations

from kmeans_tables.choice import (
    MAX_FEATURES,
    ColumnChoice,
    Missing,
    PreparedPoints,
    check_choice,
    default_choice,
    measured_columns,
    prepare_points,
)
from kmeans_tables.clustering_notes import clustering_notes
from kmeans_tables.export import LabeledTable, labeled_table
from kmeans_tables.label_leakage import LabelLeakage, drop_columns, find_label_leakage
from kmeans_tables.limits import MAX_BYTES, MAX_ROWS, reading_bytes
from kmeans_tables.reader import read_pasted, read_table
from kmeans_tables.reading_notes import reading_notes
from kmeans_tables.scales import scale_note, variance_shares
from kmeans_tables.table import LARGEST, MAX_CLASSES, Column, Table, digest_of, unusable_note
from kmeans_tables.wording import as_sentence, in_quotes, listed

__all__ = [
    "LARGEST",
    "MAX_BYTES",
    "MAX_CLASSES",
    "MAX_FEATURES",
    "MAX_ROWS",
    "Column",
    "ColumnChoice",
    "LabelLeakage",
    "LabeledTable",
    "Missing",
    "PreparedPoints",
    "Table",
    "as_sentence",
    "check_choice",
    "clustering_notes",
    "default_choice",
    "digest_of",
    "drop_columns",
    "find_label_leakage",
    "in_quotes",
    "labeled_table",
    "listed",
    "measured_columns",
    "prepare_points",
    "read_pasted",
    "read_table",
    "reading_bytes",
    "reading_notes",
    "scale_note",
    "unusable_note",
    "variance_shares",
]
