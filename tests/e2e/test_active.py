"""A run that drops a cluster and gets it back: every panel of the player shows it as dropped while it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kmeans_core import Trace
from tests.e2e.player_page import PlayerPage
from tests.e2e.test_downloads import download_file
from tests.e2e.test_edits import middle
from tests.e2e.test_inspector import answer
from tests.support import NewPage
from tests.ui.player.test_active import FIELDS
from ui.settings.links import decode
from ui.settings.run_input import run_input
from ui.text.messages import message


@pytest.fixture(scope="module")
def trace() -> Trace:
    return run_input(decode(FIELDS)[0]).trace()


def dropped_centers(player: PlayerPage) -> list[bool]:
    marks = sorted(player.root.locator(".km-center").all(), key=lambda mark: mark.get_attribute("data-cluster") or "")
    return ["km-dropped" in (mark.get_attribute("class") or "") for mark in marks]


def assert_active_clusters(player: PlayerPage, trace: Trace) -> None:
    for index in range(len(trace)):
        player.go(index)
        active = trace.active(index).tolist()
        assert dropped_centers(player) == [not is_active for is_active in active]
        if trace[index].labels is not None:
            assert [size == "–" for size in player.sizes] == [not is_active for is_active in active]


def test_marks_table_and_reasons_follow_the_run(player: PlayerPage, trace: Trace) -> None:
    player.open(**FIELDS)
    assert_active_clusters(player, trace)
    player.open(**FIELDS, look="c3", step=1)
    for index in range(1, len(trace)):
        player.go(index)
        assert (message("inspector.dropped") in answer(player)) == (not trace.active(index)[2])
    player.open(**FIELDS, look="p1", step=1)
    for index in range(1, len(trace)):
        player.go(index)
        assert player.root.locator(".km-inspector-answer tbody tr").count() == trace.active(index).sum()


def test_the_math_compares_active_centers(player: PlayerPage, trace: Trace) -> None:
    player.open(**FIELDS, tab="maths")
    for index in range(1, len(trace)):
        player.go(index)
        panel = player.root.get_by_role("tabpanel").inner_text()
        assert "undefined" not in panel
        assert "NaN" not in panel
        active = int(trace.active(index).sum())
        center = message("math.legend_center", kind="some", center="centroid", clusters=str(active))
        assert (center in panel) == (active < len(trace.active(index)))


def test_a_center_that_is_dragged_brings_the_dropped_one_back_while_it_is_held(player: PlayerPage) -> None:
    player.open(**FIELDS, step=3)
    assert dropped_centers(player) == [False, False, True]
    x, y = middle(player, 1)
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 40, y + 30, steps=4)
    player.states(holding="1")
    expect(player.root.locator('.km-center[data-cluster="3"]')).not_to_have_class(re.compile("km-dropped"))
    player.page.keyboard.press("Escape")
    player.page.mouse.up()
    expect(player.root.locator('.km-center[data-cluster="3"]')).to_have_class(re.compile("km-dropped"))
    assert dropped_centers(player) == [False, False, True]


def test_the_offline_page_shows_a_dropped_cluster_too(
    new_page: NewPage, server: str, browser: Browser, tmp_path: Path, trace: Trace
) -> None:
    player = PlayerPage(new_page(), server).open(**FIELDS)
    player.press("share")
    file = download_file(player.page, message("share.file", kind="page"), tmp_path)
    context = browser.new_context(offline=True, reduced_motion="reduce")
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    offline = PlayerPage(page, "")
    offline.ready(0)
    assert_active_clusters(offline, trace)
    assert not errors
    context.close()


def test_questions_are_about_active_clusters(player: PlayerPage, trace: Trace) -> None:
    player.open(**FIELDS, mode="predict")
    for index in range(len(trace) - 1):
        player.go(index)
        player.press("next")
        if kind := player.has("asking"):
            choices = player.root.locator("[data-choice]").all_inner_texts()
            if kind in ("farthest", "empty"):
                numbers = {int(text) - 1 for text in choices if text.isdigit()}
                assert numbers == {j for j in range(3) if trace.active(index)[j]}
            player.page.keyboard.press("Escape")
