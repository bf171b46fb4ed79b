"""Notes on the points of a table: which rows and columns are clustered, and how they were prepared."""

from __future__ import annotations

from kmeans_tables.choice import ColumnChoice, PreparedPoints
from kmeans_tables.label_leakage import LabelLeakage
from kmeans_tables.messages import message
from kmeans_tables.scales import scale_note
from kmeans_tables.wording import as_sentence


def clustering_notes(
    title: str, choice: ColumnChoice, prepared: PreparedPoints, leakage: LabelLeakage | None
) -> tuple[str, ...]:
    """Return notes on a table's points: how many there are, and how they were prepared.

    Parameters
    ----------
    title : str
        What the table is called.
    choice : ColumnChoice
    prepared : PreparedPoints
        The points of that choice.
    leakage : LabelLeakage or None
        The clustered columns that hold the labels.
    """
    n, d = len(prepared.points), len(choice.columns)
    rows = message("clustering.rows", table=title, rows=n, columns=d, is_standardized=choice.standardize)
    notes = [rows, *prepared.notes]
    if n == 1:
        notes.append(message("clustering.one_row"))
    if note := scale_note(prepared.points * prepared.deviations, choice.columns, standardized=choice.standardize):
        notes.append(note)
    if leakage:
        notes.append(leakage.sentence)
    return tuple(map(as_sentence, notes))
