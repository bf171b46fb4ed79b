"""A run as files: the labeled table, the whole run, and the points as source code for a notebook."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_core import Trace
from kmeans_core.arrays import Labels, Points
from kmeans_core.datasets import Truth
from kmeans_core.files import dump_trace
from kmeans_core.messages.lists import joined
from kmeans_tables import LabeledTable, Table, labeled_table
from kmeans_tables.export import CLUSTER, as_labeled
from ui.export.notebook_code import dataset_code
from ui.settings.edits import remaining_numbers, touches_points
from ui.settings.points import Data
from ui.settings.record import Settings
from ui.text.messages import message

MAX_EMBEDDED: Final = 100_000
"""The most numbers that a notebook contains: about a megabyte."""


def clustered_table(
    settings: Settings, data: Data, points: Points, labels: Labels, table: Table | None
) -> LabeledTable:
    """Return the points with their clusters: a table's own cells, or what a formula drew.

    A table keeps all rows and columns as they are in the file; rows that were left out or erased have no cluster. Drawn
    points come last, with nothing but their coordinates and their cluster.

    Parameters
    ----------
    settings : Settings
    data : Data
    points : (n, d) float64
        After all edits.
    labels : (n,) int
    table : Table or None
        The table with the points.
    """
    numbers = remaining_numbers(len(data.points), settings.edits)
    is_original = numbers < len(data.points)
    if table is not None and settings.table is not None and (prepared := data.prepared) is not None:
        additions = (points[~is_original] * prepared.deviations + prepared.means).T
        extra_values = dict(zip(settings.table.choice.columns, additions, strict=True))
        return labeled_table(table, prepared.rows[numbers[is_original]], labels, extra_values)
    columns: list[tuple[str, NDArray[Any]]] = list(zip(("x", "y"), points.T, strict=True))
    if data.truth is not None and is_original.all():
        columns.append(("group", data.truth[numbers] + 1))
    return as_labeled([*columns, (CLUSTER, labels.astype(np.int64) + 1)])


def run_description(settings: Settings, data: Data, table: Table | None, link: str) -> dict[str, Any]:
    """Return what the file of a run says about its points, beside their values, columns, and scaling."""
    description: dict[str, Any] = {
        "data": data.title,
        "link": link,
        "labels": message("export.about_labels"),
    }
    if settings.table is None or data.prepared is None or table is None:
        return description
    description["points"] = message("export.about_rows")
    if touches_points(settings.edits):
        description["points"] = message("export.about_edited_rows")
    elif len(gaps := np.setdiff1d(np.arange(table.n), data.prepared.rows)):
        description["rows_left_out"] = gaps.tolist()
        description["rows"] = message("export.about_row_numbers")
    return description


def run_file(
    settings: Settings, data: Data, points: Points, trace: Trace, *, form: str, table: Table | None, link: str
) -> bytes:
    """Return a whole run as a file of the form ``"json"`` or ``"npz"``, which is all that it takes to draw it again.

    ``points`` are those of the run, ``(n, d) float64``, after all edits.
    """
    choice, prepared = settings.table.choice if settings.table else None, data.prepared
    return dump_trace(
        trace,
        form,
        run_description(settings, data, table, link),
        points=points,
        columns=choice.columns if choice else None,
        scaling=(prepared.means, prepared.deviations) if choice and prepared and choice.standardize else None,
    )


def cross_table(labels: Labels, truth: Truth, names: Sequence[str], k: int) -> dict[str, list[Any]]:
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
    has_label = truth >= 0
    counts = np.zeros((len(names), k), dtype=np.int64)
    np.add.at(counts, (truth[has_label], labels[has_label]), 1)
    return {"": list(names)} | {
        message("export.cross_table_cluster", cluster=j + 1): counts[:, j].tolist() for j in range(k)
    }


def points_code(settings: Settings, points: Points, file_name: str) -> str:
    """Return Python source that gives ``points`` their values, bit for bit, for a notebook that imports NumPy.

    ``file_name`` is the file of ``as_npy`` beside the notebook, for points that are too many to be in it.
    """
    is_edited = touches_points(settings.edits)
    if settings.table is None and not is_edited:
        return dataset_code(settings.data, settings.data_seed, dict(settings.sizes))
    values = _description(settings, is_edited)
    if not needs_file(settings, points):
        content = base64.b64encode(np.ascontiguousarray(points, dtype="<f8").tobytes()).decode()
        return (
            "import base64\n\n"
            f"# {message('export.points_embedded', **values)}\n"
            f'content = "{content}"\n'
            f'points = np.frombuffer(base64.b64decode(content), dtype="<f8").reshape({points.shape})'
        )
    return f"# {message('export.points_in_file', **values)}\npoints = np.load({file_name!r})"


def needs_file(settings: Settings, points: Points) -> bool:
    """Tell whether a notebook of these points ``(n, d)`` needs a file beside it."""
    is_generated = settings.table is None and not touches_points(settings.edits)
    return not is_generated and points.size > MAX_EMBEDDED


def as_npy(points: Points) -> bytes:
    """Return points ``(n, d)`` as a file that ``np.load`` reads."""
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(points, dtype="<f8"))
    return file.getvalue()


def _description(settings: Settings, is_edited: bool) -> dict[str, str]:
    """Return what the points are, as values of a message."""
    if settings.table is None:
        return {"kind": "edited", "columns": ""}
    choice = settings.table.choice
    kinds = {(False, False): "columns", (True, False): "standardized", (False, True): "columns_edited"}
    kind = kinds.get((choice.standardize, is_edited), "standardized_edited")
    return {"kind": kind, "columns": joined(choice.columns).replace("\n", " ")}
