"""The tutorial: every number on a screen is that of the run it shows, it asks before it tells, and answers are kept."""

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
from kmeans_core.arrays import Points
from kmeans_core.messages.numbers import short
from tests.messages import read_session
from tests.support import component_proto
from tests.ui.shell.test_app import link_of
from tests.ui.shell.test_pages import check, open_page
from ui.analyses.tutorial import html
from ui.analyses.tutorial.answers import answer_to, marks, summary, tidy_answers, with_answer
from ui.analyses.tutorial.picture_words import strip_width, strips, widest_gap
from ui.analyses.tutorial.runs import CLOUDS, RINGS, STUCK, UNITS
from ui.analyses.tutorial.screens import QUESTIONS, SCREEN_NUMBERS, Screen
from ui.analyses.tutorial.screens import screens as all_screens
from ui.charts.palette import ICONS
from ui.settings.edits import Move
from ui.settings.links import decode
from ui.settings.record import Settings
from ui.settings.run_input import points_and_trace, run_input
from ui.shell.session import PAGE_RUNS
from ui.text.messages import message

PAGE = "pages/tutorial.py"
NUMBERS = range(1, QUESTIONS + 1)


@pytest.fixture(scope="module")
def screens() -> tuple[Screen, ...]:
    return all_screens(points_and_trace)


def run_of(settings: Settings) -> tuple[Points, Trace]:
    points = run_input(settings).points
    return points, run_input(settings).trace()


def numbers_in(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)]


def inertia(settings: Settings) -> float:
    model = KMeans(settings.k, init="k-means++", n_init=30, tol=0, random_state=0).fit(run_input(settings).points)
    return float(model.inertia_)


# --- What is said is true


def test_every_screen_asks_one_question_and_answers_every_choice(screens: tuple[Screen, ...]) -> None:
    assert len(screens) == QUESTIONS == len(SCREEN_NUMBERS) - 1
    for screen in screens:
        assert 2 <= len(screen.choices) <= 4
        assert screen.question.endswith("?")
        before = f"{screen.finding} {screen.text}".split()
        assert len(before) <= 60
        assert len(screen.explanation.split()) <= 70
        assert any(char.isdigit() for char in screen.finding)


def test_the_first_picture_in_words_holds_every_point_and_no_number_of_groups(screens: tuple[Screen, ...]) -> None:
    points, _ = run_of(CLOUDS)
    listed = list(strips(points))
    assert sum(strip.count for strip in listed) == len(points)
    assert [strip.right for strip in listed[:-1]] == pytest.approx([strip.left for strip in listed[1:]])
    for strip in listed:
        inside = points[(points[:, 0] >= strip.left) & (points[:, 0] < strip.right), 1]
        for part in strip.parts:
            assert part.count == np.count_nonzero((inside >= part.low) & (inside <= part.high))
        for lower, upper in zip(strip.parts, strip.parts[1:], strict=False):
            assert upper.low - lower.high > widest_gap(points)
    assert len({len(strip.parts) for strip in listed}) > 1, "no strip alone is the answer"
    assert CLOUDS.k not in numbers_in(re.sub("<table.*", "", screens[0].words))
    assert screens[0].words.count("<tr>") == len(listed) + 1
    assert not any(screen.words for screen in screens[1:])


@given(st.floats(1e-6, 1e6))
def test_strips_are_few_and_have_round_edges(span: float) -> None:
    width = strip_width(span)
    assert 4 <= span / width <= 11.0001
    assert f"{width:.0e}"[0] in "125"


def test_the_picture_in_words_is_offered_until_the_answer() -> None:
    def titles(app: AppTest) -> list[str]:
        return [expander.label for expander in app.expander]

    app = check(open_page(PAGE))
    assert titles(app)[0] == message("tutorial.words_title")
    assert message("tutorial.words_strip") in "".join(element.proto.body for element in app.get("html"))
    app.button(key="tutorial_choice_0").click()
    assert message("tutorial.words_title") not in titles(check(app.run()))


def test_replies_to_right_answers_open_with_words_of_their_own(screens: tuple[Screen, ...]) -> None:
    openings: dict[bool, set[str]] = {True: set(), False: set()}
    for screen in screens:
        for at, choice in enumerate(screen.choices):
            openings[at == screen.right].add(re.findall(r"\w+", choice.reply)[0])
    assert len(openings[True]) <= 2
    assert openings[True].isdisjoint(openings[False])


def test_the_tutorial_uses_no_word_before_it_explains_it(screens: tuple[Screen, ...]) -> None:
    explained_on = {"cluster": 1, "assign": 2, "refine": 3, "iteration": 4, "cost": 5, "converge": 7, "minim": 7}
    for number, screen in enumerate(screens, start=1):
        text = f"{screen.finding} {screen.text} {screen.question} {' '.join(c.text for c in screen.choices)}".lower()
        for word, first in explained_on.items():
            assert word not in text or number >= first, f"{word} on screen {number}"


def test_the_first_screens_speak_of_the_run_that_they_show(screens: tuple[Screen, ...]) -> None:
    points, trace = run_of(CLOUDS)
    _, truth = make_dataset(CLOUDS.data, seed=CLOUDS.data_seed, **dict(CLOUDS.sizes))
    assert truth is not None
    guess, _, refine, repeat, better, stops = screens[:6]
    assert numbers_in(guess.finding) == [len(points), len(trace) - 1]
    assert numbers_in(guess.choices[guess.right].text) == [len(np.unique(truth))]

    cluster = int(numbers_in(refine.question)[0]) - 1
    members = points[trace[1].labels == cluster]
    assert numbers_in(refine.finding)[:3] == [cluster + 1, len(members), len(points)]
    assert numbers_in(refine.explanation) == pytest.approx(trace[2].centers[cluster], rel=0.01)
    sides = (members - trace[1].centers[cluster]) @ (trace[2].centers[cluster] - trace[1].centers[cluster])
    assert numbers_in(refine.finding)[3] == np.sum(sides > 0) > len(members) / 2

    reassigned = [step.reassigned for step in trace if step.phase is Phase.ASSIGN][1:]
    assert numbers_in(repeat.explanation) == [*reassigned, trace.iterations]
    assert reassigned[-1] == 0 < reassigned[0]
    assert repeat.choices[repeat.right].reply == message("tutorial.repeat_assign_reply", count=reassigned[0])

    first, last = trace[1].cost or 0, trace.cost
    assert [short(number) for number in numbers_in(better.finding)[1:]] == [short(first), short(last)]
    assert sum(numbers_in(better.explanation)) == pytest.approx(first - last, rel=1e-3)
    assert numbers_in(stops.finding) == [90, 3, len(str(3**90)), trace.iterations]
    assert stops.views[0].step == len(trace) - 2
    assert trace[-1].reassigned == 0


def test_the_ringed_point_is_nearest_to_the_right_center_and_not_by_a_hair(
    screens: tuple[Screen, ...],
) -> None:
    points, trace = run_of(CLOUDS)
    screen = screens[1]
    point = screen.views[0].point
    assert point is not None
    assert trace[1].labels is not None
    assert trace[1].labels[point] == screen.right
    distances = np.linalg.norm(trace[0].centers - points[point], axis=1)
    values = [numbers_in(choice.reply) for choice in screen.choices]
    for j, numbers in enumerate(values):
        assert numbers[:2] == pytest.approx([j + 1, distances[j]], rel=0.02)
    assert np.sort(distances)[1] / np.min(distances) > 1.2


def test_the_stuck_run_is_as_it_is_described(screens: tuple[Screen, ...]) -> None:
    screen = screens[6]
    _, truth = make_dataset(STUCK.data, seed=STUCK.data_seed, **dict(STUCK.sizes))
    assert truth is not None
    _, stuck = run_of(STUCK)
    assert stuck[-1].reassigned == 0
    counts = np.array([np.bincount(truth[stuck.labels == j], minlength=5) for j in range(5)])
    main = counts > 0.3 * np.bincount(truth)
    assert sorted(main.sum(axis=0)) == [1, 1, 1, 1, 2], "one cloud has two centers"
    assert sorted(main.sum(axis=1)) == [1, 1, 1, 1, 2], "one center has two clouds"
    reached, tries, best, times = numbers_in(screen.explanation)
    ends = [run_of(replace(STUCK, seed=seed))[1].cost for seed in range(int(tries))]
    assert best == pytest.approx(inertia(STUCK), rel=5e-3)
    labels = [run_of(replace(STUCK, seed=seed))[1].labels for seed in range(int(tries))]
    assert reached == sum(adjusted_rand_score(labels[int(np.argmin(ends))], run_labels) == 1 for run_labels in labels)
    assert times == round(max(ends) / min(ends), 1)
    assert run_of(screen.views[1].settings)[1].cost == min(ends)


def test_a_hand_frees_the_stuck_run(screens: tuple[Screen, ...]) -> None:
    points, stuck = run_of(STUCK)
    _, truth = make_dataset(STUCK.data, seed=STUCK.data_seed, **dict(STUCK.sizes))
    assert truth is not None
    sizes = np.bincount(stuck.labels)
    spare, crowded = int(np.argmin(sizes)), int(np.argmax(sizes))
    clouds = [points[truth == cloud].mean(axis=0) for cloud in np.unique(truth[stuck.labels == crowded])]
    for cloud in clouds:
        settings = replace(STUCK, edits=(Move(len(stuck) - 1, spare, (float(cloud[0]), float(cloud[1]))),))
        assert run_of(settings)[1].cost == pytest.approx(inertia(STUCK), rel=1e-6)


def test_a_larger_k_costs_less_as_scikit_learn_finds(screens: tuple[Screen, ...]) -> None:
    screen = screens[7]
    costs = {view.settings.k: run_of(view.settings)[1].cost for view in screen.views}
    assert sorted(costs) == [2, 3, 4, 6]
    for k, cost in costs.items():
        assert cost == pytest.approx(inertia(replace(CLOUDS, k=k)), rel=0.005)
    assert sorted(costs.values(), reverse=True) == [costs[k] for k in sorted(costs)]
    values = dict(zip(("k", "n", "cost", "k more", "cost less", "percent"), numbers_in(screen.finding), strict=True))
    assert [values["cost"], values["cost less"]] == pytest.approx([costs[3], costs[6]], rel=5e-3)
    assert values["percent"] == round(100 * (1 - costs[6] / costs[3]))
    assert numbers_in(screen.explanation)[4] == pytest.approx(costs[2] - costs[3], rel=5e-3)
    assert numbers_in(screen.explanation)[7] == pytest.approx(costs[3] - costs[4], rel=5e-3)
    assert costs[2] - costs[3] > 5 * (costs[3] - costs[4]), "there is a bend to be seen"


def test_rings_and_units_come_out_as_told(screens: tuple[Screen, ...]) -> None:
    screen = screens[8]
    _, truth = make_dataset(RINGS.data, seed=RINGS.data_seed, **dict(RINGS.sizes))
    assert truth is not None
    assert numbers_in(screen.finding) == [len(truth), 2, *np.bincount(truth)]
    labels = run_of(RINGS)[1].labels
    assert numbers_in(screen.explanation)[:2] == list(np.bincount(labels[truth == 0]))
    for settings in (RINGS, UNITS):
        _, trace = run_of(settings)
        _, truth = make_dataset(settings.data, seed=settings.data_seed, **dict(settings.sizes))
        assert truth is not None
        for group in (0, 1):
            share = np.bincount(trace.labels[truth == group], minlength=2) / np.sum(truth == group)
            assert share.min() > 0.4, "each is cut in two"


def test_every_view_is_a_half_step_of_a_run_that_ends_by_itself(screens: tuple[Screen, ...]) -> None:
    for view in (view for screen in screens for view in screen.views):
        points, trace = run_of(view.settings)
        assert 0 <= view.step < len(trace)
        assert trace.stop_reason == "converged"
        assert view.point is None or view.point < len(points)


# --- The answers


@given(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=QUESTIONS, max_size=QUESTIONS))
def test_answers_go_through_a_link(choices: list[int | None]) -> None:
    answers = ""
    for number, choice in enumerate(choices, start=1):
        answers = with_answer(answers, number, choice)
    assert tidy_answers(answers) == answers
    assert [answer_to(answers, number) for number in NUMBERS] == choices


@pytest.mark.parametrize("text", ["zzz", "4", "1" * 10, "-1", "1.2", "²"])
def test_answers_that_make_no_sense_are_a_sentence(text: str) -> None:
    problem = message("tutorial.bad_answers", max=QUESTIONS, text=f"“{text}”")
    with pytest.raises(ValueError, match=re.escape(problem)):
        tidy_answers(text)


def test_the_summary_counts_right(screens: tuple[Screen, ...]) -> None:
    right = "".join(str(screen.right + 1) for screen in screens)
    assert summary(marks(screens, "")) == message("tutorial.progress_summary", answered=0, questions=9, right=0)
    assert summary(marks(screens, right[0])) == message("tutorial.progress_summary", answered=1, questions=9, right=1)
    assert summary(marks(screens, right)) == message("tutorial.all_right", questions=9)
    answers = with_answer(right, 4, 2)
    answer_marks = marks(screens, answers)
    assert summary(answer_marks) == message("tutorial.some_right", questions=9, right=8)
    assert [mark.number for mark in answer_marks if mark.kind == "wrong"] == [4]


def test_what_is_kept_is_a_whole_page_with_every_sentence(screens: tuple[Screen, ...]) -> None:
    page = html.printable(marks(screens, "2313"), "https://x.org/tutorial?screen=10&answers=2313")
    pieces: list[str] = []
    parser = HTMLParser()
    parser.handle_data = pieces.append  # type: ignore[assignment, method-assign]
    parser.feed(page)
    text = " ".join(" ".join(pieces).split())
    for screen in screens:
        assert screen.summary in text
        assert screen.question in text
    assert "**" not in text
    assert 'href="https://x.org/tutorial?screen=10&amp;answers=2313"' in page
    assert page.isascii() or 'charset="utf-8"' in page


# --- The page


def html_of(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def player_parts_of(app: AppTest) -> dict[str, Any]:
    values: dict[str, Any] = read_session(component_proto(app, "kmeans_player").bytes)["compact"]
    return values


@pytest.mark.parametrize("number", NUMBERS)
def test_a_screen_asks_first_and_tells_then(number: int, screens: tuple[Screen, ...]) -> None:
    screen = screens[number - 1]
    app = open_page(PAGE, screen=str(number))
    assert 'class="tutorial-explanation"' not in html_of(app)
    assert player_parts_of(app)["still"] is True
    assert "transport" not in player_parts_of(app)["parts"]
    for at in range(len(screen.choices)):
        app = open_page(PAGE, screen=str(number))
        app.button(key=f"tutorial_choice_{at}").click()
        text = html_of(check(app.run()))
        assert 'class="tutorial-explanation"' in text
        assert html.as_html(screen.choices[at].reply) in text
        kind = "right" if at == screen.right else "wrong"
        assert f'class="tutorial-reply tutorial-{kind} takes-focus"' in text
        assert player_parts_of(app)["still"] is False
        assert link_of(app)["answers"] == "0" * (number - 1) + str(at + 1)


def test_icons_show_what_a_sentence_says_to_press(screens: tuple[Screen, ...]) -> None:
    action = html.as_html(screens[0].action)
    assert "[" not in action
    for name in ("last", "first"):
        assert f'aria-label="{message("keys.action", action=name)}" style="clip-path:path(\'{ICONS[name]}\')"' in action
    named = html.as_html(screens[3].action)
    assert f'aria-hidden="true" style="clip-path:path(\'{ICONS["play"]}\')"' in named


def test_sentences_are_short(screens: tuple[Screen, ...]) -> None:
    for screen in screens:
        replies = [text for choice in screen.choices for text in (choice.text, choice.reply)]
        texts = (screen.finding, screen.text, screen.question, screen.explanation, screen.action, screen.summary)
        for sentence in (sentence for text in (*texts, *replies) for sentence in re.split(r"(?<=[.?!])\s", text)):
            assert len(sentence.split()) <= 20, sentence


def test_one_button_is_primary_once_a_question_is_answered() -> None:
    app = open_page(PAGE, screen="2")
    assert (app.button(key="tutorial_next").label, app.button(key="tutorial_next").proto.type) == (
        message("tutorial.skip"),
        "tertiary",
    )
    app = open_page(PAGE, screen="2", answers="02")
    assert [button.label for button in app.button if button.proto.type == "primary"] == [message("tutorial.next")]


def test_different_units_are_named(screens: tuple[Screen, ...]) -> None:
    assert dict(UNITS.sizes)["unit_factor"] == 100, "as many centimeters are in a meter"
    app = open_page(PAGE, screen="9", answers="000000002")
    assert message("tutorial.units_note") not in [caption.value for caption in app.caption]
    app.session_state["tutorial_run_9"] = screens[8].views[1].label
    assert message("tutorial.units_note") in [caption.value for caption in check(app.run()).caption]
    titles = (message("settings.width_axis", unit="cm"), message("settings.height_axis"))
    assert run_input(UNITS).data.axes == titles
    assert run_input(RINGS).data.axes is None


def test_the_summary_opens_each_screen_and_crosses_out_no_sentence(screens: tuple[Screen, ...]) -> None:
    app = open_page(PAGE, screen="10", answers="1")
    for screen in screens:
        assert f"<p>{html.as_html(screen.summary)}</p>" in html_of(app)
    app.button(key="tutorial_review_4").click()
    assert message("tutorial.place", number=4, count=9) in html_of(check(app.run()))


def test_the_whole_tutorial_from_button_to_button(screens: tuple[Screen, ...]) -> None:
    app = open_page(PAGE, data="moons", points="70", k="2")
    for number, screen in enumerate(screens, start=1):
        assert message("tutorial.place", number=number, count=9) in html_of(app)
        app.button(key=f"tutorial_choice_{screen.right}").click()
        check(app.run())
        app.button(key="tutorial_next").click()
        check(app.run())
    assert message("tutorial.all_right", questions=9) in html_of(app)
    settings, complaints = decode(link_of(app))
    assert (settings.data, dict(settings.sizes)["points"], settings.k, complaints) == ("moons", 70, 2, [])
    next(button for button in app.button if button.label == message("tutorial.start_over")).click()
    check(app.run())
    assert message("tutorial.place", number=1, count=9) in html_of(app)
    assert "answers" not in app.query_params


def test_a_bad_link_is_a_sentence_and_a_working_page() -> None:
    app = open_page(PAGE, screen="99", answers="zzz")
    assert "“99”" in app.warning[0].value
    assert "“zzz”" in app.warning[0].value
    assert message("tutorial.place", number=1, count=9) in html_of(app)
    app.button(key="tutorial_next").click()
    assert message("tutorial.place", number=2, count=9) in html_of(check(app.run()))
    assert not app.warning, "it is said once"


def test_the_sidebar_is_empty_and_the_way_back_remembers() -> None:
    app = open_page(PAGE, screen="4", answers="2", lock="k", hide_settings="rule")
    assert not app.sidebar.children
    links = (link.proto for link in app.get("page_link"))
    tutorial_link = next(link for link in links if link.label == message("navigation.learn"))
    assert {"screen=4", "answers=2"} <= set(tutorial_link.query_string.split("&"))


def test_another_run_of_the_same_screen_can_be_shown(screens: tuple[Screen, ...]) -> None:
    app = open_page(PAGE, screen="7", answers="0000001")
    assert player_parts_of(app)["view"] == {"step": str(screens[6].views[0].step)}
    app.session_state["tutorial_run_7"] = message("tutorial.other_run")
    check(app.run())
    assert player_parts_of(app)["view"] == {}


@pytest.mark.parametrize(
    ("link", "button"),
    [({"screen": "7"}, message("tutorial.ask_again")), ({"screen": "10"}, message("tutorial.start_over"))],
)
def test_a_question_that_is_asked_again_is_about_the_picture_as_it_was(link: dict[str, str], button: str) -> None:
    app = open_page(PAGE, **link, answers="0000001")
    app.session_state[PAGE_RUNS.key] = {
        "tutorial_player_7_0": replace(Settings("moons", ()), edits=(Move(3, 1, (0.0, 0.0)),))
    }
    next(app_button for app_button in app.button if app_button.label == button).click()
    check(app.run())
    assert app.session_state[PAGE_RUNS.key] == {}
