"""A run that drops a cluster and gets it back: the browser shows the one that is out as out, and only as long as it is.

The message tells it; every panel of the player looks there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kmeans_core import Trace
from tests.e2e.player_page import PlayerPage
from tests.e2e.test_downloads import saved
from tests.e2e.test_edits import middle
from tests.e2e.test_inspector import answer
from tests.support import NewPage
from tests.ui.player.test_active import FIELDS
from ui.settings.links import decode
from ui.settings.run_input import run_input


@pytest.fixture(scope="module")
def trace() -> Trace:
    return run_input(decode(FIELDS)[0]).trace()


def faint(player: PlayerPage) -> list[bool]:
    marks = sorted(player.root.locator(".km-center").all(), key=lambda mark: mark.get_attribute("data-cluster") or "")
    return ["km-dropped" in (mark.get_attribute("class") or "") for mark in marks]


def shows_who_takes_part(player: PlayerPage, trace: Trace) -> None:
    for index in range(len(trace)):
        player.go(index)
        active = trace.active(index).tolist()
        assert faint(player) == [not is_active for is_active in active]
        if trace[index].labels is not None:
            assert [size == "–" for size in player.sizes] == [not is_active for is_active in active]


def test_marks_table_and_reasons_follow_the_run(player: PlayerPage, trace: Trace) -> None:
    player.open(**FIELDS)
    shows_who_takes_part(player, trace)
    for index in range(1, len(trace)):
        out = not trace.active(index)[2]
        player.open(**FIELDS, look="c3", step=index)
        assert ("It was taken out of the run." in answer(player)) == out
        player.open(**FIELDS, look="p1", step=index)
        assert player.root.locator(".km-inspector-answer tbody tr").count() == trace.active(index).sum()


def test_the_maths_compares_with_those_that_take_part(player: PlayerPage, trace: Trace) -> None:
    player.open(**FIELDS, tab="maths")
    for index in range(1, len(trace)):
        player.go(index)
        told = player.root.get_by_role("tabpanel").inner_text()
        assert "undefined" not in told
        assert "NaN" not in told
        assert ("still in the run" in told) == (not trace.active(index).all())


def test_a_center_that_is_dragged_brings_the_dropped_one_back_while_it_is_held(player: PlayerPage) -> None:
    player.open(**FIELDS, step=3)
    assert faint(player) == [False, False, True]
    x, y = middle(player, 1)
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 40, y + 30, steps=4)
    player.states(holding="1")
    expect(player.root.locator('.km-center[data-cluster="3"]')).not_to_have_class(re.compile("km-dropped"))
    player.page.keyboard.press("Escape")
    player.page.mouse.up()
    expect(player.root.locator('.km-center[data-cluster="3"]')).to_have_class(re.compile("km-dropped"))
    assert faint(player) == [False, False, True]


def test_the_page_without_a_network_knows_it_too(
    new_page: NewPage, server: str, browser: Browser, tmp_path: Path, trace: Trace
) -> None:
    player = PlayerPage(new_page(), server).open(**FIELDS)
    player.press("share")
    file = saved(player.page, "Player that works offline", tmp_path)
    context = browser.new_context(offline=True, reduced_motion="reduce")
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    offline = PlayerPage(page, "")
    offline.ready(0)
    shows_who_takes_part(offline, trace)
    assert not errors
    context.close()


def test_questions_are_about_those_that_take_part(player: PlayerPage, trace: Trace) -> None:
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
