"""The gallery of failures in a browser: guesses by keyboard, in the link, and links to the runs."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
from tests.support import NewPage, follow_links, visit
from ui.analyses.failures.cases import CASES
from ui.settings.links import decode
from ui.shell.navigation import FAILURES
from ui.text.messages import message

RINGS = CASES[0]
RIGHT = message("failures.right", reply=RINGS.answers[1].reply)


def open_failures(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/failures?{query}")
    expect(page.locator(".finding")).to_have_text(message_pattern("failures.finding"))
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return page


def test_a_guess_by_keyboard_is_answered_goes_and_comes_with_back_and_outlives_a_look_at_the_run(
    page: Page, server: str
) -> None:
    open_failures(page, server)
    expect(page.locator("[data-testid=stMain] :focus")).to_have_count(0)  # a page takes no focus by itself
    page.get_by_role("button", name=RINGS.answers[1].text).focus()
    page.keyboard.press("Enter")
    answer = page.locator(".answer")
    expect(answer).to_be_focused()
    expect(answer).to_contain_text(RIGHT)
    expect(answer).to_contain_text(message(RINGS.result, adjusted_rand_index=0.0))
    expect(page).to_have_url(re.compile(r"guesses=b$"))
    expect(page.get_by_role("button", name=RINGS.answers[0].text)).to_be_disabled()
    page.go_back()
    expect(answer).to_have_count(0)
    page.go_forward()
    expect(answer).to_contain_text(RIGHT)
    page.get_by_role("link", name=message("failures.run")).first.click()
    player = PlayerPage(page, server)
    player.ready()
    assert decode(player.link) == (RINGS.settings, [])
    follow_links(page, FAILURES)
    expect(answer).to_contain_text(RIGHT)
    expect(answer).to_have_count(1)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name=message("failures.start_over")).focus()
    page.keyboard.press("Enter")  # which disables the button
    expect(page.locator(".finding")).to_be_focused()
    expect(answer).to_have_count(0)


def test_a_phone_sees_all_answers_and_nothing_jumps_when_they_come(new_page: NewPage, server: str) -> None:
    page = open_failures(new_page(viewport=(390, 844), touch=True, color_scheme="dark"), server)
    charts = page.locator(".st-key-case_rings .js-plotly-plot")
    expect(charts).to_have_count(1)
    chart, question = charts.first, page.get_by_role("button", name=RINGS.answers[0].text)
    before = (box_of(chart)["height"], box_of(question)["y"] - box_of(chart)["y"])
    page.get_by_role("button", name=message("failures.show_all")).tap()
    expect(page.locator(".answer")).to_have_count(len(CASES))
    expect(charts).to_have_count(2)
    assert before == (box_of(chart)["height"], box_of(question)["y"] - box_of(chart)["y"])
    assert box_of(charts.last)["width"] > 280, "as wide as the phone"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
