"""Reaching into the picture, as a person does it with a mouse, a finger or the keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.support import NewPage
from ui.settings.edits import MAX_EDITS
from ui.text.messages import message


def middle(player: PlayerPage, cluster: int) -> tuple[float, float]:
    """Where a center is on the page."""
    box = box_of(player.root.locator(f'.km-center[data-cluster="{cluster}"]'))
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(player: PlayerPage, cluster: int, dx: float, dy: float) -> None:
    """Drag a center by so many pixels, and wait for the run that follows."""
    before = player.has("run")
    x, y = middle(player, cluster)
    mouse = player.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + dx / 2, y + dy / 2, steps=4)
    mouse.move(x + dx, y + dy, steps=4)
    mouse.up()
    player.after(before)


def stroke(player: PlayerPage, *places: tuple[float, float]) -> None:
    """Draw with the pen through places given as shares of the picture, and wait for the run that follows."""
    before = player.has("run")
    box = box_of(player.root.locator(".km-stage"))
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    player.page.mouse.move(*at[0])
    player.page.mouse.down()
    for place in at[1:]:
        player.page.mouse.move(*place, steps=10)
    player.page.mouse.up()
    player.after(before)


def hand(player: PlayerPage, name: str) -> None:
    player.root.locator(f'[data-tool="{name}"]').click()


def points(player: PlayerPage) -> int:
    return int(
        re.sub(
            r"\D",
            "",
            (player.root.locator(".km-stage").get_attribute("aria-label") or "").split(":")[1].split("points")[0],
        )
    )


def test_dragging_a_center_recolors_at_once_and_the_run_goes_on_from_there(player: PlayerPage) -> None:
    player.open(step=5)
    last = player.last
    x, y = middle(player, 6)
    still, place = player.picture(), player.center(6)
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x - 100, y + 150, steps=5)
    player.states(holding="6")
    expect(player.root.locator('.km-center[data-cluster="6"]')).not_to_have_attribute("transform", place)
    before = player.has("run")
    assert (abs(player.picture() - still).max(axis=2) > 50).mean() > 0.005
    player.page.mouse.up()
    player.after(before)
    # The move and its assign are there; the next half-step is a refine.
    assert (player.step, player.has("phase")) == (7, "assign")
    player.press("back")
    player.ready(6)
    assert player.sentence.startswith(message("steps.move", count=1, center="centroid", cluster=6))
    assert player.last != last or before != player.has("run")
    assert player.link["edits"].startswith("m5_5_")


def test_a_drag_can_be_undone_and_redone(page: Page, server: str) -> None:
    player = PlayerPage(page, server, loads=True).open(step=5)
    original = player.has("run")
    expect(player.root.locator('[data-tool="undo"]')).to_have_attribute("aria-disabled", "true")
    drag(player, 2, 120, 40)
    branched = player.has("run")
    hand(player, "undo")
    assert player.after(branched) == original
    assert "edits" not in player.link
    hand(player, "redo")
    assert player.after(original) == branched
    player.page.go_back()
    assert player.after(branched) == original


def test_undo_and_redo_go_to_where_the_drag_shows(player: PlayerPage) -> None:
    player.open(step=5)
    drag(player, 2, 120, 40)
    branched = player.has("run")
    assert player.step == 7
    player.press("last")
    player.ready(player.last)
    hand(player, "undo")
    original = player.after(branched)
    assert player.step == 5
    hand(player, "redo")
    player.after(original)
    assert player.step == 7


def test_escape_puts_a_held_center_back(player: PlayerPage) -> None:
    player.open(step=4)
    run_before, place = player.has("run"), player.center(3)
    x, y = middle(player, 3)
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 80, y - 80, steps=4)
    player.page.keyboard.press("Escape")
    player.page.mouse.up()
    player.ready(4)
    assert (player.center(3), player.has("run")) == (place, run_before)


def test_at_the_start_centers_are_placed_by_hand(player: PlayerPage) -> None:
    player.open()
    drag(player, 1, 60, -60)
    assert (player.step, player.link["init"]) == (0, "given")
    assert player.sentence == message("steps.init", k=6, center="centroid", init="given", coincident=False)
    drag(player, 4, 30, -90)
    assert player.link["centers"].count("c") == 6
    player.press("next")
    player.ready(1)


def test_a_center_moves_by_keyboard(player: PlayerPage) -> None:
    player.open(step=3)
    before = player.has("run")
    player.root.get_by_role("button", name=re.compile("Centroid 3 at")).focus()
    for _ in range(4):
        player.page.keyboard.press("Shift+ArrowUp")
    assert player.step == 3, "the arrows belong to the center now"
    expect(player.root.locator(".km-pen-status")).to_contain_text("Centroid 3 at ")
    player.page.keyboard.press("Enter")
    player.after(before)
    expect(player.root.get_by_role("button", name=re.compile("Centroid 3 at"))).to_be_focused()
    assert player.link["edits"].startswith("m3_2_")


def test_points_are_drawn_erased_and_moved(player: PlayerPage) -> None:
    player.open(step=2)
    hand(player, "add")
    expect(player.root.locator('[data-tool="add"]')).to_have_attribute("aria-pressed", "true")
    stroke(player, (0.2, 0.2), (0.35, 0.2))
    drawn = points(player) - 3072
    assert 5 <= drawn <= 25
    assert player.step == 2, "the place in the story is kept"
    hand(player, "shift")
    stroke(player, (0.2, 0.2), (0.2, 0.4))
    assert points(player) == 3072 + drawn
    hand(player, "erase")
    stroke(player, (0.23, 0.2), (0.36, 0.2))
    assert 3072 <= points(player) < 3072 + drawn
    for _ in range(3):
        before = player.has("run")
        hand(player, "undo")
        player.after(before)
    assert points(player) == 3072


def test_the_pen_works_by_keyboard(player: PlayerPage) -> None:
    player.open(data="uniform", points=50)
    player.root.locator('[data-tool="add"]').focus()
    player.page.keyboard.press("Enter")
    expect(player.root.locator(".km-drawing-overlay")).to_be_focused()
    before = player.has("run")
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        player.page.keyboard.press(key)
    player.after(before)
    assert points(player) == 51
    player.page.keyboard.press("ArrowRight")
    expect(player.root.locator(".km-pen-status")).to_have_text(re.compile(r"At [\d.]+, [\d.]+"))
    player.page.keyboard.press("Escape")
    expect(player.root.locator(".km-drawing-overlay")).to_be_hidden()
    expect(player.root.locator('[data-tool="add"]')).to_be_focused()


def test_escape_lays_down_a_pen_that_the_mouse_took_and_what_is_pressed_can_be_read(player: PlayerPage) -> None:
    player.open(step=1)
    hand(player, "add")
    pressed = player.root.locator('[data-tool="add"]')
    colors = "(button) => [getComputedStyle(button).color, getComputedStyle(button).backgroundColor]"
    pressed.hover()
    text, background = pressed.evaluate(colors)
    assert text != background
    player.page.keyboard.press("Escape")
    expect(pressed).to_have_attribute("aria-pressed", "false")


def test_only_what_can_be_used_is_in_the_order_of_tab(player: PlayerPage) -> None:
    player.open(step=1)
    player.button("share").focus()
    for _ in range(12):
        player.page.keyboard.press("Tab")
        assert player.page.evaluate("document.activeElement.tagName") != "svg"


def test_a_finger_drags_a_center(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(step=3)
    before = player.has("run")
    x, y = middle(player, 6)
    cdp = player.page.context.new_cdp_session(player.page)
    for kind, dx in (("touchStart", 0), ("touchMove", -40), ("touchMove", -80), ("touchEnd", None)):
        touches = [] if dx is None else [{"x": x + dx, "y": y}]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    player.after(before)
    assert player.link["edits"].startswith("m3_5_")


def test_a_link_of_drags_and_drawn_points_opens_on_a_fresh_server(player: PlayerPage, elsewhere: PlayerPage) -> None:
    player.open(step=4)
    drag(player, 6, -120, 120)
    hand(player, "add")
    for x in (0.15, 0.25, 0.35):
        stroke(player, (x, 0.15))
    hand(player, "add")
    player.go(7)
    drag(player, 1, 60, -40)
    player.go(9)
    expect(player.page).to_have_url(re.compile("step=9"))
    elsewhere.open(**player.link)
    assert (elsewhere.has("run"), elsewhere.step, elsewhere.sizes) == (player.has("run"), 9, player.sizes)
    player.page.mouse.move(0, 0)
    differs = abs(player.picture() - elsewhere.picture()).max(axis=2) > 8
    assert differs.mean() < 0.001


def test_another_setting_takes_back_the_drags_but_not_the_points(player: PlayerPage) -> None:
    player.open(step=4)
    drag(player, 6, -120, 120)
    hand(player, "add")
    stroke(player, (0.2, 0.2))
    hand(player, "add")
    before = player.has("run")
    player.page.get_by_role("slider", name="Number of clusters K").focus()
    player.page.keyboard.press("ArrowLeft")
    player.after(before)
    assert player.link["edits"].startswith("a")
    assert points(player) == 3073


def test_bad_centers_are_one_click_away(player: PlayerPage) -> None:
    player.open(step=99)
    before = player.has("run")
    player.page.get_by_role("button", name="Try bad starting centers").click()
    player.page.get_by_role("button", name="All in one blob").click()
    player.after(before)
    assert (player.link["init"], player.step) == ("given", 0), "the bad start itself is shown"
    expect(player.page.get_by_role("button", name="All in one blob")).to_have_count(0)


# --- What is locked, and what is refused

FOUR = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"


def pull(player: PlayerPage, cluster: int) -> None:
    """Drag a center and let it go, whatever comes of it."""
    x, y = middle(player, cluster)
    mouse = player.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 60, y + 60, steps=4)
    mouse.up()


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"lock": "everything", "step": 3}, "The centers are locked by this link."),
        ({"hide_settings": "centers", "step": 0}, "The centers are locked by this link."),
        ({"lock": "init", "step": 0}, "The starting centers are locked by this link."),
        (
            {"data": "iris", "columns": FOUR, "k": 3, "step": 2},
            "Centers cannot be moved where the picture is a projection of more",
        ),
    ],
)
def test_a_center_that_is_fixed_says_so_and_cannot_be_dragged(
    player: PlayerPage, link: dict[str, Any], sentence: str
) -> None:
    player.open(**link)
    center = player.root.locator('.km-center[data-cluster="2"]')
    run, place, step = player.has("run"), player.center(2), player.step
    for name in ("cursor", "touch-action"):
        expect(center).to_have_css(name, {"cursor": "pointer", "touch-action": "auto"}[name])
    expect(center).to_have_accessible_name(re.compile(re.escape(sentence)))
    scrolls = "(center) => center.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, cancelable: true }))"
    assert center.evaluate(scrolls), "a finger scrolls the page"
    pull(player, 2)
    expect(player.root.locator(".km-pen-status")).to_contain_text(sentence)
    assert (player.center(2), player.has("holding")) == (place, "")
    center.focus()
    player.page.keyboard.press("ArrowRight")
    player.ready(step + 1)
    player.page.keyboard.press("Enter")
    expect(player.root.locator(".km-inspector-answer")).to_contain_text("Centroid 2")
    assert player.has("run") == run
    assert "edits" not in player.link and "centers" not in player.link


def test_where_the_start_alone_is_locked_a_later_drag_goes_on(player: PlayerPage) -> None:
    player.open(lock="init", step=2)
    expect(player.root.locator('.km-center[data-cluster="6"]')).to_have_css("cursor", "grab")
    drag(player, 6, -60, 60)
    assert player.link["edits"].startswith("m2_5_")


def test_a_move_that_the_server_refuses_is_taken_back(player: PlayerPage) -> None:
    player.open(data="blobs", points=30, blobs=2, k=2, edits="m1_0_1_1" * MAX_EDITS)
    player.go(1)
    center = player.root.locator('.km-center[data-cluster="2"]')
    for attempt in (1, 2):
        place, name, still = player.center(2), center.get_attribute("aria-label"), player.picture()
        pull(player, 2) if attempt == 1 else nudge(player, center)
        expect(player.page.get_by_test_id("stAlert")).to_contain_text("No more than 200 moves")
        expect(center).to_have_attribute("transform", place)
        expect(center).to_have_attribute("aria-label", str(name))
        player.ready(1)
        player.page.mouse.move(0, 0)
        player.page.evaluate("document.activeElement.blur()")  # without its ring
        assert (abs(player.picture() - still).max(axis=2) > 50).mean() < 0.0005
        player.press("next")
        player.ready(2)
        player.press("back")
        player.ready(1)


def nudge(player: PlayerPage, center: Locator) -> None:
    """Move a center by keyboard."""
    center.focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "Space"):
        player.page.keyboard.press(key)
