"""What a setting does, in a browser: pictures lead to their runs and back, and the link says which settings vary."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage
from tests.support import NewPage, visit
from ui.settings.links import decode
from ui.text.messages import message

DATA = "data=blobs&blobs=3&points=150&k=3"


def opened(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/sweep?{DATA}&{query}")
    expect(page.get_by_text("Try it:")).to_be_visible()  # the page's last words
    return page


def test_a_picture_opens_its_very_run_and_back_leads_here(page: Page, server: str) -> None:
    opened(page, server, "setting=separation")
    page.get_by_role("link", name="separation = 2", exact=False).first.click()
    player = PlayerPage(page, server)
    player.ready()
    settings, complaints = decode(player.link)
    assert (complaints, settings.k, dict(settings.sizes)["separation"]) == ([], 3, 2.0)
    page.go_back()
    expect(page.locator(".finding")).to_contain_text("differ only in separation.")
    expect(page.get_by_role("combobox", name=message("sweep.setting"))).to_have_value("Separation")


def test_another_setting_is_a_choice_away_and_in_the_link(page: Page, new_page: NewPage, server: str) -> None:
    opened(page, server)
    expect(page.locator(".cell")).to_have_count(12)
    page.get_by_role("combobox", name=message("sweep.setting")).fill(message("settings.seed_title"))
    page.keyboard.press("Enter")
    expect(page.locator(".finding")).to_contain_text("differ only in random seed.")
    expect(page).to_have_url(re.compile("setting=seed"))
    phone = opened(new_page(viewport=(390, 844), touch=True), server, "setting=seed&second_setting=spread")
    cells = phone.locator(".cell")
    expect(cells).to_have_count(16)
    lefts = cells.evaluate_all("(cells) => [...new Set(cells.map((cell) => cell.getBoundingClientRect().left))]")
    assert len(lefts) == 2
    page.get_by_role("combobox", name=message("sweep.setting")).fill("Separation")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("setting=separation"))
    page.get_by_role("combobox", name=message("settings.data_title")).fill("Two moons")
    page.keyboard.press("Enter")
    expect(
        page.get_by_text(message("sweep.not_available", setting="Separation", is_table=False, data="two moons"))
    ).to_be_visible()
    expect(page).to_have_url(re.compile(r"data=moons(?!.*setting=)"))
    page.go_back()  # over the data and the setting at once
    expect(page).to_have_url(re.compile("data=blobs.*setting=separation"))
    assert phone.locator(".cell img").evaluate_all("(all) => all.every((img) => img.complete && img.naturalWidth > 0)")
