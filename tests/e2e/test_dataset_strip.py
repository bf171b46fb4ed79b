"""The row of datasets as pictures, in a browser: keys, touch, locks, and the room that it takes."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage, pick_data
from ui.text.messages import message

SMALL = {"data": "blobs", "blobs": "3", "points": "60", "k": "3"}
_IN_VIEW = """(tile) => {
  const { left, right } = tile.getBoundingClientRect();
  const strip = tile.parentElement.getBoundingClientRect();
  return strip.left - 1 <= left && right <= strip.right + 1;
}"""


def strip_of(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name=message("settings.data_title"))


def radio(page: Page, data: str) -> Locator:
    return strip_of(page).get_by_role("radio", name=message("settings.dataset_name", data=data), exact=True)


def test_arrow_keys_choose_a_dataset_and_back_returns(player: PlayerPage) -> None:
    player.open(**SMALL)
    page, run = player.page, player.has("run")
    expect(radio(page, "blobs")).to_be_checked()
    tab_stops = (
        strip_of(page).get_by_role("radio").evaluate_all("(all) => all.filter((one) => one.tabIndex === 0).length")
    )
    assert tab_stops == 1
    radio(page, "blobs").focus()
    page.keyboard.press("ArrowRight")
    stretched = player.after(run)
    expect(radio(page, "anisotropic")).to_be_focused()
    expect(radio(page, "anisotropic")).to_be_checked()
    ring = strip_of(page).locator("label[data-focus-visible]")
    expect(ring).to_have_css("outline-style", "solid")
    assert player.link["data"] == "anisotropic"
    page.go_back()
    assert player.after(stretched) == run
    expect(radio(page, "blobs")).to_be_checked()


def test_a_tap_on_a_phone_chooses_a_dataset_and_the_chosen_one_is_in_view(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(data="penguins", k="3")
    page = player.page
    tile = strip_of(page).locator(":scope > [data-selected]")
    assert tile.evaluate(_IN_VIEW)
    assert strip_of(page).evaluate("(strip) => strip.scrollLeft") > 0
    run = player.has("run")
    strip_of(page).get_by_text(message("settings.dataset_name", data="iris"), exact=True).tap()
    player.after(run)
    assert player.link["data"] == "iris"
    pick_data(page, "table")
    expect(page.get_by_role("textbox", name=message("uploads.pasted_table"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_locked_choice_does_nothing_and_a_hidden_or_embedded_one_is_gone(player: PlayerPage) -> None:
    player.open(**SMALL, lock="data")
    page = player.page
    expect(radio(page, "moons")).to_be_disabled()
    strip_of(page).get_by_text(message("settings.dataset_name", data="moons"), exact=True).click(force=True)
    expect(radio(page, "blobs")).to_be_checked()
    player.open(**SMALL, hide_settings="data")
    expect(strip_of(page)).to_have_count(0)


def test_the_row_leaves_room_for_picture_sentence_and_transport(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844)), server).open()
    for (width, height), most in {(390, 844): 84, (640, 360): 50, (1280, 720): 96}.items():
        player.page.set_viewport_size({"width": width, "height": height})
        for part in (player.root.locator(".km-stage"), player.root.locator(".km-sentence"), player.button("next")):
            expect(part).to_be_in_viewport(ratio=1)
        assert box_of(strip_of(player.page))["height"] <= most
    pictures = (
        strip_of(player.page)
        .locator("label")
        .evaluate_all("(all) => all.map((label) => getComputedStyle(label).backgroundImage)")
    )
    assert all(re.match(r'url\("data:image/svg', picture) for picture in pictures)
