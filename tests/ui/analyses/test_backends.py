"""The same run on two backends: what is said of it is what a comparison by other means finds."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from itertools import pairwise
from math import fsum
from typing import Any

import numpy as np
import pytest
import streamlit as st
from scipy.spatial.distance import cdist
from streamlit.testing.v1 import AppTest

from kmeans_core import BACKENDS, RULES, Phase, RunConfig, backend_available, make_dataset, run
from kmeans_core.engines import get_backend
from tests.message_patterns import message_pattern
from tests.ui.shell.test_pages import SMALL, check, open_page
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
from ui.settings.record import POST
from ui.settings.run_input import run_input
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


def same_finding(result: Comparison, *, exact: bool) -> str:
    """Return the finding on two runs that are the same; ``exact`` where their centers are, too."""
    (numpy, tensorflow), steps = result.median_seconds, len(result.differences) - 1
    return message(
        "backends.same",
        n=result.n,
        steps=steps,
        exact=exact,
        distance=result.distance,
        converged=result.converged[0],
        iterations=result.iterations[0],
        numpy=numpy,
        tensorflow=tensorflow,
    )


@WITH_TENSORFLOW
@pytest.mark.parametrize("offset", OFFSETS)
def test_in_float64_it_is_the_same_however_far_away(offset: int) -> None:
    result = compare(POINTS, CONFIG, "float64", offset)
    assert result.first_difference is None
    assert result.distance == 0
    assert result.lengths == (len(result.differences),) * 2
    assert sentences.finding(result) == same_finding(result, exact=True)


@WITH_TENSORFLOW
def test_in_float32_it_is_not_far_away_and_the_numbers_are_those_of_the_two_runs() -> None:
    result = compare(POINTS, CONFIG, "float32", 1_000_000)
    points, config = moved_by(POINTS, CONFIG, 1_000_000)
    numpy_trace, tensorflow_trace = (
        run(points, config),
        run(points, replace(config, backend="tensorflow"), precision="float32"),
    )
    counts = [
        0 if a.labels is None or b.labels is None else sum(x != y for x, y in zip(a.labels, b.labels, strict=True))
        for a, b in zip(numpy_trace, tensorflow_trace, strict=False)
    ]
    assert [step.points for step in result.differences] == counts
    assert counts[-1] > 0
    assert result.first_difference is not None
    first = result.first_difference
    values = {"step": sentences.step_label(first), "points": first.points, "n": result.n}
    assert message("backends.first_difference", **values) in sentences.finding(result)
    at_the_end = int(np.count_nonzero(numpy_trace.labels != tensorflow_trace.labels))
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
    offset_points, offset_config = moved_by(points, config, offset)
    tensorflow_trace = run(offset_points, replace(offset_config, backend="tensorflow"), precision="float32")
    # One mean by hand: every sum is what adding one number after the other in float32 comes to.
    errors = []
    for before, step in pairwise(tensorflow_trace):
        if step.phase is Phase.REFINE:
            assert before.labels is not None
            for cluster in np.unique(before.labels):
                members = offset_points[before.labels == cluster].astype(np.float32)
                running = np.cumsum(members, axis=0, dtype=np.float32)[-1] / np.float32(len(members))
                np.testing.assert_array_equal(step.centers[cluster], running)
                exact = [fsum(column) / len(members) for column in members.T.tolist()]
                errors.append(np.linalg.norm(step.centers[cluster] - exact))
    assert result.rounding is not None
    assert result.rounding.sums == pytest.approx(max(errors), rel=1e-9)
    # The same without the sums: scikit-learn adds up in float64.
    rounded = in_float32(offset_points)
    labels = cdist(rounded, in_float32(offset_config.given), "sqeuclidean").argmin(axis=1)
    nonempty = np.unique(labels)
    means = np.array([rounded[labels == cluster].mean(axis=0) for cluster in nonempty])
    distance = np.linalg.norm(means - run(offset_points, offset_config)[2].centers[nonempty], axis=1).max()
    assert distance <= result.rounding.points * (1 + 1e-6) + 1e-9
    assert result.distance > 2 * result.rounding.points
    values = {"distance": result.distance, "sums": result.rounding.sums, "points": result.rounding.points}
    assert sentences.reason(result).endswith(message("backends.rounding", by_sums=True, **values))
    if offset == 10_000_000:
        assert (round(result.distance), round(result.rounding.points, 1)) == (354, 7.0)


@WITH_TENSORFLOW
@pytest.mark.parametrize("rule", RULES)
def test_a_run_that_reaches_its_limit_is_not_said_to_have_ended_as_the_same(rule: str) -> None:
    result = compare(POINTS, replace(CONFIG, rule=rule, max_iter=1), "float64", 0)
    assert result.is_same
    assert (result.converged, result.iterations) == ((False, False), (1, 1))
    assert sentences.finding(result) == same_finding(result, exact=not result.distance)
    assert result.rounding is None
    shorter = replace(result, lengths=(3, 5))
    assert not shorter.is_same
    difference = [message("backends.different", precision="float64"), message("backends.final_difference", points=0)]
    assert sentences.finding(shorter).startswith(" ".join(difference))


def test_moved_away_means_the_same_run_elsewhere() -> None:
    points, config = moved_by(POINTS, CONFIG, 1000)
    np.testing.assert_array_equal(points, POINTS + 1000)
    trace, offset_trace = run(POINTS, CONFIG), run(points, config)
    np.testing.assert_array_equal(trace.labels, offset_trace.labels)
    np.testing.assert_allclose(offset_trace.centers - 1000, trace.centers, atol=1e-9)
    assert offset_trace[0].phase is Phase.INIT


def test_the_sentences() -> None:
    values = {"n": 50, "converged": True, "iterations": 1, "numpy": 0.001, "tensorflow": 0.003}
    finding = sentences.finding(comparison(0, 0, 0, 0))
    assert finding == message("backends.same", steps=3, exact=True, distance=0.0, **values)
    finding = sentences.finding(comparison(0, 0, distance=0.5))
    assert finding == message("backends.same", steps=1, exact=False, distance=0.5, **values)
    finding = sentences.finding(comparison(0, 2, 2, 1, precision="float32"))
    step = message("steps.name", phase="assign", iteration=0)
    assert finding.startswith(
        f"{message('backends.different', precision='float32')} "
        f"{message('backends.first_difference', step=step, points=2, n=50)} "
    )
    assert message("backends.final_difference", points=1) in finding
    # A blink of an eye takes 0.1 s or more.
    for seconds, is_quick in ([0.002, 0.001], True), ([0.2], False):
        text = message("backends.numpy_only", steps=len(seconds) - 1, n=3072, seconds=sum(seconds), quick=is_quick)
        assert sentences.numpy_only(3072, seconds) == text


def test_numpys_time_of_every_step_is_in_a_table() -> None:
    trace = run_input(POST).trace()
    seconds = [step.seconds for step in trace]
    names, times = sentences.step_times(seconds).values()
    assert names == [
        message("steps.name", phase=step.phase.value, iteration=step.iteration) for step in list(trace)[1:]
    ]
    assert times == seconds[1:]


def timings(**quicker: str) -> list[Timing]:
    """Times at 10, 100, 1000 points, each with the backend that is quicker."""
    return [
        Timing(backend, int(n[1:]), 0.001, 0.001 if backend == best else 0.002)
        for n, best in quicker.items()
        for backend in BACKENDS
    ]


def test_the_winner_is_the_one_whose_iteration_is_quicker() -> None:
    np_, tf = "numpy", "tensorflow"
    winner = message("backends.quicker_from", few="NumPy", many="TensorFlow", n=100)
    values = {"n": 10, "tensorflow": 0.003, "numpy": 0.002, "processors": os.cpu_count() or 1}
    iteration = message("backends.iteration_times", **values)
    assert sentences.quicker(timings(n10=np_, n100=tf, n1000=tf)) == f"{winner} {iteration}"
    winner = message("backends.always_quicker", backend="NumPy", several=True, n=100)
    assert sentences.quicker(timings(n10=np_, n100=np_)).startswith(f"{winner} ")
    winner = message("backends.always_quicker", backend="TensorFlow", several=False, n=10)
    assert sentences.quicker(timings(n10=tf)).startswith(f"{winner} ")
    winner = message("backends.sometimes_quicker", numpy=2, counts=3)
    assert sentences.quicker(timings(n10=np_, n100=tf, n1000=np_)).startswith(f"{winner} ")
    numpy_alone = [entry for entry in timings(n10=np_) if entry.backend == np_]
    assert sentences.quicker(numpy_alone) == message("backends.numpy_times", assign=0.001, refine=0.001, n=10)


@pytest.mark.parametrize("rule", RULES)
def test_what_is_timed_is_a_half_step(rule: str) -> None:
    measurement = timing.measure("numpy", rule, 12, 1000)
    assert 0 < measurement.assign < 1
    assert 0 < measurement.refine < 1
    assert (measurement.backend, measurement.n) == ("numpy", 1000)
    assert timing_figure([measurement], "dark").data
    values = {"n": 1000, "assign": measurement.assign, "refine": measurement.refine}
    assert message("backends.timing_alt", backend="NumPy", **values) in sentences.timings_alt([measurement])
    assert {len(column) for column in timing.numbers([measurement]).values()} == {1}


def test_a_number_of_points_is_timed_up_to_a_million() -> None:
    counts = [n for part in timing.COUNTS for n in part]
    assert counts == sorted(set(counts))
    assert (counts[0], counts[-1]) == (1_000, 1_000_000)


def test_moves_by_hand_are_left_out_and_points_by_hand_stay() -> None:
    settings = replace(POST, backend="tensorflow", edits=(Add((1.0, 2.0)), Move(3, 1, (0.0, 0.0))))
    assert settings.canonical() == replace(POST, edits=(Add((1.0, 2.0)),))


@pytest.mark.parametrize("rule", RULES)
def test_the_code_is_each_backends_own(rule: str) -> None:
    backends = [name for name in BACKENDS if backend_available(name)]
    for code in step_code(RunConfig(k=3, init="random", rule=rule), backends).values():
        assert list(code) == backends
        for backend, text in code.items():
            assert "# kmeans_core/engines/" in text
            assert ("# kmeans_core/engines/tensorflow/" in text) == (backend == "tensorflow")
            assert "def " in text


# The page.


def page_text(app: AppTest) -> str:
    return " ".join(str(html.proto.body) for html in app.get("html"))


def finding_on(app: AppTest) -> str:
    return page_text(app).split('class="finding"')[1].split("</p>")[0]


def reasons_on(app: AppTest) -> set[str]:
    """Return the reasons on a page why both runs are the same: in float64, in float32."""
    keys = ("backends.same_reason", "backends.enough_digits")
    return {key for key in keys if any(message(key) in text.value for text in app.markdown)}


def test_tensorflow_is_not_loaded_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: False)
    monkeypatch.setattr(measurements, "loading_seconds", fail)
    monkeypatch.setattr(measurements, "tracing_seconds", fail)
    before = "tensorflow" in sys.modules
    app = open_page("pages/backends.py", **SMALL)
    assert f" {SMALL['points']} " in finding_on(app), "the number of points"
    assert ("tensorflow" in sys.modules) == before
    assert len(app.get("code")) == 2, "NumPy's assign and refine"
    assert [button.label for button in app.main.button if "TensorFlow" in button.label] == [
        message("backends.load")
    ] * backend_available("tensorflow")


def test_without_tensorflow_it_says_how_to_get_it_and_shows_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmeans_core.engines.find_spec", lambda name: None if name == "tensorflow" else object())
    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: False)
    app = open_page("pages/backends.py", **SMALL)
    assert "pip install tensorflow" in app.info[0].value
    assert f" {SMALL['points']} " in finding_on(app), "the number of points"
    assert app.get("plotly_chart")
    assert message("backends.load") not in [button.label for button in app.main.button]


@WITH_TENSORFLOW
def test_who_asks_for_it_loads_it_and_sees_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    load, loads = measurements.loading_seconds, []

    def load_and_record(backend: str) -> float:
        loads.append(backend)
        return load(backend)

    st.cache_resource.clear()
    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: bool(loads))
    monkeypatch.setattr(measurements, "loading_seconds", load_and_record)
    app = open_page("pages/backends.py", **SMALL)
    assert not loads
    check(next(button for button in app.main.button if button.label == message("backends.load")).click().run())
    assert loads == ["tensorflow"]
    assert reasons_on(app) == {"backends.same_reason"}
    assert message("backends.load") not in [button.label for button in app.main.button]


@WITH_TENSORFLOW
def test_once_it_is_loaded_every_visitor_sees_the_comparison_that_the_link_asks_for() -> None:
    get_backend("tensorflow")
    app = open_page("pages/backends.py", **SMALL)
    assert reasons_on(app) == {"backends.same_reason"}
    assert len(app.get("code")) == 4
    app = open_page("pages/backends.py", **SMALL, precision="float32", offset="10000000")
    assert message("backends.different", precision="float32") in finding_on(app)
    assert not reasons_on(app)
    app.select_slider(key="offset").set_value(0)
    check(app.run())
    assert "offset" not in app.query_params
    assert message("backends.different", precision="float32") not in finding_on(app)
    assert reasons_on(app) == {"backends.enough_digits"}
    check(app.button_group(key="precision").set_value("float64").run())
    assert "precision" not in app.query_params
    assert reasons_on(app) == {"backends.same_reason"}
    check(app.button_group(key="precision").set_value("float32").run())
    app.select_slider(key="offset").set_value(10_000_000)
    check(app.run())
    assert [app.query_params[name] for name in ("precision", "offset")] == ["float32", "10000000"]
    app = open_page("pages/backends.py", **SMALL, precision="float16", far="-3")
    assert "float16" in app.warning[0].value
    assert "-3" in app.warning[0].value


def test_more_times_are_measured_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "COUNTS", ((10, 20), (40,)))
    monkeypatch.setattr(cached_runs, "is_loaded", lambda _: False)
    app = open_page("pages/backends.py", **SMALL)

    def text() -> str:
        return " ".join(markdown.value for markdown in app.markdown)

    assert message_pattern("backends.numpy_times", n="20").search(text())
    check(next(button for button in app.button if button.label == message("shell.compute_rest")).click().run())
    assert message_pattern("backends.numpy_times", n="40").search(text())
    assert message("shell.compute_rest") not in [button.label for button in app.button]
