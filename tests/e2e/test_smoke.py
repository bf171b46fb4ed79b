"""Every page opens in a browser, whole and without an error, on a wide screen and on a narrow one, for eye and ear."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.e2e.test_accessibility import serious_in_both_themes
from tests.support import NewPage, visit
from tools.paths import ROOT

ADDRESSES = ["/", *sorted(f"/{path.stem}" for path in (ROOT / "pages").glob("*.py"))]
SMALL = "data=blobs&points=200&k=3"


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_opens_and_nothing_is_wrong_with_it(server: str, new_page: NewPage, address: str) -> None:
    page = new_page(viewport=(390, 844))
    visit(page, f"{server}{address}?{SMALL}{'&guesses=ab' if address == '/failures' else ''}")
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"innerWidth === {width}")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow == 0, f"{overflow} px wider than the screen"
        # The link to the page itself is in view, however many links are beside it.
        box = box_of(page.locator(".st-key-current_page a"))
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    if address in ("/", "/tutorial"):
        PlayerPage(page, server).ready()
    else:
        expect(page.locator(".finding")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages").locator("[aria-current=page]")).to_have_count(1)
    levels = headings(page)
    assert [name for name, _ in levels].count("H1") == 1, levels
    numbers = [int(name[1]) for name, _ in levels if name != "H1"]
    assert numbers, "a page has parts"
    assert all(after <= before + 1 for before, after in zip([1, *numbers], numbers, strict=False)), levels
    assert not serious_in_both_themes(page)


def headings(page: Page) -> list[tuple[str, str]]:
    """The headings that are seen, each with its level."""
    found: list[tuple[str, str]] = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].filter((one) => one.checkVisibility())"
        ".map((one) => [one.tagName, one.innerText])"
    )
    return found
