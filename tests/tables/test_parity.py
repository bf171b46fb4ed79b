"""The command line and the app read the same table in every file, with the same notes and the same clusters."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from kmeans_core import run
from kmeans_core.cli import main
from kmeans_tables import Table, read_table, reading_notes
from kmeans_tables.messages import message
from ui.export import run_files
from ui.settings.definitions import UPLOAD
from ui.settings.points import of_table
from ui.settings.record import POST, Settings
from ui.settings.table_use import TableUse

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())
FLAGS = ["--init", "k-means++", "--max-iter", "300", "--seed", "0"]


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_the_command_line_and_the_app_agree(path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    try:
        table = read_table(path.name, path.read_bytes())
    except ValueError as error:
        assert main([str(path), "--k", "1"]) == 2
        assert capfd.readouterr().err == f"kmeans: {error}\n"
        return
    settings = _settings(table)
    if isinstance(settings, str):
        # The app draws two columns at least; the command line draws none.
        assert settings.startswith(message("choice.too_few", chosen="none", column="", fewest=2, columns=""))
        assert main([str(path), "--k", "1", "--quiet"]) == 0
        return
    data = of_table(settings, table)
    trace = run(data.points, settings.run_config(data.points))
    target = tmp_path / "labeled.csv"
    assert main([str(path), "--k", str(trace.config.k), *FLAGS, *_choice(settings), "--labels", str(target)]) == 0
    printed = capfd.readouterr()
    notes = [line.removeprefix("note: ") for line in printed.err.splitlines()]
    assert settings.table is not None
    # The command line says of all columns how they were read; the page says it of those that are clustered.
    columns = [table.column(name) for name in settings.table.choice.columns]
    readings = [f"{note}." for note in reading_notes(columns)]
    assert list(data.notes[len(data.notes) - len(readings) :]) == readings
    all_notes = [*(f"{note}." for note in table.notes), *data.notes[: len(data.notes) - len(readings)]]
    assert [note for note in notes if not note.startswith("Not clustered: ")] == all_notes
    assert len(set(notes)) == len(notes), "no note is printed twice"
    if len(columns) == len([column for column in table.columns if not column.reason]):
        assert set(readings) <= set(notes)
    exported = run_files.clustered_table(settings, data, data.points, trace.labels, table).csv()
    assert target.read_bytes() == exported.removeprefix(b"\xef\xbb\xbf")
    assert trace.stop_sentence in printed.out


def _settings(table: Table) -> Settings | str:
    """Return what the app opens the table with, or why it can't."""
    plain = replace(POST.with_data(UPLOAD), k=2, init="k-means++", seed=0, max_iter=300)
    try:
        settings, complaints = plain.with_table(table, table.digest)
        of_table(settings, table)
    except ValueError as error:
        return str(error)
    assert not complaints
    return settings


def _choice(settings: Settings) -> list[str]:
    """Return the flags for the columns that the app chose."""
    assert isinstance(settings.table, TableUse)
    choice = settings.table.choice
    row = io.StringIO()
    csv.writer(row).writerow(choice.columns)
    flags = ["--columns", row.getvalue().removesuffix("\r\n"), "--label", choice.label, "--missing", choice.missing]
    return [*flags, "--standardize"] if choice.standardize else flags
