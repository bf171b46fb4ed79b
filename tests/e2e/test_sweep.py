"""The sweep page in a browser: pictures lead to their runs and back, and the link holds the chosen settings."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from kmeans_core import DATASETS
from tests.e2e.player_page import PlayerPage
from tests.message_patterns import message_pattern
from tests.support import pick_data, visit
from ui.settings.links import decode
from ui.text.messages import message

DATA = "data=blobs&blobs=3&points=150&k=3"


def open_sweep(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/sweep?{DATA}&{query}")
    expect(page.get_by_text(message("sweep.try"))).to_be_visible()  # the page's last words
    return page


def test_a_picture_opens_its_very_run_and_back_leads_here(page: Page, server: str) -> None:
    open_sweep(page, server, "setting=separation")
    page.get_by_role("link", name=message("sweep.number_label", setting="separation", value="2")).first.click()
    player = PlayerPage(page, server)
    player.ready()
    settings, complaints = decode(player.link)
    assert (complaints, settings.k, dict(settings.sizes)["separation"]) == ([], 3, 2.0)
    page.go_back()
    expect(page.locator(".finding")).to_contain_text(message_pattern("sweep.one_setting", setting="separation"))
    expect(page.get_by_role("combobox", name=message("sweep.setting"))).to_have_value(
        message("settings.size_separation")
    )


def test_another_setting_is_a_choice_away_and_in_the_link(page: Page, server: str) -> None:
    open_sweep(page, server)
    expect(page.locator(".cell")).to_have_count(12)
    page.get_by_role("combobox", name=message("sweep.setting")).fill(message("settings.seed_title"))
    page.keyboard.press("Enter")
    expect(page.locator(".finding")).to_contain_text(
        message_pattern("sweep.one_setting", setting=message("settings.noun", name="seed", title=""))
    )
    expect(page).to_have_url(re.compile("setting=seed"))
    page.get_by_role("combobox", name=message("sweep.setting")).fill(message("settings.size_separation"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("setting=separation"))
    pick_data(page, "moons")
    expect(page.get_by_text(message_pattern("sweep.not_available", data=DATASETS["moons"].title))).to_be_visible()
    expect(page).to_have_url(re.compile(r"data=moons(?!.*setting=)"))
    page.go_back()  # over the data and the setting at once
    expect(page).to_have_url(re.compile("data=blobs.*setting=separation"))
