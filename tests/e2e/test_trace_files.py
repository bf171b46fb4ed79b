"""Drawings that are too long for a link: they survive in the browser and in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player_page import PlayerPage, box_of
from tests.message_patterns import message_pattern
from tests.support import NewPage
from ui.settings.edit_links import encode_edits
from ui.settings.edits import MAX_EDITS, Add
from ui.text.messages import message

POINT_COUNT = MAX_EDITS - 1
"""As many points as bring a drawing to the brim of a link: two more do not fit."""


def full_link(**link: str) -> dict[str, str]:
    """The link of a drawing that is nearly too long for one."""
    places = [(round(0.1 + 0.9 * (i % 15), 3), round(0.1 + 2.5 * (i // 15), 3)) for i in range(POINT_COUNT)]
    return {"data": "uniform", "points": "60", "k": "4", "edits": encode_edits([Add(place) for place in places])} | link


def draw_two_more(player: PlayerPage) -> None:
    """Draw with the pen until the drawing is longer than a link."""
    before = player.has("run")
    player.use_tool("add")
    box = box_of(player.root.locator(".km-stage"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    player.page.mouse.move(x, y)
    player.page.mouse.down()
    player.page.mouse.move(x + 60, y, steps=10)
    player.page.mouse.up()
    player.after(before)
    player.use_tool("add")


@pytest.fixture
def drawing(player: PlayerPage) -> PlayerPage:
    player.open("/", **full_link())
    draw_two_more(player)
    player.go(3)
    return player


def save_file(player: PlayerPage, folder: Path) -> Path:
    with player.page.expect_download() as download:
        player.root.locator(".km-too-long").get_by_role("button", name=message("stored_edits.save")).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def choose(page: Page, button: str, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(path)


def test_a_full_link_is_reported_and_a_reload_and_back_keep_everything(player: PlayerPage) -> None:
    player.open("/", **full_link())
    full_run = player.has("run")
    draw_two_more(player)
    note, stage = box_of(player.root.locator(".km-too-long")), box_of(player.root.locator(".km-stage"))
    assert stage["y"] + stage["height"] <= note["y"], "it hides no points"
    expect(player.root.locator(".km-scrub")).to_be_in_viewport(ratio=1)
    player.go(3)
    assert player.link["edits"].startswith("file-")
    drawing, sizes = player.has("run"), player.sizes
    player.page.reload()
    player.states(run=drawing, step="3", ready="true")
    assert player.sizes == sizes
    player.page.go_back()
    assert player.after(drawing) == full_run
    player.page.go_forward()
    assert player.after(full_run) == drawing, "and not the run without what the link only names"


def test_a_file_opens_on_a_fresh_server_in_a_fresh_browser(
    drawing: PlayerPage, other_player: PlayerPage, tmp_path: Path
) -> None:
    path = save_file(drawing, tmp_path)
    drawing.press("share")
    dialog = drawing.page.get_by_role("dialog", name=message("share.title"))
    expect(dialog).to_contain_text(message_pattern("share.stored_edits"))
    link = dialog.get_by_label(message("share.link")).input_value()

    visitor = other_player
    # The link alone says what it lacks, and the file brings it.
    visitor.page.goto(visitor.server + link.removeprefix(drawing.server))
    visitor.ready()
    bare_run = visitor.has("run")
    expect(visitor.root.locator(".km-missing")).to_be_visible()
    visitor.press("share")
    expect(visitor.page.get_by_role("dialog").get_by_role("button", name=message("stored_edits.save"))).to_be_disabled()
    visitor.page.keyboard.press("Escape")
    choose(visitor.page, message("stored_edits.open"), path)
    assert visitor.after(bare_run) == drawing.has("run")
    assert (visitor.step, visitor.sizes) == (3, drawing.sizes)
    expect(visitor.root.locator(".km-missing")).to_be_hidden()


def test_a_setting_changed_while_the_file_is_missing_does_not_lose_it_and_a_forged_file_is_rejected(
    drawing: PlayerPage, new_page: NewPage, tmp_path: Path
) -> None:
    path, name = save_file(drawing, tmp_path), drawing.link["edits"]
    visitor = PlayerPage(new_page(color_scheme="dark"), drawing.server).open("/", **full_link(edits=name))
    run = visitor.change_k("ArrowRight")
    assert (visitor.link["k"], visitor.link["edits"]) == ("5", name)
    content = json.loads(path.read_text(encoding="utf-8"))
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(content | {"edits": content["edits"] + "a1_1"}), encoding="utf-8")
    choose(visitor.page, message("stored_edits.open"), forged)
    expect(visitor.root.locator(".km-toast")).to_contain_text(message("player_edits.other_drawing"))
    assert visitor.link["edits"] == name
    choose(visitor.page, message("stored_edits.open"), path)
    visitor.after(run)
    assert sum(int(size) for size in visitor.sizes if size.isdigit()) in (0, 60 + POINT_COUNT + 7, 60 + POINT_COUNT + 6)


def test_the_file_alone_is_enough_and_a_file_of_another_kind_is_rejected(
    drawing: PlayerPage, new_page: NewPage, tmp_path: Path
) -> None:
    drawing.press("share")
    with drawing.page.expect_download() as download:
        drawing.page.get_by_role("dialog").get_by_role("button", name=message("stored_edits.save")).click()
    download.value.save_as(path := tmp_path / "alone.json")
    visitor = PlayerPage(new_page(color_scheme="dark"), drawing.server).open(data="rings", title="Elsewhere")
    visitor.press("share")
    # Every kind of file that is refused is tested in tests/web/edits.test.js.
    other = tmp_path / "other.json"
    other.write_text("not json", encoding="utf-8")
    choose(visitor.page, message("share.open_file"), other)
    dialog = visitor.page.get_by_role("dialog", name=message("share.title"))
    status = dialog.locator(".km-share-text").get_by_role("status")
    expect(status).to_have_text(message("stored_edits.foreign_file", file=other.name))
    choose(visitor.page, message("share.open_file"), path)
    visitor.states(run=drawing.has("run"), step="3", ready="true")
    assert (visitor.link["data"], visitor.link.get("title")) == ("uniform", None)
