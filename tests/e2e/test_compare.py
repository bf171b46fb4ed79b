"""Runs side by side in a browser: in lock-step, changed above their pictures, and each a click away from the player."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kmeans_core import Trace
from tests.e2e.player_page import PlayerPage
from tests.support import NewPage, visit
from ui.analyses.compare.variants import all_settings
from ui.settings.record import OPENING
from ui.settings.run_input import run_input

SELECTOR = "[data-testid=kmeans-compare]"


class ComparePage(PlayerPage):
    """The page in a browser; it states the same facts about itself as the player."""

    selector = SELECTOR

    def open(self, path: str = "/compare", **link: object) -> ComparePage:
        super().open(path, **link)
        return self

    def says(self, run: int) -> str:
        return re.sub(r"\s+", " ", self.root.locator(".kc-run").nth(run - 1).inner_text())

    def runs(self, count: int) -> None:
        self.states(ready="true", runs=str(count))


@pytest.fixture
def compared(new_page: NewPage, server: str) -> ComparePage:
    return ComparePage(new_page(), server)


def test_after_the_lesson_it_is_looked_at_as_its_own_link_says(compared: ComparePage) -> None:
    visit(compared.page, f"{compared.server}/tutorial?screen=4")
    expect(compared.page.get_by_test_id("kmeans-player")).to_have_attribute("data-ready", "true")
    compared.open()
    assert compared.step == 0
    compared.press("next")
    compared.ready(1)
    assert compared.link["step"] == "1"


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    settings = all_settings(OPENING, [(("seed", 16),)])
    return [run_input(one).trace() for one in settings]


def test_all_runs_take_the_same_step_and_the_shorter_one_waits_at_its_end(
    compared: ComparePage, traces: list[Trace]
) -> None:
    compared.open()
    ends = [len(trace) - 1 for trace in traces]
    assert compared.last == max(ends)
    for key, step in [("ArrowRight", 1), ("ArrowRight", 2), ("End", compared.last)]:
        compared.page.keyboard.press(key)
        compared.ready(step)
        for run, trace in enumerate(traces, start=1):
            own = min(step, len(trace) - 1)
            assert f"cost{trace[own].cost:,.0f}" in re.sub(r"\s", "", compared.says(run))
            assert ("Ended at half-step" in compared.says(run)) == (step > ends[run - 1])
    told = compared.root.locator(".km-live").inner_text()
    assert f"Run 1. Ended at half-step {ends[0]}." in told
    assert "Run 2. Assign 8: every point is with its nearest centroid already." in told
    compared.root.locator(".kc-first-difference").click()
    compared.ready(0)


def test_what_differs_is_chosen_above_the_picture_and_kept_by_the_link(compared: ComparePage) -> None:
    compared.open(step=2)
    run = compared.has("run")
    compared.root.get_by_label("What differs in run 2").select_option("rule")
    run = compared.after(run)
    compared.root.get_by_label("Algorithm of run 2").select_option("median")
    run = compared.after(run)
    assert (compared.link["variants"], compared.step) == ("rule:median", 2)
    compared.root.get_by_role("button", name="+ Add a run").click()
    compared.runs(3)
    seed = compared.root.get_by_label("Seed of run 3")
    seed.fill("5")
    seed.press("Enter")
    expect(compared.page).to_have_url(re.compile(r"variants=rule%3Amedian%7Cseed%3A5(&|$)"))
    compared.open_again()
    compared.runs(3)
    expect(seed).to_have_value("5")
    compared.root.get_by_role("button", name="Remove run 2").click()
    compared.runs(2)
    expect(compared.page).to_have_url(re.compile(r"variants=seed%3A5(&|$)"))
    expect(compared.page.locator(".finding")).to_contain_text("(0 and 5)")


def test_any_run_opens_in_the_player_where_it_is(compared: ComparePage) -> None:
    compared.open(step=4, variants="rule:medoid;seed:3")
    compared.root.get_by_role("link", name="Step through run 2 in the player").click()
    player = PlayerPage(compared.page, compared.server)
    player.ready(4)
    assert (player.link["rule"], player.link["seed"]) == ("medoid", "3")
    compared.page.go_back()
    compared.runs(2)
    expect(compared.page).to_have_url(re.compile(r"/compare\?.*variants="))
    assert "seed" not in compared.link, "one step back is where the click was made"


def test_four_runs_on_a_phone_are_drawn_and_played_at_the_thumb_s_reach(new_page: NewPage, server: str) -> None:
    phone = ComparePage(new_page(viewport=(390, 844), touch=True), server)
    phone.open(variants="rule:medoid|init:farthest|k:8", points_per_blob=60)
    phone.runs(4)
    expect(phone.button("next")).to_be_in_viewport(ratio=1)
    lost = "[...document.querySelectorAll('.gl-canvas-context')].filter((c) => c.getContext('webgl').isContextLost())"
    assert phone.page.evaluate("document.querySelectorAll('.gl-canvas-context').length") == 4
    assert phone.page.evaluate(f"{lost}.length") == 0
    phone.root.get_by_label("Speed").select_option("4")
    phone.button("play").tap()
    phone.states(playing="false", step=str(phone.last), ready="true")
    expect(phone.button("next")).to_be_in_viewport(ratio=1)


def test_keys_belong_to_the_widget_that_has_the_focus(compared: ComparePage) -> None:
    compared.open()
    run = compared.has("run")
    compared.root.get_by_label("Seed of run 2").focus()
    compared.page.keyboard.press("ArrowUp")
    compared.page.keyboard.press("Tab")
    compared.after(run)
    assert (compared.link["variants"], compared.step) == ("seed:17", 0)
