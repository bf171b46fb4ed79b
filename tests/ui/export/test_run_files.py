"""What is taken away of a run: the labeled table, and points as the source of a notebook."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow.parquet import read_table as read_parquet

from kmeans_core import load_run, run
from kmeans_core.arrays import Points
from kmeans_tables import Table, labeled_table, read_pasted, read_table
from ui.export import run_files
from ui.settings import built_in_tables as ui_built_in
from ui.settings.built_in_tables import built_in
from ui.settings.edits import Add, edited_points
from ui.settings.links import decode
from ui.settings.points import Data, generate_data, of_table
from ui.settings.record import Settings
from ui.text.file_names import file_stem

LINKS: dict[str, dict[str, str]] = {
    "blobs": {"data": "blobs", "points": "90", "blobs": "3", "k": "3", "spread": "0.7"},
    "changed by hand": {"data": "moons", "points": "50", "k": "2", "edits": "a1_2a0.25_-3x7"},
    "penguins": {"data": "penguins", "k": "3", "standardize": "yes"},
    "penguins, filled": {"data": "penguins", "k": "3", "missing": "fill"},
    "penguins, by hand": {"data": "penguins", "k": "3", "standardize": "yes", "edits": "a0.5_0.25x3"},
}


def open_link(link: dict[str, str]) -> tuple[Settings, Data, Points, Table | None]:
    settings, complaints = decode(link)
    assert not complaints
    table = built_in(settings.data) if settings.table else None
    data = of_table(settings, table) if table else generate_data(settings)
    return settings, data, edited_points(data.points, settings.edits), table


def execute(code: str) -> Points:
    """Return the points that a piece of source gives."""
    scope: dict[str, Any] = {"np": np}
    exec(code, scope)
    points: Points = scope["points"]
    return points


def test_files_are_called_by_their_data_and_k() -> None:
    for title, stem in {
        "An old geyser": "an-old-geyser-k3",
        "The post’s blobs": "the-posts-blobs-k3",
        "Anna's table.csv": "annas-table-k3",
        "Klassenarbeit 7b.xlsx": "klassenarbeit-7b-k3",
        "Größe × Gewicht": "größe-gewicht-k3",
        "a/b\\c:d.csv": "a-b-c-d-k3",
        "…": "k-means-k3",
        "": "k-means-k3",
        "x" * 300: "x" * 40 + "-k3",
    }.items():
        assert file_stem(title, 3) == stem


@pytest.mark.parametrize("name", LINKS)
def test_the_source_gives_the_same_points_to_the_last_bit(name: str) -> None:
    settings, _, points, _ = open_link(LINKS[name])
    code = run_files.points_code(settings, points, "k-means-points.npy")
    np.testing.assert_array_equal(execute(code), points)


@pytest.mark.parametrize("name", ["changed by hand", "penguins", "penguins, filled", "penguins, by hand"])
def test_too_many_points_are_read_from_a_file_of_their_own(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    settings, _, points, _ = open_link(LINKS[name])
    monkeypatch.setattr(run_files, "MAX_EMBEDDED", 10)
    assert run_files.needs_file(settings, points)
    file = tmp_path / "k-means-points.npy"
    file.write_bytes(run_files.as_npy(points))
    code = run_files.points_code(settings, points, str(file))
    assert "base64" not in code
    assert "pandas" not in code
    np.testing.assert_array_equal(execute(code), points)


def test_points_that_are_drawn_need_no_file_however_many() -> None:
    settings, _, points, _ = open_link({"data": "blobs", "points": "200000", "k": "3"})
    assert not run_files.needs_file(settings, points)
    np.testing.assert_array_equal(execute(run_files.points_code(settings, points, "unused.npy")), points)


@pytest.mark.parametrize("name", LINKS)
def test_the_labeled_table_is_read_back_from_csv_and_parquet(name: str) -> None:
    settings, data, points, table = open_link(LINKS[name])
    labels = run(points, settings.run_config(points)).labels
    labeled = run_files.clustered_table(settings, data, points, labels, table)
    text = pd.read_csv(io.BytesIO(labeled.csv()), dtype=str, keep_default_na=False)
    parquet_frame = pd.read_parquet(io.BytesIO(labeled.parquet()))
    drawn_count = sum(isinstance(edit, Add) for edit in settings.edits)
    assert len(text) == len(parquet_frame) == (table.n + drawn_count if table else len(points)), "all rows"
    clusters = [str(label + 1) for label in labels.tolist()]
    assert [cluster for cluster in text["cluster"] if cluster] == clusters
    assert [str(int(cluster)) for cluster in parquet_frame["cluster"].dropna()] == clusters
    assert list(text.columns) == list(parquet_frame.columns)
    for column in parquet_frame.select_dtypes("number"):
        np.testing.assert_array_equal(
            pd.to_numeric(text[column], errors="coerce"), parquet_frame[column].to_numpy(float)
        )


def test_a_table_keeps_all_of_its_cells_and_gets_one_more_column() -> None:
    settings, data, points, table = open_link(LINKS["penguins"])
    labels = run(points, settings.run_config(points)).labels
    content = run_files.clustered_table(settings, data, points, labels, table).csv()
    export_cells = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    file = Path(ui_built_in.__file__).parent / "tables" / "penguins.csv"
    pd.testing.assert_frame_equal(export_cells.iloc[:, :-1], pd.read_csv(file, dtype=str, keep_default_na=False))
    assert export_cells.columns[-1] == "cluster"
    assert list(np.flatnonzero(export_cells["cluster"] == "")) == [3, 271], "two rows have no numbers"


@pytest.mark.parametrize("form", ["json", "npz"])
def test_the_file_of_a_run_says_what_its_numbers_are(tmp_path: Path, form: str) -> None:
    settings, data, points, table = open_link(LINKS["penguins"])
    trace = run(points, settings.run_config(points))
    content = run_files.run_file(
        settings, data, points, trace, form=form, table=table, link="https://kmeans.example/?k=3"
    )
    (tmp_path / f"run.{form}").write_bytes(content)
    copy = load_run(tmp_path / f"run.{form}")
    assert table is not None
    assert copy.columns == ("bill length (mm)", "flipper length (mm)")
    assert copy.about is not None
    assert copy.about["rows_left_out"] == [3, 271]
    assert copy.about["link"] == "https://kmeans.example/?k=3"
    rows = np.setdiff1d(np.arange(table.n), [3, 271])
    assert copy.original_points is not None
    np.testing.assert_allclose(copy.original_points, table.frame[list(copy.columns)].iloc[rows])
    np.testing.assert_array_equal(copy.points, points)
    np.testing.assert_array_equal(copy.trace.labels, trace.labels)


@pytest.mark.parametrize("name", LINKS)
def test_the_file_of_every_run_is_enough_to_run_it_again(tmp_path: Path, name: str) -> None:
    settings, data, points, table = open_link(LINKS[name])
    trace = run(points, settings.run_config(points))
    (tmp_path / "run.npz").write_bytes(
        run_files.run_file(settings, data, points, trace, form="npz", table=table, link="")
    )
    copy = load_run(tmp_path / "run.npz")
    assert copy.points is not None
    assert (copy.columns is None) == (settings.table is None)
    assert run(copy.points, copy.trace.config).cost == trace.cost


def test_a_column_that_is_called_cluster_already_is_kept() -> None:
    table = read_pasted("cluster\ta\tb\nx\t1\t2\ny\t3\t4\nz\t5\t7\n")
    settings, _ = decode({"data": "table"})[0].with_table(table, table.digest)
    data = of_table(settings, table)
    content = run_files.clustered_table(settings, data, data.points, np.array([0, 1, 1]), table).csv()
    frame = pd.read_csv(io.BytesIO(content))
    assert list(frame["cluster"]) == ["x", "y", "z"]
    assert list(frame["cluster (K-means)"]) == [1, 2, 2]


def test_the_labeled_table_can_be_brought_again() -> None:
    settings, data, points, table = open_link(LINKS["penguins"])
    labels = run(points, settings.run_config(points)).labels
    content = run_files.clustered_table(settings, data, points, labels, table).csv()
    upload = read_table("k-means-clusters.csv", content)
    reuse, complaints = decode(LINKS["penguins"] | {"data": "table", "columns": "bill length (mm),flipper length (mm)"})
    assert not complaints
    reuse, complaints = reuse.with_table(upload, upload.digest)
    assert not complaints
    place = of_table(reuse, upload).points
    np.testing.assert_array_equal(place, points)
    np.testing.assert_array_equal(run(place, reuse.run_config(place)).labels, labels)


def test_clusters_beside_labels_are_counted() -> None:
    crossed = run_files.cross_table(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, -1, 0]), ("a", "b"), 3)
    assert crossed == {"": ["a", "b"], "cluster 1": [1, 1], "cluster 2": [0, 1], "cluster 3": [1, 0]}


def export_of(content: bytes, **link: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cells of a file, and those of its labeled table with points that were drawn and erased."""
    table = read_table("k.csv", content)
    settings, complaints = decode({"data": "table"} | link)
    settings, table_complaints = settings.with_table(table, table.digest)
    assert not complaints + table_complaints
    data = of_table(settings, table)
    points = edited_points(data.points, settings.edits)
    labels = run(points, settings.run_config(points)).labels
    labeled = run_files.clustered_table(settings, data, points, labels, table).csv()
    before = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return before, pd.read_csv(io.BytesIO(labeled), dtype=str, keep_default_na=False)


TABLE_BY_HAND = b"""id,a,b,kind,zip
1234567890123456789,1,2.50,x,04994
1234567890123456790,2,3.25,y,00501
1234567890123456791,,4.00,x,12345
1234567890123456792,8,9.75,z,99999
1234567890123456793,9,8.50,z,10115
"""


@pytest.mark.parametrize("standardize", ["no", "yes"])
def test_an_edited_table_keeps_all_its_cells_and_gets_the_drawn_points_below(standardize: str) -> None:
    before, after = export_of(
        TABLE_BY_HAND, columns="a,b", standardize=standardize, label="kind", k="2", edits="a0.5_0.25x1a3_4x5"
    )
    # Point 1 is the second row; the third has a gap; point 5, the second that was drawn, is erased again.
    pd.testing.assert_frame_equal(after.iloc[: len(before), :-1], before)
    assert list(after.columns) == [*before.columns, "cluster"]
    assert [cluster == "" for cluster in after["cluster"]] == [False, True, True, False, False, False]
    last_row = after.iloc[-1]
    assert list(last_row[["id", "kind", "zip"]]) == ["", "", ""]
    values = np.array([[1, 2.5], [2, 3.25], [8, 9.75], [9, 8.5]])
    scaled = np.array([0.5, 0.25])
    expected = scaled * values.std(axis=0) + values.mean(axis=0) if standardize == "yes" else scaled
    np.testing.assert_allclose([float(last_row["a"]), float(last_row["b"])], expected, rtol=1e-12)


def test_drawn_points_are_written_as_their_columns_write_numbers() -> None:
    content = b"a;b;c\n1,5 kg;2;x\n2,5 kg;3;y\n9,25 kg;4;z\n"
    table = read_table("k.csv", content)
    settings, _ = decode({"data": "table", "columns": "a,b", "k": "2", "edits": "a0.5_7"})
    settings, _ = settings.with_table(table, table.digest)
    data = of_table(settings, table)
    points = edited_points(data.points, settings.edits)
    labels = run(points, settings.run_config(points)).labels
    labeled = run_files.clustered_table(settings, data, points, labels, table)
    last = pd.read_csv(io.BytesIO(labeled.csv()), dtype=str, keep_default_na=False).iloc[-1]
    assert list(last[["a", "b", "c"]]) == ["0,5 kg", "7", ""]
    copy = read_table("again.csv", labeled.csv())
    np.testing.assert_array_equal(copy.frame[["a", "b"]].to_numpy(float), points)


def test_a_parquet_table_keeps_its_cells_when_points_are_drawn() -> None:
    frame = pd.DataFrame({"id": [2**60 + 1, 2**60 + 3, 2**60 + 5], "n": [1, 2, 9], "x": [0.1, 0.2, 0.9]})
    file = io.BytesIO()
    frame.to_parquet(file)
    table = read_table("k.parquet", file.getvalue())
    settings, _ = decode({"data": "table", "columns": "n,x", "k": "2", "edits": "a3.5_0.25"})
    settings, _ = settings.with_table(table, table.digest)
    data = of_table(settings, table)
    points = edited_points(data.points, settings.edits)
    labels = run(points, settings.run_config(points)).labels
    copy = read_parquet(io.BytesIO(run_files.clustered_table(settings, data, points, labels, table).parquet()))
    assert copy["id"].to_pylist() == [*frame["id"], None]
    np.testing.assert_array_equal(copy.select(["n", "x"]).to_pandas().to_numpy(float), points)


def test_parquet_keeps_long_names_whole() -> None:
    names = [
        f"How satisfied are you with the speed of the delivery of your last order, in {unit}?" for unit in ("a", "b")
    ]
    table = read_table("a.csv", f'"{names[0]}","{names[1]}",x,x\n1,2,3,4\n5,6,7,9\n'.encode())
    content = labeled_table(table, np.arange(2), np.zeros(2, dtype=int)).parquet()
    assert pd.read_parquet(io.BytesIO(content)).columns.tolist() == [*names, "x", "x (2)", "cluster"]
