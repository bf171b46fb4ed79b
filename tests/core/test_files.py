"""Traces as files: what is read back is what was saved, and what is no trace is refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import EMPTY_POLICIES, RULES, RunConfig, Trace, branch, load_trace, make_dataset, run, save_trace

KINDS = (".json", ".npz")


def assert_equal(one: Trace, other: Trace) -> None:
    assert one.config == other.config
    assert one.stop_reason is other.stop_reason
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        for name in ("phase", "iteration", "cost", "moved", "relocated", "seconds"):
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
    assert sorted(fields) == ["centers", "config", "labels", "schema", "steps", "stop_reason"]
    assert fields["schema"] == "kmeans_core.trace/1"
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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "kmeans_core.trace/9"}, "its schema is 'kmeans_core.trace/9', and this version reads"),
        ({"config": {"k": 0}}, "k must be at least 1, got 0"),
        ({"config": {"k": 2, "colour": 1}}, "colour"),
        ({"labels": [[0, 7, 1]]}, "its labels must be whole numbers in 0..1"),
        ({"labels": [[0.5, 1, 1]]}, "its labels must be whole numbers"),
        ({"centers": [[[0.0]]]}, "its centers must be finite"),
        ({"stop_reason": "tired"}, "tired"),
        ({"steps": 7}, "is no trace"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "trace.json"
    save_trace(run([[0.0], [1.0], [5.0]], RunConfig(k=2, seed=1)), path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ValueError, match=message):
        load_trace(path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    trace = run([[0.0], [1.0], [5.0]], RunConfig(k=2, seed=1))
    for kind in KINDS:
        save_trace(trace, folder / f"trace{kind}")
    return folder


@settings(max_examples=300)
@given(st.sampled_from(KINDS), st.data())
def test_a_mangled_file_is_read_or_refused_with_a_sentence(saved: Path, kind: str, data: st.DataObject) -> None:
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
    try:
        load_trace(path)
    except ValueError as error:
        assert str(error)
