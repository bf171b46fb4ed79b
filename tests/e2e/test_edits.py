"""Edits in the picture: dragged centers and drawn points, by mouse, touch, and keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
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
    pixels = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    player.page.mouse.move(*pixels[0])
    player.page.mouse.down()
    for place in pixels[1:]:
        player.page.mouse.move(*place, steps=10)
    player.page.mouse.up()
    player.after(before)


def point_count(player: PlayerPage) -> int:
    count = re.search(r": ([\d,]+)", player.root.locator(".km-stage").get_attribute("aria-label") or "")
    assert count
    return int(count[1].replace(",", ""))


def test_a_center_is_dragged_put_back_undone_and_redone(page: Page, server: str) -> None:
    player = PlayerPage(page, server, loads=True).open()
    hint = player.root.locator(".km-drag-hint")
    for step, action in ((0, "next"), (1, "back"), (0, "next")):
        player.ready(step)
        expect(hint).to_be_visible(visible=step == 0)
        player.press(action)
    player.go(5)
    expect(player.root.locator('[data-tool="undo"]')).to_have_attribute("aria-disabled", "true")
    put_back_by_escape(player, 3)
    original = player.has("run")
    expect_colors_to_follow_a_drag(player, 6)
    branch = player.has("run")
    assert branch != original
    for name in ("undo", "redo", "undo", "redo"):
        if name == "undo":
            player.press("last")
            player.ready(player.last)
        player.use_tool(name)
        assert player.after(branch if name == "undo" else original) == (original if name == "undo" else branch)
        assert (player.step, "edits" in player.link) == ((5, False) if name == "undo" else (6, True))
    player.page.go_back()
    assert player.after(branch) == original
    player.go(0)
    expect(hint).to_be_hidden()  # somebody knows that centers can be dragged
    player.open_again(0)
    expect(hint).to_be_hidden()


def put_back_by_escape(player: PlayerPage, cluster: int) -> None:
    """Drag a center, and press Escape before the mouse lets it go."""
    step, run_before, place = player.step, player.has("run"), player.center(cluster)
    x, y = middle(player, cluster)
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 80, y - 80, steps=4)
    player.page.keyboard.press("Escape")
    player.page.mouse.up()
    player.ready(step)
    assert (player.center(cluster), player.has("run")) == (place, run_before)


def expect_colors_to_follow_a_drag(player: PlayerPage, cluster: int) -> None:
    """Drag a center at step 5: points get their colors at once, and the run goes on from there."""
    x, y = middle(player, cluster)
    picture, place = player.picture(), player.center(cluster)
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x - 100, y + 150, steps=5)
    player.states(holding=str(cluster))
    expect(player.root.locator(f'.km-center[data-cluster="{cluster}"]')).not_to_have_attribute("transform", place)
    before = player.has("run")
    assert (abs(player.picture() - picture).max(axis=2) > 50).mean() > 0.005
    player.page.mouse.up()
    player.after(before)
    # The move says what it did; its assign comes next.
    assert (player.step, player.has("phase")) == (6, "move")
    assert player.sentence.startswith(message("steps.move", count=1, center="centroid", cluster=cluster))
    assert player.link["edits"].startswith(f"m5_{cluster - 1}_")


def test_starting_centers_can_be_dragged_and_bad_ones_are_one_click_away(player: PlayerPage) -> None:
    player.open()
    drag(player, 1, 60, -60)
    assert (player.step, player.link["init"]) == (0, "given")
    assert player.sentence == message("steps.init", k=6, init="given", coincident=False)
    drag(player, 4, 30, -90)
    centers = player.link["centers"]
    assert centers.count("c") == 6
    player.press("last")
    player.ready(player.last)
    before = player.has("run")
    player.page.get_by_role("button", name=message("settings.bad_init_button")).click()
    player.page.get_by_role("button", name=message("settings.bad_init_one_blob")).click()
    player.after(before)
    assert (player.link["init"], player.step) == ("given", 0), "the bad start itself is shown"
    assert player.link["centers"] != centers
    expect(player.page.get_by_role("button", name=message("settings.bad_init_one_blob"))).to_have_count(0)


def test_points_are_drawn_erased_and_moved_and_outlive_another_setting(player: PlayerPage) -> None:
    player.open(step=2)
    draw_move_and_erase(player)
    put_away_by_escape(player)
    expect_only_usable_tab_stops(player)
    draw_by_keyboard(player)
    move_center_by_keyboard(player, 3)
    assert point_count(player) == 301
    assert re.fullmatch("a.*m2_2_.*", player.link["edits"])
    player.change_k("ArrowLeft")
    assert re.fullmatch("a[^m]*", player.link["edits"]), "centers of another K have other places"
    assert point_count(player) == 301


def draw_move_and_erase(player: PlayerPage) -> None:
    """Use every pen, and undo all that they did."""
    player.use_tool("add")
    expect(player.root.locator('[data-tool="add"]')).to_have_attribute("aria-pressed", "true")
    stroke(player, (0.2, 0.2), (0.35, 0.2))
    new_points = point_count(player) - 300
    assert 5 <= new_points <= 25
    assert player.step == 2, "the place in the story is kept"
    player.use_tool("shift")
    stroke(player, (0.2, 0.2), (0.2, 0.4))
    assert point_count(player) == 300 + new_points
    player.use_tool("erase")
    stroke(player, (0.23, 0.2), (0.36, 0.2))
    assert 300 <= point_count(player) < 300 + new_points
    for _ in range(3):
        before = player.has("run")
        player.use_tool("undo")
        player.after(before)
    assert point_count(player) == 300


def put_away_by_escape(player: PlayerPage) -> None:
    """Press a pen's button, which stays readable under the mouse, and Escape."""
    player.use_tool("add")
    button = player.root.locator('[data-tool="add"]')
    expect(button).to_have_attribute("aria-pressed", "true")
    button.hover()
    text, background = button.evaluate(
        "(button) => [getComputedStyle(button).color, getComputedStyle(button).backgroundColor]"
    )
    assert text != background
    player.page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    player.root.locator('[data-tool="edit"]').click()
    expect(player.root.locator('[data-tool="edit"]')).to_have_attribute("aria-expanded", "false")


def expect_only_usable_tab_stops(player: PlayerPage) -> None:
    player.button("share").focus()
    for _ in range(12):
        player.page.keyboard.press("Tab")
        assert player.page.evaluate("document.activeElement.tagName") != "svg"


def draw_by_keyboard(player: PlayerPage) -> None:
    """Draw one point by the keys alone."""
    player.root.locator('[data-tool="edit"]').focus()
    for key in ("Enter", "Tab", "Enter"):
        player.page.keyboard.press(key)
    overlay = player.root.locator(".km-drawing-overlay")
    expect(overlay).to_be_focused()
    before = player.has("run")
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        player.page.keyboard.press(key)
    player.after(before)
    assert point_count(player) == 301
    player.page.keyboard.press("ArrowRight")
    expect(player.root.locator(".km-pen-status")).to_have_text(message_pattern("edits.pen_at"))
    player.page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    expect(player.root.locator('[data-tool="add"]')).to_be_focused()


def move_center_by_keyboard(player: PlayerPage, cluster: int) -> None:
    before, step = player.has("run"), player.step
    center = player.root.get_by_role("button", name=message_pattern("edits.center", number=str(cluster)))
    center.focus()
    for _ in range(4):
        player.page.keyboard.press("Shift+ArrowUp")
    assert player.step == step, "the arrows belong to the center now"
    sentence = message_pattern("edits.center_moved", number=str(cluster))
    expect(player.root.locator(".km-pen-status")).to_contain_text(sentence)
    player.page.keyboard.press("Enter")
    player.after(before)
    expect(center).to_be_focused()


def test_on_a_phone_edit_opens_labeled_tools_and_a_finger_drags_a_center(new_page: NewPage, server: str) -> None:
    player = PlayerPage(new_page(viewport=(390, 844), touch=True), server).open(data="uniform", points=50)
    edit, pens = player.root.locator('[data-tool="edit"]'), player.root.locator(".km-pens")
    expect(pens).to_be_hidden()
    stage = box_of(player.root.locator(".km-stage"))
    player.use_tool("add")
    expect(pens.locator("button")).to_have_text(
        [message("edits.tool_label", name=n) for n in ("add", "erase", "shift")]
    )
    tops = {box_of(tool)["y"] for tool in player.root.locator(".km-edit-tools button").all()}
    assert len(tops) == 1, "one row on a phone"
    assert box_of(player.root.locator(".km-stage"))["height"] == stage["height"]
    edit.click()
    expect(edit).to_have_attribute("aria-expanded", "false")
    expect(player.root.locator(".km-drawing-overlay")).to_be_hidden()
    drag_by_touch(player, 2)


def drag_by_touch(player: PlayerPage, cluster: int) -> None:
    player.go(3)
    before = player.has("run")
    x, y = middle(player, cluster)
    cdp = player.page.context.new_cdp_session(player.page)
    for kind, dx in (("touchStart", 0), ("touchMove", -40), ("touchMove", -80), ("touchEnd", None)):
        touches = [] if dx is None else [{"x": x + dx, "y": y}]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    player.after(before)
    assert player.link["edits"].startswith(f"m3_{cluster - 1}_")


# --- What is locked, and what is refused


def pull(player: PlayerPage, cluster: int) -> None:
    """Drag a center and let it go, whatever comes of it."""
    x, y = middle(player, cluster)
    mouse = player.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 60, y + 60, steps=4)
    mouse.up()


def expect_locked_center(player: PlayerPage, reason: str) -> None:
    """Check that the second center says why it is locked, cannot be dragged, and is explained on Enter."""
    sentence = message("edits.fixed_centers", reason=reason)
    # The picture is fitted once more when the parts above it are there.
    still = """() => {
      const before = window.heightBefore;
      window.heightBefore = document.querySelector(".km-stage").offsetHeight;
      return before === window.heightBefore;
    }"""
    player.page.wait_for_function(still, polling=400)
    center = player.root.locator('.km-center[data-cluster="2"]')
    run, step = player.has("run"), player.step
    for name in ("cursor", "touch-action"):
        expect(center).to_have_css(name, {"cursor": "pointer", "touch-action": "auto"}[name])
    expect(center).to_have_accessible_name(re.compile(re.escape(sentence)))
    touch = "(center) => center.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, cancelable: true }))"
    assert center.evaluate(touch), "a finger scrolls the page"
    expect(player.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    place = player.center(2)  # the picture has its height once the parts above it are there
    pull(player, 2)
    expect(player.root.locator(".km-pen-status")).to_contain_text(sentence)
    assert (player.center(2), player.has("holding")) == (place, "")
    center.focus()
    player.page.keyboard.press("ArrowRight")
    player.ready(step + 1)
    player.page.keyboard.press("Enter")
    expect(player.root.locator(".km-inspector-answer")).to_contain_text(
        message("inspector.center", center="centroid", cluster=2)
    )
    assert player.has("run") == run
    assert "edits" not in player.link and "centers" not in player.link


def test_a_lesson_locks_centers_and_edit_until_it_is_unlocked(player: PlayerPage) -> None:
    player.open(lock="everything", step=3)
    expect_locked_center(player, "centers")
    title = message("edits.tool_off", tool=message("edits.tool", name="edit"))
    edit = player.root.get_by_role("button", name=title)
    expect(edit).to_have_text(message("edits.edit_locked"))
    expect(edit).to_have_attribute("title", title)
    edit.dispatch_event("click")
    expect(edit).to_have_attribute("aria-expanded", "false")
    expect(player.root.locator(".km-pens")).to_be_hidden()
    player.page.get_by_role("button", name=message("settings.lesson_unlock")).click()
    expect(player.root.locator('[data-tool="edit"]')).to_have_text(message("edits.tool_label", name="edit"))


def test_where_only_starting_centers_are_hidden_a_later_drag_works(player: PlayerPage) -> None:
    player.open(hide_settings="init")
    expect_locked_center(player, "init")
    player.go(2)
    expect(player.root.locator('.km-center[data-cluster="6"]')).to_have_css("cursor", "grab")
    drag(player, 6, -60, 60)
    assert player.link["edits"].startswith("m2_5_")


def test_a_move_that_the_server_refuses_is_taken_back(player: PlayerPage) -> None:
    player.open(data="blobs", points=30, blobs=2, k=2, edits="m1_0_1_1" * MAX_EDITS)
    player.go(1)
    center = player.root.locator('.km-center[data-cluster="2"]')
    sentence = message("settings.too_many_moves", most=MAX_EDITS, count=MAX_EDITS + 1)
    has_height = False  # for good: after the first move, the parts of the page above the picture are there
    for move in (pull, pull, nudge):
        place, name, picture = player.center(2), center.get_attribute("aria-label"), player.picture()
        move(player, 2)
        expect(player.root.locator(".km-toast")).to_contain_text(sentence)
        expect(center).to_have_attribute("aria-label", str(name))
        player.ready(1)
        if has_height:
            expect(center).to_have_attribute("transform", place)
            player.page.mouse.move(0, 0)
            player.page.evaluate("document.activeElement.blur()")  # without its ring
            assert (abs(player.picture() - picture).max(axis=2) > 50).mean() < 0.0005
        has_height = True
        player.press("next")
        player.ready(2)
        player.press("back")
        player.ready(1)


def nudge(player: PlayerPage, cluster: int) -> None:
    """Move a center by keyboard."""
    player.root.locator(f'.km-center[data-cluster="{cluster}"]').focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "Space"):
        player.page.keyboard.press(key)
