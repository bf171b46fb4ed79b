"""A cluster that is out of the run is named nowhere as one that takes part: in no sentence, picture, or message.

Runs drop clusters and are moved by hand, which brings those back. What takes part is told by the labels alone: in a run
with ``empty="drop"`` a cluster is out from the refine that follows on an assign without points for it, up to the next
move.
"""

from __future__ import annotations

import json
import re
from dataclasses import astuple

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from kmeans_core import RULES, Phase, RunConfig, Trace, branch, make_dataset, run
from kmeans_core.arrays import Points
from tests.messages import Facts, read_packed
from tests.ui.player.test_protocol import pack, unpack
from tests.ui.shell.test_pages import SCRIPTS, WITHOUT_SETTINGS, check, open_page
from tools.paths import ROOT
from ui.analyses.sweep.cells import cluster_names
from ui.charts.drawn_run import DrawnRun
from ui.charts.thumbnails import box_of, ending, svg
from ui.export.animation import gif
from ui.export.notebook import notebook
from ui.export.worksheet import WorksheetFacts, answer_key, key_steps
from ui.player.protocol import pack_runs
from ui.settings.links import decode
from ui.settings.run_input import run_input
from ui.text.code_excerpts import kind_of
from ui.text.explanation import explain
from ui.text.formula_examples import example
from ui.text.messages import message
from ui.text.other_costs import other_costs
from ui.text.step_sentences import joined_clusters, step_name, step_sentence

# The third center is dropped, and comes back when it is moved among the points.
LINK = "data=blobs&blobs=2&points=40&k=3&empty=drop&start=given&centers=c0_0c3_3c90_90&dataseed=0&edits=m3_2_1_1"
FIELDS = dict(part.split("=") for part in LINK.split("&"))


def taking_part(trace: Trace) -> list[NDArray[np.bool_]]:
    """Return which clusters take part at each half-step, from the labels and phases alone."""
    rows, now = [], np.ones(trace.config.k, dtype=np.bool_)
    for index, step in enumerate(trace):
        if step.phase is Phase.MOVE:
            now = np.ones_like(now)
        if step.phase is Phase.REFINE and trace.config.empty == "drop":
            labels = trace[index - 1].labels
            assert labels is not None
            now = now & (np.bincount(labels, minlength=len(now)) > 0)
        rows.append(now)
    return rows


def drop_runs() -> list[tuple[Points, Trace]]:
    """Return runs of every rule that drop clusters, moved by hand none to four times, early and late."""
    rng = np.random.default_rng(5)
    runs = []
    for number in range(60):
        points, _ = make_dataset("blobs", seed=number, blobs=2, points=24)
        k = int(rng.integers(1, 7))
        spread = rng.choice([1.0, 1.0, 30.0], size=(k, 1))
        start = points[rng.integers(0, len(points), k)] + rng.normal(size=(k, 2)) * spread
        config = RunConfig(
            k,
            list(RULES)[number % 3],
            "given",
            tuple(map(tuple, start.tolist())),
            "drop" if number % 10 else "farthest",
            max_iter=12,
        )
        trace = run(points, config)
        for _ in range(number % 5):
            index, cluster = int(rng.integers(0, len(trace))), int(rng.integers(0, k))
            centers = trace[index].centers.copy()
            centers[cluster] = points[int(rng.integers(0, len(points)))] + rng.normal(size=2) * rng.choice([0.1, 50.0])
            trace = branch(points, trace, index, centers)
        runs.append((points, trace))
    return runs


RUNS = drop_runs()


def numbers_named(text: str) -> set[int]:
    """Return the clusters, counted from 0, that a text names."""
    matches = re.findall(
        r"\b(?:[Cc]lusters?|[Cc]entroids?|[Mm]edoids?|[Mm]edian centers?) ((?:\d+(?:,? and |, )?)+)", text
    )
    return {int(number) - 1 for numbers in matches for number in re.findall(r"\d+", numbers)}


def test_these_runs_do_drop_clusters_and_bring_them_back() -> None:
    drop_traces = [trace for _, trace in RUNS if any(not active.all() for active in taking_part(trace))]
    move_traces = [trace for trace in drop_traces if any(step.phase is Phase.MOVE for step in trace)]
    returns = [
        trace
        for trace in move_traces
        if any(trace.active(i).sum() > trace.active(i - 1).sum() for i in range(1, len(trace)))
    ]
    assert min(len(drop_traces), len(move_traces), len(returns)) >= 10


@pytest.mark.parametrize("number", range(len(RUNS)))
def test_the_trace_says_what_its_labels_say(number: int) -> None:
    _, trace = RUNS[number]
    for index, active in enumerate(taking_part(trace)):
        np.testing.assert_array_equal(trace.active(index), active)


@pytest.mark.parametrize("number", range(len(RUNS)))
def test_no_sentence_and_no_example_names_a_cluster_that_is_out(number: int) -> None:
    points, trace = RUNS[number]
    active = taking_part(trace)
    for index, step in enumerate(trace):
        # In the refine that drops a cluster it is named: that is what happens there.
        active_clusters = set(
            np.flatnonzero(active[index - 1] if step.phase is Phase.REFINE else active[index]).tolist()
        )
        explanation = explain(trace, index)
        assert numbers_named(step_sentence(trace, index)) <= active_clusters
        assert numbers_named(" ".join(astuple(explanation))) <= active_clusters
        counted = re.match(r"\d+ of (\d+) ", explanation.changes)
        if counted and step.phase in (Phase.REFINE, Phase.MOVE):
            assert int(counted[1]) == len(active_clusters)
        assert kind_of(trace, index)
        step_example = example(points, trace, index)
        if step_example is None:
            assert step.phase in (Phase.INIT, Phase.MOVE)
            continue
        assert active[index][step_example["cluster"]]
        if step.phase is Phase.ASSIGN:
            assert "other" in step_example
            rival_count = active[index].sum() - 1
            assert (step_example["other"] is None) == (not rival_count)
            assert step_example["other"] is None or active[index][step_example["other"]]
    assert len(other_costs(points, trace)) == len(RULES) - 1


def test_a_move_says_who_takes_part_again() -> None:
    points, trace = next(
        (points, trace)
        for points, trace in RUNS
        if any(
            step.phase is Phase.MOVE and not trace.active(i - 1).all() and trace[i - 1].labels is not None
            for i, step in enumerate(trace)
        )
    )
    for index, step in enumerate(trace):
        if step.phase is Phase.MOVE and not trace.active(index - 1).all():
            returns = np.flatnonzero(~trace.active(index - 1)).tolist()
            returning = message("steps.returning_clusters", count=len(returns), clusters=joined_clusters(returns))
            assert returning in step_sentence(trace, index)
            assert returning in explain(trace, index).changes
    assert len(points)


@pytest.mark.parametrize("number", range(0, len(RUNS), 3))
def test_the_message_tells_the_browser_who_takes_part(number: int) -> None:
    points, trace = RUNS[number]
    active = taking_part(trace)
    _, steps = unpack(pack(points, trace))
    several: list[Facts] = read_packed(
        pack_runs(points, [trace, trace], [range(trace.config.k)] * 2, equal_units=True, title="a test")
    )["runs"]
    for step_facts in (steps, several[0]["steps"], several[1]["steps"]):
        now = None
        for index, step in enumerate(step_facts):
            now = step.get("active", now)
            assert now == active[index].tolist(), "sent at the start and wherever it changes"
            assert "active" not in step or index == 0 or now != active[index - 1].tolist()
    assert unpack(pack(points, trace))[0]["activeAfterMove"] == [True] * trace.config.k


@pytest.mark.parametrize("number", range(0, len(RUNS), 6))
def test_pictures_show_who_takes_part(number: int) -> None:
    points, trace = RUNS[number]
    active = taking_part(trace)
    picture = DrawnRun(trace, points, [step.centers for step in trace], equal_units=True)
    page = answer_key(picture, WorksheetFacts(title="", about="", link=""))
    for index in key_steps(trace):
        count = int(active[index].sum())
        values = {"step": step_name(trace[index]), "points": len(points), "centers": count}
        assert message("worksheet.picture_alt", **values) in page
    *_, content = gif(picture, title="", theme="light", width=480)
    assert isinstance(content, bytes)
    end = ending(points, None, trace, trace.centers)
    small = svg(end, range(trace.config.k), box=box_of([end]), equal=True, theme="light")
    assert small.count("<circle") == active[-1].sum()
    assert sorted(cluster_names(end, end)) == list(range(trace.config.k))


# --- The link that was refused with a KeyError


def test_the_player_of_that_link() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params.update(FIELDS)
    check(app.run())
    settings, complaints = decode(FIELDS)
    assert complaints == []
    trace = run_input(settings).trace()
    assert [bool(trace.active(index)[2]) for index in range(6)] == [True, True, False, False, True, True]


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script not in WITHOUT_SETTINGS])
def test_every_page_of_that_link(script: str) -> None:
    open_page(script, **FIELDS)


@pytest.mark.parametrize("number", [number for number, (_, trace) in enumerate(RUNS) if number % 15 == 0])
def test_the_notebook_draws_who_takes_part(number: int) -> None:
    _, trace = RUNS[number]
    cells = json.loads(notebook(trace, points_code="points = None", link="", title="", equal_units=True))["cells"]
    picture = "".join(next(cell["source"] for cell in cells if cell["id"] == "picture"))
    assert f"drawn = {np.flatnonzero(taking_part(trace)[-1]).tolist()}" in picture
