"""axe-core finds nothing of any impact in any state of the player, in light and dark.

The other pages are looked at when they are opened, in test_smoke.py, and the player on a phone in test_player.py.
"""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, words
from tests.message_patterns import message_pattern

SCHEMES: dict[Literal["light", "dark"], str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}
"""The page's background in each."""


# Answers with all that it found, axe would send 60 KB for every page.
_VIOLATIONS = "async ([parent, options]) => (await axe.run(parent ?? document, options)).violations"


def findings_on(page: Page, *rules: str, parent: str | None = None) -> list[str]:
    """What axe-core finds, of any impact, each with where it is.

    It looks at the whole page or within the ``parent``, by all rules unless some are named.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    violations: list[dict[str, Any]] = page.evaluate(_VIOLATIONS, [parent, options])
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def findings_in_both_themes(page: Page, parent: str | None = None) -> dict[str, list[str]]:
    """What axe-core finds, by theme; it ends in the light one. Themes differ only in colors, and so in contrast."""
    violations = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", SCHEMES[scheme])
        if page.locator(PlayerPage.selector).count():
            PlayerPage(page, "").states(ready="true", theme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        rules = ["color-contrast"] if scheme == "dark" else []
        violations[scheme] = findings_on(page, *rules, parent=parent)
    return {scheme: nodes for scheme, nodes in violations.items() if nodes}


def test_axe_finds_nothing_while_points_change_are_explained_and_drawn(player: PlayerPage) -> None:
    player.open(step=3, k=12, rule="banana")
    expect(player.page.get_by_test_id("stAlert")).to_contain_text("banana")
    assert not findings_in_both_themes(player.page), "points changed, of twelve clusters, and a setting that is refused"
    # From here on only the player changes.
    player.root.locator(".km-reassigned").click()
    entries = player.root.locator(".km-list button")
    expect(entries.first).to_be_visible()
    assert not findings_on(player.page, parent=player.selector), "a list of changes"
    entries.first.click()
    player.layer("squares").check()
    player.use_tool("add")
    expect(player.root.locator(".km-inspector-answer")).to_contain_text(message_pattern("inspector.point"))
    explained = findings_in_both_themes(player.page, parent=player.selector)
    assert not explained, "a point explained, the edit tools, a pen in the hand, and squares"
    player.press("last")
    player.ready(player.last)
    assert not findings_in_both_themes(player.page, parent=player.selector), "the end"
    # A test that nothing is found must be able to find something.
    player.page.evaluate("document.querySelector('.km-scrub input').removeAttribute('aria-label')")
    assert any(node.startswith("label ") for node in findings_on(player.page, "label", parent=player.selector))


def test_one_status_region_says_each_sentence_once(player: PlayerPage) -> None:
    player.open(step=2)
    regions = player.root.locator("[role=status], [aria-live=polite], [aria-live=assertive]")
    regions = regions.filter(visible=True)
    expect(regions).to_have_count(1)
    player.press("next")
    player.ready(3)
    sentence = words(player.root.locator(".km-sentence").inner_text())
    assert words(regions.inner_text()) == sentence
    center = player.root.locator(".km-center").nth(2)
    center.focus()
    player.page.keyboard.press("ArrowRight")
    expect(regions).to_have_text(message_pattern("edits.center_moved", number="3"))
    player.page.keyboard.press("Escape")
