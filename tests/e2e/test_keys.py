"""The player's keys: each key works in each state of the page, wherever the focus is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage, visit
from ui.text.messages import message

SMALL = {"data": "blobs", "points": "60", "blobs": "3", "k": "3"}
LESSON = {"title": "Three blobs", "question": "Which way?"}

Act = Callable[[PlayerPage], object]


def click_point(player: PlayerPage) -> None:
    box = box_of(player.root.locator(".km-stage"))
    player.page.mouse.click(box["x"] + box["width"] - 60, box["y"] + box["height"] - 60)


def drag_scrubber(player: PlayerPage) -> None:
    box = box_of(player.scrubber)
    player.page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    player.page.mouse.down()
    player.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    player.page.mouse.up()
    player.ready()


def leave_field(player: PlayerPage, parent: str) -> None:
    player.page.locator(parent).get_by_role("spinbutton").first.click()
    click_point(player)


def press_each(player: PlayerPage, *actions: str) -> None:
    for action in actions:
        player.press(action)


def close_dialog(player: PlayerPage, action: str) -> None:
    player.press(action)
    player.root.get_by_role("dialog").get_by_role("button", name=message("dialog.close")).click()
    expect(player.root.get_by_role("dialog")).to_have_count(0)


def close_sidebar(player: PlayerPage, *, by_key: bool = False) -> None:
    button = player.page.get_by_role("button", name="Collapse sidebar")
    button.press("Enter") if by_key else button.click()
    expect(player.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    selector = "[data-testid=stExpandSidebarButton]" if by_key else player.selector
    expect(player.page.locator(selector)).to_be_focused()


def open_sidebar(player: PlayerPage) -> None:
    player.page.get_by_test_id("stExpandSidebarButton").click()
    expect(player.root).to_be_focused()


STATES: dict[str, Act] = {
    "fresh": lambda player: None,
    "next": lambda player: player.press("next"),
    "last": lambda player: player.press("last"),
    "first": lambda player: press_each(player, "next", "first"),
    "back": lambda player: press_each(player, "next", "back"),
    "play and pause": lambda player: press_each(player, "play", "play"),
    "scrubber": drag_scrubber,
    "layer": lambda player: player.layer("trails").click(),
    "tab": lambda player: player.tab("math").click(),
    "point": click_point,
    "center": lambda player: player.root.locator('.km-center[data-cluster="1"]').click(),
    "field that was left": lambda player: leave_field(player, player.selector),
    "setting that was left": lambda player: leave_field(player, "[data-testid=stSidebar]"),
    "pen": lambda player: player.use_tool("add"),
    "share": lambda player: close_dialog(player, "share"),
    "help": lambda player: close_dialog(player, "help"),
    "dice": lambda player: player.roll_dice(),
    "sidebar closed": close_sidebar,
    "sidebar opened": open_sidebar,
}


def walk(player: PlayerPage, *names: str) -> None:
    """Bring the page into each of these states, one after the other, and step by keys there.

    All keys have one listener: what a state can do to it, two of them tell.
    """
    for name in names:
        print("after:", name)
        STATES[name](player)
        player.ready()
        for key, step in (("Home", 0), ("ArrowRight", 1)):
            player.page.keyboard.press(key)
            player.ready(step)
    player.press_every_key()


def test_every_key_works_whatever_a_mouse_did_before(player: PlayerPage) -> None:
    walk(player.open(**SMALL), *STATES)


@pytest.mark.parametrize("method", ["Enter", "mouse", "Escape"])
def test_every_key_works_after_an_answer_to_a_class(player: PlayerPage, method: str) -> None:
    player.open(**SMALL, **LESSON, mode="predict")
    player.page.keyboard.press("ArrowRight")
    field = player.root.locator(".km-predict").get_by_role("spinbutton")
    expect(field).to_be_focused()
    player.page.keyboard.type("20")
    if method == "mouse":
        player.root.get_by_role("button", name=message("predict.answer")).click()
    else:
        player.page.keyboard.press(method)
    player.ready(1)
    expect(player.root).to_be_focused()
    player.press_every_key()


USED_KEYS = {
    "h1": "",
    "[data-testid=stMain]": "",
    ".st-key-places a": "",
    '[data-action="next"]': "Space",
    '.km-center[data-cluster="1"]': "Space ArrowLeft ArrowRight",
    '[data-testid="stSidebar"] input[type=range]': "Home End ArrowLeft ArrowRight PageUp PageDown",
    '[data-testid="stSidebar"] [data-testid="stExpander"] summary': "Space",
}
"""The keys that an element uses itself while it has the focus."""


def test_what_has_the_focus_keeps_only_the_keys_that_it_uses(player: PlayerPage) -> None:
    player.open(**SMALL, **LESSON)
    for selector, used in USED_KEYS.items():
        print("focus on:", selector)
        player.go(0)
        goal = player.page.locator(selector).first
        goal.evaluate("(goal) => { if (goal.tabIndex < 0) goal.tabIndex = -1; goal.focus(); }")
        expect(goal).to_be_focused()
        player.press_every_key(used)


def test_a_button_that_tab_reached_is_pressed_by_space_and_by_enter(player: PlayerPage) -> None:
    player.open(**SMALL)
    player.button("play").focus()
    player.page.keyboard.press("Tab")
    for step, key in enumerate(("Space", "Enter"), start=1):
        player.page.keyboard.press(key)
        player.ready(step)
    expect(player.button("next")).to_be_focused()


def test_a_field_keeps_every_key(player: PlayerPage) -> None:
    player.open(**SMALL, step=2)
    page = player.page
    for field in (
        page.get_by_role("spinbutton", name=message("settings.seed_title")),
        page.get_by_role("combobox", name=message("settings.rule_title")),
        player.root.get_by_role("spinbutton", name=message("inspector.look_at", kind="point")),
        player.root.get_by_label(message("controls.speed")),
    ):
        field.focus()
        for key in ("ArrowLeft", "PageDown", "PageUp", "Home", "?", "."):
            page.keyboard.press(key)
        page.keyboard.press("Escape")
        player.ready(2)
        expect(player.root.get_by_role("dialog")).to_have_count(0)
        player.states(playing="false")
        assert player.has("step") == "2"


def test_every_key_works_in_a_frame_and_by_touch(new_page: NewPage, server: str) -> None:
    walk(PlayerPage(new_page(viewport=(800, 600)), server).open(**SMALL, embed="true"), "fresh", "next", "help")
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(**SMALL)
    for action in ("next", "back", "play", "play"):
        player.button(action).tap()
    player.press_every_key()


def test_every_key_works_side_by_side(new_page: NewPage, server: str) -> None:
    compare_page = PlayerPage(new_page(), server)
    compare_page.selector = "[data-testid=kmeans-compare]"
    compare_page.open("/compare", **SMALL)
    compare_page.press_every_key()
    compare_page.press("next")
    compare_page.press_every_key()
    visit(compare_page.page, f"{server}/compare?data=blobs&points=60&blobs=3&k=3&variants=k:2|k:4")
    compare_page.states(ready="true", runs="3")
    compare_page.root.get_by_role("button", name=message("compare.remove_run_number", run=2)).click()
    compare_page.states(ready="true", runs="2")
    compare_page.press_every_key()


def test_every_key_works_once_a_question_of_the_tutorial_is_answered(player: PlayerPage) -> None:
    player.open("/tutorial", screen="1")
    step = player.step
    for key in ("ArrowRight", "PageDown", "Space", "?"):
        player.page.keyboard.press(key)
    assert (player.step, player.has("playing")) == (step, "false"), "there is a question first"
    for by_key in (False, True):
        choice = player.page.get_by_role("button", name="A: ")
        choice.press("Enter") if by_key else choice.click()
        expect(player.page.locator(".tutorial-reply")).to_be_focused()
        player.ready()
        player.press_every_key()
        player.page.get_by_role("button", name=message("tutorial.ask_again")).click()
        expect(choice).to_be_visible()
