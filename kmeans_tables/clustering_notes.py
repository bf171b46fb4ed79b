"""Notes on the points of a table: which rows and columns are clustered, and how they were prepared."""

from __future__ import annotations

from kmeans_tables.choice import ColumnChoice, PreparedPoints
from kmeans_tables.label_leakage import LabelLeakage
from kmeans_tables.scales import scale_note
from kmeans_tables.wording import counted


def clustering_notes(
    title: str, choice: ColumnChoice, ready: PreparedPoints, seen: LabelLeakage | None
) -> tuple[str, ...]:
    """Return notes on a table's points: how many there are, and how they were prepared.

    Parameters
    ----------
    title : str
        What the table is called.
    choice : ColumnChoice
    ready : PreparedPoints
        The points of that choice.
    seen : LabelLeakage or None
        The clustered columns that hold the labels.
    """
    scaled = ", each standardized" if choice.standardize else ""
    n = len(ready.points)
    sentences = [f"{title}: {counted(n, 'row')} in {counted(len(choice.columns), 'column')}{scaled}", *ready.notes]
    if n == 1:
        sentences.append("One row is one point, which is its own center: there is nothing to sort here")
    if note := scale_note(ready.points * ready.deviations, choice.columns, standardized=choice.standardize):
        sentences.append(note)
    if seen:
        sentences.append(seen.sentence)
    return tuple(f"{sentence}." for sentence in sentences)
