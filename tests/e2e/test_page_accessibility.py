"""What people who use a keyboard or a screen reader need of every page: landmarks, and a focus that is never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import LONGEST_MILLISECONDS, PlayerPage
from tests.support import NewPage, visit
from ui.analyses.failures.cases import CASES
from ui.shell.navigation import COMPARE, FAILURES, STARTS


def test_the_pages_are_a_landmark_that_says_which_one_this_is(page: Page, server: str) -> None:
    visit(page, f"{server}/tutorial?screen=10")
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages.locator("[aria-current=page]")).to_have_count(1)
    pages.get_by_role("link", name=STARTS.label).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STARTS.question)
    expect(pages.locator("[aria-current=page]")).to_have_text(STARTS.label)
    expect(pages.locator("[aria-current=page]")).to_have_count(1)


def test_on_a_phone_the_pages_are_a_tap_away_and_a_closed_sidebar_is_out_of_the_order_of_tab(
    new_page: NewPage, server: str
) -> None:
    page = new_page(viewport=(390, 844), touch=True)
    # Streamlit asks whether the file that the page offers is there; it would be gone, were the page left before that.
    with page.expect_response(re.compile("/media/")):
        visit(page, f"{server}/starts?data=blobs&points=60&blobs=3&k=3")
    expect(page.get_by_role("heading", level=1)).to_have_text(STARTS.question)
    expect(page.get_by_test_id("stSidebar")).to_have_css("visibility", "hidden")  # the page's style is there
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.keyboard.press("Tab")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('[data-testid=stSidebar]')?.dataset.testid")
    page.get_by_role("link", name=COMPARE.label).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(COMPARE.question)
    main = page.get_by_test_id("stMain")
    for down, shown in ((300, "hidden"), (-100, "visible"), (300, "hidden"), (-2000, "visible")):
        main.evaluate("(main, by) => main.scrollBy(0, by)", down)
        expect(page.get_by_test_id("stExpandSidebarButton")).to_have_css("visibility", shown)
    opens, sidebar = page.get_by_test_id("stExpandSidebarButton"), page.get_by_test_id("stSidebar")
    opens.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Collapse sidebar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    expect(opens).to_be_focused()


@pytest.mark.parametrize(
    ("address", "button", "heir"),
    [
        ("failures?guesses=ab", "Start over", ".finding"),
        ("compare?variants=seed:1|seed:2&points=60&data=blobs", "Add a run", ".kmeans-compare"),
    ],
    ids=["disabled", "hidden"],
)
def test_a_button_that_is_gone_leaves_the_focus_to_what_was_found_or_to_the_player(
    page: Page, server: str, address: str, button: str, heir: str
) -> None:
    visit(page, f"{server}/{address}")
    pressed = page.get_by_role("button", name=button)
    expect(pressed).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    pressed.focus()
    page.keyboard.press("Enter")
    expect(page.locator(heir)).to_be_focused()


def test_an_answer_has_the_focus_once_its_button_is_gone(page: Page, server: str) -> None:
    visit(page, f"{server}/tutorial?screen=1")
    expect(page.get_by_role("navigation", name="Pages")).to_be_attached()  # what looks after the focus is there
    page.get_by_role("button", name="A: ").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-reply")).to_be_focused()
    page.get_by_role("button", name="Next screen").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-title")).to_be_focused()
    expect(page.locator(".tutorial-title")).to_contain_text("assign")
    page.get_by_role("button", name="B: ").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-reply")).to_be_focused()
    page.get_by_role("button", name="Ask me again").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-question")).to_be_focused()


def test_a_page_takes_no_focus_by_itself_and_a_guess_has_it_once_it_can_not_be_changed(page: Page, server: str) -> None:
    visit(page, f"{server}/failures?guesses=ab")
    expect(page.get_by_role("heading", level=1)).to_have_text(FAILURES.question)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert page.evaluate("document.activeElement === document.body")
    case = page.locator('[class*="st-key-case_"]').nth(2)
    case.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    expect(case.locator(".answer")).to_be_focused()


# In a page whose parts come one after the other.
_SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def test_back_leads_to_the_place_of_a_long_page_that_was_left(page: Page, server: str) -> None:
    visit(page, f"{server}/failures?guesses=bbbbbbbb")
    links = page.get_by_role("link", name="Step through this run")
    expect(links).to_have_count(len(CASES))
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    link = links.last
    link.scroll_into_view_if_needed()
    left = page.evaluate(_SCROLLED)
    assert left > 2000
    link.click()
    player = PlayerPage(page, server)
    player.ready()
    assert page.evaluate(_SCROLLED) < 200
    page.go_back()
    page.wait_for_function(f"Math.abs({_SCROLLED} - {left}) < 100", timeout=LONGEST_MILLISECONDS)
    expect(link).to_be_in_viewport()
    # And whoever scrolls meanwhile is not pulled back.
    page.go_forward()
    player.ready()
    page.go_back()
    page.wait_for_function(f"Math.abs({_SCROLLED} - {left}) < 100", timeout=LONGEST_MILLISECONDS)
    page.mouse.move(700, 500)
    page.mouse.wheel(0, -1500)
    page.wait_for_function(f"{_SCROLLED} < {left} - 1000", timeout=LONGEST_MILLISECONDS)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(_SCROLLED) < left - 1000
