"""Every page opens in a browser, whole and without an error, on a wide screen and on a narrow one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.player_page import box_of
from tests.support import NewPage
from tools.running import ROOT

ADDRESSES = ["/", *sorted(f"/{path.stem}" for path in (ROOT / "pages").glob("*.py"))]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_opens(server: str, new_page: NewPage, address: str) -> None:
    page = new_page(viewport=(390, 844))
    page.goto(server + address)
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
