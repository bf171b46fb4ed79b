"""axe-core finds nothing serious on any page, in any state, in light and dark, on a wide screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage
from tests.support import NewPage
from ui.navigation import PAGES, PLAYER

STATES: dict[str, tuple[dict[str, Any], Callable[[PlayerPage], object]]] = {
    "start": ({}, lambda player: None),
    "points changed": ({"step": 3}, lambda player: None),
    "a point explained": ({"step": 3, "look": "p17"}, lambda player: None),
    "a list of changes": ({"step": 3}, lambda player: player.root.locator(".km-moved").click()),
    "a pen in the hand": ({"step": 2}, lambda player: player.root.locator('[data-hand="add"]').click()),
    "the end": ({"step": 99, "k": 12, "rule": "median"}, lambda player: None),
    "a mangled link": ({"k": "banana"}, lambda player: None),
}


DARK = {"points changed", "a point explained", "a pen in the hand", "a mangled link"}
"""States that show what has colors of its own in the dark theme."""

SCHEMES: dict[Literal["light", "dark"], str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}
"""The page's background in each."""


def serious(player: PlayerPage) -> list[str]:
    """What axe-core calls serious or critical, each with where it is."""
    return serious_on(player.page)


def serious_on(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious(new_page: NewPage, server: str, state: str) -> None:
    link, act = STATES[state]
    player = PlayerPage(new_page(), server).open(**link)
    act(player)
    assert not serious(player)
    if state in DARK:
        player.page.emulate_media(color_scheme="dark")
        player.states(ready="true", theme="dark")
        assert not serious(player)


def test_nothing_serious_on_a_phone(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(step=3)
    assert not serious(player)
    player.page.get_by_test_id("stExpandSidebarButton").tap()
    player.page.get_by_test_id("stSidebar").get_by_text("Number of clusters K").wait_for()
    assert not serious(player)


@pytest.mark.parametrize("script", [page.script for page in PAGES if page is not PLAYER])
def test_nothing_serious_on_the_other_pages(new_page: NewPage, server: str, script: str) -> None:
    page = new_page()
    page.goto(f"{server}/{Path(script).stem}?data=blobs&points=200&k=3")
    for scheme, background in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        expect(page.locator(".finding")).to_be_visible()
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        assert not serious_on(page)


def test_axe_sees_the_page(new_page: NewPage, server: str) -> None:
    # A test that nothing is found must be able to find something.
    player = PlayerPage(new_page(), server).open()
    player.page.evaluate("document.querySelector('.km-scrub input').removeAttribute('aria-label')")
    assert any(found.startswith("label ") for found in serious(player))
