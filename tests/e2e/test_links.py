"""Links to the player, and Back and Forward, in a real browser."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.e2e.player_page import PlayerPage
from tests.e2e.test_edits import drag, stroke
from tests.message_patterns import message_pattern
from tests.support import follow_links
from ui.shell.navigation import PLAYER, TUTORIAL
from ui.text.messages import message


def assert_looks_at_point_7_without_cells(player: PlayerPage) -> None:
    expect(player.layer("cells")).not_to_be_checked()
    expect(player.root.locator(".km-cell").first).to_have_attribute("d", "")
    expect(player.layer("trails")).not_to_be_checked()
    expect(player.tab("math")).to_have_attribute("aria-selected", "true")
    point = message("player.point_name", kind="point", number=7)
    expect(player.root.locator(".km-inspector")).to_contain_text(message_pattern("inspector.point", point=point))
    assert (player.link["step"], player.link["hide"], player.link["look"]) == ("5", "trails,cells", "p7")


def test_every_setting_is_in_the_url_and_survives_another_theme_and_a_reload(player: PlayerPage) -> None:
    player.open(data="blobs", k=4, seed=8, rule="median", init="farthest")
    player.go(5)
    player.layer("cells").uncheck()
    before = (player.has("run"), player.sizes)
    expect(player.page).to_have_url(re.compile("step=5"))
    player.page.emulate_media(color_scheme="dark")
    player.page.reload()
    player.states(ready="true", step="5", theme="dark")
    assert (player.has("run"), player.sizes) == before
    expect(player.layer("cells")).not_to_be_checked()
    expect(player.root.locator(".km-cell").first).to_have_attribute("d", "")


def test_back_and_forward_undo_and_redo_a_setting(player: PlayerPage) -> None:
    player.open()
    runs = [player.has("run")]
    for _ in range(2):
        runs.append(player.change_k("ArrowRight"))
        assert player.step == 0, "the arrow is the slider's"
    player.page.go_back()
    assert player.after(runs[2]) == runs[1]
    player.page.go_back()
    assert player.after(runs[1]) == runs[0]
    expect(player.page.get_by_test_id("stSliderThumbValue").nth(2)).to_have_text("6")
    player.page.go_forward()
    assert player.after(runs[0]) == runs[1]
    player.press("last")
    player.ready(player.last)
    player.change_k("ArrowLeft")
    assert player.step == player.last, "a setting keeps the place in the story"


def test_settings_that_change_faster_than_runs_are_drawn_end_in_the_last_one(player: PlayerPage) -> None:
    player.open(data="blobs", points=3000)
    before = player.has("run")
    player.k_slider.focus()
    for k in range(7, 12):
        player.page.keyboard.press("ArrowRight")
        # The server has received the setting, but not computed its run.
        player.page.wait_for_function("(k) => location.search.includes(`k=${k}`)", arg=k)
    player.after(before)
    expect(player.root.locator(".km-clusters tbody tr")).to_have_count(11)
    expect(player.root.locator(".km-center")).to_have_count(11)
    player.states(ready="true")


def test_back_and_forward_look_at_a_run_as_it_was_looked_at(player: PlayerPage) -> None:
    cells = player.layer("cells")
    player.open(hide="trails", look="p7")
    run_6 = player.has("run")
    player.go(5)
    cells.uncheck()
    player.tab("math").click()
    run_7 = player.change_k("ArrowRight")
    expect(player.page).to_have_url(re.compile("k=7.*step=5"))
    cells.check()
    player.tab("code").click()
    player.root.get_by_role("button", name=message("inspector.close")).click()
    player.go(2)
    run_8 = player.change_k("ArrowRight")
    assert (player.link["tab"], player.link["step"], player.link.get("look")) == ("code", "2", None)

    player.page.go_back()
    assert player.after(run_8) == run_7
    player.ready(2)
    player.press("play")
    player.states(ready="true", step="3")

    player.page.go_back()
    assert player.after(run_7) == run_6
    player.states(ready="true", step="5", playing="false")
    assert_looks_at_point_7_without_cells(player)

    player.page.go_forward()
    assert player.after(run_6) == run_7
    assert player.step >= 3, "as far as it had played"
    expect(cells).to_be_checked()
    expect(player.tab("code")).to_have_attribute("aria-selected", "true")
    assert (player.link["hide"], player.link.get("look")) == ("trails", None)


def test_another_page_and_the_way_back_by_its_link_lead_to_the_same_half_step(player: PlayerPage) -> None:
    player.open(data="blobs", k=4)
    run = player.has("run")
    player.go(3)
    player.layer("cells").uncheck()
    follow_links(player.page, TUTORIAL)
    follow_links(player.page, PLAYER)
    player.states(ready="true", step="3", run=run)
    expect(player.layer("cells")).not_to_be_checked()
    expect(player.page).to_have_url(re.compile("step=3"))
    player.open(data="blobs", k=5)
    assert player.step == 0, "another run begins at its beginning"


def test_a_link_gives_the_same_run_drags_and_drawn_points_on_a_fresh_server_behind_a_base_path(
    player: PlayerPage, other_player: PlayerPage
) -> None:
    player.open()
    player.roll_dice()
    player.go(4)
    drag(player, 6, -120, 120)
    player.use_tool("add")
    for x in (0.15, 0.25, 0.35):
        stroke(player, (x, 0.15))
    player.use_tool("add")
    player.go(7)
    drag(player, 1, 60, -40)
    player.go(9)
    expect(player.page).to_have_url(re.compile("step=9"))
    other_player.open(**player.link)
    assert (other_player.has("run"), other_player.step, other_player.sizes) == (player.has("run"), 9, player.sizes)
    player.page.mouse.move(0, 0)
    difference = abs(player.picture() - other_player.picture()).max(axis=2) > 8
    assert difference.mean() < 0.001
    other_player.press("back")
    other_player.ready(8)
    assert urlsplit(other_player.page.url).path.rstrip("/") == "/kmeans"
