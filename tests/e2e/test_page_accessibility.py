"""Keyboards and screen readers on every page: landmarks, and a focus that is never lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.player_page import LONGEST_MILLISECONDS, PlayerPage, box_of
from tests.support import NewPage, visit
from ui.shell.navigation import COMPARE, STARTS, TUTORIAL
from ui.text.messages import message


def test_on_a_phone_the_pages_are_a_tap_away_and_a_closed_sidebar_is_out_of_the_order_of_tab(
    new_page: NewPage, server: str
) -> None:
    page = new_page(viewport=(390, 844), touch=True)
    # Streamlit asks whether the file that the page offers is there; it would be gone, were the page left before that.
    with page.expect_response(re.compile("/media/")):
        visit(page, f"{server}/starts?data=blobs&points=60&blobs=3&k=3")
    expect(page.get_by_role("heading", level=1)).to_have_text(STARTS.title)
    expect(page.get_by_test_id("stSidebar")).to_have_css("visibility", "hidden")  # the page's style is there
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.keyboard.press("Tab")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert not page.evaluate("document.activeElement.closest('[data-testid=stSidebar]')?.dataset.testid")
    page.get_by_role("button", name=STARTS.title).tap()
    page.get_by_role("link", name=COMPARE.title).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(COMPARE.title)
    bar, top = page.locator(".st-key-places"), box_of(page.locator(".st-key-places"))
    ground = page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-places)")
    assert (box_of(ground)["x"], box_of(ground)["width"]) == (0, 390), "nothing that scrolls is seen beside the bar"
    explore = page.get_by_role("link", name=message("navigation.explore"))
    expect(explore).to_have_css("background-color", "rgba(128, 128, 128, 0.12)")
    page.get_by_test_id("stMain").evaluate("(main) => main.scrollBy(0, 300)")
    assert box_of(bar) == top, "the bar stays where it is, so that nothing scrolls under the buttons in it"
    learn = page.get_by_role("link", name=message("navigation.learn"))
    place = box_of(learn)["x"]
    learn.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(TUTORIAL.title)
    assert box_of(learn)["x"] == place, "the places stay where they are on a page without settings"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(COMPARE.title)
    expand_button, sidebar = page.get_by_test_id("stExpandSidebarButton"), page.get_by_test_id("stSidebar")
    expand_button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Collapse sidebar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    expect(expand_button).to_be_focused()


def test_a_hidden_button_gives_the_focus_to_the_player(page: Page, server: str) -> None:
    # What a guess and a disabled button do with the focus is tested in test_failures.py.
    visit(page, f"{server}/compare?variants=seed:1|seed:2&points=60&data=blobs")
    button = page.get_by_role("button", name=message("compare.add_run"))
    expect(button).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kmeans-compare")).to_be_focused()


def test_an_answer_has_the_focus_once_its_button_is_gone(page: Page, server: str) -> None:
    visit(page, f"{server}/tutorial?screen=1")
    expect(page.get_by_role("navigation")).to_be_attached()  # what looks after the focus is there
    page.get_by_role("button", name="A: ").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-reply")).to_be_focused()
    page.get_by_role("button", name=message("tutorial.next"), exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-title")).to_be_focused()
    expect(page.locator(".tutorial-title")).to_have_text(message("tutorial.assign_title"))
    page.get_by_role("button", name="B: ").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-reply")).to_be_focused()
    page.get_by_role("button", name=message("tutorial.ask_again")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tutorial-question")).to_be_focused()


# In a page whose parts come one after the other.
_SCROLL_TOP = "document.querySelector('[data-testid=stMain]').scrollTop"


def test_back_leads_to_the_same_place_of_a_long_page(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(390, 844))
    visit(page, f"{server}/sweep?data=blobs&blobs=3&points=60&k=3&setting=seed&second_setting=spread")
    cells = page.locator("a.cell")
    expect(cells).to_have_count(16)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    lefts = cells.evaluate_all("(cells) => [...new Set(cells.map((cell) => cell.getBoundingClientRect().left))]")
    assert len(lefts) == 2, "in two columns"
    assert page.locator(".cell img").evaluate_all("(all) => all.every((img) => img.complete && img.naturalWidth > 0)")
    numbers = page.get_by_test_id("stMain").locator("details")
    numbers.locator("summary").click()
    link = cells.last
    link.scroll_into_view_if_needed()
    place = page.evaluate(_SCROLL_TOP)
    assert place > 1000
    link.click()
    player = PlayerPage(page, server)
    player.ready()
    assert page.evaluate(_SCROLL_TOP) < 200
    page.go_back()
    page.wait_for_function(f"Math.abs({_SCROLL_TOP} - {place}) < 100", timeout=LONGEST_MILLISECONDS)
    expect(link).to_be_in_viewport()
    expect(numbers).to_have_attribute("open", "")
    # And whoever scrolls meanwhile is not pulled back.
    page.mouse.move(200, 500)
    page.mouse.wheel(0, -900)
    page.wait_for_function(f"{_SCROLL_TOP} < {place} - 500", timeout=LONGEST_MILLISECONDS)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(_SCROLL_TOP) < place - 500
