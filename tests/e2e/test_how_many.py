"""The page on the number of clusters in a browser: choosing a K by mouse, keyboard, and link, and opening its run."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from kmeans_core.messages.numbers import amount
from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
from tests.support import visit
from ui.analyses.how_many.trials import INIT, best_trial, trial_settings
from ui.settings.links import decode
from ui.settings.run_input import run_input
from ui.text.messages import message

DATA = "data=blobs&blobs=4&points=60"


def open_how_many(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/how_many?{DATA}&{query}")
    expect(page.get_by_text(message_pattern("how_many.try"))).to_be_visible()  # the page's last words
    return page


def expect_k(page: Page, k: int) -> None:
    expect(page.get_by_role("heading", name=message("how_many.shown_title", k=k))).to_be_visible()
    expect(page.get_by_role("link", name=message_pattern("how_many.run", k=str(k)))).to_be_visible()


def test_a_click_on_a_curve_looks_at_that_k_and_its_run_is_a_click_away(page: Page, server: str) -> None:
    open_how_many(page, server)
    expect_k(page, 4)
    value = page.locator(".js-plotly-plot").first.locator(".scatterlayer .trace").nth(1).locator(".point").nth(6)
    box = box_of(value)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_k(page, 7)
    page.get_by_role("link", name=message_pattern("how_many.run")).click()
    player = PlayerPage(page, server)
    player.ready()
    settings, complaints = decode(player.link)
    best = best_trial(run_input(trial_settings(settings)), 7)
    assert (complaints, settings.k, settings.init, settings.seed) == ([], 7, INIT, best.seed)
    player.press("last")
    player.ready(player.last)
    description = message_pattern("cost.description", after=amount(best.costs.points))
    expect(player.root.locator(".km-cost")).to_have_attribute("aria-label", description)


def test_the_keyboard_chooses_k_and_the_link_says_so(page: Page, server: str) -> None:
    open_how_many(page, server)
    page.get_by_role("radio", name="9", exact=True).focus()
    page.keyboard.press("Enter")
    expect_k(page, 9)
    expect(page).to_have_url(re.compile("clusters=9"))
    open_how_many(page, server, "clusters=9")
    expect_k(page, 9)
