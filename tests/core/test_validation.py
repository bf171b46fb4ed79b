"""What iterate and run refuse, when, and in which words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from kmeans_core import RULES, RunConfig, iterate, run
from kmeans_core.messages import message
from kmeans_core.validation import validate_points

PROBLEM = r"points must be a 2-D array \(n, d\) of finite numbers"

NOT_POINTS: list[tuple[Any, str]] = [
    (3.0, r"got shape \(\)"),
    ([1.0, 2.0, 3.0], r"got shape \(3,\)"),
    (np.zeros((2, 2, 2)), r"got shape \(2, 2, 2\)"),
    ([], r"got shape \(0,\)"),
    (np.zeros((0, 2)), r"got shape \(0, 2\)"),
    (np.zeros((2, 0)), r"got shape \(2, 0\)"),
    ([[1.0], [1.0, 2.0]], "got rows of different lengths"),
    ([["a", "b"]], "got values of type <U1"),
    ([[1j]], "got values of type complex128"),
    (np.array([["2020-01-01"]], dtype="M8[D]"), r"got values of type datetime64\[D\]"),
    ([[{}, 1.0]], "got a value that is not a number: .*dict.*"),
    ([[None, 1.0]], r"got \[nan, 1.0\] in row 0"),
    ([[0.0, 1.0], [np.nan, 2.0], [np.inf, 0.0]], r"got \[nan, 2.0\] in row 1"),
    ([[0.0], [0.0], [-np.inf]], r"got \[-inf\] in row 2"),
]


@pytest.mark.parametrize(("points", "problem"), NOT_POINTS)
def test_what_is_not_points_is_refused(points: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{PROBLEM}, {problem}$"):
        run(points, RunConfig(k=1))


@pytest.mark.parametrize(
    "points", [[[1, 2], [3, 4]], np.array([[1, 2], [3, 4]], dtype=np.uint8), np.array([[1, 2], [3, 4]], dtype=object)]
)
def test_what_can_be_read_as_numbers_is_points(points: Any) -> None:
    array = validate_points(points)
    assert array.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert array.dtype == np.float64
    assert array.flags.c_contiguous


def test_points_are_not_copied_without_need() -> None:
    points = np.zeros((3, 2))
    assert np.shares_memory(validate_points(points), points)
    assert not np.shares_memory(validate_points(points[:, ::-1]), points)


def test_the_callers_points_stay_as_they_are() -> None:
    points = np.random.default_rng(0).normal(size=(20, 1))
    before = points.copy()
    for rule in RULES:
        run(points, RunConfig(k=3, rule=rule))
    np.testing.assert_array_equal(points, before)
    assert points.flags.writeable


CONFIGS: list[tuple[dict[str, Any], str]] = [
    ({"k": 9}, re.escape(message("runs.k_too_large", n=5, k=9, is_weighted=False))),
    ({"k": 6}, re.escape(message("runs.k_too_large", n=5, k=6, is_weighted=False))),
    ({"k": 2, "rule": "mode"}, "rule must be one of mean, medoid, median, got 'mode'"),
    ({"k": 2, "rule": None}, "rule must be one of mean, medoid, median, got None"),
    ({"k": 2, "init": "best"}, r"init must be one of random, k-means\+\+, greedy-k-means\+\+, .*, given, got 'best'"),
    ({"k": 2, "backend": "torch"}, "backend must be one of numpy, tensorflow, got 'torch'"),
    (
        {"k": 1, "init": "given", "given": ((1.0, 2.0, 3.0),)},
        r"given centers must have as many coordinates as the points \(2\), got 3",
    ),
]


@pytest.mark.parametrize(("fields", "problem"), CONFIGS)
def test_a_config_that_does_not_fit_is_refused_at_the_call(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        iterate(np.zeros((5, 2)), RunConfig(**fields))


@pytest.mark.parametrize("value", [1e200, -1e200, 1.7e308])
def test_values_whose_squares_overflow_are_refused_with_the_remedy(value: float) -> None:
    problem = f"got a value of size {abs(value):.6g}: rescale the data so that no value is larger than 2.7e+153"
    with pytest.raises(ValueError, match=rf"^points must be small enough .*, {problem}$".replace("+", r"\+")):
        run([[value, 0.0], [0.0, 0.0], [1.0, 1.0]], RunConfig(k=1))


def test_given_centers_too_far_out_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^given must be small enough .*, got a value of size 1e\+200: rescale"):
        run([[0.0], [1.0]], RunConfig(k=1, init="given", given=((1e200,),)))


@pytest.mark.parametrize("rule", RULES)
def test_the_largest_values_that_are_let_in_do_not_overflow(rule: str, backend: str) -> None:
    """Two opposite corners of all that is allowed: warnings are errors here."""
    n, d = 300, 2
    limit = np.sqrt(np.finfo(np.float64).max / (n * d)) / 2
    points = np.full((n, d), limit)
    points[::2] *= -1
    trace = run(points, RunConfig(k=1, rule=rule, backend=backend))
    assert all(np.isfinite(step.cost) for step in trace if step.cost is not None)
    assert np.isfinite(trace.centers).all()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e-160])
def test_the_smallest_values_do_no_harm(rule: str, scale: float, backend: str) -> None:
    """Their squares are zero, so every distance is a tie; that is no reason to fail."""
    points = np.random.default_rng(0).integers(-3, 4, size=(150, 2)) * scale
    trace = run(points, RunConfig(k=3, rule=rule, init="k-means++", backend=backend))
    assert np.isfinite(trace.centers).all()
