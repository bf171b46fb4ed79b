"""Links to the player, and Back and Forward, in a real browser."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.e2e.player_page import PlayerPage
from ui.shell.navigation import PLAYER, TUTORIAL


def one_more_cluster(player: PlayerPage) -> str:
    """Raise K by one, and return the name of the new run."""
    before = player.has("run")
    player.page.get_by_role("slider", name="Number of clusters K").focus()
    player.page.keyboard.press("ArrowRight")
    return player.after(before)


def assert_looks_at_point_7_without_cells(player: PlayerPage) -> None:
    expect(player.root.get_by_role("checkbox", name="cells")).not_to_be_checked()
    expect(player.root.locator(".km-cell").first).to_have_attribute("d", "")
    expect(player.root.get_by_role("checkbox", name="trails")).not_to_be_checked()
    expect(player.root.get_by_role("tab", name="Math", selected=True)).to_be_visible()
    expect(player.root.locator(".km-inspector")).to_contain_text("Why point 7 ")
    assert (player.link["step"], player.link["hide"], player.link["look"]) == ("5", "trails,cells", "p7")


def test_every_setting_is_in_the_url_and_survives_another_theme_and_a_reload(player: PlayerPage) -> None:
    player.open(data="blobs", k=4, seed=8, rule="median", init="farthest")
    player.go(5)
    player.root.get_by_role("checkbox", name="cells").uncheck()
    before = (player.has("run"), player.sizes)
    expect(player.page).to_have_url(re.compile("step=5"))
    player.page.emulate_media(color_scheme="dark")
    player.page.reload()
    player.states(ready="true", step="5", theme="dark")
    assert (player.has("run"), player.sizes) == before
    expect(player.root.get_by_role("checkbox", name="cells")).not_to_be_checked()
    expect(player.root.locator(".km-cell").first).to_have_attribute("d", "")


def test_back_and_forward_undo_and_redo_a_setting(player: PlayerPage) -> None:
    player.open()
    runs = [player.has("run")]
    for _ in range(2):
        runs.append(one_more_cluster(player))
    player.page.go_back()
    assert player.after(runs[2]) == runs[1]
    player.page.go_back()
    assert player.after(runs[1]) == runs[0]
    expect(player.page.get_by_test_id("stSliderThumbValue").nth(2)).to_have_text("6")
    player.page.go_forward()
    assert player.after(runs[0]) == runs[1]


def test_settings_that_change_faster_than_runs_are_drawn_end_in_the_last_one(player: PlayerPage) -> None:
    player.open(data="blobs", points=3000)
    before = player.has("run")
    slider = player.page.get_by_role("slider", name="Number of clusters K")
    slider.focus()
    for k in range(7, 12):
        player.page.keyboard.press("ArrowRight")
        # The server has received the setting, but not computed its run.
        player.page.wait_for_function("(k) => location.search.includes(`k=${k}`)", arg=k)
    player.after(before)
    expect(player.root.locator(".km-table tbody tr")).to_have_count(11)
    expect(player.root.locator(".km-center")).to_have_count(11)
    player.states(ready="true")


def test_back_and_forward_look_at_a_run_as_it_was_looked_at(player: PlayerPage) -> None:
    cells = player.root.get_by_role("checkbox", name="cells")
    player.open(hide="trails", look="p7")
    few = player.has("run")
    player.go(5)
    cells.uncheck()
    player.root.get_by_role("tab", name="Math").click()
    more = one_more_cluster(player)
    expect(player.page).to_have_url(re.compile("k=7.*step=5"))
    cells.check()
    player.root.get_by_role("tab", name="Code").click()
    player.root.get_by_role("button", name="Close").click()
    player.go(2)
    most = one_more_cluster(player)
    assert (player.link["tab"], player.link["step"], player.link.get("look")) == ("code", "2", None)

    player.page.go_back()
    assert player.after(most) == more
    player.ready(2)
    player.press("play")
    player.states(ready="true", step="3")

    player.page.go_back()
    assert player.after(more) == few
    player.states(ready="true", step="5", playing="false")
    assert_looks_at_point_7_without_cells(player)

    player.page.go_forward()
    assert player.after(few) == more
    assert player.step >= 3, "as far as it had played"
    expect(cells).to_be_checked()
    expect(player.root.get_by_role("tab", name="Code", selected=True)).to_be_visible()
    assert (player.link["hide"], player.link.get("look")) == ("trails", None)


def test_another_page_and_the_way_back_by_its_link_lead_to_the_same_half_step(player: PlayerPage) -> None:
    player.open(data="blobs", k=4)
    run = player.has("run")
    player.go(3)
    player.root.get_by_role("checkbox", name="cells").uncheck()
    pages = player.page.get_by_role("navigation", name="Pages")
    pages.get_by_role("link", name=TUTORIAL.label).click()
    expect(player.page.get_by_role("heading", level=1)).to_have_text(TUTORIAL.question)
    pages.get_by_role("link", name=PLAYER.label).click()
    player.states(ready="true", step="3", run=run)
    expect(player.root.get_by_role("checkbox", name="cells")).not_to_be_checked()
    expect(player.page).to_have_url(re.compile("step=3"))
    player.open(data="blobs", k=5)
    assert player.step == 0, "another run begins at its beginning"


def test_a_link_gives_the_same_run_on_a_fresh_server_behind_a_base_path(
    player: PlayerPage, elsewhere: PlayerPage
) -> None:
    player.open()
    before = player.has("run")
    player.page.get_by_role("button", name="A new seed of the start").or_(
        player.page.locator(".st-key-seed_dice button")
    ).first.click()
    name = player.after(before)
    player.go(player.last)
    expect(player.page).to_have_url(re.compile(f"step={player.last}"))
    elsewhere.open(**player.link)
    assert (elsewhere.has("run"), elsewhere.step, elsewhere.sizes) == (name, player.last, player.sizes)
    elsewhere.press("back")
    elsewhere.ready(player.last - 1)
    assert urlsplit(elsewhere.page.url).path.rstrip("/") == "/kmeans"


def test_a_setting_keeps_the_place_in_the_story(player: PlayerPage) -> None:
    player.open()
    player.press("last")
    player.ready(player.last)
    before = player.has("run")
    player.page.get_by_role("slider", name="Number of clusters K").focus()
    player.page.keyboard.press("ArrowLeft")
    player.after(before)
    assert player.step == player.last
