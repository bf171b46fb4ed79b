"""The lesson: every number on a screen is that of the run it shows, it asks before it tells, and answers are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from streamlit.testing.v1 import AppTest

from kmeans_core import Phase, Trace, make_dataset
from kmeans_core.types import Points
from tests.messages import read_session
from tests.support import said_to
from tests.ui.shell.test_app import link_of
from tests.ui.shell.test_pages import checked, opened
from ui.analyses import tutorial
from ui.settings.edits import Move
from ui.settings.links import decode
from ui.settings.record import Settings
from ui.settings.runs import points_and_trace, run_input
from ui.shell.session import PAGE_RUNS
from ui.text.numbers import amount

PAGE = "pages/tutorial.py"
NUMBERS = range(1, tutorial.QUESTIONS + 1)


@pytest.fixture(scope="module")
def screens() -> tuple[tutorial.Screen, ...]:
    return tutorial.screens(points_and_trace)


def run_of(settings: Settings) -> tuple[Points, Trace]:
    points = run_input(settings).points
    return points, run_input(settings).trace()


def numbers_in(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)]


def inertia(settings: Settings) -> float:
    fitted = KMeans(settings.k, init="k-means++", n_init=30, tol=0, random_state=0).fit(run_input(settings).points)
    return float(fitted.inertia_)


# --- What is said is true


def test_every_screen_asks_one_question_and_answers_every_choice(screens: tuple[tutorial.Screen, ...]) -> None:
    assert len(screens) == tutorial.QUESTIONS == len(tutorial.SCREENS) - 1
    for screen in screens:
        assert 2 <= len(screen.choices) <= 4
        assert screen.question.endswith("?")
        assert [choice.reply.startswith(("Yes", "Right:")) for choice in screen.choices] == [
            at == screen.right for at in range(len(screen.choices))
        ], "who is right is told so, and nobody else"
        before = f"{screen.finding} {screen.text}".split()
        assert len(before) <= 60
        assert len(screen.told.split()) <= 70
        assert any(char.isdigit() for char in screen.finding)


def test_the_lesson_uses_no_word_before_it_explains_it(screens: tuple[tutorial.Screen, ...]) -> None:
    explained_on = {"cluster": 1, "assign": 2, "refine": 3, "iteration": 4, "cost": 5, "converge": 7, "minim": 7}
    for number, screen in enumerate(screens, start=1):
        said = f"{screen.finding} {screen.text} {screen.question} {' '.join(c.text for c in screen.choices)}".lower()
        for word, first in explained_on.items():
            assert word not in said or number >= first, f"{word} on screen {number}"


def test_the_first_screens_speak_of_the_run_that_they_show(screens: tuple[tutorial.Screen, ...]) -> None:
    points, trace = run_of(tutorial.CLOUDS)
    _, truth = make_dataset(tutorial.CLOUDS.data, seed=tutorial.CLOUDS.data_seed, **dict(tutorial.CLOUDS.sizes))
    assert truth is not None
    guess, _, refine, again, better, stops = screens[:6]
    assert numbers_in(guess.finding) == [len(points), len(trace) - 1]
    assert guess.choices[guess.right].text == f"{len(np.unique(truth))} groups"

    cluster = int(numbers_in(refine.question)[0]) - 1
    own = points[trace[1].labels == cluster]
    assert numbers_in(refine.finding)[:3] == [cluster + 1, len(own), len(points)]
    assert numbers_in(refine.told) == pytest.approx(trace[2].centers[cluster], rel=0.01)
    sides = (own - trace[1].centers[cluster]) @ (trace[2].centers[cluster] - trace[1].centers[cluster])
    assert numbers_in(refine.finding)[3] == np.sum(sides > 0) > len(own) / 2

    changed = [step.moved for step in trace if step.phase is Phase.ASSIGN][1:]
    assert numbers_in(again.told) == [*changed, trace.iterations]
    assert changed[-1] == 0 < changed[0]
    assert f"{changed[0]} points" in again.choices[again.right].reply

    first, last = trace[1].cost or 0, trace.cost
    assert [amount(number) for number in numbers_in(better.finding)[1:]] == [amount(first), amount(last)]
    assert sum(numbers_in(better.told)) == pytest.approx(first - last, rel=1e-3)
    assert numbers_in(stops.finding) == [90, 3, len(str(3**90)), trace.iterations]
    assert stops.looks[0].step == len(trace) - 2
    assert trace[-1].moved == 0


def test_the_ringed_point_is_nearest_to_the_right_center_and_not_by_a_hair(
    screens: tuple[tutorial.Screen, ...],
) -> None:
    points, trace = run_of(tutorial.CLOUDS)
    screen = screens[1]
    point = screen.looks[0].point
    assert point is not None
    assert trace[1].labels is not None
    assert trace[1].labels[point] == screen.right
    distances = np.linalg.norm(trace[0].centers - points[point], axis=1)
    told = [numbers_in(choice.reply) for choice in screen.choices]
    for j, numbers in enumerate(told):
        assert numbers[:2] == pytest.approx([j + 1, distances[j]], rel=0.02)
    assert np.sort(distances)[1] / np.min(distances) > 1.2


def test_the_stuck_run_is_as_it_is_described(screens: tuple[tutorial.Screen, ...]) -> None:
    screen = screens[6]
    _, truth = make_dataset(tutorial.VALLEY.data, seed=tutorial.VALLEY.data_seed, **dict(tutorial.VALLEY.sizes))
    assert truth is not None
    _, stuck = run_of(tutorial.VALLEY)
    assert stuck[-1].moved == 0
    where = np.array([np.bincount(truth[stuck.labels == j], minlength=5) for j in range(5)])
    main = where > 0.3 * np.bincount(truth)
    assert sorted(main.sum(axis=0)) == [1, 1, 1, 1, 2], "one cloud has two centers"
    assert sorted(main.sum(axis=1)) == [1, 1, 1, 1, 2], "one center has two clouds"
    reached, tries, best, times = numbers_in(screen.told)
    ends = [run_of(replace(tutorial.VALLEY, seed=seed))[1].cost for seed in range(int(tries))]
    assert best == pytest.approx(inertia(tutorial.VALLEY), rel=1e-3)
    labels = [run_of(replace(tutorial.VALLEY, seed=seed))[1].labels for seed in range(int(tries))]
    assert reached == sum(adjusted_rand_score(labels[int(np.argmin(ends))], other) == 1 for other in labels)
    assert times == round(max(ends) / min(ends), 1)
    assert run_of(screen.looks[1].settings)[1].cost == min(ends)


def test_a_hand_frees_the_stuck_run(screens: tuple[tutorial.Screen, ...]) -> None:
    points, stuck = run_of(tutorial.VALLEY)
    _, truth = make_dataset(tutorial.VALLEY.data, seed=tutorial.VALLEY.data_seed, **dict(tutorial.VALLEY.sizes))
    assert truth is not None
    sizes = np.bincount(stuck.labels)
    spare, crowded = int(np.argmin(sizes)), int(np.argmax(sizes))
    clouds = [points[truth == cloud].mean(axis=0) for cloud in np.unique(truth[stuck.labels == crowded])]
    for cloud in clouds:
        freed = replace(tutorial.VALLEY, edits=(Move(len(stuck) - 1, spare, (float(cloud[0]), float(cloud[1]))),))
        assert run_of(freed)[1].cost == pytest.approx(inertia(tutorial.VALLEY), rel=1e-6)


def test_a_larger_k_costs_less_as_scikit_learn_finds(screens: tuple[tutorial.Screen, ...]) -> None:
    screen = screens[7]
    costs = {look.settings.k: run_of(look.settings)[1].cost for look in screen.looks}
    assert sorted(costs) == [2, 3, 4, 6]
    for k, cost in costs.items():
        assert cost == pytest.approx(inertia(replace(tutorial.CLOUDS, k=k)), rel=0.005)
    assert sorted(costs.values(), reverse=True) == [costs[k] for k in sorted(costs)]
    told = dict(zip(("k", "n", "cost", "k more", "cost less", "percent"), numbers_in(screen.finding), strict=True))
    assert [told["cost"], told["cost less"]] == pytest.approx([costs[3], costs[6]], rel=1e-3)
    assert told["percent"] == round(100 * (1 - costs[6] / costs[3]))
    assert numbers_in(screen.told)[4] == pytest.approx(costs[2] - costs[3], rel=1e-3)
    assert numbers_in(screen.told)[7] == pytest.approx(costs[3] - costs[4], rel=1e-3)
    assert costs[2] - costs[3] > 5 * (costs[3] - costs[4]), "there is a bend to be seen"


def test_rings_and_units_come_out_as_told(screens: tuple[tutorial.Screen, ...]) -> None:
    screen = screens[8]
    _, truth = make_dataset(tutorial.RINGS.data, seed=tutorial.RINGS.data_seed, **dict(tutorial.RINGS.sizes))
    assert truth is not None
    assert numbers_in(screen.finding) == [len(truth), 2, *np.bincount(truth)]
    labels = run_of(tutorial.RINGS)[1].labels
    assert numbers_in(screen.told)[:2] == list(np.bincount(labels[truth == 0]))
    for settings in (tutorial.RINGS, tutorial.UNITS):
        _, trace = run_of(settings)
        _, truth = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
        assert truth is not None
        for group in (0, 1):
            share = np.bincount(trace.labels[truth == group], minlength=2) / np.sum(truth == group)
            assert share.min() > 0.4, "each is cut in two"


def test_every_look_is_a_half_step_of_a_run_that_ends_by_itself(screens: tuple[tutorial.Screen, ...]) -> None:
    for look in (look for screen in screens for look in screen.looks):
        points, trace = run_of(look.settings)
        assert 0 <= look.step < len(trace)
        assert trace.stop_reason == "converged"
        assert look.point is None or look.point < len(points)


# --- The answers


@given(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=tutorial.QUESTIONS, max_size=tutorial.QUESTIONS))
def test_answers_go_through_a_link(choices: list[int | None]) -> None:
    answers = ""
    for number, choice in enumerate(choices, start=1):
        answers = tutorial.with_answer(answers, number, choice)
    assert tutorial.checked_answers(answers) == answers
    assert [tutorial.answer_to(answers, number) for number in NUMBERS] == choices


@pytest.mark.parametrize("text", ["zzz", "4", "1" * 10, "-1", "1.2", "²"])
def test_answers_that_make_no_sense_are_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="They are left out"):
        tutorial.checked_answers(text)


def test_the_summary_counts_right(screens: tuple[tutorial.Screen, ...]) -> None:
    right = "".join(str(screen.right + 1) for screen in screens)
    assert "None of its 9 questions" in tutorial.summary(tutorial.marks(screens, ""))
    assert "1 of 9 questions so far, 1 of them right" in tutorial.summary(tutorial.marks(screens, right[0]))
    assert "all 9 questions, and 9 right: all of them!" in tutorial.summary(tutorial.marks(screens, right))
    wrong = tutorial.with_answer(right, 4, 2)
    marked = tutorial.marks(screens, wrong)
    assert "8 of them right" in tutorial.summary(marked)
    assert [mark.sign for mark in marked] == ["✓", "✓", "✓", "✗", "✓", "✓", "✓", "✓", "✓"]


def test_what_is_kept_is_a_whole_page_with_every_sentence(screens: tuple[tutorial.Screen, ...]) -> None:
    text = tutorial.printable(tutorial.marks(screens, "2313"), "https://x.org/tutorial?screen=10&answers=2313")
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[assignment, method-assign]
    parser.feed(text)
    said = " ".join(" ".join(found).split())
    for screen in screens:
        assert screen.keep in said
        assert screen.question in said
    assert "**" not in said
    assert 'href="https://x.org/tutorial?screen=10&amp;answers=2313"' in text
    assert text.isascii() or 'charset="utf-8"' in text


# --- The page


def html_of(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def told_to_player(app: AppTest) -> dict[str, Any]:
    told: dict[str, Any] = read_session(said_to(app, "kmeans_player").bytes)["compact"]
    return told


@pytest.mark.parametrize("number", NUMBERS)
def test_a_screen_asks_first_and_tells_then(number: int, screens: tuple[tutorial.Screen, ...]) -> None:
    screen = screens[number - 1]
    app = opened(PAGE, screen=str(number))
    assert 'class="teach-told"' not in html_of(app)
    assert told_to_player(app)["still"] is True
    assert "transport" not in told_to_player(app)["parts"]
    for at in range(len(screen.choices)):
        app = opened(PAGE, screen=str(number))
        app.button(key=f"teach_choice_{at}").click()
        said = html_of(checked(app.run()))
        assert 'class="teach-told"' in said
        assert tutorial.as_html(screen.choices[at].reply) in said
        kind = "right" if at == screen.right else "wrong"
        assert f'class="teach-reply teach-{kind} takes-focus"' in said
        assert told_to_player(app)["still"] is False
        assert link_of(app)["answers"] == "0" * (number - 1) + str(at + 1)


def test_the_whole_lesson_from_button_to_button(screens: tuple[tutorial.Screen, ...]) -> None:
    app = opened(PAGE, data="moons", points="70", k="2")
    for number, screen in enumerate(screens, start=1):
        assert f"{number} of 10" in html_of(app)
        app.button(key=f"teach_choice_{screen.right}").click()
        checked(app.run())
        app.button(key="teach_on").click()
        checked(app.run())
    assert "all of them!" in html_of(app)
    settings, complaints = decode(link_of(app))
    assert (settings.data, dict(settings.sizes)["points"], settings.k, complaints) == ("moons", 70, 2, [])
    next(button for button in app.button if button.label.startswith("Begin anew")).click()
    checked(app.run())
    assert "1 of 10" in html_of(app)
    assert "answers" not in app.query_params


def test_a_bad_link_is_a_sentence_and_a_working_page() -> None:
    app = opened(PAGE, screen="99", answers="zzz")
    assert "“99”" in app.warning[0].value
    assert "“zzz”" in app.warning[0].value
    assert "1 of 10" in html_of(app)
    app.button(key="teach_on").click()
    assert "2 of 10" in html_of(checked(app.run()))
    assert not app.warning, "it is said once"


def test_the_sidebar_is_empty_and_the_way_back_remembers() -> None:
    app = opened(PAGE, screen="4", answers="2", lock="k", hide_settings="rule")
    assert not app.sidebar.children
    back = next(link.proto for link in app.get("page_link") if link.proto.label == "Tutorial")
    assert {"screen=4", "answers=2"} <= set(back.query_string.split("&"))


def test_another_run_of_the_same_screen_can_be_shown(screens: tuple[tutorial.Screen, ...]) -> None:
    app = opened(PAGE, screen="7", answers="0000001")
    assert told_to_player(app)["view"] == {"step": str(screens[6].looks[0].step)}
    app.session_state["teach_look_7"] = "Another start"
    checked(app.run())
    assert told_to_player(app)["view"] == {}


@pytest.mark.parametrize(("link", "button"), [({"screen": "7"}, "Ask me again"), ({"screen": "10"}, "Begin anew")])
def test_a_question_that_is_asked_again_is_about_the_picture_as_it_was(link: dict[str, str], button: str) -> None:
    app = opened(PAGE, **link, answers="0000001")
    app.session_state[PAGE_RUNS.key] = {
        "teach_player_7_0": replace(Settings("moons", ()), edits=(Move(3, 1, (0.0, 0.0)),))
    }
    next(one for one in app.button if one.label.startswith(button)).click()
    checked(app.run())
    assert app.session_state[PAGE_RUNS.key] == {}
