"""A run as files: the labeled table, the whole run, and the points as source code for a notebook."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Trace
from kmeans_core.datasets import Truth
from kmeans_core.files import dump_trace
from kmeans_core.types import Labels, Points
from kmeans_tables import LabeledTable, Table, labeled_table
from kmeans_tables.export import CLUSTER, as_labeled
from ui.export.notebook_code import dataset_code
from ui.settings.edits import remaining_numbers, touches_points
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.text.messages import message

MOST_EMBEDDED: Final = 100_000
"""The most numbers that a notebook holds itself: about a megabyte."""


def labeled(settings: Settings, data: Data, points: Points, labels: Labels, table: Table | None) -> LabeledTable:
    """Return the points with their clusters: a table's own cells, or what a formula drew.

    Of a table all rows and columns are there as they are in the file; rows that were left out, or erased by hand, have
    no cluster. Points that were drawn come last, with nothing but their coordinates and their cluster.

    Parameters
    ----------
    settings : Settings
    data : Data
    points : (n, d) float64
        After all that was changed by hand.
    labels : (n,) int
    table : Table or None
        That the points are from.
    """
    left = remaining_numbers(len(data.points), settings.edits)
    own = left < len(data.points)
    if table is not None and settings.table is not None and (ready := data.prepared) is not None:
        drawn = points[~own] * ready.deviations + ready.means
        added = dict(zip(settings.table.choice.columns, drawn.T, strict=True))
        return labeled_table(table, ready.rows[left[own]], labels, added)
    columns: list[tuple[str, NDArray[Any]]] = list(zip(("x", "y"), points.T, strict=True))
    if data.truth is not None and own.all():
        columns.append(("group", data.truth[left] + 1))
    return as_labeled([*columns, (CLUSTER, labels.astype(np.int64) + 1)])


def about(settings: Settings, data: Data, table: Table | None, link: str) -> dict[str, Any]:
    """Return what the file of a whole run says of its points, beside their values, columns, and scaling."""
    told: dict[str, Any] = {
        "data": data.title,
        "link": link,
        "labels": message("export.about_labels"),
    }
    if settings.table is None or data.prepared is None or table is None:
        return told
    told["points"] = message("export.about_rows")
    if touches_points(settings.edits):
        told["points"] = message("export.about_edited_rows")
    elif len(left_out := np.setdiff1d(np.arange(table.n), data.prepared.rows)):
        told["rows_left_out"] = left_out.tolist()
        told["rows"] = message("export.about_row_numbers")
    return told


def run_file(
    settings: Settings, data: Data, points: Points, trace: Trace, *, form: str, table: Table | None, link: str
) -> bytes:
    """Return a whole run as a file of the form ``"json"`` or ``"npz"``, from which alone it can be drawn again.

    ``points`` are those of the run, ``(n, d) float64``, after all that was changed by hand.
    """
    choice, ready = settings.table.choice if settings.table else None, data.prepared
    return dump_trace(
        trace,
        form,
        about(settings, data, table, link),
        points=points,
        columns=choice.columns if choice else None,
        scaling=(ready.means, ready.deviations) if choice and ready and choice.standardize else None,
    )


def crossed(labels: Labels, truth: Truth, names: Sequence[str], k: int) -> dict[str, list[Any]]:
    """Return how many points of each class are in each cluster, as the columns of a table: the classes, the clusters.

    Parameters
    ----------
    labels : (n,) int
    truth : (n,) int
        -1 where it is missing.
    names : sequence of str
        Of the classes.
    k : int
    """
    known = truth >= 0
    counts = np.zeros((len(names), k), dtype=np.int64)
    np.add.at(counts, (truth[known], labels[known]), 1)
    return {"": list(names)} | {f"cluster {j + 1}": counts[:, j].tolist() for j in range(k)}


def points_code(settings: Settings, points: Points, drawing_name: str) -> str:
    """Return Python source that gives ``points`` their values, bit for bit, for a notebook that has NumPy.

    ``drawing_name`` is that of the points, as ``as_npy`` writes them, which lies beside the notebook where they are too
    many to be in it.
    """
    edited = touches_points(settings.edits)
    if settings.table is None and not edited:
        return dataset_code(settings.data, settings.data_seed, dict(settings.sizes))
    values = {"points": _description(settings, edited)}
    if not needs_file(settings, points):
        content = base64.b64encode(np.ascontiguousarray(points, dtype="<f8").tobytes()).decode()
        return (
            "import base64\n\n"
            f"# {message('export.points_embedded', **values)}\n"
            f'content = "{content}"\n'
            f'points = np.frombuffer(base64.b64decode(content), dtype="<f8").reshape({points.shape})'
        )
    return f"# {message('export.points_in_file', **values)}\npoints = np.load({drawing_name!r})"


def needs_file(settings: Settings, points: Points) -> bool:
    """Tell whether a notebook of these points ``(n, d)`` needs them in a file of their own."""
    is_drawn = settings.table is None and not touches_points(settings.edits)
    return not is_drawn and points.size > MOST_EMBEDDED


def as_npy(points: Points) -> bytes:
    """Return points ``(n, d)`` as a file that ``np.load`` reads."""
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(points, dtype="<f8"))
    return file.getvalue()


def _description(settings: Settings, edited: bool) -> str:
    """Return what the points are, for a comment in a notebook."""
    if settings.table is None:
        return message("export.edited_points")
    choice = settings.table.choice
    columns = ", ".join(choice.columns).replace("\n", " ")
    return message("export.columns", columns=columns, standardized=choice.standardize, edited=edited)
