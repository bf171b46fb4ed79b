"""What the browser gets is the run, and not much more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Annotated, Any, NotRequired, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from kmeans_core import RULES, Phase, RunConfig, Trace, make_dataset, run
from kmeans_core.arrays import Points
from tests.messages import Facts, as_sent, read_block, read_packed, read_run, with_labels
from tests.ui.player.golden_messages import FOLDER, golden_files
from ui.player import declarations, schema
from ui.player.protocol import ALL_DRAWN, pack_run
from ui.text.code_excerpts import code_of, kind_of
from ui.text.explanation import explain
from ui.text.formula_examples import example
from ui.text.other_costs import other_costs


def pack(points: Points, trace: Trace) -> bytes:
    return pack_run(points, trace, equal_units=True, title="a title")


def unpack(packed: bytes) -> tuple[Facts, list[Facts]]:
    """Return the facts of a packed run with arrays in place, and its steps, each with its labels."""
    facts = read_packed(packed)
    if "points" in facts:
        facts["points"] = facts["points"].reshape(-1, 2)
    for step in facts["steps"]:
        if "centers" in step:
            step["centers"] = step["centers"].reshape(-1, 2)
    return facts, with_labels(facts["steps"])


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
    for facts, step in zip(steps, trace, strict=True):
        assert (facts["phase"], facts["iteration"], facts["reassigned"]) == (
            step.phase.value,
            step.iteration,
            step.reassigned,
        )
        assert facts["cost"] == step.cost
        if step.phase is Phase.ASSIGN:
            np.testing.assert_array_equal(facts["labels"], step.labels)
        else:
            np.testing.assert_array_equal(facts["centers"], step.centers.astype(np.float32))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("iterations", [15, 100])
def test_the_post_in_at_most_80_kb(post: Points, rule: str, iterations: int) -> None:
    trace = run(post, RunConfig(k=6, init="random", rule=rule, max_iter=iterations))
    assert len(pack(post, trace)) <= 80_000


def test_the_longest_of_the_post_s_runs_in_at_most_105_kb(post: Points) -> None:
    trace = run(post, RunConfig(k=6, init="random", seed=4, max_iter=100))
    assert len(trace) > 70
    assert len(pack(post, trace)) <= 105_000


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
    for index, facts in enumerate(steps):
        assert tuple(header["texts"][text] for text in facts["explanation"]) == astuple(explain(trace, index))
        assert facts["example"] == as_sent(example(post, trace, index))
        excerpts = [header["code"]["excerpts"][at] for at in header["code"]["kinds"][facts["code"]]]
        for excerpt, is_ in zip(excerpts, code_of(trace.config)[kind_of(trace, index)], strict=True):
            assert (excerpt["function"], tuple(excerpt["marked"])) == (is_.function, is_.marked)
            texts = ["".join(line[::2]) for line in excerpt["lines"]]
            assert texts == ["".join(text for text, _ in line) for line in is_.lines]
    assert header["otherCosts"] == other_costs(post, trace)


def test_labels_that_hardly_change_are_not_sent_again(post: Points) -> None:
    trace = run(post, RunConfig(k=6, init="random"))
    whole_labels = sum(len(post) for step in trace if step.phase is Phase.ASSIGN)
    packed = pack(post, trace)
    assert len(packed) - read_block(packed)[1] < post.size * 4 + whole_labels


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


def test_golden_messages_are_what_the_code_writes() -> None:
    files = golden_files()
    assert {path.name for path in FOLDER.iterdir()} == {path.name for path in files}
    for path, content in files.items():
        assert path.read_bytes() == content, f"{path.name}: see the docstring of golden_messages.py"


def test_scripts_are_checked_against_the_types_of_the_messages() -> None:
    assert declarations.FILE.read_text(encoding="utf-8") == declarations.declarations()


def array_types(record: type) -> dict[str, tuple[str, ...]]:
    """Return the types that the arrays of a record of the schema may have, by their names."""
    hints = get_type_hints(record, include_extras=True)
    plain = {name: get_args(hint)[0] if get_origin(hint) is NotRequired else hint for name, hint in hints.items()}
    return {name: get_args(hint)[1:] for name, hint in plain.items() if get_origin(hint) is Annotated}


def sent_types(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the name and the type of every array in the facts of a message."""
    if isinstance(value, list):
        for item in value:
            yield from sent_types(name, item)
    elif isinstance(value, dict) and value.keys() == {"offset", "length", "type"}:
        yield name, value["type"]
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from sent_types(key, member)


def test_arrays_have_the_types_that_the_schema_names() -> None:
    records = (schema.StepFacts, schema.SceneFacts, schema.TileFacts, schema.GroupFacts)
    types = {name: allowed for record in records for name, allowed in array_types(record).items()}
    messages = [content for path, content in golden_files().items() if path.suffix == ".bin"]
    name_types = {pair for message in messages for pair in sent_types("", read_run(message))}
    assert {name for name, _ in name_types} == set(types)
    assert all(type_ in types[name] for name, type_ in name_types)
