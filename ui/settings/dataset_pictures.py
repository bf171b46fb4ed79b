"""A picture of each dataset: its points with default sizes, in the colors of their groups."""

from __future__ import annotations

import csv
from typing import Final
from urllib.parse import quote

import numpy as np

from kmeans_core.arrays import Points
from kmeans_core.datasets import Truth
from ui.charts.thumbnails import data_svg
from ui.settings.built_in_tables import BUILT_IN, BuiltIn
from ui.settings.definitions import UPLOAD
from ui.settings.points import generate_data
from ui.settings.record import POST

_TABLE_ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 66 44" fill="none" stroke="#8A8F98" stroke-width="2.5" '
    'stroke-linejoin="round"><path d="M15 6h36v32H15zM15 16h36M15 27h36M28 16v22"/></svg>'
)


def dataset_picture(data: str) -> str:
    """Return the picture of a dataset with its default sizes, or of a table, as SVG."""
    if data == UPLOAD:
        return _TABLE_ICON
    if data in BUILT_IN:
        return data_svg(*_built_in_points(BUILT_IN[data]), equal=True)
    example = generate_data(POST.with_data(data))
    return data_svg(example.points, example.truth, equal=example.equal_units)


def _built_in_points(table: BuiltIn) -> tuple[Points, Truth | None]:
    """Return the points of a built-in table and their groups, as with its default columns.

    Reading it as a table takes a second in a fresh process, for pandas and PyArrow, which most visitors never need.
    """
    rows = csv.DictReader(table.path.read_text(encoding="utf-8").splitlines())
    complete = [row for row in rows if "NA" not in (row[name] for name in table.columns)]
    points = np.array([[float(row[name]) for name in table.columns] for row in complete])
    if table.standardize:
        points = (points - points.mean(axis=0)) / points.std(axis=0)
    if not table.label:
        return points, None
    return points, np.unique([row[table.label] for row in complete], return_inverse=True)[1].astype(np.int64)


def css_image(svg: str) -> str:
    """Return an SVG image as a value of a style sheet, without ``<``, for which Streamlit would drop the sheet."""
    content = quote(svg.replace('"', "'"), safe="' =:/+-.,()")
    return f'url("data:image/svg+xml,{content}")'
