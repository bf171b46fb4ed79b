"""Every page opens in a browser without an error, on a wide and a narrow screen, with its headings and contrast."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.e2e.test_accessibility import findings_in_both_themes
from tests.support import NewPage, visit
from ui.shell.navigation import FAILURES, PAGES, PLACES, PLAYER, SWEEP, TUTORIAL
from ui.shell.navigation import Page as AppPage

# Few points, because the page on the number of clusters tries them all.
SMALL = "data=blobs&blobs=3&points=15&k=3"
OLD_ADDRESSES = {SWEEP: "knobs", TUTORIAL: "teach"}
"""Pages that are opened by addresses that they had before, which lead on to them."""


@pytest.mark.parametrize("app_page", PAGES, ids=lambda app_page: app_page.script)
def test_page_opens_and_nothing_is_wrong_with_it(server: str, new_page: NewPage, app_page: AppPage) -> None:
    page = new_page(viewport=(390, 844))
    name = OLD_ADDRESSES.get(app_page, "" if app_page is PLAYER else Path(app_page.script).stem)
    visit(page, f"{server}/{name}?{SMALL}{'&guesses=a' if app_page is FAILURES else ''}")
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"innerWidth === {width}")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow == 0, f"{overflow} px wider than the screen"
        # The link to the page itself is in view, or the menu that says which one it is.
        box = box_of(page.locator(":is(.st-key-current_page a, .st-key-page_menu button):visible"))
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    if app_page in (PLAYER, TUTORIAL):
        PlayerPage(page, server).ready()
    else:
        expect(page.locator(".finding")).to_be_visible()
    place = next(place for place in PLACES if app_page in place.pages)
    is_alone = len(place.pages) == 1
    current = page.get_by_role("navigation").locator("[aria-current=page]")
    expect(current).to_have_text(place.label if is_alone else app_page.title)
    current_place = page.get_by_role("navigation").locator("[aria-current=true]")
    expect(current_place).to_have_text([] if is_alone else [place.label])
    levels = headings(page)
    assert [name for name, _ in levels].count("H1") == 1, levels
    numbers = [int(name[1]) for name, _ in levels if name != "H1"]
    assert numbers, "a page has parts"
    assert all(after <= before + 1 for before, after in zip([1, *numbers], numbers, strict=False)), levels
    assert not findings_in_both_themes(page)


def headings(page: Page) -> list[tuple[str, str]]:
    """The headings that are seen, each with its level."""
    levels: list[tuple[str, str]] = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].filter((heading) => heading.checkVisibility())"
        ".map((heading) => [heading.tagName, heading.innerText])"
    )
    return levels
