"""The command line: a table in, a report, labels, and a trace out, and a sentence for what can't be used."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

import kmeans_core
import kmeans_core.messages
from kmeans_core import RunConfig, load_run, load_trace, make_dataset, run
from kmeans_core.cli import main
from kmeans_tables.messages import message
from tools.paths import ROOT

FLOWERS = "species,width,height\na,1.0,2.0\na,1.1,2.1\nb,5.0,6.0\nb,5.1,6.2\n"
MEASURES = "“width” and “height”"
LABEL = {"column": "“PLZ”", "has_labels": True, "labels": "“x” and “y”"}
COMMAND = [sys.executable, "-m", "kmeans_core"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(FLOWERS, encoding="utf-8")
    return path


def test_the_report_gives_outcome_match_and_centers(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(table), "--k", "2", "--init", "k-means++"]) == 0
    printed = capsys.readouterr()
    separation = {"separator": "comma", "has_decimal_commas": False, "has_encoding": False, "encoding": ""}
    assert printed.err.splitlines() == [
        f"note: {message('reading.separated', **separation)}.",
        f"note: {message('clustering.rows', table='table.csv', rows=4, columns=2, is_standardized=False)}.",
    ]
    assert printed.out.splitlines() == [
        "Converged after 1 iteration: no point switched cluster.",
        "Sum of squared distances: 0.035",
        "Match with species (adjusted Rand index): 1.000",
        "",
        "cluster  points  width  height",
        "      1       2   5.05     6.1",
        "      2       2   1.05    2.05",
    ]


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_the_trace_s_file_is_enough_to_draw_the_run_again(tmp_path: Path, kind: str) -> None:
    table = np.array([[1.0, 200.0], [2.0, 100.0], [9.0, 150.0], [11.0, 170.0]])
    np.savetxt(tmp_path / "t.csv", table, delimiter=",", fmt="%.17g", header="width,height", comments="")
    for standardize in (False, True):
        file = tmp_path / f"trace-{standardize}.{kind}"
        arguments = [str(tmp_path / "t.csv"), "--k", "2", "--quiet", "--trace", str(file)]
        assert main([*arguments, *(["--standardize"] if standardize else [])]) == 0
        run_file = load_run(file)
        assert run_file.columns == ("width", "height")
        assert run_file.points is not None
        assert run_file.original_points is not None
        assert (run_file.means is not None) == standardize
        np.testing.assert_allclose(run_file.original_points, table, rtol=1e-14)
        assert run(run_file.points, run_file.trace.config).cost == run_file.trace.cost


def test_labels_and_trace_are_those_of_the_run(tmp_path: Path) -> None:
    points, _ = make_dataset("post", seed=0)
    np.savetxt(tmp_path / "points.csv", points, delimiter=",", fmt="%.17g")
    arguments = ["--k", "6", "--rule", "medoid", "--init", "random", "--seed", "4", "--max-iter", "15", "--quiet"]
    files = ["--labels", str(tmp_path / "labels.csv"), "--trace", str(tmp_path / "trace.npz")]
    assert main([str(tmp_path / "points.csv"), *arguments, *files]) == 0
    expected = run(points, RunConfig(k=6, rule="medoid", init="random", seed=4, max_iter=15))
    trace = load_trace(tmp_path / "trace.npz")
    assert trace.config == expected.config
    np.testing.assert_array_equal(trace.labels, expected.labels)
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    # A file without a row of names comes back without one of its own, but for the clusters.
    assert [int(row[2]) - 1 for row in rows[1:]] == expected.labels.tolist()
    assert [[float(cell) for cell in row[:2]] for row in rows[1:]] == points.tolist()


@pytest.mark.parametrize(
    "text", ["x;y\n1,5;2\n3,5;4\n", "1,5;2\n3,5;4\n", "x\ty\n1.5\t2\n3.5\t4\n", "\ufeffx|y\n1.5|2\n\n3.5|4"]
)
def test_separators_decimal_commas_and_missing_names(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.txt"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "--k", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["1", "2", "2.5", "3"]


def test_standardized_centers_are_in_the_units_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = load_iris(as_frame=True).frame.drop(columns="target")
    frame.to_csv(tmp_path / "iris.csv", index=False)
    labels = tmp_path / "labels.csv"
    assert main([str(tmp_path / "iris.csv"), "--k", "3", "--standardize", "--labels", str(labels)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("Sum of squared distances of the standardized columns: ")
    printed = np.array([[float(cell) for cell in line.split()[2:]] for line in lines[-3:]])
    labeled = pd.read_csv(labels)
    np.testing.assert_allclose(printed, labeled.groupby("cluster").mean().to_numpy(), rtol=1e-5)
    scaled = StandardScaler().fit_transform(frame)
    inertia = sum(((part - part.mean(axis=0)) ** 2).sum() for _, part in pd.DataFrame(scaled).groupby(labeled.cluster))
    assert float(lines[1].split()[-1]) == pytest.approx(inertia.sum(), rel=1e-5)


def test_columns_with_commas_in_their_names_are_chosen_in_quotes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text('"width, cm",height,depth\n1,2,3.5\n8,9,1.5\n', encoding="utf-8")
    assert main([str(path), "--k", "1", "--columns", '"width, cm",depth']) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-2].split() == ["cluster", "points", "width,", "cm", "depth"]
    assert "note: Not clustered: “height”. --columns chooses columns." in printed.err.splitlines()


def test_a_single_column_can_be_clustered(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(table), "--k", "2", "--columns", "height", "--label", "species"]) == 0
    assert capsys.readouterr().out.splitlines()[4].split() == ["cluster", "points", "height"]


def test_all_measured_columns_are_clustered_unless_some_are_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    rows = "\n".join(f"{at},{0.5 + at},{at * at / 3},7,{at % 3}.25" for at in range(9))
    path.write_text(f"id,a,b,constant,c\n{rows}\n", encoding="utf-8")
    assert main([str(path), "--k", "2"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[3].split() == ["cluster", "points", "a", "b", "c"]
    assert "note: Not clustered: “id” and “constant”. --columns chooses columns." in printed.err.splitlines()


@pytest.mark.parametrize(("missing", "counted"), [("drop", 3), ("fill", 4)])
def test_gaps_are_left_out_or_filled_and_said(
    missing: str, counted: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gap.csv"
    path.write_text("x,y\n1,2\n1,\n9,9\n9,8\n", encoding="utf-8")
    assert main([str(path), "--k", "2", "--missing", missing]) == 0
    printed = capsys.readouterr()
    assert sum(int(line.split()[1]) for line in printed.out.splitlines()[-2:]) == counted
    key = {"drop": "choice.rows_dropped", "fill": "choice.rows_filled"}[missing]
    assert f"note: {message(key, count=1, rows=4)}." in printed.err.splitlines()


def test_the_match_is_scikit_learns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(5)
    groups = rng.integers(0, 3, 60)
    points = rng.normal(size=(60, 2)) + 1.5 * groups[:, None]
    lines = [f"{x!r},{y!r},g{group}" for (x, y), group in zip(points.tolist(), groups.tolist(), strict=True)]
    path, labels = tmp_path / "table.csv", tmp_path / "labels.csv"
    path.write_text("x,y,group\n" + "\n".join(lines), encoding="utf-8")
    assert main([str(path), "--k", "3", "--label", "group", "--labels", str(labels)]) == 0
    match = adjusted_rand_score(groups, pd.read_csv(labels).cluster)
    assert f"Match with group (adjusted Rand index): {match:.3f}" in capsys.readouterr().out


def test_a_sheet_is_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame({"a": [1.5, 2.5], "b": [3.5, 4.5]}).to_excel(writer, sheet_name="first", index=False)
        pd.DataFrame({"p": [10.5, 20.5], "q": [3.5, 4.5]}).to_excel(writer, sheet_name="second", index=False)
    assert main([str(path), "--k", "1", "--sheet", "second"]) == 0
    assert capsys.readouterr().out.splitlines()[-2].split() == ["cluster", "points", "p", "q"]
    assert main([str(path), "--k", "1", "--sheet", "third"]) == 2
    assert "third" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "arguments", "problem"),
    [
        (FLOWERS, ["--k", "9"], kmeans_core.messages.message("runs.k_too_large", n=4, k=9, is_weighted=False)),
        (FLOWERS, ["--k", "0"], "k must be at least 1, got 0"),
        (
            FLOWERS,
            ["--k", "2", "--columns", "width,depth"],
            message("choice.no_such_column", column="“depth”", columns=MEASURES),
        ),
        (FLOWERS, ["--k", "2", "--columns", "species"], message("choice.text", column="“species”", columns=MEASURES)),
        (FLOWERS, ["--k", "2", "--columns", "width,width"], message("choice.chosen_twice", column="“width”")),
        (
            FLOWERS,
            ["--k", "2", "--label", "kind"],
            message("choice.no_such_label", column="“kind”", has_labels=True, labels="“species”"),
        ),
        (FLOWERS, ["--k", "2", "--trace", "out.txt"], "--trace must end in .json or .npz, got out.txt"),
        (FLOWERS, ["--k", "2", "--labels", "out.xlsx"], "--labels must end in .csv, .tsv, or .parquet, got out.xlsx"),
        (FLOWERS, ["--k", "2", "--labels", "nowhere/out.csv"], "there is no folder nowhere to write out.csv to"),
        ("", ["--k", "1"], message("files.empty", file="“table.csv”")),
    ],
)
def test_what_cannot_be_used_is_named(
    text: str, arguments: list[str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), *arguments]) == 2
    printed = capsys.readouterr()
    assert problem in printed.err
    assert printed.err.splitlines()[-1].startswith("kmeans: ")
    assert printed.out == ""


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.csv"), "--k", "1"]) == 2
    assert capsys.readouterr().err == f"kmeans: No such file or directory: {tmp_path / 'none.csv'}\n"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200) | st.text("0123456789.,;\n\t-e\"'nan ", max_size=200).map(str.encode))
def test_any_file_is_used_or_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    assert main([str(path), "--k", "2", "--quiet"]) in {0, 2}


@pytest.mark.parametrize("separator", [",", "\t"])
def test_labels_are_written_in_the_format_that_the_name_says(separator: str, table: Path, tmp_path: Path) -> None:
    target = tmp_path / {",": "out.csv", "\t": "out.TSV"}[separator]
    assert main([str(table), "--k", "2", "--labels", str(target), "--quiet"]) == 0
    rows = list(csv.reader(io.StringIO(target.read_bytes().decode()), delimiter=separator))
    assert rows[0] == ["species", "width", "height", "cluster"]
    assert [row[:3] for row in rows[1:]] == [line.split(",") for line in FLOWERS.splitlines()[1:]]


def test_labels_are_written_as_parquet(table: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    assert main([str(table), "--k", "2", "--labels", str(target), "--quiet"]) == 0
    frame = pd.read_parquet(target)
    assert list(frame) == ["species", "width", "height", "cluster"]
    assert frame["cluster"].nunique() == 2


def test_a_dash_is_standard_input_and_output() -> None:
    """The report must not be in the way of the table that is piped on."""
    command = [*COMMAND, "-", "--k", "2", "--labels", "-"]
    process = subprocess.run(command, input=FLOWERS.encode(), capture_output=True, check=True, cwd=ROOT)
    rows = list(csv.reader(io.StringIO(process.stdout.decode())))
    assert rows[0] == ["species", "width", "height", "cluster"]
    assert len(rows) == 5
    assert "Converged after" in process.stderr.decode()


def test_quiet_prints_nothing_but_the_table(table: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main([str(table), "--k", "2", "--quiet"]) == 0
    assert capfdbinary.readouterr() == (b"", b"")


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"kmeans_core {kmeans_core.__version__}\n"


def test_a_closed_pipe_ends_it_without_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("x,y\n" + "\n".join(f"{at}.5,{at % 7}" for at in range(150_000)), encoding="utf-8")
    command = [*COMMAND, str(path), "--k", "2", "--labels", "-", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for a single process")
def test_an_interrupt_ends_it_without_a_traceback(tmp_path: Path) -> None:
    """Reads from a pipe that stays open, so that it is certainly still at work when the signal arrives."""
    pipe = tmp_path / "table.csv"
    os.mkfifo(pipe)
    with subprocess.Popen([*COMMAND, str(pipe), "--k", "2"], stderr=subprocess.PIPE, cwd=ROOT) as process:
        writer = pipe.open("w", encoding="utf-8")  # opens as soon as the program reads
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read() == b"\nkmeans: interrupted\n"
        assert process.wait(timeout=60) == 130
        writer.close()


def test_a_missing_package_is_named_with_the_remedy(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main([str(table), "--k", "2"]) == 2
    assert "pip install openpyxl pandas pyarrow" in capsys.readouterr().err


def test_a_terminal_shows_the_progress(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main([str(table), "--k", "2", "--init", "k-means++", "--max-iter", "300"]) == 0
    assert "iteration 1 of at most 300, 0 points switched cluster" in capsys.readouterr().err


def test_a_dropped_cluster_has_no_center(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1.5,1\n1.5,1\n1.5,1\n9.5,9\n", encoding="utf-8")
    assert main([str(path), "--k", "3", "--init", "random", "--empty", "drop"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[-3:]]
    dropped_rows = [row[1:] for row in rows if row[1] == "dropped"]
    assert dropped_rows == [["dropped", "-", "-"]]
    assert sum(int(row[1]) for row in rows if row[1] != "dropped") == 4


def test_a_center_of_dates_is_a_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.csv"
    path.write_text("day,moment,y\n2024-02-28,2024-02-28 12:30,1\n2024-03-01,2024-02-29 12:30,3\n", encoding="utf-8")
    for flags in ([], ["--standardize"]):
        assert main([str(path), "--k", "1", "--columns", "day,moment,y", *flags]) == 0
        assert capsys.readouterr().out.splitlines()[-1].split() == ["1", "2", "2024-02-29", "2024-02-29", "00:30", "2"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--sheet", "zzz"], "--sheet is for workbooks, and table.csv is none: leave out --sheet zzz"),
        (["--columns", ""], message("choice.too_few", fewest=1, chosen="none", column="", columns=MEASURES)),
        (["--columns", " "], message("choice.no_such_column", column="“”", columns=MEASURES)),
    ],
)
def test_flags_without_effect_are_refused(
    arguments: list[str], problem: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(table), "--k", "2", *arguments]) == 2
    assert capsys.readouterr().err == f"kmeans: {problem}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x,y,PLZ\n1,2,1.5\n3,4,2.5\n", message("choice.fractions_as_label", **LABEL)),
        (
            "x,y,PLZ\n" + "".join(f"{at},{at % 7},{at * at}\n" for at in range(51)),
            message("choice.many_labels", different=51, most=50, **(LABEL | {"labels": "“y”"})),
        ),
        (
            "x,y,PLZ\n" + "".join(f"{at},{at % 7},2024-{at % 12 + 1}-{at // 12 + 13}\n" for at in range(60)),
            message("choice.many_labels", different=60, most=50, **(LABEL | {"labels": "“y”"})),
        ),
        ("x,y,PLZ\n1,2,\n3,4,NA\n", message("choice.empty_label", **LABEL)),
    ],
)
def test_why_a_column_cannot_be_the_label_is_said(
    text: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "--k", "1", "--columns", "x,y", "--label", "PLZ"]) == 2
    assert capsys.readouterr().err == f"kmeans: {problem}\n"
