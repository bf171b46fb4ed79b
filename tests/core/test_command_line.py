"""The command line: a table in, words, labels and a trace out, and a sentence for what can't be used."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kmeans_core import RunConfig, load_run, load_trace, make_dataset, run
from kmeans_core.__main__ import main

IRIS = "species,width,height\na,1.0,2.0\na,1.1,2.1\nb,5.0,6.0\nb,5.1,6.2\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(IRIS, encoding="utf-8")
    return path


def test_it_tells_what_came_out(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(table), "--k", "2"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines() == [
        "Converged after 1 iteration: no point changed its cluster.",
        "Sum of squared distances: 0.035",
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
        asked = [str(tmp_path / "t.csv"), "--k", "2", "--quiet", "--trace", str(file)]
        assert main([*asked, *(["--standardize"] if standardize else [])]) == 0
        saved = load_run(file)
        assert saved.columns == ("width", "height")
        assert saved.points is not None
        assert saved.original_points is not None
        assert (saved.means is not None) == standardize
        np.testing.assert_allclose(saved.original_points, table, rtol=1e-14)
        assert run(saved.points, saved.trace.config).cost == saved.trace.cost


def test_labels_and_trace_are_those_of_the_run(tmp_path: Path) -> None:
    points, _ = make_dataset("post", seed=0)
    np.savetxt(tmp_path / "points.csv", points, delimiter=",", fmt="%.17g")
    arguments = ["--k", "6", "--rule", "medoid", "--init", "random", "--seed", "4", "--max-iter", "15", "--quiet"]
    files = ["--labels", str(tmp_path / "labels.csv"), "--trace", str(tmp_path / "trace.npz")]
    assert main([str(tmp_path / "points.csv"), *arguments, *files]) == 0
    expected = run(points, RunConfig(k=6, rule="medoid", seed=4, max_iter=15))
    trace = load_trace(tmp_path / "trace.npz")
    assert trace.config == expected.config
    np.testing.assert_array_equal(trace.labels, expected.labels)
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["1", "2", "cluster"]
    assert [int(row[2]) - 1 for row in rows[1:]] == expected.labels.tolist()


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


def test_columns_are_chosen_and_standardized(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(table), "--k", "2", "--columns", "height", "--standardize"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == ["cluster", "points", "height"]
    assert float(lines[4].split()[2]) == pytest.approx(-float(lines[5].split()[2]))


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (IRIS, ["--k", "9"], "k must be in 1..n (n=4), got 9"),
        (IRIS, ["--k", "2", "--columns", "width,depth"], "there is no column 'depth'; there is species, width, height"),
        (IRIS, ["--k", "2", "--columns", "species"], "column 'species' has 'a' in row 1, which is no finite number"),
        (IRIS, ["--k", "2", "--trace", "out.txt"], "--trace must end in .json or .npz, got out.txt"),
        (IRIS, ["--k", "2", "--labels", "nowhere/out.csv"], "there is no folder nowhere to write out.csv to"),
        ("", ["--k", "1"], "holds no rows"),
        ("a,b\n", ["--k", "1"], "holds names, but no rows"),
        ("a,b\n1,2\n3\n", ["--k", "1"], "row 2 has 1 cells, and there are 2 columns"),
        ("a,b\n1,x\n2,\n3,nan\n", ["--k", "1", "--columns", "b"], "column 'b' has 'x' in row 1"),
        ("a\nx\n1\n", ["--k", "1"], "no column holds numbers only; 'a' has 'x' in row 1"),
    ],
)
def test_what_cannot_be_used_is_named(
    text: str, arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), *arguments]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.startswith("kmeans_core: ")
    assert told.out == ""


def test_another_encoding_and_a_missing_file_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin.csv").write_bytes("größe\n1\n".encode("latin-1"))
    assert main([str(tmp_path / "latin.csv"), "--k", "1"]) == 2
    assert "is not text in UTF-8, from byte 2 on" in capsys.readouterr().err
    assert main([str(tmp_path / "none.csv"), "--k", "1"]) == 2
    assert "none.csv" in capsys.readouterr().err


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text("0123456789.,;\n\t-e\"'nan ", max_size=200).map(str.encode))
def test_any_file_is_used_or_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    assert main([str(path), "--k", "2", "--quiet"]) in {0, 2}


def test_it_runs_as_a_module(table: Path) -> None:
    command = [sys.executable, "-m", "kmeans_core", str(table), "--k", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Converged after" in done.stdout
    assert done.stderr == ""


def test_a_terminal_sees_how_far_it_is(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main([str(table), "--k", "2"]) == 0
    assert "iteration 1 of at most 300, 0 points moved" in capsys.readouterr().err
