"""What the browser gets is the run, and not much more."""

from __future__ import annotations

import json
import struct
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest

from kmeans_core import RULES, Phase, RunConfig, Trace, make_dataset, run
from kmeans_core.types import Points
from ui.player.protocol import ALL_DRAWN, pack_run
from ui.text.code_excerpts import code_of, kind_of
from ui.text.explanation import explain
from ui.text.formula_examples import example
from ui.text.other_costs import other_costs

Header = dict[str, Any]


def pack(points: Points, trace: Trace) -> bytes:
    return pack_run(points, trace, equal_units=True, title="The post's blobs")


def unpack(packed: bytes) -> tuple[Header, list[Header]]:
    """Read the block as protocol.js does: the header with arrays in place, and the steps."""
    header = in_place(packed)
    if "points" in header:
        header["points"] = header["points"].reshape(-1, 2)
    return header, filled(header["steps"])


def unpack_together(packed: bytes) -> list[Header]:
    """Read a block of several runs: the header of each, its steps filled."""
    runs: list[Header] = in_place(packed)["runs"]
    for one in runs:
        filled(one["steps"])
    return runs


def in_place(packed: bytes) -> Header:
    """Return the header with every array in place of its description."""
    (length,) = struct.unpack_from("<I", packed)
    types = {"f4": "<f4", "u4": "<u4", "u2": "<u2", "u1": "u1"}

    def array(place: Header) -> Any:
        if "offset" not in place:
            return place
        start = 4 + length + place["offset"]
        assert start % 4 == 0, "a browser's typed arrays must be aligned"
        return np.frombuffer(packed, types[place["type"]], place["length"], start)

    header: Header = json.loads(packed[4 : 4 + length], object_hook=array)
    return header


def filled(steps: list[Header]) -> list[Header]:
    """Give every step the labels that hold in it."""
    labels = None
    for step in steps:
        if "centers" in step:
            step["centers"] = step["centers"].reshape(-1, 2)
        if "index" in step:
            assert labels is not None
            labels = labels.copy()
            labels[step["index"]] = step["labels"]
        elif "labels" in step:
            labels = step["labels"]
        step["labels"] = labels
    return steps


@pytest.fixture(scope="module")
def post() -> Points:
    points, _ = make_dataset("post")
    return points


@pytest.mark.parametrize("rule", RULES)
def test_the_browser_gets_every_half_step_of_the_run(post: Points, rule: str) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule))
    header, steps = unpack(pack(post, trace))
    np.testing.assert_array_equal(header["points"], post.astype(np.float32))
    assert len(steps) == len(trace)
    for sent, step in zip(steps, trace, strict=True):
        assert (sent["phase"], sent["iteration"], sent["reassigned"]) == (step.phase.value, step.iteration, step.moved)
        assert sent["cost"] == step.cost
        if step.phase is Phase.ASSIGN:
            np.testing.assert_array_equal(sent["labels"], step.labels)
        else:
            np.testing.assert_array_equal(sent["centers"], step.centers.astype(np.float32))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("iterations", [15, 100])
def test_the_post_in_at_most_80_kb(post: Points, rule: str, iterations: int) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule, max_iter=iterations))
    assert len(pack(post, trace)) <= 80_000


def test_the_longest_of_the_post_s_runs_in_at_most_100_kb(post: Points) -> None:
    trace = run(post, RunConfig(k=6, init="random", seed=4, max_iter=100))
    assert len(trace) > 70
    assert len(pack(post, trace)) <= 100_000


def test_the_longest_runs_within_the_limit_in_at_most_3_mb() -> None:
    # Without clusters, and with all points drawn one by one, most points switch for longest: 109 iterations here.
    points, _ = make_dataset("uniform", points=ALL_DRAWN)
    trace = run(points, RunConfig(k=12, init="random", max_iter=300))
    assert trace.iterations > 100
    assert len(pack(points, trace)) <= 3_000_000


@pytest.mark.parametrize("rule", RULES)
def test_every_half_step_comes_with_its_words_its_example_and_its_code(post: Points, rule: str) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule))
    header, steps = unpack(pack(post, trace))
    assert len(header["texts"]) == len(set(header["texts"])), "a text that is said twice is sent once"
    for index, sent in enumerate(steps):
        assert tuple(header["texts"][text] for text in sent["explanation"]) == astuple(explain(trace, index))
        assert sent["example"] == example(post, trace, index)
        shown = [header["code"]["excerpts"][at] for at in header["code"]["kinds"][sent["code"]]]
        for excerpt, is_ in zip(shown, code_of(trace.config)[kind_of(trace, index)], strict=True):
            assert (excerpt["function"], tuple(excerpt["marked"])) == (is_.function, is_.marked)
            texts = ["".join(line[::2]) for line in excerpt["lines"]]
            assert texts == ["".join(text for text, _ in line) for line in is_.lines]
    assert header["otherCosts"] == other_costs(post, trace)


def test_labels_that_hardly_change_are_not_sent_again(post: Points) -> None:
    trace = run(post, RunConfig(k=6, init="random"))
    whole_labels = sum(len(post) for step in trace if step.phase is Phase.ASSIGN)
    packed = pack(post, trace)
    (header_length,) = struct.unpack_from("<I", packed)
    assert len(packed) - header_length < post.size * 4 + whole_labels


def test_another_run_has_another_name_and_the_same_run_the_same(post: Points) -> None:
    names = [
        unpack(pack(post, run(post, RunConfig(k=k, init="random", seed=seed))))[0]["id"]
        for k, seed in [(6, 0), (6, 0), (6, 1), (5, 0)]
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_one_point_is_a_run_too() -> None:
    point = np.array([[3.0, 4.0]])
    header, steps = unpack(pack(point, run(point, RunConfig(k=1, init="random"))))
    assert (header["n"], header["k"], steps[-1]["cost"]) == (1, 1, 0.0)
