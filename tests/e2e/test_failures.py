"""The gallery in a browser: guessed by keyboard, remembered in the link, and every run a click away."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage, visit
from ui.analyses.failures.cases import CASES
from ui.settings.links import decode

RINGS = CASES[0]


def opened(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/failures?{query}")
    expect(page.locator(".finding")).to_contain_text("no better than chance")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return page


def test_a_guess_by_keyboard_is_answered_goes_and_comes_with_back_and_outlives_a_look_at_the_run(
    page: Page, server: str
) -> None:
    opened(page, server)
    page.get_by_role("button", name=RINGS.answers[1].text).focus()
    page.keyboard.press("Enter")
    answer = page.locator(".answer")
    expect(answer).to_contain_text("Right.")
    expect(answer).to_contain_text("Match with the true groups: 0.00")
    expect(page).to_have_url(re.compile(r"guesses=b$"))
    expect(page.get_by_role("button", name=RINGS.answers[0].text)).to_be_disabled()
    page.go_back()
    expect(answer).to_have_count(0)
    page.go_forward()
    expect(answer).to_contain_text("Right.")
    page.get_by_role("link", name="Step through this run").first.click()
    player = PlayerPage(page, server)
    player.ready()
    assert decode(player.link) == (RINGS.settings, [])
    page.get_by_role("link", name="When does it fail?").click()
    expect(answer).to_contain_text("Right.")
    expect(answer).to_have_count(1)


def test_a_phone_sees_all_answers_and_nothing_jumps_when_they_come(new_page: NewPage, server: str) -> None:
    page = opened(new_page(viewport=(390, 844), touch=True, color_scheme="dark"), server)
    chart = page.locator(".st-key-case_rings .js-plotly-plot")
    expect(chart.locator(".subplot")).to_have_count(1)
    before = box_of(chart)
    page.get_by_role("button", name="Show all answers").tap()
    expect(page.locator(".answer")).to_have_count(len(CASES))
    expect(chart.locator(".subplot")).to_have_count(2)
    after = box_of(chart)
    assert before["height"] == after["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
