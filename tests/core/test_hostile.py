"""Whatever the library is given: a result that can be right, or one of two exceptions, with a sentence about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_core import (
    RunConfig,
    Trace,
    adjusted_rand_index,
    backend_available,
    branch,
    cost_of,
    gap_statistic,
    iterate,
    load_trace,
    make_dataset,
    match_clusters,
    run,
    run_many,
    save_trace,
    silhouette,
    standardized,
)

POINTS = np.random.default_rng(0).normal(size=(12, 2))
LABELS = np.arange(12) % 3
TRACE = run(POINTS, RunConfig(k=3))
HUGE = 10**400

ARRAYS: list[Any] = [
    *(None, "abc", b"x", 3, HUGE, np.nan, {}, {"a": 1}, {1}, object(), len, [], [[]], [[1, 2], [3]], [[HUGE, 1]] * 12),
    *(
        np.zeros((0, 2)),
        np.zeros((2, 0)),
        np.zeros((2, 2, 2)),
        np.zeros(12),
        np.zeros(11, dtype=int),
        np.zeros((12, 1)),
    ),
    *(np.full((12, 2), np.nan), np.full((12, 2), np.inf), np.full((12, 2), 1e308), np.full((3, 2), 1e200)),
    *(np.full((12, 2), 1j), np.full((12, 2), "1"), np.zeros((12, 2), dtype="M8[D]"), np.full((3, 2), {}, dtype=object)),
    *([None] * 12, ["x"] * 12, [-1] * 12, [HUGE] * 12, [2**70] * 12, [1.5] * 12, [np.nan] * 12, [2**62] * 12),
    *([True] * 12, [10**9, *range(11)], np.full(12, 2**64 - 1, dtype=np.uint64), iter([1, 2])),
]
NUMBERS: list[Any] = [
    *(None, "3", "", b"1", [], [1], {}, object(), 3 + 0j, timedelta(3)),
    *(-1, 2**70, HUGE, -HUGE, np.nan, np.inf, -0.0, 1.5, True, np.int64(-5), np.float32(1e30)),
]
NAMES: list[Any] = [None, "", 3, "nope", "mean\0", b"mean", ("mean",), [], {}, np.nan, object()]

CALLS: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
    "run points": (lambda junk: run(junk, RunConfig(k=2)), ARRAYS),
    "run config": (lambda junk: run(POINTS, junk), NAMES),
    "iterate points": (lambda junk: list(iterate(junk, RunConfig(k=2))), ARRAYS),
    "iterate precision": (lambda junk: iterate(POINTS, RunConfig(k=2), precision=junk), NAMES),
    "run weights": (lambda junk: run(POINTS, RunConfig(k=2), junk), [*ARRAYS, *NUMBERS]),
    "run_many weights": (lambda junk: run_many(POINTS, [RunConfig(k=2)], junk), ARRAYS),
    "branch weights": (lambda junk: branch(POINTS, TRACE, 1, TRACE.centers, junk), ARRAYS),
    "cost_of weights": (lambda junk: cost_of(POINTS, LABELS, POINTS[:3], junk), ARRAYS),
    "run_many points": (lambda junk: run_many(junk, [RunConfig(k=2)]), ARRAYS),
    "run_many configs": (lambda junk: run_many(POINTS, junk), NAMES),
    "run_many config": (lambda junk: run_many(POINTS, [RunConfig(k=2), junk]), NAMES),
    "branch points": (lambda junk: branch(junk, TRACE, 1, TRACE.centers), ARRAYS),
    "branch trace": (lambda junk: branch(POINTS, junk, 1, TRACE.centers), NAMES),
    "branch index": (lambda junk: branch(POINTS, TRACE, junk, TRACE.centers), NUMBERS),
    "branch centers": (lambda junk: branch(POINTS, TRACE, 1, junk), ARRAYS),
    "silhouette points": (lambda junk: silhouette(junk, LABELS), ARRAYS),
    "silhouette labels": (lambda junk: silhouette(POINTS, junk), ARRAYS),
    "silhouette distance": (lambda junk: silhouette(POINTS, LABELS, distance=junk), NAMES),
    "adjusted_rand_index labels": (lambda junk: adjusted_rand_index(junk, LABELS), ARRAYS),
    "adjusted_rand_index other_labels": (lambda junk: adjusted_rand_index(LABELS, junk), ARRAYS),
    "match_clusters labels": (lambda junk: match_clusters(junk, LABELS, k=3), ARRAYS),
    "match_clusters other_labels": (lambda junk: match_clusters(LABELS, junk, k=3), ARRAYS),
    "match_clusters k": (lambda junk: match_clusters(LABELS, LABELS, k=junk), NUMBERS),
    "gap_statistic costs": (lambda junk: gap_statistic(junk, [[1.0, 2.0]]), [*ARRAYS, *NUMBERS]),
    "gap_statistic reference": (lambda junk: gap_statistic([1.0, 2.0], junk), [*ARRAYS, *NUMBERS]),
    "cost_of points": (lambda junk: cost_of(junk, LABELS, POINTS[:3]), ARRAYS),
    "cost_of labels": (lambda junk: cost_of(POINTS, junk, POINTS[:3]), ARRAYS),
    "cost_of centers": (lambda junk: cost_of(POINTS, LABELS, junk), ARRAYS),
    "cost_of rule": (lambda junk: cost_of(POINTS, LABELS, POINTS[:3], rule=junk), NAMES),
    "standardized points": (standardized, ARRAYS),
    "make_dataset dataset": (make_dataset, NAMES),
    "make_dataset seed": (lambda junk: make_dataset("post", seed=junk), NUMBERS),
    "make_dataset blobs": (lambda junk: make_dataset("post", blobs=junk), NUMBERS),
    "make_dataset spread": (lambda junk: make_dataset("post", spread=junk), NUMBERS),
    "make_dataset junk": (lambda junk: make_dataset("post", junk=junk), NUMBERS),
    "RunConfig k": (lambda junk: run(POINTS, RunConfig(k=junk)), NUMBERS),
    "RunConfig seed": (lambda junk: run(POINTS, RunConfig(k=2, seed=junk)), NUMBERS),
    "RunConfig max_iter": (lambda junk: run(POINTS, RunConfig(k=2, max_iter=junk)), NUMBERS),
    "RunConfig given": (lambda junk: run(POINTS, RunConfig(k=2, init="given", given=junk)), ARRAYS),
    "RunConfig rule": (lambda junk: run(POINTS, RunConfig(k=2, rule=junk)), NAMES),
    "RunConfig init": (lambda junk: run(POINTS, RunConfig(k=2, init=junk)), NAMES),
    "RunConfig empty": (lambda junk: run(POINTS, RunConfig(k=2, empty=junk)), NAMES),
    "RunConfig backend": (lambda junk: run(POINTS, RunConfig(k=2, backend=junk)), NAMES),
}
"""What may be wrong: the function and its argument, as a sentence about it names it, and values that are wrong for it,
with a few among them that are not."""


GO_TOGETHER = {
    "points": ("k must", "labels", "centers"),
    "labels": ("other_labels",),
    "centers": ("labels",),
    "k": ("labels",),
    "other_labels": ("labels",),
}
"""Arguments that must fit each other: the error for a misfit may name either of them."""


def numbers_in(result: object) -> list[float]:
    """Return all the numbers that a result holds."""
    if isinstance(result, Trace):
        return [result.cost, *result.centers.ravel().tolist()]
    if isinstance(result, tuple | list):
        return [number for part in result for number in numbers_in(part)]
    if isinstance(result, np.ndarray):
        return result.astype(float).ravel().tolist()
    return [result] if isinstance(result, int | float) else []


def hold(call: Callable[[Any], object], argument: str, junk: Any) -> None:
    """Hold a call to its word; a warning, as where a result lost its sense on the way, is an error to pytest."""
    try:
        result = call(junk)
    except (TypeError, ValueError) as error:
        assert len(str(error)) > 10
        assert any(name in str(error) for name in (argument, *GO_TOGETHER.get(argument, ()))), error
        return
    assert np.isfinite(numbers_in(result)).all(), result


@pytest.mark.parametrize("argument", CALLS)
def test_junk_is_refused_in_a_sentence_about_it(argument: str) -> None:
    call, junks = CALLS[argument]
    for junk in junks:
        hold(call, argument.split()[1], junk)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(max_size=3)
JUNK_VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner)
)
ROWS = st.integers(1, 3).flatmap(lambda d: st.lists(st.lists(st.floats(), min_size=d, max_size=d), max_size=14))


@pytest.mark.parametrize("argument", CALLS)
@settings(max_examples=25, deadline=timedelta(seconds=5))
@given(junk=JUNK_VALUES | ROWS | st.lists(st.integers(-2, 4), max_size=14))
def test_nothing_at_all_breaks_it(argument: str, junk: Any) -> None:
    call, _ = CALLS[argument]
    hold(call, argument.split()[1], junk)


def test_cluster_numbers_may_be_any() -> None:
    """They are names: the largest of them decides nothing, the memory that is needed least of all."""
    far = np.array([2**62, 5, 2**62, 0])
    assert adjusted_rand_index(far, [0, 1, 0, 2]) == 1.0
    assert silhouette(POINTS[:4], far).shape == (4,)


@pytest.mark.parametrize("junk", [*NAMES, *NUMBERS])
def test_files_of_no_name_and_traces_that_are_none(junk: Any, tmp_path: Path) -> None:
    for call in (load_trace, lambda path: save_trace(TRACE, path)):
        with pytest.raises((TypeError, ValueError)):
            call(junk)
    with pytest.raises(TypeError, match="trace must be a Trace"):
        save_trace(junk, tmp_path / "it.json")


def test_a_backend_of_no_name_is_not_there() -> None:
    for junk in NAMES:
        hold(backend_available, "backend", junk)
