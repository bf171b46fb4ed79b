"""The worksheet: every number is the run's, nobody's text becomes markup, and a browser prints it without asking."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from kmeans_core import RULES, Phase, RunConfig, StopReason, Trace, branch, make_dataset, run
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import amount, whole
from tests.support import NewPage
from ui.charts.drawn_run import DrawnRun
from ui.charts.palette import CLUSTER_COLORS
from ui.export.worksheet import (
    MAX_ROWS,
    MAX_TASK_ROWS,
    WorksheetFacts,
    answer_key,
    answers,
    key_steps,
    questions,
    refine_task,
    worksheet,
)
from ui.export.worksheet_pictures import pictures_of
from ui.text.messages import message
from ui.text.step_sentences import step_name, step_sentence

LINK = "https://example.org/?data=blobs&k=4&title=A%20lesson"
CODE = '<svg viewBox="0 0 29 29" class="segno"><path fill="#fff" d="M0 0h29v29h-29z"/></svg>'
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> \"'&amp; </title></style> \x00\x1b\u202e ]]> <!-- "


def blobs() -> Points:
    return make_dataset("blobs", seed=1, points=300)[0]


def page_of(
    make: Callable[[DrawnRun, WorksheetFacts], str],
    points: Points,
    trace: Trace,
    *,
    equal_units: bool = True,
    **keywords: Any,
) -> str:
    options: dict[str, Any] = {"title": "A lesson", "about": "Blobs.", "link": LINK} | keywords
    run = DrawnRun(trace, points, [step.centers for step in trace], equal_units)
    return make(run, WorksheetFacts(**options))


worksheet_of, key_of = partial(page_of, worksheet), partial(page_of, answer_key)


def read(page: str) -> ET.Element:
    """Read a page as XML, which forgives nothing."""
    head, _, body = page.partition("\n")
    assert head == "<!doctype html>"
    return ET.fromstring(body)


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def rows_of(root: ET.Element) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in root.iter("tr") if row[1].tag == "td"]


CASES = {
    "mean": RunConfig(k=4, init="random", seed=3),
    "medoid": RunConfig(k=4, rule="medoid", init="k-means++"),
    "median": RunConfig(k=12, rule="median", init="farthest"),
    "stopped": RunConfig(k=6, init="random", seed=1, max_iter=1),
    "one assign": RunConfig(k=3, init="random", max_iter=0),
    "one cluster": RunConfig(k=1, init="random"),
    "given": RunConfig(k=2, init="given", given=((0.0, 0.0), (500.0, 500.0)), empty="drop"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_is_the_runs(name: str) -> None:
    points = blobs()
    trace = run(points, CASES[name])
    root = read(key_of(points, trace))
    rows = rows_of(root)
    assert len(rows) == len(trace)
    for index, (row, step) in enumerate(zip(rows, trace, strict=True)):
        reassigned = whole(step.reassigned) if step.phase is Phase.ASSIGN else "–"
        cost = "–" if step.cost is None else amount(step.cost)
        assert (row[0], *row[2:]) == (str(index), str(step.iteration), reassigned, cost)
        assert row[1] == step_name(step)
    captions = [text_of(caption) for caption in root.iter("figcaption")]
    for at, index in enumerate(key_steps(trace)):
        task = {1: 1, refine_task(trace): 2}.get(index, 0)
        title = message("worksheet.picture_caption", index=index, task=task)
        assert captions[at] == f"{title} {step_sentence(trace, index)}"
    assert trace.stop_sentence in text_of(root)


@pytest.mark.parametrize("name", CASES)
def test_pictures_show_the_key_half_steps_with_numbers(name: str) -> None:
    points = blobs()
    trace = run(points, CASES[name])
    drawings = list(read(key_of(points, trace)).iter(f"{SVG}svg"))
    assert len(drawings) == len(key_steps(trace)) + 1  # and the curve of the cost
    for drawing, index in zip(drawings, key_steps(trace), strict=False):
        numbers = {mark.text for mark in drawing.iter(f"{SVG}text") if mark.get("fill")}
        dropped_clusters = {
            empty.cluster for step in trace[: index + 1] for empty in step.relocated if empty.policy == "drop"
        }
        assert numbers == {str(j + 1) for j in range(trace.config.k) if j not in dropped_clusters}
        # Every point is one mark of a path that is filled.
        paths = [path for path in drawing.iter(f"{SVG}path") if path.get("fill") != "none"]
        assert sum(path.get("d", "").count("M") for path in paths) == len(points)


def test_the_key_half_steps() -> None:
    points = blobs()
    trace = run(points, CASES["mean"])
    steps = key_steps(trace)
    # The picture of step 2 would give the first task's answer away.
    assert steps == [0, 1, 3, 4, len(trace) - 1]
    assert refine_task(trace) == 4
    assert key_steps(run(points, CASES["one assign"])) == [0, 1]


@pytest.mark.parametrize("name", CASES)
def test_questions_are_true_of_the_run(name: str) -> None:
    trace = run(blobs(), CASES[name])
    three = questions(trace)
    assert len(three) == 3
    switches = {index: step.reassigned for index, step in enumerate(trace[2:], start=2)}
    if any(switches.values()):
        index = max(switches, key=lambda at: switches[at])
        assert three[1] == message("worksheet.question_switched", switched=switches[index], index=index)
    else:
        assert three[1] == message("worksheet.question_none_switched")
    values: dict[str, object] = {"iterations": trace.iterations}
    if trace.stop_reason is StopReason.CONVERGED:
        assert three[2] == message("worksheet.question_converged", cost=trace.cost, k=trace.config.k, **values)
    else:
        assert three[2] == message("worksheet.question_limit", switched=trace[-1].reassigned, **values)


@pytest.mark.parametrize("name", CASES)
def test_the_key_alone_says_when_the_cost_falls_most(name: str) -> None:
    trace, rule = run(blobs(), CASES[name]), RULES[CASES[name].rule]
    costs = [step.cost or 0.0 for step in trace]
    falls = [before - after for before, after in pairwise(costs[1:])]
    sheet, key = (text_of(read(make(blobs(), trace))) for make in (worksheet_of, key_of))
    if max(falls, default=0.0) <= 0:
        assert questions(trace)[0] == message("worksheet.question_no_fall", center=rule.center_word)
        return
    index = int(np.argmax(falls)) + 2
    assert questions(trace)[0] == message("worksheet.question_cost", center=rule.center_word, kind=rule.center)
    fall = message("worksheet.cost_fall", index=index, phase=trace[index].phase.value)
    assert fall in key and fall not in sheet


@pytest.mark.parametrize("name", CASES)
def test_the_worksheet_has_no_answers_and_the_key_has_one_for_every_question(name: str) -> None:
    points = blobs()
    trace = run(points, CASES[name])
    sheet, key = (text_of(read(make(points, trace))) for make in (worksheet_of, key_of))
    assert len(answers(trace)) == len(questions(trace))
    for question, answer in zip(questions(trace), answers(trace), strict=True):
        assert question in sheet and question in key
        assert answer in key and answer not in sheet
    for index in key_steps(trace):
        assert step_sentence(trace, index) not in sheet
    # The table gives the cost and leaves the kind of each half-step to the class.
    rows = rows_of(read(worksheet_of(points, trace)))
    assert len(rows) == min(len(trace), MAX_TASK_ROWS)
    assert {row[1] for row in rows} == {""}
    refine = refine_task(trace)
    drawings = list(read(worksheet_of(points, trace)).iter(f"{SVG}svg"))
    assert len(drawings) == (3 if refine else 2)  # with the empty axes
    assert not [path for path in drawings[-1].iter(f"{SVG}path") if path.get("fill") != "none"]


@pytest.mark.parametrize("name", CASES)
def test_a_worksheet_says_which_steps_it_shows(name: str) -> None:
    points = blobs()
    trace = run(points, CASES[name])
    sheet = text_of(read(worksheet_of(points, trace)))
    rows = message("worksheet.task_rows", last=MAX_TASK_ROWS - 1, end=len(trace) - 1)
    assert (rows in sheet) is (len(trace) > MAX_TASK_ROWS)
    if refine := refine_task(trace):
        center = RULES[trace.config.rule].center_word
        assert message("worksheet.task_refine", center=center, step=refine - 1) in sheet


def test_the_cost_axis_has_a_title_and_begins_at_zero() -> None:
    points = blobs()
    for make in (worksheet_of, key_of):
        drawing = list(read(make(points, run(points, CASES["mean"]))).iter(f"{SVG}svg"))[-1]
        texts = [text.text for text in drawing.iter(f"{SVG}text")]
        assert message("worksheet.cost_axis") in texts
        assert message("worksheet.step_axis") in texts
        assert texts.count("0") == 2


@pytest.mark.parametrize(
    ("factors", "layout", "low", "high"),
    [((50, 1), "stacked", 0.1, 0.3), ((1, 1), "halves", 0.5, 1.01), ((1, 50), "halves", 0.99, 1.01)],
)
def test_pictures_have_the_shape_of_the_data(
    factors: tuple[float, float], layout: str, low: float, high: float
) -> None:
    points = blobs() * factors
    trace = run(points, CASES["mean"])
    pictures = pictures_of(DrawnRun(trace, points, [step.centers for step in trace], True))
    assert pictures.layout == layout
    _, _, width, height = pictures.view.area
    assert low < height / width < high


def test_no_question_claims_a_fall_after_a_hand_reached_in() -> None:
    points = blobs()
    trace = run(points, CASES["mean"])
    branch_trace = branch(points, trace, 0, points[:4] * 100)
    assert questions(branch_trace)[0] == message("worksheet.question_no_fall", center="centroid")
    read(worksheet_of(points, branch_trace))


def test_a_long_run_keeps_both_ends_of_its_table() -> None:
    points, _ = make_dataset("uniform", seed=0, points=1000)
    trace = run(points, RunConfig(k=12, init="random", seed=3, max_iter=100))
    root = read(key_of(points, trace))
    row_steps = [int(row[0]) for row in rows_of(root)]
    half = MAX_ROWS // 2
    assert row_steps == [*range(half), *range(len(trace) - half, len(trace))]
    assert message("worksheet.rows_left_out", first=half, last=len(trace) - half - 1) in text_of(root)
    assert message("export.sample_note", drawn=600, points=1000) in text_of(root)


def test_nobodys_text_becomes_markup() -> None:
    points = blobs()
    trace = run(points, CASES["mean"])
    page = worksheet_of(
        points,
        trace,
        title=HOSTILE,
        question=HOSTILE,
        about=HOSTILE,
        link=f"https://example.org/?{HOSTILE}",
        versions={HOSTILE: HOSTILE},
    )
    root = read(page)
    assert not list(root.iter("script"))
    visible = re.sub(r"[\x00\x1b\u202e]", "", HOSTILE)
    assert [text_of(title) for title in root.iter("title")] == [visible]
    assert [text_of(heading) for heading in root.iter("h1")] == [visible]
    assert [text_of(part) for part in root.iter("p") if part.get("class") == "question"] == [visible]
    assert "<script" not in page
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", page))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "", LINK])
def test_only_a_link_of_the_web_can_be_clicked(link: str) -> None:
    points = blobs()
    root = read(worksheet_of(points, run(points, CASES["mean"]), link=link))
    assert [anchor.get("href") for anchor in root.iter("a")] == ([link] if link == LINK else [])
    assert link in text_of(root)


def test_what_is_not_given_leaves_no_trace() -> None:
    points = blobs()
    trace = run(points, CASES["mean"])
    bare = read(worksheet_of(points, trace, title=""))
    assert [text_of(heading) for heading in bare.iter("h1")] == [message("navigation.app_title")]
    assert not [part for part in bare.iter("p") if part.get("class") == "question"]
    assert not [part for part in bare.iter("figure") if part.get("class") == "code"]
    full = worksheet_of(points, trace, code=CODE, question="Why?", data_seed=7, versions={"NumPy": "2.3.4"})
    read(full)
    assert CODE in full
    assert "Why?" in text_of(read(key_of(points, trace, question="Why?"))), "the teacher sees what the class is asked"
    values = {"data_seed": "7", "seed": "3", "software": "NumPy; NumPy 2.3.4"}
    assert message("worksheet.data_seeds", **values) in full


@pytest.mark.parametrize("rule", RULES)
def test_the_settings_are_told_in_words(rule: str) -> None:
    points = blobs()
    text = text_of(read(worksheet_of(points, run(points, RunConfig(k=3, init="random", rule=rule, max_iter=7)))))
    assert RULES[rule].summary in text
    assert message("worksheet.clusters", k=3) in text
    assert message("worksheet.end", max_iter=7) in text


def test_a_center_has_the_color_and_the_number_of_its_cluster() -> None:
    points = blobs()
    trace = run(points, RunConfig(k=2, init="random"))
    root = read(worksheet_of(points, trace))
    drawing = next(iter(root.iter(f"{SVG}svg")))
    marks = [mark for mark in drawing.iter(f"{SVG}text") if mark.get("fill")]
    assert {mark.text for mark in marks} == {"1", "2"}
    fills = {shape.get("fill") for shape in drawing.iter(f"{SVG}polygon")} - {"#FFFFFF"}
    assert fills == set(CLUSTER_COLORS[:2])


@pytest.mark.parametrize(
    "points",
    [np.array([[3.0, -7.0]]), np.full((20, 2), 1e9), np.array([[0.0, 1e100], [1e100, 0.0]])],
    ids=["one point", "all equal", "huge"],
)
@pytest.mark.parametrize("equal", [True, False])
def test_odd_points_are_drawn_in_bounds(points: Points, equal: bool) -> None:
    trace = run(points, RunConfig(k=min(2, len(points)), init="random"))
    page = worksheet_of(points, trace, equal_units=equal)
    read(page)
    assert "nan" not in page
    assert "inf" not in re.sub(r"[a-z]inf|inf[a-z]", "", page)
    for x, y in re.findall(r"translate\((\S+) (\S+)\)", page):
        assert 0 < float(x) < 830
        assert 0 < float(y) < 480


def test_a_browser_prints_it_and_asks_nobody(new_page: NewPage, tmp_path: Path) -> None:
    points, _ = make_dataset("post", seed=0)
    trace = run(points, RunConfig(k=6, init="random", rule="medoid"))
    file = tmp_path / "sheet.html"
    file.write_text(worksheet_of(points, trace, code=CODE, question="What moves?"), encoding="utf-8")
    page = new_page(viewport=(900, 1200))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    assert requests == [file.as_uri()]
    code = page.locator(".code svg").bounding_box()
    assert code is not None
    assert code["width"] == pytest.approx(code["height"])
    for width in (900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    long_trace = run(points, RunConfig(k=12, init="random", seed=3, max_iter=100))
    cases = [
        (make, points * factors, trace) for make in (worksheet_of, key_of) for factors in ((1, 1), (30, 1), (1, 30))
    ]
    for make, places, case_trace in [*cases, (key_of, points, long_trace)]:
        file.write_text(make(places, case_trace, code=CODE, question="What moves?"), encoding="utf-8")
        page.goto(file.as_uri())
        for paper in ("A4", "Letter"):
            printed = page.pdf(format=paper, prefer_css_page_size=True)
            # Every page of a PDF is an object of this type.
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    assert set(requests) == {file.as_uri()}
