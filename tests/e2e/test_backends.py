"""Both backends in a browser: TensorFlow comes when it is asked for, and the measuring goes on and stops."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from kmeans_core import backend_available
from tests.e2e.player_page import PlayerPage
from tests.support import visit

LOADING_MILLISECONDS = 90_000


def opened(page: Page, server: str, query: str = "data=blobs&points=300&k=3") -> Page:
    visit(page, f"{server}/backends?{query}")
    expect(page.locator(".finding")).to_contain_text("half-steps")
    return page


@pytest.mark.skipif(not backend_available("tensorflow"), reason="TensorFlow is not installed")
def test_tensorflow_is_loaded_on_demand_and_float32_shows_where_it_ends(page: Page, second_server: str) -> None:
    opened(page, second_server)
    finding = page.locator(".finding")
    expect(finding).to_contain_text("NumPy did the")
    expect(page.get_by_role("button", name="Load TensorFlow and compare")).to_be_enabled()

    # The player loads it, too, and says so.
    player = PlayerPage(page, second_server).open(rule="medoid")
    player.go(player.last)
    numpy_run, sizes = player.has("run"), player.sizes
    page.locator(".st-key-backend").get_by_text("TensorFlow", exact=True).click()
    expect(page.get_by_test_id("stSpinner")).to_contain_text("Loading TensorFlow")
    player.after(numpy_run)
    expect(player.root.locator(".km-timing")).to_contain_text("Computed by TensorFlow")
    assert (player.sizes, player.link["backend"]) == (sizes, "tensorflow")

    opened(page, second_server)
    expect(finding).to_contain_text("The same, to the last label", timeout=LOADING_MILLISECONDS)
    page.get_by_role("radio", name="float32").click()
    expect(page).to_have_url(re.compile("precision=float32"))
    slider = page.get_by_role("slider", name="Move the points away from the origin by")
    slider.focus()
    page.keyboard.press("End")
    expect(finding).to_contain_text("Not the same in float32", timeout=LOADING_MILLISECONDS)
    expect(page).to_have_url(re.compile("offset=10000000"))
    expect(page.get_by_text("are 1 apart")).to_be_visible()


def test_the_times_are_measured_on_demand(page: Page, server: str) -> None:
    opened(page, server)
    rest = page.get_by_role("button", name="Compute the rest")
    rest.click()
    expect(rest).to_have_count(0)
    expect(page.get_by_text("It depends on the number of points").or_(page.get_by_text("refine of 1"))).to_be_visible(
        timeout=LOADING_MILLISECONDS
    )
    page.get_by_text("The numbers").last.click()
    expect(page.get_by_role("button", name="Download as CSV").last).to_be_visible()
