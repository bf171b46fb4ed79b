"""The player at 200% zoom and in forced colors, and the way of the keyboard to its Next."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from kmeans_core import Trace
from kmeans_core.messages.numbers import amount
from tests.e2e.player_page import LONGEST_MILLISECONDS, PlayerPage, box_of
from tests.e2e.test_accessibility import findings_on
from tests.message_patterns import message_pattern
from tests.support import NewPage, visit
from ui.text.messages import message

NEXT = ".km-next"


def test_at_200_percent_zoom_the_picture_the_sentence_and_the_controls_are_seen_together(
    new_page: NewPage, server: str
) -> None:
    player = PlayerPage(new_page(viewport=(640, 360)), server).open(step=3)
    for part in (".km-stage", ".km-sentence", ".km-transport"):
        box = box_of(player.root.locator(part))
        assert box["y"] >= 0 and box["y"] + box["height"] <= 360, part
    assert box_of(player.root.locator(".km-stage"))["height"] > 240
    stage, sentence = (box_of(player.root.locator(part)) for part in (".km-stage", ".km-sentence"))
    assert stage["x"] + stage["width"] <= sentence["x"]
    assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _see_compared_runs_and_controls(player)


def _see_compared_runs_and_controls(player: PlayerPage) -> None:
    """Check that pictures, sentences, and controls of compared runs are seen together, and nothing lies over them."""
    page = player.page
    visit(page, f"{player.server}/compare?data=blobs&points=60&blobs=3&k=3")
    root = page.get_by_test_id("kmeans-compare")
    expect(root).to_have_attribute("data-ready", "true", timeout=LONGEST_MILLISECONDS)
    root.locator(".km-stage").first.evaluate("(stage) => stage.scrollIntoView({ block: 'start' })")
    expect(page.locator(":root")).to_have_attribute("data-scrolled", "")
    expect(page.get_by_test_id("stHeader")).to_have_css("opacity", "0")
    controls = box_of(root.locator(".km-transport"))
    assert controls["y"] + controls["height"] <= 360
    for part in (".km-stage", ".kc-sentence"):
        box = box_of(root.locator(part).first)
        assert box["y"] >= 0 and box["y"] + box["height"] <= controls["y"], part


def test_the_cost_fits_again_after_the_sidebar_was_away(new_page: NewPage, server: str) -> None:
    page = new_page(viewport=(1280, 720))
    player = PlayerPage(page, server).open(step=9)
    cost = player.root.locator(".km-cost-card")
    width = box_of(cost)["width"]
    page.locator(".stSidebar").hover()
    page.locator("[data-testid=stSidebarCollapseButton] button").click()
    page.wait_for_function("(width) => document.querySelector('.km-cost-card').offsetWidth > width + 50", arg=width)
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.wait_for_function("document.querySelector('.kmeans-player').offsetWidth < 1000")
    right, edge = (box["x"] + box["width"] for box in (box_of(cost), box_of(player.root)))
    assert right <= edge + 1


_FIRST_STOP = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")]
    .find((element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true })).className"""


def press_tab_until_next(player: PlayerPage, presses: int) -> None:
    for _ in range(presses):
        player.page.keyboard.press("Tab")
        if player.root.locator(f"{NEXT}:focus").count():
            break
    expect(player.root.locator(NEXT)).to_be_focused()


def test_tab_reaches_next_within_12_presses_beside_open_settings(player: PlayerPage) -> None:
    visit(player.page, f"{player.server}/tutorial")  # which has no settings: those of the next page are new
    player.open()
    page = player.page
    assert "stMain" in page.evaluate(_FIRST_STOP), "the page comes before its settings"
    main, sidebar = page.get_by_test_id("stMain"), page.locator(".stSidebar")
    assert box_of(sidebar)["x"] == 0 and box_of(main)["x"] > 200, "which still stand on the left"
    main.focus()
    press_tab_until_next(player, 11)
    address = page.url
    for goal, expected in (("player", player.root.locator(NEXT)), ("settings", sidebar.locator("button").nth(1))):
        main.focus()
        link = page.get_by_role("link", name=message("navigation.skip", goal=goal))
        while not link.evaluate("(link) => link === document.activeElement"):
            page.keyboard.press("Tab")
        expect(link).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(expected).to_be_focused()
    assert page.url == address
    player.root.locator(NEXT).press("Enter")
    player.ready(1)


def test_tab_reaches_next_within_12_presses_of_a_page_with_closed_settings(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844)), server).open(k=12)
    press_tab_until_next(player, 12)
    player.page.keyboard.press("Shift+Tab")
    player.page.keyboard.press("Shift+Tab")
    expect(player.button("share")).to_be_focused()
    player.page.keyboard.press("ArrowRight")
    expect(player.button("help")).to_be_focused()
    assert player.step == 0, "the arrow is the toolbar's"


@pytest.fixture
def forced(player: PlayerPage) -> Iterator[PlayerPage]:
    """The player where the system chooses the colors."""
    player.page.emulate_media(forced_colors="active")
    yield player
    player.page.emulate_media(forced_colors="none")


def test_sliders_keep_their_track_and_thumb_in_forced_colors(forced: PlayerPage) -> None:
    forced.open()
    slider = forced.page.get_by_test_id("stSlider").first
    for part in ("> div:first-child", "> [data-rac]"):
        shape = slider.locator(f"[role=group] > [data-orientation] {part}")
        expect(shape).to_have_css("border-top-style", "solid")
        assert shape.evaluate("(element) => element.offsetWidth > 4 && element.offsetHeight >= 4"), part
    backend = forced.page.get_by_role("radio", name="NumPy")
    assert backend.evaluate("(button) => getComputedStyle(button).forcedColorAdjust") == "none", "its choice is seen"
    expect(forced.scrubber).to_have_css("appearance", "auto")  # the browser draws it in the system's colors


def test_a_focused_center_has_a_ring_in_the_color_of_the_system(forced: PlayerPage) -> None:
    forced.open(data="blobs", points=60, blobs=3, k=3)
    forced.root.locator(".km-center").first.focus()
    forced.page.keyboard.press("Tab")
    center = forced.root.locator(".km-center:focus-visible")
    expect(center).to_have_count(1)
    color = "(center, color) => Object.assign(center.style, { color }) && getComputedStyle(center).color"
    assert center.evaluate("(center) => getComputedStyle(center).outlineColor") == center.evaluate(color, "Highlight")
    expect(center).to_have_css("outline-width", "3px")


def test_a_focused_center_has_a_ring_of_two_tones(player: PlayerPage) -> None:
    player.open(step=3)
    center = player.root.locator(".km-center").first
    center.focus()
    player.page.keyboard.press("Shift+Tab")
    player.page.keyboard.press("Tab")
    expect(player.root.locator(".km-center:focus-visible")).to_have_count(1)
    outer, inner = player.root.locator(".km-center:focus-visible").evaluate(
        "(center) => [getComputedStyle(center).outlineColor, getComputedStyle(center.firstChild).stroke]"
    )
    assert {outer, inner} == {"rgb(27, 31, 39)", "rgb(255, 255, 255)"}


def test_the_words_for_the_picture_and_the_costs_follow_the_step(player: PlayerPage, trace: Trace) -> None:
    player.open()
    chart, stage = player.root.locator(".km-cost"), player.root.locator(".km-stage")
    expect(chart).to_have_attribute("aria-label", message("cost.no_cost"))
    player.root.get_by_text(message("cost.table"), exact=True).click()
    player.root.get_by_text(message("description.title"), exact=True).click()
    rows = player.root.get_by_role("table", name=message("cost.table_caption")).locator("tbody tr")
    words = player.root.locator(".km-description li")
    expect(stage).to_have_accessible_description(re.compile("300 points"))
    start = words.all_inner_texts()
    player.go(3)
    expect(rows).to_have_count(3)
    expect(chart).to_have_attribute("aria-label", message_pattern("cost.description", after=amount(trace[3].cost or 0)))
    assert len(words.all_inner_texts()) == len(start)
    assert words.all_inner_texts()[-1] != start[-1]
    assert not findings_on(player.page)
