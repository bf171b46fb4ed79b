"""Predictions in a browser: questions, answers, and scores."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from kmeans_core import Trace
from tests.e2e.player_page import PlayerPage, box_of, words
from tests.message_patterns import message_pattern
from tests.support import NewPage, visit
from ui.text.messages import message
from ui.text.step_sentences import step_sentence

NUMBER, PLACE, CHOICE = {"joining", "reassigned"}, {"place"}, {"farthest", "empty", "stop"}


class PredictPage(PlayerPage):
    """The home page with questions."""

    def open(self, path: str = "/", **link: object) -> PredictPage:
        super().open(path, **{"mode": "predict", **link})
        return self

    @property
    def panel(self) -> Locator:
        return self.root.locator(".km-predict")

    @property
    def result(self) -> str:
        return words(self.panel.locator(".km-result").inner_text())

    @property
    def score(self) -> str:
        return self.panel.locator(".km-score").inner_text()

    @property
    def number_field(self) -> Locator:
        return self.panel.get_by_role("spinbutton", name=message("predict.points"))

    @property
    def answer_button(self) -> Locator:
        return self.panel.get_by_role("button", name=message("predict.answer"))

    @property
    def again_button(self) -> Locator:
        return self.panel.get_by_role("button", name=message("predict.try_again"))

    def skip(self) -> None:
        self.panel.get_by_role("button", name=message("predict.skip")).click()

    @property
    def toggle(self) -> Locator:
        return self.root.get_by_role("button", name=message("predict.predict"), exact=True)

    def question_kind(self) -> str:
        """Wait for a question and return its kind."""
        expect(self.root).to_have_attribute("data-asking", re.compile("."))
        return self.has("asking")

    def next_question(self) -> str:
        """Go on, wait for the question about it, and return its kind."""
        self.press("next")
        return self.question_kind()

    def expect_no_question(self) -> None:
        expect(self.root).not_to_have_attribute("data-asking", re.compile("."))
        self.states(playing="false")

    def answer(self) -> None:
        """Answer any question."""
        kind, step = self.question_kind(), self.has("step")
        if kind in NUMBER:
            self.number_field.fill("100")
            self.answer_button.click()
        elif kind in PLACE:
            self.root.get_by_role("application").click()
        else:
            assert kind in CHOICE
            self.panel.locator("[data-choice]").first.click()
        # While it plays, the next question may come before anybody looks.
        self.states(old={"asking": kind, "step": step})

    def ask(self, *kinds: str) -> None:
        """Step until a question of one of these kinds comes."""
        while True:
            if self.next_question() in kinds:
                return
            self.answer()
            self.ready()
            assert self.step < self.last, f"no {kinds} in this run"


@pytest.fixture
def animated_player(animated_player: PlayerPage) -> PredictPage:
    """The player with its motion, for what is asked while something moves."""
    return PredictPage(animated_player.page, animated_player.server)


@pytest.fixture
def player(player: PlayerPage) -> PredictPage:
    return PredictPage(player.page, player.server)


# --- a run of questions


def test_a_whole_run_is_predicted_summed_up_and_asked_again(player: PredictPage) -> None:
    player.open(max_iter=4, k=12)
    chart = player.root.locator(".km-cost")
    place = box_of(chart)
    for step in range(player.last):
        player.ready(step)
        player.next_question()
        assert box_of(chart) == place, "nothing jumps between question and answer"
        if step == 2:
            player.skip()
        else:
            player.answer()
        player.ready(step + 1)
        assert step + 1 == player.last or box_of(chart) == place
    score = player.score
    percent = int(re.findall(r"\d+", score)[0])
    assert score == message("predict.score", percent=percent)
    assert words(message("predict.summary", answered=player.last - 1, skipped=1, percent=percent)) in player.result
    assert words(message("predict.best_score", is_new=True, percent=percent)) in player.result
    expect(player.panel.get_by_role("button", name=message("predict.copy_score"))).to_be_visible()
    last = player.last
    visit(player.page, f"{player.server}/tutorial")
    player.page.go_back()
    player.ready(last)
    assert player.score == score, "Back returns to the guesses"
    player.again_button.click()
    player.ready(0)
    assert player.score == ""
    player.next_question()


def test_a_place_and_a_number_are_compared_with_the_truth(animated_player: PredictPage, trace: Trace) -> None:
    player = animated_player.open()
    player.ask("place")
    cluster = int(re.findall(r"\d+", player.sentence)[0])
    mark = player.root.locator(".km-target")
    assert place_of(mark) == pytest.approx(numbers_of(player.center(cluster)), abs=0.11)
    before = player.step
    click_data(player, *trace[before + 1].centers[cluster - 1].tolist())
    player.ready(before + 1)
    assert message_pattern("predict.place_result").match(player.result)
    assert player.result.endswith(message("predict.scored", result="", score=10, max=10))
    expect(player.root.locator(".km-guess-error")).to_be_visible()
    mark = player.root.locator(".km-truth")
    assert place_of(mark) == pytest.approx(numbers_of(player.center(cluster)), abs=0.11)
    assert player.next_question() == "reassigned"
    expect(player.root.locator(".km-guess-error")).to_be_hidden()
    truth = trace[player.step + 1].reassigned
    assert truth is not None
    type_number(player, truth)
    result = message("predict.count_result", guess=truth, truth=truth, verdict="exact")
    assert player.result == message("predict.scored", result=result, score=10, max=10)
    guess, answer = (box_of(player.panel.locator(f".km-scale-{name}")) for name in ("guess", "truth"))
    assert abs(guess["x"] + guess["width"] / 2 - answer["x"] - answer["width"] / 2) < 1


def click_data(player: PredictPage, x: float, y: float) -> None:
    """Answer with a place of the data."""
    position = player.page.evaluate(
        """([x, y]) => {
          const plot = document.querySelector(".kmeans-player .km-plot");
          const { xaxis, yaxis } = plot._fullLayout;
          return { x: xaxis._offset + xaxis.l2p(x), y: yaxis._offset + yaxis.l2p(y) };
        }""",
        [x, y],
    )
    player.root.get_by_role("application").click(position=position)


def type_number(player: PredictPage, number: int) -> None:
    """Answer with a number, after an empty field was refused."""
    expect(player.panel.locator(".km-question")).to_have_text(message("predict.reassigned", n=300))
    field, before = player.number_field, player.step
    expect(field).to_be_focused()
    field.press("Enter")
    expect(player.panel).to_contain_text(message_pattern("predict.number_needed"))
    assert player.step == before
    field.fill(str(number))
    assert float(player.panel.get_by_role("slider").input_value()) > 0.3
    field.press("Enter")
    player.ready(before + 1)


def numbers_of(transform: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", transform)]


def place_of(mark: Locator) -> list[float]:
    """Return the place of a mark, which is written to a tenth of a pixel."""
    return numbers_of(mark.get_attribute("transform") or "")


# --- it never gets in the way


def test_questions_are_skipped_answered_by_keyboard_and_put_away(player: PredictPage, trace: Trace) -> None:
    PlayerPage.open(player)
    expect(player.panel).to_be_hidden()
    player.toggle.click()
    expect(player.panel).to_be_visible()
    expect(player.page).to_have_url(re.compile("mode=predict"))
    player.next_question()
    player.page.keyboard.press("Escape")
    player.ready(1)
    assert player.result == message("predict.skipped")
    assert player.next_question() in PLACE
    player.skip()
    player.ready(2)
    assert player.score == "", "what was skipped does not count"
    skip_by_next(player)
    expect_no_answer_on_the_screen(player)
    assert player.next_question() in PLACE
    choose_place_by_keyboard(player)
    assert player.next_question() in NUMBER
    slide_to_all_points(player)
    put_away_by_back(player, trace)
    player.next_question()
    player.answer()
    player.ready(6)
    player.go(5)
    player.press("next")
    player.ready(6)
    player.expect_no_question()  # a step is predicted once
    assert player.next_question() in NUMBER
    take_number_by_next(player)
    player.press("last")
    player.ready(player.last)
    player.expect_no_question()
    expect(player.again_button).to_be_visible()


def skip_by_next(player: PredictPage) -> None:
    """Press Next until a question is left out that Next has explained."""
    step = player.step
    for _ in range(2):
        player.next_question()
        assert player.step == step
    player.press("next")
    player.ready(step + 1)
    assert player.result == message("predict.skipped")


def expect_no_answer_on_the_screen(player: PredictPage) -> None:
    """Check that nothing says how the run of 12 steps goes on after its step 3."""
    chart, output = player.root.locator(".km-cost"), player.root.locator(".km-scrub output")
    assert re.findall(r"\d+", output.inner_text()) == ["3"]
    assert player.scrubber.get_attribute("max") == "3"
    expect(chart.locator(".points path")).to_have_count(4)  # half-steps 1 to 3, and the cursor
    ends = "element => element._fullLayout.xaxis.range[1]"
    assert chart.evaluate(ends) == pytest.approx(8.6)
    player.toggle.click()
    assert chart.evaluate(ends) == pytest.approx(player.last + 0.6)
    assert output.inner_text().endswith(message("controls.place", is_whole=True, index=3, last=player.last))
    player.toggle.click()
    expect(chart.locator(".points path")).to_have_count(4)


def choose_place_by_keyboard(player: PredictPage) -> None:
    """Answer with a place; without motion the truth is there at once."""
    before, keyboard = player.step, player.page.keyboard
    expect(player.root.get_by_role("application")).to_be_focused()
    keyboard.press("Enter")  # the place where it already is, is no answer yet
    player.question_kind()
    keyboard.press("ArrowRight")
    keyboard.press("Shift+ArrowUp")
    expect(player.root.locator(".km-crosshair-status")).to_have_text(message_pattern("predict.crosshair_place"))
    keyboard.press("Enter")
    player.ready(before + 1)
    assert message_pattern("predict.place_result").match(player.result)
    expect(player.root).to_be_focused()
    expect(player.root.locator(".km-truth")).to_be_visible()


def slide_to_all_points(player: PredictPage) -> None:
    """Answer with the slider's end."""
    step, slider = player.step, player.panel.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == message("predict.nothing_chosen")
    slider.fill("1")
    expect(player.number_field).to_have_value("300")
    player.answer_button.click()
    player.ready(step + 1)
    assert message_pattern("predict.count_result", guess="300").match(player.result)


def put_away_by_back(player: PredictPage, trace: Trace) -> None:
    """Leave a question by Back, and come back to its step by the slider."""
    step = player.step
    player.next_question()
    player.press("back")
    player.ready(step - 1)
    player.expect_no_question()
    assert player.sentence == words(step_sentence(trace, step - 1))
    player.go(step)
    player.expect_no_question()


def take_number_by_next(player: PredictPage) -> None:
    """Press Next, which says what is missing, and press it again with a number."""
    step = player.step
    player.next_question()
    expect(player.panel.locator(".km-hint")).to_have_text(message("predict.answer_first", input="number"))
    player.number_field.fill("77")
    player.press("next")
    player.ready(step + 1)
    assert player.step == step + 1


def test_play_waits_for_every_answer_and_goes_on(animated_player: PredictPage) -> None:
    player = animated_player.open(max_iter=1)
    player.set_speed("4")
    player.press("play")
    for _ in range(player.last):
        player.answer()
        assert player.has("playing") == "true" or player.step >= player.last - 1
    player.ready(player.last)
    player.states(playing="false")
    answered = message("predict.summary", answered=player.last, skipped=0, percent=0).partition(" with ")[0]
    assert words(answered) in player.result


def test_turning_predictions_off_puts_the_question_away(animated_player: PredictPage, trace: Trace) -> None:
    player = animated_player.open()
    player.set_speed("4")
    for step, action in enumerate(("next", "play")):
        player.press(action)
        player.question_kind()
        player.toggle.click()
        player.expect_no_question()
        expect(player.panel).to_be_hidden()
        assert "mode" not in player.link
        assert player.sentence == words(step_sentence(trace, step))
        player.press("next")
        player.ready(step + 1)
        player.expect_no_question()
        player.toggle.click()


def test_settings_and_themes_put_the_question_away_and_a_theme_keeps_the_score(animated_player: PredictPage) -> None:
    player = animated_player.open()
    player.set_speed("4")
    for action, k in (("next", "7"), ("play", "8")):
        player.press(action)
        player.question_kind()
        player.change_k("ArrowRight")
        player.expect_no_question()
        assert (player.step, player.link["mode"], player.link["k"]) == (0, "predict", k)
        expect(player.toggle).to_have_attribute("aria-pressed", "true")
    player.next_question()
    player.answer()
    player.ready(1)
    score = player.score
    player.press("play")
    player.question_kind()
    player.page.emulate_media(color_scheme="dark")
    player.states(theme="dark")
    player.ready(1)
    player.expect_no_question()
    assert player.score == score
    player.next_question()
    run = player.has("run")
    player.page.go_back()
    player.after(run)
    player.expect_no_question()


# --- what is seen


def test_on_a_phone_questions_are_answered_by_touch(new_page: NewPage, server: str) -> None:
    player = PredictPage(new_page(viewport=(390, 844), touch=True), server).open(k=12)
    assert box_of(player.panel)["height"] < 170, "no empty card"
    for step in range(1, 6):
        ask = player.panel.get_by_role("button", name=message("predict.start", is_first=step == 1))
        (ask if step < 3 else player.button("next")).tap()
        kind = player.question_kind()
        expect(player.panel.locator(".km-question")).to_be_in_viewport(ratio=1)
        for control in player.panel.locator("button:visible, input[type=number]").all():
            box = box_of(control)
            assert min(box["width"], box["height"]) >= 44
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        if kind in PLACE:
            player.root.get_by_role("application").tap()
        elif kind in CHOICE:
            player.panel.locator("[data-choice]").last.tap()
        else:
            # No keyboard comes up over the picture unasked.
            expect(player.panel.get_by_role("spinbutton")).not_to_be_focused()
            player.panel.get_by_role("spinbutton").fill("12")
            player.answer_button.tap()
        player.ready(step)
        expect(player.root.locator(".km-stage")).to_be_in_viewport(ratio=0.9)
