"""axe-core finds nothing serious in any state of the player, in light and dark, on a wide screen and on a phone.

The other pages are looked at when they are opened, in test_smoke.py.
"""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage
from tests.support import NewPage

SCHEMES: dict[Literal["light", "dark"], str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}
"""The page's background in each."""


def serious_on(page: Page, *rules: str) -> list[str]:
    """What axe-core calls serious or critical, each with where it is; by all rules unless some are named."""
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def serious_in_both_themes(page: Page) -> dict[str, list[str]]:
    """What is serious, by theme; it ends in the light one. Themes differ in nothing but colors, and so in contrast."""
    found = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", SCHEMES[scheme])
        if page.locator(PlayerPage.selector).count():
            PlayerPage(page, "").states(ready="true", theme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        found[scheme] = serious_on(page, *(["color-contrast"] if scheme == "dark" else []))
    return {scheme: violations for scheme, violations in found.items() if violations}


def test_nothing_serious_while_points_change_are_explained_and_drawn(player: PlayerPage) -> None:
    player.open(step=3)
    assert not serious_in_both_themes(player.page), "points changed"
    player.root.locator(".km-reassigned").click()
    entries = player.root.locator(".km-list button")
    expect(entries.first).to_be_visible()
    assert not serious_on(player.page), "a list of changes"
    entries.first.click()
    expect(player.root.locator(".km-inspector-answer")).to_contain_text("Why point")
    assert not serious_in_both_themes(player.page), "a point explained"
    player.root.locator('[data-tool="add"]').click()
    assert not serious_in_both_themes(player.page), "a pen in the hand"
    # A test that nothing is found must be able to find something.
    player.page.evaluate("document.querySelector('.km-scrub input').removeAttribute('aria-label')")
    assert any(found.startswith("label ") for found in serious_on(player.page))


def test_nothing_serious_at_the_end_of_a_mangled_link(player: PlayerPage) -> None:
    player.open(step=999, k=12, rule="banana")
    expect(player.page.get_by_test_id("stAlert")).to_contain_text("banana")
    assert player.step == player.last
    assert not serious_in_both_themes(player.page)


def test_nothing_serious_on_a_phone(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(step=3)
    assert not serious_on(player.page)
    player.page.get_by_test_id("stExpandSidebarButton").tap()
    player.page.get_by_test_id("stSidebar").get_by_text("Number of clusters K").wait_for()
    assert not serious_on(player.page)
