"""Tables from files: CSV, Excel, Parquet, and pasted text as columns of numbers and of text.

Shared by the app and the command line; free of Streamlit. A file may come from anybody, so every limit is checked
before the work is done, and whatever the bytes, all that is ever raised is a ``ValueError`` with the sentence to show.
pandas, PyArrow, and openpyxl are imported where they are used, so that importing this package stays cheap
(``pip install "kmeans-step-by-step[tables]"`` installs them).

The package is not called ``tables``: that import name belongs to PyTables, which pandas imports for HDF files.
"""

from __future__ import annotations

from kmeans_tables.choice import (
    MAX_FEATURES,
    Choice,
    Missing,
    Prepared,
    checked_choice,
    default_choice,
    measured_columns,
    prepared,
)
from kmeans_tables.export import LabeledTable, labeled_table
from kmeans_tables.limits import MAX_BYTES, MAX_ROWS
from kmeans_tables.notes import clustering_notes
from kmeans_tables.reader import read_pasted, read_table
from kmeans_tables.reading_notes import reading_notes
from kmeans_tables.scales import scale_note, variance_shares
from kmeans_tables.seen_labels import SeenLabels, seen_labels, without
from kmeans_tables.table import LARGEST, MAX_CLASSES, Column, Table, digest_of, unusable_note
from kmeans_tables.wording import in_quotes, listed

__all__ = [
    "LARGEST",
    "MAX_BYTES",
    "MAX_CLASSES",
    "MAX_FEATURES",
    "MAX_ROWS",
    "Choice",
    "Column",
    "LabeledTable",
    "Missing",
    "Prepared",
    "SeenLabels",
    "Table",
    "checked_choice",
    "clustering_notes",
    "default_choice",
    "digest_of",
    "in_quotes",
    "labeled_table",
    "listed",
    "measured_columns",
    "prepared",
    "read_pasted",
    "read_table",
    "reading_notes",
    "scale_note",
    "seen_labels",
    "unusable_note",
    "variance_shares",
    "without",
]
