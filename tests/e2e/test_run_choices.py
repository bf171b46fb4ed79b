"""The choices below the picture: K, another random start, and centers that the visitor places."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
from tests.support import NewPage
from ui.settings.links import decode
from ui.text.messages import message

SMALL = {"data": "blobs", "blobs": "3", "points": "60", "k": "2"}
FEWER, MORE = (message("choices.k", change=change) for change in ("fewer", "more"))


def test_k_changes_one_by_one_and_the_sidebar_and_the_link_follow(player: PlayerPage) -> None:
    player.open(**SMALL)
    player.press("last")
    player.ready(player.last)
    player.page.keyboard.press("Escape")
    run = player.has("run")
    player.root.get_by_role("button", name=MORE).click()
    player.states(ready="true", step="0", old={"run": run})
    expect(player.root.locator(".km-stepper output")).to_have_text(message("choices.k_value", k=3))
    sidebar = player.page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("slider", name=message("settings.k_title"))).to_have_value("3")
    assert player.link["k"] == "3"
    for _ in range(2):
        run = player.has("run")
        player.root.get_by_role("button", name=FEWER).click()
        player.states(ready="true", old={"run": run})
    expect(player.root.get_by_role("button", name=FEWER)).to_have_attribute("aria-disabled", "true")


def test_another_start_begins_at_its_starting_centers_and_can_be_undone(player: PlayerPage) -> None:
    player.open(**SMALL)
    player.go(3)
    run = player.has("run")
    player.root.get_by_role("button", name=message("choices.new_start")).click()
    player.states(ready="true", step="0", old={"run": run})
    assert player.link["seed"] != "0"
    player.root.get_by_role("button", name=message("edits.tool", name="undo")).click()
    player.states(ready="true", run=run)


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_centers_are_placed_where_the_visitor_taps(new_page: NewPage, server: str, touch: bool) -> None:
    page = new_page(viewport=(390, 844), touch=touch)
    player = PlayerPage(page, server).open(**SMALL)
    run = player.has("run")
    page.get_by_role("button", name=message("choices.place", is_placing=False, left=2)).click()
    box = box_of(player.root.locator(".km-drawing-overlay"))
    for left, share in ((2, 0.3), (1, 0.6)):
        expect(page.get_by_role("button", name=message("choices.place", is_placing=True, left=left))).to_be_visible()
        assert player.sentence == message("choices.placing", is_touch=touch, number=3 - left, k=2)
        at = (box["x"] + share * box["width"], box["y"] + share * box["height"])
        (page.touchscreen.tap if touch else page.mouse.click)(*at)
    player.states(ready="true", step="0", old={"run": run})
    settings, problems = decode(player.link)
    assert (settings.init, len(settings.centers), problems) == ("given", 2, [])
    expect(page.get_by_role("button", name=message("choices.place", is_placing=False, left=2))).to_be_visible()


def test_centers_are_placed_by_keyboard(player: PlayerPage) -> None:
    player.open(**SMALL)
    run = player.has("run")
    player.root.get_by_role("button", name=message("choices.place", is_placing=False, left=2)).focus()
    for key in ("Enter", "Enter", "ArrowUp", "Enter"):
        player.page.keyboard.press(key)
    player.states(ready="true", step="0", old={"run": run})
    first, second = decode(player.link)[0].centers
    assert first[0] == second[0] and first[1] < second[1]


def test_escape_ends_placing_and_a_lesson_link_locks_it(player: PlayerPage) -> None:
    player.open(**SMALL)
    place = player.root.get_by_role("button", name=re.compile(message("choices.place", is_placing=False, left=2)))
    place.click()
    player.page.keyboard.press("Escape")
    expect(place).to_have_attribute("aria-pressed", "false")
    player.open(**SMALL, lock="k,seed,centers")
    for name in (MORE, FEWER, message("choices.new_start"), message("choices.place", is_placing=False, left=2)):
        expect(player.root.get_by_role("button", name=name)).to_have_attribute("aria-disabled", "true")


def finish_button(player: PlayerPage, action: str) -> Locator:
    return player.root.get_by_role("button", name=message("finish.action", action=action), exact=True)


def assert_covers_no_point(player: PlayerPage) -> None:
    """Check that the card at the end covers at most the numbers of the axis."""
    plot, box = box_of(player.root.locator(".km-plot .nsewdrag")), box_of(player.root.locator(".km-finish"))
    assert box["y"] >= plot["y"] + plot["height"]


def test_on_a_phone_the_card_at_the_end_covers_no_point_and_no_step_button(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(data="blobs", seed=4)
    parts = [player.root.locator(part) for part in (".km-stage", ".km-transport")]
    places = [box_of(part) for part in parts]
    player.page.keyboard.press("End")
    player.ready(player.last)
    card = box_of(player.root.locator(".km-finish"))
    assert_covers_no_point(player)
    assert [box_of(part) for part in parts] == places, "nothing moves"
    assert card["y"] + card["height"] <= places[1]["y"]
    for name in ("play", "next"):  # texts say their names
        expect(player.root.locator(f'[data-action="{name}"] span')).to_be_visible()
    row = player.root.locator(".km-buttons")
    assert row.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_the_end_of_a_run_offers_what_to_do_next(player: PlayerPage) -> None:
    player.open(**SMALL)
    player.set_speed("4")
    card = player.root.locator(".km-finish")
    expect(card).to_be_hidden()
    player.press("last")
    player.ready(player.last)
    expect(card).to_be_visible()
    assert_covers_no_point(player)
    expect(card).to_contain_text(message_pattern("finish.groups"))
    expect(player.root.locator(".km-live")).to_contain_text(message_pattern("finish.groups"))
    player.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    player.press("back")
    player.press("last")
    player.ready(player.last)
    finish_button(player, "k").click()
    expect(player.root.get_by_role("button", name=MORE)).to_be_focused()
    player.press("back")
    player.press("last")
    player.ready(player.last)
    finish_button(player, "why").click()
    reason = message("finish.why", reason="converged", iterations=1, switched=0)
    expect(player.root.locator(".km-reason")).to_have_text(reason)
    finish_button(player, "found").click()
    expect(player.root.locator(".km-reason")).to_be_empty()
    expect(card.locator(".km-verdict")).to_be_visible()
    player.press("back")
    player.press("last")
    player.ready(player.last)
    run = player.has("run")
    finish_button(player, "init").click()
    player.states(playing="true", old={"run": run})
    expect(card).to_be_hidden()
    player.states(ready="true", step=str(player.last), playing="false")
    expect(card.locator(".km-verdict")).not_to_be_empty()
