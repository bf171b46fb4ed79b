"""The settings with a new table: what a new version of a file keeps, and what another file changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kmeans_tables import ColumnChoice, Table, read_table
from ui.settings.definitions import UPLOAD
from ui.settings.edits import Add
from ui.settings.links import decode
from ui.settings.new_table import with_new_table
from ui.settings.record import POST, Settings
from ui.settings.table_use import TableUse
from ui.text.messages import message


def table(name: str, *columns: str, first: int = 0) -> Table:
    rows = [",".join(str(100 * first + i * (j + 2) % 11) for j in range(len(columns))) for i in range(6)]
    return read_table(name, "\n".join([",".join(columns), *rows]).encode())


def settings_of(table: Table, *columns: str, **changes: Any) -> Settings:
    use = TableUse(ColumnChoice(columns), table.digest)
    return replace(POST.with_data(UPLOAD), table=use, **changes).with_table(table, table.digest)[0]


def test_a_new_version_of_a_file_keeps_the_choice() -> None:
    old, new = table("m.csv", "a", "b", "c", "d"), table("m.csv", "a", "b", "c", "d", "e", first=1)
    before = settings_of(old, "d", "b", k=3, rule="medoid", edits=(Add((1.0, 2.0)),))
    after, complaints = with_new_table(before, new, is_missing=False)
    assert not complaints
    assert after.table is not None
    assert (after.table.choice.columns, after.table.digest) == (("d", "b"), new.digest)
    assert (after.k, after.rule, after.edits) == (3, "medoid", ())


def test_a_new_version_without_a_chosen_column_keeps_the_other_choices() -> None:
    old, new = table("m.csv", "a", "b", "c", "d"), table("m.csv", "a", "c", "d", first=1)
    after, complaints = with_new_table(settings_of(old, "d", "b", "c"), new, is_missing=False)
    assert after.table is not None
    assert after.table.choice.columns == ("d", "c")
    assert len(complaints) == 1
    assert complaints[0].endswith(message("settings.columns_rest_kept", problem=""))
    assert "“b”" in complaints[0]


def test_another_table_opens_with_its_own_columns() -> None:
    old, new = table("m.csv", "a", "b"), table("n.csv", "x", "y", "b")
    after, complaints = with_new_table(settings_of(old, "a", "b"), new, is_missing=False)
    assert after.table is not None
    assert (set(after.table.choice.columns) <= {"x", "y", "b"}, complaints) == (True, [])


def test_another_file_than_the_link_means_is_a_notice() -> None:
    settings, _ = decode({"data": UPLOAD, "table": "0" * 16, "columns": "a,b", "edits": "a1_2"})
    _, complaints = with_new_table(settings, table("m.csv", "a", "b"), is_missing=True)
    assert complaints == [
        message("uploads.other_table", is_alike=True),
        message("uploads.edits_lost"),
    ]
    _, complaints = with_new_table(settings, table("m.csv", "x", "y"), is_missing=True)
    assert complaints[0] == message("uploads.other_table", is_alike=False)
