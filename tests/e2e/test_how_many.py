"""How many clusters, in a browser: a K is looked at by a click, by the keyboard or by a link, and opens as its run."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage, visit
from ui.analyses.how_many.trials import INIT, best_trial, trial_settings
from ui.settings.links import decode
from ui.settings.run_input import run_input
from ui.text.messages import message

DATA = "data=blobs&blobs=4&points=200"


def opened(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/how_many?{DATA}&{query}")
    expect(page.get_by_text("Try it:")).to_be_visible()  # the page's last words
    return page


def looks_at(page: Page, k: int) -> None:
    expect(page.get_by_role("heading", name=message("how_many.shown_title", k=k))).to_be_visible()
    expect(page.get_by_role("link", name=f"Step through it: K = {k}, seed")).to_be_visible()


def test_a_click_on_a_curve_looks_at_that_k_and_its_run_is_a_click_away(page: Page, server: str) -> None:
    opened(page, server)
    looks_at(page, 4)
    value = page.locator(".js-plotly-plot").first.locator(".scatterlayer .trace").nth(1).locator(".point").nth(6)
    box = box_of(value)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    looks_at(page, 7)
    page.get_by_role("link", name=re.compile("Step through it")).click()
    player = PlayerPage(page, server)
    player.ready()
    settings, complaints = decode(player.link)
    best = best_trial(run_input(trial_settings(settings)), 7)
    assert (complaints, settings.k, settings.init, settings.seed) == ([], 7, INIT, best.seed)
    player.press("last")
    player.ready(player.last)
    told = player.root.locator(".km-cost").get_attribute("aria-label") or ""
    assert f"to {best.costs.points:.4g}" in told


def test_the_keyboard_chooses_k_and_the_link_says_so(page: Page, new_page: NewPage, server: str) -> None:
    opened(page, server)
    page.get_by_role("radio", name="9", exact=True).focus()
    page.keyboard.press("Enter")
    looks_at(page, 9)
    expect(page).to_have_url(re.compile("clusters=9"))
    phone = opened(new_page(viewport=(390, 844), touch=True), server, "clusters=9")
    looks_at(phone, 9)
    assert phone.locator(".finding").inner_text() == page.locator(".finding").inner_text()
