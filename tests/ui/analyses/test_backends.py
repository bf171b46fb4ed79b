"""The same run on two backends: what is said of it is what a comparison by other means finds."""

from __future__ import annotations

import sys
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import streamlit as st
from scipy.spatial.distance import cdist
from streamlit.testing.v1 import AppTest

from kmeans_core import BACKENDS, RULES, Phase, RunConfig, backend_available, make_dataset, run
from kmeans_core.engines import get_backend
from tests.ui.shell.test_pages import SMALL, checked, opened
from ui.analyses.backends import measurements, sentences, timing
from ui.analyses.backends.code import step_code
from ui.analyses.backends.comparison import (
    OFFSETS,
    Comparison,
    StepDifference,
    Switch,
    compare,
    moved_by,
)
from ui.analyses.backends.figures import timing_figure
from ui.analyses.backends.timing import Timing
from ui.settings.edits import Add, Move
from ui.settings.record import OPENING
from ui.shell import cached_runs
from ui.text.messages import message

WITH_TENSORFLOW = pytest.mark.skipif(not backend_available("tensorflow"), reason="TensorFlow is not installed")

POINTS, _ = make_dataset("post", points_per_blob=150)
CONFIG = RunConfig(k=6, init="random", seed=1)


def comparison(*points: int, precision: str = "float64", distance: float = 0.0) -> Comparison:
    """A comparison whose half-steps have so many points in another cluster."""
    steps = (("init", 0), ("assign", 0), ("refine", 1), ("assign", 1))
    differences = tuple(
        StepDifference(phase, iteration, count, distance, (2.0, 2.0), (0.001, 0.003))
        for (phase, iteration), count in zip(steps, points, strict=False)
    )
    is_same = not any(points)
    return Comparison(
        n=50,
        precision=precision,
        differences=differences,
        lengths=(len(points), len(points)),
        points=points[-1],
        converged=(True, is_same),
        iterations=(1, 1 if is_same else 3),
        rounding=None,
        switch=None if is_same else Switch(0, (0, 1), (1.0, 2.0), 9.0, 0.1),
    )


@WITH_TENSORFLOW
@pytest.mark.parametrize("offset", OFFSETS)
def test_in_float64_it_is_the_same_however_far_away(offset: int) -> None:
    result = compare(POINTS, CONFIG, "float64", offset)
    assert result.first_difference is None
    assert result.distance == 0
    assert result.lengths == (len(result.differences),) * 2
    assert "The same, to the last label" in sentences.finding(result)
    assert "not even in the last digit" in sentences.finding(result)


@WITH_TENSORFLOW
def test_in_float32_it_is_not_far_away_and_the_numbers_are_those_of_the_two_runs() -> None:
    result = compare(POINTS, CONFIG, "float32", 1_000_000)
    away, begun = moved_by(POINTS, CONFIG, 1_000_000)
    one, other = run(away, begun), run(away, replace(begun, backend="tensorflow"), precision="float32")
    counts = [
        0 if a.labels is None or b.labels is None else sum(x != y for x, y in zip(a.labels, b.labels, strict=True))
        for a, b in zip(one, other, strict=False)
    ]
    assert [step.points for step in result.differences] == counts
    assert counts[-1] > 0
    assert result.first_difference is not None
    first = result.first_difference
    values = {"step": sentences.step_label(first), "points": first.points, "n": result.n}
    assert message("backends.first_difference", **values) in sentences.finding(result)
    at_the_end = int(np.count_nonzero(one.labels != other.labels))
    assert message("backends.final_difference", points=at_the_end) in sentences.finding(result)
    assert result.switch is not None
    assert result.switch.spacing == 0.0625, "the numbers of float32 above a million"
    numbers = sentences.difference_numbers(result)
    assert numbers[message("backends.column_points_apart")] == counts


@WITH_TENSORFLOW
def test_near_the_origin_float32_has_digits_enough_for_the_post() -> None:
    result = compare(POINTS, CONFIG, "float32", 0)
    assert result.first_difference is None
    assert 0 < result.distance < 1e-3
    assert message("backends.enough_digits") in sentences.reason(result)


def in_float32(values: Any) -> Any:
    return np.asarray(values).astype(np.float32).astype(np.float64)


@WITH_TENSORFLOW
@pytest.mark.parametrize("offset", OFFSETS)
def test_running_sums_move_the_centers_in_float32_and_the_rounding_of_points_hardly_does(offset: int) -> None:
    points, _ = make_dataset("post")
    config = RunConfig(k=6, init="random", max_iter=300)
    result = compare(points, config, "float32", offset)
    away, begun = moved_by(points, config, offset)
    other = run(away, replace(begun, backend="tensorflow"), precision="float32")
    # One mean by hand: every sum is what adding one number after the other in float32 comes to.
    off = []
    for before, step in pairwise(other):
        if step.phase is Phase.REFINE:
            assert before.labels is not None
            for cluster in np.unique(before.labels):
                members = away[before.labels == cluster].astype(np.float32)
                running = np.cumsum(members, axis=0, dtype=np.float32)[-1] / np.float32(len(members))
                np.testing.assert_array_equal(step.centers[cluster], running)
                exact = [float(sum(map(Fraction, column)) / len(members)) for column in members.T.tolist()]
                off.append(np.linalg.norm(step.centers[cluster] - exact))
    assert result.rounding is not None
    assert result.rounding.sums == pytest.approx(max(off), rel=1e-9)
    # The same without the sums: scikit-learn adds up in float64.
    rounded = in_float32(away)
    labels = cdist(rounded, in_float32(begun.given), "sqeuclidean").argmin(axis=1)
    filled = np.unique(labels)
    means = np.array([rounded[labels == cluster].mean(axis=0) for cluster in filled])
    apart = np.linalg.norm(means - run(away, begun)[2].centers[filled], axis=1).max()
    assert apart <= result.rounding.points * (1 + 1e-6) + 1e-9
    assert result.distance > 2 * result.rounding.points
    assert "mostly because of the sums" in sentences.reason(result)
    if offset == 10_000_000:
        assert f"up to {result.distance:.4g} apart" in sentences.reason(result)
        assert (round(result.distance), round(result.rounding.points, 1)) == (354, 7.0)


@WITH_TENSORFLOW
@pytest.mark.parametrize("rule", RULES)
def test_a_run_that_reaches_its_limit_is_not_said_to_have_ended_as_the_same(rule: str) -> None:
    result = compare(POINTS, replace(CONFIG, rule=rule, max_iter=1), "float64", 0)
    assert result.is_same
    assert "reached the limit of 1 iteration before converging" in sentences.finding(result)
    assert result.rounding is None
    shorter = replace(result, lengths=(3, 5))
    assert not shorter.is_same
    assert sentences.finding(shorter).startswith("Not the same in float64. When both have ended, 0 points are")


def test_moved_away_means_the_same_run_elsewhere() -> None:
    away, begun = moved_by(POINTS, CONFIG, 1000)
    np.testing.assert_array_equal(away, POINTS + 1000)
    here, there = run(POINTS, CONFIG), run(away, begun)
    np.testing.assert_array_equal(here.labels, there.labels)
    np.testing.assert_allclose(there.centers - 1000, here.centers, atol=1e-9)
    assert there[0].phase is Phase.INIT


def test_the_sentences() -> None:
    same = sentences.finding(comparison(0, 0, 0, 0))
    assert "every one of the 50 points into the same cluster in all 3 half-steps" in same
    assert same.endswith("A half-step takes NumPy 1\u202fms and TensorFlow 3\u202fms.")
    assert "by 0.5 at most" in sentences.finding(comparison(0, 0, distance=0.5))
    parted = sentences.finding(comparison(0, 2, 2, 1, precision="float32"))
    assert parted.startswith(
        f"{message('backends.different', precision='float32')} "
        f"{message('backends.first_difference', step='first assign', points=2, n=50)} "
    )
    assert message("backends.final_difference", points=1) in parted
    text = sentences.numpy_only(3072, [0.002, 0.001])
    assert text.startswith("NumPy did the 1 half-step of this run on 3,072 points in 3\u202fms")
    assert "A blink takes longer" in text
    assert "blink" not in sentences.numpy_only(3072, [0.2]), "some blinks take longer"


def timings(**quicker: str) -> list[Timing]:
    """Times at 10, 100, 1000 points, each with the backend that is quicker."""
    return [
        Timing(backend, int(n[1:]), 0.001, 0.001 if backend == best else 0.002)
        for n, best in quicker.items()
        for backend in BACKENDS
    ]


def test_the_winner_is_the_one_whose_iteration_is_quicker() -> None:
    np_, tf = "numpy", "tensorflow"
    assert sentences.quicker(timings(n10=np_, n100=tf, n1000=tf)).startswith(
        "NumPy is quicker on few points, TensorFlow from 100 on. An iteration on 10 points takes TensorFlow 3\u202fms"
    )
    assert sentences.quicker(timings(n10=np_, n100=np_)).startswith(
        "NumPy is quicker on up to 100 points, all that was timed. An iteration"
    )
    assert sentences.quicker(timings(n10=tf)).startswith("TensorFlow is quicker on 10 points. An iteration")
    assert sentences.quicker(timings(n10=np_, n100=tf, n1000=np_)).startswith(
        "Neither is always quicker: NumPy is at 2 of 3"
    )
    alone = [one for one in timings(n10=np_) if one.backend == np_]
    assert sentences.quicker(alone) == message("backends.numpy_times", assign=0.001, refine=0.001, n=10)


@pytest.mark.parametrize("rule", RULES)
def test_what_is_timed_is_a_half_step(rule: str) -> None:
    one = timing.measure("numpy", rule, 12, 1000)
    assert 0 < one.assign < 1
    assert 0 < one.refine < 1
    assert (one.backend, one.n) == ("numpy", 1000)
    assert timing_figure([one], "dark").data
    assert "NumPy, 1,000 points: assign" in sentences.timings_alt([one])
    assert {len(column) for column in timing.numbers([one]).values()} == {1}


def test_a_number_of_points_is_timed_up_to_a_million() -> None:
    counts = [n for part in timing.COUNTS for n in part]
    assert counts == sorted(set(counts))
    assert (counts[0], counts[-1]) == (1_000, 1_000_000)


def test_moves_by_hand_are_left_out_and_points_by_hand_stay() -> None:
    settings = replace(OPENING, backend="tensorflow", edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert settings.canonical() == replace(OPENING, edits=(Add((1.0, 2.0)),))


@pytest.mark.parametrize("rule", RULES)
def test_the_code_is_each_backends_own(rule: str) -> None:
    used = [name for name in BACKENDS if backend_available(name)]
    for code in step_code(RunConfig(k=3, init="random", rule=rule), used).values():
        assert list(code) == used
        for backend, text in code.items():
            assert "# kmeans_core/engines/" in text
            assert ("# kmeans_core/engines/tensorflow/" in text) == (backend == "tensorflow")
            assert "def " in text


# The page.


def page_text(app: AppTest) -> str:
    return " ".join(str(html.proto.body) for html in app.get("html"))


def test_tensorflow_is_not_loaded_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded(*_: Any) -> None:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: False)
    monkeypatch.setattr(measurements, "loading_seconds", loaded)
    monkeypatch.setattr(measurements, "tracing_seconds", loaded)
    before = "tensorflow" in sys.modules
    app = opened("pages/backends.py", **SMALL)
    assert "NumPy did the" in page_text(app)
    assert "measured here and now" in page_text(app)
    assert ("tensorflow" in sys.modules) == before
    assert len(app.get("code")) == 2, "NumPy's assign and refine"
    assert [button.label for button in app.main.button if "TensorFlow" in button.label] == [
        message("backends.load")
    ] * backend_available("tensorflow")


def test_without_tensorflow_it_says_how_to_get_it_and_shows_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmeans_core.engines.find_spec", lambda name: None if name == "tensorflow" else object())
    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: False)
    app = opened("pages/backends.py", **SMALL)
    assert "pip install tensorflow" in app.info[0].value
    assert "NumPy did the" in page_text(app)
    assert app.get("plotly_chart")
    assert not [button for button in app.main.button if button.label.startswith("Load")]


@WITH_TENSORFLOW
def test_who_asks_for_it_loads_it_and_sees_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    load, loaded = measurements.loading_seconds, []

    def load_and_record(backend: str) -> float:
        loaded.append(backend)
        return load(backend)

    st.cache_resource.clear()
    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: bool(loaded))
    monkeypatch.setattr(measurements, "loading_seconds", load_and_record)
    app = opened("pages/backends.py", **SMALL)
    assert not loaded
    checked(next(button for button in app.main.button if button.label == message("backends.load")).click().run())
    assert loaded == ["tensorflow"]
    assert "The same, to the last label" in page_text(app)
    assert not [button for button in app.main.button if button.label.startswith("Load")]


@WITH_TENSORFLOW
def test_once_it_is_loaded_every_visitor_sees_the_comparison_that_the_link_asks_for() -> None:
    get_backend("tensorflow")
    app = opened("pages/backends.py", **SMALL)
    assert "The same, to the last label" in page_text(app)
    assert len(app.get("code")) == 4
    app = opened("pages/backends.py", **SMALL, precision="float32", offset="10000000")
    assert "Not the same in float32" in page_text(app)
    app.select_slider(key="offset").set_value(0)
    checked(app.run())
    assert "offset" not in app.query_params
    assert "Not the same" not in page_text(app)
    app = opened("pages/backends.py", **SMALL, precision="float16", far="-3")
    assert "float16" in app.warning[0].value
    assert "-3" in app.warning[0].value
