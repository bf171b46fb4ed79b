"""The page on starting centers in a browser: bars lead to their runs, and long work can be stopped."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from kmeans_core.messages.numbers import amount
from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
from tests.support import visit
from ui.analyses.starts import runs
from ui.analyses.starts.outcomes import UNUSED, group_by_kind
from ui.settings.links import decode
from ui.settings.record import POST
from ui.settings.run_input import run_input
from ui.text.messages import message


def open_starts(page: Page, server: str, query: str = "") -> Page:
    visit(page, f"{server}/starts?data=post&{query}")
    expect(page.locator(".finding")).to_contain_text(message_pattern("starts.best"))
    expect(page.get_by_text(message_pattern("starts.try"))).to_be_visible()  # the page's last words
    return page


def link_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_click_on_a_bar_opens_that_very_run(page: Page, server: str) -> None:
    open_starts(page, server, "n_init=50&k=6")
    best = group_by_kind([runs.outcomes(run_input(POST.canonical(UNUSED)), 0, 50)])[0].cheapest
    bar = box_of(page.locator(".js-plotly-plot .subplot.xy .barlayer .point").first)
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    player = PlayerPage(page, server)
    player.ready()
    settings, complaints = decode(player.link)
    assert complaints == []
    assert settings == replace(POST.canonical(UNUSED), init="random", seed=settings.seed)
    player.press("last")
    player.ready(player.last)
    # The first bar is that of the best results.
    expect(player.root.locator(".km-cost")).to_have_attribute(
        "aria-label", message_pattern("cost.description", after=amount(best.cost))
    )


def test_the_best_and_the_worst_run_are_one_click_away(page: Page, server: str) -> None:
    open_starts(page, server, "n_init=25")
    page.get_by_role("link", name=message_pattern("starts.worst_run")).first.click()
    player = PlayerPage(page, server)
    player.ready()
    worst = group_by_kind([runs.outcomes(run_input(POST.canonical(UNUSED)), 0, 25)])[0].costliest
    settings, _ = decode(player.link)
    assert (settings.init, settings.seed) == ("random", worst.seed)
    page.go_back()
    expect(page.locator(".finding")).to_have_text(re.compile(r"^\D*\d+ of 25 "))


def test_long_work_starts_on_demand_and_can_be_stopped_and_resumed(page: Page, server: str) -> None:
    open_starts(page, server, "n_init=2000&points_per_blob=2000")
    rest = page.get_by_role("button", name=message("shell.compute_rest"))
    expect(rest).to_be_visible()
    first_finding = page.locator(".finding").inner_text()
    rest.click()
    page.get_by_role("button", name=message("shell.stop")).click()
    expect(rest).to_be_visible()
    finding = page.locator(".finding").inner_text()
    assert finding != first_finding
    count = re.match(r"\D*[\d,]+ of ([\d,]+) ", finding)
    assert count
    assert int(count[1].replace(",", "")) < 2000, "it was stopped before its end"
    rest.click()
    expect(page.get_by_role("button", name=message("shell.stop"))).to_be_visible()
    page.get_by_role("button", name=message("shell.stop")).click()
    expect(rest).to_be_visible()


def test_the_link_says_how_many(page: Page, server: str) -> None:
    open_starts(page, server)
    page.get_by_role("slider", name=message("starts.run_count")).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".finding")).to_have_text(re.compile(r"^\D*\d+ of 100 "))
    assert link_of(page) == {"data": "post", "n_init": "100"}
