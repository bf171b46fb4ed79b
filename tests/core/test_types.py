"""The records: what a RunConfig refuses, and how a Trace reads."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
import weakref
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest

from kmeans_core import (
    BACKENDS,
    EMPTY_POLICIES,
    INITIALISERS,
    RULES,
    KMeans,
    Phase,
    RunConfig,
    Step,
    StopReason,
    Trace,
    branch,
    cli,
    run,
    run_many,
)
from kmeans_core.arrays import label_dtype
from kmeans_core.engines import BackendName
from kmeans_core.initialisers import InitName
from kmeans_core.messages import message
from kmeans_core.rules import RuleName
from kmeans_core.run_config import EmptyPolicy

joblib = pytest.importorskip("joblib")


def test_a_config_is_frozen_and_hashable() -> None:
    config = RunConfig(k=3, init="random")
    assert {config: 1}[RunConfig(k=3, init="random")] == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.k = 4  # type: ignore[misc]


def test_whole_numbers_of_any_kind_become_ints() -> None:
    config = RunConfig(k=np.uint8(3), init="random", seed=np.int64(7), max_iter=np.int32(2))  # type: ignore[arg-type]
    assert config == RunConfig(k=3, init="random", seed=7, max_iter=2)
    assert [type(value) for value in (config.k, config.seed, config.max_iter)] == [int, int, int]


def test_given_centers_become_tuples_whatever_they_were() -> None:
    expected = ((0.0, 1.0), (2.0, 3.0))
    for centers in ([[0, 1], [2, 3]], np.array([[0, 1], [2, 3]]), ((Fraction(0), True), (2.0, np.float32(3)))):
        assert RunConfig(k=2, init="given", given=centers).given == expected  # type: ignore[arg-type]


INVALID_CONFIGS: list[tuple[dict[str, Any], str]] = [
    ({"k": 0}, "k must be at least 1, got 0"),
    ({"k": -2}, "k must be at least 1, got -2"),
    ({"k": 2.0}, "k must be a whole number of at least 1, got 2.0"),
    ({"k": "2"}, "k must be a whole number of at least 1, got '2'"),
    ({"k": True}, "k must be a whole number of at least 1, got True"),
    ({"seed": -1}, "seed must be at least 0, got -1"),
    ({"seed": None}, "seed must be a whole number of at least 0, got None"),
    ({"max_iter": -1}, "max_iter must be at least 0, got -1"),
    ({"max_iter": 1.5}, "max_iter must be a whole number of at least 0, got 1.5"),
    ({"empty": "crash"}, "empty must be one of keep, farthest, drop, got 'crash'"),
    ({"empty": ["keep"]}, r"empty must be one of keep, farthest, drop, got \['keep'\]"),
    ({"rule": "mode"}, "rule must be one of mean, medoid, median, got 'mode'"),
    ({"rule": None}, "rule must be one of mean, medoid, median, got None"),
    ({"init": "best"}, r"init must be one of random, k-means\+\+, greedy-k-means\+\+, .*, given, got 'best'"),
    ({"backend": "torch"}, "backend must be one of numpy, tensorflow, got 'torch'"),
    ({"init": "given"}, "init=\"given\" and given=... go together: got init='given' with given=None"),
    (
        {"given": [[0.0]]},
        "init=\"given\" and given=... go together: got init='greedy-k-means\\+\\+' with given=centers",
    ),
    ({"init": "given", "given": [[0.0], [1.0]]}, "given must hold k = 1 centers, got 2"),
]


@pytest.mark.parametrize(("fields", "message"), INVALID_CONFIGS)
def test_a_wrong_field_is_named_with_its_value(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        RunConfig(**{"k": 1, **fields})


@pytest.mark.parametrize(
    "centers",
    [3, "12", ["12"], [1.0], [], [[]], [[1.0], [1.0, 2.0]], [[None]], [[np.nan]], [[np.inf]], [[10**400]], [[1j]]],
)
def test_given_centers_that_are_none_are_refused(centers: Any) -> None:
    message = r"^given must be a 2-D array \(k, d\) of finite numbers, got "
    with pytest.raises(ValueError, match=message):
        RunConfig(k=1, init="given", given=centers)


def test_the_names_that_editors_complete_are_in_the_registries() -> None:
    for names, registry in (
        (RuleName, RULES),
        (InitName, INITIALISERS),
        (EmptyPolicy, EMPTY_POLICIES),
        (BackendName, BACKENDS),
    ):
        assert get_args(names)
        assert set(get_args(names)) <= set(registry)


def test_a_run_starts_and_ends_the_same_way_through_every_front_door() -> None:
    config, estimator = RunConfig(k=2), KMeans(2)
    options = cli._parser().parse_args(["points.csv", "--k", "2"])
    assert config.init == estimator.init == options.init == "greedy-k-means++"
    assert config.max_iter == estimator.max_iter == options.max_iter == 300


def test_every_policy_has_its_sentence() -> None:
    assert list(EMPTY_POLICIES) == ["keep", "farthest", "drop"]
    assert all(policy.summary.endswith(".") for policy in EMPTY_POLICIES.values())


@pytest.mark.parametrize(("k", "dtype"), [(1, "u1"), (255, "u1"), (256, "u2"), (65_535, "u2"), (65_536, "u4")])
def test_the_smallest_type_that_holds_k(k: int, dtype: str) -> None:
    assert label_dtype(k) == np.dtype(dtype)


POINTS = np.array([[0.0], [1.0], [10.0], [11.0]])


@pytest.fixture
def trace() -> Trace:
    return run(POINTS, RunConfig(k=2, init="given", given=((0.0,), (1.0,))))


def test_a_trace_is_the_sequence_of_its_steps(trace: Trace) -> None:
    assert len(trace) == len(trace.steps)
    assert list(trace) == list(trace.steps)
    assert trace[0] is trace.steps[0]
    assert trace[-2:] == trace.steps[-2:]
    assert trace[0].phase is Phase.INIT
    assert trace.steps[1] in trace


def test_a_trace_ends_where_its_last_step_ends(trace: Trace) -> None:
    assert trace.centers is trace[-1].centers
    assert trace.labels is trace[-1].labels
    assert trace.cost == trace[-1].cost == 1.0
    assert trace.iterations == trace[-1].iteration == 2


@pytest.mark.parametrize("n", [300, 2_000])
@pytest.mark.parametrize("rule", RULES)
def test_arithmetic_with_labels_does_not_wrap_around(rule: str, n: int, backend: str) -> None:
    """Labels as small as records keep them would give 4 * 100 = 144."""
    trace = run(np.arange(float(n))[:, None], RunConfig(k=5, init="random", rule=rule, max_iter=3, backend=backend))
    for labels in (trace.labels, *(step.labels for step in trace[1:])):
        assert labels is not None
        assert set((labels * 100).tolist()) <= {0, 100, 200, 300, 400}
        assert (labels - 5).max() < 0
        assert labels.dtype == np.intp
        assert not labels.flags.writeable


def test_labels_are_converted_once_for_a_step_and_the_one_before(trace: Trace) -> None:
    for before, step in pairwise(trace[1:]):
        first = before.labels, step.labels
        assert all(before.labels is first[0] and step.labels is first[1] for _ in range(5))


def test_converted_labels_are_gone_when_their_step_is() -> None:
    step = run(POINTS, RunConfig(k=2, init="random"))[-1]
    labels = step.labels
    assert labels is not None
    reference = weakref.ref(labels)
    del step, labels
    gc.collect()
    assert reference() is None


def test_a_trace_is_printed_without_its_steps(trace: Trace) -> None:
    assert "Step(" not in repr(trace)
    assert "CONVERGED" in repr(trace)


def test_a_trace_survives_pickling(trace: Trace) -> None:
    copy = pickle.loads(pickle.dumps(trace))
    assert copy.config == trace.config
    assert copy.stop_reason is StopReason.CONVERGED
    np.testing.assert_array_equal(copy.labels, trace.labels)


def copies(trace: Trace) -> dict[str, Trace]:
    """Return the trace by every way out of a process and back."""
    ways = {f"pickle {protocol}": pickle.loads(pickle.dumps(trace, protocol)) for protocol in range(6)}
    stored = BytesIO()
    joblib.dump(trace, stored)
    stored.seek(0)
    step_by_step = tuple(dataclasses.replace(step, seconds=step.seconds) for step in trace)
    return ways | {
        "deepcopy": copy.deepcopy(trace),
        "copy": copy.copy(trace),
        "copied steps": dataclasses.replace(trace, steps=tuple(copy.copy(step) for step in trace)),
        "replace": dataclasses.replace(trace, steps=step_by_step),
        "joblib": joblib.load(stored),
        "twice": pickle.loads(pickle.dumps(copy.deepcopy(trace))),
    }


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_every_copy_is_equal_and_read_only(rule: str, empty: str) -> None:
    far = ((0.0,), (1.0,), (99.0,))
    trace = run(POINTS, RunConfig(k=3, rule=rule, init="given", given=far, empty=empty))
    trace = branch(POINTS, trace, 2, trace[2].centers + 0.5)
    before = pickle.dumps(trace)
    for kind, duplicate in copies(trace).items():
        assert (duplicate.config, duplicate.stop_reason) == (trace.config, trace.stop_reason), kind
        for index, (step, duplicate_step) in enumerate(zip(trace, duplicate, strict=True)):
            for step_field in dataclasses.fields(Step):
                value = getattr(duplicate_step, step_field.name)
                if isinstance(value, np.ndarray):
                    np.testing.assert_array_equal(value, getattr(step, step_field.name), err_msg=kind)
                    assert value.dtype == getattr(step, step_field.name).dtype
                    assert not value.flags.writeable, f"{kind}: {step_field.name} of half-step {index}"
                else:
                    assert value == getattr(step, step_field.name), kind
            np.testing.assert_array_equal(duplicate.active(index), trace.active(index), err_msg=kind)
            assert not duplicate.active(index).flags.writeable, kind
    assert pickle.dumps(trace) == before, "what was asked of a trace is not kept in its pickle"


def test_a_step_of_arrays_that_somebody_may_write_to_has_its_own(trace: Trace) -> None:
    centers, labels = np.array(trace.centers), np.array(trace.labels)
    step = dataclasses.replace(trace[-1], centers=centers, compact_labels=labels)
    centers[:], labels[:] = -1, 7
    np.testing.assert_array_equal(step.centers, trace.centers)
    np.testing.assert_array_equal(step.labels, trace.labels)
    assert not step.centers.flags.writeable
    assert dataclasses.replace(step, reassigned=1).centers is step.centers, "what is read-only is shared"


def test_outcomes_are_read_only_in_every_copy_too() -> None:
    (outcome,) = run_many(POINTS, [RunConfig(k=2, init="random")])
    for duplicate in (outcome, copy.copy(outcome), copy.deepcopy(outcome), pickle.loads(pickle.dumps(outcome))):
        assert not duplicate.centers.flags.writeable
        assert not duplicate.start.flags.writeable
        np.testing.assert_array_equal(duplicate.centers, outcome.centers)


@pytest.mark.parametrize("protocol", range(6))
def test_an_estimator_keeps_its_trace_in_a_pickle(protocol: int) -> None:
    model = KMeans(2, init=[[0.0], [1.0]]).fit(POINTS)
    duplicate = pickle.loads(pickle.dumps(model, protocol))
    np.testing.assert_array_equal(duplicate.predict(POINTS), model.labels_)
    assert [step.cost for step in duplicate.trace_] == [step.cost for step in model.trace_]
    assert not any(step.centers.flags.writeable for step in duplicate.trace_)


def test_the_old_name_of_reassigned_still_reads_and_says_so(trace: Trace) -> None:
    with pytest.warns(DeprecationWarning, match=r"Step\.reassigned$") as warnings:
        assert [step.moved for step in trace] == [step.reassigned for step in trace]
        assert trace[1].moved == len(trace.labels)
    assert {warning.filename for warning in warnings} == {__file__}


def test_a_run_says_why_it_ended(trace: Trace) -> None:
    assert trace.stop_sentence == message("runs.converged", iterations=2)

    def sentence(reason: StopReason, iteration: int, switched: int) -> str:
        step = Step(Phase.ASSIGN, iteration, trace.centers, trace.labels, 1.0, switched)
        return Trace(trace.config, (step,), reason).stop_sentence

    assert sentence(StopReason.CONVERGED, 1, 0) == message("runs.converged", iterations=1)
    assert sentence(StopReason.MAX_ITER, 15, 1234) == message("runs.limit_reached", iterations=15, switched=1234)
    assert sentence(StopReason.MAX_ITER, 0, 4) == message("runs.stopped_at_start")
