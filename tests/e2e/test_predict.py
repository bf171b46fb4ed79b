"""The mode that asks before it shows, driven as a person drives it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from kmeans_core import Trace
from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage
from ui.text.messages import message

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
        return re.sub(r"\s+", " ", self.panel.locator(".km-result").inner_text())

    @property
    def toggle(self) -> Locator:
        return self.root.get_by_role("button", name="Predict", exact=True)

    def question_kind(self) -> str:
        """Wait for a question and return its kind."""
        expect(self.root).to_have_attribute("data-asking", re.compile("."))
        return self.has("asking")

    def expect_no_question(self) -> None:
        expect(self.root).not_to_have_attribute("data-asking", re.compile("."))

    def answer(self) -> None:
        """Answer whatever is asked, somehow."""
        kind, step = self.question_kind(), self.has("step")
        if kind in NUMBER:
            self.panel.get_by_role("spinbutton", name="Points").fill("100")
            self.panel.get_by_role("button", name="Answer").click()
        elif kind in PLACE:
            self.root.get_by_role("application").click()
        else:
            assert kind in CHOICE
            self.panel.locator("[data-choice]").first.click()
        # While it plays, the next question may come before anybody looks.
        self.states(but={"asking": kind, "step": step})

    def ask(self, *kinds: str) -> None:
        """Go on until one of these is asked."""
        while True:
            self.press("next")
            kind = self.question_kind()
            if kind in kinds:
                return
            self.answer()
            self.ready()
            assert self.step < self.last, f"no {kinds} in this run"


@pytest.fixture
def moving(moving: PlayerPage) -> PredictPage:
    """The player with its motion, for what is asked while something moves."""
    return PredictPage(moving.page, moving.server)


@pytest.fixture
def player(player: PlayerPage) -> PredictPage:
    return PredictPage(player.page, player.server)


# --- a run of questions


def test_the_whole_run_is_asked_and_summed_up(player: PredictPage) -> None:
    player.open(max_iter=4)
    for step in range(player.last):
        player.ready(step)
        player.press("next")
        if step == 2:
            player.question_kind()
            player.panel.get_by_role("button", name="Skip").click()
        else:
            player.answer()
    player.ready(player.last)
    pattern = (
        rf"{player.last - 1} of {player.last} questions, a score of (\d+) of {10 * player.last}; best on [a-z ]+\."
    )
    summary = re.search(pattern, player.result)
    assert summary, player.result
    assert player.panel.locator(".km-score").inner_text() == f"Score: {summary[1]} of {10 * player.last}"
    player.panel.get_by_role("button", name="Try again").click()
    player.ready(0)
    expect(player.panel.locator(".km-score")).to_have_text("")
    player.press("next")
    player.question_kind()


def test_a_number_is_typed_and_compared_with_the_truth(moving: PredictPage, trace: Trace) -> None:
    player = moving.open()
    player.ask("reassigned")
    truth = trace[player.step + 1].reassigned
    assert truth is not None
    expect(player.root.locator(".km-sentence")).to_contain_text(message("predict.reassigned", n=3072))
    field = player.panel.get_by_role("spinbutton", name="Points")
    expect(field).to_be_focused()
    before = player.step
    field.press("Enter")
    expect(player.panel).to_contain_text("Type a whole number from 0 to")
    assert player.step == before
    field.fill(str(truth))
    assert float(player.panel.get_by_role("slider").input_value()) > 0.3
    field.press("Enter")
    player.ready(before + 1)
    assert player.result == f"You said {truth}, it was {truth}: exactly right. Score: 10 of 10."
    guess, answer = (box_of(player.panel.locator(f".km-scale-{name}")) for name in ("guess", "truth"))
    assert abs(guess["x"] + guess["width"] / 2 - answer["x"] - answer["width"] / 2) < 1


def test_a_slider_gives_a_number_too(player: PredictPage) -> None:
    player.open()
    player.ask(*NUMBER)
    step = player.step
    slider = player.panel.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "nothing chosen yet"
    slider.fill("1")
    expect(player.panel.get_by_role("spinbutton", name="Points")).to_have_value("3072")
    player.panel.get_by_role("button", name="Answer").click()
    player.ready(step + 1)
    assert player.result.startswith("You said 3,072, it was ")


def test_a_place_is_clicked_and_joined_with_where_the_center_went(moving: PredictPage, trace: Trace) -> None:
    player = moving.open()
    player.ask("place")
    cluster = int(re.findall(r"centroid (\d+)", player.sentence)[0])
    asked = player.root.locator(".km-target")
    assert asked.get_attribute("transform") == shifted(player.center(cluster))
    truth = trace[player.step + 1].centers[cluster - 1]
    at = player.page.evaluate(
        """([x, y]) => {
          const plot = document.querySelector(".kmeans-player .km-plot");
          const { xaxis, yaxis } = plot._fullLayout;
          return { x: xaxis._offset + xaxis.l2p(x), y: yaxis._offset + yaxis.l2p(y) };
        }""",
        truth.tolist(),
    )
    before = player.step
    player.root.get_by_role("application").click(position=at)
    player.ready(before + 1)
    assert "very close" in player.result
    assert player.result.endswith("Score: 10 of 10.")
    expect(player.root.locator(".km-guess-error")).to_be_visible()
    assert player.root.locator(".km-truth").get_attribute("transform") == shifted(player.center(cluster))
    player.press("next")
    player.question_kind()
    expect(player.root.locator(".km-guess-error")).to_be_hidden()


def shifted(transform: str) -> str:
    """Return a place as the marks write it, to a tenth of a pixel."""
    x, y = re.findall(r"-?[\d.]+", transform)
    return f"translate({float(x):.1f} {float(y):.1f})"


def test_a_place_can_be_given_by_keyboard_alone(player: PredictPage) -> None:
    player.open()
    player.ask("place")
    before = player.step
    crosshair = player.root.get_by_role("application")
    expect(crosshair).to_be_focused()
    keyboard = player.page.keyboard
    keyboard.press("Enter")  # the place where it already is, is no answer yet
    player.question_kind()
    keyboard.press("ArrowRight")
    keyboard.press("Shift+ArrowUp")
    told = player.root.locator(".km-crosshair-status")
    expect(told).to_have_text(re.compile(r"x [\d.]+, y [\d.]+"))
    keyboard.press("Enter")
    player.ready(before + 1)
    assert player.result.startswith("You were ")
    expect(player.root).to_be_focused()


# --- it never gets in the way


def test_escape_and_skip_go_on_without_points(player: PredictPage) -> None:
    player.open()
    player.press("next")
    player.question_kind()
    player.page.keyboard.press("Escape")
    player.ready(1)
    assert player.result == "Skipped."
    player.press("next")
    player.question_kind()
    player.panel.get_by_role("button", name="Skip").click()
    player.ready(2)
    assert player.panel.locator(".km-score").inner_text() == "Score: 0 of 20"


def test_back_and_scrubbing_put_a_question_away_and_ask_nothing(player: PredictPage) -> None:
    player.open(step=2)
    player.press("next")
    player.question_kind()
    player.press("back")
    player.ready(1)
    player.expect_no_question()
    assert player.sentence.startswith("Assign:")
    player.go(2)
    player.expect_no_question()
    player.press("last")
    player.ready(player.last)
    player.expect_no_question()
    expect(player.panel.get_by_role("button", name="Try again")).to_be_visible()


def test_next_at_an_open_question_keeps_it_and_one_answer_is_one_step(player: PredictPage) -> None:
    player.open()
    player.ask(*NUMBER)
    step = player.step
    player.panel.get_by_role("spinbutton").fill("77")
    player.press("next")
    player.question_kind()
    expect(player.panel.get_by_role("spinbutton")).to_have_value("77")
    player.panel.get_by_role("button", name="Answer").click()
    player.ready(step + 1)
    assert player.step == step + 1


def test_what_was_answered_is_not_asked_again(player: PredictPage) -> None:
    player.open()
    player.press("next")
    player.answer()
    player.ready(1)
    player.press("back")
    player.ready(0)
    player.press("next")
    player.ready(1)
    player.expect_no_question()


def test_play_waits_for_every_answer_and_goes_on(moving: PredictPage) -> None:
    player = moving.open(max_iter=1)
    player.root.get_by_label("Speed").select_option("4")
    player.press("play")
    for _ in range(player.last):
        player.answer()
        assert player.has("playing") == "true" or player.step >= player.last - 1
    player.ready(player.last)
    player.states(playing="false")
    assert "3 of 3 questions" in player.result


@pytest.mark.parametrize("playing", [False, True])
def test_a_setting_puts_the_question_away(moving: PredictPage, playing: bool) -> None:
    player = moving.open()
    player.press("play" if playing else "next")
    player.question_kind()
    before = player.has("run")
    slider = player.page.get_by_role("slider", name="Number of clusters K")
    slider.focus()
    player.page.keyboard.press("ArrowRight")
    player.after(before)
    player.expect_no_question()
    player.states(playing="false")
    assert (player.step, player.link["mode"], player.link["k"]) == (0, "predict", "7")
    expect(player.toggle).to_have_attribute("aria-pressed", "true")
    player.press("next")
    player.answer()
    player.ready(1)
    player.press("next")
    player.question_kind()
    again = player.has("run")
    player.page.go_back()
    player.after(again)
    player.expect_no_question()


@pytest.mark.parametrize("playing", [False, True])
def test_turning_it_off_puts_the_question_away_and_asks_no_more(moving: PredictPage, playing: bool) -> None:
    player = moving.open()
    player.press("play" if playing else "next")
    player.question_kind()
    player.toggle.click()
    player.expect_no_question()
    expect(player.panel).to_be_hidden()
    player.states(playing="false")
    assert "mode" not in player.link
    assert player.sentence.startswith("Start:")
    player.press("next")
    player.ready(1)
    player.expect_no_question()


def test_a_change_of_theme_puts_the_question_away_and_keeps_the_score(player: PredictPage) -> None:
    player.open()
    player.press("next")
    player.answer()
    player.ready(1)
    score = player.panel.locator(".km-score").inner_text()
    player.press("play")
    player.question_kind()
    player.page.emulate_media(color_scheme="dark")
    player.states(theme="dark")
    player.ready(1)
    player.expect_no_question()
    player.states(playing="false")
    assert player.panel.locator(".km-score").inner_text() == score
    player.press("next")
    player.question_kind()


# --- what is seen


def test_nothing_on_the_screen_tells_what_is_to_come(player: PredictPage) -> None:
    player.open(step=3)
    chart = player.root.locator(".km-cost")
    assert "of" not in player.root.locator(".km-scrub output").inner_text()
    assert player.root.get_by_role("slider", name="Half-step").get_attribute("max") == "3"
    expect(chart.locator(".points path")).to_have_count(4)  # half-steps 1 to 3, and the cursor
    ends = chart.evaluate("element => element._fullLayout.xaxis.range[1]")
    assert ends == pytest.approx(8.6)
    player.states(predict="true")
    player.toggle.click()
    expect(chart.locator(".points path")).to_have_count(player.last + 1)
    assert player.root.locator(".km-scrub output").inner_text() == f"half-step 3 of {player.last}"
    player.toggle.click()
    expect(chart.locator(".points path")).to_have_count(4)


def test_the_mode_is_in_the_link_and_comes_back(player: PredictPage) -> None:
    PlayerPage.open(player)
    expect(player.panel).to_be_hidden()
    player.toggle.click()
    expect(player.panel).to_be_visible()
    player.open_again(0)
    expect(player.toggle).to_have_attribute("aria-pressed", "true")
    expect(player.panel).to_be_visible()


@pytest.mark.parametrize("k", [6, 12])
def test_nothing_jumps_between_question_and_answer(player: PredictPage, k: int) -> None:
    player.open(k=k)
    chart = player.root.locator(".km-cost")
    place = box_of(chart)
    for step in range(1, 6):
        player.press("next")
        player.question_kind()
        assert box_of(chart) == place
        player.answer()
        player.ready(step)
        assert box_of(chart) == place


def test_on_a_phone_it_is_answered_by_touch(new_page: NewPage, server: str) -> None:
    player = PredictPage(new_page(viewport=(390, 844), touch=True), server).open(k=12)
    for step in range(1, 6):
        player.button("next").tap()
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
            player.panel.get_by_role("button", name="Answer").tap()
        player.ready(step)
        expect(player.root.locator(".km-stage")).to_be_in_viewport(ratio=0.9)


def test_without_motion_the_answer_is_there_at_once(player: PredictPage) -> None:
    player.open()
    player.ask("place")
    player.answer()
    player.ready()
    expect(player.root.locator(".km-truth")).to_be_visible()
