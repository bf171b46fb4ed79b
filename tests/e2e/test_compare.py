"""Runs side by side in a browser: steps, variants, and links to the player."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from kmeans_core import Trace
from tests.e2e.player_page import POST, PlayerPage, box_of, words
from tests.support import NewPage, visit
from ui.analyses.compare.variants import all_settings
from ui.settings.links import decode
from ui.settings.run_input import run_input
from ui.text.messages import message
from ui.text.step_sentences import step_sentence

SELECTOR = "[data-testid=kmeans-compare]"


class ComparePage(PlayerPage):
    """The page in a browser; it states the same facts about itself as the player."""

    selector = SELECTOR

    def open(self, path: str = "/compare", **link: object) -> ComparePage:
        super().open(path, **link)
        return self

    def run_text(self, run: int) -> str:
        return words(self.root.locator(".kc-run").nth(run - 1).inner_text())

    def value_field(self, field: str, run: int) -> Locator:
        """Return the field with the value of a setting that differs in a run."""
        setting = message("compare.field", field=field)
        return self.root.get_by_label(message("compare.value_of", setting=setting, run=run))

    def runs(self, count: int) -> None:
        self.states(ready="true", runs=str(count))


@pytest.fixture
def compare_page(new_page: NewPage, server: str) -> ComparePage:
    return ComparePage(new_page(), server)


def test_after_the_tutorial_the_page_opens_at_its_first_step(compare_page: ComparePage) -> None:
    visit(compare_page.page, f"{compare_page.server}/tutorial?screen=4")
    expect(compare_page.page.get_by_test_id("kmeans-player")).to_have_attribute("data-ready", "true")
    compare_page.open()
    assert compare_page.step == 0
    compare_page.press("next")
    compare_page.ready(1)
    assert compare_page.link["step"] == "1"


def ending(trace: Trace) -> str:
    """Return the sentence on a run that ended before the others."""
    return words(f"{message('compare.ended_heading', step=len(trace) - 1)} {trace.stop_sentence}")


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    settings, _ = decode(POST)
    return [run_input(variant).trace() for variant in all_settings(settings, [(("seed", 16),)])]


def test_all_runs_take_the_same_step_and_the_shorter_one_waits_at_its_end(
    compare_page: ComparePage, traces: list[Trace]
) -> None:
    compare_page.open()
    ends = [len(trace) - 1 for trace in traces]
    assert compare_page.last == max(ends)
    before, after = (compare_page.page.locator(f".finding > .{name}") for name in ("before-ending", "ending"))
    expect(before).to_be_visible()
    expect(after).to_be_hidden()
    for key, step in [("ArrowRight", 1), ("ArrowRight", 2), ("End", compare_page.last)]:
        compare_page.page.keyboard.press(key)
        compare_page.ready(step)
        for run, trace in enumerate(traces, start=1):
            index = min(step, len(trace) - 1)
            assert f"{trace[index].cost:,.0f}" in re.sub(r"\s", "", compare_page.run_text(run))
            assert (ending(trace) in compare_page.run_text(run)) == (step > ends[run - 1])
    expect(after).to_be_visible()
    expect(before).to_be_hidden()
    live = words(compare_page.root.locator(".km-live").inner_text())
    assert ends[0] > ends[1]
    assert message("compare.spoken", run=1, sentence=words(step_sentence(traces[0], ends[0]))) in live
    assert message("compare.spoken", run=2, sentence=ending(traces[1])) in live
    assert live.endswith(words(after.inner_text()))
    compare_page.root.locator(".kc-first-difference").click()
    compare_page.ready(0)
    compare_page.page.set_viewport_size({"width": 1280, "height": 720})
    compare_page.page.locator(".finding").scroll_into_view_if_needed()
    controls = box_of(compare_page.root.locator(".km-transport"))
    for stage in compare_page.root.locator(".km-stage").all():
        assert box_of(stage)["y"] + box_of(stage)["height"] <= controls["y"], "a projector shows the pictures whole"


def test_variants_are_chosen_above_the_pictures_and_kept_in_the_link(compare_page: ComparePage) -> None:
    compare_page.open(step=2)
    run = compare_page.has("run")
    # Its keys belong to the widget that has the focus.
    compare_page.value_field("seed", 2).focus()
    compare_page.page.keyboard.press("ArrowUp")
    compare_page.page.keyboard.press("Tab")
    run = compare_page.after(run)
    assert (compare_page.link["variants"], compare_page.step) == ("seed:17", 2)
    compare_page.root.get_by_label(message("compare.change_of", run=2)).select_option("rule")
    run = compare_page.after(run)
    compare_page.value_field("rule", 2).select_option("median")
    run = compare_page.after(run)
    assert (compare_page.link["variants"], compare_page.step) == ("rule:median", 2)
    compare_page.root.get_by_role("button", name=message("compare.add_run")).click()
    compare_page.runs(3)
    seed = compare_page.value_field("seed", 3)
    seed.fill("5")
    seed.press("Enter")
    expect(compare_page.page).to_have_url(re.compile(r"variants=rule%3Amedian%7Cseed%3A5(&|$)"))
    compare_page.open_again()
    compare_page.runs(3)
    expect(seed).to_have_value("5")
    compare_page.root.get_by_role("button", name=message("compare.remove_run_number", run=2)).click()
    compare_page.runs(2)
    expect(compare_page.page).to_have_url(re.compile(r"variants=seed%3A5(&|$)"))
    expect(compare_page.page.locator(".finding")).to_contain_text("(0 and 5)")


def test_any_run_opens_in_the_player_at_the_same_step(compare_page: ComparePage) -> None:
    compare_page.open(step=4, variants="rule:medoid;seed:3")
    compare_page.root.get_by_role("link", name=message("compare.open_label", run=2)).click()
    player = PlayerPage(compare_page.page, compare_page.server)
    player.ready(4)
    assert (player.link["rule"], player.link["seed"]) == ("medoid", "3")
    compare_page.page.go_back()
    compare_page.runs(2)
    expect(compare_page.page).to_have_url(re.compile(r"/compare\?.*variants="))
    assert "seed" not in compare_page.link, "one step back is where the click was made"


def test_four_runs_on_a_phone_are_drawn_and_played_at_the_thumb_s_reach(new_page: NewPage, server: str) -> None:
    phone = ComparePage(new_page(viewport=(390, 844), touch=True), server)
    phone.open(variants="rule:medoid|init:farthest|k:8", points_per_blob=20)
    phone.runs(4)
    expect(phone.button("next")).to_be_in_viewport(ratio=1)
    painted = """[...document.querySelectorAll(".km-point-canvas")].filter((canvas) =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))"""
    assert phone.page.evaluate(f"{painted}.length") == 4
    phone.go(phone.last - 3)
    phone.set_speed("4")
    phone.button("play").tap()
    phone.states(playing="false", step=str(phone.last), ready="true")
    expect(phone.button("next")).to_be_in_viewport(ratio=1)
