"""What somebody who reads by keyboard or ear needs of every page: landmarks, and a focus that is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage
from ui.navigation import FAILURES, STARTS

PAGES = ("/", "/failures?guesses=ab")


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_are_a_landmark_that_says_which_one_this_is(page: Page, server: str, address: str) -> None:
    page.goto(server + address)
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages.locator("[aria-current=page]")).to_have_count(1)
    pages.get_by_role("link", name=STARTS.label).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STARTS.question)
    expect(pages.locator("[aria-current=page]")).to_have_text(STARTS.label)
    expect(pages.locator("[aria-current=page]")).to_have_count(1)


@pytest.mark.parametrize("address", [*PAGES, "/teach", "/compare", "/starts"])
def test_no_level_of_heading_is_left_out(page: Page, server: str, address: str) -> None:
    page.goto(server + address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", level=2).first).to_be_attached()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    if address in ("/", "/teach"):
        PlayerPage(page, server).ready()
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].filter((one) => one.checkVisibility())"
        ".map((one) => [one.tagName, one.innerText])"
    )
    assert [name for name, _ in levels].count("H1") == 1, levels
    numbers = [int(name[1]) for name, _ in levels if name != "H1"]
    assert all(after <= before + 1 for before, after in zip([1, *numbers], numbers, strict=False)), levels


def test_an_answer_has_the_focus_once_its_button_is_gone(page: Page, server: str) -> None:
    page.goto(f"{server}/teach?screen=1")
    expect(page.get_by_role("navigation", name="Pages")).to_be_attached()  # what looks after the focus is there
    page.get_by_role("button", name="A: ").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".teach-reply")).to_be_focused()
    page.get_by_role("button", name="Next screen").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".teach-title")).to_be_focused()
    expect(page.locator(".teach-title")).to_contain_text("assign")
    page.get_by_role("button", name="B: ").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".teach-reply")).to_be_focused()
    page.get_by_role("button", name="Ask me again").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".teach-question")).to_be_focused()


def test_a_guess_has_the_focus_once_it_can_not_be_changed(page: Page, server: str) -> None:
    page.goto(f"{server}/failures")
    expect(page.get_by_role("navigation", name="Pages")).to_be_attached()
    case = page.locator('[class*="st-key-case_"]').nth(2)
    case.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    expect(case.locator(".answer")).to_be_focused()


def test_a_page_takes_no_focus_by_itself(page: Page, server: str) -> None:
    page.goto(f"{server}/failures?guesses=abab")
    expect(page.get_by_role("heading", level=1)).to_have_text(FAILURES.question)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert page.evaluate("document.activeElement === document.body")
