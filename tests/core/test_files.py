"""Traces as files: what is read back is what was saved, and anything else is refused with a sentence."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kmeans_core import (
    EMPTY_POLICIES,
    RULES,
    RunConfig,
    Trace,
    __version__,
    branch,
    load_run,
    load_trace,
    make_dataset,
    run,
    save_trace,
)

KINDS = (".json", ".npz")


def assert_equal(first: Trace, second: Trace) -> None:
    assert first.config == second.config
    assert first.stop_reason is second.stop_reason
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        for name in ("phase", "iteration", "cost", "reassigned", "relocated", "seconds"):
            assert getattr(a, name) == getattr(b, name)
        np.testing.assert_array_equal(a.centers, b.centers)
        assert (a.labels is None) == (b.labels is None)
        if a.labels is not None and b.labels is not None:
            np.testing.assert_array_equal(a.labels, b.labels)
            assert a.labels.dtype == b.labels.dtype
            assert not b.labels.flags.writeable
        assert not b.centers.flags.writeable


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_a_trace_comes_back_bit_for_bit(tmp_path: Path, kind: str, rule: str, empty: str) -> None:
    points, _ = make_dataset("moons", seed=1)
    far = ((0.1, 0.2), (90.0, 90.0), (1 / 3, 1.0))
    trace = run(points, RunConfig(k=3, rule=rule, init="given", given=far, empty=empty))
    assert any(step.relocated for step in trace)
    save_trace(trace, tmp_path / f"trace{kind}", {"columns": ["a", "b"]})
    assert_equal(trace, load_trace(tmp_path / f"trace{kind}"))


def test_a_file_says_what_it_is_about(tmp_path: Path) -> None:
    save_trace(run([[0.0], [1.0]], RunConfig(k=1)), tmp_path / "trace.json", {"columns": ["a"]})
    assert json.loads((tmp_path / "trace.json").read_text())["about"] == {"columns": ["a"]}


@pytest.mark.parametrize("kind", KINDS)
def test_so_does_one_that_was_moved_by_hand_and_has_many_clusters(tmp_path: Path, kind: str) -> None:
    points, _ = make_dataset("uniform", seed=1)
    trace = run(points, RunConfig(k=300, max_iter=3))
    branch_trace = branch(points, trace, 2, trace[2].centers + 0.01)
    save_trace(branch_trace, tmp_path / f"trace{kind}")
    assert_equal(branch_trace, load_trace(tmp_path / f"trace{kind}"))


@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_stored_once(tmp_path: Path, kind: str) -> None:
    """An assign and the refine after it have the same labels, and so have the last two assigns of a run at rest."""
    points, _ = make_dataset("post", seed=0)
    trace = run(points, RunConfig(k=6))
    save_trace(trace, tmp_path / f"trace{kind}")
    copy = load_trace(tmp_path / f"trace{kind}")
    assert len({id(step.compact_labels.base) for step in copy if step.compact_labels is not None}) == 1
    assert copy[1].compact_labels is not None
    assert copy[1].compact_labels.base is not None
    assert len(copy[1].compact_labels.base) == trace.iterations


def test_json_is_what_the_documentation_says(tmp_path: Path) -> None:
    save_trace(run([[0.0], [1.0], [5.0]], RunConfig(k=2, seed=1)), tmp_path / "trace.json")
    fields = json.loads((tmp_path / "trace.json").read_text())
    assert sorted(fields) == ["centers", "config", "digest", "labels", "program", "schema", "steps", "stop_reason"]
    assert fields["schema"] == "kmeans_core.trace/2"
    assert fields["program"] == f"kmeans_core {__version__}"
    assert sorted(fields["steps"][0]) == ["cost", "iteration", "labels", "moved", "phase", "relocated", "seconds"]


@pytest.mark.parametrize("name", ["trace.txt", "trace", "trace.JSON.gz"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    trace = run([[0.0], [1.0]], RunConfig(k=1))
    with pytest.raises(ValueError, match=r"path must end in \.json or \.npz, got"):
        save_trace(trace, tmp_path / name)
    with pytest.raises(ValueError, match=r"path must end in \.json or \.npz, got"):
        load_trace(tmp_path / name)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_trace(tmp_path / "none.json")


# --- Points, scaling, columns

TABLE = np.array([[1.0, 100.0], [2.0, 120.0], [9.0, 300.0], [10.0, 310.0], [5.5, 1 / 3]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", RULES)
def test_a_run_can_be_drawn_again_from_its_file_alone(tmp_path: Path, kind: str, rule: str) -> None:
    means, deviations = TABLE.mean(axis=0), TABLE.std(axis=0)
    points = (TABLE - means) / deviations
    trace = run(points, RunConfig(k=2, rule=rule, init="random"))
    path = tmp_path / f"run{kind}"
    about = {"link": "https://kmeans.example", "rows_left_out": [3, 4], "ratio": 0.1, "none": None}
    save_trace(trace, path, about, points=points, columns=["a", "b, in km²"], scaling=(means, deviations))
    run_file = load_run(path)
    assert_equal(trace, run_file.trace)
    assert_equal(trace, load_trace(path))
    assert (run_file.columns, run_file.about) == (("a", "b, in km²"), about)
    for name, expected in (("points", points), ("means", means), ("deviations", deviations)):
        np.testing.assert_array_equal(getattr(run_file, name), expected)
        assert not getattr(run_file, name).flags.writeable
    assert run_file.original_points is not None
    np.testing.assert_allclose(run_file.original_points, TABLE, rtol=1e-12)
    copy = pickle.loads(pickle.dumps(run_file))
    assert not copy.points.flags.writeable
    assert run_file.points is not None
    assert run(run_file.points, run_file.trace.config).cost == trace.cost


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_given_is_not_there(tmp_path: Path, kind: str) -> None:
    save_trace(run(TABLE, RunConfig(k=2, init="random")), tmp_path / f"run{kind}")
    copy = load_run(tmp_path / f"run{kind}")
    for name in ("points", "columns", "means", "deviations", "weights"):
        assert getattr(copy, name) is None
    assert (copy.about, copy.original_points) == ({}, None)


@pytest.mark.parametrize(
    ("extras", "message"),
    [
        ({"points": TABLE[:, :1]}, r"points must be of shape \(5, 2\), as labels and centers are, got \(5, 1\)"),
        ({"points": TABLE[::-1]}, r"steps\[1\]\.cost must be .*, that of its labels and centers"),
        ({"points": TABLE * np.nan}, "points must be a 2-D array"),
        ({"columns": ["a"]}, r"columns must be 2 texts, one for each feature, got \['a'\]"),
        ({"columns": ["a", 2]}, "columns must be 2 texts"),
        ({"scaling": ([1.0], [1.0])}, r"scaling must be 2 means and 2 deviations, got \(1, 1\)"),
        ({"scaling": ([1.0, 1.0], [1.0, 0.0])}, r"scaling.deviations must be above 0, got \[1.0, 0.0\]"),
        ({"scaling": ([1.0, np.nan], [1.0, 1.0])}, "means must be"),
        ({"weights": [1.0, 1.0]}, "weights must be 5 finite numbers"),
        ({"about": {"x": float("nan")}}, "about must be what JSON can hold, got {'x': nan}: Out of range float"),
        ({"about": {"x": [float("inf")]}}, "about must be what JSON can hold"),
        ({"about": {"x": TABLE}}, "about must be what JSON can hold"),
        ({"about": {1: "a", "1": "b"}}, "about must be what JSON can hold.*each field must be there once, got '1'"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_belong_to_a_trace_is_not_saved(
    tmp_path: Path, kind: str, extras: dict[str, Any], message: str
) -> None:
    path = tmp_path / f"run{kind}"
    with pytest.raises(ValueError, match=message):
        save_trace(run(TABLE, RunConfig(k=2, init="random")), path, **extras)
    assert not path.exists()


def test_a_trace_that_no_run_left_behind_is_not_saved(tmp_path: Path) -> None:
    trace = run(TABLE, RunConfig(k=2, init="random"))
    for broken, message in (
        (replace(trace, steps=trace.steps[:-1]), r"phase must be assign: with it every run ends, got 'refine'"),
        (replace(trace, steps=()), "steps must be half-steps"),
        (
            replace(trace, steps=(replace(trace[0], iteration=True), *trace[1:])),
            r"steps\[0\].iteration must be 0, got T",
        ),
        (replace(trace, steps=(replace(trace[0], centers=np.zeros((2, 3))), *trace[1:])), "centers"),
        (replace(trace, config=replace(trace.config, max_iter=0)), r"steps\[2\].phase must be no refine after 0"),
    ):
        with pytest.raises(ValueError, match=message):
            save_trace(broken, tmp_path / "run.json")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("empty", EMPTY_POLICIES)
@pytest.mark.parametrize("rule", RULES)
def test_weights_are_saved_with_the_points_that_they_count(tmp_path: Path, kind: str, rule: str, empty: str) -> None:
    """They decide which clusters are empty, and where several empty ones go: a point of weight 2 counts twice."""
    rng = np.random.default_rng(4)
    path = tmp_path / f"run{kind}"
    unweighted = 0
    for seed in range(12):
        points = rng.integers(-3, 4, (12, 2)).astype(float)
        weights = rng.choice([0.0, 0.0, 0.1, 1.0, 2.5, 1e10], 12)
        weights[0] = 1.0
        k = int(rng.integers(1, np.count_nonzero(weights) + 1))
        trace = run(points, RunConfig(k, rule=rule, init="random", empty=empty, seed=seed, max_iter=5), weights)
        save_trace(trace, path, points=points, weights=weights)
        copy = load_run(path)
        assert_equal(trace, copy.trace)
        np.testing.assert_array_equal(copy.weights, weights)
        try:
            save_trace(trace, path, points=points)
        except ValueError as error:
            assert "give those that the run had" in str(error)
            unweighted += 1
    assert unweighted > 5


# --- Files that were saved once

OLD_FILES = Path(__file__).parent / "saved"


def test_files_that_the_first_version_wrote_are_read() -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.1]])
    start = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    trace_with_move = run(line, RunConfig(k=3, init="given", given=start, empty="drop"))
    trace_with_move = branch(line, trace_with_move, 3, [[0.0, 0.0], [10.0, 0.0], [1.0, 0.0]])
    run_file = load_run(OLD_FILES / "dropped-and-moved.json")
    assert run_file.about == {"columns": ["a", "b"]}
    medoids = load_trace(OLD_FILES / "medoids.npz")
    points, _ = make_dataset("moons", seed=1, points=60)
    config = RunConfig(3, rule="medoid", init="k-means++", seed=4, empty="farthest")
    for trace, expected in ((run_file.trace, trace_with_move), (medoids, run(points, config))):
        assert trace.config == replace(expected.config, max_iter=15)
        assert trace.stop_reason is expected.stop_reason
        for a, b in zip(trace, expected, strict=True):
            assert (a.phase, a.iteration, a.reassigned, a.relocated) == (
                b.phase,
                b.iteration,
                b.reassigned,
                b.relocated,
            )
            np.testing.assert_array_equal(a.centers, b.centers)
            if a.compact_labels is not None:
                np.testing.assert_array_equal(a.compact_labels, b.compact_labels)
    assert [bool(run_file.trace.active(index)[2]) for index in (2, 4)] == [False, True]


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_files_that_the_second_version_wrote_are_read(kind: str) -> None:
    points, _ = make_dataset("moons", seed=1, points=60)
    weights = np.arange(60) % 3 + 1.0
    trace = run(points, RunConfig(3, init="k-means++", seed=4, empty="farthest"), weights)
    run_file = load_run(OLD_FILES / f"weighted.{kind}")
    assert run_file.about is not None
    assert run_file.about["data"].endswith("moons")
    assert run_file.columns == ("x", "y")
    np.testing.assert_array_equal(run_file.points, points)
    np.testing.assert_array_equal(run_file.weights, weights)
    assert run_file.trace.config == trace.config
    for a, b in zip(run_file.trace, trace, strict=True):
        assert (a.phase, a.iteration, a.reassigned) == (b.phase, b.iteration, b.reassigned)
        np.testing.assert_array_equal(a.centers, b.centers)
    np.testing.assert_array_equal(run_file.trace.labels, trace.labels)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1e140])
def test_costs_of_tiny_and_huge_values_agree_with_their_points(tmp_path: Path, rule: str, scale: float) -> None:
    trace = run(TABLE * scale, RunConfig(k=2, rule=rule, init="random"))
    save_trace(trace, tmp_path / "run.npz", points=TABLE * scale)
    assert_equal(trace, load_trace(tmp_path / "run.npz"))
