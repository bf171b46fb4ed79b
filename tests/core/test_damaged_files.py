"""Damaged trace files: what is wrong is named, and only traces are read."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import (
    RunConfig,
    Trace,
    files,
    load_run,
    load_trace,
    run,
    save_trace,
)
from kmeans_core.trace_checks import check_trace
from tests.core.test_files import KINDS, OLD_FILES, TABLE, assert_equal

# --- Damage

Change = Callable[[dict[str, Any]], object]


def step(number: int, **fields: Any) -> Change:
    return lambda file: file["steps"][number].update(fields)


def set_fields(**fields: Any) -> Change:
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


DROPPED_CLUSTER = {"cluster": 2, "policy": "drop", "point": None}

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
    (set_fields(config=[]), r"config must be an object, got \[\]"),
    (set_fields(stop_reason="tired"), "stop_reason must be one of converged, max_iter, got 'tired'"),
    (set_fields(stop_reason="max_iter"), "stop_reason must be converged, as in the last assign no point changed"),
    (set_fields(stop_reason=None), "stop_reason must be one of"),
    (set_fields(steps=7), "steps must be a list, got 7"),
    (set_fields(steps=[]), "centers must be of shape"),
    (set_fields(steps={}), "steps must be a list"),
    (lambda file: file["steps"].pop(), "centers must be of shape"),
    (lambda file: file["steps"].__setitem__(3, None), r"steps\[3\] must be an object, got None"),
    (step(2, relocated=[]), r"steps\[2\]\.relocated must be of the clusters without points, \[2\].*, got \[\]"),
    (step(6, relocated=[DROPPED_CLUSTER]), r"steps\[6\]\.(relocated|centers) must be"),
    (
        step(3, relocated=[DROPPED_CLUSTER]),
        r"steps\[3\]\.relocated must be empty, as a assign|steps\[3\]\.relocated must be",
    ),
    (step(2, relocated=lone(DROPPED_CLUSTER, cluster=0)), r"steps\[2\]\.(relocated|centers) must be"),
    (step(2, relocated=lone(DROPPED_CLUSTER, cluster=7)), r"steps\[2\]\.relocated.cluster must be in 0..2, got 7"),
    (step(2, relocated=lone(DROPPED_CLUSTER, cluster=-1)), r"steps\[2\]\.relocated.cluster must be in 0..2, got -1"),
    (step(2, relocated=lone(DROPPED_CLUSTER, cluster=None)), r"steps\[2\]\.relocated must be"),
    (
        step(2, relocated=lone(DROPPED_CLUSTER, policy="keep")),
        r"steps\[2\]\.relocated.policy must be 'drop', as in config",
    ),
    (step(2, relocated=lone(DROPPED_CLUSTER, policy="burn")), r"steps\[2\]\.relocated.policy must be 'drop'"),
    (
        step(2, relocated=lone(DROPPED_CLUSTER, point=1)),
        r"steps\[2\]\.relocated.point must be none with the policy 'drop'",
    ),
    (step(2, relocated=[DROPPED_CLUSTER, DROPPED_CLUSTER]), r"steps\[2\]\.relocated must be of the clusters"),
    (step(2, relocated=None), r"steps\[2\]\.relocated must be a list"),
    (step(2, relocated=[7]), r"steps\[2\]\.relocated must be a list of objects"),
    (step(2, relocated=[{}]), r"steps\[2\]\.relocated.cluster is missing"),
    (set_fields(labels=None), "labels must be whole numbers in 2 dimensions, got None"),
    (set_fields(labels=[]), "labels must be whole numbers in 2 dimensions"),
    (set_fields(labels=[0, 0, 1, 1]), "labels must be whole numbers in 2 dimensions, got 'an array of shape"),
    (lambda file: file.update(labels=[[0]] * len(file["labels"])), r"k|moved|in 1\.\.n"),
    (item("labels", (0, 0), 7), r"labels must be in 0..2, got \S*7"),
    (item("labels", (0, 0), -1), r"labels must be in 0..2, got \S*-1"),
    (item("labels", (0, 0), 0.5), "labels must be whole numbers in 2 dimensions, got 'an array of float64'"),
    (item("labels", (0, 0), None), "labels must be whole numbers"),
    (item("labels", (0, 0), True), "labels must be whole numbers"),
    (item("labels", (0, 0), 10**30), "labels must be whole numbers"),
    (item("labels", (0,), [0, 1]), "labels must be whole numbers in 2 dimensions, all rows of one length"),
    (item("labels", (0, 0), 2), r"steps\[\d\]\.(relocated|labels|moved|centers) must be"),
    (set_fields(centers=[[[0.0]]]), r"centers must be of shape \(steps=8, k=3, d\), got \(1, 1, 1\)"),
    (set_fields(centers="x"), "centers must be finite numbers in 3 dimensions, got 'x'"),
    (item("centers", (0, 0, 0), None), "centers must be finite numbers"),
    (item("centers", (0, 0, 0), "1"), "centers must be finite numbers"),
    (item("centers", (0, 0, 0), 1e999), "every number must be finite|centers must be"),
    (item("centers", (3, 0, 0), 5.0), r"steps\[3\]\.centers must be those of the half-step before"),
    (
        lambda file: [file["centers"][index][2].__setitem__(0, 5.0) for index in (2, 3)],
        r"steps\[2\]\.centers must be as before for cluster 2, which is empty",
    ),
    (set_fields(schema="kmeans_core.trace/9"), "its schema is 'kmeans_core.trace/9', and kmeans_core.* reads up to"),
    (
        set_fields(schema="kmeans_core.trace/9", program="kmeans_core 7.1"),
        "it was written by kmeans_core 7.1, so use that",
    ),
    (set_fields(schema="kmeans_core.trace/0"), "schema must be kmeans_core.trace/1 or kmeans_core.trace/2"),
    (set_fields(schema="kmeans_core.trace/x"), "schema must be"),
    (set_fields(schema=2), "schema must be .*, got 2"),
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
    path.write_bytes((OLD_FILES / "dropped-and-moved.json").read_bytes())
    if version == 2:
        save_trace(load_trace(path), path)
    changed_file(path, change)
    with pytest.raises(ValueError, match=f"^trace.json is not a trace, or is damaged: .*(?:{message})"):
        load_trace(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (step(3, seconds=1.5), "digest must be '.*, that of the rest .leave it out if you changed the file"),
        (set_fields(about={"x": 2}), "digest must be"),
        (set_fields(program="me"), "digest must be"),
        (set_fields(digest=7), "digest must be a text"),
        (set_fields(poinst=[[1.0]]), "the file has an unknown field 'poinst'"),
        (step(3, note="x"), r"steps\[3\] has an unknown field 'note'"),
        (item("points", (1, 1), 0.5), r"steps\[\d\]\.cost must be"),
        (item("points", (1, 1), "0"), "points must be finite numbers"),
        (set_fields(points=None), "points must be finite numbers"),
        (lambda file: file["points"].pop(), r"points must be of shape \(4, 2\)"),
        (
            step(7, cost=1.25),
            r"steps\[7\]\.cost must be [\d.]+, that of its labels and centers, if points have no weights",
        ),
        (set_fields(scaling=[]), "scaling must be an object"),
        (set_fields(scaling={"means": [0.0, 0.0]}), "scaling.deviations is missing"),
        (set_fields(columns="ab"), "columns must be a list"),
        (set_fields(columns=["a"]), "columns must be 2 texts"),
        (set_fields(weights=[1.0]), "weights must be 4 finite numbers"),
        (set_fields(weights=[1.0, 1.0, 1.0, 2.0]), r"steps\[1\]\.cost must be"),
    ],
)
def test_what_only_the_second_version_has_is_checked_too(tmp_path: Path, change: Change, message: str) -> None:
    path = tmp_path / "trace.json"
    line = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.1]])
    save_trace(load_trace(OLD_FILES / "dropped-and-moved.json"), path, {"x": 1}, points=line)
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
        with pytest.raises(ValueError, match=r"is not a trace, or is damaged: ."):
            load_trace(tmp_path / f"it{kind}")


# --- Archives


def archive_of(path: Path, **members: Any) -> None:
    """Write a file of the second version with other members than it should have; None leaves one out."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    np.savez_compressed(path, **{name: value for name, value in (arrays | members).items() if value is not None})


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
    with pytest.raises(ValueError, match="is not a trace, or is damaged"):
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
def saved_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    trace = run(TABLE, RunConfig(k=2, seed=1))
    for kind in KINDS:
        save_trace(trace, folder / f"trace{kind}", {"x": "y"}, points=TABLE, columns=["a", "b"])
    return folder


def read_or_refuse(path: Path, expected: Trace) -> bool:
    """Tell whether a file is refused with a sentence; one that is read must be what was saved."""
    try:
        trace = load_trace(path)
    except ValueError as error:
        assert len(str(error)) > len(path.name) + 30
        return True
    assert_equal(expected, trace)
    return False


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_a_mangled_file_is_refused_with_a_sentence(saved_files: Path, kind: str, data: st.DataObject) -> None:
    content = bytearray((saved_files / f"trace{kind}").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at : at + data.draw(st.integers(1, len(content)))]
            content = content or bytearray(b"{")
    path = saved_files / f"mangled{kind}"
    path.write_bytes(bytes(content))
    read_or_refuse(path, load_trace(saved_files / f"trace{kind}"))


JUNK: list[Any] = [None, True, False, 0, 1, -1, 2, 7, 0.5, -0.0, 1e300, 10**40, "", "0", "mean", "assign", [], [0], {}]


def damage(value: Any, rng: np.random.Generator) -> Any:
    """Return JSON with one value of it, somewhere, made another or left out."""
    if isinstance(value, dict | list) and value and rng.random() < 0.9:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = keys[int(rng.integers(len(keys)))]
        copy: Any = dict(value) if isinstance(value, dict) else list(value)
        if rng.random() < 0.1:
            del copy[key]
        elif isinstance(copy, list) and rng.random() < 0.1:
            copy.insert(key, copy[int(rng.integers(len(copy)))])
        else:
            copy[key] = damage(value[key], rng)
        return copy
    return JUNK[int(rng.integers(len(JUNK)))]


def test_thousands_of_damaged_values_are_refused(saved_files: Path) -> None:
    """The digest finds what nothing else can contradict; without it a file must still be a trace that could be."""
    rng = np.random.default_rng(7)
    expected = load_trace(saved_files / "trace.json")
    whole = json.loads((saved_files / "trace.json").read_text())
    bare = {name: value for name, value in whole.items() if name != "digest"}
    path = saved_files / "damaged.json"
    refused = 0
    for _ in range(1500):
        path.write_text(json.dumps(damage(whole, rng)))
        refused += read_or_refuse(path, expected)
        path.write_text(json.dumps(damage(bare, rng)))
        try:
            trace = load_trace(path)
        except ValueError:
            refused += 1
        else:
            assert trace.stop_sentence
            check_trace(trace)
    assert refused > 2000
