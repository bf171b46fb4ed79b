"""Many starts in a browser: the bars lead to their runs, the work can be stopped, and the link says what was asked."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage, visit
from ui.analyses.starts import runs
from ui.analyses.starts.outcomes import UNUSED, group_by_kind
from ui.settings.links import decode
from ui.settings.record import OPENING
from ui.settings.run_input import run_input
from ui.text.messages import message


def opened(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/starts?{query}")
    expect(page.locator(".finding")).to_contain_text("random starts found")
    expect(page.get_by_text("Try it:")).to_be_visible()  # the page's last words
    return page


def link_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_click_on_a_bar_opens_that_very_run(page: Page, server: str) -> None:
    opened(page, server, "n_init=50&k=6")
    best = group_by_kind([runs.outcomes(run_input(OPENING.canonical(UNUSED)), 0, 50)])[0].cheapest
    bar = box_of(page.locator(".js-plotly-plot .subplot.xy .barlayer .point").first)
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    player = PlayerPage(page, server)
    player.ready()
    settings, complaints = decode(player.link)
    assert complaints == []
    assert settings == replace(OPENING.canonical(UNUSED), init="random", seed=settings.seed)
    player.press("last")
    player.ready(player.last)
    told = re.sub(r"\s", "", player.root.locator(".km-cost").get_attribute("aria-label") or "")
    assert f"to{best.cost:,.0f}" in told, "the first bar is that of the best results"


def test_the_best_and_the_worst_run_are_one_click_away(page: Page, server: str) -> None:
    opened(page, server, "n_init=25")
    page.get_by_role("link", name=re.compile("Its worst: cost")).first.click()
    player = PlayerPage(page, server)
    player.ready()
    worst = group_by_kind([runs.outcomes(run_input(OPENING.canonical(UNUSED)), 0, 25)])[0].costliest
    shown, _ = decode(player.link)
    assert (shown.init, shown.seed) == ("random", worst.seed)
    page.go_back()
    expect(page.locator(".finding")).to_contain_text("of 25 random starts")


def test_what_takes_long_is_asked_for_can_be_stopped_and_taken_up_again(page: Page, server: str) -> None:
    opened(page, server, "n_init=2000&points_per_blob=2000")
    rest = page.get_by_role("button", name="Compute the rest")
    expect(rest).to_be_visible()
    few = page.locator(".finding").inner_text()
    rest.click()
    page.get_by_role("button", name="Stop").click()
    expect(rest).to_be_visible()
    done = page.locator(".finding").inner_text()
    assert done != few
    counted = re.match(r"So far, [\d,]+ of ([\d,]+) random starts", done)
    assert counted
    assert int(counted[1].replace(",", "")) < 2000, "it was stopped before its end"
    rest.click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(rest).to_be_visible()


def test_the_link_says_how_many_and_a_phone_sees_the_same(page: Page, new_page: NewPage, server: str) -> None:
    opened(page, server)
    page.get_by_role("slider", name=message("starts.run_count")).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".finding")).to_contain_text("of 100 random starts")
    assert link_of(page) == {"n_init": "100"}
    phone = opened(new_page(viewport=(390, 844), touch=True), server, "n_init=100")
    assert phone.locator(".finding").inner_text() == page.locator(".finding").inner_text()


def test_a_number_of_starts_that_is_not_offered_is_a_sentence(page: Page, server: str) -> None:
    opened(page, server, "n_init=7")
    expect(page.get_by_text(f"{message('starts.run_count')} must be one of 25, 50, 100")).to_be_visible()
