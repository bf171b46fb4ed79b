"""Traces as files: what is read back is what was saved, and what is no trace is refused with a sentence."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import (
    EMPTY_POLICIES,
    RULES,
    RunConfig,
    Trace,
    __version__,
    branch,
    files,
    load_run,
    load_trace,
    make_dataset,
    run,
    save_trace,
)
from kmeans_core.trace_checks import check_trace

KINDS = (".json", ".npz")


def assert_equal(one: Trace, other: Trace) -> None:
    assert one.config == other.config
    assert one.stop_reason is other.stop_reason
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
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
    moved = branch(points, trace, 2, trace[2].centers + 0.01)
    save_trace(moved, tmp_path / f"trace{kind}")
    assert_equal(moved, load_trace(tmp_path / f"trace{kind}"))


@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_stored_once(tmp_path: Path, kind: str) -> None:
    """An assign and the refine after it have the same labels, and so have the last two assigns of a run at rest."""
    points, _ = make_dataset("post", seed=0)
    trace = run(points, RunConfig(k=6))
    save_trace(trace, tmp_path / f"trace{kind}")
    again = load_trace(tmp_path / f"trace{kind}")
    assert len({id(step.compact_labels.base) for step in again if step.compact_labels is not None}) == 1
    assert again[1].compact_labels is not None
    assert again[1].compact_labels.base is not None
    assert len(again[1].compact_labels.base) == trace.iterations


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
    again = load_run(path)
    assert_equal(trace, again.trace)
    assert_equal(trace, load_trace(path))
    assert (again.columns, again.about) == (("a", "b, in km²"), about)
    for name, wanted in (("points", points), ("means", means), ("deviations", deviations)):
        np.testing.assert_array_equal(getattr(again, name), wanted)
        assert not getattr(again, name).flags.writeable
    assert again.original_points is not None
    np.testing.assert_allclose(again.original_points, TABLE, rtol=1e-12)
    copy = pickle.loads(pickle.dumps(again))
    assert not copy.points.flags.writeable
    assert again.points is not None
    assert run(again.points, again.trace.config).cost == trace.cost


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_given_is_not_there(tmp_path: Path, kind: str) -> None:
    save_trace(run(TABLE, RunConfig(k=2, init="random")), tmp_path / f"run{kind}")
    again = load_run(tmp_path / f"run{kind}")
    for name in ("points", "columns", "means", "deviations", "weights"):
        assert getattr(again, name) is None
    assert (again.about, again.original_points) == ({}, None)


@pytest.mark.parametrize(
    ("given", "message"),
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
    tmp_path: Path, kind: str, given: dict[str, Any], message: str
) -> None:
    path = tmp_path / f"run{kind}"
    with pytest.raises(ValueError, match=message):
        save_trace(run(TABLE, RunConfig(k=2, init="random")), path, **given)
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
    for seed in range(40):
        points = rng.integers(-3, 4, (12, 2)).astype(float)
        weights = rng.choice([0.0, 0.0, 0.1, 1.0, 2.5, 1e10], 12)
        weights[0] = 1.0
        k = int(rng.integers(1, np.count_nonzero(weights) + 1))
        trace = run(points, RunConfig(k, rule=rule, init="random", empty=empty, seed=seed, max_iter=5), weights)
        save_trace(trace, path, points=points, weights=weights)
        again = load_run(path)
        assert_equal(trace, again.trace)
        np.testing.assert_array_equal(again.weights, weights)
        try:
            save_trace(trace, path, points=points)
        except ValueError as error:
            assert "give those that the run had" in str(error)
            unweighted += 1
    assert unweighted > 20


# --- Files of version 1

SAVED = Path(__file__).parent / "saved"


def test_files_that_the_first_version_wrote_are_read() -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.1]])
    given = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    moved = run(line, RunConfig(k=3, init="given", given=given, empty="drop"))
    moved = branch(line, moved, 3, [[0.0, 0.0], [10.0, 0.0], [1.0, 0.0]])
    again = load_run(SAVED / "dropped-and-moved.json")
    assert again.about == {"columns": ["a", "b"]}
    medoids = load_trace(SAVED / "medoids.npz")
    points, _ = make_dataset("moons", seed=1, points=60)
    config = RunConfig(3, rule="medoid", init="k-means++", seed=4, empty="farthest")
    for found, wanted in ((again.trace, moved), (medoids, run(points, config))):
        assert found.config == replace(wanted.config, max_iter=15)
        assert found.stop_reason is wanted.stop_reason
        for a, b in zip(found, wanted, strict=True):
            assert (a.phase, a.iteration, a.reassigned, a.relocated) == (
                b.phase,
                b.iteration,
                b.reassigned,
                b.relocated,
            )
            np.testing.assert_array_equal(a.centers, b.centers)
            if a.compact_labels is not None:
                np.testing.assert_array_equal(a.compact_labels, b.compact_labels)
    assert [bool(again.trace.active(index)[2]) for index in (2, 4)] == [False, True]


# --- Damage

Change = Callable[[dict[str, Any]], object]


def step(number: int, **fields: Any) -> Change:
    return lambda file: file["steps"][number].update(fields)


def put(**fields: Any) -> Change:
    return lambda file: file.update(fields)


def config(**fields: Any) -> Change:
    return lambda file: file["config"].update(fields)


def without(name: str, *path: Any) -> Change:
    def change(file: dict[str, Any]) -> None:
        record: Any = file
        for part in path:
            record = record[part]
        del record[name]

    return change


def item(name: str, at: tuple[int, ...], value: Any) -> Change:
    def change(file: dict[str, Any]) -> None:
        record = file[name]
        for part in at[:-1]:
            record = record[part]
        record[at[-1]] = value

    return change


def lone(record: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    return [record | fields]


DROPPED = {"cluster": 2, "policy": "drop", "point": None}

# The steps: 0 init, 1 assign, 2 refine (cluster 2 is dropped), 3 assign, 4 move, 5 assign, 6 refine, 7 assign.
DAMAGE: list[tuple[Change, str]] = [
    (step(7, labels=None), r"steps\[7\]\.labels must be there from the first assign on, got None"),
    (step(1, labels=None), r"steps\[1\]\.labels must be there"),
    (without("labels", "steps", 7), r"steps\[7\]\.labels is missing"),
    (step(7, labels=9), r"steps\[7\]\.labels must be null or a row of labels, in 0..\d, got 9"),
    (step(7, labels=-1), "row of labels"),
    (step(7, labels=True), "row of labels"),
    (step(7, labels="0"), "row of labels"),
    (step(0, labels=0), r"steps\[0\]\.labels must be none before the first assign"),
    (step(5, labels=0), r"steps\[\d\]\.(labels|moved) must be"),
    (step(7, iteration=-3), r"steps\[7\]\.iteration must be 2, got -3"),
    (step(6, iteration=1), r"steps\[6\]\.iteration must be 2, got 1"),
    (step(6, iteration=2.0), r"steps\[6\]\.iteration must be 2, got 2.0"),
    (step(6, iteration="2"), r"steps\[6\]\.iteration must be 2, got '2'"),
    (step(0, iteration=False), r"steps\[0\]\.iteration must be 0, got False"),
    (step(7, cost=float("nan")), "every number must be finite, got 'NaN'"),
    (step(7, cost=float("inf")), "every number must be finite, got 'Infinity'"),
    (step(7, cost=-1.0), r"steps\[7\]\.cost must be a finite number of at least 0, got -1.0"),
    (step(7, cost="1"), r"steps\[7\]\.cost must be a finite number"),
    (step(7, cost=None), r"steps\[7\]\.cost must be a finite number of at least 0, got None"),
    (step(7, cost=True), r"steps\[7\]\.cost must be a finite number"),
    (step(0, cost=1.0), r"steps\[0\]\.cost must be none before the first assign, got 1.0"),
    (step(7, seconds=-1), r"steps\[7\]\.seconds must be a finite number of at least 0"),
    (step(7, seconds=None), r"steps\[7\]\.seconds must be"),
    (step(7, moved=1), r"steps\[7\]\.moved must be 0, the number of labels that changed, got 1"),
    (step(1, moved=3), r"steps\[1\]\.moved must be 4, the number of labels that changed, got 3"),
    (step(2, moved=-1), r"steps\[2\]\.moved must be a whole number"),
    (step(2, moved=None), r"steps\[2\]\.moved must be a whole number"),
    (step(0, phase="start"), r"steps\[0\]\.phase must be one of init, assign, refine, move, got 'start'"),
    (step(0, phase=None), r"steps\[0\]\.phase must be one of"),
    (step(0, phase="assign"), r"steps\[0\]\.phase must be init here, got 'assign'"),
    (step(1, phase="refine"), r"steps\[1\]\.phase must be assign or move here, got 'refine'"),
    (step(2, phase="assign"), r"steps\[2\]\.phase must be refine or move here, got 'assign'"),
    (step(3, phase="init"), r"steps\[3\]\.phase must be assign or move here, got 'init'"),
    (step(5, phase="refine"), r"steps\[5\]\.phase must be assign or move here, got 'refine'"),
    (step(7, phase="move"), r"steps\[7\]\.phase must be assign: with it every run ends, got 'move'"),
    (lambda file: [record.update(phase="init") for record in file["steps"]], r"steps\[1\]\.phase must be"),
    (config(rule="mode"), "rule must be one of mean, medoid, median, got 'mode'"),
    (config(init="best", given=None), "init must be one of .*, got 'best'"),
    (config(empty="crash"), "empty must be one of keep, farthest, drop, got 'crash'"),
    (config(backend="abacus"), "backend must be one of .*, got 'abacus'"),
    (config(k=0), "config: k must be at least 1, got 0"),
    (config(k=2), "config: given must hold k = 2 centers, got 3"),
    (config(k=True), "config: k must be a whole number"),
    (config(k="3"), "config: k must be a whole number"),
    (config(max_iter=0), r"steps\[2\]\.phase must be no refine after 0 iterations \(max_iter\), got 'refine'"),
    (config(seed=-1), "config: seed must be at least 0"),
    (config(colour=1), "config has an unknown field 'colour'"),
    (config(given=[[0, 0], [1, 1], [2]]), "config: given must be"),
    (without("k", "config"), "config.k is missing"),
    (without("max_iter", "config"), "config.max_iter is missing"),
    (put(config=[]), r"config must be an object, got \[\]"),
    (put(stop_reason="tired"), "stop_reason must be one of converged, max_iter, got 'tired'"),
    (put(stop_reason="max_iter"), "stop_reason must be converged, as in the last assign no point changed"),
    (put(stop_reason=None), "stop_reason must be one of"),
    (put(steps=7), "steps must be a list, got 7"),
    (put(steps=[]), "centers must be of shape"),
    (put(steps={}), "steps must be a list"),
    (lambda file: file["steps"].pop(), "centers must be of shape"),
    (lambda file: file["steps"].__setitem__(3, None), r"steps\[3\] must be an object, got None"),
    (step(2, relocated=[]), r"steps\[2\]\.relocated must be of the clusters without points, \[2\].*, got \[\]"),
    (step(6, relocated=[DROPPED]), r"steps\[6\]\.(relocated|centers) must be"),
    (step(3, relocated=[DROPPED]), r"steps\[3\]\.relocated must be empty, as a assign|steps\[3\]\.relocated must be"),
    (step(2, relocated=lone(DROPPED, cluster=0)), r"steps\[2\]\.(relocated|centers) must be"),
    (step(2, relocated=lone(DROPPED, cluster=7)), r"steps\[2\]\.relocated.cluster must be in 0..2, got 7"),
    (step(2, relocated=lone(DROPPED, cluster=-1)), r"steps\[2\]\.relocated.cluster must be in 0..2, got -1"),
    (step(2, relocated=lone(DROPPED, cluster=None)), r"steps\[2\]\.relocated must be"),
    (step(2, relocated=lone(DROPPED, policy="keep")), r"steps\[2\]\.relocated.policy must be 'drop', as in config"),
    (step(2, relocated=lone(DROPPED, policy="burn")), r"steps\[2\]\.relocated.policy must be 'drop'"),
    (step(2, relocated=lone(DROPPED, point=1)), r"steps\[2\]\.relocated.point must be none with the policy 'drop'"),
    (step(2, relocated=[DROPPED, DROPPED]), r"steps\[2\]\.relocated must be of the clusters"),
    (step(2, relocated=None), r"steps\[2\]\.relocated must be a list"),
    (step(2, relocated=[7]), r"steps\[2\]\.relocated must be a list of objects"),
    (step(2, relocated=[{}]), r"steps\[2\]\.relocated.cluster is missing"),
    (put(labels=None), "labels must be whole numbers in 2 dimensions, got None"),
    (put(labels=[]), "labels must be whole numbers in 2 dimensions"),
    (put(labels=[0, 0, 1, 1]), "labels must be whole numbers in 2 dimensions, got 'an array of shape"),
    (lambda file: file.update(labels=[[0]] * len(file["labels"])), r"k|moved|in 1\.\.n"),
    (item("labels", (0, 0), 7), r"labels must be in 0..2, got \S*7"),
    (item("labels", (0, 0), -1), r"labels must be in 0..2, got \S*-1"),
    (item("labels", (0, 0), 0.5), "labels must be whole numbers in 2 dimensions, got 'an array of float64'"),
    (item("labels", (0, 0), None), "labels must be whole numbers"),
    (item("labels", (0, 0), True), "labels must be whole numbers"),
    (item("labels", (0, 0), 10**30), "labels must be whole numbers"),
    (item("labels", (0,), [0, 1]), "labels must be whole numbers in 2 dimensions, all rows of one length"),
    (item("labels", (0, 0), 2), r"steps\[\d\]\.(relocated|labels|moved|centers) must be"),
    (put(centers=[[[0.0]]]), r"centers must be of shape \(steps=8, k=3, d\), got \(1, 1, 1\)"),
    (put(centers="x"), "centers must be finite numbers in 3 dimensions, got 'x'"),
    (item("centers", (0, 0, 0), None), "centers must be finite numbers"),
    (item("centers", (0, 0, 0), "1"), "centers must be finite numbers"),
    (item("centers", (0, 0, 0), 1e999), "every number must be finite|centers must be"),
    (item("centers", (3, 0, 0), 5.0), r"steps\[3\]\.centers must be those of the half-step before"),
    (
        lambda file: [file["centers"][index][2].__setitem__(0, 5.0) for index in (2, 3)],
        r"steps\[2\]\.centers must be as before for cluster 2, which is empty",
    ),
    (put(schema="kmeans_core.trace/9"), "its schema is 'kmeans_core.trace/9', and kmeans_core.* reads up to"),
    (put(schema="kmeans_core.trace/9", program="kmeans_core 7.1"), "it was written by kmeans_core 7.1, so use that"),
    (put(schema="kmeans_core.trace/0"), "schema must be kmeans_core.trace/1 or kmeans_core.trace/2"),
    (put(schema="kmeans_core.trace/x"), "schema must be"),
    (put(schema=2), "schema must be .*, got 2"),
    (without("schema"), "schema is missing"),
    (without("centers"), "centers is missing"),
    (without("labels"), "labels is missing"),
    (without("steps"), "steps is missing"),
    (without("stop_reason"), "stop_reason is missing"),
]


def changed_file(path: Path, change: Change) -> None:
    file = json.loads(path.read_text())
    change(file)
    path.write_text(json.dumps(file))


@pytest.mark.parametrize("number", range(len(DAMAGE)))
@pytest.mark.parametrize("version", [1, 2])
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, version: int, number: int) -> None:
    change, message = DAMAGE[number]
    path = tmp_path / "trace.json"
    path.write_bytes((SAVED / "dropped-and-moved.json").read_bytes())
    if version == 2:
        save_trace(load_trace(path), path)
    changed_file(path, change)
    with pytest.raises(ValueError, match=f"^trace.json is no trace, or is damaged: .*(?:{message})"):
        load_trace(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (step(3, seconds=1.5), "digest must be '.*, that of the rest .leave it out if you changed the file"),
        (put(about={"x": 2}), "digest must be"),
        (put(program="me"), "digest must be"),
        (put(digest=7), "digest must be a text"),
        (put(poinst=[[1.0]]), "the file has an unknown field 'poinst'"),
        (step(3, note="x"), r"steps\[3\] has an unknown field 'note'"),
        (item("points", (1, 1), 0.5), r"steps\[\d\]\.cost must be"),
        (item("points", (1, 1), "0"), "points must be finite numbers"),
        (put(points=None), "points must be finite numbers"),
        (lambda file: file["points"].pop(), r"points must be of shape \(4, 2\)"),
        (
            step(7, cost=1.25),
            r"steps\[7\]\.cost must be [\d.]+, that of its labels and centers, if points have no weights",
        ),
        (put(scaling=[]), "scaling must be an object"),
        (put(scaling={"means": [0.0, 0.0]}), "scaling.deviations is missing"),
        (put(columns="ab"), "columns must be a list"),
        (put(columns=["a"]), "columns must be 2 texts"),
        (put(weights=[1.0]), "weights must be 4 finite numbers"),
        (put(weights=[1.0, 1.0, 1.0, 2.0]), r"steps\[1\]\.cost must be"),
    ],
)
def test_what_only_the_second_version_has_is_checked_too(tmp_path: Path, change: Change, message: str) -> None:
    path = tmp_path / "trace.json"
    line = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.1]])
    save_trace(load_trace(SAVED / "dropped-and-moved.json"), path, {"x": 1}, points=line)
    changed_file(path, change)
    with pytest.raises(ValueError, match=message):
        load_run(path)


def test_a_file_that_was_changed_on_purpose_is_read_without_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    save_trace(run(TABLE, RunConfig(k=2, init="random")), path, {"x": 1})
    changed_file(path, lambda file: (file.pop("digest"), file["about"].update(x=2)))
    assert load_run(path).about == {"x": 2}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b"[" * 200_000,
        b'{"schema":' * 100_000,
        b'{"schema": "kmeans_core.trace/2", "schema": "kmeans_core.trace/1"}',
        b"\xff\xfe\x00",
        b'{"schema": ' + b"9" * 10_000 + b"}",
    ],
)
def test_text_that_is_no_trace_is_refused(tmp_path: Path, content: bytes) -> None:
    for kind in KINDS:
        (tmp_path / f"it{kind}").write_bytes(content)
        with pytest.raises(ValueError, match=r"is no trace, or is damaged: ."):
            load_trace(tmp_path / f"it{kind}")


# --- Archives


def archive_of(path: Path, **members: Any) -> None:
    """Write a file of the second version with other members than it should have; None leaves one out."""
    with np.load(path) as archive:
        found = {name: archive[name] for name in archive.files}
    np.savez_compressed(path, **{name: value for name, value in (found | members).items() if value is not None})


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"header": None}, "header must be a text"),
        ({"header": np.arange(3)}, "header must be a text"),
        ({"header": np.array("{}")}, "schema is missing"),
        ({"labels": None}, "labels is missing"),
        ({"centers": None}, "centers is missing"),
        ({"other": np.arange(3)}, "its members must be each once, of header, centers, labels, points, weights"),
        ({"labels": np.array([[{}]], dtype=object)}, "labels.npy must be"),
        ({"labels": np.zeros((2, 5))}, "labels must be whole numbers in 2 dimensions, got 'an array of float64'"),
        ({"labels": np.zeros((2, 5), dtype=bool)}, "labels must be whole numbers"),
        ({"labels": np.zeros((2, 0), dtype=np.uint8)}, "labels must be whole numbers"),
        ({"labels": np.full((1, 5), "0")}, "labels must be whole numbers"),
        ({"centers": np.zeros((1, 1, 1))}, "centers must be of shape"),
        ({"centers": np.zeros((1, 1, 1), dtype=np.float32)}, "centers must be finite numbers"),
        ({"centers": np.asfortranarray(np.zeros((6, 2, 2)))}, "centers.npy must be"),
        ({"centers": np.full((6, 2, 2), np.nan)}, "centers must be finite"),
        ({"points": np.zeros((5, 2), dtype=complex)}, "points must be finite numbers"),
    ],
)
def test_an_archive_with_other_members_is_refused(tmp_path: Path, members: dict[str, Any], message: str) -> None:
    path = tmp_path / "run.npz"
    save_trace(run(TABLE, RunConfig(k=2, init="random")), path)
    archive_of(path, **members)
    with pytest.raises(ValueError, match=message):
        load_trace(path)


def npy(header: str, content: bytes = b"") -> bytes:
    text = header.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + content


@pytest.mark.parametrize(
    "member",
    [
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000, 1000000000)}"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2, 2)}"),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"cos\nsystem\n"),
        npy("__import__('os')"),
        b"\x93NUMPY\x02\x00",
        b"",
    ],
)
def test_an_array_that_says_it_is_what_it_is_not_is_refused(tmp_path: Path, member: bytes) -> None:
    path = tmp_path / "run.npz"
    save_trace(run(TABLE, RunConfig(k=2, init="random")), path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | {"centers.npy": member}).items():
            archive.writestr(name, content)
    with pytest.raises(ValueError, match="is no trace, or is damaged"):
        load_trace(path)


def test_an_archive_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("labels.npy", "w") as member:
        for _ in range(300):
            member.write(bytes(2**20))
    assert path.stat().st_size < 400_000
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(ValueError, match=r"what it unpacks to must be at most 268,435,456 bytes.*, got 314572800"):
        load_trace(path)


def test_what_is_saved_is_never_taken_for_such_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_UNPACKED", 2**18)
    points = np.zeros((200_000, 1))
    trace = run(points, RunConfig(k=1))
    save_trace(trace, tmp_path / "run.npz", points=points)
    assert_equal(trace, load_trace(tmp_path / "run.npz"))


# --- Any damage


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    trace = run(TABLE, RunConfig(k=2, seed=1))
    for kind in KINDS:
        save_trace(trace, folder / f"trace{kind}", {"x": "y"}, points=TABLE, columns=["a", "b"])
    return folder


def read_or_refused(path: Path, wanted: Trace) -> bool:
    """Tell whether a file is refused with a sentence; one that is read must be what was saved."""
    try:
        found = load_trace(path)
    except ValueError as error:
        assert len(str(error)) > len(path.name) + 30
        return True
    assert_equal(wanted, found)
    return False


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_a_mangled_file_is_refused_with_a_sentence(saved: Path, kind: str, data: st.DataObject) -> None:
    content = bytearray((saved / f"trace{kind}").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at : at + data.draw(st.integers(1, len(content)))]
            content = content or bytearray(b"{")
    path = saved / f"mangled{kind}"
    path.write_bytes(bytes(content))
    read_or_refused(path, load_trace(saved / f"trace{kind}"))


JUNK: list[Any] = [None, True, False, 0, 1, -1, 2, 7, 0.5, -0.0, 1e300, 10**40, "", "0", "mean", "assign", [], [0], {}]


def damaged(value: Any, rng: np.random.Generator) -> Any:
    """Return JSON with one value of it, somewhere, made another or left out."""
    if isinstance(value, dict | list) and value and rng.random() < 0.9:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = keys[int(rng.integers(len(keys)))]
        changed: Any = dict(value) if isinstance(value, dict) else list(value)
        if rng.random() < 0.1:
            del changed[key]
        elif isinstance(changed, list) and rng.random() < 0.1:
            changed.insert(key, changed[int(rng.integers(len(changed)))])
        else:
            changed[key] = damaged(value[key], rng)
        return changed
    return JUNK[int(rng.integers(len(JUNK)))]


def test_thousands_of_damaged_values_are_refused(saved: Path) -> None:
    """The digest finds what nothing else can contradict; without it a file must still be a trace that could be."""
    rng = np.random.default_rng(7)
    wanted = load_trace(saved / "trace.json")
    whole = json.loads((saved / "trace.json").read_text())
    bare = {name: value for name, value in whole.items() if name != "digest"}
    path = saved / "damaged.json"
    refused = 0
    for _ in range(1500):
        path.write_text(json.dumps(damaged(whole, rng)))
        refused += read_or_refused(path, wanted)
        path.write_text(json.dumps(damaged(bare, rng)))
        try:
            found = load_trace(path)
        except ValueError:
            refused += 1
        else:
            assert found.stop_sentence
            check_trace(found)
    assert refused > 2000


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1e140])
def test_costs_of_tiny_and_huge_values_agree_with_their_points(tmp_path: Path, rule: str, scale: float) -> None:
    trace = run(TABLE * scale, RunConfig(k=2, rule=rule, init="random"))
    save_trace(trace, tmp_path / "run.npz", points=TABLE * scale)
    assert_equal(trace, load_trace(tmp_path / "run.npz"))
